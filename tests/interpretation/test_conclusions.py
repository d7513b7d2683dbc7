"""Indices, severity, uniform slowing, sural sparing, signs of GBS, protocol, and change between two studies."""

import numpy as np
import pytest

from ncs_analyzer.interpretation.conclusions import Interpretation
from ncs_analyzer.interpretation.serial import CHANGES
from ncs_analyzer.interpretation.severity import SEVERITIES
from ncs_analyzer.pipeline import analyze
from ncs_analyzer.readings import Readings
from tests.judged import NO_REFERENCE, analysed
from tests.studies import Row, motor, sensory, study


def of(*nerves: list[Row], **about: str) -> Interpretation:
    return analysed({"P": study(*nerves, **about)}).analysis.interpretation


def state(truth: object) -> str:
    must, may = truth.must[0], truth.may[0]  # type: ignore[attr-defined]
    return "present" if must else "open" if may else "absent"


# ---------------------------------------------------------------- severity


@pytest.mark.parametrize(
    ("nerves", "expected"),
    [
        ([motor("ulnar")], "not_known"),
        ([motor("tibial")], "none"),
        ([motor("tibial", amp="5.0")], "none"),
        ([motor("tibial", amp="4.9")], "mild"),
        ([sensory("sural", snap="9.9")], "mild"),
        ([sensory("sural", snap="2.5")], "mild"),
        ([sensory("sural", snap="2.4")], "moderate"),
        ([sensory("sural", snap="absent")], "moderate"),
        ([motor("fibular", amp="2.5")], "mild"),
        ([motor("fibular", amp="2.4")], "moderate"),
        ([motor("fibular", amp="1.25")], "moderate"),
        ([motor("fibular", amp="1.24")], "severe"),
        ([motor("tibial", amp="absent")], "severe"),
        ([motor("tibial"), motor("tibial", "L", amp="2.4")], "moderate"),
    ],
)
def test_severity(nerves: list[list[Row]], expected: str) -> None:
    assert SEVERITIES[of(*nerves, motor("median")).severity[0]] == expected


# ---------------------------------------------------------------- indices


def test_sural_to_radial() -> None:
    found = of(sensory("sural", snap="8"), sensory("superficial_radial", snap="20"), age_years="45").indices
    assert found.sural_radial[1, 0] == pytest.approx(0.4)
    assert np.isnan(found.sural_radial[0, 0])


@pytest.mark.parametrize(
    ("age", "limit"),
    [
        ("17.9", None),
        ("18", 0.30),
        ("30.9", 0.30),
        ("31", 0.23),
        ("41", 0.20),
        ("51", 0.17),
        ("70.9", 0.17),
        ("71", 0.08),
    ],
)
def test_its_limit_by_age(age: str, limit: float | None) -> None:
    found = of(sensory("sural"), sensory("superficial_radial"), age_years=age).indices.sural_radial_by_age[0]
    assert np.isnan(found) if limit is None else found == limit


def test_split_hand() -> None:
    hand = motor("median", amp="6"), motor("ulnar", amp="9"), motor("ulnar", muscle="FDI", amp="7.5")
    assert of(*hand).indices.split_hand[1, 0] == pytest.approx(5.0)
    assert np.isnan(of(*hand[:2]).indices.split_hand[1, 0])
    lost = motor("median", amp="6"), motor("ulnar", amp="absent"), motor("ulnar", muscle="FDI", amp="7.5")
    assert of(*lost).indices.split_hand[1, 0] == pytest.approx(450.0)


def test_an_absent_sural_is_a_ratio_of_nothing() -> None:
    assert of(sensory("sural", snap="absent"), sensory("superficial_radial")).indices.sural_radial[1, 0] == 0.0


# ---------------------------------------------------------------- hereditary


def slow_nerves(*changes: dict[str, str]) -> list[list[Row]]:
    names = [("median", "R"), ("ulnar", "R"), ("tibial", "R")]
    return [motor(n, s, mcv="30", distance="150", **c) for (n, s), c in zip(names, changes, strict=True)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"amp2": "7.0"}, False),  # block
        ({"dur2": "6.6"}, False),  # dispersion
        ({"mcv": "50"}, False),  # one nerve is not slow
        ({"mcv": "49"}, True),
    ],
)
def test_uniform_slowing(change: dict[str, str], expected: bool) -> None:
    nerves = slow_nerves({}, {}, {})
    nerves[1] = motor("ulnar", "R", **{"mcv": "30", "distance": "150"} | change)
    assert bool(of(*nerves).hereditary.uniform[0]) is expected


def test_uniform_slowing_needs_alike_segments() -> None:
    def median(upper: str) -> list[Row]:
        return motor("median", sites="wrist elbow axilla", mcv="30", mcv3=upper, distance="150")

    assert bool(of(median("40"), motor("tibial", mcv="30", distance="150")).hereditary.uniform[0])
    assert not bool(of(median("40.1"), motor("tibial", mcv="30", distance="150")).hereditary.uniform[0])


def test_one_slow_nerve_is_not_uniform_slowing() -> None:
    assert not bool(of(motor("median", mcv="30", distance="150"), motor("ulnar", sites="wrist")).hereditary.uniform[0])


@pytest.mark.parametrize(("mcv", "expected"), [("37.9", True), ("38", False)])
def test_median_below_38(mcv: str, expected: bool) -> None:
    found = of(motor("median", mcv=mcv, distance="150"), motor("tibial", mcv="30", distance="150")).hereditary
    assert bool(found.median_below_38[0]) is expected


# ---------------------------------------------------------------- sural sparing and GBS signs

NORMAL_SURAL = sensory("sural")


@pytest.mark.parametrize(
    ("nerves", "variant", "expected"),
    [
        ([sensory("median", snap="9"), NORMAL_SURAL], "ean_pns_gbs_2023", "present"),
        ([sensory("ulnar", snap="9"), NORMAL_SURAL], "ean_pns_gbs_2023", "present"),
        ([sensory("superficial_radial", snap="9"), sensory("median"), NORMAL_SURAL], "ean_pns_gbs_2023", "absent"),
        ([sensory("median"), NORMAL_SURAL], "ean_pns_gbs_2023", "absent"),
        ([sensory("median", snap="9"), sensory("sural", snap="9")], "ean_pns_gbs_2023", "absent"),
        ([sensory("median", snap="9")], "ean_pns_gbs_2023", "open"),
        ([sensory("superficial_radial", snap="9"), NORMAL_SURAL], "cidp_2010_2021", "present"),
        ([sensory("ulnar", snap="9"), sensory("median"), NORMAL_SURAL], "cidp_2010_2021", "absent"),
        ([sensory("median", snap="absent"), NORMAL_SURAL], "rajabally_2016_absent_median_normal_sural", "present"),
        ([sensory("median", snap="9"), NORMAL_SURAL], "rajabally_2016_absent_median_normal_sural", "absent"),
        ([sensory("median", snap="absent"), sensory("sural", snap="5")], "rajabally_2016_absent_median_present_sural", "present"),
        ([sensory("median", snap="absent"), sensory("sural", snap="5")], "rajabally_2016_absent_median_normal_sural", "absent"),
        ([sensory("median", snap="9"), sensory("ulnar", snap="9"), NORMAL_SURAL],
         "rajabally_2016_two_abnormal_arm_present_sural", "present"),
        ([sensory("median", snap="9"), sensory("ulnar"), NORMAL_SURAL],
         "rajabally_2016_two_abnormal_arm_present_sural", "absent"),
        ([sensory("median", snap="4"), sensory("sural", snap="5")], "umapathi_2015", "present"),
        ([sensory("median", snap="5"), sensory("sural", snap="5")], "umapathi_2015", "absent"),
    ],
)  # fmt: skip
def test_sural_sparing(nerves: list[list[Row]], variant: str, expected: str) -> None:
    assert state(of(*nerves, motor("ulnar")).sural_sparing[variant]) == expected


def test_the_median_nerve_of_a_compressed_wrist_is_no_sparing() -> None:
    found = of(sensory("median", snap="9"), sensory("ulnar"), NORMAL_SURAL, cts_right="yes").sural_sparing
    assert state(found["ean_pns_gbs_2023"]) == "absent"


@pytest.mark.parametrize(
    ("duration", "hz", "expected"),
    [("8.5", "2", "absent"), ("8.6", "2", "present"), ("8.6", "5", "absent"), ("8.6", None, "open"), ("", "2", "open")],
)
def test_long_distal_duration(duration: str, hz: str | None, expected: str) -> None:
    rows = study(motor("ulnar", dur=duration), low_cut_hz=hz)
    found = analysed({"P": rows}).analysis.interpretation.long_duration
    assert state(found.of_study) == expected


# ---------------------------------------------------------------- protocol


def test_protocol_steps() -> None:
    arms_and_legs = [motor(n) for n in ("median", "ulnar", "fibular", "tibial")]
    steps = {step.name: step for step in of(*arms_and_legs).protocol}
    assert {name: step.state(0) for name, step in steps.items()} == {
        "one_side": "done", "other_side": "not_done", "proximal": "not_done", "sensory": "not_done",
    }  # fmt: skip
    without_f = [motor("median", f=None), *arms_and_legs[1:]]
    step = of(*without_f, sensory("sural")).protocol[0]
    assert step.state(0) == "partly"
    assert step.lacks(0) == ["median F wave"]


def test_the_protocol_counts_the_fuller_side_first() -> None:
    left = [motor(n, "L") for n in ("median", "ulnar", "fibular", "tibial")]
    steps = of(motor("median"), *left).protocol
    assert (steps[0].state(0), steps[1].state(0)) == ("done", "partly")


# ---------------------------------------------------------------- two studies of one patient


def two(before: list[list[Row]], after: list[list[Row]]) -> Interpretation:
    rows = [
        {**row, "patient_id": "P", "study_date": date}
        for date, nerves in (("2025-01-01", before), ("2025-02-01", after))
        for row in study(*nerves)
    ]
    return analyze(Readings.from_rows(rows), NO_REFERENCE).interpretation


@pytest.mark.parametrize(
    ("later", "expected"),
    [("12.0", "unchanged"), ("12.1", "better"), ("8.0", "unchanged"), ("7.9", "worse"), ("", "not_comparable")],
)
def test_changes_inside_the_repeat_error_of_20_percent_are_none(later: str, expected: str) -> None:
    change = two([motor("ulnar", amp="10.0")], [motor("ulnar", amp=later)]).serial.changes[0]
    assert (change.measure, [CHANGES[code] for code in change.code]) == ("distal_amplitude", [expected])


@pytest.mark.parametrize(
    ("later", "expected"), [("3.3", "unchanged"), ("3.31", "worse"), ("2.7", "unchanged"), ("2.69", "better")]
)
def test_latencies_have_10_percent(later: str, expected: str) -> None:
    changes = {c.measure: c for c in two([motor("ulnar", dml="3.0")], [motor("ulnar", dml=later)]).serial.changes}
    assert [CHANGES[code] for code in changes["distal_latency"].code] == [expected]


@pytest.mark.parametrize(("later", "recovered"), [("14.9", False), ("15.0", True), ("30", True)])
def test_a_cmap_that_rises_by_half_is_reversible_conduction_failure(later: str, recovered: bool) -> None:
    found = two([motor("ulnar", amp="10")], [motor("ulnar", amp=later)]).serial
    assert found.recovered["cmap"].tolist() == [recovered]
    assert found.of_study().tolist() == [False, recovered]


def test_a_snap_that_rises_by_half() -> None:
    assert two([sensory("sural", snap="10")], [sensory("sural", snap="15")]).serial.recovered["snap"].tolist() == [True]
    assert two([sensory("sural", snap="10")], [sensory("sural", snap="14.9")]).serial.recovered["snap"].tolist() == [
        False
    ]


@pytest.mark.parametrize(
    ("after", "recovered"),
    [
        ({"amp2": "9.0", "dml": "2.9"}, True),
        ({"amp2": "9.0", "mcv": "61"}, True),
        ({"amp2": "9.0", "dur": "4.9"}, True),
        ({"amp2": "9.0"}, False),  # nothing became faster
        ({"amp2": "6.9", "dml": "2.9"}, False),  # still a block
    ],
)
def test_a_block_that_goes_while_something_gets_faster(after: dict[str, str], recovered: bool) -> None:
    found = two([motor("ulnar", amp2="6.0")], [motor("ulnar", **after)]).serial
    assert found.recovered["block"].tolist() == [recovered]


def test_other_patients_are_not_compared() -> None:
    rows = [{**row, "patient_id": p, "study_date": d} for p, d in (("P", "2025-01-01"), ("Q", "2025-02-01"))
            for row in study(motor("ulnar"))]  # fmt: skip
    assert analyze(Readings.from_rows(rows), NO_REFERENCE).interpretation.serial.previous.tolist() == [-1, -1]
