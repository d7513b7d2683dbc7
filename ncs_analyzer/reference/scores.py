"""What else a limit's row says of a value: who it is for, what did not fit, z-score and percentile."""

from math import erf, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ncs_analyzer.arrays import Codes, Floats
from ncs_analyzer.grouping import alike, named
from ncs_analyzer.reference.boxcox import transformed
from ncs_analyzer.reference.finder import predicted
from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.reference.measures import SKEWED
from ncs_analyzer.reference.misfits import words

if TYPE_CHECKING:
    from ncs_analyzer.reference.lookup import Limits

_Z: Final = np.linspace(-8.0, 8.0, 3201)
_PHI: Final = np.array([50.0 * (1.0 + erf(z / sqrt(2.0))) for z in _Z])
"""Percentiles of the normal distribution, to be read between: exact to 0.0001."""


def percentile(z: Floats) -> Floats:
    """The percentile of a z-score under the normal distribution; NaN stays NaN."""
    return np.where(np.isnan(z), np.nan, np.interp(z, _Z, _PHI))


def z_score(limit: Limit, values: Floats, mean: Floats | None = None) -> Floats:
    """Distance from the mean of the healthy in SD, on the scale on which they are normally distributed.

    NaN where the row gives no mean and SD, or gives them of a skewed measure on the printed scale. `mean`: of a formula.
    """
    nothing = np.full(len(values), np.nan)
    if limit.sd is None:
        return nothing
    if limit.intercept is not None and mean is not None:
        return (transformed(values, limit.power) - mean) / limit.sd
    if limit.mean is None or (limit.measure in SKEWED and limit.power is None):
        return nothing
    return (transformed(values, limit.power) - limit.mean) / limit.sd


def about(limits: "Limits", line: Codes, source: Codes, fit: Codes, study: Codes, values: Floats) -> dict[str, Any]:
    """Of readings with the line, source and misfits of their limits: `limit_row` (0: none), `limit_for`, `limit_note`,
    `z_score`, `percentile`; text as categories."""
    z, strata, note = np.full(len(values), np.nan), np.full(len(values), -1), np.full(len(values), -1)
    who: dict[str, int] = {}
    said: dict[str, int] = {}
    line = np.where(source > 0, line, 0)
    for some in alike(source, line, fit):
        first = some[0]
        limit = limits.rows.get((int(source[first]), int(line[first])))
        what = words(int(fit[first]), limit)
        if what:
            note[some] = said.setdefault(what, len(said))
        if limit is not None:
            strata[some] = who.setdefault(limit.strata_words or "everybody", len(who))
            mean = predicted(limit, limits.people)[study[some]] if limit.intercept is not None else None
            z[some] = z_score(limit, values[some], mean)
    return {
        "limit_row": line,
        "limit_for": named(strata, tuple(who)),
        "limit_note": named(note, tuple(said)),
        "z_score": z,
        "percentile": percentile(z),
    }
