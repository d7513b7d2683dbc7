"""The healthy part of mixed data: a normal distribution on a Box-Cox scale, the diseased anywhere on their side of it.

In the spirit of the indirect methods that look for the distribution of the healthy in routine data (TMC: Wosniok W,
Haeckel R. Clin Chem Lab Med 2019;57:1933-1947; refineR: Ammer T et al. Sci Rep 2021;11:16023), with one thing more:
disease moves a measure of conduction to one side only. So the healthy are normal on the scale of a power, and the
diseased a free mixture of normals that lie two SD or more to that side, in any share. Both are found together by
maximum likelihood (EM); of the healthy then come the limit and, where they matter, the effects of age, height and sex.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.reference.boxcox import back, transformed
from ncs_analyzer.reference.derive.covariates import Design, rows_of
from ncs_analyzer.reference.derive.estimate import POWERS, USUAL_POWER, Estimate, Row, multiplier, need
from ncs_analyzer.reference.people import People

SHIFTS: Final = np.array([0.0, 2.0, 3.0, 4.5, 6.5, 9.0, 13.0, 20.0])
"""How far the components lie from the healthy, in SD of the healthy; the first are the healthy themselves."""

SPREADS: Final = np.maximum(1.0, SHIFTS / 2.5)
_SURE: Final = 6.0
"""How much higher the log-likelihood of another power has to be, per unit of power."""

_BINS: Final = 400
_MOST_STEPS, _BOOTSTRAP_STEPS = 300, 60


@dataclass(frozen=True)
class Fit:
    """The healthy: mean, SD and share; `weights` of all components."""

    mean: float
    sd: float
    weights: Floats
    likelihood: float


def central(
    values: Floats,
    people: People,
    measure: str,
    side: str,
    percentile: float = 97.0,
    bootstraps: int = 100,
    seed: int = 0,
) -> Estimate:
    """The limit of one side, with a bootstrap interval. Values that are not above zero take no part. Raises TooFewError."""
    kept = values > 0
    values, people = values[kept], people.take(np.flatnonzero(kept))
    need("central", len(values))
    sign = 1.0 if side == "upper" else -1.0
    unit = float(np.exp(np.log(values).mean()))
    power, points, counts, fit = _best(values / unit, measure, sign)
    k = multiplier(percentile)
    limit = unit * _limit(fit, k, sign, power)
    rng = np.random.default_rng(seed)
    drawn = [
        unit
        * _limit(
            _em(points, rng.multinomial(len(values), counts / counts.sum()).astype(float), fit, _BOOTSTRAP_STEPS),
            k,
            sign,
            power,
        )
        for _ in range(bootstraps)
    ]
    ci = (float(np.percentile(drawn, 2.5)), float(np.percentile(drawn, 97.5))) if drawn else None
    scale = {0.0: "logarithms", 0.5: "square roots", 1.0: "values as measured"}[power]
    how = (
        f"central part: normal {scale} of {fit.weights[0]:.0%} of the values taken for healthy, percentile {percentile:g}, "
        f"{bootstraps} bootstraps with seed {seed}"
    )
    mean, sd = _as_measured(fit, sign, power, unit)
    simple = Row(limit, mean=mean, sd=sd, power=None if power == 1.0 else power, ci=ci)
    adjusted = _adjusted(values, people, sign, power, unit, fit, k)
    if adjusted:
        how += "; depends on " + " and ".join(adjusted[1].names)
    return Estimate("central", adjusted[0] if adjusted else (simple,), len(values), how, float(fit.weights[0]))


def _best(values: Floats, measure: str, sign: float) -> tuple[float, Floats, Floats, Fit]:
    """The power under which the data are likeliest, the usual one being preferred; and the fit there."""
    usual, logs, found = USUAL_POWER.get(measure, 1.0), np.log(values).sum(), []
    for power in POWERS:
        points, counts = _binned(sign * transformed(values, power))
        fit = _em(points, counts, _start(points, counts), _MOST_STEPS)
        worth = fit.likelihood + (power - 1.0) * logs - _SURE * abs(power - usual)
        found.append((worth, power, points, counts, fit))
    _, power, points, counts, fit = max(found, key=lambda f: f[0])
    return power, points, counts, fit


def _binned(values: Floats) -> tuple[Floats, Floats]:
    """Distinct values and how often each occurs; many distinct ones in narrow bins of equal count."""
    points, counts = np.unique(values, return_counts=True)
    if len(points) <= _BINS:
        return points, counts.astype(float)
    parts = np.array_split(np.sort(values), _BINS)
    return np.array([p.mean() for p in parts]), np.array([len(p) for p in parts], float)


def _start(points: Floats, counts: Floats) -> Fit:
    """A first guess from the healthy side: the 35th percentile as mean."""
    share = np.cumsum(counts) / counts.sum()
    low, middle = np.interp((0.05, 0.35), share, points)
    weights = np.r_[0.6, np.full(len(SHIFTS) - 1, 0.4 / (len(SHIFTS) - 1))]
    return Fit(float(middle), max(float(middle - low) / 1.3, 1e-6), weights, -np.inf)


def _em(points: Floats, counts: Floats, start: Fit, steps: int) -> Fit:
    mean, sd, weights, before = start.mean, start.sd, start.weights, -np.inf
    likelihood = before
    for step in range(steps):
        density = (
            np.exp(-0.5 * ((points[:, None] - mean - SHIFTS * sd) / (SPREADS * sd)) ** 2) / (SPREADS * sd) * weights
        )
        total = density.sum(axis=1) + 1e-300
        likelihood = float(counts @ np.log(total))
        own = counts * density[:, 0] / total
        weights = counts @ (density / total[:, None]) / counts.sum()
        mean = float(own @ points / own.sum())
        sd = float(np.sqrt(own @ (points - mean) ** 2 / own.sum())) + 1e-9
        if step > 30 and abs(likelihood - before) < 1e-3:
            break
        before = likelihood
    return Fit(mean, sd, weights, likelihood)


def _limit(fit: Fit, k: float, sign: float, power: float) -> float:
    return float(back(np.array([sign * (fit.mean + k * fit.sd)]), power)[0])


def _as_measured(fit: Fit, sign: float, power: float, unit: float) -> tuple[float, float]:
    """Mean and SD of the healthy on the scale of the power, for values in their own unit."""
    if power == 1.0:
        return (sign * fit.mean + 1.0) * unit, fit.sd * unit
    if power == 0.0:
        return sign * fit.mean + float(np.log(unit)), fit.sd
    factor = unit**power
    return factor * sign * fit.mean + (factor - 1.0) / power, fit.sd * factor


def _adjusted(
    values: Floats, people: People, sign: float, power: float, unit: float, fit: Fit, k: float
) -> tuple[tuple[Row, ...], Design] | None:
    """Rows with the effects of age, height and sex on the healthy; None where none is sure."""
    scale = None if power == 1.0 else power
    y = transformed(values, scale)
    start_mean, sd = _as_measured(fit, sign, power, unit)
    design = Design.of(people)
    while design.names:
        beta = np.r_[start_mean, np.zeros(design.columns.shape[1] - 1)]
        sd_now, weights = sd, fit.weights
        own = np.zeros(len(y))
        for _ in range(100):
            rest = sign * (y - design.columns @ beta)
            density = (
                np.exp(-0.5 * ((rest[:, None] - SHIFTS * sd_now) / (SPREADS * sd_now)) ** 2)
                / (SPREADS * sd_now)
                * weights
            )
            total = density.sum(axis=1) + 1e-300
            own, weights = density[:, 0] / total, (density / total[:, None]).mean(axis=0)
            previous = beta
            beta = design.least_squares(y, own)
            sd_now = float(np.sqrt(own @ (y - design.columns @ beta) ** 2 / own.sum())) + 1e-9
            if np.abs(design.columns.mean(axis=0) * (beta - previous)).max() < 1e-6 * sd_now:
                break
        weakest, t = design.weakest(beta, own, sd_now)
        if t >= Design.SURE:
            return rows_of(design, beta, sd_now, scale, sign * k), design
        design = design.without(weakest)
    return None
