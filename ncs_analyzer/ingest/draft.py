"""What a layout reader hands over: the rows it saw, the responses it found, and what it could not use."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Floats, Rows
from ncs_analyzer.ingest.cells import Cell, State
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.ledger import Ledger, Use
from ncs_analyzer.issues import CODES, Issue
from ncs_analyzer.readings import BIT, CATEGORIES, LIMITS, RESPONSE_CELL, VALUES


@dataclass
class Block:
    """Responses in columns. `text`: codes and their names per text column (code -1: blank); `study`: index into the
    sheet's `studies`; `rows`, `columns`: as in `readings.Cells`, columns as codes into the sheet's `labels`."""

    study: Codes
    line: Codes
    text: dict[str, tuple[Codes, list[str]]]
    values: dict[str, Floats]
    limits: dict[str, Floats]
    temperature: Floats
    unreadable: NDArray[np.uint16]
    rows: Codes
    columns: Codes

    @classmethod
    def blank(cls, study: Codes, line: Codes) -> "Block":
        """A block with nothing measured yet."""
        n, width = len(study), len(VALUES) + 1
        return cls(
            study.astype(np.int32),
            line.astype(np.int32),
            {},
            {},
            {},
            np.full(n, np.nan),
            np.zeros(n, np.uint16),
            np.zeros((n, width), np.int32),
            np.full((n, width), -1, np.int32),
        )

    def take(self, keep: Rows) -> "Block":
        """Some of the responses."""
        return Block(
            self.study[keep],
            self.line[keep],
            {name: (codes[keep], names) for name, (codes, names) in self.text.items()},
            {name: column[keep] for name, column in self.values.items()},
            {name: column[keep] for name, column in self.limits.items()},
            self.temperature[keep],
            self.unreadable[keep],
            self.rows[keep],
            self.columns[keep],
        )


@dataclass(slots=True)
class Response:
    """One recorded response, while a row-by-row reader still collects it."""

    study: int
    line: int
    text: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[float, int, int]] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    unreadable: int = 0
    mark: tuple[int, int] | None = None
    temperature: float = float("nan")


@dataclass
class Sheet:
    """One grid as a layout understood it.

    `lines`: every data row seen, by its line; `context`: those that only named a patient, nerve or unit.
    `studies`: one dict per study with STUDY_COLUMNS and covariates (missing keys: unknown).
    """

    grid: Grid
    layout: str
    fit: float
    lines: list[int] | Codes = field(default_factory=list)
    context: set[int] = field(default_factory=set)
    studies: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    label_columns: list[int] = field(default_factory=list)
    """The column of each of `labels`."""
    notes: list[str] = field(default_factory=list)
    marks: list[tuple[Use, Rows | slice | int, tuple[int, ...] | None]] = field(default_factory=list)
    """What was said of cells; see `mark`."""
    counted: int = 0
    """Rows at the top that are accounted for elsewhere."""
    _label_codes: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def gave(self) -> bool:
        """Whether any response was read."""
        return bool(self.responses) or any(len(block.line) for block in self.blocks)

    @cached_property
    def ledger(self) -> Ledger:
        """What became of every cell, as far as it was said; made when it is asked for, after the reading."""
        ledger = Ledger(self.grid.columns, self.grid.lines)
        if self.counted:
            ledger.mark(Use.BLANK, slice(self.counted))
        for use, rows, columns in self.marks:
            ledger.mark(use, rows, columns)
        return ledger

    def mark(self, use: Use, rows: Rows | slice | int, columns: Iterable[int] | None = None) -> None:
        """Say what became of the cells of some rows, in some columns or in all, as far as it is not said yet."""
        self.marks.append((use, rows, None if columns is None else tuple(columns)))

    def report(
        self, code: str, message: str, line: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        self.issues.append(Issue(CODES[code], message, self.grid.file, self.grid.sheet, line, column, value))

    def label(self, column: int, heading: str = "") -> int:
        """The code of a column's label: its heading, else its letter."""
        name = heading or letter(column)
        code = self._label_codes.get((column, name))
        if code is None:
            code = self._label_codes[column, name] = len(self.labels)
            self.labels.append(name)
            self.label_columns.append(column)
        return code

    def report_cell(self, cell: Cell, line: int, column: str, value: str, what: str) -> None:
        """The issue of an unreadable cell."""
        messages = {
            "unreadable-word": f"{value!r} does not say whether there was a response ({what}).",
            "unreadable-number": f"{value!r} is not a number ({what}).",
            "error-cell": f"The cell holds the spreadsheet error {value}.",
            "formula-not-calculated": "The cell holds a formula whose result was never stored.",
            "censored-number": f"{value!r} is a bound, not a measurement ({what}); it is not used.",
            "percent-of-limit": f"{value!r} is a percentage of a limit, not a measurement ({what}).",
            "date-in-number-cell": f"{value!r} is a date where a number was expected ({what}).",
            "unreadable-limit": f"{value!r} cannot be read as a limit ({what}).",
        }
        assert cell.problem is not None
        self.report(cell.problem, messages[cell.problem], line, column, value)

    def close(self) -> None:
        """Turn the responses collected one by one into a block."""
        if not self.responses:
            return
        found, self.responses = self.responses, []
        block = Block.blank(np.array([r.study for r in found]), np.array([r.line for r in found]))
        for name in CATEGORIES:
            block.text[name] = coded([r.text.get(name) for r in found])
        block.temperature[:] = [r.temperature for r in found]
        block.unreadable[:] = [r.unreadable for r in found]
        for k, name in enumerate(VALUES):
            column = np.full(len(found), np.nan)
            for i, response in enumerate(found):
                value = response.values.get(name)
                if value is not None:
                    column[i], block.rows[i, k], block.columns[i, k] = value
            block.values[name] = column
        for name in LIMITS:
            block.limits[name] = np.array([r.limits.get(name, np.nan) for r in found])
        for i, response in enumerate(found):
            block.rows[i, RESPONSE_CELL] = response.line
            if response.mark:
                block.rows[i, RESPONSE_CELL], block.columns[i, RESPONSE_CELL] = response.mark
        self.blocks.append(block)


def coded(texts: Iterable[str | None]) -> tuple[Codes, list[str]]:
    """Codes and names of a sequence of names; None is -1."""
    names: dict[str, int] = {}
    codes = [-1 if text is None else names.setdefault(text, len(names)) for text in texts]
    return np.array(codes, np.int32), list(names)


def constant(name: str | None, n: int) -> tuple[Codes, list[str]]:
    """Codes and names of a column that says the same everywhere."""
    return np.full(n, -1 if name is None else 0, np.int32), [] if name is None else [name]


def put(response: Response, name: str, cell: Cell, line: int, column: int) -> None:
    """Record one cell of a response: its number, or that it could not be read."""
    if cell.state is State.VALUE:
        response.values[name] = (cell.number, line, column)
    elif cell.state is State.UNREADABLE:
        response.unreadable |= int(BIT[name])
