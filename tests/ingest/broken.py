"""Broken and hostile files, made on the fly: name, bytes."""

import io
import zipfile
from collections.abc import Iterator

from openpyxl import Workbook

HEADINGS = ("patient_id", "age_years", "sex", "study", "nerve", "side", "recording", "stimulation", "latency_ms",
            "amplitude_mv", "distance_mm", "velocity_m_per_s")  # fmt: skip
ROWS = (
    ("P1", 54, "F", "motor", "median", "left", "APB", "wrist", 3.6, 8.1, None, None),
    ("P1", 54, "F", "motor", "median", "left", "APB", "elbow", 7.6, 7.9, 215, 53.8),
    ("P1", 54, "F", "motor", "ulnar", "left", "ADM", "wrist", 2.7, 9.4, None, None),
)


def csv_text(delimiter: str = ",", comma: bool = False) -> str:
    """The sound table as text."""

    def shown(value: object) -> str:
        text = "" if value is None else str(value)
        return text.replace(".", ",") if comma and isinstance(value, float) else text

    lines = [delimiter.join(HEADINGS), *(delimiter.join(shown(v) for v in row) for row in ROWS)]
    return "\n".join(lines) + "\n"


def workbook(**sheets: list[tuple[object, ...]]) -> bytes:
    """A workbook with the sound table, or with the sheets given."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in (sheets or {"readings": [HEADINGS, *ROWS]}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, **parts: bytes | None) -> bytes:
    """A workbook with some parts replaced (keys: file names without folder and ending) or left out (None)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            stem = info.filename.rpartition("/")[2].partition(".")[0]
            if stem not in parts or info.filename.endswith(".rels"):
                new.writestr(info.filename, old.read(info))
            elif parts[stem] is not None:
                new.writestr(info.filename, parts[stem] or b"")
    return out.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """A workbook with one more part, or with another one of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, data)
    return out.getvalue()


def sheet_xml(rows: str, after: str = "") -> bytes:
    """The XML of a sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def part(content: bytes, name: str) -> bytes:
    """One part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"


def refused_files() -> Iterator[tuple[str, bytes, str]]:
    """Files that must not be read: name, bytes, the issue's name."""
    sound = workbook()
    xml = part(sound, SHEET)
    yield "empty.csv", b"", "nothing-in-file"
    yield "blank.csv", b"\xef\xbb\xbf \r\n\r\n", "nothing-in-file"
    yield "zeros.csv", b"\x00" * 5000, "nothing-in-file"
    yield "commas.csv", b",,,\n,,,\n", "nothing-in-file"
    yield "heading.csv", csv_text().split("\n", 1)[0].encode(), "nothing-in-file"
    yield "one_column.csv", b"latency\n3.2\n4.1\n", "layout-unknown"
    yield "one_word.csv", b"median", "layout-unknown"
    yield "page.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>", "format-refused"
    yield (
        "spreadsheet.xls",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        ("format-refused"),
    )
    yield "utf16.xls", "<html><table></table></html>".encode("utf-16"), "format-refused"
    yield "report.csv", b"%PDF-1.7\n1 0 obj", "format-refused"
    yield "scan.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "format-refused"
    yield "packed.csv", b"\x1f\x8b\x08\x00" + bytes(40), "format-refused"
    yield "data.csv", b'{"patient": [1, 2]}', "format-refused"
    yield "noise.csv", bytes((k * 37 + k // 7) % 256 for k in range(6000)), "format-refused"
    yield "cut.xlsx", sound[: len(sound) // 2], "file-unreadable"
    yield "head.xlsx", b"PK\x03\x04", "file-unreadable"
    yield "cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "file-unreadable"
    yield "zero.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "file-unreadable"
    yield "flipped.xlsx", sound.replace(b"PK\x05\x06", b"PK\x05\x07"), "file-unreadable"
    yield "no_sheet.xlsx", repacked(sound, sheet1=None), "sheet-unreadable"
    yield "broken_xml.xlsx", repacked(sound, sheet1=xml[: len(xml) // 2]), "sheet-unreadable"
    shared = sheet_xml('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')
    yield "no_strings.xlsx", repacked(sound, sheet1=shared), "sheet-unreadable"
    yield "broken_book.xlsx", repacked(sound, workbook=b"<workbook><sheets>"), "file-unreadable"
    yield "no_cells.xlsx", workbook(readings=[]), "nothing-in-file"
    yield "only_heading.xlsx", workbook(readings=[HEADINGS]), "nothing-in-file"
    laughs = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
    yield "laughs.xlsx", repacked(sound, sheet1=laughs + xml), "format-refused"
    strings = laughs + b"<sst><si><t>&b;</t></si></sst>"
    yield "laughing_strings.xlsx", with_part(sound, "xl/sharedStrings.xml", strings), "format-refused"
    spaces = b" " * 410_000_000
    yield (
        "swollen.xlsx",
        repacked(sound, sheet1=xml.replace(b"</sheetData>", spaces + b"</sheetData>")),
        "format-refused",
    )
    yield (
        "swollen_strings.xlsx",
        with_part(sound, "xl/sharedStrings.xml", b"<sst>" + spaces + b"</sst>"),
        "format-refused",
    )
    for address in ("XFE1", "A1048577", "A0", "AAAA1", "1A", "A99999999"):
        row = f'<row r="1"><c r="{address}"><v>1</v></c></row>'
        yield f"address_{address}.xlsx", repacked(sound, sheet1=sheet_xml(row)), "sheet-unreadable"
    yield "document.xlsx", _archive({"word/document.xml": b"<w/>"}), "format-refused"
    yield "binary.xlsx", _archive({"xl/workbook.bin": b"\0"}), "format-refused"
    yield "letter.ods", _archive({"content.xml": b"<office:text xmlns:office='o'/>"}), "format-refused"
    yield (
        "locked.ods",
        _archive({"content.xml": b"??", "META-INF/manifest.xml": b"<m:encryption-data/>"}),
        ("format-refused"),
    )
    endless = (
        b"<d xmlns:table='t' xmlns:office='o'><office:spreadsheet><table:table table:name='s'>"
        b"<table:table-row table:number-rows-repeated='1048576'>"
        b"<table:table-cell table:number-columns-repeated='16384' office:value-type='float' office:value='1'/>"
        b"</table:table-row></table:table></office:spreadsheet></d>"
    )
    yield "endless.ods", _archive({"content.xml": endless}), "format-refused"


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
