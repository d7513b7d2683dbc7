"""E-norms: the plateau of the sorted values (Jabre JF, Pitt MC, Deeb J, Chui KK. J Clin Neurophysiol 2015;32:265-270).

The values of a laboratory, sorted, rise in an inverted S: steeply at both ends, slowly where the healthy crowd. Between
the two inflections lies the plateau; its mean and SD give the limit (mean ± 2 SD), skewed measures on the log scale.
"""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.reference.boxcox import back, transformed
from ncs_analyzer.reference.derive.estimate import USUAL_POWER, Estimate, Row, need

STEEP: Final = 4.0
"""The plateau ends where the curve is this many times as steep as at its flattest."""

_SMOOTH: Final = 0.05
_MULTIPLIER: Final = 2.0


def e_norms(values: Floats, measure: str, side: str) -> Estimate:
    """The limit of one side. Raises TooFewError."""
    need("enorms", len(values))
    power = USUAL_POWER.get(measure)
    ordered = np.sort(transformed(values, power))
    first, last = plateau(ordered)
    inside = ordered[first : last + 1]
    mean, sd = float(inside.mean()), float(inside.std(ddof=1))
    at = mean + _MULTIPLIER * sd if side == "upper" else mean - _MULTIPLIER * sd
    limit = float(back(np.array([at]), power)[0])
    scale = "of the logarithms " if power == 0 else ""
    how = f"e-norms: mean and 2 SD {scale}of the plateau, values {first + 1} to {last + 1} of {len(values)} sorted"
    return Estimate("enorms", (Row(limit, mean=mean, sd=sd, power=power),), len(values), how, len(inside) / len(values))


def plateau(ordered: Floats) -> tuple[int, int]:
    """The first and last of the sorted values that lie on the plateau."""
    n = len(ordered)
    reach = max(int(n * _SMOOTH), 5)
    slope = (ordered[2 * reach :] - ordered[: -2 * reach]) / (2 * reach)
    flattest = int(np.argmin(slope))
    steep = np.flatnonzero(slope > STEEP * slope[flattest])
    before, after = steep[steep < flattest], steep[steep > flattest]
    first = int(before[-1]) + 1 + reach if len(before) else 0
    last = int(after[0]) - 1 + reach if len(after) else n - 1
    return first, last
