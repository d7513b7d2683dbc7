"""The headings of one table of measurements: what each column holds, of which side, and where its limits stand."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final

from ncs_analyzer.ingest.cells import read_cell
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import MEASURING_ROLES, Heading, in_unit, read_heading
from ncs_analyzer.ingest.places import Place, read_place
from ncs_analyzer.ingest.segments import read_segment
from ncs_analyzer.ingest.sides import BOTH, group_of, side_of, sided_heading
from ncs_analyzer.vocabulary.match import lexicon, normalise, unglue
from ncs_analyzer.vocabulary.units import unit as known_unit

LABELS: Final = ("nerve", "nerve_site", "site")
_LABELLING: Final = (*LABELS, "side", "recording", "study", "segment", "site_1", "site_2")
_NUMBER: Final = re.compile(r"[<>≤≥]?\s*\d+(?:[.,]\d+)?")
WIDEST: Final = 200
"""Columns; no table of nerves and sites is wider."""

_DIRECT: Final = frozenset(("latency", "distal_latency", "velocity", "duration", "cmap"))
"""Measures of the direct response: beside them an F latency is one more column of a motor table."""

_LOOKED_AT: Final = 60
"""How many rows below the headings settle what the headings leave open."""


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


@dataclass
class Half:
    """The measured columns of one side, or (`side` None) of the nerve that a row names; `limits`: column of the limit."""

    side: str | None
    headings: dict[int, Heading]
    limits: dict[int, int] = field(default_factory=dict)

    def first(self, *roles: str) -> int | None:
        """The first column of a role."""
        return next((c for c, h in self.headings.items() if h.role in roles), None)


@dataclass
class Table:
    """One table. `kind`: of study, as title or headings say; `labels`: role of each column that names something."""

    header: Header
    kind: str | None
    side: str | None
    labels: dict[int, str]
    halves: list[Half]
    said: set[str] = field(default_factory=set)
    """What has been said once already."""

    @property
    def texts(self) -> dict[int, str]:
        return self.header.texts

    @property
    def sided(self) -> bool:
        """Whether left and right stand side by side."""
        return len(self.halves) > 1

    def columns(self, *roles: str) -> Iterator[int]:
        """The columns that name something of these roles."""
        return (c for c, role in self.labels.items() if role in roles)

    def has(self, *roles: str) -> bool:
        """Whether any column names something of these roles."""
        return any(role in roles for role in self.labels.values())

    def label_columns(self) -> list[int]:
        return list(self.columns(*LABELS))

    def measured(self) -> Iterator[tuple[Half, int, Heading]]:
        """Every measured column."""
        return ((half, c, heading) for half in self.halves for c, heading in half.headings.items())


# ---------------------------------------------------------------- rows of headings


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
    if any((h := read_heading(t)) is None or h.role not in (*_LABELLING, "norm", "comment") for t in others):
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


# ---------------------------------------------------------------- what the columns hold


def build_table(grid: Grid, header: Header, kind: str | None, side: str | None) -> Table:
    """The table below a row of headings. `kind` and `side`: as the title said."""
    if kind == "f_wave":
        late = {c: h for c, t in header.texts.items() if c not in header.headings and (h := read_heading(f"F {t}"))}
        header = replace(header, headings=dict(sorted((header.headings | late).items())))
    labels = {c: h.role for c, h in header.headings.items() if h.role in _LABELLING}
    names = _name_column(grid, header, labels)
    if names is not None:
        labels[names] = "nerve_site"
    present = [s for s in ("left", "right") if s in header.sides.values()]
    halves = [_half(header, s, labels) for s in present] or [_half(header, None, labels)]
    table = Table(header, kind, side, dict(sorted(labels.items())), halves)
    table.kind = _kind(table)
    for half in halves:
        half.limits = _limits(header, half)
    return table


def _half(header: Header, side: str | None, labels: dict[int, str]) -> Half:
    own = {c: h for c, h in header.headings.items() if not h.limit and c not in labels}
    own = {c: h for c, h in own.items() if header.sides.get(c) == side or (side and h.role == "response")}
    return Half(side, {c: h for c, h in own.items() if header.sides.get(c) in (side, None)})


def _name_column(grid: Grid, header: Header, labels: dict[int, str]) -> int | None:
    """The column of nerves and sites where no heading says so: the one whose cells read so."""
    if any(role in LABELS for role in labels.values()):
        return None
    below = range(header.first, min(grid.height, header.first + _LOOKED_AT))
    free = [c for c in range(grid.width) if c not in header.headings or labels.get(c) in ("study", "recording")]
    named = {c: sum(names_place(grid.text(r, c)) for r in below) for c in free}
    best = max(named, key=lambda c: (named[c], -c), default=None)
    return best if best is not None and named[best] else next(iter(free), None)


def names_place(text: str) -> bool:
    """Whether a text names a nerve, or nothing but a stimulation site or segment."""
    if not text or len(text) > 120:
        return False
    place = read_place(text)
    return place.nerve is not None or (place.site is not None and not place.rest) or read_segment(text) is not None


def _kind(table: Table) -> str | None:
    """The kind of study of a table: its title; else what its headings can only be."""
    headings = [h for _, _, h in table.measured()]
    roles = {h.role for h in headings}
    units = {h.unit for h in headings if h.role in ("amplitude", "cmap", "snap")}
    said = next((p.study for c in table.columns(*LABELS) if (p := heading_place(table, c)).study), None)
    if "f_latency" in roles and not roles & _DIRECT:
        return "f_wave"
    if "h_latency" in roles and not roles & _DIRECT:
        return "h_reflex"
    if table.kind or said:
        return table.kind or said
    if {"cmap", "snap"} <= roles:
        return None
    if "cmap" in roles or units == {"mV"}:
        return "motor"
    if "snap" in roles or units == {"uV"} or ("peak_latency" in roles and "mV" not in units):
        return "sensory"
    return None


def heading_place(table: Table, column: int) -> Place:
    """What the heading of a label column itself names: "Median motor R" above its sites."""
    text = table.texts.get(column, "")
    return Place() if read_heading(text) is not None else read_place(text)


def _limits(header: Header, half: Half) -> dict[int, int]:
    """Which column of limits belongs to each measured column: by its name, else the measured column before it."""
    limits: dict[int, int] = {}
    measured = [c for c, h in half.headings.items() if h.role in MEASURING_ROLES]
    for c, heading in header.headings.items():
        if not heading.limit or header.sides.get(c, half.side) != half.side:
            continue
        before = [m for m in measured if m < c]
        same = [m for m in measured if half.headings[m].role == heading.role] if heading.role != "norm" else []
        if same:
            limits[min(same, key=lambda m: abs(m - c))] = c
        elif heading.role == "norm" and half.side is not None:
            if len(measured) == 1:
                limits[measured[0]] = c
        elif before:
            limits[max(before)] = c
    return limits


def settle_distance_units(grid: Grid, table: Table) -> list[tuple[int, str]]:
    """Distances without a unit: cm or mm by their size. Returns the columns settled, with the unit assumed."""
    settled = []
    for half, c, heading in list(table.measured()):
        if heading.role != "distance" or heading.unit is not None:
            continue
        below = range(table.header.first, min(grid.height, table.header.first + _LOOKED_AT))
        cells = [read_cell(grid.raw(r, c), grid.comma) for r in below]
        values = [cell.number for cell in cells if math.isfinite(cell.number) and cell.unit is None]
        if not values:
            continue
        factor = 10.0 if median(values) < 60 else 1.0
        half.headings[c] = replace(heading, unit="mm", factor=factor)
        settled.append((c, "cm" if factor == 10.0 else "mm"))
    return settled


def is_other_test(texts: list[str]) -> bool:
    """Whether headings belong to another test: needle EMG, repetitive stimulation, blink reflex."""
    return sum(lexicon("other_test")(t) == "heading" for t in set(texts)) >= 2


def names_other_test(title: str) -> bool:
    """Whether a title announces another test, or limits instead of measurements."""
    words = normalise(title).split()
    found = lexicon("other_test").find(unglue(words, "other_test"))
    limits = [w for w in words if lexicon("heading").meaning.get(w) == "norm"]
    other = [w for w in words if w not in limits and lexicon("filler").meaning.get(w) is None]
    return (found is not None and found[0] == "title") or (bool(limits) and not other)
