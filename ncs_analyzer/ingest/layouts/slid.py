"""Signs that the cells of a row stand under the wrong headings."""

import re
from typing import Final

from ncs_analyzer.ingest.cells import State, read_cell, read_limit
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import MEASURING_ROLES
from ncs_analyzer.ingest.layouts.table import Table
from ncs_analyzer.ingest.places import place_named

_BOUND: Final = re.compile(r"[<>≤≥]")
_NUMBER: Final = re.compile(r"[<>]?\d+(?:[.,]\d+)?")
_UPPER: Final = ("latency", "distal_latency", "peak_latency", "f_latency", "h_latency", "duration")
_LOWER: Final = ("amplitude", "cmap", "snap", "velocity")


def slid(table: Table, grid: Grid, row: int) -> dict[int, str]:
    """What stands under headings where it cannot be, in words, by column; empty if nothing does."""
    signs = {}
    for c, heading in table.header.headings.items():
        text = grid.text(row, c)
        if not text:
            continue
        measured = heading.role in MEASURING_ROLES
        bound = _BOUND.match(text) is not None
        cell = read_cell(grid.raw(row, c), grid.comma)
        what = ""
        if grid.definitions.state(table.texts[c], grid.raw(row, c)) is not None:
            continue
        if heading.role == "response":
            what = "number" if cell.state is State.VALUE and text not in ("0", "1") else ""
        elif heading.role in ("site_1", "site_2"):
            what = "number" if _NUMBER.fullmatch(text) else ""
        elif measured and cell.state is State.UNREADABLE and place_named(text):
            what = "site"
        elif measured and bound and not heading.limit:
            following = table.header.headings.get(c + 1)
            what = "limit" if following is not None and following.limit else ""
        elif measured and bound and heading.role in (*_UPPER, *_LOWER):
            wrong = read_limit(text, heading.role in _UPPER, grid.comma).state is State.UNREADABLE
            what = "limit" if wrong else ""
        if what:
            signs[c] = f"the {what} {text!r} under {table.texts[c]!r}"
    return signs
