"""The workbook: sheets, headings that stay, filters, numbers as numbers, nothing live, the same bytes twice."""

import hashlib
import io
import math
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from ncs_analyzer import Analysis
from ncs_analyzer.report import workbook
from ncs_analyzer.report.as_csv import readings_table
from ncs_analyzer.report.workbook import write_workbook
from tests.report import hostile
from tests.report.samples import analysis, records


def written(a: Analysis) -> bytes:
    out = io.BytesIO()
    write_workbook(a, out)
    return out.getvalue()


@cache
def samples() -> bytes:
    return written(analysis())


def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def table(content: bytes, sheet: str) -> list[dict[str, object]]:
    rows = book(content)[sheet].iter_rows(values_only=True)
    names = [str(name) for name in next(rows)]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_sheets_have_headings_in_view_and_a_filter_on_every_column() -> None:
    found = book(samples())
    assert found.sheetnames == ["summary", "readings", "criteria", "conduction block", "issues", "sources"]
    for sheet in found:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])


def test_every_reading_with_its_limits_and_cell() -> None:
    rows = table(samples(), "readings")
    own = readings_table(analysis())
    assert len(rows) == len(own)
    for row, reading in zip(rows, own.to_dict("records"), strict=True):
        for name, key in (
            ("value", "value"),
            ("lower limit", "lower"),
            ("upper limit", "upper"),
            ("% of limit", "percent_of_limit"),
        ):
            assert row[name] == pytest.approx(reading[key]) if not math.isnan(reading[key]) else row[name] is None
        assert (row["file"], row["row"], row["column"]) == (reading["file"], reading["row"], reading["column"])


def test_flags_are_words() -> None:
    flags = {row["flag"] for row in table(samples(), "readings")}
    assert (
        {"LOW", "HIGH", "ABSENT", None}
        <= flags
        <= {"LOW", "HIGH", "ABSENT", "no limit", "not used", "not tested", None}
    )


def test_verdicts_and_evidence() -> None:
    rows = table(samples(), "criteria")
    pieces = sum(len(c["evidence"]) + 1 for record in records() for c in record["criteria"].values())
    assert len(rows) == pieces
    assert {row["fulfilled"] for row in rows} == {"yes", "no"}


def test_summary_and_issues_and_sources() -> None:
    assert [row["patient"] for row in table(samples(), "summary")] == [record["patient_id"] for record in records()]
    assert len(table(samples(), "issues")) == len(analysis().readings.issues)
    assert {row["what"] for row in table(samples(), "sources")} == {"program", "setting", "rows", "limits", "criteria"}


def test_nothing_in_it_is_a_formula(tmp_path: Path) -> None:
    content = written(hostile.analysis(tmp_path))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/" in name]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets)
    patients = [row["patient"] for row in table(content, "summary")]
    assert "=cmd|' /C calc'!A0" in patients
    assert "../x" in patients
    assert not any(ord(c) < 32 for who in patients for c in str(who))


def test_same_input_same_bytes() -> None:
    assert (
        hashlib.sha256(written(analysis("tidy.csv"))).digest() == hashlib.sha256(written(analysis("tidy.csv"))).digest()
    )


def test_a_full_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS_OF_A_SHEET", 400)
    content = written(analysis("tidy.csv"))
    parts = [name for name in book(content).sheetnames if name.startswith("readings")]
    assert len(parts) == -(-len(readings_table(analysis("tidy.csv"))) // 400) > 1
    assert sum(len(table(content, name)) for name in parts) == len(readings_table(analysis("tidy.csv")))
