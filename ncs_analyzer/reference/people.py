"""Who was examined: what the strata of a limit ask for, one entry per study."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows


@dataclass(frozen=True)
class People:
    """Demographics as arrays, one entry per study; NaN and "" where unknown. Years, cm, kg/m², Hz (low-cut filter)."""

    age: Floats
    height: Floats
    bmi: Floats
    sex: NDArray[np.object_]
    filter: Floats

    @classmethod
    def of(cls, studies: pd.DataFrame) -> "People":
        """The people of a table of studies."""
        height, weight = studies["height_cm"].to_numpy(float), studies["weight_kg"].to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            bmi = weight / (height / 100.0) ** 2
        return cls(
            studies["age_years"].to_numpy(float),
            height,
            bmi,
            studies["sex"].fillna("").to_numpy(object),
            studies["low_cut_hz"].to_numpy(float),
        )

    def __len__(self) -> int:
        return len(self.age)

    def take(self, at: Rows | Codes) -> "People":
        """Some of them, in the order given."""
        return People(self.age[at], self.height[at], self.bmi[at], self.sex[at], self.filter[at])

    def unknown(self, stratum: str) -> Mask:
        """Of whom a stratum (age, height, bmi, sex, filter) is not known."""
        values = getattr(self, stratum)
        return np.asarray(values == "" if stratum == "sex" else np.isnan(values), bool)
