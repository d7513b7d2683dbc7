"""Whole studies with known answers: every set, the pattern, block, levels (`tests/cases/*.toml`)."""

from functools import cache
from typing import Any

import pytest

from ncs_analyzer import document
from ncs_analyzer.criteria.registry import criteria_sets
from tests.judged import Judged, analysed
from tests.oracle import evaluate
from tests.whole_studies import laboratory, read_cases, rows_of

CASES = read_cases()
LEVELS = ("typical", "distal", "multifocal", "focal", "motor", "sensory")


@cache
def judged() -> Judged:
    return analysed({name: rows_of(case) for name, case in CASES.items()})


@cache
def documents() -> dict[str, dict[str, Any]]:
    return {study["patient_id"]: study for study in document(judged().analysis)["studies"]}


@pytest.fixture(params=CASES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = CASES[name]["expected"]
    return found


def every_verdict(name: str) -> dict[str, str]:
    """The verdicts named, and the negative one of every other set. A GBS classification has no plain negative."""
    named: dict[str, str] = expected(name)["verdicts"]
    negative = {key: one.verdicts[-1] for key, one in criteria_sets().items() if "equivocal" not in one.verdicts}
    return {**negative, **named}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 25
    assert len({case["why"] for case in CASES.values()}) == len(CASES)


def test_the_cases_are_read_as_meant() -> None:
    assert judged().complaints() == []
    assert laboratory()


def test_every_set_is_positive_and_negative_in_some_case() -> None:
    for key, one in criteria_sets().items():
        positive = {every_verdict(name)[key] in one.positive for name in CASES}
        assert positive == {True, False}, key


def test_verdicts(name: str) -> None:
    assert {key: judged().verdict(name, key) for key in criteria_sets()} == every_verdict(name)


def test_verdicts_of_the_oracle(name: str) -> None:
    said = {key: result.verdict for key, result in evaluate(rows_of(CASES[name]), settle=False).items()}
    assert (said == every_verdict(name)) == ("beyond_the_oracle" not in expected(name))


def test_what_is_unsettled(name: str) -> None:
    assert [key for key in criteria_sets() if not judged().settled(name, key)] == expected(name)["unsettled"]


def test_pattern(name: str) -> None:
    pattern = documents()[name]["pattern"]
    assert [pattern["category"], pattern["sensory_motor"], pattern["distribution"]] == expected(name)["pattern"]


def test_levels_of_the_guideline(name: str) -> None:
    found = {key: judged().extra(name, "cidp_ean_pns_2021", f"levels.{key}") for key in LEVELS}
    assert {key: level for key, level in found.items() if level != "not_fulfilled"} == expected(name).get("levels", {})


def test_blocks(name: str) -> None:
    found = {
        f"{pair['side']} {pair['nerve']} {pair['distal']}-{pair['proximal']}": pair["grades"]["cb_efns_pns_2010_cidp"]
        for pair in documents()[name]["conduction_block"]
    }
    assert {key: grade for key, grade in found.items() if grade != "none"} == expected(name).get("blocks", {})


def test_axonal_types() -> None:
    told = {name: {expected(name)["axonal_type"]} for name in CASES if "axonal_type" in expected(name)}
    found = {
        name: {
            judged().extra(name, key, "axonal_type")
            for key in criteria_sets()
            if judged().verdict(name, key) == "axonal"
        }
        for name in told
    }
    assert found == told


# ---------------------------------------------------------------- what single cases are there for


def test_hnpp_and_uniform_slowing_are_told_apart() -> None:
    found, number = judged().analysis.interpretation.hereditary, judged().number
    assert [name for name in CASES if found.hnpp[number[name]]] == ["hnpp"]
    assert [name for name in CASES if found.uniform[number[name]]] == ["cmt1a"]


def test_sural_sparing_is_seen_where_it_is() -> None:
    spared = judged().analysis.interpretation.sural_sparing["ean_pns_gbs_2023"]
    assert bool(spared.must[judged().number["aidp_early_sural_sparing"]])
    assert not bool(spared.may[judged().number["normal_adult"]])


def test_absent_and_not_tested_differ() -> None:
    absent, blank = ("f_waves_absent", "f_waves_not_tested")
    assert judged().item(absent, "cidp_ean_pns_2021", "d", "ulnar") == "met"
    assert judged().item(blank, "cidp_ean_pns_2021", "d", "ulnar") == "not_evaluable"


def test_low_amplitude_slowing_does_not_count_where_the_set_adjusts_for_it() -> None:
    for set_id, item in (("cidp_aan_1991", "1"), ("cidp_ean_pns_2021", "b"), ("cidp_incat_2001", "2")):
        assert judged().item("slow_because_axonal", set_id, item, "tibial") == "not_met"
    assert judged().item("slow_because_axonal", "gbs_hadden_1998", "MCV", "tibial") == "met"


def test_an_anastomosis_takes_the_drop_away_but_not_its_numbers() -> None:
    pairs = {(p["nerve"], p["distal"]): p for p in documents()["martin_gruber"]["conduction_block"]}
    assert pairs["ulnar", "wrist"]["amplitude_reduction_pct"] > 40
    assert set(pairs["ulnar", "wrist"]["grades"].values()) <= {"none"}
