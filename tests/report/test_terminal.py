"""The text report: width, words, and that no reading is missing from it."""

import csv
import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from ncs_analyzer.report.as_csv import write_readings
from ncs_analyzer.report.labels import ENGLISH
from ncs_analyzer.report.layout import table_lines
from ncs_analyzer.report.tables import Cell, Table, value_tables
from ncs_analyzer.report.terminal import write_text
from ncs_analyzer.report.values import is_abnormal
from ncs_analyzer.wording import number
from tests.report import hostile
from tests.report.samples import analysis, records


def text(*names: str, brief: bool = False, only_abnormal: bool = False) -> str:
    out = io.StringIO()
    write_text(analysis(*names), out, False, brief, only_abnormal)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 130])
def test_no_line_is_wider_than_the_terminal_and_none_ends_in_blanks(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = text().splitlines()
    assert max(cell_len(line) for line in lines) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_pipe_gets_80_columns_and_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    printed = text("tidy.csv")
    assert max(cell_len(line) for line in printed.splitlines()) == 80
    assert "\x1b" not in printed


def test_colour_never_says_more_than_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    out = io.StringIO()
    write_text(analysis("tidy.csv"), out, True, False, False)
    assert "\x1b[1;31m" in out.getvalue()
    assert re.sub(r"\x1b\[[\d;]*m", "", out.getvalue()) == text("tidy.csv")


def test_brief_is_one_line_for_each_study() -> None:
    lines = text(brief=True).splitlines()
    assert len(lines) == len(analysis())
    assert all(line.startswith(record["patient_id"]) for line, record in zip(lines, records(), strict=True))


def test_every_reading_stands_in_the_tables_beside_its_limit() -> None:
    for record in records():
        cells = [cell.text for table in value_tables(record, ENGLISH) for row in table.rows for cell in row]
        for reading in record["readings"]:
            if reading["measure"] != "distance" and reading["value"] is not None:
                at = cells.index(number(reading["value"]))
                cells[at] = "seen"
        numbers = [text for text in cells if re.fullmatch(r"\d+(\.\d+)?", text)]
        percents = [r for r in record["readings"] if r["percent_of_limit"] is not None and r["grade"] is not None]
        assert len(numbers) == len([r for r in percents if r["measure"] != "distance"])


def test_only_abnormal_lists_all_of_them_and_nothing_else() -> None:
    for record in records():
        rows = [
            row for table in value_tables(record, ENGLISH, only_abnormal=True) for row in table.rows if len(row) > 1
        ]
        shown = sum(bool(row[at].text) for row in rows for at in (2, 6))
        assert shown == sum(is_abnormal(r) for r in record["readings"])


def test_focal_names_the_site() -> None:
    focal = [line for line in text(brief=True).splitlines() if ": Focal" in line]
    site = "Focal: left median nerve at the wrist, right median nerve at the wrist."
    assert any(f": {site} No criteria set fulfilled." in line for line in focal)
    assert all("Focal:" in line for line in focal)


def test_decimal_points_stand_in_one_line() -> None:
    rows = (tuple(map(Cell, ("a", "5"))), tuple(map(Cell, ("b", "14.5"))), tuple(map(Cell, ("c", "≤3.75*"))))
    lines = [line.plain for line in table_lines(Table("", (("", "left"), ("x", "decimal")), rows), 80)]
    assert lines[1:] == ["a  5", "b 14.5", "c ≤3.75*"]


def test_words_wrap_with_a_hanging_indent() -> None:
    table = Table("", (("", "left"), ("", "right")), ((Cell("  " + "word " * 12), Cell("1")),))
    lines = [line.plain for line in table_lines(table, 30)]
    assert max(map(len, lines)) <= 30
    assert lines[1].endswith(" 1")
    assert all(line.startswith("    word") for line in lines[2:])


def test_hostile_names_send_nothing_to_the_terminal_and_no_formula_to_a_sheet(tmp_path: Path) -> None:
    out, sheet = io.StringIO(), io.StringIO()
    write_text(hostile.analysis(tmp_path), out, False, False, False)
    write_readings(hostile.analysis(tmp_path), sheet)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", out.getvalue())
    assert "Patient ../x," in out.getvalue()
    cells = [cell for row in csv.reader(io.StringIO(sheet.getvalue())) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
