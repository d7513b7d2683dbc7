"""One partition of whole patients: read to the end, analysed, turned into the text of its tables.

Runs in a worker process or on another machine: everything it needs comes with it, and nothing is written here.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ncs_analyzer.batch.tables import result_tables
from ncs_analyzer.ingest import draft, finish
from ncs_analyzer.ingest.files import STANDARD_INPUT
from ncs_analyzer.ingest.found import Found
from ncs_analyzer.ingest.profile import Profile
from ncs_analyzer.ingest.split import Drafts, Part
from ncs_analyzer.issues import Issue
from ncs_analyzer.pipeline import Settings, analyze
from ncs_analyzer.reference.tables import Reference
from ncs_analyzer.report.csv_lines import csv_header, csv_lines

STREAMED: Final = ("readings", "nerves", "verdicts", "conduction_block", "changes")
"""Tables whose partitions are written one after the other; the rest is put together at the end."""


@dataclass(frozen=True)
class Task:
    """What one partition is analysed with."""

    parts: tuple[Part, ...]
    reference: Reference
    settings: Settings
    parquet: bool
    profile: Profile | None = None


@dataclass(frozen=True)
class Outcome:
    """What one partition gives. `csv`, `parquet`: the streamed tables as bytes (CSV without headings); `headings`: their
    first line; `rows`: their length; the rest is small."""

    csv: dict[str, bytes]
    headings: dict[str, str]
    parquet: dict[str, bytes]
    rows: dict[str, int]
    studies: pd.DataFrame
    items: pd.DataFrame
    issues: tuple[Issue, ...]
    found: tuple[Found, ...]


def analyse_partition(task: Task) -> Outcome:
    """The tables of one partition."""
    readings = finish([part.read() for part in task.parts], task.profile)
    tables = result_tables(analyze(readings, task.reference, task.settings))
    streamed = {name: tables[name] for name in STREAMED}
    return Outcome(
        csv={name: "".join(csv_lines(table)).encode() for name, table in streamed.items()},
        headings={name: csv_header(table) for name, table in streamed.items()},
        parquet={name: parquet_bytes(table) for name, table in streamed.items()} if task.parquet else {},
        rows={name: len(table) for name, table in streamed.items()},
        studies=tables["studies"],
        items=tables["items"],
        issues=readings.issues,
        found=readings.found,
    )


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """A table as Parquet; text as strings, whatever its categories."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = [pa.field(str(name), _arrow_type(pa, table[name].dtype)) for name in table.columns]
    arrow = pa.Table.from_pandas(table, preserve_index=False).cast(pa.schema(fields))
    stream = io.BytesIO()
    pq.write_table(arrow.replace_schema_metadata(None), stream, compression="zstd")
    return stream.getvalue()


def _arrow_type(pa: Any, dtype: Any) -> Any:
    if isinstance(dtype, (pd.CategoricalDtype, pd.StringDtype)) or pd.api.types.is_object_dtype(dtype):
        name = "string"
    elif pd.api.types.is_bool_dtype(dtype):
        name = "bool_"
    else:
        name = "int64" if pd.api.types.is_integer_dtype(dtype) else "float64"
    return getattr(pa, name)()


@dataclass(frozen=True)
class DraftedFile:
    """One input file as far as it is read without the others. `sha256` None where it cannot be read again."""

    name: str
    drafts: Drafts
    sha256: str | None
    size: int | None


def draft_files(names: Sequence[str], profile: Profile | None) -> list[DraftedFile]:
    """Some input files, none of them given twice."""
    return [draft_file(name, set(), profile) for name in names]


def draft_file(name: str, seen: set[str], profile: Profile | None) -> DraftedFile:
    """One input file; `seen`: those read before."""
    return DraftedFile(name, draft(name, seen, profile), *_digest(name))


def _digest(name: str) -> tuple[str | None, int | None]:
    path = Path(name)
    if name == STANDARD_INPUT or not path.is_file():
        return None, None
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size
    except OSError:
        return None, None
