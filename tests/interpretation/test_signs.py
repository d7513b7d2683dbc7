"""Indices, sural sparing, long durations, severity, uniform slowing, HNPP, protocol, next test."""

import numpy as np
import pytest

from ncs_analyzer.interpretation.next_test import next_test
from ncs_analyzer.interpretation.severity import SEVERITIES
from tests.judged import analysed
from tests.studies import Row, motor, sensory, study

LEGS = [motor(n, s) for n in ("fibular", "tibial") for s in "LR"]


def concluded(*rows: list[Row], **columns: object):  # type: ignore[no-untyped-def]
    """What is concluded of one study."""
    return analysed({"it": study(*rows, **columns)}).analysis.interpretation


# ---------------------------------------------------------------- indices


def test_split_hand_index() -> None:
    rows = [motor("median", amp="4.0"), motor("ulnar", amp="8.0"), motor("ulnar", muscle="FDI", amp="6.0")]
    assert concluded(*rows).indices.split_hand[1, 0] == pytest.approx(3.0)
    rows[1] = motor("ulnar", amp="absent")
    assert concluded(*rows).indices.split_hand[1, 0] == pytest.approx(240.0)  # an absent ADM counts as 0.1 mV
    rows[0] = motor("median", amp="absent")
    assert concluded(*rows).indices.split_hand[1, 0] == 0
    assert np.isnan(concluded(*rows[:2]).indices.split_hand[1, 0])


@pytest.mark.parametrize(
    ("age", "limit"), [(17, None), (18, 0.30), (30, 0.30), (31, 0.23), (41, 0.20), (51, 0.17), (70, 0.17), (71, 0.08)]
)
def test_sural_radial_ratio_by_age(age: int, limit: float | None) -> None:
    found = concluded(sensory("sural", snap="8"), sensory("superficial_radial", snap="20"), age_years=age).indices
    assert found.sural_radial[1, 0] == pytest.approx(0.4)
    assert np.isnan(found.sural_radial_by_age[0]) if limit is None else found.sural_radial_by_age[0] == limit


def test_ratio_needs_one_convention_and_takes_an_absent_sural_as_nothing() -> None:
    mixed = sensory("sural", snap="8")
    mixed[0]["amplitude_convention"] = "peak_to_peak"
    assert np.isnan(concluded(mixed, sensory("superficial_radial")).indices.sural_radial[1, 0])
    assert concluded(sensory("sural", snap="absent"), sensory("superficial_radial")).indices.sural_radial[1, 0] == 0


# ---------------------------------------------------------------- sural sparing

VARIANTS = {
    "ean_pns_gbs_2023", "cidp_2010_2021", "rajabally_2016_absent_median_present_sural",
    "rajabally_2016_absent_median_normal_sural", "rajabally_2016_abnormal_radial_present_sural",
    "rajabally_2016_abnormal_radial_normal_sural", "rajabally_2016_two_abnormal_arm_present_sural", "umapathi_2015",
}  # fmt: skip


@pytest.mark.parametrize(
    ("median", "ulnar", "radial", "sural", "present"),
    [
        ("20", "20", "20", "20", set()),
        ("9", "20", "20", "20", {"ean_pns_gbs_2023", "cidp_2010_2021", "umapathi_2015"}),
        ("20", "9", "20", "20", {"ean_pns_gbs_2023", "umapathi_2015"}),
        ("20", "20", "9", "20", {"cidp_2010_2021", "rajabally_2016_abnormal_radial_present_sural",
                                  "rajabally_2016_abnormal_radial_normal_sural"}),
        ("absent", "20", "20", "20", {"ean_pns_gbs_2023", "cidp_2010_2021", "umapathi_2015",
                                      "rajabally_2016_absent_median_present_sural",
                                      "rajabally_2016_absent_median_normal_sural"}),
        ("absent", "20", "20", "9", {"rajabally_2016_absent_median_present_sural", "umapathi_2015"}),
        ("9", "9", "20", "9", {"rajabally_2016_two_abnormal_arm_present_sural"}),
        ("9", "9", "20", "9.5", {"rajabally_2016_two_abnormal_arm_present_sural", "umapathi_2015"}),
        ("absent", "absent", "absent", "absent", set()),
    ],
)  # fmt: skip
def test_sural_sparing(median: str, ulnar: str, radial: str, sural: str, present: set[str]) -> None:
    found = concluded(
        sensory("median", snap=median), sensory("ulnar", snap=ulnar), sensory("superficial_radial", snap=radial),
        sensory("sural", snap=sural),
    ).sural_sparing  # fmt: skip
    assert set(found) == VARIANTS
    assert {name for name, truth in found.items() if truth.must[0]} == present
    assert {name for name, truth in found.items() if truth.may[0]} == present


def test_carpal_tunnel_is_no_sural_sparing() -> None:
    found = concluded(sensory("median", snap="absent"), sensory("sural"), cts_right="yes").sural_sparing
    assert not any(truth.must[0] for truth in found.values())


def test_sparing_is_open_where_no_arm_nerve_was_tested() -> None:
    assert all(truth.open[0] for truth in concluded(sensory("sural")).sural_sparing.values())


def test_sparing_is_open_where_no_sural_was_tested() -> None:
    found = concluded(sensory("median", snap="9")).sural_sparing
    assert {name for name, truth in found.items() if not truth.open[0]} == {
        "rajabally_2016_absent_median_present_sural", "rajabally_2016_absent_median_normal_sural",
    }  # fmt: skip


# ---------------------------------------------------------------- duration, severity


@pytest.mark.parametrize(
    ("duration", "hz", "state"),
    [("8.5", "2", "no"), ("8.51", "2", "yes"), ("8.51", None, "open"), ("8.51", "20", "no"), (None, "2", "open")],
)
def test_long_distal_duration(duration: str | None, hz: str | None, state: str) -> None:
    found = concluded(motor("ulnar", dur=duration), low_cut_hz=hz).long_duration.of_study
    assert ("yes" if found.must[0] else "open" if found.may[0] else "no") == state


@pytest.mark.parametrize(
    ("fibular", "tibial", "sural", "grade"),
    [
        ("5.0", "5.0", "10", "none"),
        ("4.9", "5.0", "10", "mild"),
        ("5.0", "5.0", "9.9", "mild"),
        ("2.5", "5.0", "10", "mild"),
        ("2.49", "5.0", "10", "moderate"),
        ("5.0", "5.0", "2.5", "mild"),
        ("5.0", "5.0", "2.49", "moderate"),
        ("5.0", "5.0", "absent", "moderate"),
        ("5.0", "1.25", "10", "moderate"),
        ("5.0", "1.24", "10", "severe"),
        ("absent", "5.0", "10", "severe"),
    ],
)
def test_severity(fibular: str, tibial: str, sural: str, grade: str) -> None:
    rows = [motor("fibular", amp=fibular), motor("tibial", amp=tibial), sensory("sural", snap=sural)]
    assert SEVERITIES[concluded(*rows).severity[0]] == grade


def test_severity_is_not_known_without_leg_nerves() -> None:
    assert SEVERITIES[concluded(motor("ulnar", amp="1")).severity[0]] == "not_known"


# ---------------------------------------------------------------- hereditary

SLOW_ULNAR = {"sites": "wrist below_elbow above_elbow axilla", "mcv": "30", "mcv3": "30", "mcv4": "30"}


@pytest.mark.parametrize(
    ("ulnar", "tibial", "uniform"),
    [
        (SLOW_ULNAR, {"mcv": "30"}, True),
        ({**SLOW_ULNAR, "mcv4": "40"}, {"mcv": "30"}, True),  # 10 m/s apart
        ({**SLOW_ULNAR, "mcv4": "40.1"}, {"mcv": "30"}, False),
        (SLOW_ULNAR, {"mcv": "50"}, False),  # one nerve within its limit
        ({**SLOW_ULNAR, "amp2": "6.9"}, {"mcv": "30"}, False),  # block
        ({**SLOW_ULNAR, "dur2": "6.6"}, {"mcv": "30"}, False),  # dispersion
        ({**SLOW_ULNAR, "dml": "9.0"}, {"mcv": "30"}, False),  # 80 / (30 x 9.0) = 0.296: distal part slower still
        ({"mcv": "41"}, {"mcv": "41"}, False),  # slow, but not in the demyelinating range
    ],
)
def test_uniform_slowing(ulnar: dict[str, str], tibial: dict[str, str], uniform: bool) -> None:
    found = concluded(motor("ulnar", **ulnar), motor("tibial", **tibial)).hereditary
    assert bool(found.uniform[0]) == uniform


@pytest.mark.parametrize(("velocity", "below"), [("38", False), ("37.9", True)])
def test_median_velocity_of_cmt1(velocity: str, below: bool) -> None:
    rows = [motor("median", mcv=velocity), motor("ulnar", mcv="37"), motor("tibial", mcv="37")]
    found = concluded(*rows).hereditary
    assert found.uniform[0]
    assert bool(found.median_below_38[0]) == below


# ---------------------------------------------------------------- protocol and next test


def test_protocol_steps() -> None:
    names = ("median", "ulnar", "fibular", "tibial")
    one_side = [motor(n) for n in names]
    steps = {s.name: s for s in concluded(*one_side, sensory("sural")).protocol}
    assert [steps[name].state(0) for name in ("one_side", "other_side", "proximal", "sensory")] == [
        "done", "not_done", "not_done", "partly",
    ]  # fmt: skip
    assert steps["sensory"].lacks(0) == ["median sensory", "ulnar sensory", "radial sensory"]
    without_f = [*one_side[:3], motor("tibial", f=None)]
    assert {s.name: s for s in concluded(*without_f).protocol}["one_side"].lacks(0) == ["tibial F wave"]
    both = [motor(n, s) for n in names for s in "LR"]
    assert {s.name: s for s in concluded(*both).protocol}["other_side"].state(0) == "done"


def test_next_test_is_the_measure_that_bears_on_most_sets() -> None:
    slow = [motor(n, mcv="30") for n in ("median", "ulnar")]
    complete = analysed({"it": study(*slow, *LEGS)}).analysis
    found = next_test(complete, 0)
    alone = analysed({"it": study(motor("ulnar", mcv="30"), motor("tibial", mcv=None))}).analysis
    best = next_test(alone, 0)
    assert best is not None
    counts = {
        measure: sum(measure in of.get(0, ()) for of in alone.could_change.values())
        for of in alone.could_change.values()
        for measure in of.get(0, ())
        if not measure.limit
    }
    assert len(best.sets) == counts[best.measure] == max(counts.values())
    assert found is None or len(found.sets) >= 1
