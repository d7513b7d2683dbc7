"""One result table of a cohort: its name, what it says, and which columns are counts."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class CohortTable:
    """`name`: of its file; `counts`: columns that hold numbers of studies, patients or nerves, of which some may be too
    small to be shown; `derived`: columns worked out from them."""

    name: str
    title: str
    frame: pd.DataFrame
    counts: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    note: str = ""

    def suppressed(self, least: int) -> "CohortTable":
        """The table without counts from 1 to `least` - 1. In a row with such a count every count is hidden, and what is
        worked out from them, so that none can be found by subtraction in the row."""
        if least <= 1 or not self.counts:
            return self
        frame = self.frame.copy()
        numbers = frame[list(self.counts)].apply(pd.to_numeric, errors="coerce").astype(float)
        small = ((numbers > 0) & (numbers < least)).any(axis=1).to_numpy()
        for name in self.counts:
            frame[name] = frame[name].astype(object)
            hide = small & (numbers[name] > 0).to_numpy()
            frame.loc[hide, name] = np.where(numbers.loc[hide, name] < least, f"<{least}", HIDDEN)
        for name in self.derived:
            frame[name] = frame[name].astype(object)
            frame.loc[small, name] = None
        note = f"{self.note} Numbers below {least} are not shown, nor what would give them away in their row.".strip()
        return replace(self, frame=frame, note=note)


HIDDEN: Final = "hidden"
"""Stands for a count that would give a small one away."""
