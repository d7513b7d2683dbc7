"""The measured cells of one row: number, unit, limit beside it, and whether there was a response."""

import re
from dataclasses import replace
from typing import Final

from ncs_analyzer.ingest.amounts import in_column_unit, in_readings_unit
from ncs_analyzer.ingest.cells import BLANK, Cell, Raw, State, as_text, read_limit
from ncs_analyzer.ingest.draft import Response, Sheet, put
from ncs_analyzer.ingest.grid import letter
from ncs_analyzer.ingest.headings import Heading, read_heading
from ncs_analyzer.ingest.layouts.course import OF_SEGMENT
from ncs_analyzer.ingest.layouts.measures import SAID, response_said
from ncs_analyzer.ingest.layouts.stack import kindred
from ncs_analyzer.ingest.layouts.table import Half, Table
from ncs_analyzer.readings import LIMITS, VALUES
from ncs_analyzer.vocabulary.units import unit as unit_named

_LIMIT_BESIDE: Final = re.compile(
    r"\s*([^<>≤≥()\[\]]+?)\s*[(\[]\s*(?:N|norm|normal|ref)?\.?:?\s*([<>≤≥]=?\s*\d+(?:[.,]\d+)?)[^\d)\]]*[)\]]\s*$",
    re.IGNORECASE,
)
"""A value with its limit in brackets: "4.8 (<4.4)"."""


_NAMED_LIMITS: Final = re.compile(r"([^\W\d_][^<>≤≥\d]{0,20}?)\s*([<>≤≥]=?\s*\d+(?:[.,]\d+)?)")
"""Limits with the measure in front of each."""


class RowCells:
    """Records measured cells at their responses."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.grid = sheet, sheet.grid

    def cell(
        self, table: Table, half: Half, row: int, c: int, heading: Heading, name: str, response: Response
    ) -> None:  # fmt: skip
        """One measured cell, and the limit printed beside it."""
        line, raw, text = self.grid.line(row), self.grid.raw(row, c), table.texts[c]
        beside = _LIMIT_BESIDE.match(raw) if isinstance(raw, str) else None
        raw = beside[1] if beside else raw
        cell = self.grid.definitions.cell(text, raw, self.grid.comma)
        if name.startswith("amplitude") and cell.unit is None and (unit := self.unit_beside(half, row)):
            cell = replace(cell, unit=unit)
        cell = self.amount(table, cell, heading, name, line, text)
        if cell.problem is not None:
            self.sheet.report_cell(cell, line, text, as_text(raw), name)
        if cell.state is State.NO_RESPONSE and name not in OF_SEGMENT:
            response.text["response"] = "absent"
            response.mark = response.mark or (line, self.sheet.label(c, text))
        if name not in response.values:
            put(response, name, cell, line, self.sheet.label(c, text))
        if heading.convention and name.startswith("amplitude"):
            response.text["amplitude_convention"] = heading.convention
        at = half.limits.get(c)
        self.named_limit(half, row, heading, name, response)
        if beside or (at is not None and not _NAMED_LIMITS.search(self.grid.text(row, at))):
            where = c if beside or at is None else at
            self.limit(beside[2] if beside else self.grid.raw(row, where), where, table, row, heading, name, response)

    def named_limit(self, half: Half, row: int, heading: Heading, name: str, response: Response) -> None:
        """The limit of a measure in a cell that holds those of several: "DL<4.4 Amp>4"."""
        for c in set(half.limits.values()):
            for words, bound in _NAMED_LIMITS.findall(self.grid.text(row, c)):
                said = read_heading(words.strip(" ,;:"))
                if said is not None and (said.role == heading.role or kindred(said.role, heading.role)):
                    self.keep_limit(bound, heading, name, response)

    def unit_beside(self, half: Half, row: int) -> str | None:
        """The unit that a column of its own gives for the amplitude: mV or µV."""
        column = half.first("amplitude_unit")
        known = None if column is None else unit_named(self.grid.text(row, column))
        return known[0] if known is not None and known[1] == 1.0 else None

    def amount(self, table: Table, cell: Cell, heading: Heading, name: str, line: int, column: str) -> Cell:
        """The number in the unit of the readings; what had to be assumed is said once per column."""
        if (
            cell.unit is not None
            and cell.unit != VALUES[name]
            and not (name[:4] == "ampl" and cell.unit in ("mV", "uV"))
        ):
            return in_column_unit(cell, name)
        amount = in_readings_unit(cell, heading, name)
        if amount.code is not None:
            self.sheet.report(amount.code, amount.message, line, column, f"{cell.number:g}")
        bare = name.startswith("amplitude") and heading.unit is None and cell.unit is None
        if bare and cell.state is State.VALUE and f"{column} {name}" not in table.said:
            table.said.add(f"{column} {name}")
            message = f"The amplitudes have no unit; {VALUES[name].replace('u', 'µ')} is assumed."
            self.sheet.report("unit-assumed", message, self.grid.line(table.header.row), column)
        return amount.cell

    def limit(
        self, raw: Raw, c: int, table: Table, row: int, heading: Heading, name: str, response: Response
    ) -> None:  # fmt: skip
        """The limit printed beside a value."""
        bare = "amplitude" if name.startswith("amplitude") else name
        limit = next((limit for limit, column in LIMITS.items() if column == bare), None)
        if limit is None:
            return
        printed = self.keep_limit(raw, heading, name, response)
        if printed.problem in ("unreadable-limit", "error-cell", "formula-not-calculated"):
            where = table.texts.get(c, letter(c))
            self.sheet.report_cell(printed, self.grid.line(row), where, as_text(raw), f"limit of {name}")

    def keep_limit(self, raw: Raw, heading: Heading, name: str, response: Response) -> Cell:
        """The limit as it was read; kept where it is one."""
        bare = "amplitude" if name.startswith("amplitude") else name
        limit = next((limit for limit, column in LIMITS.items() if column == bare), None)
        if limit is None:
            return BLANK
        printed = read_limit(raw, limit.endswith("upper_limit"), self.grid.comma)
        if printed.state is State.VALUE:
            converted = in_readings_unit(replace(printed, unit=None), heading, name) if bare != "amplitude" else None
            response.limits[limit] = converted.cell.number if converted else printed.number
        return printed

    def mark(self, table: Table, half: Half, row: int, response: Response) -> None:
        """The column that says whether there was a response."""
        for c in (c for c, h in half.headings.items() if h.role == "response"):
            text = self.grid.text(row, c)
            if not text:
                continue
            defined = self.grid.definitions.state(table.texts[c], self.grid.raw(row, c))
            said = response_said(table.texts[c], text) if defined is None else SAID[defined]
            where = (self.grid.line(row), self.sheet.label(c, table.texts[c]))
            if said == "absent":
                response.text["response"], response.mark = "absent", where
            elif said is None:
                message = f"{text!r} says neither present nor absent."
                self.sheet.report("unreadable-word", message, where[0], table.texts[c], text)
