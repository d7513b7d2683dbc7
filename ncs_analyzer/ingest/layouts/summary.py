"""Tables with a row per nerve or stimulation site (families A, B, C and their forms in other languages).

Any number of tables, kinds of study and patients in one sheet, left and right below or beside each other. This module
walks down the rows: patient blocks, titles, headings, data. What the headings mean is settled in `table`, what a data
row says in `nerve_rows`.
"""

import re
from dataclasses import replace
from itertools import islice, takewhile
from typing import Final

from ncs_analyzer.ingest import patient_block
from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import MEASURING_ROLES, READ, read_heading
from ncs_analyzer.ingest.layouts import tidy
from ncs_analyzer.ingest.layouts.blocks import Blocks, find_blocks
from ncs_analyzer.ingest.layouts.header import Header, find_header, is_other_test, under_sides_of
from ncs_analyzer.ingest.layouts.measures import LATE
from ncs_analyzer.ingest.layouts.nerve_rows import NerveRows
from ncs_analyzer.ingest.layouts.panels import unfolded
from ncs_analyzer.ingest.layouts.people_columns import People, names_people, people_columns
from ncs_analyzer.ingest.layouts.row_words import naming
from ncs_analyzer.ingest.layouts.stack import group_word
from ncs_analyzer.ingest.layouts.table import (
    WIDEST,
    Table,
    build_table,
    names_other_test,
    settle_distance_units,
    take_site_columns,
)
from ncs_analyzer.ingest.layouts.whole_nerves import ended_columns, take_end_sites
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.patient_block import Patient
from ncs_analyzer.ingest.places import Place, direction, read_place, recorded, stimulated
from ncs_analyzer.ingest.segments import names_place
from ncs_analyzer.ingest.sides import BOTH, group_of
from ncs_analyzer.vocabulary.anatomy import MUSCLES
from ncs_analyzer.vocabulary.match import lexicon
from ncs_analyzer.vocabulary.units import unit as known_unit

NAME: Final = "summary"

_PAGE: Final = re.compile(
    r"\s*(page|seite|p[aá]gina|pagina|pag|p)\.?\s*\d+(\s*(/|of|von|de|di|sur)\s*\d+)?\s*", re.IGNORECASE
)
_SHORT: Final = 5
"""Letters up to which "P 1" beside other cells may be an id."""
_BREAK: Final = re.compile(
    r"\W*(?:continued|fortsetzung|suite page|continua|continúa|cont\.)\b.{0,40}$|printed\b", re.IGNORECASE
)
"""What else stands at the foot of a page."""
_LIMBS: Final = ("arm", "leg", "palm", "forearm")
"""Sites that a title may name for the limb."""
_LOOKED_AT: Final = 60
_BOUND: Final = re.compile(r"\s*[<>≤≥]\s*=?\s*\d")


def fit(grid: Grid) -> float:
    """How well the rows below the headings read as nerves and sites."""
    if grid.width > WIDEST:
        return 0.0
    grid = unfolded(grid)
    blocks = {block.top: block for block in find_blocks(grid)}
    named = rows = 0
    row, found, headed = 0, False, False
    while row < min(grid.height, 400) and rows < 40:
        if row in blocks:
            rows, named = rows + len(blocks[row].labels), named + len(blocks[row].labels)
            row = blocks[row].stop
            continue
        header = find_header(grid, row)
        if header is None:
            row += 1
            continue
        people = names_people(people_columns(grid, header))
        plain, headed = not headed and header.first == header.row + 1, True
        if people and plain and tidy.fit(grid):
            return 0.0
        labels = build_table(grid, header, None, None).label_columns()
        above = row > 0 and read_place(next((t for t in grid.row(row - 1) if t), "")).nerve is not None
        row = header.first
        while row < grid.height and find_header(grid, row) is None:
            if not any(grid.row(row)) and rows:
                break
            place = any(names_place(grid.text(row, c)) for c in labels)
            if place or (any(grid.row(row)) and not patient_block.is_block_row(grid, row)):
                rows, named = rows + 1, named + place
            row += 1
        found = found or above
    return 0.4 + 0.56 * named / rows if named else 0.4 if found else 0.0


def read(grid: Grid, fitted: float) -> Sheet:
    """All tables and patients of the sheet."""
    sheet = Sheet(unfolded(grid), NAME, fitted)
    _Walk(sheet).read()
    return sheet


def is_note(texts: list[str]) -> bool:
    """Whether a row is a remark, a conclusion or a legend, which names nerves without measuring them."""
    label, colon, rest = re.sub(r"[:：]", ":", texts[0]).partition(":")
    if lexicon("note")(label) and (rest.strip() or len(texts) > 1 or colon):
        return True
    long = len(set(texts)) == 1 and len(texts[0]) > 60 and not colon
    return long and len(read_place(texts[0]).rest) > 4


_OF_COURSES: Final = frozenset(("latency", "amplitude", "velocity"))
"""Measures that no table of F waves or H reflexes holds together."""


class _Walk:
    """One pass down the rows of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.grid = sheet, sheet.grid
        self.patients = [Patient()]
        self.rows = NerveRows(sheet, self.patients)
        self.table: Table | None = None
        named = read_place(self.grid.sheet or "")
        self.kind = named.study if named.nerve is None else None
        self.people: People | None = None
        self.carried = True
        """The kind of study was said for another table or the whole sheet: what the headings say goes before it."""
        self.side: str | None = None
        self.banners: dict[int, str] = {}
        """The sides that one row of titles names, by column; of tables beside each other, and of those below these."""
        self.banner_line = -1
        self.titled = Place()
        """The nerve of the title above, until a row that holds no measurement."""
        self.direction: str | None = None
        self.stimulated: str | None = None
        self.recorded: str | None = None
        self.lines: list[int] = []
        self.blocks = Blocks(sheet, self.patients, self.lines)
        self.skipped: list[int] = []
        """Lines of the table of another test that is being passed over."""
        self.other_next = False
        """The title above says that the next table is of another test."""
        self.outside: list[int] = []
        self.became = Use.NOTE
        """What the cells of the row that was taken up are; OPEN where that is said cell by cell."""

    def read(self) -> None:
        row = 0
        while row < self.grid.height:
            self.became = Use.NOTE
            following = self.step(row)
            if self.became is not Use.OPEN:
                self.sheet.mark(self.became, slice(row, following))
            row = following
        self.close()
        self.say_skipped()
        self.blocks.settle()
        self.sheet.lines = list(dict.fromkeys(self.lines))
        if self.outside:
            n = len(self.outside)
            message = f"{n} rows with numbers stand outside the tables that were recognised; they were not read."
            self.sheet.report("table-ignored", message, self.outside[0])
        self.sheet.studies = patient_block.facts(self.patients, self.sheet)
        self.sheet.responses = [
            r for r in self.sheet.responses if r.values or r.mark or r.unreadable or "response" in r.text
        ]

    def step(self, row: int) -> int:
        """Take up one row; returns the next."""
        texts = [t for t in self.grid.row(row) if t]
        paged = any(_PAGE.fullmatch(t) and (len(set(texts)) == 1 or len(t) > _SHORT) for t in texts)
        if not texts or paged or _BREAK.match(texts[0]):
            self.titled = Place() if not texts else self.titled
            return row + 1
        if row in self.blocks.found:
            self.close()
            self.say_skipped()
            self.became = Use.OPEN
            return self.blocks.read(row, Place(study=self.kind, side=self.side))
        header = find_header(self.grid, row)
        if is_other_test(texts) or (header is not None and self.other_next):
            self.skip(row)
            self.became = Use.REPORTED
            return row + 1
        if header is not None and self.holds_limits(header):
            self.skip(row)
            self.skipped += [self.grid.line(r) for r in range(row + 1, header.first)]
            self.became = Use.REPORTED
            return header.first
        if header is not None:
            self.open(header)
            self.became = Use.HEADING
            return header.first
        if self.table is None or not self.is_data(self.table, row):
            self.titled = Place()  # what stands here may name another nerve
        if is_note(texts):
            return row + 1
        if self.is_nerve_title(row):
            self.nerve_title(row)
            self.became = Use.USED
            return row + 1
        alone = self.people is not None and self.table is not None and self.people.is_alone(row)
        plain = self.people is None and patient_block.names_patient(self.grid, row)
        if not alone and (self.table is None or plain or not self.is_data(self.table, row)):
            if patient_block.is_block_row(self.grid, row):
                self.block(row)
                self.became = Use.USED
                return row + 1
            if self.title(row, texts):
                self.became = Use.HEADING
                return row + 1
        if self.table is not None:
            self.became = Use.OPEN
            self.data(self.table, row)
            self.mark_labels(self.table, row)
        elif self.skipped:
            self.became = Use.REPORTED
            self.skipped.append(self.grid.line(row))
        else:
            self.say_unread(row, texts)
        return row + 1

    def say_unread(self, row: int, texts: list[str]) -> None:
        """A row with numbers outside the tables: one is enough where a nerve is named."""
        measured = sum(read_cell(t, self.grid.comma).state is State.VALUE for t in texts)
        named = measured > 0 and any(read_place(t).nerve for t in texts)
        if measured < 2 and not named:
            return
        self.became = Use.REPORTED
        measure = read_heading(texts[0])
        if named or (measure is not None and measure.role in MEASURING_ROLES):
            message = f"{texts[0]!r} stands under no headings that are understood; its numbers were not read."
            self.sheet.report("row-not-understood", message, self.grid.line(row))
        else:
            self.outside.append(self.grid.line(row))

    def mark_labels(self, table: Table, row: int) -> None:
        """What the cells of a data row are that hold no measurement of its own."""
        named = {
            *table.labels,
            *table.end_sites.values(),
            *naming(self.grid, table, row),
            *(self.people.columns if self.people else ()),
        }
        limits = {c for half in table.halves for c in half.limits.values()}
        marks = {
            c for half in table.halves for c, h in half.headings.items() if h.role in ("response", "amplitude_unit")
        }
        self.sheet.mark(Use.WITH_ROW, row, named | limits | marks)
        measured = {c for half in table.halves for c, h in half.headings.items() if h.role in READ}
        self.sheet.mark(Use.OTHER, row, table.texts.keys() - measured)

    def data(self, table: Table, row: int) -> None:
        """A data row, of the patient that it names or of the one above."""
        self.lines.append(self.grid.line(row))
        if self.people is not None and self.people.is_summary(row):
            message = "The row holds means or limits; it names no patient."
            self.sheet.report("table-ignored", message, self.grid.line(row))
            return
        if self.people is not None:
            patient = self.people.take(row, self.rows.patient)
            if patient is None:
                return
            if patient != self.rows.patient:
                self.rows.finish()
                self.rows.patient = patient
            if self.people.is_alone(row):
                self.sheet.context.add(self.grid.line(row))
                return
        self.rows.row(table, row)

    def block(self, row: int) -> None:
        """A row of a patient block. Another patient ends the table; a page header amid a table does not."""
        self.say_skipped()
        if self.table is None or patient_block.is_other_patient(self.patients, self.grid, row):
            self.close()
        before = len(self.patients)
        patient_block.add_row(self.patients, self.grid, row)
        if len(self.patients) > before:
            self.rows.patient = len(self.patients) - 1

    # ------------------------------------------------------------ tables

    def holds_limits(self, header: Header) -> bool:
        """Whether every measured cell of a table is a bound: it holds the laboratory's limits."""
        columns = [c for c, h in header.headings.items() if h.role in MEASURING_ROLES and not h.limit]
        below = takewhile(lambda r: any(self.grid.row(r)), range(header.first, self.grid.height))
        cells = [t for r in islice(below, _LOOKED_AT) for c in columns if (t := self.grid.text(r, c))]
        given = [t for t in cells if read_cell(t).state is not State.NOT_TESTED]
        return len(given) > 2 and all(_BOUND.match(t) for t in given)

    def open(self, header: Header) -> None:
        """A table begins; the same headings once more (a new page) go on with the nerve that is open."""
        self.say_skipped()
        if self.table is not None:
            header = under_sides_of(header, self.table.header)
        if self.table is not None and header.repeats(self.table.header):
            self.table.header = header
            self.rows.end_before_unknown(header.first - 1)
            return
        self.close()
        if header.title:
            self.rows.pending = read_place(header.title)
        elif self.titled.nerve and not any(h.role in ("nerve", "nerve_site") for h in header.headings.values()):
            self.rows.pending = self.titled  # its segments or F waves, under headings of their own
        if header.kind is not None:
            self.kind, self.carried = header.kind, False
        if len(self.banners) > 1:
            self.side = self.banners.get(
                max((c for c in self.banners if c <= min(header.texts)), default=-1), self.side
            )
        self.table = build_table(self.grid, header, None if self.carried else self.kind, self.side)
        take_end_sites(self.table)
        take_site_columns(self.table)
        roles = {h.role for h in header.headings.values()}
        if self.carried and self.table.kind is None and not (self.kind in LATE and roles >= _OF_COURSES):
            self.table.kind = self.kind
        self.carried = True
        self.table.direction, self.table.stimulated = self.direction, self.stimulated
        self.table.recorded = self.recorded
        people = people_columns(self.grid, header)
        self.people = People(self.sheet, self.patients, people, header.first) if people else None
        for c, unit in settle_distance_units(self.grid, self.table):
            message = f"The distances have no unit; {unit} is assumed."
            self.sheet.report("unit-assumed", message, self.grid.line(header.row), header.texts[c])
        self.describe(self.table)

    def describe(self, table: Table) -> None:
        """Say what became of each column."""
        whole = self.rows.whole(table)
        ended = ended_columns(table) if table.has("segment", "site_1") else {}
        whole = whole if whole and (table.kind in (None, "motor") or whole.of_several_kinds) else None
        for c, text in table.texts.items():
            heading = table.header.headings.get(c)
            measured = any(c in half.headings for half in table.halves)
            if self.people is not None and c in self.people.columns:
                column = Column(text, letter(c), "patient", "used")
            elif c in table.labels:
                column = Column(text, letter(c), table.labels[c], "used")
            elif c in table.site_columns:
                column = Column(text, letter(c), "site", "used")
            elif c in ended:
                column = Column(text, letter(c), f"{ended[c][0]} {ended[c][1].role}", "used")
            elif heading is None and whole is not None and c in whole.meanings:
                column = Column(text, letter(c), whole.meanings[c].measure or "", "used")
            elif heading is None or not (measured or heading.limit):
                column = Column(text, letter(c), "not used", "ignored")
            else:
                became = f"{heading.role} ({heading.unit})" if heading.unit else heading.role
                column = Column(text, letter(c), became, "limit" if heading.limit else "used")
            side = table.header.sides.get(c)
            unread = heading is not None and heading.role in MEASURING_ROLES
            if column.use == "ignored" and (
                (side is None and heading is None) or ((side or unread) and self.has_numbers(table, c, side))
            ):
                code = "column-not-understood" if side or unread else "column-ignored"
                message = f"The column {text!r} holds nothing the program reads."
                self.sheet.report(code, message, self.grid.line(table.header.row), text)
            if column not in self.sheet.columns:
                self.sheet.columns.append(column)

    def has_numbers(self, table: Table, column: int, side: str | None) -> bool:
        """Whether a column of one side, not of the difference of both, holds a number in one of the next rows."""
        below = range(table.header.first, min(self.grid.height, table.header.first + _LOOKED_AT))
        cells = (read_cell(self.grid.raw(row, column), self.grid.comma) for row in below)
        return side != BOTH and any(cell.state is State.VALUE for cell in cells)

    def close(self) -> None:
        if self.table is not None:
            self.rows.finish_table(self.table)
        self.rows.finish()
        self.table, self.rows.pending = None, Place() if self.table is not None else self.rows.pending

    def skip(self, row: int) -> None:
        """A table of another test begins."""
        self.close()
        self.say_skipped()
        self.other_next = False
        self.skipped = [self.grid.line(row)]

    def say_skipped(self) -> None:
        if self.skipped:
            n, first = len(self.skipped), self.skipped[0]
            message = f"A table of {n} rows holds another test or limits, not nerve conduction; it was not read."
            self.sheet.report("table-ignored", message, first)
        self.skipped = []

    # ------------------------------------------------------------ titles

    def title(self, row: int, texts: list[str]) -> bool:
        """Whether a row is a title, and what it says of the rows below."""
        distinct = list(dict.fromkeys(texts))
        if self.ends_table(distinct):
            self.close()
            self.kind, self.carried = read_place(distinct[0]).study, False
            return True
        if len(distinct) > 2 or len(distinct[0]) > 100:
            return False
        place = read_place(distinct[0])
        beside = [read_cell(t, self.grid.comma).state for t in distinct[1:]]
        if place.nerve is not None or (place.study in LATE and State.VALUE in beside):
            return False
        before_data = self.table is not None and self.is_data(self.table, row + 1) and not self.is_nerve_title(row + 1)
        if names_other_test(distinct[0]):
            self.close()
            self.say_skipped()
            self.other_next = True
            return True
        plain = place.side is not None and not place.rest and place.site in (None, *_LIMBS)
        of_side = len(distinct) == 1 and (plain or group_of(distinct[0]) in ("left", "right"))
        if not of_side and (place.side is not None or (place.study is None and place.site is not None)):
            return False
        after_blank = row == 0 or not any(self.grid.row(row - 1))
        if place.study is None and not of_side and (before_data or not after_blank or self.table is None):
            return False
        self.say_skipped()
        self.other_next = False
        if place.study is not None:
            self.side, self.direction, self.stimulated = None, direction(distinct[0]), stimulated(distinct[0])
            self.recorded = place.recording if place.recording in MUSCLES else None
        self.carried = self.carried and place.study is None
        self.kind, self.side = place.study or (self.kind if of_side else None), place.side or self.side
        if place.side is not None:
            line, column = self.grid.line(row), next(c for c, t in enumerate(self.grid.row(row)) if t)
            self.banners = {**(self.banners if line == self.banner_line else {}), column: place.side}
            self.banner_line = line
        if before_data and self.table is not None:
            self.rows.finish()
            self.table.kind, self.table.side = self.kind, self.side
            self.lines.append(self.grid.line(row))
            self.sheet.context.add(self.grid.line(row))
        elif self.table is None or of_side or place.study != self.table.kind or not self.goes_on(row + 1):
            self.close()
        return True

    def goes_on(self, row: int) -> bool:
        """Whether the headings of the open table stand here once more, as on a new page."""
        header = find_header(self.grid, row) if row < self.grid.height else None
        return header is not None and self.table is not None and header.repeats(self.table.header)

    def ends_table(self, texts: list[str]) -> bool:
        """Whether a row names another kind of study, and beside it only sides, units and measures: what follows is not read
        under the headings above."""
        if self.table is None or len(texts) < 3:
            return False
        place = read_place(texts[0])
        other = (
            place.study not in (None, self.table.kind) and place.nerve is None and place.site is None and not place.rest
        )
        return other and all(group_word(t) or known_unit(t) or read_heading(t) for t in texts[1:])

    def is_nerve_title(self, row: int) -> bool:
        """Whether a row names a nerve, and headings of its own follow."""
        texts = [t for t in self.grid.row(row) if t] if row < self.grid.height else []
        if not texts or len(set(texts)) > 2 or read_place(texts[0]).nerve is None:
            return False
        following = next((r for r in range(row + 1, min(self.grid.height, row + 3)) if any(self.grid.row(r))), None)
        return following is not None and find_header(self.grid, following) is not None

    def nerve_title(self, row: int) -> None:
        """A nerve above headings of its own."""
        self.close()
        self.say_skipped()
        title, *beside = dict.fromkeys(t for t in self.grid.row(row) if t)
        place = read_place(title)
        self.rows.pending = replace(place, recording=place.recording or next(map(recorded, beside), None))
        self.titled = self.rows.pending
        self.direction = direction(title) or self.direction
        if self.rows.pending.study is not None:
            self.kind, self.carried = self.rows.pending.study, False

    # ------------------------------------------------------------ data

    def is_data(self, table: Table, row: int) -> bool:
        """Whether a row of an open table starts with a nerve or site, holds measurements or a mark for no response."""
        if row >= self.grid.height:
            return False
        if self.rows.follows(table, row) or self.rows.late_row(table, row) is not None:
            return True
        if any(names_place(text) for text in naming(self.grid, table, row).values()):
            return True
        if any(table.marks(c, text) for c in table.header.headings if (text := self.grid.text(row, c))):
            return True
        measured = (c for _, c, h in table.measured() if h.role in MEASURING_ROLES)
        cells = (read_cell(self.grid.raw(row, c), self.grid.comma) for c in measured)
        return sum(cell.state in (State.VALUE, State.NO_RESPONSE) for cell in cells) >= 2
