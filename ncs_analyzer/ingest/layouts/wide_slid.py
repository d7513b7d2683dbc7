"""Rows of a wide sheet whose cells have moved by one column: a cell was lost, or one too many."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Rows
from ncs_analyzer.ingest.cells import read_cell
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.wide_places import Target
from ncs_analyzer.vocabulary.anatomy import LIMB_OF

_DISTAL: Final = ("wrist", "ankle", "palm", None)
_USUAL: Final = {
    ("motor", "latency_ms"): (3.2, 4.5),
    ("motor", "amplitude_mv"): (8.0, 5.0),
    ("motor", "velocity_m_per_s"): (55.0, 46.0),
    ("motor", "duration_ms"): (6.0, 5.5),
    ("f_wave", "latency_ms"): (27.0, 50.0),
    ("h_reflex", "latency_ms"): (17.0, 30.0),
    ("sensory", "latency_ms"): (2.6, 3.0),
    ("sensory", "peak_latency_ms"): (3.3, 3.8),
    ("sensory", "amplitude_uv"): (20.0, 12.0),
    ("sensory", "velocity_m_per_s"): (55.0, 48.0),
}
"""What is usual in arm and leg: not to judge a value by, only to tell one measure from another."""
_USUAL_PROXIMAL: Final = (7.5, 12.0)
_FEWEST: Final = 3
"""Numbers of a row that must fit the neighbouring headings."""
_FITS: Final = 0.4
_TOGETHER: Final = 3.0
_TIMES: Final = 3.0
"""Natural logarithms: how far the numbers may lie, each, from what is usual one column further; how far they must lie,
together, from what is usual under their own headings; and how many times further. No illness makes the numbers of a row
fit the next headings: of more than 70,000 readings of sound exports none does."""


def moved_rows(grid: Grid, rows: Rows, first: int, targets: Mapping[int, Target]) -> dict[int, int]:
    """The rows (by position in `rows`) whose numbers fit the headings one column beside, and the first such column."""
    usual = {c: value for c, t in targets.items() if (value := _usual(t)) is not None}
    columns = np.array(sorted(usual), np.intp)
    if len(columns) < _FEWEST or not len(rows):
        return {}
    expected = np.array([usual[int(c)] for c in columns])
    numbers = {c: _numbers(grid, rows, first, c) for c in {*columns, *(columns - 1), *(columns + 1)}}

    def apart(at: Rows) -> Floats:
        """How far the numbers of some columns lie from what is usual, as logarithms: a row for each row."""
        return np.abs(np.log(np.stack([numbers[c] for c in at], axis=1) / expected))

    own = apart(columns)
    found: dict[int, int] = {}
    for step in (-1, 1):
        for i, at in _first_moved(own, apart(columns + step)).items():
            found.setdefault(i, int(columns[at]))
    return found


def _usual(target: Target) -> float | None:
    values = _USUAL.get((target.place.kind, target.column))
    if values is None or target.factor != 1.0:
        return None
    if (target.place.kind, target.column) == ("motor", "latency_ms") and target.place.site not in _DISTAL:
        values = _USUAL_PROXIMAL
    return values[LIMB_OF.get(target.place.nerve) == "lower"]


def _numbers(grid: Grid, rows: Rows, first: int, column: int) -> Floats:
    """The numbers above zero of one column; NaN where there is none, or no column."""
    if not 0 <= column < grid.width:
        return np.full(len(rows), np.nan)
    codes, distinct = grid.coded(int(column), first)
    numbers = np.array([read_cell(raw, grid.comma).number for raw in distinct], float)
    numbers[~(numbers > 0)] = np.nan
    return numbers[codes[rows - first]]


def _first_moved(own: Floats, beside: Floats) -> dict[int, int]:
    """The rows whose numbers, from one column on, fit the headings beside and not their own; and that column."""
    both = np.isfinite(own) & np.isfinite(beside)
    gain = np.where(both, own - beside, 0.0)[:, ::-1].cumsum(axis=1)[:, ::-1]
    start = gain.argmax(axis=1)
    later = np.arange(own.shape[1]) >= start[:, None]
    used = both & later
    count = used.sum(axis=1)
    fits = np.where(used, beside, 0.0).sum(axis=1) / np.maximum(count, 1)
    misfits = np.where(used, own, 0.0).sum(axis=1)
    moved = (count >= _FEWEST) & (fits < _FITS) & (misfits > _TOGETHER) & (misfits > _TIMES * fits * count)
    return {int(i): int(start[i]) for i in np.flatnonzero(moved)}
