"""What the naming columns of one row say: label, stimulation site, the two ends of a segment."""

import re
from typing import Final

from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.layouts.table import Table
from ncs_analyzer.ingest.places import Place, place_named, read_place
from ncs_analyzer.ingest.segments import Segment, read_segment, segment_ends
from ncs_analyzer.vocabulary.anatomy import MUSCLES, SITE_ORDER
from ncs_analyzer.vocabulary.match import lexicon

DISTANCE: Final = re.compile(r"\d{1,3}(?:[.,]\d)?\s*[cm]m", re.IGNORECASE)
"""How far from the recording a nerve was stimulated, where its site should stand: "14 cm"."""


def naming(grid: Grid, table: Table, row: int) -> dict[int, str]:
    """The texts that name what a row is, by column; a text alone in its row names it wherever it stands."""
    if row >= grid.height:
        return {}
    labels = {c: t for c in table.label_columns() if (t := grid.text(row, c)) and not t.isdecimal()}
    named = {c: t for c, t in labels.items() if not table.marks(c, t)}
    texts = {c: t for c, t in enumerate(grid.row(row)) if t}
    if named or len(set(texts.values())) != 1:
        return named
    column, text = next(iter(texts.items()))
    measured = any(c == column for _, c, _ in table.measured())
    return {column: text} if not measured and any(c.isalpha() for c in text) else {}


def label_of(grid: Grid, table: Table, row: int) -> str:
    return next(iter(naming(grid, table, row).values()), "")


def column_of_label(grid: Grid, table: Table, row: int) -> str | None:
    """The heading above the label, else its letter."""
    column = next(iter(naming(grid, table, row)), None)
    return None if column is None else table.texts.get(column) or letter(column)


def site_text(grid: Grid, table: Table, row: int) -> str:
    """What stands in the column of sites, unless it is a nerve."""
    texts = (grid.text(row, c) for c in table.columns("site"))
    return next((t for t in texts if t and read_place(t).nerve is None), "")


def pair(grid: Grid, table: Table, row: int) -> tuple[str | None, str | None]:
    """Site1 and Site2 as written."""
    found = []
    for role in ("site_1", "site_2"):
        text = next((grid.text(row, c) for c in table.columns(role)), "")
        found.append(_site_in(text) if text else None)
    return found[0], found[1]


def _site_in(text: str) -> str | None:
    """The site that a cell names with all its words."""
    place = read_place(text)
    return place_named(text) or (None if place.rest else place.site)


def strange_end(grid: Grid, table: Table, row: int) -> str:
    """What stands as an end of the row's segment and is no site that is known; "" where nothing does."""
    texts = [grid.text(row, c) for role in ("site_1", "site_2") for c in table.columns(role)]
    named = [t for t in texts if t and lexicon("state")(t) is None]
    strange = [t for t in named if _site_in(t) is None and not DISTANCE.fullmatch(t)]
    return strange[0] if strange else ""


def segment_of(grid: Grid, table: Table, row: int) -> Segment | None:
    """The segment that a row's velocity and distance belong to, if it names one."""
    first, second = pair(grid, table, row)
    if first and second:
        return read_segment(f"{first.replace('_', ' ')} - {second.replace('_', ' ')}")
    for c in table.columns("segment"):
        text = grid.text(row, c)
        found = read_segment(text)
        if found is not None:
            return found
        site = place_named(text)
        if site in SITE_ORDER:
            return Segment(None, site)
    return None


def recording_of_segment(grid: Grid, table: Table, row: int, site: str | None, kind: str) -> str | None:
    """The recording site that a segment names as its other end: "Wrist - APB"."""
    for c in table.columns("segment"):
        ends = segment_ends(grid.text(row, c)) or ()
        others = [end for end in ends if end != site and (end in MUSCLES or kind != "motor")]
        if len(others) == 1:
            return others[0]
    return None


def segment_of_row(grid: Grid, table: Table, row: int, place: Place) -> Segment | None:
    """The segment that stands where other rows have their stimulation site ("W-E")."""
    if place.recording is not None and place.second is None and place.site is not None:
        return None
    for text in naming(grid, table, row).values():
        found = read_segment(text) if read_place(text).nerve is None else None
        if found is not None and found.distal is not None:
            return found
    if place.site in SITE_ORDER and place.second in SITE_ORDER:
        lower, upper = sorted((place.site, place.second or ""), key=lambda s: SITE_ORDER[s])
        return Segment(lower, upper)
    return None
