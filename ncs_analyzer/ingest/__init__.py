"""Files to readings: open, recognise the layout, read, check, account for every row."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ncs_analyzer.ingest.assemble import assemble
from ncs_analyzer.ingest.dates import ambiguous
from ncs_analyzer.ingest.decode import decoded
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.files import STANDARD_INPUT, Opened, input_files, open_file
from ncs_analyzer.ingest.found import Found
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.layouts import LAYOUTS, LEAST_FIT, Layout, long, tidy
from ncs_analyzer.ingest.layouts.side_by_side import patients_below
from ncs_analyzer.ingest.legends import code_book, definitions_of, of_limits
from ncs_analyzer.ingest.packed import without_packed_rows
from ncs_analyzer.ingest.patient_block import name_patient, only_patient
from ncs_analyzer.ingest.split import LARGE_GRID, Draft, Drafts, LargeTable
from ncs_analyzer.ingest.who import REGISTER, name_sheets
from ncs_analyzer.issues import Issue
from ncs_analyzer.readings import Readings

if TYPE_CHECKING:
    from ncs_analyzer.ingest.profile import Profile
    from ncs_analyzer.ingest.profiled import Translator

__all__ = ["draft", "finish", "read", "read_rows"]


def read(inputs: str | Path | Iterable[str | Path], profile: Profile | str | Path | None = None) -> Readings:
    """Read files and folders (`-`: standard input) of any layout the program knows. `profile`: a laboratory's own
    words and conventions, or the TOML file that holds them.

    Never raises for what a file holds: what could not be used is in `Readings.issues`, with its address. Raises
    ProfileError for a profile that cannot be relied on.
    """
    if profile is not None:
        return _read_with_profile(inputs, profile)
    return _read(inputs, None)


def _read_with_profile(inputs: str | Path | Iterable[str | Path], profile: Profile | str | Path) -> Readings:
    from ncs_analyzer.ingest.profile import load_profile
    from ncs_analyzer.ingest.profiled import Translator, with_defaults

    known = load_profile(profile) if isinstance(profile, (str, Path)) else profile
    return with_defaults(_read(inputs, Translator(known)), known)


def _read(inputs: str | Path | Iterable[str | Path], translator: Translator | None) -> Readings:
    if isinstance(inputs, (str, Path)):
        inputs = [inputs]
    sheets: list[Sheet] = []
    issues: list[Issue] = []
    unread: list[Found] = []
    seen: set[str] = set()
    for name in input_files(inputs):
        _read_opened(_open(name, seen), sheets, issues, unread, translator)
    return assemble(sheets, issues, unread)


def read_rows(rows: Iterable[Mapping[str, Any]], name: str) -> Readings:
    """Readings from records of the tidy table."""
    records = list(rows)
    headings = list(dict.fromkeys(key for record in records for key in record))
    grid = Grid.of_rows(name, None, [list(headings), *([record.get(h) for h in headings] for record in records)])
    sheets: list[Sheet] = []
    unread: list[Found] = []
    opened = Opened(name, [grid])
    _read_opened(opened, sheets, opened.issues, unread)
    return assemble(sheets, opened.issues, unread)


def draft(name: str, seen: set[str], profile: Profile | None = None) -> Drafts:
    """One input (`-`: standard input) read as far as it goes without the other files; `seen`: files read before.
    The defaults of a profile are left to `finish`."""
    from ncs_analyzer.ingest.profiled import Translator

    opened = _open(name, seen)
    found = Drafts()
    if len(opened.grids) == 1 and profile is None:
        table = _large_table(opened.grids[0].explained(definitions_of(opened.grids)))
        if table is not None:
            found.tables.append(table)
            found.issues.extend(opened.issues)
            return found
    sheets: list[Sheet] = []
    _read_opened(opened, sheets, found.issues, found.unread, Translator(profile) if profile else None)
    found.tables.extend(Draft.of(sheet) for sheet in sheets)
    return found


def finish(sheets: Sequence[Sheet], profile: Profile | None) -> Readings:
    """The readings of drafted sheets."""
    from ncs_analyzer.ingest.profiled import with_defaults

    readings = assemble(sheets, [], [])
    return with_defaults(readings, profile) if profile else readings


def _large_table(grid: Grid) -> LargeTable | None:
    """The grid as a tidy table that is cut by patient before it is read; None where it is none, or not large."""
    if grid.height < LARGE_GRID or grid.refused or without_packed_rows(grid) is not grid:
        return None
    found = _best_layout(grid)
    return LargeTable.of(grid, found[1]) if found is not None and found[0].name == tidy.NAME else None


def _open(name: str, seen: set[str]) -> Opened:
    """One input; a file that was read before under any name is skipped, and said."""
    if name == STANDARD_INPUT:
        return open_file(name)
    path = os.path.realpath(name)
    if path in seen:
        opened = Opened(name)
        opened.report("file-skipped", "The file was given twice.")
        return opened
    seen.add(path)
    return open_file(name)


def _read_opened(
    opened: Opened,
    sheets: list[Sheet],
    issues: list[Issue],
    unread: list[Found],
    translator: Translator | None = None,
) -> None:
    """Each grid by the layout that fits best; a grid that fits none is said, or names the patient of the workbook."""
    definitions = definitions_of(opened.grids)
    own: list[Sheet] = []
    patients: list[dict[str, Any]] = []
    rest: list[Grid] = []
    for grid in (part for whole in opened.grids for part in long.sections(without_packed_rows(whole))):
        for line, code in grid.refused.items():
            opened.report(code, _REFUSED[code], grid.sheet, line)
        for line in sorted(grid.short):
            words = "The row has fewer fields than the heading has columns; what it lacks counts as not tested."
            opened.report("row-not-understood", words, grid.sheet, line)
        grid = grid.explained(definitions)
        sheet = _read_grid(grid) if translator is None else _read_translated(grid, translator)
        if sheet is not None:
            _say_date_order(sheet)
            own.append(sheet)
            continue
        facts = only_patient(grid)
        unread.append(Found(grid.file, grid.sheet, "patient" if facts else None, 1.0 if facts else 0.0))
        if facts:
            patients.append(facts)
        elif grid.height:
            rest.append(grid)
    for grid in rest:
        code = "no-table-in-sheet" if own else "layout-unknown"
        opened.report(code, "No table of nerve conduction studies was recognised.", grid.sheet)
    if not rest and (patients or own) and all(s.layout == REGISTER for s in own):
        opened.report("layout-unknown", "No table of nerve conduction studies was recognised.")
    name_patient(own, patients)
    name_sheets(own)
    if not opened.grids:
        unread.append(Found(opened.name, None, None, 0.0))
    sheets.extend(own)
    issues.extend(opened.issues)


def _say_date_order(sheet: Sheet) -> None:
    """An issue at the first date that leaves day and month open, where the language of the file settles them."""
    grid = sheet.grid
    for row in range(min(grid.height, _DATES_WITHIN) if grid.definitions.date_order else 0):
        for c, text in enumerate(grid.row(row)):
            if 5 < len(text) < 20 and ambiguous(text):
                message = f"{text!r} and dates like it are read day first, as the language has it, unless another date decides."
                sheet.report("date-order-taken", message, grid.line(row), letter(c), text)
                return


_DATES_WITHIN: Final = 200
"""Rows that are searched for dates."""


def _read_translated(grid: Grid, translator: Translator) -> Sheet | None:
    from ncs_analyzer.ingest.profiled import settle

    translated = translator.translate(grid)
    sheet = _read_grid(translated.grid)
    if sheet is not None:
        settle(sheet, translated, translator.profile)
    return sheet


def _best_layout(grid: Grid) -> tuple[Layout, float] | None:
    """The layout that fits best, the first of equals, and how well; None where none fits. What cannot fit better than
    the best so far is not tried."""
    best: tuple[Layout, float] | None = None
    fit = 0.0
    for layout in LAYOUTS:
        if layout.most > fit and (found := layout.fit(grid)) > fit:
            best, fit = (layout, found), found
    return best if fit >= LEAST_FIT else None


def _read_grid(grid: Grid) -> Sheet | None:
    if code_book(grid):
        return None
    grid = patients_below(grid)
    sheet = _read_by_layout(grid)
    if (sheet is None or not sheet.gave) and (by_meaning := decoded(grid)) is not None:
        sheet = _read_by_layout(by_meaning) or sheet
    if sheet is None:
        return None
    if of_limits(grid.sheet or "") and not any(facts.get("patient_id") for facts in sheet.studies):
        return None
    if not len(sheet.lines) and not grid.refused:
        sheet.report("nothing-in-file", "The table has headings but no rows.")
    if grid.refused:
        sheet.lines = [*sheet.lines, *grid.refused]
    return sheet


def _read_by_layout(grid: Grid) -> Sheet | None:
    found = _best_layout(grid)
    return None if found is None else found[0].read(grid, found[1])


_REFUSED: Final = {
    "unclosed-quote": "A quote in this line is never closed; nothing of the line was used.",
    "row-cut-off": "The file ends in the middle of this row; nothing of it was used.",
    "row-in-one-cell": "The whole row stands in one cell; nothing of it was used.",
    "field-count": "The row has more fields than the heading has columns; nothing of it was used.",
}
