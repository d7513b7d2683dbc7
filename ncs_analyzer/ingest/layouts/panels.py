"""Small tables beside each other, each with a title and headings of its own, put below each other."""

from dataclasses import replace

import numpy as np

from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import LABELS, MEASURING_ROLES, read_heading
from ncs_analyzer.ingest.places import read_place


def unfolded(grid: Grid) -> Grid:
    """The grid with tables that stand side by side below each other; every cell keeps its line and column.

    The same grid where there are none. Rows between blank rows are repeated, each time with the cells of one table.
    """
    bands = dict(_bands(grid)) if grid.height <= _MOST_ROWS else {}
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
            rows += [(r, first, end) for r in range(row, stop)]
        row = stop
    columns = []
    for c in range(grid.width):
        column = np.empty(len(rows), dtype=object)
        column[:] = [grid.columns[c][r] if first <= c < end else None for r, first, end in rows]
        columns.append(column)
    return replace(grid, columns=tuple(columns), lines=grid.lines[[r for r, _, _ in rows]])


_MOST_ROWS = 5000


def _bands(grid: Grid) -> list[tuple[int, tuple[int, tuple[int, ...]]]]:
    """First row, row behind the last, and first columns of the tables of every band of tables side by side."""
    found = []
    row = 0
    while row < grid.height:
        starts = _starts(grid, row)
        if not starts:
            row += 1
            continue
        top, stop = row, row + 1
        if row and any(read_place(t).nerve for t in grid.row(row - 1) if t):
            top = row - 1
        while stop < grid.height and any(grid.row(stop)) and not _starts(grid, stop + 1):
            stop += 1
        found.append((top, (stop, starts)))
        row = stop
    return found


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
    if len(starts) < 2:
        return ()
    parts = [[t for t in texts[first:end] if t] for first, end in zip(starts, [*starts[1:], grid.width], strict=True)]
    measured = sum(headings[c].role in MEASURING_ROLES for c in headings if c < starts[1])
    return (0, *starts[1:]) if measured >= 2 and all(p == parts[0] for p in parts) else ()
