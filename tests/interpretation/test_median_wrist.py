"""Median neuropathy at the wrist: comparison tests, what decides, and Bland's grade."""

from typing import Any

import pytest

from ncs_analyzer.interpretation.median_wrist import GRADES, REASONS, TOLD_NOT
from tests.judged import Judged, analysed
from tests.studies import Row, motor, sensory, study


def compared(test: str, median: float | None, other: float, **changes: Any) -> list[Row]:
    """The two responses of one comparison test; `median` None: no median response."""
    kind, nerve, digit, site = {
        "ring": ("sensory", "ulnar", "digit_4", "wrist"),
        "thumb": ("sensory", "superficial_radial", "digit_1", "wrist"),
        "palm": ("mixed", "ulnar", "wrist", "palm"),
    }[test]
    base = {"study": kind, "side": "right", "recording": digit, "stimulation": site, "amplitude_uv": "20"}
    own: Row = {**base, "nerve": "median", "peak_latency_ms": median, **changes}
    if median is None:
        own |= {"response": "absent", "amplitude_uv": None}
    return [own, {**base, "nerve": nerve, "peak_latency_ms": other}]


def hand(*rows: list[Row], **columns: Any) -> Judged:
    """One study of a right hand."""
    return analysed({"it": study(*rows, **columns)})


def decision(judged: Judged) -> tuple[str, str | None]:
    """Why the right hand is judged so, and its grade."""
    found = judged.analysis.pattern.median_wrist
    reason, grade = int(found.reason[1, 0]), int(found.grade[1, 0])
    return ("told not" if reason == TOLD_NOT else REASONS[reason], GRADES[grade] if grade >= 0 else None)


@pytest.mark.parametrize(
    ("test", "difference", "abnormal"),
    [
        ("ring", 0.39, False), ("ring", 0.4, True), ("ring", 0.41, True),
        ("palm", 0.29, False), ("palm", 0.3, True), ("palm", 0.31, True),
        ("thumb", 0.49, False), ("thumb", 0.5, True), ("thumb", 0.51, True),
    ],
)  # fmt: skip
def test_single_comparison_at_its_limit(test: str, difference: float, abnormal: bool) -> None:
    judged = hand(compared(test, 3.0 + difference, 3.0))
    assert decision(judged)[0] == ("comparison tests" if abnormal else "none")


@pytest.mark.parametrize(("ring", "abnormal"), [(0.09, False), (0.10, True), (0.11, True)])
def test_index_decides_where_all_three_are_known(ring: float, abnormal: bool) -> None:
    """0.3 + 0.5 ms are abnormal singly; the sum of the three decides, at 0.9 ms."""
    rows = (compared("ring", 3.0 + ring, 3.0), compared("palm", 2.3, 2.0), compared("thumb", 3.0, 2.5))
    assert decision(hand(*rows))[0] == ("comparison tests" if abnormal else "none")


def test_absent_median_beside_a_present_neighbour_is_abnormal() -> None:
    assert decision(hand(compared("ring", None, 3.0)))[0] == "comparison tests"


def test_unequal_distances_are_not_compared() -> None:
    rows = compared("ring", 4.0, 3.0, distance_mm="140")
    rows[1]["distance_mm"] = "130"
    found = hand(rows).analysis.pattern.median_wrist
    assert found.unequal["ring"][1, 0]
    assert not found.by_comparison.any()


def test_onset_latencies_serve_where_no_peaks_are_given() -> None:
    rows = compared("ring", 3.0, 3.0)
    for row, latency in zip(rows, ("2.9", "2.5"), strict=True):
        row |= {"peak_latency_ms": None, "latency_ms": latency}
    assert decision(hand(rows))[0] == "comparison tests"


@pytest.mark.parametrize(
    ("rows", "columns", "reason"),
    [
        # the first rule that can judge the hand decides
        ([motor("median", dml="5.0"), motor("ulnar")], {}, "distal latency with normal ulnar"),
        ([motor("median", dml="5.0"), motor("ulnar", dml="4.1")], {}, "none"),
        ([motor("median", dml="5.0"), motor("ulnar"), sensory("median", velocity="49"), sensory("ulnar")], {},
         "slow from digit to wrist"),
        ([sensory("median", velocity="49"), sensory("ulnar", velocity="49")], {}, "none"),
        ([sensory("median", velocity="49"), sensory("ulnar"), compared("ring", 3.1, 3.0)], {}, "none"),
        ([motor("median", dml="5.0"), motor("ulnar"), compared("ring", 3.1, 3.0)], {}, "none"),
        ([motor("median"), motor("ulnar")], {"cts_right": "yes"}, "told"),
        ([motor("median", dml="5.0"), motor("ulnar"), compared("ring", 3.9, 3.0)], {"cts_right": "no"}, "told not"),
    ],
)  # fmt: skip
def test_what_decides(rows: list[list[Row]], columns: dict[str, str], reason: str) -> None:
    assert decision(hand(*rows, **columns))[0] == reason


@pytest.mark.parametrize(
    ("median", "snap", "grade"),
    [
        ({}, {}, None),  # one sensitive test alone has no grade of its own
        ({}, {"velocity": "49"}, "mild"),
        ({"dml": "4.1"}, {"velocity": "49"}, "moderate"),
        ({"dml": "6.4"}, {"velocity": "49"}, "moderate"),
        ({"dml": "6.4"}, {"snap": "absent"}, "severe"),
        ({"dml": "6.5"}, {"snap": "absent"}, "very severe"),
        ({"dml": "6.6"}, {"velocity": "49"}, "very severe"),
        ({"dml": "7.0", "amp": "0.19"}, {"snap": "absent"}, "extremely severe"),
        ({"dml": "7.0", "amp": "0.2"}, {"snap": "absent"}, "very severe"),
        ({"amp": "absent"}, {"snap": "absent"}, "extremely severe"),
    ],
)
def test_grade(median: dict[str, str], snap: dict[str, str], grade: str | None) -> None:
    judged = hand(
        motor("median", **median), motor("ulnar"), sensory("median", **snap), sensory("ulnar"), cts_right="yes"
    )
    assert decision(judged) == ("told", grade)


def test_very_mild_needs_two_sensitive_tests() -> None:
    rows = [motor("median"), motor("ulnar"), sensory("median"), sensory("ulnar"), compared("ring", 3.5, 3.0)]
    assert decision(hand(*rows)) == ("comparison tests", None)
    assert decision(hand(*rows, compared("palm", 2.4, 2.0))) == ("comparison tests", "very mild")


def test_grade_is_left_open_where_the_snap_was_not_tested() -> None:
    assert decision(hand(motor("median", dml="5.0"), motor("ulnar"))) == ("distal latency with normal ulnar", None)


def test_a_latency_of_exactly_6_5_is_said() -> None:
    rows = [motor("median", dml="6.5"), motor("ulnar"), sensory("median", velocity="49"), sensory("ulnar")]
    assert hand(*rows).analysis.pattern.median_wrist.boundary[1, 0]


def test_a_hand_judged_by_comparison_is_focal() -> None:
    rows = [motor(n, s) for n in ("median", "ulnar") for s in "LR"]
    rows += [sensory("median", s, velocity="49") for s in "LR"] + [sensory("ulnar", s) for s in "LR"]
    left = [{**row, "side": "left"} for row in compared("ring", 3.9, 3.0)]
    without = hand(*rows).analysis
    judged = hand(*rows, compared("ring", 3.9, 3.0), left).analysis
    names = [a.pattern.category[0] for a in (without, judged)]
    assert names[0] != names[1]
    assert judged.pattern.sensory_explained.sum() == 2
