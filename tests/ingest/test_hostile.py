"""Broken and hostile files: the right issue, nothing read, no exception, no crash."""

import os
import re
from pathlib import Path

import pytest
import xlsxwriter

from ncs_analyzer.ingest import read
from ncs_analyzer.ingest.files import open_file
from ncs_analyzer.ingest.grid import WIDEST
from ncs_analyzer.readings import Readings
from tests.ingest import broken

REFUSED = list(broken.refused_files())


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_a_file_that_cannot_be_read_is_named_with_its_reason(
    name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    readings = read(path)
    assert not len(readings.studies)
    errors = [issue for issue in readings.issues if issue.severity == "error"]
    assert {issue.code.name for issue in errors} == {code}
    assert all(issue.file == str(path) for issue in errors)


def test_other_files_go_on(tmp_path: Path) -> None:
    (tmp_path / "a_broken.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "b_sound.csv").write_text(broken.csv_text())
    readings = read(tmp_path)
    assert list(readings.studies["patient_id"]) == ["P1"]
    assert [Path(i.file).name for i in readings.issues if i.severity == "error"] == ["a_broken.xlsx"]


def test_one_broken_sheet_leaves_the_others(tmp_path: Path) -> None:
    book = broken.workbook(good=[broken.HEADINGS, *broken.ROWS], bad=[("x",)])
    path = tmp_path / "book.xlsx"
    path.write_bytes(broken.repacked(book, sheet2=b"<worksheet><sheetData><row>"))
    readings = read(path)
    assert len(readings.responses) == len(broken.ROWS)
    assert [(i.code.name, i.sheet) for i in readings.issues] == [("sheet-unreadable", "bad")]


@pytest.mark.parametrize("letters", ["XFD", "ZZ"])
def test_a_stray_cell_far_away_costs_nothing_and_is_said(letters: str, tmp_path: Path) -> None:
    sound = broken.workbook()
    stray = f'<row r="1048576"><c r="{letters}1048576"><v>7</v></c></row></sheetData>'.encode()
    xml = broken.part(sound, broken.SHEET).replace(b"</sheetData>", stray)
    path = tmp_path / "book.xlsx"
    path.write_bytes(broken.repacked(sound, sheet1=xml))
    readings = read(path)
    assert len(readings.responses) == len(broken.ROWS)
    said = [(i.code.name, i.row, i.column) for i in readings.issues]
    assert said == [("stray-cells", 1048576, letters)]


def test_a_million_blank_formatted_rows(tmp_path: Path) -> None:
    sound = broken.workbook()
    blank = "".join(f'<row r="{r}" ht="12"><c r="A{r}" s="1"/></row>' for r in range(5, 30_000)).encode()
    xml = broken.part(sound, broken.SHEET).replace(b"</sheetData>", blank + b"</sheetData>")
    opened = open_file("book.xlsx", broken.repacked(sound, sheet1=xml))
    assert [grid.height for grid in opened.grids] == [4]


def test_absurd_merged_ranges_leave_the_cells_alone() -> None:
    sound = broken.workbook()
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:L3"/><mergeCell ref="?"/></mergeCells>'
    xml = broken.part(sound, broken.SHEET).replace(b"</sheetData>", b"</sheetData>" + merged)
    (grid,) = open_file("book.xlsx", broken.repacked(sound, sheet1=xml)).grids
    assert grid.row(0) == list(broken.HEADINGS)
    assert grid.row(1)[4] == "median"


@pytest.mark.parametrize("columns", [WIDEST + 1, 20_000])
def test_more_columns_than_any_layout_has(columns: int) -> None:
    opened = open_file("wide.csv", (",".join(f"x{k}" for k in range(columns)) + "\n").encode())
    assert [i.code.name for i in opened.issues] == ["format-refused"]


def test_as_many_columns_as_a_sheet_has() -> None:
    cells = "".join(f"<c><v>{k}</v></c>" for k in range(WIDEST))
    opened = open_file("wide.xlsx", broken.repacked(broken.workbook(), sheet1=broken.sheet_xml(f"<row>{cells}</row>")))
    assert [grid.width for grid in opened.grids] == [WIDEST]


def test_many_columns_that_mean_nothing(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"x{k}" for k in range(500)) + "\n" + ",".join("1" for _ in range(500)) + "\n")
    assert {i.code.name for i in read(path).issues} == {"layout-unknown"}


def test_zero_bytes_in_a_number_make_it_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "zero.csv"
    path.write_bytes(broken.csv_text().replace("3.6", "3\x00.6").encode())
    readings = read(path)
    assert [(i.code.name, i.row, i.column) for i in readings.issues] == [("unreadable-number", 2, "latency_ms")]
    assert readings.responses["latency_ms"].isna().sum() == 1


def test_zero_bytes_behind_the_table_are_padding(tmp_path: Path) -> None:
    path = tmp_path / "zero.csv"
    path.write_bytes(broken.csv_text().encode() + bytes(400))
    (issue,) = read(path).issues
    assert (issue.code.name, "400 zero bytes" in issue.message) == ("encoding-assumed", True)
    path.write_bytes(broken.csv_text().rstrip().encode() + bytes(400))
    assert "encoding-mixed" in {i.code.name for i in read(path).issues}


def test_a_quote_that_never_closes_costs_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_text(
        broken.csv_text().replace("P1,54,F,motor,median,left,APB,elbow", 'P1,54,F,motor,median,left,APB,"elbow')
    )
    readings = read(path)
    assert [(i.code.name, i.row) for i in readings.issues] == [("unclosed-quote", 3)]
    assert list(readings.responses["nerve"]) == ["median", "ulnar"]
    assert readings.rows == {"read": 3, "used": 2, "reported": 1}


def test_a_row_with_a_field_too_many_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "comma.csv"
    path.write_text(broken.csv_text().replace("3.6", "3,6"))
    readings = read(path)
    assert [(i.code.name, i.row) for i in readings.issues] == [("field-count", 2)]
    assert len(readings.responses) == 2
    assert readings.rows == {"read": 3, "used": 2, "reported": 1}


def test_trailing_delimiters_are_no_fields(tmp_path: Path) -> None:
    path = tmp_path / "trailing.csv"
    head, *rows = broken.csv_text().rstrip("\n").split("\n")
    path.write_text("\n".join([head, *(row + "," for row in rows)]))
    readings = read(path)
    assert not readings.issues
    assert len(readings.responses) == 3


@pytest.mark.parametrize("name", ["../../etc/x", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\x1b[31mred"])
def test_ids_are_text(name: str, tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text(broken.csv_text().replace("P1", f'"{name}"'))
    assert list(read(path).studies["patient_id"]) == [name]
    assert [p.name for p in tmp_path.iterdir()] == ["ids.csv"]


class TestWhatIsNoFile:
    def test_missing(self, tmp_path: Path) -> None:
        assert _said(read(tmp_path / "none.csv")) == ["file-unreadable"]

    def test_folder_without_spreadsheets(self, tmp_path: Path) -> None:
        (tmp_path / "notes.docx").write_bytes(b"PK")
        assert not read(tmp_path).issues

    def test_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.csv")
        assert _said(read(tmp_path / "pipe.csv")) == ["file-unreadable"]
        assert _said(read(tmp_path)) == ["file-unreadable"]

    def test_device(self) -> None:
        assert _said(read("/dev/zero")) == ["file-unreadable"]

    def test_circle_of_links(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
        (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
        (tmp_path / "deep").symlink_to(tmp_path, target_is_directory=True)
        assert _said(read(tmp_path)) == ["file-unreadable", "file-unreadable"]

    def test_lock_file(self, tmp_path: Path) -> None:
        (tmp_path / "~$book.xlsx").write_bytes(b"\x05user" + bytes(100))
        assert _said(read(tmp_path)) == ["file-skipped"]

    def test_same_file_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(broken.csv_text())
        (tmp_path / "link.csv").symlink_to(path)
        readings = read([path, path, tmp_path])
        assert _said(readings) == ["file-skipped"] * 3
        assert len(readings.responses) == 3


def _said(readings: object) -> list[str]:
    return [issue.code.name for issue in readings.issues]  # type: ignore[attr-defined]


def test_a_text_file_cut_off_in_its_last_row(tmp_path: Path) -> None:
    whole = "\n".join(",".join("" if v is None else str(v) for v in row) for row in (broken.HEADINGS, *broken.ROWS * 2))
    lines = whole.splitlines()
    path = tmp_path / "cut.csv"
    path.write_text(whole)
    assert "row-cut-off" not in {i.code.name for i in read(path).issues}
    path.write_text(whole[: whole.rindex(",") - 1])
    assert [(i.code.name, i.row) for i in read(path).issues if i.severity == "error"] == [("row-cut-off", len(lines))]


@pytest.mark.parametrize("index", ["9999", "-1"])
def test_a_shared_string_that_does_not_exist_is_an_error_of_its_cell(tmp_path: Path, index: str) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate((broken.HEADINGS, *broken.ROWS)):
            sheet.write_row(r, 0, row)
    assert not [i for i in read(path).issues if i.severity == "error"]
    sound = path.read_bytes()
    wrong = re.sub(rb'(<c r="F2"[^>]*><v>)\d+', rb"\g<1>" + index.encode(), broken.part(sound, broken.SHEET))
    path.write_bytes(broken.repacked(sound, sheet1=wrong))
    errors = [(i.code.name, i.row, i.column) for i in read(path).issues if i.severity == "error"]
    assert errors == [("error-cell", 2, "side")]


@pytest.mark.parametrize("word", ["right\x07", "\x1b[31mright\x1b[0m", "right\x9b"])
def test_a_word_with_control_characters_is_not_the_word(word: str) -> None:
    record = {
        "patient_id": "P1",
        "study": "motor",
        "nerve": "median",
        "side": word,
        "stimulation": "wrist",
        "latency_ms": 3.5,
    }
    readings = Readings.from_rows([record])
    assert ("missing-side", "side") in {(i.code.name, i.column) for i in readings.issues}
    assert not len(readings.responses)
    assert len(Readings.from_rows([{**record, "side": "ri\u00adght\u200b"}]).responses) == 1


def test_rows_of_junk_are_summed_up(tmp_path: Path) -> None:
    path = tmp_path / "junk.csv"
    path.write_text("\n".join([",".join(broken.HEADINGS), *(["P1,5,F,??,??,??,??,??,x,y,z,w"] * 3000)]))
    readings = read(path)
    assert not len(readings.responses)
    assert 0 < len(readings.issues) < 1000
    assert readings.rows["reported"] == 3000


def test_a_long_text_anywhere_costs_no_time(tmp_path: Path) -> None:
    """Every pattern that looks for words is bounded by the length of what can be a heading or a label."""
    for text in ("a" * 100_000, "a = " * 30_000, "1a-" * 30_000, "a/" * 50_000, "( " * 50_000):
        path = tmp_path / "long.csv"
        path.write_text(
            f"Patient ID:,X1,{text}\n{text}\nMotor\nNerve,Side,Site,Lat (ms),{text}\nMedian,R,Wrist,3.4,{text}\n{text}\n"
        )
        assert list(read(path).responses["latency_ms"]) == [3.4]
