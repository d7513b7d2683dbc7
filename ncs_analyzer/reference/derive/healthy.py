"""Limits of labelled healthy subjects: percentiles with bootstrap intervals; quantile regression where n allows."""

from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.reference.boxcox import back, transformed
from ncs_analyzer.reference.derive.covariates import Design
from ncs_analyzer.reference.derive.estimate import NEEDED, USUAL_POWER, Estimate, Row, multiplier, need
from ncs_analyzer.reference.people import People

BAND: Final = 5.0
"""Years of a band in which a spline on age is written into the table."""


def healthy(
    values: Floats,
    people: People,
    measure: str,
    side: str,
    percentile: float = 97.0,
    bootstraps: int = 1000,
    seed: int = 0,
) -> Estimate:
    """The limit of one side: the percentile, from 120 subjects on; of fewer (from 40 on) mean and SD, skewed measures on
    the log scale. From 200 subjects on by quantile regression on what surely matters of age, height and sex, from 400 on
    with a spline on age. Raises TooFewError."""
    need("parametric", len(values))
    q = percentile / 100 if side == "upper" else 1 - percentile / 100
    if len(values) >= NEEDED["regression"]:
        regressed = _regression(values, people, q, measure)
        if regressed:
            return regressed
    power = USUAL_POWER.get(measure)
    y = transformed(values, power)
    few = len(values) < NEEDED["percentile"]

    def limit(some: Floats, scaled: Floats) -> Floats:
        if not few:
            return np.quantile(some, q, axis=-1)
        k = multiplier(100 * q)
        return back(scaled.mean(axis=-1) + k * scaled.std(axis=-1, ddof=1), power)

    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(values), (bootstraps, len(values)))
    found = limit(values[drawn], y[drawn])
    ci = (float(np.nanpercentile(found, 2.5)), float(np.nanpercentile(found, 97.5)))
    what = f"percentile {100 * q:g}"
    how = (f"{what} as mean and SD" + (" of the logarithms" if power == 0 else "") if few else what) + (
        f" of healthy subjects, {bootstraps} bootstraps with seed {seed}"
    )
    row = Row(float(limit(values, y)), mean=float(y.mean()), sd=float(y.std(ddof=1)), power=power, ci=ci)
    return Estimate("parametric" if few else "percentile", (row,), len(values), how)


def _regression(values: Floats, people: People, q: float, measure: str) -> Estimate | None:
    """Quantile regression on the effects that are sure; None where none is."""
    design = Design.of(people)
    y, ones = transformed(values, USUAL_POWER.get(measure)), np.ones(len(values))
    while design.names:
        beta = design.least_squares(y, ones)
        sd = float(np.std(y - design.columns @ beta, ddof=design.columns.shape[1]))
        weakest, t = design.weakest(beta, ones, sd)
        if t >= Design.SURE:
            break
        design = design.without(weakest)
    if not design.names:
        return None
    curved = "age" in design.names and len(values) >= NEEDED["splines"]
    knots = np.quantile(people.age, (0.05, 0.35, 0.65, 0.95)) if curved else np.zeros(0)
    curve = _spline(people.age, knots)
    beta = _quantile_regression(np.column_stack([design.columns, curve]), values, q)
    sd = float(np.std(values - design.columns @ design.least_squares(values, ones)))
    of = dict(zip(design.names, beta[1 : len(design.names) + 1], strict=True))
    rows = []
    k = multiplier(100 * q)
    for sex, man in (("F", 0.0), ("M", 1.0)) if "sex" in of else (("", 0.0),):
        base = float(beta[0]) + man * of.get("sex", 0.0) - k * sd
        more = {"sd_multiplier": abs(k)} | ({"per_cm": float(of["height"])} if "height" in of else {})
        if not curved:
            year = {"per_year": float(of["age"])} if "age" in of else {}
            rows.append(Row(None, sex=sex, coefficients={"intercept": base, **more, **year}, sd=sd))
            continue
        for start, end in _bands(people.age):
            middle = np.array([(start + end) / 2])
            bend = float((_spline(middle, knots) @ beta[len(design.names) + 1 :])[0])
            at = base + of["age"] * float(middle[0]) + bend
            rows.append(Row(None, sex=sex, age_min=start, age_max=end, coefficients={"intercept": at, **more}, sd=sd))
    how = f"quantile regression (percentile {100 * q:g}) of healthy subjects on {' and '.join(design.names)}" + (
        f", age as a natural spline, in bands of {BAND:g} years" if curved else ""
    )
    return Estimate("splines" if curved else "regression", tuple(rows), len(values), how)


def _bands(age: Floats) -> list[tuple[float, float]]:
    """Bands of age from the youngest to the oldest subject."""
    first, last = np.floor(age.min() / BAND) * BAND, np.floor(age.max() / BAND) * BAND + BAND
    return [(float(a), float(a + BAND)) for a in np.arange(first, last, BAND)]


def _spline(age: Floats, knots: Floats) -> Floats:
    """The curved part of a natural cubic spline (Harrell's restricted cubic spline), one column per inner knot."""
    if not len(knots):
        return np.zeros((len(age), 0))

    def cube(x: Floats) -> Floats:
        return np.maximum(x, 0.0) ** 3

    last, before, width = knots[-1], knots[-2], knots[-1] - knots[-2]
    columns = [
        (cube(age - k) - cube(age - before) * (last - k) / width + cube(age - last) * (before - k) / width)
        / (last - knots[0]) ** 2
        for k in knots[:-2]
    ]
    return np.column_stack(columns)


def _quantile_regression(columns: Floats, y: Floats, q: float) -> Floats:
    """Koenker and Bassett's regression quantile, as a linear programme."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, eye, hstack

    n, p = columns.shape
    scale = np.maximum(np.abs(columns).max(axis=0), 1e-12)
    equal = hstack([csr_matrix(columns / scale), eye(n), -eye(n)], format="csr")
    cost = np.r_[np.zeros(p), np.full(n, q), np.full(n, 1.0 - q)]
    bounds = [(None, None)] * p + [(0, None)] * (2 * n)
    found: Any = linprog(cost, A_eq=equal, b_eq=y, bounds=bounds, method="highs")
    return np.asarray(found.x[:p] / scale, np.float64)
