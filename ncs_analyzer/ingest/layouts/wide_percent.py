"""Sheets that hold percentages of limits where measurements are expected."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Rows
from ncs_analyzer.ingest.cells import read_cell
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.wide_places import Target
from ncs_analyzer.ingest.layouts.wide_top import Top
from ncs_analyzer.vocabulary.match import normalise

_DISTAL: Final = ("wrist", "ankle", "forearm", "palm")
_SLOWEST_DISTAL: Final = 25.0
"""ms; half of the distal latencies of a sheet are never longer, percentages of a limit are."""
_FASTEST: Final = 80.0
"""m/s; half of the velocities of a sheet are never faster."""
_LARGEST: Final = 45.0
"""mV; half of the motor amplitudes of a sheet are never larger."""


def percentages(grid: Grid, rows: Rows, top: Top, targets: Mapping[int, Target]) -> str | None:
    """Why the sheet is one of percentages: its name or headings say so, or its latencies, velocities or amplitudes do."""
    about = [m for m in top.about_nerves.values() if m.measure != "persistence"]
    if about and sum(m.percent for m in about) * 2 > len(about):
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
    latencies = _numbers(grid, rows, (c for c, t in targets.items() if t.column == "latency_ms" and t.place.kind == "motor"
                                      and t.place.site in _DISTAL))  # fmt: skip
    velocities = _numbers(grid, rows, (c for c, t in targets.items() if t.column == "velocity_m_per_s"))
    amplitudes = _numbers(grid, rows, (c for c, t in targets.items() if t.column == "amplitude_mv" and t.factor == 1.0))
    signs = [_median(latencies) > _SLOWEST_DISTAL, _median(velocities) > _FASTEST]
    known = [len(latencies) > 0, len(velocities) > 0]
    high = _LARGEST < _median(amplitudes) < 400
    if (any(known) and all(s for s, k in zip(signs, known, strict=True) if k)) or (high and any(signs)):
        return "The values are percentages of a limit, not measurements."
    return None


def _numbers(grid: Grid, rows: Rows, columns: Iterable[int]) -> Floats:
    values = [read_cell(grid.raw(int(r), c), grid.comma).number for c in columns for r in rows[:200]]
    array = np.array([v for v in values if v < 700 and v > 0], float)
    return array[np.isfinite(array)]


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0
