"""The fourteen mistakes seen in public programs (criteria.md section 5), one regression test each."""

from pathlib import Path

import pytest

from ncs_analyzer import analyze, document, read
from ncs_analyzer.reference.tables import default_reference
from tests.judged import Judged, analysed
from tests.studies import motor, sensory, study

EAN, EFNS = "cidp_ean_pns_2021", "cidp_efns_pns_2010"


def one(*nerves: list[dict[str, object]], **columns: object) -> Judged:
    """A batch of one study, named P."""
    return analysed({"P": study(*nerves, **columns)})


def test_1_a_value_of_70_9_percent_is_not_rounded_to_70() -> None:
    """35.45 m/s against 50 m/s is 70.9 %, 35.0 is 70 %."""
    judged = one(motor("ulnar", mcv="35.45"), motor("median", mcv="35.0"))
    assert judged.item("P", EAN, "b", "ulnar") == "not_met"
    assert judged.item("P", EAN, "b", "median") == "met"


def test_1_the_ratio_is_not_rounded_either() -> None:
    judged = one(motor("ulnar", amp2="7.09"), motor("median", amp2="7.0"))
    assert judged.item("P", EAN, "e", "ulnar") == "not_met"
    assert judged.item("P", EAN, "e", "median") == "met"


def test_2_an_f_wave_that_was_not_tested_is_not_absent() -> None:
    judged = one(motor("ulnar", f=None), motor("median", f="absent"))
    assert judged.item("P", EAN, "d", "ulnar") == "not_evaluable"
    assert judged.item("P", EAN, "d", "median") == "met"


def test_3_block_is_a_ratio_of_at_most_0_7_not_0_3() -> None:
    judged = one(motor("ulnar", amp2="6.0"))
    assert judged.item("P", EAN, "e", "ulnar") == "met"


def test_4_a_missing_proximal_response_is_not_the_absence_of_block() -> None:
    judged = one(motor("ulnar", amp2=None, area2=None), motor("median", sites="wrist"))
    for nerve in ("ulnar", "median"):
        assert judged.item("P", EAN, "e", nerve) == "not_evaluable"
    assert not judged.settled("P", EAN)


def test_5_a_missing_duration_is_not_the_absence_of_dispersion() -> None:
    judged = one(motor("ulnar", area2="5.0", dur2=None), motor("median", area2="6.0", dur2=None))
    grade = judged.grade("P", "mmn_efns_pns_2010", "ulnar", "right", "wrist", "below_elbow")
    assert grade == "probable_or_better"
    assert judged.grade("P", "mmn_efns_pns_2010", "median", "right", "wrist", "elbow") == "not_evaluable"
    assert judged.item("P", EAN, "f", "ulnar") == "not_evaluable"


def test_6_a_nerve_without_a_limit_of_its_own_gets_none(tmp_path: Path) -> None:
    """No limit is known for the phrenic nerve, and nobody knows a nerve called wobble."""
    table = tmp_path / "odd_nerves.csv"
    table.write_text(
        "patient_id,age_years,sex,height_cm,study,nerve,side,recording,stimulation,latency_ms,amplitude_mv\n"
        "P,50,F,170,motor,phrenic,left,diaphragm,neck,9.0,0.4\n"
        "P,50,F,170,motor,wobble,left,ADM,wrist,9.0,0.4\n"
        "P,50,F,170,motor,ulnar,left,ADM,wrist,3.0,9.0\n"
    )
    found = document(analyze(read(table)))
    grades = {(r["nerve"], r["measure"]): r["grade"] for r in found["studies"][0]["readings"]}
    assert grades == {
        ("phrenic", "distal_latency"): "no_limit",
        ("phrenic", "amplitude"): "no_limit",
        ("ulnar", "distal_latency"): "normal",
        ("ulnar", "amplitude"): "normal",
    }
    assert [(issue["severity"], issue["row"]) for issue in found["issues"]] == [("error", 3)]


def test_7_an_absent_response_without_latency_is_kept() -> None:
    judged = one(motor("ulnar", amp="absent"), motor("median", amp="absent"))
    assert judged.verdict("P", "gbs_hadden_1998") == "inexcitable"
    assert len(judged.motor_lines) == 2


def test_8_a_distal_row_without_velocity_is_kept() -> None:
    judged = one(motor("ulnar", sites="wrist", dml="6.0"))
    assert judged.item("P", EAN, "a", "ulnar") == "met"


@pytest.mark.parametrize(("duration", "state"), [("6.6", "not_met"), ("9.9", "not_met"), ("10.0", "met")])
def test_9_tibial_block_does_not_count_and_tibial_dispersion_from_100_percent(duration: str, state: str) -> None:
    judged = one(motor("tibial", amp2="1.0", dur2=duration))
    assert judged.item("P", EAN, "e", "tibial") == "not_met"
    assert judged.item("P", EAN, "f", "tibial") == state


def test_10_a_duration_limit_goes_with_its_filter() -> None:
    """8.2 ms in the median nerve: within the limit at 2 Hz (8.4), beyond it at 5 Hz (8.0), open where unknown."""
    states = {
        hz: one(motor("median", dur="8.2"), low_cut_hz=hz).item("P", EAN, "g", "median") for hz in ("2", "5", None)
    }
    assert states == {"2": "not_met", "5": "met", None: "not_evaluable"}


def test_11_the_2021_guideline_has_its_own_levels() -> None:
    judged = one(
        *(motor(n, mcv="34") for n in ("ulnar", "median")), sensory("ulnar", snap="9"), sensory("sural", snap="9")
    )
    assert judged.verdict("P", EFNS) == "definite"
    assert judged.verdict("P", EAN) == "strongly_supportive"
    levels = judged.analysis.results[EAN].extra["levels"].values()
    assert {str(level[0]) for level in levels} <= {"CIDP", "possible_CIDP", "not_fulfilled"}


def test_12_sensory_nerves_are_no_motor_nerves() -> None:
    judged = one(motor("ulnar", mcv="34"), sensory("median", velocity="20"), sensory("sural", velocity="20"))
    assert judged.verdict("P", EAN) == "weakly_supportive"
    assert judged.verdict("P", EFNS) == "possible"
    assert judged.verdict("P", "cidp_barohn_1989") == "not_fulfilled"


def test_13_every_nerve_has_its_own_limit() -> None:
    """A distal latency of 5.0 ms is long in the ulnar nerve and normal in the fibular one."""
    rows = [
        {"nerve": nerve, "side": "left", "study": "motor", "recording": muscle, "stimulation": site, "latency_ms": "5.0",
         "amplitude_mv": "9.0", "age_years": "40", "sex": "F", "height_cm": "170"}
        for nerve, muscle, site in (("ulnar", "ADM", "wrist"), ("fibular", "EDB", "ankle"))
    ]  # fmt: skip
    judged = analysed({"P": rows}, reference=default_reference())
    m = judged.analysis.physiology.motor
    percent = {m.nerve[i]: m.dml_pct[i] for i in range(2)}
    assert percent[1] > 100 > percent[3]


def test_14_ulnar_slowing_across_the_elbow_is_not_demyelination() -> None:
    arms = [motor("ulnar", side, sites="wrist below_elbow above_elbow", mcv3="30") for side in "LR"]
    judged = one(*arms)
    for set_id, verdict in (
        (EAN, "not_fulfilled"),
        (EFNS, "not_fulfilled"),
        ("cidp_barohn_1989", "not_fulfilled"),
        ("gbs_hadden_1998", "normal"),
    ):
        assert judged.verdict("P", set_id) == verdict
