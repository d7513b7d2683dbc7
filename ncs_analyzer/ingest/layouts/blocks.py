"""Blocks (family D): a small table per nerve with measures or sides down its rows, and sites, sides or nerves across.

Title, row label and the headings above a cell together say nerve, side, kind of study, site and measure. Limits stand in
blocks of their own beside or below; they belong to the responses whose nerve, kind and site they name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

import numpy as np

from ncs_analyzer.ingest import patient_block
from ncs_analyzer.ingest.amounts import in_readings_unit
from ncs_analyzer.ingest.cells import Cell, State, as_text, read_cell, read_limit
from ncs_analyzer.ingest.draft import Response, Sheet, put
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import LABELLING, MEASURING_ROLES, Heading, read_heading
from ncs_analyzer.ingest.layouts.course import OF_SEGMENT, Course
from ncs_analyzer.ingest.layouts.header import find_header, stacked
from ncs_analyzer.ingest.layouts.measures import LATE, SENSORY_KINDS, column_of, kind_of
from ncs_analyzer.ingest.layouts.stack import measures_at_a_site, says_limits
from ncs_analyzer.ingest.layouts.table import names_other_test
from ncs_analyzer.ingest.layouts.whole_nerves import ROLE, heading_of
from ncs_analyzer.ingest.layouts.wide_headings import Meaning, read_wide_heading
from ncs_analyzer.ingest.layouts.wide_places import Company, Given, NotMeantError, settle
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.patient_block import Patient
from ncs_analyzer.ingest.places import Place, place_named, read_place, recorded, stimulated
from ncs_analyzer.ingest.segments import SITE_CODES, Segment, nerve_and_ends, read_segment, segment_ends
from ncs_analyzer.ingest.sides import BOTH, group_of, sided_heading
from ncs_analyzer.readings import LIMITS, VALUES
from ncs_analyzer.vocabulary.anatomy import MUSCLES, SITE_ORDER, USUAL_MOTOR_SITE, in_limb
from ncs_analyzer.vocabulary.match import lexicon, normalise
from ncs_analyzer.vocabulary.units import unit as known_unit

_DISTAL_LIMIT: Final = re.compile(r"\s*(?:DML|DSL|DL|LMD|LDM|LD|dist(?:al\w*)?\.?)\s*([<>≤≥].*)$", re.IGNORECASE)
"""A limit that says that it is of the distal response: "DML < 5,8", "distal > 5,0"."""
_KIND_OF_UNIT: Final = {"mV": "motor", "uV": "sensory"}
_MOST_ROWS: Final = 2000
_DEEPEST: Final = 3
"""Rows of headings above a block, its title aside."""


@dataclass(frozen=True)
class Block:
    """One block. Its labels stand in `column`, in `labels`; `top` is its first row, title included; `headings`: the texts
    above each measured column, from top to bottom; `segments`: the rows of `labels` that name the segments of those below
    them; `norms`: those that hold the limits of the row above; `limits`: its title says that it holds limits."""

    title: str
    top: int
    column: int
    labels: tuple[int, ...]
    headings: dict[int, tuple[str, ...]]
    segments: frozenset[int]
    norms: frozenset[int]
    limits: bool = False

    @property
    def stop(self) -> int:
        """The first row below."""
        return self.labels[-1] + 1


@dataclass(frozen=True, slots=True)
class Said:
    """What title, row label and headings say together of one cell; `clear` False where two of them contradict."""

    place: Place
    segment: Segment | None
    heading: Heading | None
    limit: bool
    clear: bool = True


# ---------------------------------------------------------------- where blocks are


def find_blocks(grid: Grid) -> list[Block]:
    """Every block of the sheet, from top to bottom and left to right."""
    found: list[Block] = []
    taken: set[tuple[int, int]] = set()
    for row in range(1, min(grid.height, _MOST_ROWS)):
        starts = [c for c in range(grid.width) if (row, c) not in taken and _is_label(grid.text(row, c))]
        for i, c in enumerate(starts):
            stop = starts[i + 1] if i + 1 < len(starts) else grid.width
            block = _block(grid, row, c, stop, found)
            if block is not None:
                taken |= {(r, c) for r in block.labels}
                found.append(block)
    return found


def _block(grid: Grid, row: int, column: int, stop: int, found: Sequence[Block]) -> Block | None:
    """The block whose labels begin here, or None."""
    labels = _labels_down(grid, row, column, stop)
    top, title = _title_above(grid, row, column, stop)
    if _is_label(title) and read_place(title).study is None:
        return None
    muscle = _muscle_beside(grid, top, row, column, stop, title)
    rows = [
        [t if column < c < stop and t not in (title, muscle) else "" for c, t in enumerate(grid.row(r))]
        for r in range(top, row)
    ]
    title = f"{title} ({(recorded(muscle) or muscle).replace('_', ' ')})" if muscle else title
    rows = [texts for texts in rows if any(texts)]
    if any(_is_number(t) for texts in rows for t in texts if t):
        return None
    headings = _under_limits(grid, _segments_in_full(stacked(rows)), labels) if rows else {}
    place, limits = read_place(title), says_limits(title) or _holds_bounds(grid, labels, column, stop)
    if group_of(grid.text(row, column)) in ("left", "right") and _below_headings(grid, top, row, column):
        return None
    if limits:
        labels = _labels_down(grid, row, column, stop, gaps=True)
    segments = frozenset(r for r in labels if _names_segments(grid, r, column, stop))
    norms = frozenset(r for r in labels if says_limits(grid.text(r, column)))
    if limits and place.nerve is None:
        beside = any(b.top == top and b.column < column for b in found)
        return Block(title, top, column, labels, headings, segments, norms, True) if beside and headings else None
    bare = column + 1 not in headings and all(says_limits(t) for texts in headings.values() for t in texts)
    if place.nerve is not None and bare and any(_holds(grid, r, column + 1) for r in labels):
        headings = {column + 1: ()} | headings
    within = [*(t for texts in headings.values() for t in texts), *(grid.text(r, column) for r in labels)]
    named = place.nerve is not None or (place.study is not None and any(read_place(t).nerve for t in within))
    if place.study == "h_reflex" and any(group_of(t) in ("left", "right") for t in within):
        named = True  # of the tibial nerve, if it names no other
    if not limits and not any(_holds(grid, r, c) for r in labels for c in headings):
        return None
    named = named or all(sum(read_place(t).nerve is not None for t in texts) == 1 for texts in headings.values())
    of_nerves = all(any(read_place(t).nerve for t in texts) for texts in headings.values())
    alone = place.study == "h_reflex" or (place.study is not None and (place.nerve is not None or of_nerves))
    if not headings or not named or len(labels) < (1 if alone else 2):
        return None
    return Block(title, top, column, labels, headings, segments, norms, limits)


def _holds_bounds(grid: Grid, labels: Sequence[int], column: int, stop: int) -> bool:
    """Whether the cells of a block are bounds and nothing else: limits, whatever its title says."""
    cells = [t for r in labels for t in grid.row(r)[column + 1 : stop] if t]
    return len(cells) > 1 and all(_BOUND.fullmatch(t) for t in cells)


_BOUND: Final = re.compile(r"\s*[(\[]?\s*[<>≤≥]\s*=?\s*\d+(?:[.,]\d+)?\s*[)\]]?\s*")


def _muscle_beside(grid: Grid, top: int, row: int, column: int, stop: int, title: str) -> str:
    """The cell beside the title of a block, or between it and the headings, that says where it was recorded: "APB",
    "rec. APB", 導出：示指; "" where none does."""
    beside = {t for t in grid.row(top)[column + 1 : stop] if t and t != title} if title else set()
    bare = [t for t in beside if place_named(t) in MUSCLES] if len(beside) == 1 else []
    said = [t for r in range(top, row) for t in grid.row(r)[column:stop] if t and t != title and recorded(t)]
    found = list(dict.fromkeys((*bare, *said)))
    return found[0] if len(found) == 1 else ""


def _segments_in_full(headings: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Segments that stand between their sites and abbreviate them: "P-C" between "Punho" and "Cotovelo"."""
    found = dict(headings)
    for c, texts in headings.items():
        left, right = headings.get(c - 1), headings.get(c + 1)
        ends = _ENDS.fullmatch(texts[-1])
        if ends and left and right and _shortens(ends[1], left[-1]) and _shortens(ends[2], right[-1]):
            whole = f"{left[-1]} - {right[-1]}"
            found[c] = (*texts[:-1], whole if read_segment(whole) is not None else texts[-1])
    return found


_ENDS: Final = re.compile(r"([^\W\d]+(?:\.[^\W\d]*)*)\s*[-–—]\s*([^\W\d]+(?:\.[^\W\d]*)*)")


def _shortens(letters: str, site: str) -> bool:
    """Whether letters abbreviate the name of a site: the first is its first, the others follow in their order."""
    letters, rest = normalise(letters), iter(normalise(site))
    named = _site_of(site) is not None and read_segment(site) is None
    return named and normalise(site)[:1] == letters[:1] and all(a in rest for a in letters)


def _under_limits(
    grid: Grid, headings: dict[int, tuple[str, ...]], labels: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """A heading "Normal" above an empty column is said of the columns to its right."""
    empty = [c for c, texts in headings.items() if says_limits(texts[-1]) and not any(grid.text(r, c) for r in labels)]
    if len(empty) != 1:
        return headings
    return {c: (headings[empty[0]][-1], *texts) if c > empty[0] else texts for c, texts in headings.items()}


def _title_above(grid: Grid, row: int, column: int, stop: int) -> tuple[int, str]:
    """The row and text of a block's title: in the corner beside the headings, above them, or alone over them."""
    top = row
    for r in range(row - 1, max(row - 2 - _DEEPEST, -1), -1):
        if not any(grid.row(r)) or patient_block.is_block_row(grid, r):
            break
        if top < row and _is_label(grid.text(r, column)) and any(_holds(grid, r, c) for c in range(column + 1, stop)):
            break  # of the block above
        top = r
        if (text := grid.text(r, column)) and not _heads_sites(text) and not recorded(text):
            while r and grid.text(r - 1, column) == text:
                r -= 1  # a merged title
            return r, text
        alone = {t for t in grid.row(r)[column + 1 : stop] if t}
        if len(alone) == 1 and read_place(text := alone.pop()).nerve is not None:
            return r, text
    return top, ""


def _heads_sites(text: str) -> bool:
    """Whether a text in the corner says what stands beside it: "Nerv", "Reizort"."""
    heading = read_heading(text)
    return heading is not None and heading.role in _BESIDE and read_place(text).nerve is None


_BESIDE: Final = ("nerve", "site", "segment", "side", "recording")


def _below_headings(grid: Grid, top: int, row: int, column: int) -> bool:
    """Whether sides stand below the headings of a table, which names nerves or sites in other columns; a table parted by a
    blank column is another."""
    headers = [header for r in range(top, row) if (header := find_header(grid, r)) is not None]
    others = {c for header in headers for c, h in header.headings.items() if h.role in LABELLING and c != column}
    filled = {c for r in range(top, row + 1) for c, t in enumerate(grid.row(r)) if t}
    return any(filled >= set(range(min(c, column), max(c, column))) for c in others)


def _labels_down(grid: Grid, row: int, column: int, stop: int, gaps: bool = False) -> tuple[int, ...]:
    """The rows of a block: labels, rows in between that name the segments of the rows below them, and those of limits below
    a label. `gaps`: a label may be missing where another block stands beside."""
    rows: list[int] = []
    while row < grid.height:
        text = grid.text(row, column)
        below = bool(rows) and says_limits(text) and not says_limits(grid.text(row - 1, column))
        if _is_label(text) or below or _names_segments(grid, row, column, stop):
            rows.append(row)
        elif text or not gaps or not any(grid.row(row)):
            break
        row += 1
    while rows and not (_is_label(text := grid.text(rows[-1], column)) or says_limits(text)):
        rows.pop()
    return tuple(rows)


def _names_segments(grid: Grid, row: int, column: int, stop: int) -> bool:
    """Whether a row of a block names the segments that the rows below it are of: under "Segment", or without a label."""
    if text := grid.text(row, column):
        heading = read_heading(text) if len(text) < 40 else None
        return heading is not None and heading.role == "segment"
    across = [t for t in grid.row(row)[column + 1 : stop] if t]
    return bool(across) and all(read_segment(t) for t in across) and _is_label(grid.text(row + 1, column))


def _is_label(text: str) -> bool:
    """Whether a text names a measure or a side."""
    if not text or len(text) > 40:
        return False
    heading = read_heading(parted(text)[1])
    if heading is None:
        return measures_at_a_site(text) or group_of(text) in ("left", "right")
    return (heading is not None and heading.role in MEASURING_ROLES) or group_of(text) in ("left", "right")


def parted(text: str) -> tuple[str | None, str]:
    """The side that a label names beside its measure, and the measure: "DML right (ms)"."""
    if read_heading(text) is not None or (sided := sided_heading(text)) is None or sided[0] == BOTH:
        return None, text
    return sided


def _is_number(text: str) -> bool:
    return read_cell(text).state is State.VALUE


def _holds(grid: Grid, row: int, column: int) -> bool:
    return read_cell(grid.raw(row, column), grid.comma).state in (State.VALUE, State.NO_RESPONSE)


def _banner(text: str) -> str:
    return "limits" if says_limits(text) and "%" not in text else "aside" if _is_aside(text) else ""


def _is_aside(text: str) -> bool:
    """Whether a title or heading announces limits or percentages."""
    heading = read_heading(text)
    named = heading is not None and (heading.limit or heading.role in ("norm", "rel_amplitude"))
    return named or "%" in text or names_other_test(text) or group_of(text) == BOTH or says_limits(text)


# ---------------------------------------------------------------- what their cells say


@dataclass
class Blocks:
    """Reads the blocks of one sheet into it. `lines`: where the lines of their rows are noted."""

    sheet: Sheet
    patients: list[Patient]
    lines: list[int]
    courses: dict[tuple[int, str, str, str, str | None], Course] = field(default_factory=dict)
    limits: dict[tuple[int, str, str, str | None, str | None, str], float] = field(default_factory=dict)
    assumed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.grid = self.sheet.grid
        self.found: dict[int, list[Block]] = {}
        for block in find_blocks(self.grid):
            self.found.setdefault(block.top, []).append(block)
        self.banners = self._banners()

    def _banners(self) -> dict[int, dict[int, str]]:
        """For the first row of each block, what the row of banners above says by column: "limits", "aside" or ""."""
        inside = {r for blocks in self.found.values() for b in blocks for r in range(b.top, b.stop)}
        banners: dict[int, dict[int, str]] = {}
        now: dict[int, str] = {}
        for row in range(self.grid.height if self.found else 0):
            texts = {c: t for c, t in enumerate(self.grid.row(row)) if t}
            if row in self.found:
                banners[row] = now
            elif row not in inside and texts:
                other = patient_block.is_block_row(self.grid, row) or any(read_place(t).nerve for t in texts.values())
                now = {} if other else {c: _banner(t) for c, t in texts.items()}
        return banners

    def read(self, row: int, given: Place) -> int:
        """Read the blocks that begin in this row or beside these; returns the row below them. `given`: what titles above
        say."""
        stop = row + 1
        at = row
        while at < stop:
            beside = Place()
            sides: set[str | None] = set()
            for block in self.found.get(at, ()):
                over = self.banners[at]
                banner = over.get(max((c for c in over if c <= block.column), default=-1), "")
                title = _with(read_place(block.title), given)
                if title.study in LATE and (site := stimulated(block.title)) is not None:
                    title = replace(title, site=site, recording=None if title.recording == site else title.recording)
                self.take_lines(block)
                self.mark_labels(block)
                if block.limits or banner == "limits":
                    both = replace(_with(title, beside), side=None) if len(sides) > 1 else _with(title, beside)
                    self.limit_block(block, both)
                else:
                    self.block(block, title, banner == "aside")
                    beside = title
                    sides.add(title.side)
                stop = max(stop, block.stop)
            at += 1
        return stop

    def settle(self) -> None:
        """Settle what needs all blocks: where velocities belong, and the limits."""
        for course in self.courses.values():
            left = course.settle_velocities() if course.rows and course.rows[0].text["study"] == "motor" else None
            if left is not None:
                message = f"The velocity {left[0]:g} stands on the most distal site; its segment is not named."
                self.sheet.report("row-not-understood", message, left[1])
            distal = min(course.rows, key=lambda r: SITE_ORDER.get(r.text.get("stimulation", ""), 0), default=None)
            for response in course.rows:
                self.give_limits(response, response is distal)

    def give_limits(self, response: Response, distal: bool) -> None:
        """The limits noted for a response: of its site; without one, the latency's is that of the most distal site."""
        text = response.text
        amplitude = "amplitude_mv" if text["study"] == "motor" else "amplitude_uv"
        for limit, of in LIMITS.items():
            name = amplitude if of == "amplitude" else of
            sites = [text.get("stimulation"), *([None] if distal or name != "latency_ms" else [])]
            for side, site in product((text["side"], None), sites):
                key = (response.study, text["study"], text["nerve"], side, site, name)
                if key in self.limits:
                    response.limits.setdefault(limit, self.limits[key])

    def block(self, block: Block, title: Place, aside: bool) -> None:
        """The cells of one block; a block of percentages is passed over."""
        measured = {c: texts for c, texts in block.headings.items() if not any(_is_aside(t) for t in texts)}
        if aside or not measured or (block.title and _is_aside(block.title)):
            message = f"The block {block.title!r} holds limits or percentages, not measurements."
            self.sheet.report("table-ignored", message, self.grid.line(block.top))
            self.mark_unread(block)
            return
        self.sheet.columns.append(Column(block.title, letter(block.column), _words(title), "used"))
        self.sheet.mark(Use.OTHER, slice(block.labels[0], block.stop), block.headings.keys() - measured.keys())
        title = self.with_kind(block, title)
        alone = [texts[-1] if texts else "" for texts in measured.values()]
        own_sites = {_site_of(t) for t in alone if read_segment(t) is None}
        before = len(self.sheet.responses)
        muscles = [
            c
            for c, texts in measured.items()
            if (h := read_heading(texts[-1] if texts else "")) and h.role == "recording"
        ]
        labels = {row: self.label_meaning(block, row) for row in block.labels}
        for row, c, texts in self.cells(block, measured):
            if c in muscles:
                continue
            said = combine(title, self.grid.text(row, block.column), texts)
            if title.site is None and all(_site_of(t) is None and read_segment(t) is None for t in texts):
                said = self.with_site_of_label(said, labels, row)
            if muscles and (muscle := place_named(self.grid.text(row, muscles[0]))) is not None:
                said = replace(said, place=replace(said.place, recording=muscle))
            self.cell(row, c, said, own_sites, block)
        self.sheet.mark(Use.USED, slice(block.labels[0], block.stop), muscles)
        for row, c, texts in self.cells(block, measured, norms=True):
            self.limit_cell(row, c, combine(title, self.grid.text(row - 1, block.column), texts))
        self.limit_columns(block, title, {c: t for c, t in block.headings.items() if any(map(says_limits, t))})
        self.patients[-1].rows += len(self.sheet.responses) > before

    def label_meaning(self, block: Block, row: int) -> Meaning:
        """What the label of a row says, with the unit in the column behind it: "CMAP proximal | mV"."""
        label, beside = parted(self.grid.text(row, block.column))[1], self.grid.text(row, block.column + 1)
        unit = f" ({beside})" if beside and block.column + 1 not in block.headings and known_unit(beside) else ""
        return read_wide_heading(label + unit)

    def with_site_of_label(self, said: Said, labels: dict[int, Meaning], row: int) -> Said:
        """A cell below a nerve, where the label says kind of study and site: "dCMAP", "Amp elbow", "MCV"."""
        place, meaning = said.place, labels[row]
        if not meaning.names_measure or not meaning.understood or meaning.names_nerve or place.nerve is None:
            return said
        others = (replace(m, nerve=place.nerve) for m in labels.values() if m.names_measure)
        try:
            target = settle(meaning, Given(place.nerve, place.side, place.study, place.recording), Company.of(others))
        except NotMeantError:
            return said
        kind, site = target.place.kind, target.place.site
        if said.heading is None and target.column not in ROLE:
            return said
        if kind == "motor" and (site is None or not in_limb(site, place.nerve)):
            return said
        if target.assumed and target.assumed not in self.assumed:
            self.assumed.add(target.assumed)
            message = f"No site is named; {target.assumed} is assumed."
            self.sheet.report("site-assumed", message, self.grid.line(row))
        placed = replace(place, study=kind, site=site if kind == "motor" else place.site)
        clear = said.clear or said.heading is None
        return replace(said, place=placed, segment=None, heading=said.heading or heading_of(target), clear=clear)

    def with_kind(self, block: Block, title: Place) -> Place:
        """A block that names no kind of study is motor or sensory by the unit of its amplitudes."""
        if title.study is not None:
            return title
        headings = [read_heading(parted(self.grid.text(r, block.column))[1]) for r in block.labels]
        kinds = {_KIND_OF_UNIT.get(h.unit or "") for h in headings if h is not None and h.role == "amplitude"}
        return replace(title, study=kinds.pop()) if len(kinds) == 1 else title

    def limit_columns(self, block: Block, title: Place, limited: dict[int, tuple[str, ...]]) -> None:
        """Limits in columns of the block itself: of the site above them, else of every site (a latency: of the most distal
        one)."""
        for row, c, texts in self.cells(block, limited):
            plain = tuple(t for t in texts if not says_limits(t))
            self.limit_cell(row, c, combine(title, self.grid.text(row, block.column), plain))

    def limit_cell(self, row: int, c: int, said: Said) -> bool:
        """Note one limit; False where it is none of a measure that is read."""
        kind = kind_of(said.place, said.heading)
        name = column_of(said.heading, kind) if said.heading is not None and kind is not None else None
        of = "amplitude" if name is not None and name.startswith("amplitude") else name
        limit = next((k for k, v in LIMITS.items() if v == of), None)
        if kind is None or name is None or limit is None or said.place.nerve is None or said.heading is None:
            return False
        text = as_text(self.grid.raw(row, c))
        if _is_label(text):
            return False  # the limits begin further down than the block beside them
        named = _DISTAL_LIMIT.match(text)
        raw = named[1] if named else self.grid.raw(row, c)
        cell = read_limit(raw, limit.endswith("upper_limit"), self.grid.comma)
        if cell.problem is not None:
            self.sheet.report_cell(cell, self.grid.line(row), letter(c), text, f"limit of {name}")
        if cell.state is not State.VALUE:
            return False
        site = said.segment.proximal if said.segment is not None and kind == "motor" else said.place.site
        site = (site or USUAL_MOTOR_SITE.get(said.place.nerve)) if named and kind == "motor" else site
        key = (len(self.patients) - 1, kind, said.place.nerve, said.place.side, site, name)
        self.limits[key] = in_readings_unit(cell, said.heading, name).cell.number
        self.sheet.mark(Use.USED, row, [c])
        return True

    def cells(
        self, block: Block, measured: dict[int, tuple[str, ...]], norms: bool = False
    ) -> Iterable[tuple[int, int, tuple[str, ...]]]:
        """Every filled cell with the headings above it, of the measurements or of the limits below them (`norms`); below a
        row of segments these stand for the sites."""
        now = dict(measured)
        for row in block.labels:
            if row in block.segments:
                sites = {c: texts[-1] for c, texts in measured.items() if texts}
                now |= {c: (*now[c][:-1], self.in_full(t, sites, c)) for c in now if (t := self.grid.text(row, c))}
                continue
            if (row in block.norms) is not norms:
                continue
            for c in now:
                if self.grid.text(row, c):
                    yield row, c, now[c]

    def in_full(self, segment: str, sites: dict[int, str], column: int) -> str:
        """A segment whose ends the file abbreviates ("P-C") and explains, or that stands below its proximal site."""
        ends = _ENDS.fullmatch(segment)
        if ends is None or read_segment(segment) is not None:
            return segment
        meant = [self.grid.definitions.words.get(end.casefold()) for end in ends.groups()]
        if not all(meant):
            meant = [sites.get(column - 1), sites.get(column)]
        fits = all(
            known and (_shortens(end, known) or end.casefold() in self.grid.definitions.words)
            for end, known in zip(ends.groups(), meant, strict=True)
        )
        return " - ".join(filter(None, meant)) if fits else segment

    def take_lines(self, block: Block) -> None:
        lines = [self.grid.line(r) for r in block.labels]
        self.lines.extend(lines)
        self.sheet.context.update(lines)

    def mark_labels(self, block: Block) -> None:
        """The title, the headings and the labels of a block."""
        columns = (block.column, *block.headings)
        first = block.labels[0] if block.labels else block.stop
        for rows in (slice(block.top, first), np.array(sorted(block.segments), np.intp)):
            self.sheet.mark(Use.HEADING, rows, columns)
        self.sheet.mark(Use.USED, slice(first, block.stop), [block.column])

    def mark_unread(self, block: Block) -> None:
        """A block that was passed over; its issue stands at its title."""
        self.sheet.mark(Use.REPORTED, slice(block.top, block.stop), (block.column, *block.headings))

    def limit_block(self, block: Block, title: Place) -> None:
        """Limits, for the nerve and kind of study that the title names or the block beside it."""
        taken = 0
        for row, c, texts in self.cells(block, block.headings):
            said = combine(title, self.grid.text(row, block.column), texts)
            taken += self.limit_cell(row, c, said)
        if not taken:
            message = f"The block {block.title!r} holds limits that name no site; they were not used."
            self.sheet.report("table-ignored", message, self.grid.line(block.top))
        self.sheet.mark(Use.OTHER, slice(block.top, block.stop), block.headings)

    def cell(self, row: int, c: int, said: Said, own_sites: set[str | None], block: Block) -> None:
        """One cell, at the response it belongs to."""
        if said.limit:
            self.sheet.mark(Use.OTHER, row, [c])
            return
        line, text, raw = self.grid.line(row), " ".join(block.headings[c]), self.grid.raw(row, c)
        if isinstance(raw, str) and said.heading is not None and said.heading.role in ("velocity", "distance"):
            segment, raw = with_segment(raw)
            said = replace(said, segment=segment or said.segment)
        cell = read_cell(raw, self.grid.comma)
        if cell.state is State.NOT_TESTED:
            return
        kind = kind_of(said.place, said.heading)
        said = self.with_usual_site(said, kind, line)
        place = said.place
        missing = lacking(said, kind)
        if missing:
            code, message = missing
            self.sheet.report(code, f"{message} ({block.title!r}, {text!r}).", line, letter(c), as_text(raw))
            return
        assert kind is not None and place.nerve is not None and place.side is not None and said.heading is not None
        name = column_of(said.heading, kind)
        if name is None:
            self.sheet.mark(Use.OTHER, row, [c])
            return
        site = place.site
        if kind == "motor" and said.segment is not None:
            site = said.segment.proximal
            if name not in OF_SEGMENT and said.segment.distal is not None and site in own_sites:
                message = f"A {name} under the segment {text!r}, whose site has a column of its own, is not used."
                self.sheet.report("row-not-understood", message, line, letter(c), as_text(raw))
                return
        key = (len(self.patients) - 1, kind, place.nerve, place.side, place.recording)
        course = self.courses.setdefault(key, Course(place.side, place.recording))
        response = next((r for r in course.rows if r.text.get("stimulation") == site), None)
        if response is None:
            facts = {"study": kind, "nerve": place.nerve, "side": place.side, "stimulation": site}
            facts["recording"] = place.recording
            response = Response(key[0], line, {k: v for k, v in facts.items() if v})
            response.temperature = patient_block.temperature(self.patients[-1])
            course.rows.append(response)
            self.sheet.responses.append(response)
        self.take(response, name, cell, said.heading, line, c, as_text(raw))

    def with_usual_site(self, said: Said, kind: str | None, line: int) -> Said:
        """A distal latency, or an amplitude beside it, of which no site is named was stimulated at the usual distal one."""
        site = USUAL_MOTOR_SITE.get(said.place.nerve or "")
        distal = said.heading is not None and said.heading.role in ("distal_latency", "amplitude", "cmap")
        if kind != "motor" or not distal or site is None or said.place.site is not None or said.segment is not None:
            return said
        if f"{said.place.nerve} site" not in self.assumed:
            self.assumed.add(f"{said.place.nerve} site")
            message = f"No stimulation site of the {said.place.nerve} nerve is named; {site} is assumed."
            self.sheet.report("site-assumed", message, line)
        return replace(said, place=replace(said.place, site=site))

    def take(
        self, response: Response, name: str, cell: Cell, heading: Heading, line: int, c: int, text: str
    ) -> None:  # fmt: skip
        """Record the number of a cell, or its lack."""
        amount = in_readings_unit(cell, heading, name)
        if amount.code is not None:
            self.sheet.report(amount.code, amount.message, line, letter(c), text)
        cell = amount.cell
        if cell.problem is not None:
            self.sheet.report_cell(cell, line, letter(c), text, name)
        if cell.state is State.NO_RESPONSE and name not in OF_SEGMENT:
            response.text["response"] = "absent"
            response.mark = response.mark or (line, self.sheet.label(c))
        elif cell.state is State.VALUE and name.startswith("amplitude") and heading.unit is None and cell.unit is None:
            self.assume(name, line)
        if name in response.values:
            message = f"{name} of this nerve and site stands in another block too; the first is used."
            self.sheet.report("row-not-understood", message, line, letter(c), text)
            return
        put(response, name, cell, line, self.sheet.label(c))

    def assume(self, name: str, line: int) -> None:
        if name not in self.assumed:
            self.assumed.add(name)
            message = f"The amplitudes have no unit; {VALUES[name].replace('u', 'µ')} is assumed."
            self.sheet.report("unit-assumed", message, line)


def with_segment(text: str) -> tuple[Segment | None, str]:
    """A number with the segment it was measured on: "W-E 50"."""
    found = _WITH_SEGMENT.fullmatch(text)
    segment = read_segment(found[1]) if found else None
    return (segment, found[2]) if found and segment is not None and segment.distal is not None else (None, text)


_WITH_SEGMENT: Final = re.compile(r"\s*([^\W\d][^\d:=]*?)\s*[:=]?\s*(\d[^A-Z]*)")


def lacking(said: Said, kind: str | None) -> tuple[str, str] | None:
    """What is not said of a cell, as issue code and words."""
    place = said.place
    if not said.clear:
        return "row-not-understood", "Title, label and headings contradict each other"
    if place.nerve is None:
        return "unknown-nerve", "No nerve is named"
    if place.side is None:
        return "missing-side", "No side is named"
    if kind is None:
        return "unknown-study", "The kind of study is not named"
    if said.heading is None:
        return "row-not-understood", "No measure is named"
    if kind == "motor" and place.site is None and said.segment is None:
        return "unknown-site", "No stimulation site is named"
    if place.site is not None and not in_limb(place.site, place.nerve):
        return "unknown-site", f"{place.site.replace('_', ' ')} is no site of the {place.nerve} nerve"
    return None


def combine(title: Place, label: str, headings: Sequence[str]) -> Said:
    """Title, row label and headings together. The narrower text outranks the title in sites; sides, nerves and kinds of
    study that differ contradict each other."""
    side, label = parted(label)
    texts = (label, *headings)
    read = {t: read_heading(t) for t in texts if t}
    measures = [h for h in read.values() if h is not None and h.role in MEASURING_ROLES]
    segment = next((s for t in headings if (s := read_segment(t)) is not None), None)
    places = [read_place(t) for t, h in read.items() if h is None]
    sides = {of for t in texts if (of := group_of(t)) in ("left", "right")}
    sides |= {p.side for p in (*places, title) if p.side is not None} | ({side} if side is not None else set())
    site = next((p.site for p in places if p.site), None) or next((at for t in headings if (at := _site_of(t))), None)
    named = {p.nerve for p in (*places, title) if p.nerve is not None}
    apart = [p.site for p in places if p.site and p.site not in SITE_ORDER and not p.nerve]
    stimulated_at = [p.site for p in places if p.site in SITE_ORDER]
    site = stimulated_at[0] if stimulated_at and apart else site
    measure = measures[0] if len(measures) == 1 else None
    study = next((p.study for p in (*places, title) if p.study is not None), None)
    if measure is not None and measure.role in ("f_latency", "f_persistence", "f_mean", "f_max"):
        study = "f_wave"
    elif measure is not None and measure.role == "h_latency":
        study = "h_reflex"
    place = Place(
        next(iter(named), "tibial" if study == "h_reflex" else None),
        next(iter(sides), None),
        study,
        next(
            (r for r in (*(p.recording for p in places), *(apart if stimulated_at else ()), title.recording) if r), None
        ),
        None if segment is not None and segment.distal is not None else site or title.site,
    )
    if study in SENSORY_KINDS and place.recording is None and title.site not in (None, place.site):
        place = replace(place, recording=title.site)  # "Median sensory right - index", above the wrist
    told = (segment_ends(t) or (nerve_and_ends(t) or (None, None))[1] for t in headings if study in SENSORY_KINDS)
    ends = next(filter(None, told), None)
    if ends is not None:
        place = replace(place, site=ends[0], recording=ends[1])  # "W-Dig2": from the wrist to the finger
    if study in SENSORY_KINDS and ends is None and place.recording is None and place.site not in (None, *SITE_ORDER):
        place = replace(place, recording=place.site, site=None)  # "Median D2": a finger alone is recorded from
    if measure is None and not measures and study in ("f_wave", "h_reflex"):
        measure = Heading("f_latency" if study == "f_wave" else "h_latency", "ms")
    clear = len(named) < 2 and len(sides) < 2 and all(map(_understood, headings))
    return Said(place, segment, measure, any(h is not None and h.limit for h in read.values()), clear)


def _understood(text: str) -> bool:
    """Whether nothing in a heading is unknown; "Value" above numbers says nothing."""
    known = (
        read_heading(text)
        or read_segment(text)
        or nerve_and_ends(text)
        or group_of(text)
        or normalise(text) in SITE_CODES
    )
    return bool(known) or not read_place(text).rest or lexicon("long")(text) == "value"


def _site_of(text: str) -> str | None:
    return read_place(text).site or SITE_CODES.get(normalise(text))


def _with(place: Place, given: Place) -> Place:
    """A title, with what the titles above it say of what it leaves open."""
    return Place(
        place.nerve or given.nerve, place.side or given.side, place.study or given.study, place.recording or given.recording,
        place.site, place.second, place.rest, place.inner,
    )  # fmt: skip


def _words(place: Place) -> str:
    return " ".join(p for p in (place.study, place.side, place.nerve, place.recording) if p) or "block"
