"""OpenDocument spreadsheets: their visible sheets as grids."""

import datetime
import re
from typing import Final

from ncs_analyzer.ingest.cells import UNCALCULATED, Raw
from ncs_analyzer.ingest.files.opened import Opened, RefusedError
from ncs_analyzer.ingest.files.package import Package, attribute, local, parse
from ncs_analyzer.ingest.files.sheet import MOST_COLUMNS, MOST_ROWS, SheetCells, add_grid
from ncs_analyzer.ingest.files.xlsx import say_if_nothing

_CONTENT: Final = "content.xml"
_DURATION: Final = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_MOST_REPEATED: Final = 200_000
"""Times that a row or cell which holds something may be repeated."""


def open_workbook(opened: Opened, package: Package) -> None:
    """Read every visible sheet."""
    if package.has("META-INF/manifest.xml") and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise RefusedError("The workbook is encrypted; save it without a password.")
    reader = _Reader()
    parse(_CONTENT, package.pieces(_CONTENT), reader.start, reader.end, reader.text)
    if not reader.spreadsheet:
        raise RefusedError("This is an OpenDocument text or drawing, not a workbook.")
    visible = False
    for name, style, cells in reader.sheets:
        if style in reader.hidden:
            opened.report("hidden-sheet", "The sheet is hidden and was not read.", name)
            continue
        visible = True
        add_grid(opened, name, cells)
    say_if_nothing(opened, visible)


def _times(attributes: dict[str, str], name: str, most: int) -> int:
    text = attribute(attributes, name) or "1"
    return min(int(text), most) if text.isdigit() else 1


class _Reader:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, SheetCells]] = []
        self.hidden: set[str] = set()
        self.spreadsheet = False
        self.row = self.column = 0
        self.style = ""
        self.attributes: dict[str, str] = {}
        self.repeated_rows = 1
        self.own: list[tuple[int, Raw, int]] = []
        self.texts: list[str] = []
        self.in_cell = self.in_text = False
        self.depth_aside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        if self.depth_aside or plain == "annotation":
            self.depth_aside += 1
        elif plain == "table-cell" or plain == "covered-table-cell":
            self.attributes, self.in_cell = attributes, True
            self.texts = []
        elif plain == "table-row":
            self.column, self.own = 0, []
            self.repeated_rows = _times(attributes, "number-rows-repeated", MOST_ROWS)
        elif self.in_cell:
            self.start_text(plain, attributes)
        elif plain == "table":
            self.row = 0
            style = attribute(attributes, "style-name") or ""
            self.sheets.append((attribute(attributes, "name") or "", style, SheetCells()))
        elif plain == "style":
            self.style = attribute(attributes, "name") or ""
        elif plain == "table-properties" and attribute(attributes, "display") == "false":
            self.hidden.add(self.style)
        elif plain == "spreadsheet":
            self.spreadsheet = True

    def start_text(self, plain: str, attributes: dict[str, str]) -> None:
        if plain == "p":
            if self.texts:
                self.texts.append("\n")
            self.in_text = True
        elif plain == "s":
            self.texts.append(" " * _times(attributes, "c", 100))
        elif plain in ("tab", "line-break"):
            self.texts.append(" ")

    def end(self, name: str) -> None:
        if self.depth_aside:
            self.depth_aside -= 1
            return
        plain = local(name)
        if plain == "table-cell" or plain == "covered-table-cell":
            self.end_cell()
        elif plain == "p":
            self.in_text = False
        elif plain == "table-row":
            self.end_row()

    def text(self, piece: str) -> None:
        if self.in_text and not self.depth_aside:
            self.texts.append(piece)

    def end_cell(self) -> None:
        self.in_cell = self.in_text = False
        times = _times(self.attributes, "number-columns-repeated", MOST_COLUMNS)
        value = self.meaning()
        if value is not None:
            self.own.append((self.column, value, times))
            right = _times(self.attributes, "number-columns-spanned", MOST_COLUMNS) - 1
            down = _times(self.attributes, "number-rows-spanned", MOST_ROWS) - 1
            if (right or down) and self.sheets:
                self.sheets[-1][2].merged.append((self.column, self.row, self.column + right, self.row + down))
        self.column += times

    def end_row(self) -> None:
        if self.own and self.sheets:
            if self.repeated_rows > _MOST_REPEATED:
                raise RefusedError("A row of the sheet is repeated without end.")
            cells = self.sheets[-1][2]
            for row in range(self.row, self.row + self.repeated_rows):
                for column, value, times in self.own:
                    for c in range(column, column + times):
                        cells.put(row, c, value)
        self.row += self.repeated_rows

    def meaning(self) -> Raw:
        """The value of the cell that just ended; None where it is blank."""
        shown = "".join(self.texts).strip()
        formula = attribute(self.attributes, "formula") is not None
        kind = self.attributes.get("office:value-type") or attribute(self.attributes, "value-type")
        if self.attributes.get("calcext:value-type") == "error" or (
            formula and shown.startswith(("#", "Err:")) and len(shown) < 12
        ):
            return shown if shown.startswith("#") else "#VALUE!"
        if kind in ("float", "currency", "percentage"):
            return self.number(kind, shown)
        if kind == "date":
            return _date(attribute(self.attributes, "date-value") or "", shown)
        if kind == "time":
            found = _DURATION.fullmatch(attribute(self.attributes, "time-value") or "")
            days, hours, minutes, seconds = (float(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
            return datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) if found else shown
        if kind == "boolean":
            return attribute(self.attributes, "boolean-value") == "true"
        if not shown:
            shown = attribute(self.attributes, "string-value") or ""
        return shown or (UNCALCULATED if formula and kind is None else None)

    def number(self, kind: str, shown: str) -> Raw:
        value = attribute(self.attributes, "value") or ""
        try:
            number = float(value)
        except ValueError:
            return shown or UNCALCULATED
        return f"{round(number * 100, 9):.12g}%" if kind == "percentage" else number


def _date(value: str, shown: str) -> Raw:
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return shown or value
    return moment.date() if moment.time() == datetime.time(0) else moment
