"""The account of the cells of a sheet: what no layout has spoken for is found to be reported, or is reported now."""

from collections.abc import Iterator
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
    ledger.reopen(np.flatnonzero(~np.append(used, False)[np.minimum(ledger.lines, len(used))]))
    _mark_values(sheet)
    _mark_reported(sheet, [i for i in log if i.file == grid.file and i.sheet == grid.sheet], used)
    unread: dict[int, list[int]] = {}
    for row, c in sorted(_left(ledger)):
        cells, state = ledger.column(c), read_cell(grid.raw(row, c), grid.comma).state
        if state is State.NOT_TESTED:
            cells[row] = Use.NOT_TESTED
        elif state is State.NO_RESPONSE:
            cells[row] = Use.REPEATED
        elif not any(sign.isdigit() for sign in grid.text(row, c)):
            cells[row] = Use.NOTE
        else:
            cells[row] = Use.REPORTED
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
    open_columns = {c for c in range(ledger.width) if ledger.has_open(c)}
    wanted = [c if c in open_columns else -1 for c in sheet.label_columns]
    if all(c < 0 for c in wanted):
        return
    of_label = np.array([*wanted, -1], np.int64)
    for block in sheet.blocks:
        for k in range(block.rows.shape[1]):
            columns = of_label[block.columns[:, k]]
            own = columns >= 0
            rows, at = ledger.rows_of(block.rows[own, k])
            _mark_each(ledger, Use.USED, rows, columns[own][at])


def _left(ledger: Ledger) -> Iterator[tuple[int, int]]:
    """Row and column of every open cell."""
    for c in range(ledger.width):
        if ledger.has_open(c):
            yield from ((row, c) for row in np.flatnonzero(ledger.column(c) == Use.OPEN).tolist())


def _mark_each(ledger: Ledger, use: Use, rows: Rows, columns: Codes, also_used: bool = False) -> None:
    """Mark single open cells; `also_used`: and those that were used."""
    for c in np.unique(columns).tolist():
        cells, at = ledger.column(c), rows[columns == c]
        changed = (cells[at] != Use.BLANK) if also_used else (cells[at] == Use.OPEN)
        cells[at[changed]] = use


def _mark_reported(sheet: Sheet, issues: list[Issue], used: Mask) -> None:
    """The cells that issues speak of: the one they name, the whole row where nothing of it was used, the column or the
    sheet that they say is not read."""
    ledger, names = sheet.ledger, _columns_by_name(sheet)
    data = set(np.asarray(sheet.lines).tolist()) if any(i.code.name in _OF_COLUMN for i in issues) else set()
    whole: list[int] = []
    cells: dict[bool, list[tuple[int, int]]] = {False: [], True: []}
    for issue in issues:
        columns = names.get(issue.column or "", ())
        if issue.code.name in _OF_COLUMN and columns and (issue.row is None or issue.row not in data):
            first = 0 if issue.row is None else int(np.searchsorted(ledger.lines, issue.row))
            ledger.mark(Use.REPORTED, slice(first, None), columns)
        elif issue.row is None:
            if issue.code.name in _OF_SHEET and issue.column is None:
                ledger.mark(Use.REPORTED, slice(None))
        else:
            if issue.row >= len(used) or not used[issue.row]:
                whole.append(issue.row)
            cells[issue.severity == "error"] += [(issue.row, c) for c in columns]
    if whole:
        ledger.mark(Use.REPORTED, ledger.rows_of(np.unique(whole))[0])
    for is_error, named in cells.items():
        if named:
            lines, of = np.array(named, np.int64).T
            rows, at = ledger.rows_of(lines)
            _mark_each(ledger, Use.REPORTED, rows, of[at], also_used=is_error)


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
