"""Small tables beside each other, each with headings of its own, put below each other."""

from functools import lru_cache
from typing import Final

import numpy as np

from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import LABELS, MEASURING_ROLES, read_heading
from ncs_analyzer.ingest.layouts.blocks import find_blocks
from ncs_analyzer.ingest.layouts.header import find_header
from ncs_analyzer.ingest.layouts.measures import LATE
from ncs_analyzer.ingest.layouts.stack import group_words, says_limits
from ncs_analyzer.ingest.places import read_place
from ncs_analyzer.ingest.segments import names_place

_MOST_ROWS: Final = 5000
_DEEPEST: Final = 4
"""How many rows below the first of a band the headings of each of its tables may begin."""

Band = tuple[int, tuple[int, tuple[int, ...]]]
"""First row, row behind the last, and first columns of the tables of a band of tables side by side."""


def unfolded(grid: Grid) -> Grid:
    """The grid with tables that stand side by side below each other; every cell keeps its line and column.

    The same grid where there are none. Rows between blank rows are repeated, each time with the cells of one table.
    """
    return _unfolded(grid) if grid.height <= _MOST_ROWS else grid


@lru_cache(1)
def _unfolded(grid: Grid) -> Grid:
    """Kept for the last grid: what was unfolded to see whether it fits is then read."""
    bands = dict(_bands(grid))
    if not bands:
        return grid
    rows: list[tuple[int, int, int]] = []
    row = 0
    while row < grid.height:
        if row not in bands:
            rows.append((row, 0, grid.width))
            row += 1
            continue
        stop, starts = bands[row]
        for first, end in zip(starts, (*starts[1:], grid.width), strict=True):
            rows += [(r, first, end) for r in _without_gap(grid, row, stop, first, end)]
        row = stop
    return grid.rearranged(rows)


def _without_gap(grid: Grid, row: int, stop: int, first: int, end: int) -> list[int]:
    """The rows of one of several tables side by side; its title may stand higher than the rest, beside longer headings."""
    filled = [r for r in range(row, stop) if any(grid.row(r)[first:end])]
    gap = range(filled[0] + 1, filled[1]) if len(filled) > 1 and filled[0] == row else range(0)
    return [r for r in range(row, stop) if r not in gap]


def _bands(grid: Grid) -> list[Band]:
    found: list[Band] = []
    row = 0
    while row < grid.height:
        band = _repeated(grid, row) or _apart(grid, row)
        if band is not None:
            found.append(band)
        row = band[1][0] if band is not None else row + 1
    return found


# ---------------------------------------------------------------- parted by blank columns


def _apart(grid: Grid, row: int) -> Band | None:
    """Tables parted by blank columns, if each has headings and names of nerves or sites of its own."""
    if not any(grid.row(row)) or (row and any(grid.row(row - 1)) and _parts(grid, row - 1)[1:]):
        return None  # a band begins with its first row
    parts = _parts(grid, row)
    if len(parts) < 2:
        return None
    stop = _stop(grid, row)
    cuts = {part: grid.cut(slice(row, stop), slice(*part)) for part in parts}
    tables = {part for part, cut in cuts.items() if _is_table(cut)}
    own = [part for part, cut in cuts.items() if part in tables or (tables and _is_late_block(cut))]
    if len(own) < 2 or own[0] != parts[0]:
        return None
    return row, (stop, tuple(0 if i == 0 else first for i, (first, _) in enumerate(own)))


def _stop(grid: Grid, row: int) -> int:
    while row < grid.height and any(grid.row(row)):
        row += 1
    return row


def _parts(grid: Grid, row: int) -> list[tuple[int, int]]:
    """The runs of columns that hold anything from a row to the next blank one."""
    texts = [grid.row(r) for r in range(row, _stop(grid, row))]
    parts: list[tuple[int, int]] = []
    for c in range(grid.width):
        if any(row_texts[c] for row_texts in texts):
            joined = parts and parts[-1][1] == c
            parts[-1:] = [(parts[-1][0], c + 1)] if joined else [*parts[-1:], (c, c + 1)]
    return parts


def _is_late_block(part: Grid) -> bool:
    """Whether a part is a block of F waves or H reflexes, beside a table."""
    title = next((t for t in part.row(0) if t), "")
    whole = part.take(np.array(_without_gap(part, 0, part.height, 0, part.width)))
    return not says_limits(title) and read_place(title).study in LATE and bool(find_blocks(whole))


def _is_table(part: Grid) -> bool:
    """Whether a part has headings and names of its own; limits belong to the table beside them."""
    if any(says_limits(t) for t in part.row(0) if t):
        return False
    for row in range(min(part.height, _DEEPEST)):
        header = find_header(part, row)
        if header is not None:
            labels = [c for c in range(part.width) if c not in header.headings or header.headings[c].role in LABELS]
            return any(names_place(part.text(r, c)) for c in labels for r in range(header.first, part.height))
    return False


# ---------------------------------------------------------------- told by headings that repeat


def _repeated(grid: Grid, row: int) -> Band | None:
    """Tables whose headings repeat in this row, with the row of nerves above them."""
    starts = _starts(grid, row)
    if not starts:
        return None
    stop = row + 1
    top = row
    while top and top > row - _DEEPEST and any(group_words(t) for t in grid.row(top - 1) if t):
        top -= 1
    while stop < grid.height and any(grid.row(stop)) and not _starts(grid, stop + 1):
        stop += 1
    return top, (stop, starts)


def _starts(grid: Grid, row: int) -> tuple[int, ...]:
    """The first columns of tables whose headings repeat in this row; empty where they do not."""
    if row >= grid.height:
        return ()
    texts = grid.row(row)
    headings = {c: h for c, t in enumerate(texts) if t and (h := read_heading(t)) is not None}
    labels = [c for c, h in headings.items() if h.role in LABELS]
    starts = [c for c in labels if texts[c] == texts[labels[0]]]
    if row and len(starts) < 2:
        starts = [c for c, t in enumerate(grid.row(row - 1)) if t and read_place(t).nerve is not None]
        if any(c in headings and headings[c].role in MEASURING_ROLES for c in starts):
            return ()  # nerves above measures: their labels stand further left, once
    if len(starts) < 2:
        return ()
    parts = [[t for t in texts[first:end] if t] for first, end in zip(starts, [*starts[1:], grid.width], strict=True)]
    measured = sum(headings[c].role in MEASURING_ROLES for c in headings if c < starts[1])
    return (0, *starts[1:]) if measured >= 2 and all(p == parts[0] for p in parts) else ()
