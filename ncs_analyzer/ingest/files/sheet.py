"""The cells of one sheet of a workbook while it is read, and the grid they make."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes
from ncs_analyzer.ingest.cells import Raw, decimal_comma
from ncs_analyzer.ingest.files.opened import DamagedError, Opened, RefusedError
from ncs_analyzer.ingest.grid import WIDEST, Grid, letter

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_CELLS: Final = 3_000_000
_MOST_AREA: Final = 40_000_000
_WIDEST_GAP: Final = 256
"""Blank columns after which cells no longer belong to the table."""
_LONGEST_GAP: Final = 50
"""Blank rows that are kept of a longer run of them; line numbers stay true."""
_MOST_MERGED_ROWS, _MOST_MERGED_COLUMNS, _MOST_FILLED = 5_000, 500, 500_000


@dataclass
class SheetCells:
    """Non-blank cells by 0-based row and column, in any order, and merged ranges as left, top, right, bottom."""

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[Raw] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def put(self, row: int, column: int, value: Raw) -> None:
        """One cell; blanks and white space are left out. Raises DamagedError outside any sheet."""
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            return
        if not (0 <= row < MOST_ROWS and 0 <= column < MOST_COLUMNS):
            raise DamagedError("A cell of the sheet has an address outside any sheet.")
        if len(self.values) >= MOST_CELLS:
            raise RefusedError(f"The sheet holds more than {MOST_CELLS // 1_000_000} million cells; save it as CSV.")
        self.rows.append(row)
        self.columns.append(column)
        self.values.append(value)


def add_grid(opened: Opened, name: str, cells: SheetCells) -> None:
    """Add the grid of a sheet to its file; cells far to the right of everything else are left out and said."""
    if not cells.values:
        return
    rows, columns = np.array(cells.rows, np.int32), np.array(cells.columns, np.int32)
    values = np.empty(len(cells.values), dtype=object)
    values[:] = cells.values
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
        opened.report("stray-cells", message, name, int(rows[first]) + 1, where, str(values[first]))
        rows, columns, values = rows[~far], columns[~far], values[~far]
    lines = _lines(np.unique(rows))
    used = np.unique(columns)
    if len(lines) * len(used) > _MOST_AREA:
        raise RefusedError("The sheet is too large to be read as a workbook; save it as CSV.")
    at = np.searchsorted(lines, rows)
    blank = np.full(len(lines), None, dtype=object)
    table = [blank] * width
    order = np.argsort(columns, kind="stable")
    bounds = np.searchsorted(columns[order], [*used, width])
    for k, column in enumerate(used):
        own = order[bounds[k] : bounds[k + 1]]
        table[column] = blank.copy()
        table[column][at[own]] = values[own]
    _fill_merged(table, lines, cells.merged)
    comma = decimal_comma(v for v in values[:20_000] if isinstance(v, str))
    opened.grids.append(Grid(opened.name, name, tuple(table), (lines + 1).astype(np.int32), comma))


def _width(columns: Codes) -> int:
    """How many columns belong to the table: up to the first wide gap."""
    used = np.unique(columns)
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


def _fill_merged(table: list[np.ndarray], lines: Codes, merged: list[tuple[int, int, int, int]]) -> None:
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
        value = table[left][first]
        size = (last - first) * (right - left + 1)
        if value is None or size > budget:
            continue
        if sum(int((table[c][first:last] != None).sum()) for c in range(left, right + 1)) > 1:  # noqa: E711 - elementwise
            continue
        budget -= size
        for c in range(left, right + 1):
            table[c] = table[c].copy()
            table[c][first:last] = value
