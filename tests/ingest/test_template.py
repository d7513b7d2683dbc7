"""The empty table: it holds every column, reads back, and its drop-downs offer only words the reader knows."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ncs_analyzer.ingest import read
from ncs_analyzer.readings import LIMITS, STUDY_COLUMNS, VALUES
from ncs_analyzer.report.template import COLUMNS, MEANINGS, choices, write_csv_template, xlsx_template
from ncs_analyzer.vocabulary.anatomy import SITE_LIMB

FILLED = {
    "patient_id": "A1", "study_date": "2024-03-05", "age_years": 50, "sex": "F", "height_cm": 170, "study": "motor",
    "nerve": "median", "side": "left", "recording": "APB", "stimulation": "wrist", "latency_ms": 3.5,
    "amplitude_mv": 8.25, "latency_upper_limit": 4.4, "cts_left": "no", "phenotype": "typical",
}  # fmt: skip


def test_every_column_of_the_tidy_table_once() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert {*STUDY_COLUMNS, *VALUES, *LIMITS} <= set(COLUMNS)
    assert list(MEANINGS) and set(MEANINGS) == set(COLUMNS)


def test_an_empty_one_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("w") as stream:
        write_csv_template(stream)
    assert [i.code.name for i in read(path).issues] == ["nothing-in-file"]


def test_a_filled_workbook_reads_back(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(xlsx_template()))
    book["readings"].append([FILLED.get(name) for name in COLUMNS])
    path = tmp_path / "t.xlsx"
    book.save(path)
    readings = read(path)
    assert [i.severity for i in readings.issues] == ["info"]
    (study,) = readings.studies.to_dict("records")
    (response,) = readings.responses.to_dict("records")
    for name, value in FILLED.items():
        assert {**study, **response}[name] == value


@pytest.mark.parametrize("name", list(choices()))
def test_every_word_offered_is_understood(name: str, tmp_path: Path) -> None:
    words = choices()[name]
    rows = [{**FILLED, "patient_id": f"P{k}", "latency_ms": 9.0, name: word} for k, word in enumerate(words)]
    for row in rows:
        row["nerve"] = "tibial" if name == "stimulation" and SITE_LIMB.get(row[name]) == "lower" else row["nerve"]
    path = tmp_path / "t.csv"
    path.write_text(
        "\n".join([",".join(COLUMNS), *(",".join(str(row.get(c, "")) for c in COLUMNS) for row in rows)]) + "\n"
    )
    unread = [i for i in read(path).issues if i.value in words or i.column == name]
    assert not [i for i in unread if i.code.name.startswith(("un", "demographics-un"))]


def test_the_same_bytes_every_time() -> None:
    assert xlsx_template() == xlsx_template()
    assert b"2000-01-01" in _core(xlsx_template())


def _core(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("docProps/core.xml")
