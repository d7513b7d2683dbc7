"""Anomalies and pitfalls that a report must name."""

from typing import Any

import pytest

from ncs_analyzer import document
from tests.judged import analysed
from tests.studies import Row, motor, study

CROSSING = {"study": "motor", "nerve": "median", "side": "right", "recording": "ADM"}


def said(*rows: list[Row]) -> str:
    record: dict[str, Any] = document(analysed({"it": study(*rows)}).analysis)["studies"][0]
    return " ".join(record["remarks"])


def crossing(wrist: str, elbow: str) -> list[Row]:
    """Median stimulation at wrist and elbow, recording ADM."""
    return [{**CROSSING, "stimulation": s, "amplitude_mv": a} for s, a in (("wrist", wrist), ("elbow", elbow))]


def test_ulnar_forearm_block_asks_for_martin_gruber() -> None:
    assert "Martin-Gruber anastomosis not excluded" in said(motor("ulnar", amp2="4.9"))
    assert "Martin-Gruber" not in said(motor("ulnar"))


@pytest.mark.parametrize(
    ("elbow", "shown"),
    [("3.0", True), ("2.7", True), ("2.6", False), ("2.5", False)],
)
def test_anastomosis_within_a_quarter_of_the_wrist_amplitude(elbow: str, shown: bool) -> None:
    """Ulnar 10 mV at the wrist, 4.9 mV below the elbow: 10 - (4.9 + crossing) must stay below 2.5 mV."""
    text = said(motor("ulnar", amp2="4.9"), crossing("0", elbow))
    assert ("Martin-Gruber anastomosis, not block" in text) == shown
    assert ("no anastomosis explains the drop" in text) != shown


def test_what_the_wrist_response_already_holds_does_not_cross() -> None:
    assert "no anastomosis" in said(motor("ulnar", amp2="4.9"), crossing("1.0", "3.0"))


@pytest.mark.parametrize(("elbow", "suspected"), [("10.0", False), ("10.1", True)])
def test_median_response_larger_at_the_elbow(elbow: str, suspected: bool) -> None:
    assert ("CMAP larger at the elbow" in said(motor("median", amp2=elbow))) == suspected


@pytest.mark.parametrize(
    ("velocity", "latency", "suspected"), [("70.1", "4.1", True), ("70", "4.1", False), ("75", "4.0", False)]
)
def test_spurious_forearm_velocity(velocity: str, latency: str, suspected: bool) -> None:
    assert ("is spurious" in said(motor("median", mcv=velocity, dml=latency))) == suspected


@pytest.mark.parametrize(("knee", "suspected"), [("10.0", False), ("10.1", True)])
def test_accessory_deep_fibular_nerve(knee: str, suspected: bool) -> None:
    assert ("accessory deep fibular nerve" in said(motor("fibular", amp2=knee))) == suspected


def test_erb_is_never_more_than_probable() -> None:
    rows = motor("ulnar", sites="wrist below_elbow above_elbow axilla erb", amp5="4.0")
    assert "supramaximal stimulation not documented" in said(rows)


def test_missing_area_is_named_where_it_leaves_a_drop_ungraded() -> None:
    assert "No area recorded" in said(motor("ulnar", amp2="7.0", area2=None))
    assert "No area recorded" not in said(motor("ulnar", amp2="7.1", area2=None))
    assert "No duration recorded" in said(motor("ulnar", amp2="7.0", dur2=None))
