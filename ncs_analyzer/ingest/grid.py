"""One table of raw cells: a text file or a sheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Rows
from ncs_analyzer.ingest.cells import Raw, as_text
from ncs_analyzer.ingest.definitions import NOTHING, Definitions


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of a sheet: codes into the distinct values of the sheet, the first of which is a blank."""

    codes: Codes
    values: NDArray[Any]

    def __getitem__(self, rows: Any) -> Any:
        found = self.codes[rows]
        return Coded(found, self.values) if isinstance(found, np.ndarray) else self.values[found]


@dataclass(frozen=True, eq=False)
class Grid:
    """Raw cells with their addresses.

    `columns`: one object array (large text files: categorical; sheets: codes) per column, all of one height.
    `lines`: the 1-based line (or sheet row) of each row. `comma`: decimals are written with a comma.
    `refused`: lines that could not be taken apart into cells and are left out, with the issue code of each.
    `lost`: how many cells these held. `short`: lines with fewer fields than the others.
    `definitions`: what the file says of its own words.
    """

    file: str
    sheet: str | None
    columns: tuple[NDArray[Any] | pd.Categorical | Coded, ...]
    lines: Codes
    comma: bool = False
    refused: Mapping[int, str] = field(default_factory=dict)
    lost: int = 0
    definitions: Definitions = NOTHING
    short: frozenset[int] = frozenset()

    @classmethod
    def of_rows(
        cls,
        file: str,
        sheet: str | None,
        rows: list[list[Raw]],
        lines: list[int] | None = None,
        comma: bool = False,
        refused: Mapping[int, str] | None = None,
    ) -> "Grid":
        """A grid from rows of unequal length; trailing blank columns and rows are dropped."""
        width = max((_used(row) for row in rows), default=0)
        height = max((i + 1 for i, row in enumerate(rows) if _used(row)), default=0)
        columns = []
        for c in range(width):
            column = np.empty(height, dtype=object)
            column[:] = [row[c] if c < len(row) else None for row in rows[:height]]
            columns.append(column)
        at = np.arange(1, height + 1) if lines is None else np.array(lines[:height])
        return cls(file, sheet, tuple(columns), at.astype(np.int32), comma, refused or {})

    @property
    def height(self) -> int:
        return len(self.lines)

    @property
    def width(self) -> int:
        return len(self.columns)

    def raw(self, row: int, column: int) -> Raw:
        """One cell as the file gave it; None outside the grid."""
        inside = 0 <= column < self.width and 0 <= row < self.height
        return cast(Raw, self.columns[column][row]) if inside else None

    def text(self, row: int, column: int) -> str:
        """One cell as a person reads it; of a very long one the beginning, which says enough of what it is."""
        return _shortened(self.raw(row, column))

    def coded_texts(self, column: int, start: int) -> tuple[Rows, list[str]]:
        """A column from row `start` on as codes into the texts of its distinct raw cells."""
        codes, distinct = self.coded(column, start)
        found = self._texts.get((column, start))
        if found is None:
            found = self._texts[column, start] = list(map(as_text, distinct))
        return codes, found

    @cached_property
    def _texts(self) -> dict[tuple[int, int], list[str]]:
        return {}

    def coded(self, column: int, start: int) -> tuple[Rows, list[Raw]]:
        """A column from row `start` on as codes into its distinct raw cells."""
        found = self._coded.get((column, start))
        if found is None and self._of_sheet:
            self._coded.update(((c, start), each) for c, each in enumerate(self._code_all(start)))
            return self._coded[column, start]
        if found is None:
            found = self._code(column, start)
            if self._small:
                self._coded[column, start] = found
        return found

    @cached_property
    def _coded(self) -> dict[tuple[int, int], tuple[Rows, list[Raw]]]:
        return {}

    def _code(self, column: int, start: int) -> tuple[Rows, list[Raw]]:
        values = self.columns[column][start:]
        if isinstance(values, pd.Categorical):
            return values.codes.astype(np.intp), list(values.categories)
        if isinstance(values, Coded):
            codes, found = pd.factorize(values.codes)
            return codes, values.values[found].tolist()
        codes, distinct = pd.factorize(values, use_na_sentinel=False)
        if any(not isinstance(v, str) and v in (0, 1) for v in distinct):
            return _coded_by_type(values)
        return codes, [None if isinstance(v, float) and v != v else v for v in distinct]

    def _code_all(self, start: int) -> Iterator[tuple[Rows, list[Raw]]]:
        """All columns of a sheet in one go: every column has codes of its own, so they are numbered one by one."""
        columns = cast(tuple[Coded, ...], self.columns)
        values = columns[0].values
        own = np.arange(self.width)[:, None] * len(values)
        codes, distinct = pd.factorize((self._sheet[0][:, start:] + own).ravel())
        raws = values[distinct % len(values)].tolist()
        counts = np.bincount(distinct // len(values), minlength=self.width).tolist()
        first, height = 0, max(self.height - start, 0)
        for c, count in enumerate(counts):
            yield codes[c * height : (c + 1) * height] - first, raws[first : first + count]
            first += count

    def take(self, rows: Rows) -> "Grid":
        """Some of the rows, with their lines."""
        columns = [column[rows] for column in self.columns]
        used = tuple(c.remove_unused_categories() if isinstance(c, pd.Categorical) else c for c in columns)
        return replace(self, columns=used, lines=self.lines[rows])

    def cut(self, rows: slice, columns: slice) -> "Grid":
        """Some rows of some columns that stand together, as a grid of their own."""
        return replace(self, columns=tuple(c[rows] for c in self.columns[columns]), lines=self.lines[rows])

    def rearranged(self, rows: Sequence[tuple[int, int, int]]) -> "Grid":
        """The rows in another order, each with its line: of each the cells from one column to another (row, first column,
        column behind the last), in their columns."""
        columns = []
        for c in range(self.width):
            column = np.empty(len(rows), dtype=object)
            column[:] = [self.columns[c][r] if first <= c < end else None for r, first, end in rows]
            columns.append(column)
        return replace(self, columns=tuple(columns), lines=self.lines[[r for r, _, _ in rows]])

    def row(self, row: int) -> list[str]:
        """The texts of one row."""
        found = self._rows.get(row)
        if found is None:
            found = self._row(row)
            if self._small:
                self._rows[row] = found
        return found

    def _row(self, row: int) -> list[str]:
        if self._of_sheet:
            codes, texts = self._sheet
            return [texts[code] for code in codes[:, row].tolist()]
        return [_shortened(cast(Raw, c[row])) for c in self.columns]

    @cached_property
    def _sheet(self) -> tuple[Codes, list[str]]:
        """The codes of a sheet, a row for each column, and the texts of its values."""
        columns = cast(tuple[Coded, ...], self.columns)
        return np.array([c.codes for c in columns]), list(map(_shortened, columns[0].values))

    def may_hold(self, wanted: Callable[[str], object]) -> bool:
        """Whether any cell may be a text of this kind; only of sheets is it known that none is."""
        if not self._of_sheet:
            return True
        values = cast(Coded, self.columns[0]).values
        return any(wanted(as_text(raw)) for raw in values if not isinstance(raw, float))

    def explained(self, definitions: Definitions) -> "Grid":
        """The grid with the definitions of its file; what was worked out of its cells is kept."""
        found = replace(self, definitions=definitions)
        found.__dict__.update({name: self.__dict__[name] for name in _WORKED_OUT if name in self.__dict__})
        return found

    @cached_property
    def _rows(self) -> dict[int, list[str]]:
        return {}

    @cached_property
    def _of_sheet(self) -> bool:
        """Whether all columns are codes into the values of one sheet."""
        return bool(self.columns) and all(
            isinstance(c, Coded) and c.values is cast(Coded, self.columns[0]).values for c in self.columns
        )

    @cached_property
    def _small(self) -> bool:
        """Whether all texts together are worth keeping; single cells of categories are slow to take."""
        return self.height * self.width <= _MOST_TEXTS and not any(isinstance(c, pd.Categorical) for c in self.columns)

    def line(self, row: int) -> int:
        """The 1-based line of the file or row of the sheet."""
        return int(self.lines[row])


_WORKED_OUT = ("_coded", "_texts", "_rows", "_sheet", "_of_sheet", "_small")
_MOST_TEXTS = 2_000_000
"""Cells up to which a grid keeps their texts."""


def _coded_by_type(values: NDArray[Any]) -> tuple[Rows, list[Raw]]:
    """Codes where true and 1 are two values."""
    index: dict[tuple[type, Raw], int] = {}
    codes = [index.setdefault((type(v), v), len(index)) for v in values]
    return np.array(codes, np.intp), [None if isinstance(v, float) and v != v else v for _, v in index]


def _shortened(raw: Raw) -> str:
    text = as_text(raw)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_LONGEST = 2_000
"""Letters up to which a text can be a heading, a label, a sentence about a patient or a legend."""


def _used(row: list[Raw]) -> int:
    """How many cells of a row there are up to its last non-blank one."""
    for i in range(len(row), 0, -1):
        if as_text(row[i - 1]):
            return i
    return 0


WIDEST = 16_384
"""Columns that a table may have: as many as a sheet of a workbook."""


def letter(column: int) -> str:
    """The spreadsheet letter of a 0-based column."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
