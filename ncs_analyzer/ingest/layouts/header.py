"""The rows of headings of a table, up to five above each other: which rows they are, and what stands in each column."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ncs_analyzer.ingest import patient_block
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import LABELLING, LABELS, MEASURING_ROLES, Heading, in_unit, read_heading
from ncs_analyzer.ingest.layouts.measures import LATE
from ncs_analyzer.ingest.layouts.stack import (
    NORM,
    group_word,
    group_words,
    measures_at_a_site,
    names_end,
    read_stack,
    says_limits,
)
from ncs_analyzer.ingest.places import place_named, read_place
from ncs_analyzer.ingest.segments import names_place, read_segment
from ncs_analyzer.ingest.sides import BOTH, side_of, sided_heading
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER
from ncs_analyzer.vocabulary.match import lexicon, normalise
from ncs_analyzer.vocabulary.units import unit as known_unit

_NUMBER: Final = re.compile(r"[<>≤≥]?\s*\d+(?:[.,]\d+)?")
_TO: Final = ("a", "to", "bis", "hasta", "nach", "ate", "jusqu a")
"""What stands above the other end of a segment, beside "Segment from"."""
_ABOVE: Final = 3
_BELOW: Final = 2
"""How many rows of headings may stand above and below the first one that names measures."""


@dataclass(frozen=True)
class Header:
    """The headings of one table. `row`: the first that names measures; `first`: the first row below all of them.

    By column: `headings`, `texts`, and for columns that name one `sides`, `sites`, `kinds` of study, `nerves` and
    `recordings`. `kind`: what the
    corner above the labels says of the whole table.
    """

    row: int
    first: int
    headings: dict[int, Heading]
    texts: dict[int, str]
    sides: dict[int, str]
    sites: dict[int, str]
    kinds: dict[int, str]
    nerves: dict[int, str]
    recordings: dict[int, str]
    kind: str | None = None
    units: dict[int, str] = field(default_factory=dict)
    """Units that stand in a row of their own, by column."""
    title: str = ""
    """A title above the sides that names the only measure: "F wave, minimal latency (ms)"."""

    def repeats(self, other: "Header") -> bool:
        """Whether these are the same headings once more, as on a new page."""
        mine, its = ((h.texts, h.sides, h.sites, h.kinds, h.nerves, h.kind, h.title) for h in (self, other))
        return mine == its


def under_sides_of(header: Header, above: Header) -> Header:
    """Headings without sides below a table whose columns have them: "F min" twice, each under the side of its column.
    Unless both sides hold the same measures, nothing is taken over."""
    if header.sides or not {"left", "right"} <= set(above.sides.values()):
        return header
    starts = sorted(above.sides.items())
    sides = {c: next(s for at, s in reversed(starts) if at <= c) for c in header.headings if c >= starts[0][0]}
    measured = [(sides[c], h.role) for c, h in header.headings.items() if c in sides and not h.limit]
    roles = {s: [role for side, role in measured if side == s] for s in ("left", "right")}
    alike = roles["left"] == roles["right"] and len(set(roles["left"])) == len(roles["left"]) > 0
    return replace(header, sides=sides) if alike else header


def find_header(grid: Grid, row: int) -> Header | None:
    """The table headings that begin in this row: sides, sites or kinds of study may stand above the measures; sides,
    limits, units or particulars below them."""
    titled = _titled(grid, row) or _late_titled(grid, row)
    if titled is not None:
        return titled
    for main in range(row, min(row + _ABOVE + 1, grid.height)):
        texts = _texts(grid, main)
        if not _may_be_headings(texts) and not (main > row and _one_measure(texts)):
            return None
        rows = [*_limits_above(grid, row), *(_written_out(grid.row(r)) for r in range(row, main)), grid.row(main)]
        found = _read(rows, main)
        if found is not None:
            return _with_rows_below(grid, rows, found)
        if not _leads(grid, main):
            return None
    return None


def _titled(grid: Grid, row: int) -> Header | None:
    """A title that names a measure, above a row of sides: each column below is that measure of one side."""
    title, lower = set(_texts(grid, row).values()), _texts(grid, row + 1)
    groups = {c: g for c, t in lower.items() if (g := group_word(t)) is not None}
    if len(title) != 1 or not {("side", "left"), ("side", "right")} <= set(groups.values()):
        return None
    text = next(iter(title))
    heading = read_heading(text)
    if heading is None or heading.role not in MEASURING_ROLES:
        return None
    if any(group[0] not in ("side", NORM) for group in groups.values()):
        return None
    labels = [t for c, t in lower.items() if c not in groups]
    if any((h := read_heading(t)) is None or h.role not in (*LABELLING, "comment") for t in labels):
        return None
    if find_header(grid, row + 1) is not None:
        return None
    found = _read([[text if t else "" for t in grid.row(row + 1)], grid.row(row + 1)], row + 1, titled=True)
    return None if found is None else replace(found, title=text)


def _late_titled(grid: Grid, row: int) -> Header | None:
    """A title of F waves or H reflexes in front of the sides, above rows of nerves: the columns hold their latencies."""
    texts = _texts(grid, row)
    sides = {c: g[1] for c, t in texts.items() if (g := group_word(t)) is not None and g[0] == "side"}
    rest = {c: t for c, t in texts.items() if c not in sides}
    if not {"left", "right"} <= set(sides.values()) or len(rest) != 1 or min(texts) not in rest:
        return None
    place = read_place(next(iter(rest.values())))
    role = {"f_wave": "f_latency", "h_reflex": "h_latency"}.get(place.study or "")
    below = grid.row(row + 1) if row + 1 < grid.height else []
    if role is None or place.nerve or not any(read_place(t).nerve for t in below if t) or find_header(grid, row + 1):
        return None
    headings = {c: Heading(role, "ms") for c, side in sides.items() if side in ("left", "right")}
    return Header(row, row + 1, headings, texts, sides, {}, {}, {}, {}, place.study)


def _limits_above(grid: Grid, row: int) -> list[list[str]]:
    """The row above, as far as it says beside the title of a nerve that the columns further right hold limits."""
    if not row:
        return []
    above, own = grid.row(row - 1), grid.row(row)
    first = next((t for t in above if t), "")
    limits = [c for c, t in enumerate(above) if t and says_limits(t)]
    if not limits or read_place(first).nerve is None or says_limits(first):
        return []
    return [[above[limits[0]] if c >= limits[0] and t else "" for c, t in enumerate(own)]]


def _texts(grid: Grid, row: int) -> dict[int, str]:
    return {c: t for c, t in enumerate(grid.row(row)) if t} if row < grid.height else {}


def _may_be_headings(texts: dict[int, str]) -> bool:
    return len(set(texts.values())) > 1 and not any(_NUMBER.fullmatch(t) for t in texts.values())


def _one_measure(texts: dict[int, str]) -> bool:
    """Whether a row says the same measure over and over, as below sides."""
    heading = read_heading(next(iter(texts.values()), ""))
    return len(set(texts.values())) == 1 < len(texts) and heading is not None and heading.role in MEASURING_ROLES


def _leads(grid: Grid, row: int) -> bool:
    """Whether a row can head the one below: sides, limits, sites or kinds of study, and nothing but labels besides."""
    texts = {c: t for c, t in enumerate(_written_out(grid.row(row))) if t}
    below = _texts(grid, row + 1)
    groups = {c: group_words(t) for c, t in texts.items() if group_words(t)}
    ends = {c for c, t in texts.items() if c not in groups and below.get(c) != t and names_end(t)}
    texts = {c: t for c, t in texts.items() if c not in ends}
    if ends and not groups:
        return all(below.get(c) == t or read_heading(t) is not None for c, t in texts.items())
    nerves = [g for g in groups.values() if g[0][0] == "nerve"]
    if not groups or len(nerves) == 1 or patient_block.is_block_row(grid, row):
        return False
    others = {c: t for c, t in texts.items() if c not in groups and below.get(c) != t}
    corner = min(texts)
    if {("side", "left"), ("side", "right")} <= {g for group in groups.values() for g in group}:
        labels = [read_heading(t) for c, t in others.items() if c < min(groups)]
        if any(h is not None and h.role in LABELS for h in labels):
            others = {
                c: t for c, t in others.items() if c > min(groups)
            }  # one label may be in words of the laboratory's own
    compared = {c for c, t in others.items() if (part := sided_heading(t)) is not None and part[0] == BOTH}
    return all(
        read_heading(t) is not None or c in compared or (t == texts[corner] and read_place(t).nerve is None)
        for c, t in others.items()
    )


def _written_out(texts: Sequence[str]) -> list[str]:
    """The texts of a row, initials of sides written out if both sides stand in it."""
    sides = {c: side for c, t in enumerate(texts) if t and (side := side_of(t)) is not None}
    paired = {"left", "right"} <= set(sides.values())
    return [sides.get(c, t) if paired else t for c, t in enumerate(texts)]


def _with_rows_below(grid: Grid, rows: list[list[str]], found: Header) -> Header:
    """The headings together with the rows of headings below the first that names measures."""
    for _ in range(_BELOW):
        lower = _lower_row(grid, found.first, found)
        if lower is None:
            break
        rows = [*rows, lower]
        whole = _read(rows, found.row)
        if whole is None:
            break
        found = replace(whole, first=found.first + 1)
    return found


def _lower_row(grid: Grid, row: int, upper: Header) -> list[str] | None:
    """A row below headings that belongs to them: nothing but units, sides and limits, or particulars ("Onset" and "Peak"
    below "Latency"). Initials of sides are written out."""
    texts = _texts(grid, row)
    above = grid.row(row - 1)
    own = {c: t for c, t in texts.items() if t != above[c]}
    if len(own) < 2 and not all(group_word(_left_of(upper.texts, c)) == (NORM, NORM) for c in own):
        return None
    sides = {c: side for c, t in own.items() if (side := side_of(t)) is not None}
    if {"left", "right"} <= set(sides.values()):
        own |= sides
    groups = {c: g for c, t in own.items() if (g := group_word(t)) is not None}
    if all(c in groups and groups[c][0] in ("side", NORM) for c in own):
        paired = {"left", "right"} <= {value for _, value in groups.values()}
        return [own.get(c, texts.get(c, "")) for c in range(grid.width)] if paired else None
    if _sites_of_measures(own, upper):
        return [texts.get(c, "") for c in range(grid.width)]
    if any(_NUMBER.fullmatch(t) or names_place(t) for t in own.values()):
        return None
    units = sum(known_unit(t) is not None for t in own.values())
    if units < len(own):
        joined = {c: read_stack((_left_of(upper.texts, c), t)).heading for c, t in own.items()}
        understood = sum(h is not None and h.role in MEASURING_ROLES for h in joined.values())
        if understood < min(2, len(own)) or 2 * understood < len(own):
            return None
    return [texts.get(c, "") for c in range(grid.width)]


def _sites_of_measures(texts: dict[int, str], upper: Header) -> bool:
    """Whether a row names the sites and segments of the measures above it: "Wrist | Elbow" below "Amplitude". One that is
    not known makes its column one that is not understood."""
    above = {c: max((d for d in upper.texts if d <= c), default=-1) for c in texts}
    measures = [upper.headings.get(d) for d in above.values()]
    known = sum(place_named(t) in SITE_ORDER or read_segment(t) is not None for t in texts.values())
    placed = known > 0 and not any(_NUMBER.fullmatch(t) or read_heading(t) for t in texts.values())
    measured = all(h is not None and h.role in MEASURING_ROLES for h in measures)
    return placed and measured and len(texts) > 2 and len(set(above.values())) < len(texts)


def _left_of(texts: dict[int, str], column: int) -> str:
    """The heading that a column under a wide heading shares."""
    return next((texts[c] for c in range(column, -1, -1) if c in texts), "")


def _read(rows: Sequence[list[str]], main: int, titled: bool = False) -> Header | None:
    """The headings of some rows taken together, if they name enough measures."""
    stacks = {c: read_stack(texts) for c, texts in stacked(rows).items()}
    texts = {c: s.text for c, s in stacks.items()}
    sides = {c: s.side for c, s in stacks.items() if s.side is not None}
    headings = {c: s.heading for c, s in stacks.items() if s.heading is not None}
    if not {"left", "right"} <= set(sides.values()):
        if len(rows) == 1:  # beside other headings "sx" may be the sex
            sides = {c: side for c, side in sides.items() if c in headings}
        units = {c: s.unit for c, s in stacks.items() if s.unit is not None}
        headings, sides = _read_sided(texts, headings, units, sides)
    headings = {c: h for c, h in headings.items() if h.role != "proximal_latency"}
    first = min(headings, default=-1)
    late = [c for c, h in headings.items() if h.role in ("f_latency", "h_latency")]
    if late[1:] and late[0] == first == min(texts) and lexicon("study")(texts[first]) in LATE:
        headings[first] = Heading("site")  # "F wave | minimal latency" over sites
    starts = [c for c, h in headings.items() if h.role == "site_1" and c + 1 not in headings]
    headings |= {c + 1: Heading("site_2") for c in starts if normalise(texts.get(c + 1, "")) in _TO}
    compared = {c for c, t in texts.items() if c not in headings and (part := sided_heading(t)) and part[0] == BOTH}
    sides = sides | dict.fromkeys(compared, BOTH)
    known = headings.keys() | {c for c, s in sides.items() if s == BOTH}
    empty = {c for c, cells in stacked(rows).items() if len(rows) > 1 and all(group_word(t) for t in cells if t)}
    alone = {c for c in stacks if not any(row[c] for row in rows[:-1])}
    corners = {c: s for c, s in stacks.items() if s.kind is not None and (s.side is None or c in alone)}
    mirrored = bool(corners.keys() - headings.keys()) and len(headings) > 1
    if not titled and not _measures(
        headings, {c: t for c, t in texts.items() if c not in empty - known}, known, mirrored
    ):
        return None
    measured = {c for c, h in headings.items() if h.role in MEASURING_ROLES}
    kinds = {c: s.kind for c, s in stacks.items() if s.kind is not None and c in measured}
    corner = {s.kind for c, s in corners.items() if c not in measured}
    sites = {c: s.site for c, s in stacks.items() if s.site is not None and c in measured}
    kind = next(iter(corner)) if len(corner) == 1 else None
    nerves = {c: s.nerve for c, s in stacks.items() if s.nerve is not None and c in measured}
    recordings = {c: s.recording for c, s in stacks.items() if s.recording is not None and c in measured}
    headings = dict(sorted(headings.items()))
    apart = {c: s.unit[0] for c, s in stacks.items() if s.unit is not None}
    return Header(main, main + 1, headings, texts, sides, sites, kinds, nerves, recordings, kind, apart)


def stacked(rows: Sequence[list[str]]) -> dict[int, tuple[str, ...]]:
    """The texts above each other, by column. A blank cell of an upper row means the one to its left, unless the row shows
    by repetitions how far its headings reach."""
    filled = []
    for row in rows[:-1]:
        spread = any(a and a == b for a, b in itertools.pairwise(row))
        last, line = "", []
        for text in row:
            last = text or ("" if spread else last)
            line.append(last)
        filled.append(line)
    stacks = {}
    for c, lowest in enumerate(rows[-1]):
        own = [row[c] for row in rows[:-1]]
        upper = [line[c] for line in filled] if lowest else own
        if any(own) or lowest:
            stacks[c] = (*upper, lowest)
    return stacks


def _measures(headings: dict[int, Heading], texts: dict[int, str], known: set[int], mirrored: bool) -> bool:
    """Whether enough of the headings are measures of a nerve. `mirrored`: a kind of study stands among several of them."""
    roles = {h.role for h in headings.values() if h.role in MEASURING_ROLES and not h.limit}
    measured = len(roles)
    labelled = any(h.role in LABELS for h in headings.values())
    if roles & {"f_latency", "h_latency"}:
        labelled = labelled or mirrored or any(h.limit or h.role == "response" for h in headings.values())
    if measured < 2 and not (measured == 1 and labelled):
        return False
    if 2 * len(known) >= len(texts) or (measured >= 3 and labelled):
        return True
    sited = {c for c, t in texts.items() if c not in known and measures_at_a_site(t)}
    return 2 * len(known | sited) >= len(texts)


def _read_sided(
    texts: dict[int, str], headings: dict[int, Heading], units: dict[int, tuple[str, float]], sides: dict[int, str]
) -> tuple[dict[int, Heading], dict[int, str]]:
    """The headings, and the sides that their own words name; these count only where a measure stands with both."""
    for initials in (False, True):
        found = _sided(texts, headings, units, initials)
        if found is not None:
            return found
    return headings, sides


def _in_unit(heading: Heading | None, unit: tuple[str, float] | None) -> Heading | None:
    return heading if heading is None or unit is None or heading.unit is not None else in_unit(heading, *unit)


def _sided(
    texts: dict[int, str], plain: dict[int, Heading], units: dict[int, tuple[str, float]], initials: bool
) -> tuple[dict[int, Heading], dict[int, str]] | None:  # fmt: skip
    parts = {c: part for c, t in texts.items() if (part := sided_heading(t, initials)) is not None}
    read = {c: h for c, (_, rest) in parts.items() if (h := _in_unit(read_heading(rest), units.get(c))) is not None}
    read = {c: h for c, h in read.items() if not (parts[c][0] == BOTH and h.role in LABELLING)}
    roles: dict[str, set[str]] = {"left": set(), "right": set()}
    for c, heading in read.items():
        if parts[c][0] in roles and heading.role in MEASURING_ROLES:
            roles[parts[c][0]].add(heading.role)
    if not roles["left"] & roles["right"]:
        return None
    sides = {c: side for c, (side, _) in parts.items() if c in read or side == BOTH}
    return {c: h for c, h in plain.items() if c not in sides} | {c: read[c] for c in sides if c in read}, sides


def is_other_test(texts: list[str]) -> bool:
    """Whether headings belong to another test: needle EMG, repetitive stimulation, blink reflex."""
    return sum(lexicon("other_test")(t) == "heading" for t in set(texts)) >= 2
