"""Sheets that hold percentages of limits where measurements are expected."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Mask, Rows
from ncs_analyzer.ingest.cells import read_cell
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.wide_places import Target
from ncs_analyzer.ingest.layouts.wide_top import Top
from ncs_analyzer.ingest.quality import PERCENT_CMAP, PERCENT_VELOCITY
from ncs_analyzer.vocabulary.match import normalise

_DISTAL: Final = ("wrist", "ankle", "forearm", "palm")
_SLOWEST_DISTAL: Final = 25.0
"""ms; half of the distal latencies of a sheet are never longer, percentages of a limit are."""
_MOST: Final = 700.0
"""From here on a number is a code for a missing value."""


def percentages(grid: Grid, rows: Rows, top: Top, targets: Mapping[int, Target]) -> str | None:
    """Why the sheet is one of percentages: its name or headings say so, or its latencies, velocities or amplitudes do."""
    about = [m for m in top.about_nerves.values() if m.measure != "persistence"]
    if about and sum(m.percent is not None for m in about) * 2 > len(about):
        return "The headings say that the values are percentages, not measurements."
    named = set(normalise((grid.sheet or "").replace("%", " pct ")).split()) & {
        "pct",
        "percent",
        "percentage",
        "perc",
        "%",
        "prozent",
    }
    if named:
        return "The sheet's name says that the values are percentages, not measurements."
    return of_numbers(
        (t, [read_cell(grid.raw(int(r), c), grid.comma).number for r in rows[:200]]) for c, t in targets.items()
    )


def rows_of_percentages(grid: Grid, rows: Rows, top: Top, targets: Mapping[int, Target]) -> Mask:
    """Which rows hold percentages amid rows of measurements: every distal motor latency and every velocity of the row is
    beyond what any laboratory measures, and it has both."""
    beyond = {"latency": np.zeros(len(rows), bool), "velocity": np.zeros(len(rows), bool)}
    within = np.zeros(len(rows), bool)
    for c, target in targets.items():
        distal = target.column == "latency_ms" and target.place.kind == "motor" and target.place.site in _DISTAL
        if not distal and target.column != "velocity_m_per_s":
            continue
        codes, distinct = grid.coded(c, top.first)
        numbers = np.array([read_cell(raw, grid.comma).number for raw in distinct], float)[codes[rows - top.first]]
        most = _SLOWEST_DISTAL if distal else PERCENT_VELOCITY
        beyond["latency" if distal else "velocity"] |= (numbers > most) & (numbers < _MOST)
        within |= numbers <= most
    return beyond["latency"] & beyond["velocity"] & ~within


def of_numbers(columns: Iterable[tuple[Target, Iterable[float]]]) -> str | None:
    """Why measured columns hold percentages: distal latencies, velocities or amplitudes that no laboratory measures."""
    latencies: list[float] = []
    velocities: list[float] = []
    amplitudes: list[float] = []
    for target, numbers in columns:
        if target.column == "latency_ms" and target.place.kind == "motor" and target.place.site in _DISTAL:
            latencies.extend(numbers)
        elif target.column == "velocity_m_per_s":
            velocities.extend(numbers)
        elif target.column == "amplitude_mv" and target.factor == 1.0:
            amplitudes.extend(numbers)
    slow, fast, large = (_middle(numbers) for numbers in (latencies, velocities, amplitudes))
    signs = [
        middle > most for middle, most in ((slow, _SLOWEST_DISTAL), (fast, PERCENT_VELOCITY)) if middle is not None
    ]
    high = large is not None and PERCENT_CMAP[0] < large < PERCENT_CMAP[1]
    if (signs and all(signs)) or (high and any(signs)):
        return "The values are percentages of a limit, not measurements."
    return None


def _middle(values: Iterable[float]) -> float | None:
    """The median of the numbers that are no codes for missing values."""
    given = [v for v in values if 0 < v < _MOST]
    return float(np.median(given)) if given else None
