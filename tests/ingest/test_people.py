"""Whom a study is of: labels, dates, ages and heights as laboratories write them, blocks, columns, lists of patients."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ncs_analyzer.ingest import read
from ncs_analyzer.ingest.cells import read_age, read_height
from ncs_analyzer.ingest.dates import read_dates
from ncs_analyzer.ingest.demographic_headings import demographic_heading, read_label, sex_codes
from ncs_analyzer.ingest.layouts.people_columns import labels_of_people
from ncs_analyzer.readings import Readings
from tests.ingest.reading import table

TABLE = [
    ["Nerve", "Side", "Site", "Latency (ms)", "Amplitude (mV)", "Velocity (m/s)"],
    ["Median", "R", "Wrist", 3.5, 8.1, None],
    ["Median", "R", "Elbow", 7.6, 8.0, 57],
    ["Ulnar", "L", "Wrist", 2.7, 9.1, None],
]
Rows = list[list[Any]]


def workbook(tmp_path: Path, **sheets: Rows) -> Readings:
    """What is read of a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    return read(tmp_path / "f.xlsx")


def who(found: Readings) -> list[tuple[Any, ...]]:
    """Id, date, age in whole years, sex and height of every study."""
    table = found.studies[["patient_id", "study_date", "age_years", "sex", "height_cm"]].astype(object)
    rows = table.where(table.notna(), None).values.tolist()
    return [(p, d, None if a is None else round(a, 1), s, None if h is None else round(h)) for p, d, a, s, h in rows]


@pytest.mark.parametrize(
    ("label", "roles"),
    [
        ("Surname, first name", ["patient_name"]),
        ("N.º historia", ["patient_id"]),
        ("Hosp. No.", ["patient_id"]),
        ("Reg. No", ["patient_id"]),
        ("N° dossier", ["patient_id"]),
        ("カルテ番号", ["patient_id"]),
        ("병록번호", ["patient_id"]),
        ("Date of the nerve conduction study", ["study_date"]),
        ("Data ENG", ["study_date"]),
        ("Untersuchung am", ["study_date"]),
        ("geb. am", ["date_of_birth"]),
        ("Date of report", ["other"]),
        ("Age at onset", ["other"]),
        ("판독일", ["other"]),
        ("Age at NCS (years)", ["age_years"]),
        ("sexAtBirth", ["sex"]),
        ("성별/나이", ["sex", "age_years"]),
        ("Age / Sex / Height", ["age_years", "sex", "height_cm"]),
        ("Latency", []),
        ("Sexe : M", []),
        ("Date of the moon", []),
    ],
)
def test_labels(label: str, roles: list[str]) -> None:
    assert [d.role for d in read_label(label)] == roles


def test_a_height_in_cm_is_not_in_inches() -> None:
    named = demographic_heading("Height in cm")
    assert named is not None
    assert named.factor is None


@pytest.mark.parametrize(
    ("headings", "column"),
    [
        (["Case no", "MRN"], 1),
        (["Study ID", "Hospital No"], 1),
        (["No.", "Code"], 1),
        (["Accession no", "Patient ID"], 1),
        (["Subject", "Lab no"], 0),
    ],
)
def test_the_best_id_names_the_patient(headings: list[str], column: int) -> None:
    found = labels_of_people(headings)
    assert [c for c, label in found.items() if label[0].role == "patient_id"] == [column]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023년 11월 2일", "2023-11-02"),
        ("2023. 11. 2.", "2023-11-02"),
        ("令和5年6月12日", "2023-06-12"),
        ("S45.3.2", "1970-03-02"),
        ("12 de marzo de 2022", "2022-03-12"),
        ("12-Mar-22", "2022-03-12"),
        ("Montag, 12.09.2023 14:30", "2023-09-12"),
        ("2023/5/18 10:20", "2023-05-18"),
        ("45187", "2023-09-18"),
        ("03/04/2022", None),
        ("12.09.23", None),
        ("12 Mar 10:30", None),
        ("31/02/2022", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert read_dates([text]) == [date]


def test_the_order_of_a_column_and_of_its_company() -> None:
    assert read_dates(["03/04/2022", "13/04/2022"]) == ["2022-04-03", "2022-04-13"]
    assert read_dates(["03/04/2022", "13/04/2022", "04/13/2022"]) == [None, "2022-04-13", "2022-04-13"]
    assert read_dates(["03/04/2022"], ["14/03/1958"]) == ["2022-04-03"]
    assert read_dates(["14.03.58"], birth=True) == ["1958-03-14"]
    assert read_dates(["14.03.12"], birth=True) == [None]


@pytest.mark.parametrize(
    ("text", "years"),
    [("54세", 54), ("만 54세", 54), ("63-year-old", 63), ("58 Years 4 Months", 58.333), ("3 y 6 m", 3.5), ("5 months", 0.4167),
     ("63 J.", 63), ("5 m", None), ("-1", None), ("63/M", None), ("unknown 5", None)],
)  # fmt: skip
def test_ages(text: str, years: float | None) -> None:
    assert read_age(text) == (None if years is None else pytest.approx(years, abs=1e-3))


@pytest.mark.parametrize(
    ("text", "cm"), [("1,62 m", 162), ("1m75", 175), ("5 ft 5 in", 165.1), ("170公分", 170), ("1.75", 175), ("x", None)]
)
def test_heights(text: str, cm: float | None) -> None:
    assert read_height(text) == (None if cm is None else pytest.approx(cm))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Sex (1 = M, 2 = F)", {"1": "M", "2": "F"}),
        ("0 = weiblich, 1 = männlich", {"0": "F", "1": "M"}),
        ("M/F = 1/2", {"1": "M", "2": "F"}),
        ("sexo: 1=H, 2=M", {"1": "M", "2": "F"}),
        ("sex_0f_1m", {"0": "F", "1": "M"}),
        ("12 patients, 2 male, 1 female", {}),
        ("1 = yes, 0 = no", {}),
    ],
)
def test_codes_of_sex(text: str, codes: dict[str, str]) -> None:
    assert sex_codes(text) == codes


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Mr X, 63 y, male, 175 cm, MRN 4471, examined 12 Mar 2022"]], ("4471", "2022-03-12", 63, "M", 175)),
        ([["NCS report - 63 y/o female - MRN 881 - 31 Jan 2023"]], ("881", "2023-01-31", 63, "F", None)),
        ([["Name", "X Y", "MRN", "0041"], ["DOB", "03.04.1960 (63 J.)", "Sex", "F"], ["Date", "12.09.2023"]],
         ("0041", "2023-09-12", 63, "F", None)),
        ([["Reg. No", "1184-02", "Name", "Y", "Sex/Age", "F/61", "Exam", "2021-06-18", "Ht", "158 cm"]],
         ("1184-02", "2021-06-18", 61, "F", 158)),
        ([[None, "Hospital number", None, None, "B2"], [None, "Height", None, "164", "cm"]], ("B2", None, None, None, 164)),
        ([["Patient ID", "Age", "Sex", "Height", "Exam date"], ["P-77", 63, "F", "163 cm", "2022-03-12"]],
         ("P-77", "2022-03-12", 63, "F", 163)),
        ([["姓名：张某 性别：男 年龄：59岁 住院号：ZY123 检查日期：2023年5月18日"]], ("ZY123", "2023-05-18", 59, "M", None)),
        ([["Fecha de nacimiento:", "14/03/1958", "NHC:", "203"], ["Fecha de la exploración:", "05/06/2023", "Sexo:", "H"]],
         ("203", "2023-06-05", 65.0, "M", None)),
        ([["Accession no", "ACC-99", "MRN", "0077"], ["Report date", "2019-05-03", "Exam date", "2019-04-03"]],
         ("0077", "2019-04-03", None, None, None)),
        ([["Age", 8, "months", "Sex", "M", "ID", "K-3"]], ("K-3", None, 0.7, "M", None)),
        ([["MRN", 1234567.0], ["Date", 45069]], ("1234567", "2023-05-23", None, None, None)),
        ([["Patient", "Hollis, D (63 y, F)"], ["Lab no", "L-12"]], ("L-12", None, 63, "F", None)),
    ],
)  # fmt: skip
def test_patient_blocks(tmp_path: Path, rows: Rows, expected: tuple[Any, ...]) -> None:
    assert who(workbook(tmp_path, S=[*rows, [], *TABLE])) == [expected]


@pytest.mark.parametrize(
    "note",
    [
        ["Conclusion: in this 45 year old man CTS"],
        ["Reference values: female, 60 years, height 160 cm"],
        ["Date of report", "2023-02-05"],
        ["Signature", "Dr. X", "Date", "2023-02-05"],
        ["NR = no response"],
        ["Lab no. 7 - protocol v. 3.2"],
    ],
)
def test_notes_name_nobody(tmp_path: Path, note: list[str]) -> None:
    block: Rows = [["Patient ID", "P1", "Sex", "F", "Age", "63"], ["Exam date", "2023-01-31"]]
    expected = [("P1", "2023-01-31", 63, "F", None)]
    assert who(workbook(tmp_path, S=[*block, [], *TABLE, [], note])) == expected
    assert who(workbook(tmp_path, S=[note, *block, [], *TABLE])) == expected


def test_names_are_not_kept(tmp_path: Path) -> None:
    found = workbook(tmp_path, S=[["Patient", "Hollis, D (63 y)"], ["Surname: Hollis"], [], *TABLE])
    assert "Hollis" not in found.studies.to_string() + repr(found.issues)


def test_blocks_at_the_foot_belong_to_the_tables_above(tmp_path: Path) -> None:
    feet = [[["Patient ID", p], ["Date", d]] for p, d in (("A1", "2023-01-05"), ("B2", "2023-01-25"))]
    found = workbook(tmp_path, S=[*TABLE, [], *feet[0], [], *TABLE, [], *feet[1]])
    assert who(found) == [("A1", "2023-01-05", None, None, None), ("B2", "2023-01-25", None, None, None)]


def test_another_date_is_another_visit_of_the_same_patient(tmp_path: Path) -> None:
    visits = [["Visit 1: 2023-01-05"], [], *TABLE, [], ["Visit 2: 2023-06-05"], [], *TABLE]
    found = workbook(tmp_path, S=[["ID", "A1"], ["Sex", "F"], *visits])
    assert who(found) == [("A1", d, None, "F", None) for d in ("2023-01-05", "2023-06-05")]


LIST: Rows = [
    ["Patient ID", "Name", "Age", "Sex", "Height (cm)", "Exam date"],
    ["A1", "x y", 40, "F", 160, "2023-01-05"],
    ["B2", "u v", 50, "M", 170, "2023-01-25"],
]
LISTED = [("A1", "2023-01-05", 40, "F", 160), ("B2", "2023-01-25", 50, "M", 170)]
KEYED: Rows = [["ID", *TABLE[0]], ["A1", *TABLE[1]], [None, *TABLE[2]], ["B2", *TABLE[3]]]


def test_a_list_of_patients_completes_the_other_sheets(tmp_path: Path) -> None:
    assert who(workbook(tmp_path, Patients=LIST, Motor=KEYED)) == LISTED
    assert who(workbook(tmp_path, Patients=LIST, A1=TABLE, B2=TABLE)) == LISTED
    turned: Rows = [list(column) for column in zip(*LIST, strict=True)]
    assert who(workbook(tmp_path, Patients=turned, Motor=KEYED)) == LISTED


def test_lists_apart_for_facts_and_dates(tmp_path: Path) -> None:
    facts: Rows = [["Subject", "Gender", "Ht"], ["A1", "F", 160], ["B2", "M", 170], ["C3", "M", 180]]
    dates: Rows = [["Subject", "Date of NCS"], ["A1", "2023-01-05"], ["B2", "2023-01-25"]]
    expected = [(p, d, None, s, h) for p, d, _, s, h in LISTED]
    assert who(workbook(tmp_path, Motor=KEYED, Demographics=facts, Visits=dates)) == expected


def test_two_dates_of_a_list_date_no_study(tmp_path: Path) -> None:
    twice = [*LIST, ["A1", "x y", 41, "F", 160, "2024-01-05"]]
    found = who(workbook(tmp_path, Patients=twice, Motor=KEYED))
    assert found[0] == ("A1", None, None, "F", 160)


def test_a_list_of_patients_alone_is_no_study(tmp_path: Path) -> None:
    found = workbook(tmp_path, Patients=LIST)
    assert not len(found.studies)
    assert [i.code.name for i in found.issues] == ["layout-unknown"]


def wide(*people: list[Any]) -> Rows:
    """A wide sheet with some columns about the patients."""
    heads, *rows = people
    return [
        [*heads, "R median DML (ms)", "R median CMAP (mV)", "R ulnar DML (ms)"],
        *([*r, 3.5, 8, 2.7] for r in rows),
    ]


def test_facts_of_the_first_row_hold_for_the_patient(tmp_path: Path) -> None:
    sheet = wide(
        ["record_id", "event", "sex", "height_cm", "visit_date", "age"],
        ["1", "Baseline", "F", 160, "2023-01-05", 40],
        ["1", "Month 12", None, None, "2024-01-25", None],
    )
    found = workbook(tmp_path, S=sheet)
    assert who(found) == [("1", "2023-01-05", 40, "F", 160), ("1", "2024-01-25", 41, "F", 160)]
    assert "demographics-carried" in [i.code.name for i in found.issues]


def test_codes_of_another_sheet_and_columns_of_two_facts(tmp_path: Path) -> None:
    book: Rows = [["Variable", "Code", "Meaning"], ["Sex", "1", "Male"], [None, "2", "Female"], ["CTS", "0", "no"]]
    sheet = wide(["Sl. No", "Hosp No", "Sex"], [1, "A1", 1], [2, "B2", 2])
    assert who(workbook(tmp_path, S=sheet, Codebook=book)) == [
        ("A1", None, None, "M", None),
        ("B2", None, None, "F", None),
    ]
    sheet = wide(["ID", "Age/Sex"], ["A1", "40/F"], ["B2", "50/M"])
    assert who(workbook(tmp_path, S=sheet)) == [("A1", None, 40, "F", None), ("B2", None, 50, "M", None)]
    rows: Rows = [["Nº HC", "Edad/Sexo", "Fecha", *TABLE[0]], ["A1", "40/M", "12/01/2023", *TABLE[1]],
                  [None, None, None, *TABLE[2]], ["B2", "50/H", "25/01/2023", *TABLE[3]]]  # fmt: skip
    assert [p[:3] for p in who(workbook(tmp_path, S=rows))] == [("A1", "2023-01-12", 40), ("B2", "2023-01-25", 50)]


@pytest.mark.parametrize(
    ("written", "patient"),
    [
        ("44-1290  Smith", "44-1290"),
        ("Smith (44-1290)", "44-1290"),
        ("SMITH JOHN 44-1290", "44-1290"),
        ("44-1290 J. Smith", "44-1290"),
        ("Control 1024", "Control 1024"),
        ("CIDP 12", "CIDP 12"),
        ("1024 A", "1024 A"),
        ("0012 week 4", "0012 week 4"),
    ],
)
def test_a_name_beside_the_number_of_a_patient_is_not_kept(tmp_path: Path, written: str, patient: str) -> None:
    text = f"Patient: {written}\n\nNerve,Side,Site,Muscle,Lat (ms),Amp (mV)\nMedian motor,L,Wrist,APB,3.9,8.2\n"
    assert list(table(tmp_path, text).studies["patient_id"]) == [patient]
