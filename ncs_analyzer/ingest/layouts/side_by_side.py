"""Patients beside each other on one sheet, each with a block and tables of its own, put below each other."""

from typing import Final

from ncs_analyzer.ingest.demographic_headings import read_label
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.header import find_header

_HIGHEST: Final = 40
"""Rows within which the blocks of patients beside each other begin."""
_MOST_ROWS: Final = 5000
_WHO: Final = frozenset(("patient", "patient_id", "patient_name", "weak_id"))


def patients_below(grid: Grid) -> Grid:
    """The grid with patients who stand side by side below each other, every cell with its line and column; the same grid
    where there are none.

    They are told by a label that repeats in one row ("Patient ... Patient ..."), by blank columns between them from there
    on, and by headings of measurements under each.
    """
    found = _beside(grid) if grid.height <= _MOST_ROWS else None
    if found is None:
        return grid
    top, stop, starts = found
    spans = list(zip(starts, (*starts[1:], grid.width), strict=True))
    rows = [(r, 0, grid.width) for r in range(top)]
    rows += [(r, first, end) for first, end in spans for r in range(top, stop)]
    rows += [(r, 0, grid.width) for r in range(stop, grid.height)]
    return grid.rearranged(rows)


def _beside(grid: Grid) -> tuple[int, int, tuple[int, ...]] | None:
    """First row, row behind the last and first columns of the patients beside each other."""
    for row in range(min(grid.height, _HIGHEST)):
        texts = grid.row(row)
        label = next((t for t in texts if t and any(d.role in _WHO for d in read_label(t))), None)
        starts = [c for c, t in enumerate(texts) if t and t == label]
        if len(starts) < 2 or not all(c and not texts[c - 1] for c in starts[1:]):
            continue
        stop = next((r for r in range(row, grid.height) if any(grid.text(r, c - 1) for c in starts[1:])), grid.height)
        spans = list(zip((0, *starts[1:]), (*starts[1:], grid.width), strict=True))
        if all(_has_table(grid, row, stop, first, end) for first, end in spans):
            return row, stop, (0, *starts[1:])
    return None


def _has_table(grid: Grid, row: int, stop: int, first: int, end: int) -> bool:
    part = grid.cut(slice(row, stop), slice(first, end))
    return any(find_header(part, r) is not None for r in range(min(part.height, _HIGHEST)))
