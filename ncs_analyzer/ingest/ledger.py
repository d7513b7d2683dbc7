"""What became of every cell of a sheet: used, left out for a reason, or reported. None is lost in silence."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Rows
from ncs_analyzer.ingest.cells import Raw, as_text
from ncs_analyzer.ingest.grid import Coded


class Use(IntEnum):
    """What became of a cell. OPEN: nobody has said it yet."""

    BLANK = 0
    OPEN = 1
    USED = 2
    REPORTED = 3
    HEADING = 4
    COVARIATE = 5
    NOTE = 6
    NOT_TESTED = 7
    REPEATED = 8
    PERSON = 9
    OTHER = 10
    WITH_ROW = 11
    """Used if its row is: names of nerve, side and site, facts about the patient, limits."""


REASONS: Final = {
    Use.HEADING: "heading or title",
    Use.COVARIATE: "covariate",
    Use.NOTE: "note",
    Use.NOT_TESTED: "word for not tested",
    Use.REPEATED: "repeats another cell",
    Use.PERSON: "name of a person",
    Use.OTHER: "column or table that is not read",
}
"""Why a cell is left out on purpose."""


@dataclass(frozen=True)
class CellCount:
    """The cells of one sheet that hold anything. `read == used + ignored + reported`, always; `ignored`: by reason."""

    read: int = 0
    used: int = 0
    reported: int = 0
    ignored: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.read != self.used + self.reported + sum(self.ignored.values()):
            raise AssertionError(
                f"of {self.read} cells {self.used} were used, {self.reported} reported, {self.ignored}"
            )

    def __add__(self, other: CellCount) -> CellCount:
        reasons = dict.fromkeys((*self.ignored, *other.ignored))
        ignored = {name: self.ignored.get(name, 0) + other.ignored.get(name, 0) for name in reasons}
        return CellCount(self.read + other.read, self.used + other.used, self.reported + other.reported, ignored)


Mark = tuple[Use, Rows | slice | int]
Column = NDArray[np.object_] | pd.Categorical | Coded


class Ledger:
    """The use of every cell of a grid, column by column; layouts mark what they read, `accounts` settles the rest.

    A mark changes only cells that are still open: what is used stays used. The columns of a long table are not laid out
    cell by cell as long as their marks are ranges of rows.
    """

    def __init__(self, columns: Sequence[Column], lines: Codes) -> None:
        self.lines = lines
        self._columns = columns
        self._marks: list[list[Mark]] = [[] for _ in columns]
        self._cells: list[NDArray[np.uint8] | None] = [None] * len(columns)

    @property
    def width(self) -> int:
        return len(self._columns)

    def column(self, c: int) -> NDArray[np.uint8]:
        """The uses of one column, laid out."""
        cells = self._cells[c]
        if cells is None:
            cells = self._cells[c] = _filled(self._columns[c])
            for use, rows in self._marks[c]:
                _change(cells, use, rows)
        return cells

    def mark(self, use: Use, rows: Rows | slice | int, columns: Iterable[int] | None = None) -> None:
        """Say what became of the open cells of some rows, in some columns or in all."""
        for c in range(self.width) if columns is None else columns:
            cells = self._cells[c]
            if cells is None:
                self._marks[c].append((use, rows))
            else:
                _change(cells, use, rows)

    def has_open(self, c: int) -> bool:
        """Whether a column has open cells."""
        if (ranges := self._ranges(c)) is not None:
            return any(use is Use.OPEN and self._filled_in(c, rows) for rows, use in ranges)
        return bool((self.column(c) == Use.OPEN).any())

    def reopen(self, rows: Rows) -> None:
        """Rows that were not used: what would have been used with them is open again."""
        for c in range(self.width if len(rows) else 0):
            ranges = self._ranges(c)
            if ranges is not None and not any(
                use is Use.WITH_ROW and ((rows >= r.start) & (rows < r.stop)).any() for r, use in ranges
            ):
                continue
            cells = self.column(c)
            own = cells[rows]
            cells[rows] = np.where(own == Use.WITH_ROW, np.uint8(Use.OPEN), own)

    def rows_of(self, lines: Codes) -> tuple[Rows, Rows]:
        """The rows that stand for some lines, and the place of the line of each among them. Tables side by side are rows
        below each other with the same lines."""
        order = np.argsort(self.lines, kind="stable")
        known = self.lines[order]
        first, end = np.searchsorted(known, lines), np.searchsorted(known, lines, side="right")
        of = np.repeat(np.arange(len(lines)), end - first)
        step = np.arange(len(of)) - np.repeat(np.cumsum(end - first) - (end - first), end - first)
        return order[first[of] + step], of

    def take(self, rows: Rows) -> Ledger:
        """The cells of some rows."""
        part = Ledger(self._columns, self.lines[rows])
        part._cells = [self.column(c)[rows] for c in range(self.width)]
        return part

    def count(self, lost: int = 0) -> CellCount:
        """The cells by use; `lost`: those of lines that never came into the grid, which are reported."""
        counts = dict.fromkeys(Use, 0)
        for c in range(self.width):
            if (ranges := self._ranges(c)) is not None:
                for rows, use in ranges:
                    counts[use] += self._filled_in(c, rows)
                continue
            cells = self.column(c)
            left = int(np.count_nonzero(cells))
            for use in (Use.WITH_ROW, Use.USED, Use.REPORTED, *REASONS):
                if left:
                    counts[use] += (found := int(np.count_nonzero(cells == use)))
                    left -= found
        ignored = {words: counts[use] for use, words in REASONS.items() if counts[use]}
        read = sum(counts.values()) - counts[Use.BLANK] + lost
        return CellCount(read, counts[Use.WITH_ROW] + counts[Use.USED], counts[Use.REPORTED] + lost, ignored)

    # ------------------------------------------------------------ columns that are not laid out

    def _ranges(self, c: int) -> list[tuple[range, Use]] | None:
        """Ranges of rows of one use, for a column of codes that was marked in ranges only; None for any other."""
        column = self._columns[c]
        if self._cells[c] is not None or not isinstance(column, (pd.Categorical, Coded)):
            return None
        if not all(isinstance(rows, slice) for _, rows in self._marks[c]):
            return None
        marks = [(use, range(*cast(slice, rows).indices(len(self.lines)))) for use, rows in self._marks[c]]
        ends = sorted({0, len(self.lines), *(end for _, rows in marks for end in (rows.start, rows.stop))})
        found = []
        for start, stop in itertools.pairwise(ends):
            use = next((use for use, rows in marks if rows.start <= start and stop <= rows.stop), Use.OPEN)
            found.append((range(start, stop), use))
        return found

    def _filled_in(self, c: int, rows: range) -> int:
        column = cast(pd.Categorical | Coded, self._columns[c])
        codes = column.codes[rows.start : rows.stop]
        return len(codes) - sum(int(np.count_nonzero(codes == code)) for code in _blank(column))


def _change(cells: NDArray[np.uint8], use: Use, rows: Rows | slice | int) -> None:
    own = cells[rows]
    cells[rows] = np.where(own == Use.OPEN, np.uint8(use), own)


def _filled(column: Column) -> NDArray[np.uint8]:
    """1 where a cell holds anything."""
    if isinstance(column, (pd.Categorical, Coded)):
        return (~np.isin(column.codes, _blank(column))).view(np.uint8)
    return np.fromiter((raw is not None and bool(as_text(raw)) for raw in column), np.uint8, len(column))


def _blank(column: pd.Categorical | Coded) -> list[int]:
    """The codes of a column that stand for nothing. A number is never blank; the values of a sheet may be very many."""
    if isinstance(column, pd.Categorical):
        return [-1, *(code for code, raw in enumerate(column.categories) if not as_text(cast(Raw, raw)))]
    used = np.unique(column.codes).tolist()
    return [code for code in used if type(raw := column.values[code]) is not float and not as_text(cast(Raw, raw))]
