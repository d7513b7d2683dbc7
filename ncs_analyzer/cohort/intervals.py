"""Intervals for proportions and for agreement."""

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats

Z: Final = 1.959963984540054
"""Two-sided 95 %."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; NaN where it cannot be told."""

    value: float
    low: float
    high: float


UNKNOWN: Final = Estimate(float("nan"), float("nan"), float("nan"))


def wilson(k: int, n: int) -> Estimate:
    """A proportion with Wilson's score interval (Wilson EB, J Am Stat Assoc 1927;22:209)."""
    if n == 0:
        return UNKNOWN
    p, z2 = k / n, Z * Z
    middle, half = p + z2 / (2 * n), Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    return Estimate(p, 0.0 if k == 0 else low, 1.0 if k == n else high)


def ratio_of_proportions(a: int, n: int, b: int, m: int) -> Estimate:
    """(a/n) / (b/m) with its log interval (Simel DL et al., J Clin Epidemiol 1991;44:763)."""
    if min(n, m, b) == 0:
        return UNKNOWN
    value = (a / n) / (b / m)
    if a == 0:
        return Estimate(0.0, float("nan"), float("nan"))
    half = Z * sqrt(1 / a - 1 / n + 1 / b - 1 / m)
    return Estimate(value, exp(log(value) - half), exp(log(value) + half))


def kappa(table: Floats) -> Estimate:
    """Cohen's kappa of a square table of counts, with the large-sample interval of Fleiss, Cohen and Everitt (Psychol Bull
    1969;72:323)."""
    n = float(table.sum())
    if n == 0:
        return UNKNOWN
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    agreed, chance = float(np.trace(p)), float(rows @ columns)
    if chance >= 1.0:
        return UNKNOWN
    value = (agreed - chance) / (1 - chance)
    if rows.max() == 1.0 or columns.max() == 1.0:  # one of the two never differs: its variance tells nothing
        return Estimate(0.0, float("nan"), float("nan"))
    here = np.diag(p) * (1 - (rows + columns) * (1 - value)) ** 2
    off = p * (columns[:, None] + rows[None, :]) ** 2
    there = (1 - value) ** 2 * (off.sum() - np.trace(off))
    variance = (here.sum() + there - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    half = Z * sqrt(max(float(variance), 0.0))
    return Estimate(value, max(value - half, -1.0), min(value + half, 1.0))
