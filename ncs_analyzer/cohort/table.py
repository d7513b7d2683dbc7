"""One result table of a cohort: its name, what it says, which columns are counts, and what is worked out from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class CohortTable:
    """`name`: of its file; `counts`: columns that hold numbers of studies, nerves or readings, of which some may be too
    small to be shown; `derived`: columns worked out from them, and from which."""

    name: str
    title: str
    frame: pd.DataFrame
    counts: tuple[str, ...] = ()
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
