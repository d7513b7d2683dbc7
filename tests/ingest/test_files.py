"""Sound files of every format: what a person sees in the spreadsheet is what the grid holds."""

import datetime
import io
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from ncs_analyzer.ingest import read
from ncs_analyzer.ingest.cells import UNCALCULATED
from ncs_analyzer.ingest.files import input_files, open_file
from ncs_analyzer.ingest.files.formats import kind_of, shown
from tests.exports.generator.containers import ods, xls
from tests.ingest import broken
from tests.ingest.broken import csv_text, part, repacked, sheet_xml, with_part, workbook

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
GERMAN = "Patient;Nerv;Seite;Art;Ableitort;Stimulationsort;Latenz (ms);Amplitude (mV);Größe\n"


def texts(name: str, content: bytes) -> list[list[str]]:
    (grid,) = open_file(name, content).grids
    return [grid.row(r) for r in range(grid.height)]


class TestText:
    @pytest.mark.parametrize("encoding", ENCODINGS)
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_encodings_and_line_ends(self, encoding: str, end: str) -> None:
        text = csv_text().replace("P1", "Müller-7").replace("\n", end)
        rows = texts("a.csv", text.encode(encoding))
        assert rows[0] == list(broken.HEADINGS)
        assert [row[0] for row in rows[1:]] == ["Müller-7"] * 3

    @pytest.mark.parametrize(
        ("encoding", "words"),
        [("cp949", "신경,좌우,잠복기(ms),진폭(mV)"), ("gb18030", "神经,侧别,潜伏期(ms),波幅(mV)")],
    )
    def test_east_asian_encodings(self, encoding: str, words: str) -> None:
        opened = open_file("a.csv", f"{words}\n1,2,3,4\n".encode(encoding))
        assert opened.grids[0].row(0) == words.split(",")
        assert [i.code.name for i in opened.issues] == ["encoding-assumed"]
        assert encoding in opened.issues[0].message

    def test_utf8_with_a_stray_byte_stays_utf8(self) -> None:
        text = csv_text().replace("P1", "Müller-7").encode().replace(b"wrist,3.6", b"wrist\xb5,3.6")
        opened = open_file("a.csv", text)
        assert opened.grids[0].row(1)[0] == "Müller-7"
        assert opened.grids[0].row(1)[7] == "wristµ"
        assert [(i.code.name, "line 2" in i.message) for i in opened.issues] == [("encoding-mixed", True)]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_delimiters(self, delimiter: str) -> None:
        assert texts("a.txt", csv_text(delimiter).encode())[1][:5] == ["P1", "54", "F", "motor", "median"]

    def test_delimiter_named_in_the_first_line(self) -> None:
        (grid,) = open_file("a.csv", b"sep=;\n" + csv_text(";", comma=True).encode()).grids
        assert grid.comma
        assert grid.row(2)[8] == "3,6"

    def test_decimal_comma_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(csv_text(";", comma=True))
        assert list(read(path).responses["latency_ms"]) == [3.6, 7.6, 2.7]

    def test_line_breaks_in_quotes_keep_the_line_numbers_true(self) -> None:
        (grid,) = open_file("a.csv", b'a,"b\nc",d\n1,"x\ny\nz",3\n4,5,6\n').grids
        assert [grid.line(r) for r in range(3)] == [1, 3, 6]
        assert grid.row(1) == ["1", "x\ny\nz", "3"]


class TestXlsx:
    def test_same_as_another_reader(self) -> None:
        folder = Path(__file__).parents[1] / "exports" / "files"
        names = ["A/a13_limit_spellings.xlsx", "E/e11_visits.xlsx", "I/i08_japanese.xlsx", "X/x26_macros.xlsm"]
        for name in names:
            content = (folder / name).read_bytes()
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            for grid in open_file(name, content).grids:
                assert grid.sheet is not None
                rows = book.get_sheet_by_name(grid.sheet).to_python(skip_empty_area=False)
                for r in range(grid.height):
                    for c, text in enumerate(grid.row(r)):
                        other = rows[grid.line(r) - 1]
                        assert text == _as_text(other[c] if c < len(other) else ""), (name, r, c)

    def test_values_of_every_kind(self) -> None:
        cells = (
            '<c r="A1" t="inlineStr"><is><r><t>two </t></r><r><t>parts</t></r><rPh><t>aid</t></rPh></is></c>'
            '<c r="B1" t="b"><v>1</v></c><c r="C1" t="e"><v>#DIV/0!</v></c><c r="D1"><f>1+1</f></c>'
            '<c r="E1" t="str"><f>""</f><v></v></c><c r="F1"><f>1+1</f><v>2</v></c><c r="G1" t="d"><v>2024-03-05</v></c>'
            '<c r="H1"><v>1E400</v></c><c r="I1" t="e"/>'
        )
        (grid,) = open_file("a.xlsx", repacked(workbook(), sheet1=sheet_xml(f'<row r="1">{cells}</row>'))).grids
        assert [grid.raw(0, c) for c in range(9)] == [
            "two parts", True, "#DIV/0!", UNCALCULATED, None, 2.0, datetime.date(2024, 3, 5), "#NUM!", "#N/A",
        ]  # fmt: skip

    def test_cells_without_addresses(self) -> None:
        xml = sheet_xml("<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>")
        assert texts("a.xlsx", repacked(workbook(), sheet1=xml)) == [["1", "", "3"], ["4", "", ""]]

    def test_prefixed_names(self) -> None:
        row = b'<x:row r="1"><x:c r="B1"><x:v>5</x:v></x:c></x:row>'
        xml = b'<x:worksheet xmlns:x="m"><x:sheetData>' + row + b"</x:sheetData></x:worksheet>"
        assert texts("a.xlsx", repacked(workbook(), sheet1=xml)) == [["", "5"]]

    def test_shared_strings_without_reading_aids(self) -> None:
        strings = "<sst><si><t>正中</t><rPh sb='0' eb='2'><t>セイチュウ</t></rPh></si></sst>".encode()
        content = repacked(workbook(), sheet1=sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
        assert texts("a.xlsx", with_part(content, "xl/sharedStrings.xml", strings)) == [["正中"]]

    def test_merged_cells_mean_the_same_everywhere(self) -> None:
        merged = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
        rows = '<row r="1"><c r="A1"><v>7</v></c><c r="C1"><v>1</v></c></row><row r="2"><c r="C2"><v>2</v></c></row>'
        assert texts("a.xlsx", repacked(workbook(), sheet1=sheet_xml(rows, merged))) == [
            ["7", "7", "1"], ["7", "7", "2"],
        ]  # fmt: skip

    def test_hidden_sheets_are_named_and_not_read(self) -> None:
        content = workbook(first=[("a",)], second=[("b",)], third=[("c",)])
        xml = part(content, "xl/workbook.xml").replace(b'name="second"', b'name="second" x="y"')
        xml = xml.replace(b'state="visible"', b"", 1).replace(b'state="visible"', b'state="veryHidden"', 1)
        opened = open_file("a.xlsx", repacked(content, workbook=xml))
        assert [grid.sheet for grid in opened.grids] == ["first", "third"]
        assert [(i.code.name, i.sheet) for i in opened.issues] == [("hidden-sheet", "second")]

    def test_dates_and_percentages_are_read_as_shown(self) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append([datetime.date(2024, 3, 5), 0.8, 4.2, 1.5, 1])
        for cell, form in zip(sheet[1], ("DD.MM.YYYY", "0%", '0.0" ms"', "[h]:mm", "[Red]0.0"), strict=True):
            cell.number_format = form
        out = io.BytesIO()
        book.save(out)
        (grid,) = open_file("a.xlsx", out.getvalue()).grids
        assert [grid.raw(0, c) for c in range(5)] == [
            datetime.date(2024, 3, 5), "80%", 4.2, datetime.timedelta(hours=36), 1.0,
        ]  # fmt: skip

    def test_days_counted_from_1904(self) -> None:
        content = workbook(s=[(datetime.date(2024, 3, 5),)])
        book = part(content, "xl/workbook.xml").replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
        assert b"1904" in book
        (grid,) = open_file("a.xlsx", repacked(content, workbook=book)).grids
        assert grid.raw(0, 0) == datetime.date(2028, 3, 6)

    def test_long_blank_stretches_keep_the_row_numbers_true(self) -> None:
        rows = '<row r="3"><c r="A3"><v>1</v></c></row><row r="900000"><c r="A900000"><v>2</v></c></row>'
        (grid,) = open_file("a.xlsx", repacked(workbook(), sheet1=sheet_xml(rows))).grids
        assert grid.line(2) == 3
        assert grid.line(grid.height - 1) == 900_000
        assert grid.height < 100


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (60.0, "yyyy-mm-dd", datetime.date(1900, 2, 28)),
        (59.0, "yyyy-mm-dd", datetime.date(1900, 2, 28)),
        (61.0, "yyyy-mm-dd", datetime.date(1900, 3, 1)),
        (0.5, "h:mm", datetime.time(12)),
        (-1.0, "yyyy-mm-dd", -1.0),
        (3e6, "yyyy-mm-dd", 3e6),
        (4.2, "General", 4.2),
        (4.2, "0.00E+00", 4.2),
        (4.2, '0.0 "days"', 4.2),
        (0.333, "0.0%", "33.3%"),
    ],
)
def test_number_formats(value: float, code: str, expected: Any) -> None:
    assert shown(value, kind_of(164, code)) == expected


class TestOtherWorkbooks:
    @pytest.mark.parametrize("make", [xls, ods])
    def test_a_small_workbook(self, make: Any) -> None:
        assert texts("a.bin", make("readings", [["nerve", "latency"], ["médian", 3.6], ["", 4.0]])) == [
            ["nerve", "latency"],
            ["médian", "3.6"],
            ["", "4"],
        ]

    def test_ods_spans_repeats_errors_and_notes(self) -> None:
        rows = (
            "<table:table-row table:number-rows-repeated='2'><table:table-cell table:number-columns-repeated='2' "
            "office:value-type='float' office:value='1'/></table:table-row>"
            "<table:table-row><table:table-cell table:number-columns-spanned='2' office:value-type='string'>"
            "<office:annotation><text:p>a note</text:p></office:annotation><text:p>over<text:s/>two</text:p>"
            "</table:table-cell><table:covered-table-cell/>"
            "<table:table-cell table:formula='of:=1/0' office:value-type='float' office:value='0'><text:p>#DIV/0!</text:p>"
            "</table:table-cell><table:table-cell office:value-type='percentage' office:value='0.8'/>"
            "<table:table-cell office:value-type='date' office:date-value='2024-03-05'/></table:table-row>"
        )
        space = "xmlns:office='o' xmlns:table='t' xmlns:text='x'"
        xml = (
            f"<d {space}><office:spreadsheet><table:table table:name='s'>{rows}</table:table></office:spreadsheet></d>"
        )
        assert texts("a.ods", with_part(workbook(), "content.xml", xml.encode()).replace(b"xl/w", b"xx/w")) == [
            ["1", "1", "", "", ""], ["1", "1", "", "", ""],
            ["over two", "over two", "#DIV/0!", "80%", "2024-03-05"],
        ]  # fmt: skip


class TestInputs:
    def test_folders_are_searched_and_sorted(self, tmp_path: Path) -> None:
        for name in ("b.CSV", "a.xlsx", "deep/c.ods", "deep/notes.docx"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        found = [str(Path(name).relative_to(tmp_path)) for name in input_files([tmp_path])]
        assert found == ["a.xlsx", "b.CSV", "deep/c.ods"]

    def test_patterns(self, tmp_path: Path) -> None:
        for name in ("b.csv", "a.csv", "c.txt"):
            (tmp_path / name).touch()
        assert [Path(n).name for n in input_files([tmp_path / "*.csv"])] == ["a.csv", "b.csv"]
        assert list(input_files(["none/*.csv"])) == ["none/*.csv"]

    def test_a_file_whose_name_looks_like_a_pattern(self, tmp_path: Path) -> None:
        path = tmp_path / "a[1].csv"
        path.touch()
        assert list(input_files([path])) == [str(path)]


def _as_text(value: object) -> str:
    from ncs_analyzer.ingest.cells import as_text

    return as_text(value)  # type: ignore[arg-type]


class TestPartsInAnotherEncoding:
    def test_half_of_the_lines_in_cp1252(self) -> None:
        """As many letters stand in one as in the other; none is garbled."""
        line = "Größe;Straße;Müller\n"
        opened = open_file("a.csv", (line * 3).encode() + (line * 5).encode("cp1252"))
        assert {tuple(opened.grids[0].row(r)) for r in range(8)} == {("Größe", "Straße", "Müller")}
        assert [i.code.name for i in opened.issues] == ["encoding-mixed"]

    def test_all_lines_in_cp1252(self) -> None:
        opened = open_file("a.csv", ("Größe;Straße;Müller\n" * 5).encode("cp1252"))
        assert opened.grids[0].row(0) == ["Größe", "Straße", "Müller"]
        assert [i.code.name for i in opened.issues] == ["encoding-assumed"]

    def test_utf8_behind_utf16_is_lost_and_said(self) -> None:
        opened = open_file("a.csv", csv_text().encode("utf-16") + csv_text().encode())
        assert [i.code.name for i in opened.issues] == ["text-lost"]

    def test_chinese_in_utf16_is_no_plain_text(self) -> None:
        words = "神经传导速度检查报告单，右侧正中神经运动传导未见明显异常，感觉传导减慢。"
        opened = open_file("a.csv", f"{words},{words}\n1,2\n".encode("utf-16"))
        assert not opened.issues


class TestBounds:
    def test_blank_lines_cost_nothing(self) -> None:
        first, *rest = csv_text().splitlines(keepends=True)
        (grid,) = open_file("a.csv", (first + "\n" * 50_000 + "".join(rest)).encode()).grids
        assert grid.height < 200
        assert grid.line(grid.height - 1) == 50_000 + len(rest) + 1

    def test_a_record_is_not_looked_for_in_the_whole_file(self) -> None:
        rows = [f'"{line}' for line in csv_text().splitlines()[1:]] * 1000
        opened = open_file("a.csv", "\n".join([csv_text().splitlines()[0], *rows]).encode())
        assert [i.code.name for i in opened.issues] == ["format-refused"]

    def test_quotes_that_pair_over_two_rows_swallow_none(self) -> None:
        head, one, two, three = csv_text().splitlines()
        opened = open_file("a.csv", "\n".join([head, f'"{one}', f'"{two}', three, ""]).encode())
        (grid,) = opened.grids
        assert dict(grid.refused) == {2: "unclosed-quote", 3: "unclosed-quote"}
        assert grid.row(1) == three.split(",")

    def test_a_large_text_that_is_irregular_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:  # fmt: skip
        monkeypatch.setattr("ncs_analyzer.ingest.files.delimited.HUGE", 1000)
        monkeypatch.setattr("ncs_analyzer.ingest.files.inputs.HUGE", 1000)
        path = tmp_path / "a.csv"
        path.write_bytes((csv_text() * 20).encode("utf-16"))
        assert [i.code.name for i in open_file(str(path)).issues] == ["format-refused"]
        assert [i.code.name for i in open_file("b.csv", path.read_bytes()).issues] == ["format-refused"]

    def test_standard_input_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ncs_analyzer.ingest.files.inputs._LONGEST_STREAM", 1000)
        with Path("/dev/zero").open("rb") as zeros:
            monkeypatch.setattr("sys.stdin", TextIOWrapper(zeros))
            opened = open_file("-")
        assert [(i.code.name, i.file) for i in opened.issues] == [("file-unreadable", "<stdin>")]

    @pytest.mark.parametrize("name", ["a" * 300 + ".csv", "[a" + "b" * 300 + ".csv", "x\0y.csv"])
    def test_a_name_that_no_file_can_have_is_an_issue(self, name: str) -> None:
        (given,) = input_files([name])
        assert [i.code.name for i in open_file(given).issues] == ["file-unreadable"]
