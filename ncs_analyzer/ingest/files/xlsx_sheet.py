"""The XML of one XLSX sheet to cells: values as shown, error cells by their text, formulas never calculated marked."""

import datetime
import math
import re
from collections.abc import Iterable
from typing import Any, Final

from ncs_analyzer.ingest.cells import LOST_TEXT, UNCALCULATED, Raw
from ncs_analyzer.ingest.files.formats import Kind, shown
from ncs_analyzer.ingest.files.opened import DamagedError
from ncs_analyzer.ingest.files.package import parse
from ncs_analyzer.ingest.files.sheet import MOST_COLUMNS, SheetCells

_BLANK: Final = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]*")? ?/>')
_BLANK_ROW: Final = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*(?:/>|></row>)')
"""Formatted cells and rows that hold nothing; a sheet may have millions of them."""
_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")


def read_sheet(path: str, xml: Iterable[bytes], strings: list[str], kinds: list[Kind], from_1904: bool) -> SheetCells:
    """The cells of one sheet. Raises DamagedError and RefusedError."""
    reader = _Reader(strings, kinds, from_1904)
    parse(path, (_BLANK_ROW.sub(b"", _BLANK.sub(b"", piece)) for piece in xml), reader.start, reader.end, reader.text)
    return reader.cells


def column_number(letters: str) -> int:
    """The 0-based column of its letters."""
    number = 0
    for c in letters:
        number = number * 26 + ord(c) - 64
    return number - 1


class _Reader:
    def __init__(self, strings: list[str], kinds: list[Kind], from_1904: bool) -> None:
        self.cells = SheetCells()
        self.strings, self.kinds, self.from_1904 = strings, kinds, from_1904
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
            value = self.meaning()
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

    def meaning(self) -> Raw:
        """The value of the cell that just ended; None where it is blank."""
        kind = self.attributes.get("t", "n")
        value = self.value
        if kind == "inlineStr":
            return "".join(self.inline)
        if value is None or not value.strip():
            if kind == "e":
                return "#N/A"
            return UNCALCULATED if self.formula and kind != "str" else None
        if kind == "s":
            return self.shared(value)
        return self.typed(kind, value)

    def shared(self, index: str) -> Raw:
        """A text of the workbook; a cell whose text is lost says so, a workbook without any is damaged."""
        if not self.strings:
            raise DamagedError("The sheet refers to texts, and the workbook holds none.")
        return self.strings[int(index)] if index.isdecimal() and int(index) < len(self.strings) else LOST_TEXT

    def typed(self, kind: str, value: str) -> Raw:
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "d":
            try:
                moment = datetime.datetime.fromisoformat(value.strip())
            except ValueError:
                return value
            return moment.date() if moment.time() == datetime.time(0) else moment
        if kind != "n":
            return value
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return "#NUM!"
        style: Any = self.attributes.get("s")
        if style is None or not style.isdigit() or int(style) >= len(self.kinds):
            return number
        return shown(number, self.kinds[int(style)], self.from_1904)

    def merge(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found:
            left, top, right, bottom = found[1], int(found[2]) - 1, found[3], int(found[4]) - 1
            self.cells.merged.append((column_number(left), top, column_number(right), bottom))
