"""XLS workbooks (Excel 5 to 2003): their visible sheets as grids. Macros and formulas are never run."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ncs_analyzer.ingest.cells import Raw
from ncs_analyzer.ingest.files.compound import Compound
from ncs_analyzer.ingest.files.formats import Kind, kind_of, shown
from ncs_analyzer.ingest.files.opened import DamagedError, Opened, RefusedError
from ncs_analyzer.ingest.files.sheet import SheetCells, add_grid
from ncs_analyzer.ingest.files.xls_text import Segments, byte_text, code_page, shared_strings
from ncs_analyzer.ingest.files.xlsx import say_if_nothing

_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_ENCRYPTED, _PAGE, _DATES, _FORMAT, _XF, _SHEET, _STRINGS = 0x002F, 0x0042, 0x0022, 0x041E, 0x00E0, 0x0085, 0x00FC
_NUMBER, _RK, _RKS, _SHARED, _LABEL, _RICH, _ERROR, _TEXT, _MERGED = (
    0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0207, 0x00E5,
)  # fmt: skip
_FORMULAS: Final = frozenset((0x0006, 0x0206, 0x0406))
_ERRORS: Final = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA",
}  # fmt: skip
_BIFF8: Final = 0x0600
_WORKSHEET: Final = 0


def open_workbook(opened: Opened, content: bytes) -> None:
    """Read every visible sheet. A damaged sheet is an issue of its own; the others are read."""
    container = Compound(content)
    if "EncryptedPackage" in container.streams or "EncryptionInfo" in container.streams:
        raise RefusedError("The workbook is encrypted; save it without a password.")
    stream = container.read("Workbook") or container.read("Book")
    if stream is None:
        raise RefusedError("This is an Office file, but no workbook.")
    book = _book(stream)
    visible = False
    for name, start, shows, kind in book.sheets:
        if kind != _WORKSHEET:
            continue
        if not shows:
            opened.report("hidden-sheet", "The sheet is hidden and was not read.", name)
            continue
        visible = True
        try:
            add_grid(opened, name, _Sheet(book).read(stream, start))
        except (DamagedError, struct.error):
            opened.report("sheet-unreadable", "The records of the sheet are damaged or cut off.", name)
    say_if_nothing(opened, visible)


@dataclass
class _Book:
    """What the sheets have in common. `sheets`: name, position in the stream, whether visible, kind."""

    biff8: bool = True
    page: str = "cp1252"
    from_1904: bool = False
    codes: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    sheets: list[tuple[str, int, bool, int]] = field(default_factory=list)

    def shown(self, number: float, style: int) -> Raw:
        """A number as the format of its style shows it."""
        of = self.formats[style] if style < len(self.formats) else 0
        kind: Kind = kind_of(of, self.codes.get(of))
        return shown(number, kind, self.from_1904)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes, int]]:
    """Kind, content and end of every record from a position on. Raises DamagedError where the stream breaks off."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if at + length > len(stream):
            raise DamagedError("The records of the workbook break off.")
        yield kind, stream[at : at + length], at + length
        at += length


def _book(stream: bytes) -> _Book:
    book = _Book()
    parts: list[bytes] = []
    reading_strings = False
    for kind, data, _ in _records(stream, 0):
        if kind == _CONTINUE and reading_strings:
            parts.append(data)
            continue
        reading_strings = kind == _STRINGS
        if kind == _BOF:
            version = struct.unpack_from("<H", data)[0]
            if version not in (_BIFF8, 0x0500):
                raise RefusedError("This is a workbook of Excel 4 or older.")
            book.biff8 = version == _BIFF8
        elif kind == _ENCRYPTED:
            raise RefusedError("The workbook is encrypted; save it without a password.")
        elif kind == _PAGE:
            book.page = code_page(struct.unpack_from("<H", data)[0])
        elif kind == _DATES:
            book.from_1904 = data[:1] == b"\x01"
        elif kind == _FORMAT:
            of = struct.unpack_from("<H", data)[0]
            book.codes[of] = Segments([data[2:]]).text(2) if book.biff8 else byte_text(data[2:], 1, book.page)
        elif kind == _XF:
            book.formats.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _SHEET:
            start, hidden, of = struct.unpack_from("<IBB", data)
            name = Segments([data[6:]]).text(1) if book.biff8 else byte_text(data[6:], 1, book.page)
            book.sheets.append((name, start, hidden & 3 == 0, of))
        elif kind == _STRINGS:
            parts = [data]
        elif kind == _EOF:
            break
    if parts:
        book.strings = shared_strings(parts)
    return book


class _Sheet:
    """The records of one sheet."""

    def __init__(self, book: _Book) -> None:
        self.book, self.cells = book, SheetCells()
        self.waiting: tuple[int, int] | None = None

    def read(self, stream: bytes, start: int) -> SheetCells:
        depth = 0
        ended = False
        for kind, data, _ in _records(stream, start):
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    ended = True
                    break
            elif depth == 1:
                self.record(kind, data)
        if not ended:
            raise DamagedError("The sheet breaks off.")
        return self.cells

    def record(self, kind: int, data: bytes) -> None:
        put, book = self.cells.put, self.book
        if kind == _NUMBER:
            row, column, style, number = struct.unpack_from("<HHHd", data)
            put(row, column, book.shown(number, style))
        elif kind == _RK:
            row, column, style, packed = struct.unpack_from("<HHHI", data)
            put(row, column, book.shown(_unpacked(packed), style))
        elif kind == _RKS:
            row, column = struct.unpack_from("<HH", data)
            for k in range((len(data) - 6) // 6):
                style, packed = struct.unpack_from("<HI", data, 4 + 6 * k)
                put(row, column + k, book.shown(_unpacked(packed), style))
        elif kind == _SHARED:
            row, column, _, number = struct.unpack_from("<HHHI", data)
            if number >= len(book.strings):
                raise DamagedError("The sheet refers to a text that the workbook does not hold.")
            put(row, column, book.strings[number])
        elif kind in (_LABEL, _RICH):
            row, column = struct.unpack_from("<HH", data)
            put(row, column, self.long_text(data[6:]))
        elif kind == _ERROR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", data)
            put(row, column, _ERRORS.get(value, "#VALUE!") if is_error else bool(value))
        elif kind in _FORMULAS:
            self.formula(data)
        elif kind == _TEXT and self.waiting:
            put(*self.waiting, self.long_text(data))
            self.waiting = None
        elif kind == _MERGED:
            for k in range(min(struct.unpack_from("<H", data)[0], (len(data) - 2) // 8)):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * k)
                self.cells.merged.append((left, top, right, bottom))

    def long_text(self, data: bytes) -> str:
        return Segments([data]).text(2) if self.book.biff8 else byte_text(data, 2, self.book.page)

    def formula(self, data: bytes) -> None:
        """The stored result of a formula; a text follows in a record of its own."""
        row, column, style = struct.unpack_from("<HHH", data)
        result = data[6:14]
        if len(result) == 8 and result[6:] == b"\xff\xff":
            if result[0] == 0:
                self.waiting = (row, column)
            elif result[0] == 1:
                self.cells.put(row, column, bool(result[2]))
            elif result[0] == 2:
                self.cells.put(row, column, _ERRORS.get(result[2], "#VALUE!"))
            return
        self.cells.put(row, column, self.book.shown(struct.unpack("<d", result)[0], style))


def _unpacked(packed: int) -> float:
    """The number of an RK value: 30 bits of an integer or of a double, perhaps in hundredths."""
    if packed & 2:
        number = float((packed - (1 << 32) if packed & 0x80000000 else packed) >> 2)
    else:
        number = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", packed & 0xFFFFFFFC))[0]
    return number / 100 if packed & 1 else number
