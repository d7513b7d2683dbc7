"""The last question before readings leave a printed table: is every name in their row one that they carry?

A row that names a site or a nerve that none of its readings belongs to was understood wrongly, whatever the reason: two
sites in one row, a nerve in an unexpected column. Nothing of it is used.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from ncs_analyzer.ingest.draft import Block, Sheet
from ncs_analyzer.ingest.grid import letter
from ncs_analyzer.ingest.headings import LABELS, read_heading
from ncs_analyzer.ingest.segments import read_segment
from ncs_analyzer.readings import BIT, RESPONSE_CELL, VALUES
from ncs_analyzer.vocabulary.match import lexicon

_PRINTED: Final = "summary"
_ENDS: Final = ("site_1", "site_2", "segment")
"""Columns that name the ends of a segment, of which one is another row's site."""
_FREE: Final = ("patient", "comment", "other")
"""Columns in which a site or nerve may be one that something else is said of."""
_SHORTEST: Final = 3
"""Letters from which a word is surely a name."""


def refuse_unused_names(sheet: Sheet) -> None:
    """Withdraw, with an issue, the readings of every row of a printed table that names what none of them carries."""
    if sheet.layout != _PRINTED:
        return
    rows_of: dict[int, list[int]] = {}
    for row, line in enumerate(sheet.grid.lines.tolist()):
        rows_of.setdefault(line, []).append(row)
    cells = [list(_cells(sheet, block, rows_of)) for block in sheet.blocks]
    said: dict[int, set[str]] = {}
    for block, own in zip(sheet.blocks, cells, strict=True):
        names = [_names(block, i) for i in range(len(block.line))]
        for i, _, row in own:
            said.setdefault(row, set()).update(names[i])
    roles = _roles(sheet)
    strange = {row: found for row, names in said.items() if (found := _unused(sheet, row, names, roles)) is not None}
    for row, (column, what) in strange.items():
        text = sheet.grid.text(row, column)
        message = f"{text!r} names a {what} that nothing read from this row belongs to; nothing of it is used."
        sheet.report("name-not-used", message, sheet.grid.line(row), letter(column), text)
    if strange:
        sheet.blocks = [_without(block, own, strange) for block, own in zip(sheet.blocks, cells, strict=True)]


def _cells(sheet: Sheet, block: Block, rows_of: dict[int, list[int]]) -> Iterator[tuple[int, int, int]]:
    """Response, place among VALUES (RESPONSE_CELL: the response itself) and row of every cell that was read."""
    for i, k in zip(*np.nonzero(block.columns >= 0), strict=True):
        column = sheet.label_columns[block.columns[i, k]]
        row = next((r for r in rows_of.get(int(block.rows[i, k]), ()) if sheet.grid.text(r, column)), None)
        if row is not None:
            yield int(i), int(k), row


def _names(block: Block, i: int) -> set[str]:
    """The site, recording, nerve and kind of study of a response."""
    columns = (block.text[name] for name in ("stimulation", "recording", "nerve", "study") if name in block.text)
    return {names[codes[i]] for codes, names in columns if codes[i] >= 0}


def _roles(sheet: Sheet) -> dict[str, set[str]]:
    """What each column became, and what its headings mean, by its letter."""
    roles: dict[str, set[str]] = {}
    for known in sheet.columns:
        heading = read_heading(known.heading)
        roles.setdefault(known.letter, set()).update((known.became, heading.role if heading is not None else ""))
    return roles


def _unused(sheet: Sheet, row: int, said: set[str], roles: dict[str, set[str]]) -> tuple[int, str] | None:
    """The first cell of a row that names something not said, and what it names. A nerve counts in a column of names only, a
    kind of study in one that was not used."""
    for column, text in enumerate(sheet.grid.row(row)):
        own = roles.get(letter(column), set())
        if (text.isascii() and len(text) < _SHORTEST) or own & {*_ENDS, *_FREE} or read_segment(text) is not None:
            continue
        for table, what, counts in (
            ("sites", "site", True),
            ("nerves", "nerve", bool(own & set(LABELS))),
            ("study", "kind of study", "not used" in own),
        ):
            meaning = lexicon(table)(text) if counts else None
            if meaning is not None and meaning not in said:
                return column, what
    return None


def _without(block: Block, cells: list[tuple[int, int, int]], strange: dict[int, tuple[int, str]]) -> Block:
    """A block without what was read from some rows; a response of which nothing is left goes."""
    left = {i for i, _, row in cells if row not in strange}
    gone = {i for i, _, row in cells if row in strange} - left
    for i, k, row in cells:
        if row in strange and k != RESPONSE_CELL:
            name = list(VALUES)[k]
            block.values[name][i] = np.nan
            block.unreadable[i] |= BIT[name]
    return block.take(np.array([i for i in range(len(block.line)) if i not in gone], np.intp))
