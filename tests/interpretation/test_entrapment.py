"""Entrapment at its published limits: ulnar at the elbow, fibular at the head, median at the wrist and its grade."""

from typing import Any

import pytest

from ncs_analyzer.interpretation.median_wrist import REASONS
from tests.judged import Judged, analysed
from tests.studies import Row, motor, sensory, study

ELBOW = "wrist below_elbow above_elbow"
HEAD = "ankle below_fibular_head above_fibular_head"


def entrapped(nerve: str, sites: str, **changes: str) -> bool:
    judged = analysed({"P": study(motor(nerve, sites=sites, **changes))})
    found = judged.analysis.pattern.entrapment
    return bool((found.elbow | found.head)[0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mcv": "60", "mcv3": "50"}, False),
        ({"mcv": "59", "mcv3": "49.9"}, True),  # below 50 m/s
        ({"mcv": "60", "mcv3": "49.9"}, True),
        ({"mcv": "65", "mcv3": "55"}, False),  # 10 m/s slower
        ({"mcv": "65.1", "mcv3": "55"}, True),
        ({"mcv": "55", "mcv3": "55", "amp3": "8.0"}, False),  # a drop of 20 %
        ({"mcv": "55", "mcv3": "55", "amp3": "7.9"}, True),
        ({"mcv": "49", "mcv3": "45"}, False),  # the forearm is slow too
        ({"mcv": "49", "mcv3": "38.9"}, True),
    ],
)
def test_ulnar_at_the_elbow(changes: dict[str, str], expected: bool) -> None:
    assert entrapped("ulnar", ELBOW, **changes) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mcv": "60", "mcv3": "53"}, False),
        ({"mcv": "100", "mcv3": "90"}, False),  # 10 m/s slower, 10 %
        ({"mcv": "100", "mcv3": "89.9"}, True),
        ({"mcv": "50", "mcv3": "44"}, False),  # 12 % slower
        ({"mcv": "50", "mcv3": "43.9"}, True),
        ({"mcv": "50", "mcv3": "50", "amp3": "7.5"}, False),  # a drop of 25 %
        ({"mcv": "50", "mcv3": "50", "amp3": "7.4"}, True),
    ],
)
def test_fibular_at_the_head(changes: dict[str, str], expected: bool) -> None:
    assert entrapped("fibular", HEAD, **changes) is expected


# ---------------------------------------------------------------- median at the wrist


def digit(nerve: str, recording: str, peak: str, distance: str = "140") -> list[Row]:
    """One sensory response of a comparison test."""
    row: dict[str, Any] = sensory(nerve, peak=peak, onset=str(float(peak) - 0.5))[0]
    return [{**row, "recording": recording, "distance_mm": distance, "velocity_m_per_s": None}]


def palm(nerve: str, peak: str) -> list[Row]:
    base = {"study": "mixed", "nerve": nerve, "side": "right", "recording": "wrist", "stimulation": "palm"}
    return [
        {
            **base,
            "peak_latency_ms": peak,
            "latency_ms": str(float(peak) - 0.4),
            "distance_mm": "80",
            "amplitude_uv": "40",
        }
    ]


def wrist(*rows: list[Row], **about: str) -> Judged:
    return analysed({"P": study(*rows, **about)})


def reason(judged: Judged) -> str:
    return REASONS[int(judged.analysis.pattern.median_wrist.reason[1, 0])]


@pytest.mark.parametrize(
    ("test", "normal", "abnormal"),
    [("ring", "3.39", "3.4"), ("thumb", "3.49", "3.5")],
)
def test_comparison_tests_at_their_limits(test: str, normal: str, abnormal: str) -> None:
    other, recording = {"ring": ("ulnar", "digit_4"), "thumb": ("radial", "digit_1")}[test]
    for peak, expected in ((normal, "none"), (abnormal, "comparison tests")):
        judged = wrist(digit("median", recording, peak), digit(other, recording, "3.0"))
        assert reason(judged) == expected, peak


def test_the_palm_test_at_its_limit() -> None:
    assert reason(wrist(palm("median", "2.09"), palm("ulnar", "1.8"))) == "none"
    assert reason(wrist(palm("median", "2.1"), palm("ulnar", "1.8"))) == "comparison tests"


@pytest.mark.parametrize(("thumb", "expected"), [("3.39", "none"), ("3.4", "comparison tests")])
def test_the_combined_index_outranks_single_tests(thumb: str, expected: str) -> None:
    """Ring 0.3, palm 0.2 and thumb 0.4 make 0.9."""
    judged = wrist(
        digit("median", "digit_4", "3.3"), digit("ulnar", "digit_4", "3.0"),
        palm("median", "2.0"), palm("ulnar", "1.8"),
        digit("median", "digit_1", thumb), digit("radial", "digit_1", "3.0"),
    )  # fmt: skip
    assert reason(judged) == expected


def test_unequal_distances_are_not_compared() -> None:
    judged = wrist(digit("median", "digit_4", "3.6"), digit("ulnar", "digit_4", "3.0", distance="120"))
    found = judged.analysis.pattern.median_wrist
    assert bool(found.unequal["ring"][1, 0])
    assert reason(judged) != "comparison tests"


def test_without_comparison_tests_the_digit_and_then_the_latency() -> None:
    assert reason(wrist(sensory("median", velocity="49"), sensory("ulnar"))) == "slow from digit to wrist"
    assert reason(wrist(sensory("median", velocity="49"), sensory("ulnar", velocity="49"))) == "none"
    assert reason(wrist(motor("median", dml="4.1"), motor("ulnar"))) == "distal latency with normal ulnar"
    assert reason(wrist(motor("median", dml="4.0"), motor("ulnar"))) == "none"


def test_what_the_file_says_outranks_everything() -> None:
    tests = digit("median", "digit_4", "3.9"), digit("ulnar", "digit_4", "3.0")
    assert reason(wrist(*tests, cts_right="yes")) == "told"
    assert int(wrist(*tests, cts_right="no").analysis.pattern.median_wrist.reason[1, 0]) < 0


@pytest.mark.parametrize(
    ("median", "snap", "grade"),
    [
        ({"dml": "3.0"}, {"velocity": "49"}, 2),
        ({"dml": "4.1"}, {"velocity": "49"}, 3),
        ({"dml": "6.4"}, {"velocity": "49"}, 3),
        ({"dml": "6.4"}, {"snap": "absent"}, 4),
        ({"dml": "6.5"}, {"snap": "absent"}, 5),
        ({"dml": "6.5"}, {"velocity": "49"}, 5),
        ({"amp": "0.19", "dml": "7.0"}, {"snap": "absent"}, 6),
        ({"amp": "0.2", "dml": "7.0"}, {"snap": "absent"}, 5),
        ({"amp": "absent"}, {"snap": "absent"}, 6),
    ],
)
def test_grade(median: dict[str, str], snap: dict[str, str], grade: int) -> None:
    judged = wrist(
        motor("median", **median), motor("ulnar"), sensory("median", **snap), sensory("ulnar"), cts_right="yes"
    )
    assert int(judged.analysis.pattern.median_wrist.grade[1, 0]) == grade


def test_grade_1_needs_two_sensitive_tests() -> None:
    ring = digit("median", "digit_4", "3.2"), digit("ulnar", "digit_4", "2.8")
    both = *ring, palm("median", "2.1"), palm("ulnar", "1.8")
    grades = [
        int(wrist(motor("median"), motor("ulnar"), *tests).analysis.pattern.median_wrist.grade[1, 0])
        for tests in (ring, both)
    ]
    assert grades == [-1, 1]
