"""What became of every cell of a sheet: used, left out for a reason, or reported. None is lost in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Mask, Rows
from ncs_analyzer.ingest.cells import Raw, as_text
from ncs_analyzer.ingest.grid import Grid


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


@dataclass
class Ledger:
    """The use of every cell of a grid, row by column; layouts mark what they read, `accounts` settles the rest.

    A mark changes only cells that are still open: what is used stays used.
    """

    cells: NDArray[np.uint8]
    lines: Codes

    @classmethod
    def of(cls, grid: Grid) -> Ledger:
        """Every cell that holds anything is open."""
        cells = np.zeros((grid.height, grid.width), np.uint8, order="F")
        for c, column in enumerate(grid.columns):
            cells[:, c] = _filled(column)
        return cls(cells, grid.lines)

    def mark(self, use: Use, rows: Rows | slice | int, columns: Iterable[int] | None = None) -> None:
        """Say what became of the open cells of some rows, in some columns or in all."""
        for c in range(self.cells.shape[1]) if columns is None else columns:
            self.cells[rows, c] += (self.cells[rows, c] == Use.OPEN) * np.uint8(use - Use.OPEN)

    def at(self, line: int) -> Rows:
        """The rows that stand for a line; tables side by side are rows below each other with the same line."""
        return np.flatnonzero(self.lines == line)

    def reopen(self, rows: Mask) -> None:
        """Rows that were not used: what would have been used with them is open again."""
        at = np.flatnonzero(rows)
        if len(at):
            own = self.cells[at]
            self.cells[at] = np.where(own == Use.WITH_ROW, np.uint8(Use.OPEN), own)

    def take(self, rows: Rows) -> Ledger:
        """The cells of some rows."""
        return replace(self, cells=self.cells[rows], lines=self.lines[rows])

    def count(self, lost: int = 0) -> CellCount:
        """The cells by use; `lost`: those of lines that never came into the grid, which are reported."""
        read = 0
        counts = dict.fromkeys(Use, 0)
        for column in self.cells.T:
            read += (left := int(np.count_nonzero(column)))
            for use in (Use.WITH_ROW, Use.USED, Use.REPORTED, *REASONS):
                if left:
                    counts[use] += (found := int(np.count_nonzero(column == use)))
                    left -= found
        ignored = {words: counts[use] for use, words in REASONS.items() if counts[use]}
        return CellCount(read + lost, counts[Use.WITH_ROW] + counts[Use.USED], counts[Use.REPORTED] + lost, ignored)


def _filled(column: NDArray[np.object_] | pd.Categorical) -> NDArray[np.uint8]:
    """1 where a cell holds anything."""
    if isinstance(column, pd.Categorical):
        blank = [code for code, raw in enumerate(column.categories) if not as_text(cast(Raw, raw))]
        found = column.codes >= 0
        for code in blank:
            found &= column.codes != code
        return found.view(np.uint8)
    return np.fromiter((raw is not None and bool(as_text(raw)) for raw in column), np.uint8, len(column))
