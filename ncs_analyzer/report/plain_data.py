"""Values as JSON has them."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd


def clean(value: Any) -> Any:
    """A value as JSON has it: no NaN, no numpy types."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (int, np.integer)):
        return int(value)
    return str(value)


class PlainTable:
    """Some columns of a table, whose rows are taken out as plain data a few at a time, without pandas."""

    def __init__(self, table: pd.DataFrame, columns: Iterable[str]) -> None:
        self.columns = {name: _taker(table[name]) for name in columns}

    def rows(self, start: int, stop: int) -> Iterator[dict[str, Any]]:
        """The rows from `start` to before `stop`."""
        cells = [take(start, stop) for take in self.columns.values()]
        return (dict(zip(self.columns, row, strict=True)) for row in zip(*cells, strict=True))


def _taker(column: pd.Series) -> Callable[[int, int], list[Any]]:
    """What takes some values of a column as JSON has them; of categories each is made plain once."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, names = column.cat.codes.to_numpy(), [*map(clean, column.cat.categories), None]
        return lambda start, stop: [names[code] for code in codes[start:stop].tolist()]
    values = column.to_numpy()
    return lambda start, stop: [clean(value) for value in values[start:stop].tolist()]
