"""The course of a patient over several studies: the measures that were abnormal at some time."""

from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from ncs_analyzer.report.html.pictures import spark
from ncs_analyzer.report.labels import Labels
from ncs_analyzer.report.values import MEASURES, Shown, is_abnormal, shown
from ncs_analyzer.wording import plain, unit

Record = dict[str, Any]

FOLLOWED: Final = ("amplitude", "distal_latency", "peak_latency", "velocity", "minimal_f_latency", "h_latency")


@dataclass(frozen=True)
class Row:
    """One measure over all studies. `values`: as shown, None where a study does not have it."""

    nerve: str
    what: str
    values: list[Shown | None]
    picture: Markup


@dataclass(frozen=True)
class Course:
    """`dates`: of the studies; `rows`: what was abnormal at some time; `steady`: how many measures never were."""

    dates: list[str]
    rows: list[Row]
    steady: int


def course(records: list[Record], say: Labels) -> Course:
    """The measures that stand in two studies or more."""
    measures: dict[tuple[str, ...], list[Record | None]] = {}
    for i, record in enumerate(records):
        for r in record["readings"]:
            if r["measure"] in FOLLOWED and r["grade"] not in (None, "not_tested", "no_limit"):
                key = tuple(r[name] or "" for name in ("study", "nerve", "side", "recording", "stimulation", "measure"))
                measures.setdefault(key, [None] * len(records))[i] = r
    shared = {key: values for key, values in measures.items() if sum(v is not None for v in values) > 1}
    rows = [_row(key, values, say) for key, values in shared.items() if any(v and is_abnormal(v) for v in values)]
    return Course([record["study_date"] or "?" for record in records], rows, len(shared) - len(rows))


def _row(key: tuple[str, ...], values: list[Record | None], say: Labels) -> Row:
    kind, nerve, side, _, site, measure = key
    known = next(v for v in values if v)
    name = f"{say(side)} {say(plain(nerve))}"
    where = f", {say(plain(site))}" if site and kind == "motor" else ""
    what = f"{say(MEASURES.get(measure, plain(measure)))} {unit(known['unit'])}{where}"
    percents = [v["percent_of_limit"] if v and v["value"] is not None else None for v in values]
    picture = spark(percents, known["lower"] is not None, f"{name} {what}: percent of the limit over the studies")
    return Row(name, what, [shown(v) if v else None for v in values], picture)
