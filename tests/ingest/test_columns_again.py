"""Two columns of a tidy table for one thing: they complete each other or agree, or nothing rests on either."""

from pathlib import Path

import pytest

from ncs_analyzer.readings import Readings
from tests.ingest.reading import table, values

HEAD = "patient_id,study_date,age_years,sex,height_cm,study,nerve,side,recording,stimulation,response,latency_ms,amplitude_mv"
WRIST = "A1,2024-01-02,50,F,170,motor,median,left,APB,wrist,,3.5,8.2"
ELBOW = "A1,2024-01-02,50,F,170,motor,median,left,APB,elbow,,7.5,8.0"


def with_column(tmp_path: Path, heading: str, wrist: str, elbow: str) -> Readings:
    return table(tmp_path, f"{HEAD},{heading}\n{WRIST},{wrist}\n{ELBOW},{elbow}\n")


def errors(found: Readings) -> list[tuple[str, int | None, str | None]]:
    return [(i.code.name, i.row, i.column) for i in found.issues if i.severity == "error"]


@pytest.mark.parametrize(
    ("heading", "other", "same"),
    [
        ("side", "right", "left"), ("Side", "R", "L"), ("nerve", "ulnar", "median"), ("study", "sensory", "motor"),
        ("recording", "ADM", "APB"), ("Patient ID", "B2", "A1"),
    ],
)  # fmt: skip
def test_a_row_whose_columns_contradict_each_other_is_refused(
    tmp_path: Path, heading: str, other: str, same: str
) -> None:
    found = with_column(tmp_path, heading, same, other)
    assert errors(found) == [("duplicate-conflict", 3, heading)]
    assert values(found) == {"A1_2024-01-02 left median motor wrist latency_ms": 3.5,
                             "A1_2024-01-02 left median motor wrist amplitude_mv": 8.2}  # fmt: skip
    assert errors(with_column(tmp_path, heading, same, same)) == []


def test_a_further_column_completes_the_first(tmp_path: Path) -> None:
    found = table(tmp_path, f"{HEAD},Side\n{WRIST.replace('left', '')},left\n{ELBOW},left\n")
    assert errors(found) == []
    assert found.responses["side"].tolist() == ["left", "left"]


def test_no_response_in_a_second_column_contradicts_the_numbers(tmp_path: Path) -> None:
    assert [e[0] for e in errors(with_column(tmp_path, "response", "absent", ""))] == ["response-contradicts-value"]


@pytest.mark.parametrize(
    ("heading", "name", "other", "known"),
    [("Age", "age_years", "63", 50.0), ("sex", "sex", "M", "F"), ("study_date", "study_date", "2020-01-01", "2024-01-02"),
     ("Height (cm)", "height_cm", "151", 170.0)],
)  # fmt: skip
def test_a_fact_that_two_columns_tell_otherwise_is_unknown(
    tmp_path: Path, heading: str, name: str, other: str, known: object
) -> None:
    found = with_column(tmp_path, heading, "", other)
    assert ("demographics-conflict", 3, heading) in {(i.code.name, i.row, i.column) for i in found.issues}
    assert found.studies[name].isna().all()
    both = with_column(tmp_path, heading, other, str(known))
    assert both.studies[name].isna().all()
    agreed = with_column(tmp_path, heading, str(known), "")
    assert agreed.studies[name].tolist() == [known]
    assert "demographics-conflict" not in {i.code.name for i in agreed.issues}


def test_a_rounded_age_agrees(tmp_path: Path) -> None:
    assert with_column(tmp_path, "Age", "50.9", "50.9").studies["age_years"].tolist() == [50.0]


def test_a_fact_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    found = with_column(tmp_path, "Age", "63 kg", "63 kg")
    assert ("demographics-unreadable", 2, "Age") in {(i.code.name, i.row, i.column) for i in found.issues}


def test_two_numbers_of_one_patient_may_differ(tmp_path: Path) -> None:
    """An id of the study and one of the hospital; but one number belongs to one patient."""
    found = with_column(tmp_path, "MRN", "44-1290", "44-1290")
    assert errors(found) == []
    other = ELBOW.replace("A1", "A2")
    found = table(tmp_path, f"{HEAD},MRN\n{WRIST},44-1290\n{other},44-1290\n")
    assert {e[:2] for e in errors(found)} == {("duplicate-conflict", 2), ("duplicate-conflict", 3)}


def test_a_late_latency_in_a_column_of_its_own(tmp_path: Path) -> None:
    late = WRIST.replace("motor", "f_wave").replace("3.5,8.2", ",")
    found = table(tmp_path, f"{HEAD},F latency (ms)\n{WRIST},\n{late},27.4\n")
    assert values(found)["A1_2024-01-02 left median f_wave wrist latency_ms"] == 27.4
    assert errors(found) == []


def test_an_f_wave_in_a_motor_row_is_read_as_one(tmp_path: Path) -> None:
    found = values(with_column(tmp_path, "F latency (ms)", "27.4", ""))
    assert found["A1_2024-01-02 left median f_wave wrist latency_ms"] == 27.4
    assert found["A1_2024-01-02 left median motor wrist latency_ms"] == 3.5


def test_a_late_latency_in_a_row_of_another_kind_is_said(tmp_path: Path) -> None:
    sural = "A1,2024-01-02,50,F,170,sensory,sural,left,ankle,calf,,3.1,"
    found = table(tmp_path, f"{HEAD},F latency (ms)\n{sural},27.4\n")
    assert ("cell-not-read", 2) in {(i.code.name, i.row) for i in found.issues}


@pytest.mark.parametrize("heading", ["latency_pct", "Amp %LLN", "NCV % predicted"])
def test_a_column_of_percentages_is_said(tmp_path: Path, heading: str) -> None:
    assert errors(with_column(tmp_path, heading, "96", "104")) == [("percent-of-limit", 1, heading)]


def test_an_age_that_cannot_be_is_said_at_its_own_row(tmp_path: Path) -> None:
    found = table(tmp_path, f"{HEAD}\n{WRIST}\n{ELBOW.replace(',50,', ',230,')}\n")
    assert [(i.code.name, i.row, i.value) for i in found.issues if i.column == "age_years"] == [
        ("demographics-unreadable", 3, "230")
    ]
    assert found.studies["age_years"].isna().all()


@pytest.mark.parametrize(
    ("date", "code"), [("2025-02-30", "demographics-unreadable"), ("02/03/2025", "date-order-unknown")]
)
def test_a_date_that_is_none_and_one_of_open_order(tmp_path: Path, date: str, code: str) -> None:
    found = table(tmp_path, f"{HEAD}\n{WRIST.replace('2024-01-02', date)}\n")
    assert [i.code.name for i in found.issues if i.column == "study_date"] == [code]


@pytest.mark.parametrize(
    ("age", "birth", "known"),
    [("50", "1974-01-01", True), ("50", "1972-01-03", True), ("50", "1971-01-01", False), ("", "2031-05-06", False),
     ("50", "2031-05-06", False), ("", "1974-01-01", True)],
)  # fmt: skip
def test_an_age_that_birth_and_date_deny(tmp_path: Path, age: str, birth: str, known: bool) -> None:
    row = WRIST.replace(",50,", f",{age},")
    found = table(tmp_path, f"{HEAD},date_of_birth\n{row},{birth}\n")
    assert found.studies["age_years"].notna().all() == known
    assert ("demographics-conflict" in {i.code.name for i in found.issues}) == (not known)


@pytest.mark.parametrize(("name", "refused"), [("study", True), ("nerve", True), ("side", True), ("response", False)])
@pytest.mark.parametrize("error", ["#N/A", "#REF!"])
def test_an_error_of_the_spreadsheet_is_no_word(tmp_path: Path, name: str, refused: bool, error: str) -> None:
    row = dict(zip(HEAD.split(","), ELBOW.split(","), strict=True)) | {name: error}
    found = table(tmp_path, f"{HEAD}\n{WRIST}\n{','.join(row.values())}\n")
    assert errors(found) == [("error-cell", 3, name)]
    assert len(found.responses) == (1 if refused else 2)


@pytest.mark.parametrize("site", ["ankle", "popliteal_fossa"])
def test_a_nerve_of_the_arm_has_no_site_at_the_leg(tmp_path: Path, site: str) -> None:
    found = table(tmp_path, f"{HEAD}\n{WRIST}\n{ELBOW.replace('elbow', site)}\n")
    assert errors(found) == [("unknown-site", 3, "stimulation")]
    assert len(found.responses) == 1


def test_studies_of_one_patient_that_give_two_sexes(tmp_path: Path) -> None:
    other = ELBOW.replace("2024-01-02", "2024-03-02").replace(",F,", ",M,")
    found = table(tmp_path, f"{HEAD}\n{WRIST}\n{other}\n")
    assert found.studies["sex"].isna().all()
    assert [i.row for i in found.issues if i.code.name == "demographics-conflict"] == [2, 3]
    agreed = table(tmp_path, f"{HEAD}\n{WRIST}\n{other.replace(',M,', ',F,')}\n")
    assert agreed.studies["sex"].tolist() == ["F", "F"]
