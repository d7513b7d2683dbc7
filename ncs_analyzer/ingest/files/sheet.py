"""The cells of one sheet of a workbook while it is read, and the grid they make."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Rows
from ncs_analyzer.ingest.cells import Raw, decimal_comma
from ncs_analyzer.ingest.files.opened import DamagedError, Opened, RefusedError
from ncs_analyzer.ingest.grid import WIDEST, Coded, Grid, letter

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_CELLS: Final = 3_000_000
_MOST_KNOWN: Final = 200_000
"""Values that are remembered while a sheet is read."""
_MOST_AREA: Final = 40_000_000
_WIDEST_GAP: Final = 256
"""Blank columns after which cells no longer belong to the table."""
_LONGEST_GAP: Final = 50
"""Blank rows that are kept of a longer run of them; line numbers stay true."""
_MOST_MERGED_ROWS, _MOST_MERGED_COLUMNS, _MOST_FILLED = 5_000, 500, 500_000


@dataclass
class SheetCells:
    """Non-blank cells by 0-based row and column, in any order, and merged ranges as left, top, right, bottom.

    `codes`: the value of each cell, as its place in `distinct`, whose first is a blank. Among very many values some may
    stand there more than once.
    """

    rows: list[int] | Codes = field(default_factory=list)
    columns: list[int] | Codes = field(default_factory=list)
    codes: list[int] | Codes = field(default_factory=list)
    distinct: list[Raw] = field(default_factory=lambda: [None])
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    _code_of: dict[tuple[type, Raw], int] = field(default_factory=dict)

    def code(self, value: Raw) -> int:
        """The code of a value; 0 for blanks and white space."""
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return 0
        elif value is None:
            return 0
        key = (type(value), value)  # 1, 1.0 and true are three values
        code = self._code_of.get(key)
        if code is None:
            if len(self._code_of) >= _MOST_KNOWN:
                self._code_of.clear()
            code = self._code_of[key] = len(self.distinct)
            self.distinct.append(value)
        return code

    def put(self, row: int, column: int, value: Raw) -> None:
        """One cell; blanks and white space are left out. Raises DamagedError outside any sheet."""
        code = self.code(value)
        if code == 0:
            return
        if not (0 <= row < MOST_ROWS and 0 <= column < MOST_COLUMNS):
            raise DamagedError("A cell of the sheet has an address outside any sheet.")
        if len(self.codes) >= MOST_CELLS:
            raise RefusedError(f"The sheet holds more than {MOST_CELLS // 1_000_000} million cells; save it as CSV.")
        assert isinstance(self.rows, list) and isinstance(self.columns, list) and isinstance(self.codes, list)
        self.rows.append(row)
        self.columns.append(column)
        self.codes.append(code)


def add_grid(opened: Opened, name: str, cells: SheetCells) -> None:
    """Add the grid of a sheet to its file; cells far to the right of everything else are left out and said."""
    if not len(cells.codes):
        return
    rows, columns, codes = (np.asarray(given, np.int32) for given in (cells.rows, cells.columns, cells.codes))
    values = np.empty(len(cells.distinct), dtype=object)
    values[:] = cells.distinct
    width = _width(columns)
    if width > WIDEST:
        raise RefusedError(f"The sheet has {width} columns; no layout is that wide.")
    far = columns >= width
    if far.any():
        first = int(np.flatnonzero(far)[0])
        count = int(far.sum())
        what = f"{count} cells" if count > 1 else "A cell"
        message = f"{what} far to the right of the table {'were' if count > 1 else 'was'} not read."
        where = letter(int(columns[first]))
        opened.report("stray-cells", message, name, int(rows[first]) + 1, where, str(values[codes[first]]))
        rows, columns, codes = rows[~far], columns[~far], codes[~far]
    lines = _lines(_distinct(rows))
    if len(lines) * len(_distinct(columns)) > _MOST_AREA:
        raise RefusedError("The sheet is too large to be read as a workbook; save it as CSV.")
    table = _table(
        rows if len(lines) == lines[-1] + 1 else np.searchsorted(lines, rows), columns, codes, (len(lines), width)
    )
    _fill_merged(table, lines, cells.merged)
    said = values[_distinct(codes[:20_000])]
    comma = decimal_comma(v for v in said if isinstance(v, str))
    grid = tuple(Coded(column, values) for column in table)
    opened.grids.append(Grid(opened.name, name, grid, (lines + 1).astype(np.int32), comma))


def _distinct(numbers: Codes) -> Codes:
    """The distinct ones of small numbers, sorted."""
    return np.flatnonzero(np.bincount(numbers))


def _table(rows: Rows | Codes, columns: Codes, codes: Codes, shape: tuple[int, int]) -> list[Codes]:
    """The codes of every column; columns without cells share one."""
    height, width = shape
    used = _distinct(columns)
    place = np.zeros(width, np.intp)
    place[used] = np.arange(len(used))
    filled = np.zeros((len(used), height), np.int32)
    filled[place[columns], rows] = codes
    blank = np.zeros(height, np.int32)
    table: list[Codes] = [blank] * width
    for k, column in enumerate(used):
        table[column] = filled[k]
    return table


def _width(columns: Codes) -> int:
    """How many columns belong to the table: up to the first wide gap."""
    used = _distinct(columns)
    gaps = np.flatnonzero(np.diff(used) > _WIDEST_GAP)
    return int(used[gaps[0]] if len(gaps) else used[-1]) + 1


def _lines(rows: Codes) -> Codes:
    """The 0-based rows that the grid keeps: those with cells, and the blank rows between them up to a bound."""
    gaps = np.diff(rows, prepend=-1)
    kept = np.minimum(gaps, _LONGEST_GAP + 1)
    end = np.cumsum(kept)
    lines = np.repeat(rows - end, kept) + np.arange(1, int(end[-1]) + 1)
    found: Codes = lines.astype(np.int32)
    return found


def _fill_merged(table: list[Codes], lines: Codes, merged: list[tuple[int, int, int, int]]) -> None:
    """Put the value of a merged range into its other cells. A range that covers other values, or most of the sheet, is
    no merged cell and left alone."""
    budget = _MOST_FILLED
    for left, top, right, bottom in merged:
        if bottom - top > _MOST_MERGED_ROWS or right - left > _MOST_MERGED_COLUMNS or left >= len(table):
            continue
        first, last = np.searchsorted(lines, [top, bottom + 1])
        right = min(right, len(table) - 1)
        if first >= len(lines) or lines[first] != top or right < left:
            continue
        code = table[left][first]
        size = (last - first) * (right - left + 1)
        if code == 0 or size > budget:
            continue
        if sum(np.count_nonzero(table[c][first:last]) for c in range(left, right + 1)) > 1:
            continue
        budget -= size
        for c in range(left, right + 1):
            table[c] = table[c].copy()
            table[c][first:last] = code
