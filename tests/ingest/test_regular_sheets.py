"""The quick reader of usual sheets gives what the reader of any XML gives, or leaves the sheet to it."""

import io
import random
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ncs_analyzer.ingest.files import open_file, xlsx_regular, xlsx_sheet
from ncs_analyzer.ingest.files.opened import Opened
from ncs_analyzer.ingest.files.package import Package
from ncs_analyzer.ingest.files.xlsx_cells import Shown
from ncs_analyzer.ingest.files.xlsx_tags import IrregularError

ROOT = Path(__file__).parents[2]
WORKBOOKS = sorted(
    path for folder in ("tests/exports", "sample_data") for path in (ROOT / folder).rglob("*.xls[xm]") if path.is_file()
)
STRINGS = ("007", "1E5", " spaced ", "a & b", "", "Frau Müller", "正中神経", "12,5", "x" * 32_000)
KINDS = ("number", "date", "percent", "elapsed")
"""The number formats of styles 0 to 3."""

WORKBOOK = (
    '<workbook xmlns:r="r"><workbookPr date1904="{epoch}"/><sheets><sheet name="One" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>"
)
RELATIONS = '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
STYLES = (
    '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="46"/></cellXfs>'
    "</styleSheet>"
)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="m"><dimension ref="A1"/><sheetData>'
)
FOOT = "</sheetData></worksheet>"


def workbook(sheet: bytes, epoch: int = 0) -> bytes:
    """A workbook with one sheet of this XML."""
    strings = "".join(f'<si><t xml:space="preserve">{s.replace("&", "&amp;")}</t></si>' for s in STRINGS)
    parts = {
        "xl/workbook.xml": WORKBOOK.format(epoch=epoch),
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def content(opened: Opened) -> Any:
    """All that one file gave, with the types of its cells."""
    grids = [
        (
            g.sheet,
            g.comma,
            g.lines.tolist(),
            [[(type(v), v) for v in (c[r] for r in range(g.height))] for c in g.columns],
        )
        for g in opened.grids
    ]
    return grids, opened.issues


def both(monkeypatch: pytest.MonkeyPatch, name: str, given: bytes) -> tuple[bool, Any, Any]:
    """Whether every sheet was usual, what the quick reader gave, and what the reader of any XML gives."""
    usual = []
    quick = xlsx_sheet.regular_cells

    def watched(path: str, xml: Iterable[bytes], shown: Shown) -> Any:
        cells = quick(path, xml, shown)
        usual.append(cells is not None)
        return cells

    with monkeypatch.context() as patch:
        patch.setattr(xlsx_sheet, "regular_cells", watched)
        ours = content(open_file(name, given))
        patch.setattr(xlsx_sheet, "regular_cells", lambda *_: None)
        return bool(usual) and all(usual), ours, content(open_file(name, given))


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_example_workbooks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, ours, theirs = both(monkeypatch, path.name, path.read_bytes())
    assert ours == theirs


def test_most_example_workbooks_are_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = [path.name for path in WORKBOOKS if both(monkeypatch, path.name, path.read_bytes())[0]]
    assert len(usual) > 0.7 * len(WORKBOOKS)


USUAL = {
    "numbers": '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="0" t="n"><v>-2.50</v></c><c r="C1"><v>1E-3</v></c></row>',
    "the same number as 5 and 5.0": '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>5.0</v></c></row>',
    "one and true": '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="b"><v>0</v></c></row>',
    "no number": '<row r="1"><c r="A1"><v>abc</v></c><c r="B1"><v>nan</v></c><c r="C1"><v>inf</v></c></row>',
    "blank values": '<row r="1"><c r="A1"><v> </v></c><c r="B1"><v></v></c><c r="C1" t="str"><v></v></c></row>',
    "strings": "".join(
        [
            '<row r="3" spans="1:9" ht="15">',
            *(f'<c r="{"ABCDEFGHI"[i]}3" t="s"><v>{i}</v></c>' for i in range(9)),
            "</row>",
        ]
    ),
    "a string that is not there": '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
    "entities": '<row r="1"><c r="A1" t="str"><v>&lt;4.4 &amp; &quot;x&quot;</v></c></row>',
    "inline texts": (
        '<row r="2"><c r="B2" t="inlineStr"><is><t>median</t></is></c><c r="C2"><v>3</v></c>'
        '<c r="D2" t="inlineStr"><is><t xml:space="preserve"> ulnar, über 30 Zeichen lang und mehr </t></is></c></row>'
    ),
    "an empty inline text": '<row r="2"><c r="B2" t="inlineStr"><is><t></t></is></c><c r="C2"><v>3</v></c></row>',
    "dates and percentages": (
        '<row r="1"><c r="A1" s="1"><v>45000</v></c><c r="B1" s="1"><v>45000.75</v></c><c r="C1" s="1"><v>0.5</v></c>'
        '<c r="D1" s="2"><v>0.8</v></c><c r="E1" s="3"><v>1.5</v></c><c r="F1" s="1"><v>59</v></c>'
        '<c r="G1" t="d"><v>2024-03-02T00:00:00</v></c><c r="H1" t="d"><v>2024-03-02T10:30:00</v></c>'
        '<c r="I1" s="99"><v>3</v></c><c r="J1" s="x"><v>3</v></c></row>'
    ),
    "errors": '<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><v>2</v></c></row>',
    "formatted blanks": '<row r="1"><c r="A1" s="1"/><c r="B1"><v>2</v></c><c r="C1" s="2"></c><c r="D1" s="1" /></row>',
    "blank rows": '<row r="1" s="1"/><row r="2"></row><row r="7" hidden="1"><c r="C7"><v>1</v></c></row><row r="8" />',
    "rows far below": '<row r="5"><c r="B5"><v>1</v></c></row><row r="200"><c r="D200"><v>2</v></c></row>',
    "rows in any order, twice": (
        '<row r="9"><c r="B9"><v>1</v></c><c r="A9"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
        '<row r="9"><c r="B9"><v>4</v></c><c r="A9" s="1"/></row>'
    ),
    "wide": '<row r="1"><c r="Z1"><v>1</v></c><c r="AA1"><v>2</v></c><c r="ZZ1"><v>3</v></c><c r="AAA1"><v>4</v></c></row>',
    "the last cell of a sheet": '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "long numbers": "".join(
        f'<row r="{r}"><c r="A{r}"><v>0.{r:017}</v></c><c r="B{r}"><v>{r}.0000000000000000000000000000000001</v></c></row>'
        for r in range(1, 30)
    ),
    "one long text among short ones": "".join(
        f'<row r="{r}"><c r="A{r}" t="str"><v>{"a very long text" * 3 if r == 7 else r}</v></c></row>'
        for r in range(1, 30)
    ),
    "no rows": "",
}
UNUSUAL = {
    "formula": '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
    "formula never calculated": '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><v>2</v></c></row>',
    "rich inline text": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>me</t></r><r><t>dian</t></r></is></c></row>',
    "reading aid": '<row r="1"><c r="A1" t="inlineStr"><is><t>正</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c></row>',
    "no addresses": "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    "cells without addresses": '<row r="2"><c><v>1</v></c><c r="F2"><v>2</v></c><c><v>3</v></c></row>',
    "an address in another row": '<row r="2"><c r="A3"><v>1</v></c></row>',
    "an address in a row that begins alike": '<row r="1"><c r="A12"><v>1</v></c></row>',
    "a small address": '<row r="1"><c r="a1"><v>1</v></c></row>',
    "no address at all": '<row r="1"><c r=""><v>1</v></c></row>',
    "no column": '<row r="1"><c r="1"><v>1</v></c></row>',
    "no such column": '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    "four letters": '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
    "row zero": '<row r="0"><c r="A0"><v>1</v></c></row>',
    "no such row": '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
    "a row of eight digits": '<row r="10000000"><c r="A10000000"><v>1</v></c></row>',
    "line breaks between tags": '<row r="1">\n<c r="A1"><v>1</v></c>\n</row>\n',
    "a line break in a text": '<row r="1"><c r="A1" t="str"><v>Latency\n(ms)</v></c></row>',
    "text between tags": '<row r="1">x<c r="A1"><v>1</v></c></row>',
    "a comment": '<row r="1"><!-- <c r="B1"><v>3</v></c> --><c r="A1"><v>1</v></c></row>',
    "raw text": '<row r="1"><c r="A1" t="str"><v><![CDATA[a<b]]></v></c></row>',
    "a sign for more": '<row r="1"><c r="A1" t="str"><v>a>b</v></c></row>',
    "numbered entities": '<row r="1"><c r="A1" t="str"><v>&#181;V &#xB5;</v></c></row>',
    "unknown entities": '<row r="1"><c r="A1" t="str"><v>&micro;V</v></c></row>',
    "other quotes": "<row r='1'><c r='A1'><v>1</v></c></row>",
    "attributes in another order": '<row r="1"><c s="1" r="A1"><v>45000</v></c></row>',
    "an attribute twice": '<row r="1"><c r="A1" s="1" s="2"><v>1</v></c></row>',
    "an address twice": '<row r="1"><c r="A1" r="B1"><v>1</v></c></row>',
    "a row number twice": '<row r="1" r="2"><c r="A1"><v>1</v></c></row>',
    "an entity in an attribute": '<row r="1"><c r="A1" t="&#115;"><v>1</v></c></row>',
    "attributes side by side": '<row r="1"><c r="A1"s="1"><v>1</v></c></row>',
    "an empty value": '<row r="1"><c r="A1"><v/></c><c r="B1"><v>1</v></c></row>',
    "two values": '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
    "an error without a value": '<row r="1"><c r="A1" t="e"/><c r="B1" t="e"></c></row>',
    "an inline text that is none": '<row r="1"><c r="A1" t="n"><is><t>1</t></is></c><c r="B1" t="inlineStr"><v>1</v></c></row>',
    "a cell in a cell": '<row r="1"><c r="A1"><c r="B1"><v>1</v></c></c></row>',
    "a row in a row": '<row r="1"><row r="2"><c r="A2"><v>1</v></c></row></row>',
    "a row that is not closed": '<row r="1"><c r="A1"><v>1</v></c>',
    "a cell that is not closed": '<row r="1"><c r="A1"><v>1</v></row>',
    "a cell outside rows": '<c r="A1"><v>1</v></c>',
    "something else": '<row r="1"><c r="A1"><v>1</v></c></row><other/>',
    "something else in a row": '<row r="1"><c r="A1"><v>1</v></c><other/></row>',
    "a character no XML may hold": '<row r="1"><c r="A1" t="str"><v>a\x01b</v></c></row>',
    "no character": '<row r="1"><c r="A1" t="str"><v>a\ufffeb</v></c></row>',
}


@pytest.mark.parametrize("epoch", [0, 1])
@pytest.mark.parametrize("rows", USUAL.values(), ids=USUAL)
def test_usual_rows(rows: str, epoch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, ours, theirs = both(monkeypatch, "x.xlsx", workbook(f"{HEAD}{rows}{FOOT}".encode(), epoch))
    assert ours == theirs
    assert usual == ("not there" not in str(theirs) and "does not hold" not in str(theirs))


@pytest.mark.parametrize("rows", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_rows_are_left_to_the_reader_of_any_xml(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, ours, theirs = both(monkeypatch, "x.xlsx", workbook(f"{HEAD}{rows}{FOOT}".encode()))
    assert ours == theirs
    assert not usual


ONE = '<row r="1"><c r="A1" t="str"><v>é</v></c><c r="C1"><v>2</v></c></row><row r="2"><c r="A2"><v>7</v></c></row>'
AROUND = {
    "merged cells": (
        True,
        f'{HEAD}{ONE}</sheetData><mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:C9"/></mergeCells></worksheet>',
    ),
    "a byte order mark": (True, f"\ufeff{HEAD}{ONE}{FOOT}"),
    "no declaration": (True, f"<worksheet><sheetData>{ONE}{FOOT}"),
    "columns and drawings": (
        True,
        f'<worksheet><cols><col min="1"/></cols><sheetData>{ONE}</sheetData><drawing r="1"/></worksheet>',
    ),
    "an empty sheet": (False, "<worksheet><sheetData/></worksheet>"),
    "another encoding": (False, f'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet><sheetData>{ONE}{FOOT}'),
    "entities declared": (False, f'<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet><sheetData>{ONE}{FOOT}'),
    "rows in a comment": (False, f"<worksheet><!-- <sheetData>{ONE}</sheetData> --><sheetData>{ONE}{FOOT}"),
    "a prefix": (False, f"<x:worksheet><sheetData>{ONE}</sheetData></x:worksheet>"),
    "cells outside the rows": (
        False,
        f'<worksheet><sheetData>{ONE}</sheetData><row r="9"><c r="B9"><v>1</v></c></row></worksheet>',
    ),
    "two lists of rows": (False, f"<worksheet><sheetData>{ONE}</sheetData><sheetData>{ONE}{FOOT}"),
    "no end": (False, f"<worksheet><sheetData>{ONE}</sheetData>"),
    "cut off": (False, f"<worksheet><sheetData>{ONE}"),
    "no rows at all": (False, "<worksheet></worksheet>"),
}


@pytest.mark.parametrize(("usual", "sheet"), AROUND.values(), ids=AROUND)
def test_what_stands_around_the_rows(usual: bool, sheet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, ours, theirs = both(monkeypatch, "x.xlsx", workbook(sheet.encode()))
    assert ours == theirs
    assert found == usual


def test_bytes_that_are_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = f"{HEAD}{ONE}{FOOT}".encode().replace("é".encode(), b"\xe9")
    usual, ours, theirs = both(monkeypatch, "x.xlsx", workbook(sheet))
    assert ours == theirs
    assert not usual


def test_spoiled_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes changed, left out, doubled or put in anywhere: both readers still agree."""
    chance = random.Random(1)
    good = f"{HEAD}{''.join(USUAL[k] for k in ('numbers', 'inline texts', 'blank rows', 'errors', 'entities'))}{FOOT}".encode()
    usual = 0
    for _ in range(1500):
        sheet = bytearray(good)
        for _ in range(chance.choice((1, 1, 2))):
            at = chance.randrange(len(sheet))
            length = chance.choice((1, 1, 4, 20))
            new = (
                bytes([chance.choice(b'<>/"= &acrstvAB0129\xc3')]),
                b"",
                bytes(sheet[at : at + length]) * 2,
                bytes(sheet[chance.randrange(len(sheet)) :][:length]),
            )
            sheet[at : at + length] = chance.choice(new)
        found, ours, theirs = both(monkeypatch, "x.xlsx", workbook(bytes(sheet)))
        assert ours == theirs, bytes(sheet)
        usual += found
    assert usual > 100


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_pieces_of_any_size(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = f"{HEAD}{USUAL['strings']}{USUAL['rows far below']}{USUAL['long numbers']}{FOOT}".encode()
    _, whole, _ = both(monkeypatch, "x.xlsx", workbook(sheet))
    pieces = [sheet[i : i + size] for i in range(0, len(sheet), size)]
    given = Package.pieces

    def cut(package: Package, name: str) -> Iterable[bytes]:
        return pieces if name.endswith("sheet1.xml") else given(package, name)

    monkeypatch.setattr(Package, "pieces", cut)
    usual, ours, _ = both(monkeypatch, "x.xlsx", workbook(sheet))
    assert usual
    assert ours == whole


def test_a_row_without_end_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the quick reader holds at a time is bounded, whatever a sheet unpacks to."""
    monkeypatch.setattr(xlsx_regular, "_LARGEST_ROW", 1000)
    rows = xlsx_regular.RegularRows(Shown((), (), False))
    given = []

    def endless() -> Iterable[bytes]:
        yield HEAD.encode()
        while True:
            given.append(1)
            yield b'<row r="1">' + b'<c r="A1"/>' * 50

    with pytest.raises(IrregularError):
        list(rows.around(endless()))
    assert len(given) < 5


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_regular, "MOST_CELLS", 3)
    usual, ours, theirs = both(monkeypatch, "x.xlsx", workbook(f"{HEAD}{USUAL['strings']}{FOOT}".encode()))
    assert not usual
    assert ours == theirs
