"""Carpal tunnel syndrome: told, suspected, or denied; what is left out."""

import pytest

from tests.judged import Judged, analysed
from tests.studies import motor, sensory, study

LONG = "6.0"  # 150 % of 4.0


def left_out(judged: Judged) -> bool:
    return judged.item("P", "cidp_ean_pns_2021", "a", "median") == "not_met"


def hand(ulnar: dict[str, str | None] | None = None, told: str | None = None, **median: str | None) -> Judged:
    nerves = [motor("median", dml=LONG, **median), *([] if ulnar is None else [motor("ulnar", **ulnar)])]
    return analysed({"P": study(*nerves, cts_right=told)})


@pytest.mark.parametrize(
    ("ulnar", "suspected"),
    [
        ({"dml": "3.0"}, True),
        ({"dml": "4.0"}, True),
        ({"dml": "4.1"}, False),
        ({"amp": "absent"}, False),
        (None, False),
    ],
)
def test_suspected_where_the_ulnar_latency_is_normal(ulnar: dict[str, str | None] | None, suspected: bool) -> None:
    assert left_out(hand(ulnar)) is suspected


@pytest.mark.parametrize(("mcv", "suspected"), [("45", True), ("44.9", False), (None, True), ("60", True)])
def test_not_where_the_forearm_is_known_to_be_slow(mcv: str | None, suspected: bool) -> None:
    judged = hand({}, mcv=mcv)
    met = judged.item("P", "cidp_ean_pns_2021", "a", "median")
    assert (met != "met") is suspected


def test_the_other_hand_does_not_matter() -> None:
    judged = analysed({"P": study(motor("median", dml=LONG), motor("ulnar", "L"))})
    assert not left_out(judged)


@pytest.mark.parametrize(("told", "out"), [("yes", True), ("no", False)])
def test_what_the_file_says_outranks_the_suspicion(told: str, out: bool) -> None:
    assert left_out(hand({}, told)) is out
    assert left_out(hand(None, told)) is out


def test_a_latency_within_its_limit_is_no_syndrome() -> None:
    judged = analysed({"P": study(motor("median", dml="4.0"), motor("ulnar"), sensory("median", snap="9"))})
    assert judged.extra("P", "cidp_ean_pns_2021", "sensory") == "one_nerve"
    judged = analysed({"P": study(motor("median", dml="4.1"), motor("ulnar"), sensory("median", snap="9"))})
    assert judged.extra("P", "cidp_ean_pns_2021", "sensory") == "none"
