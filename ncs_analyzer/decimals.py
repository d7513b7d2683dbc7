"""Comparisons of measurements as decimals: 6.6 ms against 4.4 ms is exactly 150 %.

Binary floats miss equality by a few units in the last place (6.6 / 4.4 * 100 is 149.99999999999997). Two numbers count
as equal within one part in 10^12, far below any step a measurement is written with and far above rounding error. NaN
compares false throughout: ask `known` first.
"""

import numpy as np

from ncs_analyzer.arrays import Floats, Mask

_EPSILON = 1e-12


def _slack(value: Floats, threshold: Floats | float) -> Floats:
    return np.maximum(np.abs(value), np.abs(threshold)) * _EPSILON


def at_least(value: Floats, threshold: Floats | float) -> Mask:
    """value >= threshold."""
    found: Mask = value >= threshold - _slack(value, threshold)
    return found


def at_most(value: Floats, threshold: Floats | float) -> Mask:
    """value <= threshold."""
    found: Mask = value <= threshold + _slack(value, threshold)
    return found


def above(value: Floats, threshold: Floats | float) -> Mask:
    """value > threshold."""
    found: Mask = value > threshold + _slack(value, threshold)
    return found


def below(value: Floats, threshold: Floats | float) -> Mask:
    """value < threshold."""
    found: Mask = value < threshold - _slack(value, threshold)
    return found
