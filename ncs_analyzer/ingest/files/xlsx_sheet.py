"""The XML of one XLSX sheet to cells."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from ncs_analyzer.ingest.files.opened import DamagedError, RefusedError
from ncs_analyzer.ingest.files.package import parse
from ncs_analyzer.ingest.files.sheet import MOST_COLUMNS, SheetCells
from ncs_analyzer.ingest.files.xlsx_cells import Shown
from ncs_analyzer.ingest.files.xlsx_regular import RegularRows
from ncs_analyzer.ingest.files.xlsx_tags import IrregularError

_BLANK: Final = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]*")? ?/>')
_BLANK_ROW: Final = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*(?:/>|></row>)')
"""Formatted cells and rows that hold nothing; a sheet may have millions of them."""
_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")


def read_sheet(path: str, xml: Callable[[], Iterable[bytes]], shown: Shown) -> SheetCells:
    """The cells of one sheet; `xml` gives its pieces from the beginning. Raises DamagedError and RefusedError."""
    cells = regular_cells(path, xml(), shown)
    return every_cell(path, xml(), shown) if cells is None else cells


def every_cell(path: str, xml: Iterable[bytes], shown: Shown) -> SheetCells:
    """The cells of one sheet, whatever its XML is like."""
    reader = _Reader(shown)
    parse(path, (_BLANK_ROW.sub(b"", _BLANK.sub(b"", piece)) for piece in xml), reader.start, reader.end, reader.text)
    return reader.cells


def regular_cells(path: str, xml: Iterable[bytes], shown: Shown) -> SheetCells | None:
    """The cells of a sheet as most programs write it, read as arrays; None where any part of it is otherwise."""
    rows = RegularRows(shown)
    around = _Reader(shown)
    try:
        parse(path, rows.around(xml), around.start, around.end, around.text)
        cells = rows.cells()
    except (IrregularError, DamagedError, RefusedError):
        return None
    if around.cells.codes:
        return None
    cells.merged = around.cells.merged
    return cells


def column_number(letters: str) -> int:
    """The 0-based column of its letters."""
    number = 0
    for c in letters:
        number = number * 26 + ord(c) - 64
    return number - 1


class _Reader:
    def __init__(self, shown: Shown) -> None:
        self.cells = SheetCells()
        self.shown = shown
        self.columns: dict[str, int] = {}
        self.row, self.column = -1, -1
        self.prefix: str | None = None
        self.taken: list[str] | None = None
        self.value: str | None = None
        self.inline: list[str] = []
        self.formula = self.aid = False
        self.attributes: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.prefix is None:
            self.prefix = name[: -len("worksheet")] if name.endswith("worksheet") else ""
        if self.prefix:
            name = name.removeprefix(self.prefix)
        if name == "c":
            self.attributes = attributes
            self.value, self.formula = None, False
            self.column = self.place(attributes.get("r"))
            self.inline.clear()
        elif name in ("v", "t"):
            self.taken = []
        elif name == "f":
            self.formula = True
        elif name == "row":
            number = attributes.get("r")
            self.row = int(number) - 1 if number and number.isdigit() else self.row + 1
            self.column = -1
        elif name == "rPh":
            self.aid = True
        elif name == "mergeCell":
            self.merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if self.prefix:
            name = name.removeprefix(self.prefix)
        if name == "v":
            self.value = "".join(self.taken or [])
            self.taken = None
        elif name == "c":
            value = self.shown.value(self.attributes, self.value, "".join(self.inline), self.formula)
            if value is not None:
                self.cells.put(self.row, self.column, value)
        elif name == "t":
            if not self.aid:
                self.inline += self.taken or []
            self.taken = None
        elif name == "rPh":
            self.aid = False

    def text(self, piece: str) -> None:
        if self.taken is not None:
            self.taken.append(piece)

    def place(self, address: str | None) -> int:
        """The column of a cell, and the row where the address says another one; without an address: the next."""
        if not address:
            return self.column + 1
        letters = address.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
                raise DamagedError(f"A cell of the sheet has the impossible address {address[:20]!r}.")
            column = column_number(letters.upper())
            if column >= MOST_COLUMNS:
                raise DamagedError(f"A cell of the sheet has the impossible address {address[:20]!r}.")
            self.columns[letters] = column
        digits = address[len(letters) :]
        if len(digits) > 7:
            raise DamagedError(f"A cell of the sheet has the impossible address {address[:20]!r}.")
        self.row = int(digits) - 1 if digits else self.row
        return column

    def merge(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found:
            left, top, right, bottom = found[1], int(found[2]) - 1, found[3], int(found[4]) - 1
            self.cells.merged.append((column_number(left), top, column_number(right), bottom))
