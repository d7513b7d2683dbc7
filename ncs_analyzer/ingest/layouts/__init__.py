"""Layout families: each module says how well a grid fits it, and reads it."""

from collections.abc import Callable
from typing import Final, NamedTuple

from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts import long, register, summary, tidy, wide


class Layout(NamedTuple):
    """One layout family: `fit` gives 0 to `most`, `read` is asked only of the best fit."""

    name: str
    most: float
    fit: Callable[[Grid], float]
    read: Callable[[Grid, float], Sheet]


LAYOUTS: Final = (
    Layout(tidy.NAME, 1.0, tidy.fit, tidy.read),
    Layout(summary.NAME, 0.97, summary.fit, summary.read),
    Layout(wide.NAME, 0.96, wide.fit, wide.read),
    Layout(long.NAME, 0.96, long.fit, long.read),
    Layout(register.NAME, 0.4, register.fit, register.read),
)
LEAST_FIT: Final = 0.3
"""Below this no layout is believed."""
