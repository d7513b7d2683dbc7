"""The Box-Cox scale on which a skewed measure is near normal."""

import numpy as np

from ncs_analyzer.arrays import Floats


def transformed(values: Floats, power: float | None) -> Floats:
    """Box-Cox; None: as measured, 0: logarithm. NaN for what is not above zero."""
    if power is None:
        return values
    positive = np.where(values > 0, values, np.nan)
    return np.asarray(np.log(positive) if power == 0 else (positive**power - 1.0) / power, float)


def back(values: Floats, power: float | None) -> Floats:
    """The inverse of `transformed`; NaN beyond its range."""
    if power is None:
        return values
    if power == 0:
        return np.asarray(np.exp(values), float)
    inside = values * power + 1.0
    return np.asarray(np.where(inside > 0, np.abs(inside) ** (1.0 / power), np.nan), float)
