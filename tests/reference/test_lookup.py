"""The limit of a reading: at every edge of every stratum, with what is not known, and what is said about it."""

from typing import Any

import numpy as np
import pytest

from ncs_analyzer.pipeline import Analysis, analyze
from ncs_analyzer.readings import Readings
from ncs_analyzer.reference.finder import Finder, Wanted
from ncs_analyzer.reference.limit import BOUNDS, Limit
from ncs_analyzer.reference.people import People
from ncs_analyzer.reference.tables import Reference, builtin, builtin_ids, default_reference
from ncs_analyzer.report.record import study_records

OTHERS = {"age": 50.0, "height": 170.0, "bmi": 22.0, "filter": 2.0}


def people(**given: Any) -> People:
    """People of one stratum each; what is not given is unknown."""
    n = max(len(v) for v in given.values())
    blank = np.full(n, np.nan)
    numbers = {name: np.asarray(given.get(name, blank), float) for name in ("age", "height", "bmi", "filter")}
    return People(sex=np.array(given.get("sex", [""] * n), object), **numbers)


def wanted(limit: Limit) -> Wanted:
    recording = limit.recording or {"motor": "", "f_wave": ""}.get(limit.study, "")
    return Wanted(
        limit.study,
        limit.nerve,
        limit.measure,
        recording,
        limit.segment,
        limit.convention,
        not limit.segment,
        limit.against,
    )


def fits_by_hand(limit: Limit, who: dict[str, Any]) -> bool:
    """The contract, read literally: min <= x < max."""
    for (low, high), name in zip(BOUNDS, ("age", "height", "bmi"), strict=True):
        start, end = getattr(limit, low), getattr(limit, high)
        if start is not None and not who[name] >= start:
            return False
        if end is not None and not who[name] < end:
            return False
    return limit.sex in ("", who["sex"]) and limit.low_cut_hz in (None, who["filter"])


@pytest.mark.parametrize("name", builtin_ids())
def test_every_edge_of_every_stratum(name: str) -> None:
    """At each bound of each row and just below it, the row with most strata that fits by hand gives the limit."""
    source = builtin(name)
    assert source.card is not None
    reference = Reference((source,))
    groups: dict[Wanted, list[Limit]] = {}
    for limit in source.limits:
        if limit.study not in ("motor", "f_wave") or limit.recording:
            groups.setdefault(wanted(limit), []).append(limit)
    first = source.card.age_min if source.card.age_min is not None else 0.0
    last = source.card.age_max if source.card.age_max is not None else 150.0
    for what, rows in groups.items():
        some = [
            {
                **OTHERS,
                "sex": sex,
                **{n: v for n, v in zip(("age", "height", "bmi"), point, strict=True) if v is not None},
            }
            for sex in ("F", "M")
            for point in _corners(rows)
        ]
        some = [{**who, "age": min(max(who["age"], first), np.nextafter(last, 0))} for who in some]
        crowd = people(**{key: [who[key] for who in some] for key in ("age", "height", "bmi", "filter", "sex")})
        found = Finder(reference, crowd).find_in(0, what)
        for i, who in enumerate(some):
            fitting = [row for row in rows if fits_by_hand(row, who)]
            if not fitting:
                assert np.isnan(found.value[i]), (what, who)
                continue
            most = max(row.strata for row in fitting)
            best = [row for row in fitting if row.strata == most]
            assert len(best) == 1, (what, who)
            assert found.line[i] == best[0].row, (what, who)


def _corners(rows: list[Limit]) -> list[tuple[float | None, float | None, float | None]]:
    edges: list[list[float | None]] = []
    for low, high in BOUNDS:
        stated = sorted({v for row in rows for v in (getattr(row, low), getattr(row, high)) if v is not None})
        edges.append([None, *(x for edge in stated for x in (float(np.nextafter(edge, -1e9)), edge))])
    return [(a, h, b) for a in edges[0] for h in edges[1] for b in edges[2]]


# ---------------------------------------------------------------- through the whole program

MEDIAN = {
    "patient_id": "p",
    "study": "motor",
    "nerve": "median",
    "side": "right",
    "recording": "APB",
    "stimulation": "wrist",
}


def study(**given: Any) -> tuple[Analysis, dict[str, Any]]:
    analysis = analyze(Readings.from_rows([{**MEDIAN, **given}]), default_reference())
    return analysis, next(iter(study_records(analysis)))


def reading(record: dict[str, Any], measure: str) -> dict[str, Any]:
    return next(r for r in record["readings"] if r["measure"] == measure)


@pytest.mark.parametrize(
    ("age", "sex", "upper"),
    [(19, "M", 4.6), (49.99, "M", 4.6), (50, "M", 4.7), (79.99, "M", 4.7), (18, "M", 4.6), (95, "M", 4.7),
     (19, "F", 4.4), (50, "F", 4.4)],
)  # fmt: skip
def test_median_distal_latency(age: float, sex: str, upper: float) -> None:
    """AANEM 2016: men 4.6 ms to 49 years and 4.7 from 50, women 4.4; the nearest band at 18 and above 79."""
    _, record = study(age_years=age, sex=sex, latency_ms=4.5, distance_mm=80)
    found = reading(record, "distal_latency")
    assert (found["upper"], found["limit_source"]) == (upper, "aanem_ndtf_2016")


def test_the_nearest_band_is_said() -> None:
    _, record = study(age_years=85, sex="M", latency_ms=4.5)
    assert any("Age 85 lies outside" in sentence for sentence in record["limitations"])
    _, record = study(age_years=79, sex="M", latency_ms=4.5)
    assert not any("lies outside" in sentence for sentence in record["limitations"])


def test_unknown_sex_takes_no_row_that_needs_it() -> None:
    _, record = study(age_years=40, latency_ms=4.5)
    assert reading(record, "distal_latency")["grade"] in ("no_limit", "normal")
    assert reading(record, "distal_latency")["upper"] in (None, 4.5)


def test_distance_differs_only_where_the_limit_of_the_table_was_used() -> None:
    _, record = study(age_years=40, sex="M", latency_ms=4.5, distance_mm=60)
    assert [s for s in record["limitations"] if s.startswith("Distance differs: the right median motor")]
    _, record = study(age_years=40, sex="M", latency_ms=4.5, distance_mm=60, latency_upper_limit=4.0)
    assert not [s for s in record["limitations"] if s.startswith("Distance differs")]
    _, record = study(age_years=85, sex="M", latency_ms=4.5, latency_upper_limit=4.0)
    assert not [s for s in record["limitations"] if "lies outside" in s]


def test_adult_limits_never_serve_children() -> None:
    """No limit for a child comes from a source of adults."""
    rows = [
        {**MEDIAN, "patient_id": str(age), "age_years": age, "sex": "F", "height_cm": 100, **more}
        for age in (0.02, 0.5, 3, 9, 15.99)
        for more in (
            {"latency_ms": 2.5, "amplitude_mv": 5.0, "area_mvms": 9.0},
            {"study": "f_wave", "latency_ms": 20.0},
            {"study": "h_reflex", "recording": "FCR", "stimulation": "elbow", "latency_ms": 15.0},
            {
                "study": "h_reflex",
                "nerve": "tibial",
                "recording": "soleus",
                "stimulation": "popliteal_fossa",
                "latency_ms": 15.0,
            },
            {"study": "sensory", "recording": "digit_2", "peak_latency_ms": 2.5, "amplitude_uv": 20.0},
        )
    ]
    analysis = analyze(Readings.from_rows(rows), default_reference())
    for record in study_records(analysis):
        sources = {r["limit_source"] for r in record["readings"]} - {None}
        assert sources <= {"ryan_2019", "cai_zhang_1997"}, record["patient_id"]
        assert "ryan_2019" in sources


def test_every_value_says_its_row_its_people_and_its_z_score() -> None:
    """Women to 49 years: mean 3.5, SD 0.4 ms (column mean and sd of that row)."""
    _, record = study(age_years=30, sex="F", latency_ms=4.1, distance_mm=60)
    found = reading(record, "distal_latency")
    limit = next(x for x in builtin("aanem_ndtf_2016").limits if x.row == found["limit_row"])
    assert found["limit_for"] == "age 19 to under 50, women"
    assert found["limit_note"] == "distance differs: the limit holds for 80 mm"
    assert limit.mean is not None
    assert limit.sd is not None
    assert found["z_score"] == pytest.approx((4.1 - limit.mean) / limit.sd)
    assert 90 < found["percentile"] < 97


def test_a_skewed_amplitude_has_no_z_score_of_its_printed_mean() -> None:
    _, record = study(age_years=30, sex="F", amplitude_mv=9.0)
    assert reading(record, "amplitude")["lower"] is not None
    assert reading(record, "amplitude")["z_score"] is None


def test_what_is_not_known_is_said() -> None:
    _, record = study(age_years=30, latency_ms=4.1)
    assert "sex not known" in reading(record, "distal_latency")["limit_note"]
    _, record = study(sex="F", latency_ms=4.1)
    assert reading(record, "distal_latency")["upper"] is None
    assert "age not known" in reading(record, "distal_latency")["limit_note"]
    _, record = study(age_years=30, sex="F", latency_ms=4.1, latency_upper_limit=4.0)
    assert reading(record, "distal_latency")["limit_note"] is None
