"""The rows of headings of a table: which row they are, what each heading means, and of which side it is."""

import re
from dataclasses import dataclass
from typing import Final

from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import MEASURING_ROLES, Heading, in_unit, read_heading
from ncs_analyzer.ingest.segments import names_place
from ncs_analyzer.ingest.sides import BOTH, group_of, side_of, sided_heading
from ncs_analyzer.vocabulary.match import lexicon
from ncs_analyzer.vocabulary.units import unit as known_unit

LABELS: Final = ("nerve", "nerve_site", "site")
LABELLING: Final = (*LABELS, "side", "recording", "study", "segment", "site_1", "site_2")
_NUMBER: Final = re.compile(r"[<>≤≥]?\s*\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Header:
    """One row of headings, with the rows of sides and units around it.

    `first`: the first row below; `headings`, `texts`, `sides` by column; `sides` holds only columns that name one.
    """

    row: int
    first: int
    headings: dict[int, Heading]
    texts: dict[int, str]
    sides: dict[int, str]


def find_header(grid: Grid, row: int) -> Header | None:
    """The table headings that begin in this row: a row of sides may stand above them, units or a second row below."""
    groups = _groups(grid, row)
    main = row + 1 if groups else row
    texts = {c: t for c, t in enumerate(grid.row(main)) if t} if main < grid.height else {}
    if not groups and not _may_be_headings(texts):
        return None
    if groups:
        above = {c: t for c, t in enumerate(grid.row(row)) if t and c not in texts and group_of(t) is None}
        if not _may_be_headings(texts):
            return None
        texts = above | texts
        sides = {c: groups[c] for c in texts if c in groups}
        headings = {c: h for c, t in texts.items() if (h := read_heading(t)) is not None}
    else:
        headings, sides = _read_sided(texts)
    first = main + 1
    units = _units(grid, first)
    below = {} if groups or units else _sides_below(grid, first)
    if below:
        texts = {c: t for c in below if (t := texts.get(c) or _left_of(texts, c))} | texts
        headings = {c: h for c, t in texts.items() if (h := read_heading(t)) is not None}
        sides = below
        first += 1
    elif units:
        for c, (unit, factor) in units.items():
            if c in headings and headings[c].unit is None:
                with_unit = in_unit(headings[c], unit, factor)
                headings = {k: h for k, h in headings.items() if k != c} | ({c: with_unit} if with_unit else {})
        first += 1
    elif _measures(headings, texts, sides) and (lower := _second_row(grid, first, texts)):
        texts = texts | lower
        headings = {c: h for c, t in texts.items() if (h := read_heading(t)) is not None}
        first += 1
    headings = dict(sorted(headings.items()))
    if not _measures(headings, texts, sides):
        return None
    return Header(main, first, headings, texts, sides)


def _may_be_headings(texts: dict[int, str]) -> bool:
    return len(set(texts.values())) > 1 and not any(_NUMBER.fullmatch(t) for t in texts.values())


def _measures(headings: dict[int, Heading], texts: dict[int, str], sides: dict[int, str]) -> bool:
    """Whether enough of the headings are measures of a nerve."""
    measured = len({h.role for h in headings.values() if h.role in MEASURING_ROLES and not h.limit})
    labelled = any(h.role in LABELS for h in headings.values())
    if measured < 2 and not (measured == 1 and labelled):
        return False
    known = len(headings.keys() | {c for c, side in sides.items() if side == BOTH})
    return 2 * known >= len(texts) or (measured >= 3 and labelled)


def _groups(grid: Grid, row: int) -> dict[int, str]:
    """The side above each column, where a row holds nothing but the two sides, their difference and labels."""
    texts = grid.row(row)
    named = {c: group_of(t) for c, t in enumerate(texts) if t}
    if not {"left", "right"} <= set(named.values()):
        return {}
    others = [texts[c] for c, side in named.items() if side is None]
    if any((h := read_heading(t)) is None or h.role not in (*LABELLING, "norm", "comment") for t in others):
        return {}
    groups: dict[int, str] = {}
    current: str | None = None
    for c in range(grid.width):
        if c in named:
            current = named[c]
        if current is not None:
            groups[c] = current
    return groups


def _sides_below(grid: Grid, row: int) -> dict[int, str]:
    """The side of each column in a row below the headings that holds nothing but sides."""
    if row >= grid.height:
        return {}
    texts = {c: t for c, t in enumerate(grid.row(row)) if t}
    initials = {c: side for c, t in texts.items() if (side := side_of(t)) is not None}
    sides = {c: side for c, t in texts.items() if (side := group_of(t)) is not None}
    sides = initials | sides if {"left", "right"} <= set(initials.values()) else sides
    return sides if len(sides) == len(texts) and {"left", "right"} <= set(sides.values()) else {}


def _left_of(texts: dict[int, str], column: int) -> str:
    """The heading that a column under a wide heading shares."""
    return next((texts[c] for c in range(column, -1, -1) if c in texts), "")


def _read_sided(texts: dict[int, str]) -> tuple[dict[int, Heading], dict[int, str]]:
    """The headings, and the sides some of them name; sides count only where the same measure stands with both."""
    plain = {c: h for c, t in texts.items() if (h := read_heading(t)) is not None}
    headings, sides = _sided(texts, plain, initials=False)
    return (headings, sides) if sides else _sided(texts, plain, initials=True)


def _sided(
    texts: dict[int, str], plain: dict[int, Heading], initials: bool
) -> tuple[dict[int, Heading], dict[int, str]]:  # fmt: skip
    parts = {c: part for c, t in texts.items() if (part := sided_heading(t, initials)) is not None}
    read = {c: h for c, (_, rest) in parts.items() if (h := read_heading(rest)) is not None}
    roles: dict[str, set[str]] = {"left": set(), "right": set()}
    for c, heading in read.items():
        if parts[c][0] in roles and heading.role in MEASURING_ROLES:
            roles[parts[c][0]].add(heading.role)
    if not roles["left"] & roles["right"]:
        return plain, {}
    sides = {c: side for c, (side, _) in parts.items() if c in read or side == BOTH}
    return {c: h for c, h in plain.items() if c not in sides} | {c: read[c] for c in sides if c in read}, sides


def _units(grid: Grid, row: int) -> dict[int, tuple[str, float]]:
    """Units in a row of their own below the headings."""
    if row >= grid.height:
        return {}
    texts = {c: t for c, t in enumerate(grid.row(row)) if t}
    units = {c: u for c, t in texts.items() if (u := known_unit(t)) is not None}
    return units if len(units) >= 2 and len(units) == len(texts) else {}


def _second_row(grid: Grid, row: int, upper: dict[int, str]) -> dict[int, str]:
    """Headings continued in the row below: "Latency" over "Onset" and "Peak". Joined texts by column."""
    if row >= grid.height:
        return {}
    texts = {c: t for c, t in enumerate(grid.row(row)) if t}
    if len(texts) < 2 or any(_NUMBER.fullmatch(t) or names_place(t) for t in texts.values()):
        return {}
    joined: dict[int, str] = {}
    for c, text in texts.items():
        above = upper.get(c) or next((upper[k] for k in range(c, -1, -1) if k in upper), "")
        known = known_unit(text) is not None and c in upper
        whole = f"{above} ({text})" if known else f"{above} {text}"
        joined[c] = whole if read_heading(whole) is not None else text
    understood = sum((h := read_heading(t)) is not None and h.role in MEASURING_ROLES for t in joined.values())
    return joined if understood >= 2 and 2 * understood >= len(texts) else {}


def is_other_test(texts: list[str]) -> bool:
    """Whether headings belong to another test: needle EMG, repetitive stimulation, blink reflex."""
    return sum(lexicon("other_test")(t) == "heading" for t in set(texts)) >= 2
