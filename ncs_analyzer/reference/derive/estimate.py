"""What every method returns, and what each needs."""

from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Final

NEEDED: Final = {"parametric": 40, "percentile": 120, "regression": 200, "splines": 400, "central": 150, "enorms": 100}
"""How many patients each method needs; below, it refuses."""

POWERS: Final = (0.0, 0.5, 1.0)
"""Box-Cox powers that are tried: logarithm, square root, as measured."""

USUAL_POWER: Final = {"amplitude": 0.0, "area": 0.0}
"""Power on which a measure is taken to be normal unless the data say otherwise; others: as measured."""


@dataclass(frozen=True)
class Row:
    """One row of the table to be. `coefficients`: of a formula (intercept, per_year, per_cm) on the scale of `power`."""

    limit: float | None
    sex: str = ""
    age_min: float | None = None
    age_max: float | None = None
    coefficients: dict[str, float] = field(default_factory=dict)
    mean: float | None = None
    sd: float | None = None
    power: float | None = None
    ci: tuple[float, float] | None = None


@dataclass(frozen=True)
class Estimate:
    """A derived limit: its rows, how it was made, and what share of the values it takes for healthy (mixed data)."""

    method: str
    rows: tuple[Row, ...]
    n: int
    how: str
    healthy_share: float | None = None


class TooFewError(ValueError):
    """A sample too small for the method."""

    def __init__(self, method: str, n: int) -> None:
        super().__init__(f"{n} patients; {method} needs {NEEDED[method]}")


def need(method: str, n: int) -> None:
    """Raise TooFewError where a sample is too small."""
    if n < NEEDED[method]:
        raise TooFewError(method, n)


def multiplier(percentile: float) -> float:
    """How many SD a percentile lies from the mean of a normal distribution."""
    return NormalDist().inv_cdf(percentile / 100.0)
