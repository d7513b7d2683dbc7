"""Left and right, proximal and distal, one nerve and another, against limits of their own."""

from typing import Any

import pytest

from ncs_analyzer.pipeline import analyze
from ncs_analyzer.readings import Readings
from ncs_analyzer.report.record import study_records

WHO = {"patient_id": "p", "age_years": 40, "sex": "F", "height_cm": 165}
ULNAR = {**WHO, "study": "motor", "nerve": "ulnar", "side": "right", "recording": "ADM"}
BELOW = {"stimulation": "below_elbow", "latency_ms": 6.4, "velocity_m_per_s": 60, "distance_mm": 220}
ABOVE = {"stimulation": "above_elbow", "latency_ms": 8.4, "distance_mm": 100}
SURAL = {**WHO, "study": "sensory", "nerve": "sural", "recording": "ankle", "stimulation": "calf"}


def record(*rows: dict[str, Any]) -> dict[str, Any]:
    return next(iter(study_records(analyze(Readings.from_rows(rows)))))


def comparisons(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {c["measure"]: c for c in found["comparisons"] if c["nerve"] != "ulnar" or not c["against"]}


def across_elbow(velocity: float, amplitude: float) -> dict[str, Any]:
    wrist = {**ULNAR, "stimulation": "wrist", "latency_ms": 2.7, "amplitude_mv": 10.0, "distance_mm": 80}
    return record(
        wrist, {**ULNAR, **BELOW, "amplitude_mv": 10.0},
        {**ULNAR, **ABOVE, "latency_ms": round(6.4 + 100 / velocity, 2), "velocity_m_per_s": velocity, "amplitude_mv": amplitude},
    )  # fmt: skip


@pytest.mark.parametrize(("velocity", "grade"), [(45.0, "normal"), (44.9, "high")])
def test_velocity_falls_across_the_elbow(velocity: float, grade: str) -> None:
    """Buschbacher 1999: up to 15 m/s; the limit itself is normal."""
    found = comparisons(across_elbow(velocity, 9.5))["velocity_drop"]
    assert found["segment"] == "below_elbow-above_elbow"
    assert found["upper"] == 15
    assert found["value"] == pytest.approx(60 - velocity)
    assert found["grade"] == grade


def test_amplitude_drop_is_in_percent_of_the_distal_response_and_becomes_a_finding() -> None:
    found = across_elbow(52, 5.0)
    drop = comparisons(found)["amplitude_drop_pct"]
    assert (drop["value"], drop["grade"], drop["limit_source"]) == (50, "high", "buschbacher_1999")
    findings = next(n for n in found["nerves"] if n["nerve"] == "ulnar" and n["study"] == "motor")["findings"]
    said = [f for f in findings if f.startswith("amplitude drop")]
    assert len(said) == 1
    assert said[0].startswith("amplitude drop (below elbow-above elbow) 50 %")


def test_a_side_difference_belongs_to_the_worse_side() -> None:
    found = record(
        {**SURAL, "side": "left", "peak_latency_ms": 3.6, "amplitude_uv": 20.0},
        {**SURAL, "side": "right", "peak_latency_ms": 3.6, "amplitude_uv": 2.0},
    )
    difference = comparisons(found)["amplitude_side_difference_pct"]
    assert difference["side"] == "right"
    assert difference["value"] == pytest.approx(90)
    assert difference["grade"] == "high"
    assert comparisons(found)["peak_latency_side_difference"]["value"] == 0


def test_one_side_or_an_absent_response_makes_no_difference() -> None:
    one = {**SURAL, "side": "left", "peak_latency_ms": 3.6, "amplitude_uv": 20.0}
    assert record(one)["comparisons"] == []
    assert record(one, {**SURAL, "side": "right", "response": "absent"})["comparisons"] == []


def test_median_against_ulnar_at_the_wrist() -> None:
    def motor(nerve: str, recording: str, latency: float) -> dict[str, Any]:
        return {**WHO, "study": "motor", "nerve": nerve, "side": "left", "recording": recording, "stimulation": "wrist",
                "latency_ms": latency, "amplitude_mv": 9.0, "distance_mm": 80}  # fmt: skip

    found = comparisons(record(motor("median", "APB", 4.3), motor("ulnar", "ADM", 2.5)))["distal_latency_difference"]
    assert (found["nerve"], found["against"], found["grade"]) == ("median", "ulnar ADM", "high")
    assert found["value"] == pytest.approx(1.8)
