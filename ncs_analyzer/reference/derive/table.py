"""Derived limits as a table that --reference takes, with how it was made written above its headings."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from ncs_analyzer.reference.derive.estimate import Estimate, Row
from ncs_analyzer.reference.derive.samples import Sample
from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.reference.measures import unit_and_side
from ncs_analyzer.reference.tables import Source

COLUMNS = (
    "nerve", "study", "measure", "recording", "segment", "sex", "age_min", "age_max", "lower", "upper", "unit",
    "statistic", "convention", "distance_mm", "n", "mean", "sd", "power", "intercept", "per_year", "per_cm", "sd_multiplier",
    "ci_low", "ci_high",
)  # fmt: skip

_DIGITS = 6


def limits(made: Iterable[tuple[Sample, Estimate]]) -> list[Limit]:
    """The rows of the table."""
    rows = [(sample, estimate, row) for sample, estimate in made for row in estimate.rows]
    return [_limit(number, *row) for number, row in enumerate(rows, 2)]


def _limit(number: int, sample: Sample, estimate: Estimate, row: Row) -> Limit:
    wanted = sample.wanted
    unit, side = unit_and_side(wanted.study, wanted.measure)
    rounded: dict[str, Any] = {name: _rounded(value) for name, value in row.coefficients.items()}
    low, high = row.ci or (None, None)
    return Limit(
        number, wanted.nerve, wanted.study, wanted.measure, wanted.recording, wanted.segment, sex=row.sex, unit=unit,
        statistic=estimate.how, convention=wanted.convention, age_min=row.age_min, age_max=row.age_max,
        lower=_rounded(row.limit) if side == "lower" else None, upper=_rounded(row.limit) if side == "upper" else None,
        distance_mm=sample.distance_mm, n=float(estimate.n), mean=None if row.coefficients else _rounded(row.mean),
        sd=_rounded(row.sd), power=row.power, ci_low=_rounded(low), ci_high=_rounded(high), **rounded,
    )  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def own_source(made: Iterable[tuple[Sample, Estimate]]) -> Source:
    """The table as a source to look up in."""
    return Source("derived", "derived limits", None, tuple(limits(made)), "")


def table_csv(made: Iterable[tuple[Sample, Estimate]], how: Iterable[str]) -> str:
    """The text of the table; `how`: lines that say how it was made."""
    text = io.StringIO()
    text.writelines(f"# {' '.join(line.split())}\n" for line in how)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for limit in limits(made):
        writer.writerow([_cell(getattr(limit, name)) for name in COLUMNS])
    return text.getvalue()


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.{_DIGITS}g}" if isinstance(value, float) else str(value)
