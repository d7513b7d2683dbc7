"""Tables as Parquet (extra `parquet`): partitions as Arrow, put together into one file that reads back as plain text."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd


def arrow_bytes(table: pd.DataFrame) -> bytes:
    """A table in Arrow's own format, text as codes into its distinct values: quick to make and to read."""
    import pyarrow as pa

    names = [str(name) for name in table.columns]
    arrow = pa.Table.from_arrays([_arrow(pa, table[name]) for name in table.columns], names)
    stream = pa.BufferOutputStream()
    with pa.ipc.new_file(stream, arrow.schema) as writer:
        writer.write_table(arrow)
    return bytes(stream.getvalue())


def _arrow(pa: Any, column: pd.Series) -> Any:
    """One column: text as dictionary, whatever its categories; whole numbers, floats and booleans in one width each."""
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        texts = pa.array([str(name) for name in dtype.categories], pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=codes < 0), texts)
    if isinstance(dtype, pd.StringDtype) or pd.api.types.is_object_dtype(dtype):
        return pa.array(column, pa.string(), from_pandas=True).dictionary_encode()
    if pd.api.types.is_bool_dtype(dtype):
        return pa.array(column, pa.bool_(), from_pandas=True)
    whole = pd.api.types.is_integer_dtype(dtype)
    return pa.array(column, pa.int64() if whole else pa.float64(), from_pandas=True)


def write_parquet(parts: Iterable[bytes | Path], path: Path) -> None:
    """Parts of one table (`arrow_bytes`, or the files that hold them) as one Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for part in parts:
        with pa.memory_map(str(part)) if isinstance(part, Path) else pa.BufferReader(part) as source:
            table = pa.ipc.open_file(source).read_all()
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", store_schema=False)
            writer.write_table(table)
    if writer is not None:
        writer.close()
