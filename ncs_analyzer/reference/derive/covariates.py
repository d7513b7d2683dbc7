"""Age, height and sex of the healthy: linear effects, kept where they are sure, and the rows they make."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.reference.derive.estimate import Row
from ncs_analyzer.reference.people import People


@dataclass(frozen=True)
class Design:
    """`columns`: a constant, then one column per name (age, height, sex: 1 for men)."""

    names: tuple[str, ...]
    columns: Floats
    SURE: ClassVar[float] = 4.0
    """An effect is kept from this many standard errors on."""

    @classmethod
    def of(cls, people: People) -> "Design":
        """Everything that is known of everybody and not the same for all."""
        given = {
            "age": people.age,
            "height": people.height,
            "sex": np.where(people.sex == "", np.nan, people.sex == "M"),
        }
        names = tuple(n for n, v in given.items() if np.isfinite(v.astype(float)).all() and len(np.unique(v)) > 1)
        columns = [np.ones(len(people)), *(given[n].astype(float) for n in names)]
        return cls(names, np.column_stack(columns))

    def least_squares(self, y: Floats, weights: Floats) -> Floats:
        """Weighted coefficients."""
        root = np.sqrt(weights)
        found, *_ = np.linalg.lstsq(self.columns * root[:, None], y * root, rcond=None)
        return np.asarray(found, float)

    def weakest(self, beta: Floats, weights: Floats, sd: float) -> tuple[str, float]:
        """The least sure effect, and how many standard errors it is from none."""
        spread = sd**2 * np.linalg.pinv((self.columns * weights[:, None]).T @ self.columns)
        t = np.abs(beta[1:]) / np.sqrt(np.maximum(np.diag(spread)[1:], 1e-30))
        at = int(np.argmin(t))
        return self.names[at], float(t[at])

    def without(self, name: str) -> "Design":
        """The design less one effect."""
        at = self.names.index(name)
        return replace(
            self, names=self.names[:at] + self.names[at + 1 :], columns=np.delete(self.columns, at + 1, axis=1)
        )


def rows_of(design: Design, beta: Floats, sd: float, power: float | None, multiplier: float) -> tuple[Row, ...]:
    """Formula rows: one for everybody, or one for each sex."""
    effect = dict(zip(design.names, beta[1:], strict=True))
    found = []
    for sex, man in (("F", 0.0), ("M", 1.0)) if "sex" in effect else (("", 0.0),):
        coefficients = {"intercept": float(beta[0] + man * effect.get("sex", 0.0)), "sd_multiplier": abs(multiplier)}
        coefficients |= {c: float(effect[n]) for n, c in (("age", "per_year"), ("height", "per_cm")) if n in effect}
        found.append(Row(None, sex=sex, coefficients=coefficients, sd=sd, power=power))
    return tuple(found)
