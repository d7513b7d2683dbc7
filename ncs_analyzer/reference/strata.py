"""What can be wrong between the rows of a reference table: overlaps, gaps, strata that run the wrong way."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, groupby, pairwise
from typing import Any, Final

from ncs_analyzer.reference.limit import BOUNDS, Limit, bound
from ncs_analyzer.reference.measures import DIFFERENCES
from ncs_analyzer.reference.problem import Problem

_RISES_WITH_AGE: Final = ("distal_latency", "onset_latency", "peak_latency", "minimal_f_latency", "h_latency")
_FALLS_WITH_AGE: Final = ("amplitude", "area", "velocity")
_RISES_WITH_HEIGHT: Final = ("minimal_f_latency", "h_latency")
_FALLS_WITH_HEIGHT: Final = ("velocity",)
_ADULT: Final = 18.0


def row_problems(limits: Iterable[Limit]) -> Iterator[Problem]:
    """What is wrong between the rows of one measure: overlaps, gaps, strata that run the wrong way."""
    for _, group in groupby(sorted(limits, key=lambda x: (x.key, x.row)), key=lambda x: x.key):
        rows = list(group)
        yield from _overlaps(rows)
        yield from _one_sex(rows)
        for name, bounds in zip(("age", "height", "BMI"), BOUNDS, strict=True):
            for series in _series(rows, bounds):
                yield from _gaps(series, rows, bounds)
                yield from _against_nature(series, name, bounds)


def _what(limit: Limit) -> str:
    return " ".join(filter(None, (limit.study, limit.nerve, limit.measure, limit.recording, limit.segment)))


def _overlaps(rows: list[Limit]) -> Iterator[Problem]:
    """Rows that are equally specific and fit the same person."""
    for a, b in combinations(rows, 2):
        if a.strata != b.strata or not a.meets(b):
            continue
        if a.asks_for != b.asks_for and any(c.strata > a.strata and c.meets(a) and c.meets(b) for c in rows):
            continue
        how = (
            "equally well"
            if a.asks_for == b.asks_for
            else f"by {' and '.join(a.asks_for)} and by {' and '.join(b.asks_for)}"
        )
        yield Problem(
            f"fits the same people as row {a.row} {how} ({_what(a)}: {a.strata_words or 'everybody'}; "
            f"{b.strata_words or 'everybody'})",
            "Narrow the bounds of one (upper bounds are not included), or delete it.", b.row,
        )  # fmt: skip


def _one_sex(rows: list[Limit]) -> Iterator[Problem]:
    sexes = {r.sex for r in rows}
    if len(sexes) == 1 and "" not in sexes:
        yield Problem(
            f"{_what(rows[0])} has rows for {'women' if 'F' in sexes else 'men'} only", "Add the other sex, or confirm.",
            rows[0].row, "sex", rows[0].sex, "warning",
        )  # fmt: skip


def _series(rows: list[Limit], bounds: tuple[str, str]) -> Iterator[list[Limit]]:
    """Rows that differ in one pair of bounds only, in order."""
    low, high = bounds

    def rest(limit: Limit) -> tuple[Any, ...]:
        others = tuple(bound(getattr(limit, c), -1.0) for pair in BOUNDS if pair != bounds for c in pair)
        return (*others, limit.sex, bound(limit.low_cut_hz, -1.0))

    banded = [r for r in rows if getattr(r, low) is not None or getattr(r, high) is not None]
    banded.sort(key=lambda r: (rest(r), bound(getattr(r, low), -1e9), bound(getattr(r, high), 1e9)))
    for _, group in groupby(banded, key=rest):
        yield list(group)


def _gaps(series: list[Limit], rows: list[Limit], bounds: tuple[str, str]) -> Iterator[Problem]:
    low, high = bounds
    for a, b in pairwise(series):
        end, start = getattr(a, high), getattr(b, low)
        if end is None or start is None or end >= start:
            continue
        hole = replace(a, **{low: end, high: start})
        if any(c.meets(hole) for c in rows):
            continue
        yield Problem(
            f"nobody from {low.partition('_')[0]} {end:g} to under {start:g} has a limit of {_what(a)} (row {a.row} ends at "
            f"{end:g})", f"Upper bounds are not included: write {start:g} in {high} of row {a.row}, or confirm.",
            b.row, low, f"{start:g}", "warning",
        )  # fmt: skip


def _against_nature(series: list[Limit], name: str, bounds: tuple[str, str]) -> Iterator[Problem]:
    """Limits that get stricter where they should get wider: probably a slip of the pen."""
    if not series or series[0].measure in DIFFERENCES.get(series[0].study, {}) or name == "BMI":
        return
    measure = series[0].measure
    rises = measure in (_RISES_WITH_AGE if name == "age" else _RISES_WITH_HEIGHT)
    falls = measure in (_FALLS_WITH_AGE if name == "age" else _FALLS_WITH_HEIGHT)
    column = "upper" if rises else "lower"
    for a, b in pairwise(series):
        if not (rises or falls) or (name == "age" and bound(a.age_min, 0.0) < _ADULT):
            continue
        first, second = getattr(a, column), getattr(b, column)
        wider = bound(getattr(b, bounds[1]), 1e9) > bound(getattr(a, bounds[1]), 1e9)
        if first is None or second is None or not wider or (second >= first if rises else second <= first):
            continue
        yield Problem(
            f"the {column} limit of {_what(b)} should not {'fall' if rises else 'rise'} with {name}, and row {a.row} "
            f"has {first:g}",
            "Correct the number, or confirm.", b.row, column, f"{second:g}", "warning",
        )  # fmt: skip
