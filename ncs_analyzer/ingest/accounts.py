"""The account of the cells of a sheet: what no layout has spoken for is found to be reported, or is reported now."""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Mask, Rows
from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import letter
from ncs_analyzer.ingest.ledger import CellCount, Ledger, Use
from ncs_analyzer.issues import CODES, Issue

_OF_COLUMN: Final = ("column-ignored", "column-not-understood")
_OF_SHEET: Final = ("table-ignored", "percent-of-limit", "format-refused")


def account(sheet: Sheet, used: Mask, log: list[Issue]) -> CellCount:
    """Settle every cell of a sheet. `used`: of each line, whether a reading rests on it; `log`: all issues, to which
    cells with a number that nobody read are added."""
    ledger, grid = sheet.ledger, sheet.grid
    known = np.minimum(ledger.lines, len(used) - 1)
    ledger.reopen(~(used[known] & (known == ledger.lines)))
    _mark_values(sheet)
    _mark_reported(sheet, [i for i in log if i.file == grid.file and i.sheet == grid.sheet], used)
    unread: dict[int, list[int]] = {}
    left = ((row, c) for c, own in enumerate(ledger.cells.T) for row in np.flatnonzero(own == Use.OPEN).tolist())
    for row, c in sorted(left):
        state = read_cell(grid.raw(row, c), grid.comma).state
        if state is State.NOT_TESTED:
            ledger.cells[row, c] = Use.NOT_TESTED
        elif state is State.NO_RESPONSE:
            ledger.cells[row, c] = Use.REPEATED
        elif not any(sign.isdigit() for sign in grid.text(row, c)):
            ledger.cells[row, c] = Use.NOTE
        else:
            ledger.cells[row, c] = Use.REPORTED
            unread.setdefault(row, []).append(c)
    headings = {c.letter: c.heading for c in sheet.columns}
    for row, columns in unread.items():
        name, text = letter(columns[0]), grid.text(row, columns[0])
        more = f" and {len(columns) - 1} more of its row were" if len(columns) > 1 else " was"
        message = f"{text!r}{more} not read."
        where = grid.file, grid.sheet, grid.line(row), headings.get(name) or name
        log.append(Issue(CODES["cell-not-read"], message, *where, text))
    return ledger.count(grid.lost)


def _mark_values(sheet: Sheet) -> None:
    """The cells that the responses were read from."""
    ledger = sheet.ledger
    open_columns = {c for c, column in enumerate(ledger.cells.T) if (column == Use.OPEN).any()}
    wanted = [c if c in open_columns else -1 for c in sheet.label_columns]
    if all(c < 0 for c in wanted):
        return
    of_label = np.array([*wanted, -1], np.int64)
    order = np.argsort(ledger.lines, kind="stable")
    lines = ledger.lines[order]
    for block in sheet.blocks:
        for k in range(block.rows.shape[1]):
            column, line = of_label[block.columns[:, k]], block.rows[:, k]
            own = column >= 0
            column, line = column[own], line[own]
            at, end = np.searchsorted(lines, line), np.searchsorted(lines, line, side="right")
            while len(line):  # the rows of one line
                inside = at < end
                at, end, column, line = at[inside], end[inside], column[inside], line[inside]
                _mark_each(ledger, order[at], column)
                at = at + 1


def _mark_each(ledger: Ledger, rows: Rows, columns: Codes) -> None:
    own = ledger.cells[rows, columns]
    ledger.cells[rows, columns] = np.where(own == Use.OPEN, np.uint8(Use.USED), own)


def _mark_reported(sheet: Sheet, issues: list[Issue], used: Mask) -> None:
    """The cells that issues speak of: the one they name, the whole row where nothing of it was used, the column or the
    sheet that they say is not read."""
    ledger, names = sheet.ledger, _columns_by_name(sheet)
    data = set(np.asarray(sheet.lines).tolist()) if any(i.code.name in _OF_COLUMN for i in issues) else set()
    for issue in issues:
        columns = names.get(issue.column or "", ())
        if issue.code.name in _OF_COLUMN and columns and (issue.row is None or issue.row not in data):
            first = 0 if issue.row is None else int(np.searchsorted(ledger.lines, issue.row))
            ledger.mark(Use.REPORTED, slice(first, None), columns)
        elif issue.row is None:
            if issue.code.name in _OF_SHEET and issue.column is None:
                ledger.mark(Use.REPORTED, slice(None))
        else:
            rows = ledger.at(issue.row)
            if issue.row >= len(used) or not used[issue.row]:
                ledger.mark(Use.REPORTED, rows)
            for c in columns:
                own = ledger.cells[rows, c]
                named = (own == Use.OPEN) | ((own != Use.BLANK) & (issue.severity == "error"))
                ledger.cells[rows, c] = np.where(named, np.uint8(Use.REPORTED), own)


def _columns_by_name(sheet: Sheet) -> dict[str, set[int]]:
    """The columns that a heading or a letter of an issue means."""
    found: dict[str, set[int]] = {}
    for c in range(sheet.grid.width):
        found.setdefault(letter(c), set()).add(c)
    letters = {letter(c): c for c in range(sheet.grid.width)}
    for name, c in (
        *zip(sheet.labels, sheet.label_columns, strict=True),
        *((k.heading, letters[k.letter]) for k in sheet.columns),
    ):
        found.setdefault(name, set()).add(c)
    return found
