"""Layout families: each module says how well a grid fits it, and reads it."""

from importlib import import_module
from types import ModuleType
from typing import Final, NamedTuple

from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid


class Layout(NamedTuple):
    """One layout family. `home`: its module in this package, imported when it is asked for; `most`: the best fit it ever
    gives, rounded up."""

    name: str
    home: str
    most: float

    def fit(self, grid: Grid) -> float:
        """How well a grid fits, 0 to `most`."""
        return float(self._module.fit(grid))

    def read(self, grid: Grid, fit: float) -> Sheet:
        """What a grid holds; asked only of the best fit."""
        sheet: Sheet = self._module.read(grid, fit)
        return sheet

    @property
    def _module(self) -> ModuleType:
        return import_module(f"{__name__}.{self.home}")


LAYOUTS: Final = (
    Layout("tidy", "tidy", 1.0),
    Layout("summary", "summary", 0.97),
    Layout("wide", "wide", 0.96),
    Layout("long", "long", 0.97),
    Layout("patients", "register", 0.4),
)
LEAST_FIT: Final = 0.3
"""Below this no layout is believed."""
