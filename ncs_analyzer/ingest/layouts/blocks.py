"""Block sheets (family D): a small table per nerve, measures down, sites and segments across; limits in blocks of their own.

Title, row label and column heading of a block together say nerve, side, kind of study, site and measure of each cell,
so a block of nerves across and sides down ("F-wave") is read the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ncs_analyzer.ingest import patient_block
from ncs_analyzer.ingest.amounts import in_readings_unit
from ncs_analyzer.ingest.cells import Cell, State, as_text, read_cell
from ncs_analyzer.ingest.draft import Response, Sheet, put
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import MEASURING_ROLES, Heading, read_heading
from ncs_analyzer.ingest.layouts.course import OF_SEGMENT, Course
from ncs_analyzer.ingest.layouts.header import find_header
from ncs_analyzer.ingest.layouts.measures import column_of, kind_of
from ncs_analyzer.ingest.layouts.table import WIDEST, names_other_test
from ncs_analyzer.ingest.patient_block import Patient
from ncs_analyzer.ingest.places import Place, read_place
from ncs_analyzer.ingest.segments import SITE_CODES, Segment, read_segment
from ncs_analyzer.ingest.sides import group_of
from ncs_analyzer.readings import VALUES
from ncs_analyzer.vocabulary.match import normalise

NAME: Final = "blocks"


@dataclass(frozen=True)
class Block:
    """One block: labels in `column`, in rows `labels`; headings in row `top`; `title` above them or in the corner."""

    title: str
    top: int
    column: int
    labels: tuple[int, ...]
    headings: dict[int, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What title, row label and heading say together of one cell."""

    place: Place
    segment: Segment | None
    heading: Heading | None
    limit: bool


def find_blocks(grid: Grid) -> list[Block]:
    """Every block of the sheet, from top to bottom and left to right."""
    found: list[Block] = []
    taken: set[tuple[int, int]] = set()
    for row in range(1, min(grid.height, 2000)):
        starts = [c for c in range(grid.width) if (row, c) not in taken and _is_label(grid.text(row, c))]
        for i, c in enumerate(starts):
            labels = _labels_down(grid, row, c)
            stop = starts[i + 1] if i + 1 < len(starts) else grid.width
            headings = {k: t for k in range(c + 1, stop) if (t := grid.text(row - 1, k))}
            if len(labels) < 2 or not headings or any(_is_number(t) for t in headings.values()):
                continue
            title = grid.text(row - 1, c) or (grid.text(row - 2, c) if row > 1 else "")
            if not title or (_is_label(title) and read_place(title).study is None):
                continue
            taken |= {(r, c) for r in labels}
            found.append(Block(title, row - 1, c, labels, headings))
    return found


def _labels_down(grid: Grid, row: int, column: int) -> tuple[int, ...]:
    rows = []
    while row < grid.height and _is_label(grid.text(row, column)):
        rows.append(row)
        row += 1
    return tuple(rows)


def _is_label(text: str) -> bool:
    """Whether a text names a measure or a side."""
    if not text or len(text) > 40:
        return False
    heading = read_heading(text)
    return (heading is not None and heading.role in MEASURING_ROLES) or group_of(text) in ("left", "right")


def _is_number(text: str) -> bool:
    return read_cell(text).state is State.VALUE


def fit(grid: Grid) -> float:
    """How many blocks there are whose title names a nerve or a kind of study."""
    if grid.width > WIDEST or any(find_header(grid, row) is not None for row in range(min(grid.height, 60))):
        return 0.0
    named = sum(1 for b in find_blocks(grid) if (p := read_place(b.title)).nerve or p.study)
    return min(0.85, 0.45 + 0.1 * named) if named else 0.0


def read(grid: Grid, fitted: float) -> Sheet:
    """All blocks of the sheet."""
    sheet = Sheet(grid, NAME, fitted)
    _Reader(sheet).read()
    return sheet


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.grid = sheet, sheet.grid
        self.patients = [Patient()]
        self.courses: dict[tuple[int, str, str, str, str | None], Course] = {}
        self.lines: set[int] = set()
        self.assumed: set[str] = set()

    def read(self) -> None:
        blocks = find_blocks(self.grid)
        inside = {r for b in blocks for r in (b.top, *b.labels)}
        under_limits = False
        banners: dict[int, bool] = {}
        for row in range(self.grid.height):
            texts = {c: t for c, t in enumerate(self.grid.row(row)) if t}
            if row not in inside and patient_block.is_block_row(self.grid, row):
                patient_block.add_row(self.patients, self.grid, row)
                under_limits = False
            elif row not in inside and texts and not any(read_place(t).nerve for t in texts.values()):
                banners = {c: _is_limits(t) for c, t in texts.items()}
                under_limits = len(set(texts.values())) == 1 and _is_limits(next(iter(texts.values())))
            for block in (b for b in blocks if b.top == row):
                nearest = max((c for c in banners if c <= block.column), default=None)
                aside = under_limits or (nearest is not None and banners[nearest]) or _is_limits(block.title)
                self.block(block, aside)
        self.settle()

    def settle(self) -> None:
        for course in self.courses.values():
            left = course.settle_velocities() if course.rows and course.rows[0].text["study"] == "motor" else None
            if left is not None:
                message = f"The velocity {left[0]:g} stands on the most distal site; its segment is not named."
                self.sheet.report("row-not-understood", message, left[1])
        self.sheet.lines = sorted(self.lines)
        self.sheet.studies = patient_block.facts(self.patients, self.sheet)
        self.sheet.responses = [
            r for r in self.sheet.responses if r.values or r.mark or r.unreadable or "response" in r.text
        ]

    def block(self, block: Block, aside: bool) -> None:
        """The cells of one block; a block of limits or percentages is passed over."""
        title = read_place(block.title)
        lines = [self.grid.line(r) for r in block.labels]
        self.lines.update(lines)
        self.sheet.context.update(lines)
        measured = {c: t for c, t in block.headings.items() if not _is_limits(t)}
        if aside or not measured:
            message = f"The block {block.title!r} holds limits or percentages, not measurements."
            self.sheet.report("table-ignored", message, self.grid.line(block.top))
            return
        self.sheet.columns.append(Column(block.title, letter(block.column), _words(title), "used"))
        alone = [t for t in measured.values() if read_segment(t) is None]
        own_sites = {read_place(t).site or SITE_CODES.get(normalise(t)) for t in alone}
        before = len(self.sheet.responses)
        for row in block.labels:
            for c, text in measured.items():
                if self.grid.text(row, c):
                    said = combine(title, self.grid.text(row, block.column), text)
                    self.cell(row, c, said, own_sites, block)
        self.patients[-1].rows += len(self.sheet.responses) > before

    def cell(self, row: int, c: int, said: Said, own_sites: set[str | None], block: Block) -> None:
        """One cell, at the response it belongs to."""
        if said.limit:
            return
        line, text, raw = self.grid.line(row), block.headings[c], self.grid.raw(row, c)
        cell = read_cell(raw, self.grid.comma)
        if cell.state is State.NOT_TESTED:
            return
        place = said.place
        kind = kind_of(place, said.heading)
        missing = self.lacking(said, kind)
        if missing:
            code, message = missing
            self.sheet.report(code, f"{message} ({block.title!r}, {text!r}).", line, letter(c), as_text(raw))
            return
        assert kind is not None and place.nerve is not None and place.side is not None and said.heading is not None
        name = column_of(said.heading, kind)
        if name is None:
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

    def lacking(self, said: Said, kind: str | None) -> tuple[str, str] | None:
        """What is not said of a cell, as issue code and words."""
        place = said.place
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
        return None

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


def combine(title: Place, label: str, heading: str) -> Said:
    """Title, row label and column heading together; the narrower text outranks the title."""
    readings = [read_heading(t) for t in (label, heading)]
    measure = next((h for h in readings if h is not None and h.role in MEASURING_ROLES), None)
    segment = read_segment(heading)
    places = [read_place(t) for t, h in zip((label, heading), readings, strict=True) if h is None]
    sides = [group_of(t) for t in (label, heading)]
    site = next((p.site for p in places if p.site), None) or SITE_CODES.get(normalise(heading)) or title.site
    named = list(_of(places, title, "nerve"))
    place = Place(
        named[0] if named else None,
        next((s for s in sides if s in ("left", "right")), None) or next(_of(places, title, "side"), None),
        next(_of(places, title, "study"), None),
        next(_of(places, title, "recording"), None),
        None if segment is not None and segment.distal is not None else site,
    )
    if measure is None and place.study in ("f_wave", "h_reflex"):
        measure = Heading("f_latency" if place.study == "f_wave" else "h_latency", "ms")
    return Said(place, segment, measure, any(h is not None and h.limit for h in readings))


def _of(places: list[Place], title: Place, name: str) -> Iterator[str]:
    return (value for p in (*places, title) if (value := getattr(p, name)) is not None)


def _is_limits(text: str) -> bool:
    """Whether a title or heading announces limits or percentages."""
    heading = read_heading(text)
    named = heading is not None and (heading.limit or heading.role in ("norm", "rel_amplitude"))
    return named or "%" in text or names_other_test(text) or group_of(text) == "both"


def _words(place: Place) -> str:
    return " ".join(p for p in (place.study, place.side, place.nerve, place.recording) if p) or "block"
