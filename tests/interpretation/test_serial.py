"""Change between the studies of one patient, and reversible conduction failure."""

from typing import Any

import pytest

from ncs_analyzer.interpretation.serial import CHANGES, Serial
from ncs_analyzer.pipeline import analyze
from ncs_analyzer.readings import Readings
from tests.judged import NO_REFERENCE
from tests.studies import Row, motor, sensory, study


def course(*visits: list[Row], **when: list[Any]) -> Serial:
    """The visits of one patient, a month apart unless `study_date` or `days_since_onset` say otherwise."""
    dates = when.get("study_date", [f"2025-0{i + 1}-01" for i in range(len(visits))])
    days = when.get("days_since_onset", [None] * len(visits))
    rows = [
        {**row, "patient_id": "X", "study_id": f"visit {i}", "study_date": dates[i], "days_since_onset": days[i]}
        for i, visit in enumerate(visits)
        for row in visit
    ]
    return analyze(Readings.from_rows(rows), NO_REFERENCE).interpretation.serial


def change(serial: Serial, measure: str) -> str:
    (found,) = (c for c in serial.changes if c.measure == measure)
    return CHANGES[found.code[0]]


@pytest.mark.parametrize(
    ("measure", "field", "earlier", "later", "said"),
    [
        ("distal_amplitude", "amp", "10", "12", "unchanged"),
        ("distal_amplitude", "amp", "10", "12.1", "better"),
        ("distal_amplitude", "amp", "10", "8", "unchanged"),
        ("distal_amplitude", "amp", "10", "7.9", "worse"),
        ("distal_amplitude", "amp", "absent", "1", "better"),
        ("distal_latency", "dml", "4.0", "4.4", "unchanged"),
        ("distal_latency", "dml", "4.0", "4.5", "worse"),
        ("distal_latency", "dml", "4.0", "3.5", "better"),
        ("velocity", "mcv", "50", "55", "unchanged"),
        ("velocity", "mcv", "50", "55.1", "better"),
        ("minimal_f_latency", "f", "30", "33.1", "worse"),
        ("distal_duration", "dur", "5", "5.6", "worse"),
        ("distal_duration", "dur", "5", None, "not_comparable"),
    ],
)
def test_change_against_repeat_error(measure: str, field: str, earlier: str, later: str | None, said: str) -> None:
    serial = course(study(motor("ulnar", **{field: earlier})), study(motor("ulnar", **{field: later})))
    assert change(serial, measure) == said


@pytest.mark.parametrize(("later", "recovered"), [("14.9", False), ("15", True), ("15.1", True)])
def test_cmap_that_rises_by_half(later: str, recovered: bool) -> None:
    serial = course(study(motor("ulnar", amp="10")), study(motor("ulnar", amp=later, amp2=later)))
    assert serial.of_study().tolist() == [False, recovered]


@pytest.mark.parametrize(
    ("earlier", "later", "recovered"), [("10", "15", True), ("10", "14.9", False), ("absent", "3", True)]
)
def test_snap_that_rises_by_half(earlier: str, later: str, recovered: bool) -> None:
    serial = course(study(sensory("sural", snap=earlier)), study(sensory("sural", snap=later)))
    assert bool(serial.of_study()[1]) == recovered


@pytest.mark.parametrize(
    ("later", "recovered"),
    [
        ({"amp2": "7.1", "dml": "2.9"}, True),
        ({"amp2": "7.1", "dur": "4.9", "dur2": "4.9"}, True),
        ({"amp2": "7.1", "mcv": "61"}, True),
        ({"amp2": "7.1"}, False),  # the block is gone, but nothing became faster
        ({"amp2": "7.0", "dml": "2.9"}, False),  # still a probable block
        ({"amp2": None, "dml": "2.9"}, False),  # not known whether the block is gone
    ],
)
def test_block_that_goes_with_faster_conduction(later: dict[str, str], recovered: bool) -> None:
    serial = course(study(motor("ulnar", amp2="4.9")), study(motor("ulnar", **later)))
    assert bool(serial.of_study()[1]) == recovered


def test_each_study_is_compared_with_the_one_just_before() -> None:
    visits = [study(motor("ulnar", amp=amp, amp2=amp)) for amp in ("10", "12", "16")]
    serial = course(*visits, study_date=["2025-03-01", "2025-01-01", "2025-02-01"])
    order = dict(enumerate(serial.previous.tolist()))
    first = next(i for i, before in order.items() if before < 0)
    second = next(i for i, before in order.items() if before == first)
    third = next(i for i, before in order.items() if before == second)
    dates = [serial.pattern.facts.physiology.motor.dcmap[i] for i in (first, second, third)]
    assert dates == [12.0, 16.0, 10.0]


def test_days_since_onset_order_studies_without_dates() -> None:
    serial = course(*[study(motor("ulnar"))] * 2, study_date=[None, None], days_since_onset=[30, 4])
    assert sorted(serial.previous.tolist()) == [-1, serial.previous.tolist().index(-1)]


def test_studies_at_unknown_times_are_not_compared() -> None:
    serial = course(*[study(motor("ulnar"))] * 2, study_date=[None, None])
    assert serial.previous.tolist() == [-1, -1]
