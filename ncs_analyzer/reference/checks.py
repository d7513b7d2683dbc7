"""What can be wrong with one row of a reference table: its column, what was found and what to do."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Final

from ncs_analyzer.reference.limit import BOUNDS, Limit
from ncs_analyzer.reference.measures import MEASURES, measures_of, unit_and_side
from ncs_analyzer.reference.problem import Problem
from ncs_analyzer.vocabulary.anatomy import CONVENTIONS, NERVES

PLAUSIBLE: Final = {
    "age": (0.0, 130.0), "height": (20.0, 260.0), "bmi": (5.0, 90.0), "distance_mm": (10.0, 800.0), "low_cut_hz": (0.05, 500.0),
}  # fmt: skip
"""Bounds beyond which a stratum, a distance or a filter must be in another unit."""

POSSIBLE: Final = {
    "distal_latency": (0.3, 40.0), "onset_latency": (0.3, 30.0), "peak_latency": (0.3, 30.0), "duration": (0.5, 60.0),
    "minimal_f_latency": (5.0, 150.0), "h_latency": (5.0, 80.0), "mV": (0.02, 40.0), "mV*ms": (0.1, 200.0),
    "uV": (0.2, 250.0), "m/s": (8.0, 110.0), "%": (0.5, 100.0),
}  # fmt: skip
"""Limits of single responses, by measure or by unit; outside, the number is in another unit."""

_DIFFERENCE: Final = (-50.0, 200.0)


def cell_problems(limit: Limit) -> Iterator[Problem]:
    """What is wrong with a row taken by itself."""
    yield from _names(limit)
    if limit.study not in MEASURES or limit.measure not in measures_of(limit.study):
        return
    yield from _units(limit)
    yield from _strata(limit)
    yield from _numbers(limit)


def _choose(limit: Limit, column: str, allowed: Iterable[str], shown: str | None = None) -> Iterator[Problem]:
    value = getattr(limit, column)
    if value not in allowed:
        words = shown or f"one of {', '.join(a for a in allowed if a)}"
        yield Problem(f"not {words}", "Correct the word.", limit.row, column, value)


def _names(limit: Limit) -> Iterator[Problem]:
    yield from _choose(limit, "study", tuple(MEASURES))
    yield from _choose(limit, "nerve", NERVES, "a nerve the program knows (ncs-analyzer reference list --nerves)")
    yield from _choose(limit, "sex", ("", "F", "M"))
    yield from _choose(limit, "convention", ("", *CONVENTIONS))
    if limit.study in MEASURES:
        yield from _choose(limit, "measure", measures_of(limit.study))
    if limit.segment and not re.fullmatch(r"\w+-\w+", limit.segment):
        yield Problem("not written distal-proximal", "Write wrist-elbow.", limit.row, "segment", limit.segment)
    if limit.against and not re.fullmatch(r"\w+ \w+", limit.against):
        yield Problem("not a nerve and its recording", "Write ulnar digit_5.", limit.row, "against", limit.against)


def _units(limit: Limit) -> Iterator[Problem]:
    unit, _ = unit_and_side(limit.study, limit.measure)
    if limit.unit and limit.unit != unit:
        yield Problem(
            f"{limit.measure} of a {limit.study} study is in {unit}", f"Convert the row to {unit}.",
            limit.row, "unit", limit.unit,
        )  # fmt: skip
    single = limit.measure in MEASURES[limit.study]
    low, high = POSSIBLE[limit.measure if limit.measure in POSSIBLE else unit] if single else _DIFFERENCE
    for column in ("lower", "upper"):
        value = getattr(limit, column)
        if value is not None and not low <= value <= high:
            yield Problem(
                f"not possible for {limit.measure} in {unit} ({low:g} to {high:g})", f"Check the unit: {unit}.",
                limit.row, column, f"{value:g}",
            )  # fmt: skip


def _strata(limit: Limit) -> Iterator[Problem]:
    for low, high in BOUNDS:
        start, end = getattr(limit, low), getattr(limit, high)
        least, most = PLAUSIBLE[low.partition("_")[0]]
        for column, value in ((low, start), (high, end)):
            if value is not None and not least <= value <= most:
                yield Problem(
                    f"not between {least:g} and {most:g}", "Write years, cm or kg/m², and leave an open end empty.",
                    limit.row, column, f"{value:g}",
                )  # fmt: skip
        if start is not None and end is not None and start >= end:
            yield Problem(
                f"{low} {start:g} is not below {high}", "Upper bounds are not included: 19 to 39 years is 19, 40.",
                limit.row, high, f"{end:g}",
            )  # fmt: skip
    for column in ("distance_mm", "low_cut_hz"):
        value, (least, most) = getattr(limit, column), PLAUSIBLE[column]
        if value is not None and not least <= value <= most:
            yield Problem(f"not between {least:g} and {most:g}", "Write mm or Hz.", limit.row, column, f"{value:g}")


def _numbers(limit: Limit) -> Iterator[Problem]:
    unit, side = unit_and_side(limit.study, limit.measure)
    formula, given = limit.intercept is not None, limit.side(side)
    other = "lower" if side == "upper" else "upper"
    if formula and (limit.sd is None or limit.sd_multiplier is None):
        yield Problem("a formula needs intercept, sd and sd_multiplier", "Fill in all three.", limit.row, "intercept")
    if given is None and not formula:
        wrong = limit.side(other) is not None
        what = f"the limit of {limit.measure} stands in the wrong column" if wrong else f"{limit.measure} has no limit"
        yield Problem(what, f"Write it in the column {side}.", limit.row, other if wrong else side,
                      f"{limit.side(other):g}" if wrong else None)  # fmt: skip
    if limit.lower is not None and limit.upper is not None and limit.lower >= limit.upper:
        yield Problem("lower is not below upper", "Exchange or correct them.", limit.row, "lower", f"{limit.lower:g}")
    for column in ("sd", "n"):
        value = getattr(limit, column)
        if value is not None and value <= 0:
            yield Problem("not above zero", "Correct the number.", limit.row, column, f"{value:g}")
    if limit.mean is not None:
        middle = typical(limit)
        for column, beyond in (("lower", 1.0), ("upper", -1.0)):
            value = getattr(limit, column)
            if value is not None and beyond * (value - middle) >= 0:
                yield Problem(
                    f"the {column} limit is on the wrong side of the mean {middle:g} {unit}",
                    "Correct the limit or the mean.", limit.row, column, f"{value:g}",
                )  # fmt: skip


def typical(limit: Limit) -> float:
    """The row's mean on the scale of the measure; NaN where there is none."""
    if limit.mean is None:
        return math.nan
    if limit.power is None:
        return limit.mean
    if limit.power == 0:
        return math.exp(limit.mean)
    inside = limit.mean * limit.power + 1.0
    return float(inside ** (1.0 / limit.power)) if inside > 0 else math.nan
