"""Files to grids of raw cells. The only place of the program that opens an input file.

The format is recognised by content, not by name. Text: UTF-8 (with or without a byte order mark), UTF-16, otherwise
the legacy encoding whose reading shows most known words. Workbooks: python-calamine reads the values; what it cannot
tell (error cells, formulas never calculated, merged cells) is taken from the sheet's XML.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final
from xml.etree import ElementTree

from ncs_analyzer.ingest.cells import UNCALCULATED, Raw
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.large_text import LARGE, read_large
from ncs_analyzer.issues import CODES, Issue

STANDARD_INPUT: Final = "-"
_HUGE: Final = 64_000_000
"""Bytes from which a text is read as it streams in."""
_MOST_UNPACKED: Final = 1_000_000_000
_ENCODINGS: Final = ("cp1252", "cp949", "gb18030")
_SUFFIXES: Final = frozenset((".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".ods"))


@dataclass
class Opened:
    """What one file held: grids, and issues about the file itself."""

    name: str
    grids: list[Grid] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def report(self, code: str, message: str, sheet: str | None = None, value: str | None = None) -> None:
        self.issues.append(Issue(CODES[code], message, self.name, sheet, value=value))


def input_files(inputs: Iterable[str | Path]) -> Iterator[str]:
    """The files behind the inputs, in order: files as given, folders searched for spreadsheets, sorted by path.

    Lock files of spreadsheet programs are yielded too, so that they are said to be skipped.
    """
    for given in inputs:
        path = Path(given)
        if str(given) != STANDARD_INPUT and path.is_dir():
            yield from sorted(str(p) for p in path.rglob("*") if p.is_file() and p.suffix.casefold() in _SUFFIXES)
        else:
            yield str(given)


def open_file(name: str, content: bytes | None = None) -> Opened:
    """Read one file into grids. Never raises for what a file holds: what cannot be read is an issue."""
    opened = Opened(name)
    if Path(name).name.startswith(("~$", ".~lock")):
        opened.report("file-skipped", "This is a lock file of a spreadsheet program.")
        return opened
    if content is None:
        try:
            if Path(name).stat().st_size > _HUGE and _open_huge(opened):
                return opened
            content = Path(name).read_bytes()
        except OSError as error:
            opened.report("file-unreadable", f"The file cannot be opened: {error.strerror or error}.")
            return opened
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        opened.report("nothing-in-file", "The file is empty.")
        return opened
    try:
        _recognise(opened, content)
    except Exception as error:  # noqa: BLE001 - a broken file must never stop the batch
        opened.grids.clear()
        opened.report("file-unreadable", f"The file is damaged or not what it seems: {_words(error)}.")
    return opened


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())
    return (text[:120] or type(error).__name__).rstrip(".")


def _recognise(opened: Opened, content: bytes) -> None:
    start = content[:8]
    if start.startswith(b"PK"):
        _open_workbook(opened, content)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        _open_ole(opened, content)
    elif start.startswith(b"%PDF"):
        opened.report("format-refused", "This is a PDF, not a table.")
    elif re.match(
        rb"\s*(<!doctype html|<html|<table|<\?xml|<meta|<head)", content[:512].lstrip(b"\xef\xbb\xbf"), re.IGNORECASE
    ):
        opened.report("format-refused", "This is an HTML or XML page, whatever its name says.")
    else:
        _open_text(opened, content)


# ---------------------------------------------------------------- text


def _open_text(opened: Opened, content: bytes) -> None:
    text, encoding, certain = _decode(content)
    if not certain:
        opened.report("encoding-assumed", f"The file is not UTF-8; it was read as {encoding}.")
    if _looks_binary(text):
        opened.report("format-refused", "This is neither a text table nor a workbook.")
        return
    delimiter = _delimiter(text)
    large = len(content) > LARGE and encoding.startswith("utf-8")
    grid = _large_grid(opened.name, io.BytesIO(content), text[:40_000], delimiter) if large else None
    opened.grids.append(grid or _small_grid(opened.name, text, delimiter))


def _decode(content: bytes) -> tuple[str, str, bool]:
    """The text, its encoding, and whether that is certain."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding, True
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return content.decode("utf-16-le", errors="replace"), "utf-16-le", True
    if head[0::2].count(0) > len(head) // 4:
        return content.decode("utf-16-be", errors="replace"), "utf-16-be", True
    try:
        return content.decode("utf-8"), "utf-8", True
    except UnicodeDecodeError:
        pass
    best = max(_ENCODINGS, key=lambda e: _known_words(_try_decode(content[:20_000], e)))
    text = _try_decode(content, best)
    return (text, best, False) if text else (content.decode("latin-1"), "latin-1", False)


def _try_decode(content: bytes, encoding: str) -> str:
    errors = "replace" if encoding == "cp1252" else "strict"
    for cut in range(4):
        try:
            return content[: len(content) - cut].decode(encoding, errors=errors)
        except UnicodeDecodeError:
            continue
    return ""


def _known_words(text: str) -> int:
    """How many cells of the first lines are headings the program knows (a wrong encoding or delimiter shows few)."""
    cells = re.split(r"[,;\t|\r\n]", text[:20_000])
    return sum(1 for cell in cells[:600] if cell.strip(' "') and read_heading(cell.strip(' "')[:80]) is not None)


def _looks_binary(text: str) -> bool:
    head = text[:4000]
    strange = sum(1 for c in head if ord(c) < 32 and c not in "\t\r\n\x0b\x0c\x00")
    return strange > len(head) // 20


def _delimiter(text: str) -> str:
    """The delimiter under which the first lines show most known headings; of equals, the one that gives most columns."""
    sample = text[:40_000].replace("\r\n", "\n").replace("\r", "\n")

    def merit(delimiter: str) -> tuple[int, int]:
        rows = list(_csv_rows(sample, delimiter))[:60]
        known = sum(1 for _, row in rows for cell in row if cell and len(cell) < 80 and read_heading(cell) is not None)
        return known if any(len(row) > 1 for _, row in rows) else 0, sum(len(row) for _, row in rows)

    return max((",", ";", "\t", "|"), key=merit)


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text with their first lines; a quote that never closes is taken as a letter."""
    csv.field_size_limit(2**30)
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=False)
        rows, line = [], 1
        try:
            for row in reader:
                rows.append((line, row))
                line = reader.line_num + 1
        except csv.Error:
            continue
        if (
            quoting == csv.QUOTE_NONE
            or not rows
            or max(len(c) for c in rows[-1][1] or [""]) < 2000
            or "\n" not in "".join(rows[-1][1])
        ):
            break
    yield from rows


def _small_grid(name: str, text: str, delimiter: str) -> Grid:
    text = text.replace("\x00", "")
    rows = list(_csv_rows(text, delimiter))
    cells: list[list[Raw]] = [list(row) for _, row in rows]
    return Grid.of_rows(name, None, cells, [line for line, _ in rows], _decimal_comma(cells))


def _large_grid(name: str, stream: BinaryIO, head: str, delimiter: str) -> Grid | None:
    """A large, regular text table; `head`: its first lines."""
    grid = read_large(name, stream, delimiter, head[: head.find("\n")].count(delimiter) + 1)
    if grid is None:
        return None
    sample: list[list[Raw]] = [list(row) for row in zip(*(c[:200] for c in grid.columns), strict=True)]
    return replace(grid, comma=_decimal_comma(sample))


def _open_huge(opened: Opened) -> bool:
    """A text table that is better never held in memory as a whole: read as it streams in. False where that is not
    possible."""
    with Path(opened.name).open("rb") as stream:
        start = stream.read(40_000)
        if start.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"<")):
            return False
        head = start[: start.rfind(b"\n") + 1].decode("utf-8-sig", errors="replace")
        grid = None if "\ufffd" in head else _large_grid(opened.name, stream, head, _delimiter(head)) if head else None
    if grid is not None:
        opened.grids.append(grid)
    return grid is not None


def _decimal_comma(rows: list[list[Raw]]) -> bool:
    """Whether numbers are written with a decimal comma: some are, and none with a point."""
    comma = point = 0
    for row in rows[:400]:
        for cell in row:
            if isinstance(cell, str) and len(cell) < 14:
                text = cell.strip(" <>≤≥")
                comma += bool(re.fullmatch(r"[+-]?\d+,\d+", text))
                point += bool(re.fullmatch(r"[+-]?\d+\.\d+", text))
    return comma > 0 and point == 0


# ---------------------------------------------------------------- workbooks


def _open_ole(opened: Opened, content: bytes) -> None:
    if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e" in content[:20_000] or (
        b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00i\x00o\x00n\x00I\x00n\x00f\x00o" in content
    ):
        opened.report("format-refused", "The workbook is encrypted; save it without a password.")
        return
    _read_calamine(opened, content, {})


def _open_workbook(opened: Opened, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED:
            opened.report("format-refused", "The workbook unpacks to more than 1 GB.")
            return
        if "xl/workbook.xml" in names:
            notes = _sheet_notes(archive)
        elif any(n.endswith("content.xml") for n in names):
            notes = {}
        else:
            opened.report("format-refused", "This is an archive, not a workbook.")
            return
    _read_calamine(opened, content, notes)


@dataclass(frozen=True)
class _SheetNotes:
    """What the values alone do not tell of a sheet: cells to overwrite by address, and merged ranges."""

    cells: dict[str, str]
    merged: list[tuple[int, int, int, int]]


_CELL: Final = re.compile(rb'<c\s[^>]*?r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_MERGED: Final = re.compile(rb'<mergeCell\s[^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


def _sheet_notes(archive: zipfile.ZipFile) -> dict[str, _SheetNotes]:
    """Error cells, formulas never calculated and merged ranges of every sheet, by sheet name."""
    space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    relations = {}
    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        for item in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):  # noqa: S314 - no entities: see _MOST_UNPACKED
            relations[item.get("Id")] = item.get("Target", "")
    notes = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if not element.tag.endswith("}sheet"):
            continue
        target = relations.get(element.get(space), "").lstrip("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if path not in archive.namelist():
            continue
        xml = archive.read(path)
        cells: dict[str, str] = {}
        if b't="e"' in xml or b"<f" in xml:
            for found in _CELL.finditer(xml):
                address, attributes, inner = found[1].decode(), found[2], found[3] or b""
                value = re.search(rb"<v>([^<]*)</v>", inner)
                if b't="e"' in attributes:
                    cells[address] = value[1].decode() if value else "#N/A"
                elif b"<f" in inner and (value is None or not value[1]) and b't="str"' not in attributes:
                    cells[address] = UNCALCULATED
        merged = [(_number(a), int(b) - 1, _number(c), int(d) - 1) for a, b, c, d in _MERGED.findall(xml)]
        notes[element.get("name", "")] = _SheetNotes(cells, merged)
    return notes


def _number(letters: bytes) -> int:
    number = 0
    for c in letters:
        number = number * 26 + c - 64
    return number - 1


def _read_calamine(opened: Opened, content: bytes, notes: dict[str, _SheetNotes]) -> None:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError:
        opened.report("format-refused", "The workbook is encrypted; save it without a password.")
        return
    for sheet in book.sheets_metadata:
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != calamine.SheetVisibleEnum.Visible:
            opened.report("hidden-sheet", "The sheet is hidden and was not read.", sheet.name)
            continue
        cells: list[list[Raw]] = [
            [None if c == "" else c for c in row]
            for row in book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        ]
        note = notes.get(sheet.name)
        if note:
            _apply_notes(cells, note)
        opened.grids.append(Grid.of_rows(opened.name, sheet.name, cells, comma=_decimal_comma(cells)))
    if not any(grid.height for grid in opened.grids):
        opened.grids.clear()
        opened.report("nothing-in-file", "No visible sheet of the workbook holds anything.")


def _apply_notes(cells: list[list[Raw]], note: _SheetNotes) -> None:
    """Put error marks where calamine shows blanks, and the value of a merged range into all of its cells."""
    for r, row in enumerate(cells):
        for c in range(len(row)):
            mark = note.cells.get(f"{letter(c)}{r + 1}") if note.cells else None
            if mark is not None:
                row[c] = mark
    for left, top, right, bottom in note.merged:
        if top < len(cells) and left < len(cells[top]):
            value = cells[top][left]
            for r in range(top, min(bottom + 1, len(cells))):
                for c in range(left, min(right + 1, len(cells[r]))):
                    cells[r][c] = value
