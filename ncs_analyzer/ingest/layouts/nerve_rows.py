"""The rows of a table of measurements: each is a nerve, a stimulation site of the nerve above it, a segment, or several.

Velocity and distance belong to the segment that a row names (Site1/Site2, "W-E"), otherwise to the row's own site.
Nothing is taken from a row whose cells have slid out of their columns.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import Final

from ncs_analyzer.ingest import patient_block
from ncs_analyzer.ingest.cells import State, is_error, read_cell
from ncs_analyzer.ingest.draft import Response, Sheet
from ncs_analyzer.ingest.headings import LABELS, MEASURING_ROLES, Heading, read_heading
from ncs_analyzer.ingest.layouts.course import OF_SEGMENT, Course
from ncs_analyzer.ingest.layouts.measures import LATE, SENSORY_KINDS, column_of, kind_of
from ncs_analyzer.ingest.layouts.row_cells import RowCells
from ncs_analyzer.ingest.layouts.row_words import (
    DISTANCE,
    column_of_label,
    label_of,
    naming,
    pair,
    recording_of_segment,
    segment_of,
    segment_of_row,
    site_text,
    strange_end,
)
from ncs_analyzer.ingest.layouts.slid import slid
from ncs_analyzer.ingest.layouts.stack import site_of_limb
from ncs_analyzer.ingest.layouts.table import Half, Table, heading_place
from ncs_analyzer.ingest.layouts.whole_nerves import WholeNerves, ended_columns, heading_of, whole_nerves
from ncs_analyzer.ingest.layouts.wide_places import Given, Target
from ncs_analyzer.ingest.layouts.wide_places import Place as WholePlace
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.patient_block import Patient
from ncs_analyzer.ingest.places import (
    Place,
    along,
    direction,
    in_order,
    muscle_first,
    nerve_named,
    own_name,
    place_named,
    read_place,
)
from ncs_analyzer.ingest.segments import Segment, nerve_and_ends, read_segment, segment_ends, site_code
from ncs_analyzer.ingest.sides import side_of
from ncs_analyzer.vocabulary.anatomy import MUSCLES, PURELY_SENSORY, SITE_ORDER, USUAL_MOTOR_SITE, in_limb
from ncs_analyzer.vocabulary.match import lexicon, normalise, unglue

_LOOKED_AT: Final = 60
"""Rows below the headings that tell what the segments of a table stand for."""
_LATE_ROLES: Final = {"f_wave": ("f_latency", "f_persistence"), "h_reflex": ("h_latency",)}

_PLACED: Final = ("study", "nerve", "side", "stimulation", "recording")
_COMPARISON: Final = frozenset(p for p in lexicon("comparison").meaning if " " not in p and len(p.encode()) > 2)
"""Words that make a row of the difference of others."""


@dataclass
class Nerve:
    """The nerve that the rows below belong to. `recording`: as last named."""

    nerve: str | None
    side: str | None
    recording: str | None
    kind: str | None
    said: str | None = None
    """The kind of study that its own row names."""

    refused: bool = False
    line: int = 0
    """Where it began."""
    courses: dict[tuple[str | None, str | None], Course] = field(default_factory=dict)
    late_responses: dict[str, Response] = field(default_factory=dict)
    """F waves that rows of their own give, by side."""
    late: dict[tuple[str, str | None], tuple[str, ...]] = field(default_factory=dict)
    """What the columns of F waves and H reflexes said last, by kind and side."""

    def course(self, side: str | None, recording: str | None) -> Course:
        return self.courses.setdefault((side, recording), Course(side, recording))


class NerveRows:
    """Reads the data rows of the tables of one sheet, one after another."""

    def __init__(self, sheet: Sheet, patients: list[Patient]) -> None:
        self.sheet, self.grid, self.patients = sheet, sheet.grid, patients
        self.cells = RowCells(sheet)
        self.patient = 0
        """Which patient the rows are of."""
        self.nerve: Nerve | None = None
        self.pending = Place()
        """What a title above the table named."""
        self.given: set[tuple[int, str, str | None, str | None]] = set()
        """Patient, kind, nerve and side of what tables that are no comparison have given."""
        self.above: dict[tuple[str | None, ...], Nerve] = {}
        """The nerves that headings name, of the table that is open."""
        self.column: str | None = None
        """The heading above the label of the row that is read."""
        self._whole: tuple[Table | None, WholeNerves | None] = None, None
        self._said: set[str] = set()
        self.last: tuple[int, list[tuple[int, Heading, str, Response]]] = -1, []
        """The row read last, and its measured cells: column, heading, measure and response."""
        self.other: list[tuple[int, Heading, str, Response]] = []
        """Those of the row before, if it is the same nerve and site on the other side."""
        self.unlabelled: list[Response] = []
        """Sensory responses of this table whose latency does not say whether it is onset or peak."""

    # ------------------------------------------------------------ which nerve

    def row(self, table: Table, row: int) -> None:
        """Take up one data row."""
        line = self.grid.line(row)
        label = label_of(self.grid, table, row)
        self.column = column_of_label(self.grid, table, row)
        if (late := self.late_row(table, row)) is not None:
            self.take_late(table, row, late)
            return
        if self.follows(table, row):
            self.limits_below(table, row)
            return
        if is_summary(label) and not self.is_ulnar(table, row, label):
            self.sheet.report("table-ignored", f"The row {label!r} holds no single measurement.", line)
            return
        place = self.on_skin(table, self.place(table, row))
        measured = self.has_values(table, row)
        if any((t := self.grid.text(row, c)) and side_in(t) is None for c in table.columns("side")):
            self.finish()
            self.nerve = Nerve(place.nerve, None, None, None, refused=True, line=line)
            return
        if place.several and place.side and not measured:
            self.finish()
            self.pending = replace(place, rest=())  # a comparison of nerves, each on a row of its own
            self.sheet.context.add(line)
            return
        if table.nerved:
            self.nerves_above(table, row, place, label)
            return
        if self.nerve is None and not place.nerve and self.pending.nerve:
            self.start(table, self.pending, "", line)
        unknown = self.is_unknown_nerve(table, row, place)
        if unknown and not place.rest:
            place = replace(place, rest=(label,))  # a muscle where a nerve should stand
        if place.nerve or unknown or self.other_side(place):
            sited = place.site is not None or (
                segment_of(self.grid, table, row) is not None and self.to_recording(table)
            )
            self.start(table, place, label, line, measured, sited)
        nerve = self.nerve
        if nerve is None and measured:
            message = f"{label!r} names no nerve and none stands above it."
            self.sheet.report("row-not-understood", message, line, self.column, label)
        elif nerve is None or not measured:
            if place.nerve is not None or place.site is None:
                self.sheet.context.add(line)  # a site without a measurement is said to hold none
        elif nerve.refused:
            if line != nerve.line:
                message = f"{label!r} belongs to a nerve that could not be read."
                self.sheet.report("row-not-understood", message, line, self.column, label)
        elif signs := slid(table, self.grid, row):
            message = f"The cells of this row have slid out of their columns ({', '.join(signs.values())})."
            first = min(signs)
            self.sheet.report("shifted-columns", message, line, table.texts[first], self.grid.text(row, first))
        else:
            self.patients[self.patient].rows += 1
            before, self.last = self.last, (row, [])
            self.measure(table, row, place, nerve)
            self.other = before[1] if before[0] == row - 1 and _of_both_sides(before[1], self.last[1]) else []

    def late_row(self, table: Table, row: int) -> Heading | None:
        """What a row below the sites of a motor nerve is called, if that is a measure of its F waves: "F min"."""
        nerve, label = self.nerve, label_of(self.grid, table, row)
        if nerve is None or nerve.refused or (nerve.kind or table.kind) != "motor" or not label:
            return None
        heading = read_heading(label)
        late = heading is not None and heading.role in ("f_latency", "f_persistence") and not heading.limit
        return heading if late and any(self.grid.text(row, c) for _, c, _ in table.measured()) else None

    def take_late(self, table: Table, row: int, heading: Heading) -> None:
        """The cells of such a row, one for each side: the first that is filled, under whatever heading."""
        nerve, line = self.nerve, self.grid.line(row)
        name = column_of(heading, "f_wave", own_late=True)
        assert nerve is not None
        for half in table.halves:
            side = half.side or nerve.side
            filled = [c for c in half.headings if self.grid.text(row, c)]
            if side is None or name is None or not filled:
                continue
            known = nerve.late_responses.get(side)
            if known is None:
                text = {"study": "f_wave", "nerve": nerve.nerve, "side": side, "recording": nerve.recording}
                known = self.new(line, {k: v for k, v in text.items() if v})
                nerve.late_responses[side] = known
            bare = replace(half, limits={})
            pairs = self.told_in_row(row) if len(table.halves) == 1 else []
            told = pairs or [(filled[0], heading, name)]
            for c, own, measure in told:
                self.cells.cell(table, bare, row, c, own, measure, known)
            named = {d for c, *_ in told for d in (c, c - 1)} if pairs else {filled[0]}
            for c in (c for c in filled if c not in named):
                message = f"{self.grid.text(row, c)!r} stands beside the F wave; what it is is not said."
                self.sheet.report("row-not-understood", message, line, table.texts.get(c), self.grid.text(row, c))

    def told_in_row(self, row: int) -> list[tuple[int, Heading, str]]:
        """The cells of a row that have their label to the left: "F wave | min. latency [ms] | 25.8 | persistence | 70"."""
        found = []
        for c, text in enumerate(self.grid.row(row)[:-1]):
            heading = read_heading(text) if text and any(ch.isalpha() for ch in text) else None
            if heading is None or heading.role not in MEASURING_ROLES:
                continue
            value = read_cell(self.grid.raw(row, c + 1), self.grid.comma)
            name = column_of(heading, "f_wave", own_late=True)
            if (
                name is not None
                and value.state is not State.NOT_TESTED
                and not read_heading(self.grid.text(row, c + 1))
            ):
                found.append((c + 1, heading, name))
        return found if len(found) > 1 else []

    def is_ulnar(self, table: Table, row: int, label: str) -> bool:
        """Whether "ULN" in a column of nerves is the nerve: a side or a site stands beside it."""
        if read_place(label.casefold()).nerve != "ulnar" or not table.has(*LABELS):
            return False
        return any(self.grid.text(row, c) for c in table.columns("side", "site", "recording"))

    def follows(self, table: Table, row: int) -> bool:
        """Whether a row holds the limits of the row above: it is called so, and not the only one of its table."""
        label = self.called(table, row)
        if self.last[0] != row - 1 or not names_limits(label) or self.is_ulnar(table, row, label):
            return False
        around = range(max(table.header.first, row - _LOOKED_AT), min(self.grid.height, row + _LOOKED_AT))
        return sum(names_limits(self.called(table, r)) for r in around if any(self.grid.row(r))) > 1

    def called(self, table: Table, row: int) -> str:
        """The label of a row, or what stands where others have their side."""
        sides = (self.grid.text(row, c) for c in table.columns("side"))
        return label_of(self.grid, table, row) or next(filter(None, sides), "")

    def limits_below(self, table: Table, row: int) -> None:
        """Limits in a row of their own, each below its value, or below those of both sides."""
        for c, heading, name, response in (*self.last[1], *self.other):
            if self.grid.text(row, c):
                self.cells.limit(self.grid.raw(row, c), c, table, row, heading, name, response)
        self.sheet.mark(Use.WITH_ROW, row, [c for c, *_ in self.last[1]])
        self.sheet.context.add(self.grid.line(row))

    def nerves_above(self, table: Table, row: int, place: Place, label: str) -> None:
        """A row of sites below headings that name the nerves."""
        line = self.grid.line(row)
        for half in table.halves:
            part = replace(table, halves=[half])
            if not self.has_values(part, row):
                continue
            side = half.side or place.side or table.side
            if half.nerve is None or place.nerve not in (None, half.nerve) or side is None:
                code, what = ("missing-side", "side") if half.nerve and not place.nerve else ("unknown-nerve", "nerve")
                self.sheet.report(code, f"{label!r} under its headings names no {what} for certain.", line, None, label)
                continue
            kind = half.kind or place.study or table.kind
            new = Nerve(half.nerve, side, place.recording or half.recording, kind, half.kind)
            nerve = self.above.setdefault((half.nerve, side, half.recording, kind), new)
            self.patients[self.patient].rows += 1
            self.measure(part, row, place, nerve)

    def place(self, table: Table, row: int) -> Place:
        """What the label columns of a row say together."""
        found = Place()
        named = naming(self.grid, table, row)
        order: tuple[str, ...] = ()
        for c, text in named.items():
            own = read_place(text)
            if (behind := nerve_and_ends(text)) is not None:
                first, second = behind[1]  # "Rt Ulnar (ADM): W-BE"
                skin = second if not {first, second} <= SITE_ORDER.keys() else None
                own = replace(behind[0], site=first, second=second, recording=behind[0].recording or skin)
            if own.rest and own.nerve is None and table.kind in SENSORY_KINDS and (ends := segment_ends(text)):
                own = Place(site=ends[0], second=ends[1])  # "W-D2"
            if table.labels.get(c) == "site" and own.site is None and (code := site_code(text)) is not None:
                own = Place(site=code)
            if table.labels.get(c) == "nerve" and own.nerve is None and own.rest and (short := nerve_named(text)):
                own = Place(nerve=short, side=own.side)
            told = table.order(c)
            order = order or (told if {"recording", "site"} <= set(told) else self.written_order(table, c))
            if table.labels.get(c) == "nerve_recording" and own.recording is None and own.second is None:
                own = replace(own, recording=own.site, site=None)
            if table.labels.get(c) == "site" and len(named) > 1:
                own = replace(own, nerve=None if own.site else own.nerve)
                if found.site and own.site:
                    found = replace(found, recording=found.recording or found.site, site=None, second=None)
            found = Place(
                found.nerve or own.nerve, found.side or own.side, found.study or own.study,
                found.recording or own.recording, found.site or own.site, found.second or own.second,
                (*found.rest, *own.rest), (*found.inner, *own.inner), found.several or own.several,
            )  # fmt: skip
        for c in table.columns("side", "recording", "study"):
            if (text := self.grid.text(row, c)) and c not in named:
                found = self.named_apart(found, table.labels[c], text, row, c, table)
        if found.site is None and (found.study or table.kind) in SENSORY_KINDS:
            distal = table.end_sites.get("distal")
            found = replace(found, site=(self.site_in(table, row, distal) or None) if distal is not None else None)
        if (found.study or table.kind) == "motor":
            return replace(found, recording=None) if found.recording in SITE_ORDER else found
        way = next((w for text in named.values() if (w := direction(text))), table.direction)
        return in_order(found, order) if order else along(found, way)

    def written_order(self, table: Table, column: int) -> tuple[str, ...]:
        """The order in which the motor rows of a column write muscle and site, which the sensory rows share: "Left Median
        APB Wrist" goes with "Left Median Index Wrist". Empty where they differ or say nothing."""
        if column not in table.orders:
            below = range(table.header.first, min(self.grid.height, table.header.first + _LOOKED_AT))
            found = {muscle_first(t) for r in below if (t := self.grid.text(r, column))} - {None}
            table.orders[column] = ("recording", "site") if found == {True} else ()
        return table.orders[column]

    def on_skin(self, table: Table, place: Place) -> Place:
        """A finger or other skin named alone beside a sensory nerve is where it was recorded."""
        kind = place.study or self.pending.study or table.kind
        alone = place.recording is None and place.second is None and place.site not in (None, *SITE_ORDER)
        if kind in SENSORY_KINDS and place.nerve and alone:
            return replace(place, recording=place.site, site=None)
        return place

    def named_apart(self, found: Place, role: str, text: str, row: int, c: int, table: Table) -> Place:
        """What a column of its own says of side, recording site or kind of study."""
        if role == "side":
            side = side_in(text)
            if side is None:
                self.sheet.report(
                    "unreadable-word", f"{text!r} names no side.", self.grid.line(row), table.texts[c], text
                )
            return replace(found, side=side or found.side)
        if role == "study":
            phrase = self.grid.definitions.phrase(table.texts[c], text)
            return replace(found, study=study_of(text) or (phrase and study_of(phrase)) or found.study)
        place = read_place(text)
        recording = place_named(text) or place.recording or place.site
        if place.rest and recording not in MUSCLES and (found.study or table.kind) not in SENSORY_KINDS:
            recording = place_named(text)  # "abd. of the 5th digit" is no digit
        if recording is None and read_segment(text) is None and any(c.isalpha() for c in text):
            recording = self.unknown_recording(text, self.grid.line(row), table.texts[c])
        return replace(found, recording=recording or found.recording)

    def unknown_recording(self, text: str, line: int, column: str | None) -> str:
        message = f"{text!r} is no muscle or site the program knows; it stands under its own name."
        self.sheet.report("unknown-recording", message, line, column, text)
        return own_name(text)

    def other_side(self, place: Place) -> bool:
        """A row that names only a side: the nerve above it on the other side."""
        return place.side is not None and (self.nerve is None or place.side != self.nerve.side)

    def is_unknown_nerve(self, table: Table, row: int, place: Place) -> bool:
        """A heading of a nerve the program does not know: words, no site, and sites or values below or beside it."""
        apart = table.has("site") or any(self.grid.text(row, c) for c in table.columns("recording"))
        if (
            place.nerve is None
            and apart
            and any(is_no_nerve(self.grid.text(row, c), table.has("recording")) for c in table.columns("nerve"))
        ):
            return self.has_values(table, row)
        if place.nerve or not place.rest:
            return False
        if place.site in SITE_ORDER and self.has_values(table, row):
            return place.side is not None and not table.has("site")
        if place.site in SITE_ORDER:
            return place.side is not None and row + 1 < self.grid.height and self.has_values(table, row + 1)
        if self.has_values(table, row):
            late = table.kind in LATE and place.site is None  # whose rows are nerves, not sites
            return late or bool(place.study or place.side) or self.nerve is None or names_some_nerve(place)
        return row + 1 < self.grid.height and self.has_values(table, row + 1)

    def end_before_unknown(self, row: int) -> None:
        """The nerve above ends where the same headings stand once more below a title that names another, not understood."""
        above = next((t for r in range(row - 1, max(row - 5, -1), -1) if (t := [t for t in self.grid.row(r) if t])), [])
        place = read_place(above[0]) if above and len(set(above)) <= _OF_TITLE else Place()
        if place.nerve is None and place.rest and (place.side or place.study or names_some_nerve(place)):
            self.finish()
            self.nerve = Nerve(None, None, None, None, refused=True, line=self.grid.line(row - 1))
            message = f"{above[0]!r} names no nerve the program knows."
            self.sheet.report("unknown-nerve", message, self.grid.line(row - 1), None, above[0])

    def start(
        self, table: Table, place: Place, label: str, line: int, measured: bool = False, sited: bool = False
    ) -> None:  # fmt: skip
        """A nerve begins, unless the row only repeats the one that is open and names a site of it (`sited`). A place beside
        the name of a nerve that has no measurement of its own is where its sensory response was recorded."""
        before = self.nerve
        on_rows = table.has(*LABELS[:3])
        name, side = place.nerve, place.side or table.side
        if name is None and before is not None and not place.rest:
            name = before.nerve  # only the side is written anew
            place = replace(place, recording=place.recording or before.recording)
        if side is None and before is not None and (name == before.nerve or self.leads(table, "side")):
            side = before.side if table.has("side") else None
        if (
            before is not None
            and not before.refused
            and name == before.nerve
            and (side == before.side or (side is None and on_rows))
            and place.study in (None, before.kind)
            and place.recording in (None, before.recording)
            and (sited or (measured and place.rest and table.has("nerve_site")))
        ):
            return
        self.finish()
        above = self.pending if self.pending.several or self.pending.nerve in (None, name) else Place()
        top = heading_place(table, next(iter(table.label_columns()), -1))
        side = side or above.side or top.side
        as_above = before.said if before is not None and self.leads(table, "study") else None
        said = place.study or above.study or as_above
        kind = said or table.kind
        titled = above.recording or (above.site if kind in SENSORY_KINDS else table.recorded)
        recording = place.recording or titled
        nerve = Nerve(name or top.nerve, side, recording, kind, said, line=line)
        sensory = nerve.kind in SENSORY_KINDS or (kind is None and nerve.nerve in PURELY_SENSORY)
        if sensory and place.site and place.recording is None and not measured:
            nerve.recording = place.site
        if nerve.nerve is None:
            nerve.refused = True
            self.sheet.report("unknown-nerve", f"{label!r} names no nerve the program knows.", line, self.column, label)
        elif nerve.side is None and not table.sided:
            nerve.refused = True
            column = next((table.texts[c] for c in table.columns("side")), self.column)
            self.sheet.report("missing-side", f"{label!r} names no side.", line, column, label)
        elif nerve.recording is None and not table.has("recording") and (unknown := unsaid(place)):
            nerve.recording = self.unknown_recording(" ".join(unknown), line, self.column)
        self.nerve = nerve

    def leads(self, table: Table, role: str) -> bool:
        """Whether the column of sides or studies stands before that of the nerves, so that a blank cell means the one above."""
        first, nerve = (next(table.columns(*roles), None) for roles in ((role,), LABELS))
        return first is not None and nerve is not None and first < nerve

    def has_values(self, table: Table, row: int) -> bool:
        """Whether any measured cell of the row says something."""
        roles = MEASURING_ROLES | {"response"}
        labels = set(naming(self.grid, table, row).values())  # a merged label covers the measures beside it
        whole = self.whole(table)
        columns = {c for _, c, h in table.measured() if h.role in roles} | set(whole.meanings if whole else ())
        cells = (self.grid.raw(row, c) for c in columns if self.grid.text(row, c) not in labels)
        return any(read_cell(raw, self.grid.comma).state is not State.NOT_TESTED for raw in cells)

    # ------------------------------------------------------------ one row of measurements

    def measure(self, table: Table, row: int, place: Place, nerve: Nerve) -> None:
        line = self.grid.line(row)
        if (strange := self.unknown_kind(table, row, place)) is not None:
            heading, text = strange
            self.sheet.report("unknown-study", f"{text!r} is no kind of study the program knows.", line, heading, text)
            return
        whole = self.whole(table)
        if whole is not None and whole.of_several_kinds and place.study is None and nerve.said is None:
            self.measure_whole(table, row, nerve, place.recording, whole, ("motor", "sensory"))
            return
        kinds = {half.kind for half in table.halves}
        kind = self.kind(table, row, place, nerve) if kinds == {None} else next(iter(kinds - {None}))
        if kind is None:
            message = f"{label_of(self.grid, table, row)!r}: neither title nor heading says which kind of study."
            self.sheet.report("unknown-study", message, line)
            return
        if kind == "motor" and whole is not None:
            self.measure_whole(table, row, nerve, place.recording, whole)
            return
        segment = segment_of(self.grid, table, row)
        site, recording = self.sites(table, row, place, nerve, kind, segment)
        between = segment_of_row(self.grid, table, row, place) if kind == "motor" else None
        if between is not None:
            site, segment = between.proximal, between
        elif text := "" if table.across else self.unknown_site(table, row, place, kind, site):
            column = next(
                (table.texts[c] for c in table.columns("site") if self.grid.text(row, c) == text), self.column
            )
            self.say_unknown_site(row, column, text)
            return
        recording = recording or recording_of_segment(self.grid, table, row, site, kind)
        if recording is not None:
            nerve.recording = recording
        if kind == "sensory" and (site, recording) == ("palm", "wrist"):
            kind = "mixed"
        for half in table.halves:
            if half.site_column is not None:
                named = self.site_in(table, row, half.site_column)
                if named is None:
                    self.say_without_site(table, half, row)
                if not named:
                    continue
                half = replace(half, site=named)
            at = site_of_limb(half.site, nerve.nerve or "") if half.site else site
            if (half.site and at is None) or (at and not in_limb(at, nerve.nerve or "")):
                self.sites_elsewhere(table, half, row, nerve, half.site or at)
                continue
            self.measure_half(table, half, row, nerve, half.kind or kind, at, recording, segment)

    def whole(self, table: Table) -> WholeNerves | None:
        """What the headings say of sites, if the rows of the table are nerves and none names a site."""
        if table is not self._whole[0]:
            self._whole = table, whole_nerves(self.grid, table)
        return self._whole[1]

    def measure_whole(
        self, table: Table, row: int, nerve: Nerve, recording: str | None, whole: WholeNerves,
        kinds: tuple[str, ...] = ("motor",),
    ) -> None:  # fmt: skip
        """The cells of a row that is a nerve with all of its sites, and maybe of its motor and its sensory study."""
        line, recording = self.grid.line(row), recording or nerve.recording
        read: set[str | None] = set()
        ends = {end: self.site_in(table, row, column) for end, column in table.end_sites.items()}
        for half in table.halves:
            side = half.side or nerve.side
            if len(kinds) > 1 and side in read:
                continue  # another kind of study under headings of its own
            read.add(side)
            if side is None or self.repeats(table, (self.patient, "motor", nerve.nerve, side)):
                self.sheet.context.add(line)
                continue
            course = nerve.course(side, recording)
            self.late_columns(table, half, row, nerve, side, recording, USUAL_MOTOR_SITE.get(nerve.nerve or ""))
            one = kinds[0] if len(kinds) == 1 else None
            targets = dict(whole.targets(Given(nerve.nerve, side, one, recording)))
            targets |= self.of_usual_site(half, nerve.nerve, side, targets) if one else {}
            others: dict[str, Response] = {}
            for c, target in targets.items():
                place = target.place
                if place.kind not in kinds or table.header.sides.get(c, side) != side or not self.grid.text(row, c):
                    continue
                end = "distal" if place.site == USUAL_MOTOR_SITE.get(nerve.nerve or "") else "proximal"
                named = ends.get(end) if place.kind == "motor" else None
                if named == "":
                    continue
                site = named or place.site
                words = (place.kind, nerve.nerve, side, site, place.recording or recording)
                said = {k: v for k, v in zip(_PLACED, words, strict=True) if v}
                if place.kind == "motor":
                    response = course.proximal(site or "", partial(self.new, line, said))
                else:
                    response = others.get(place.kind) or others.setdefault(place.kind, self.new(line, said))
                heading = half.headings.get(c) or heading_of(target)
                self.cells.cell(table, half, row, c, heading, target.column, response)
                if named is None:
                    self.assume(target, line, table.texts[c])
            for response in (*course.open.values(), *others.values()):
                response.temperature = patient_block.temperature(self.patients[self.patient])
                self.cells.mark(table, half, row, response)

    def site_in(self, table: Table, row: int, column: int) -> str | None:
        """The site that one of several columns of sites names; None where it is blank, "" where the site is not known."""
        if not (text := self.grid.text(row, column)):
            return None
        site = site_code(text) or read_place(text).site
        if site is None:
            self.say_unknown_site(row, table.texts[column], text)
        return site or ""

    def say_unknown_site(self, row: int, column: str | None, text: str) -> None:
        message = f"{text!r} is no stimulation site the program knows."
        self.sheet.report("unknown-site", message, self.grid.line(row), column, text)

    def say_without_site(self, table: Table, half: Half, row: int) -> None:
        """Measures behind a column of sites that is blank."""
        column = next((c for c in half.headings if self.grid.text(row, c)), None)
        if column is not None:
            text = self.grid.text(row, column)
            message = f"{text!r} stands behind no site."
            self.sheet.report("row-not-understood", message, self.grid.line(row), table.texts[column], text)

    def of_usual_site(self, half: Half, nerve: str | None, side: str, known: dict[int, Target]) -> dict[int, Target]:
        """The columns whose headings only the rows understand: of the most distal site, or of the segment of the velocity."""
        between = next((t.place.site for t in known.values() if t.column in OF_SEGMENT), None)
        found = {}
        for c, heading in half.headings.items():
            name = column_of(heading, "motor") if c not in known else None
            site = between if name in OF_SEGMENT else USUAL_MOTOR_SITE.get(nerve or "")
            if (
                name is not None
                and site is not None
                and heading.role not in ("f_latency", "h_latency", "f_persistence")
            ):
                found[c] = Target(WholePlace("motor", nerve or "", side, site), name)
        return found

    def further_columns(self, table: Table, half: Half, row: int, own: Response) -> None:
        """Columns whose headings only make sense beside motor ones ("Distal amplitude"), in the row of a sensory nerve."""
        whole = self.whole(table)
        given = Given(own.text["nerve"], own.text.get("side"), own.text["study"])
        for c, target in whole.targets(given) if whole is not None else ():
            if target.place.kind != given.kind:
                continue
            if (
                c not in half.headings
                and table.header.sides.get(c, given.side) == given.side
                and self.grid.text(row, c)
            ):
                self.cells.cell(table, half, row, c, heading_of(target), target.column, own)

    def new(self, line: int, text: dict[str, str]) -> Response:
        response = Response(self.patient, line, text)
        self.sheet.responses.append(response)
        return response

    def assume(self, target: Target, line: int, column: str) -> None:
        """Say once for each column which site was supplied."""
        if target.assumed and column not in self._said:
            self._said.add(column)
            self.sheet.report("site-assumed", f"No site is named; {target.assumed} is assumed.", line, column)

    def measure_half(
        self, table: Table, half: Half, row: int, nerve: Nerve, kind: str, site: str | None, recording: str | None,
        segment: Segment | None,
    ) -> None:  # fmt: skip
        """The cells of one side of a row."""
        line, side = self.grid.line(row), half.side or nerve.side
        if self.repeats(table, (self.patient, kind, nerve.nerve, side)):
            self.sheet.context.add(line)
            return
        course = nerve.course(side, recording)

        def new(at: str | None) -> Response:
            text = {"study": kind, "nerve": nerve.nerve, "side": side, "stimulation": at, "recording": recording}
            response = Response(self.patient, line, {k: v for k, v in text.items() if v})
            self.sheet.responses.append(response)
            return response

        if kind == "motor":
            self.late_columns(table, half, row, nerve, side, recording, site)
        if table.across and half.site is None:
            self.without_site(table, half, row, kind)
            return
        names = {
            c: column_of(h, kind, kind in LATE and half.first(LATE[kind]) is not None) for c, h in half.headings.items()
        }
        filled = {name for c, name in names.items() if name and self.grid.text(row, c)}
        if filled and filled <= set(OF_SEGMENT) and site is not None and kind not in LATE:
            own = course.proximal(site, lambda: new(site))  # the row is a segment and nothing else
        else:
            own = course.own(site if kind == "motor" else None, line, lambda: new(site))
        of_segment = own
        if kind == "motor" and segment is not None and segment.proximal != site:
            of_segment = course.proximal(segment.proximal, lambda: new(segment.proximal))
        strange = strange_end(self.grid, table, row)
        for c, heading in half.headings.items():
            name = names[c]
            if name in OF_SEGMENT and strange:
                text = self.grid.text(row, c)
                if text:
                    message = f"{strange!r} is no stimulation site the program knows; of which segment this is measured is open."
                    self.sheet.report("unknown-site", message, line, table.texts[c], text)
                continue
            if name is not None:
                response = of_segment if name in OF_SEGMENT else own
                self.cells.cell(table, half, row, c, heading, name, response)
                self.last[1].append((c, heading, name, response))
        if kind == "motor" and segment is not None and segment.distal is not None:
            self.ends_of_segment(table, half, row, segment, course, new)
        if kind in SENSORY_KINDS:
            self.further_columns(table, half, row, own)
        self.cells.mark(table, half, row, own)
        own.temperature = patient_block.temperature(self.patients[self.patient])
        if kind in SENSORY_KINDS and half.first("latency") is not None and half.first("peak_latency") is None:
            self.unlabelled.append(own)

    def ends_of_segment(
        self, table: Table, half: Half, row: int, segment: Segment, course: Course,
        new: Callable[[str | None], Response],
    ) -> None:  # fmt: skip
        """Columns of the distal and of the proximal end, in a row that is a segment: "CMAP distal", "CMAP proximal"."""
        if table.ends is None:
            table.ends = ended_columns(table)
        for c, (end, heading) in table.ends.items():
            name, site = column_of(heading, "motor"), segment.distal if end == "distal" else segment.proximal
            if name is None or site is None or not self.grid.text(row, c):
                continue
            response = course.proximal(site, partial(new, site))
            self.cells.cell(table, half, row, c, heading, name, response)
            if response not in course.rows:
                course.own(site, self.grid.line(row), partial(new, site))

    def repeats(self, table: Table, key: tuple[int, str, str | None, str | None]) -> bool:
        """Whether a comparison of the sides repeats a nerve that a table of its own has given already."""
        if not table.sided:
            self.given.add(key)
        elif key in self.given and "repeated" not in table.said:
            table.said.add("repeated")
            message = "The comparison of the sides repeats nerves read above; the values there are used."
            self.sheet.report("table-ignored", message, self.grid.line(table.header.row))
        return table.sided and key in self.given

    def late_columns(
        self, table: Table, half: Half, row: int, nerve: Nerve, side: str | None, recording: str | None,
        site: str | None,
    ) -> None:  # fmt: skip
        """F waves and H reflexes in columns of a motor table; a merged cell says the same beside every site of the nerve."""
        for kind in LATE:
            columns = {c: h for c, h in half.headings.items() if h.role in _LATE_ROLES[kind]}
            texts = tuple(self.grid.text(row, c) for c in columns)
            if not any(texts) or nerve.late.get((kind, side)) == texts:
                continue
            nerve.late[kind, side] = texts
            text = {"study": kind, "nerve": nerve.nerve, "side": side, "recording": recording, "stimulation": site}
            response = Response(self.patient, self.grid.line(row), {k: v for k, v in text.items() if v})
            self.sheet.responses.append(response)
            for c, heading in columns.items():
                name = column_of(heading, kind, own_late=True)
                if name is not None:
                    self.cells.cell(table, half, row, c, heading, name, response)

    def sites_elsewhere(self, table: Table, half: Half, row: int, nerve: Nerve, site: str | None) -> None:
        """Nothing is read of a nerve at a site of the other limb."""
        filled = [c for c in half.headings if self.grid.text(row, c)]
        if filled:
            message = f"{(site or '').replace('_', ' ')} is no site of the {nerve.nerve} nerve."
            self.sheet.report("unknown-site", message, self.grid.line(row), table.texts[filled[0]])

    def without_site(self, table: Table, half: Half, row: int, kind: str) -> None:
        """Measured columns that stand under no site where the others do."""
        for c, heading in half.headings.items():
            if column_of(heading, kind) is not None and (text := self.grid.text(row, c)):
                message = f"The column {table.texts[c]!r} stands under no stimulation site; it is not used."
                self.sheet.report("unknown-site", message, self.grid.line(row), table.texts[c], text)

    def unknown_kind(self, table: Table, row: int, place: Place) -> tuple[str, str] | None:
        """The heading and text of a cell that should name the kind of study and does not, in a column that names it in
        other rows."""
        for c in table.columns("study"):
            text = self.grid.text(row, c)
            if text and place.study is None and self.names_kinds(table, c):
                return table.texts[c], text
        return None

    def names_kinds(self, table: Table, column: int) -> bool:
        if column not in table.kinds:
            below = range(table.header.first, min(self.grid.height, table.header.first + _LOOKED_AT))
            table.kinds[column] = any(study_of(t) for r in below if (t := self.grid.text(r, column)))
        return table.kinds[column]

    def kind(self, table: Table, row: int, place: Place, nerve: Nerve) -> str | None:
        """Which kind of study a row is: as written, or what it can only be."""
        kind = place.study or nerve.kind
        muscle = (place.recording or nerve.recording) in MUSCLES
        if kind in SENSORY_KINDS and muscle and place.study is None and nerve.said is None:
            kind = None  # what the headings seemed to say of the whole table
        if (place.study or nerve.said) == "motor" and nerve.nerve in PURELY_SENSORY:
            return None
        known = kind_of(Place(nerve.nerve, study=kind, recording=place.recording or nerve.recording))
        if known is not None:
            return known
        filled = {h.role for _, c, h in table.measured() if self.grid.text(row, c)}
        if ("cmap" in filled) != ("snap" in filled):
            return "motor" if "cmap" in filled else "sensory"
        units = {
            unit
            for _, c, h in table.measured()
            if h.role == "amplitude" and (unit := read_cell(self.grid.raw(row, c), self.grid.comma).unit)
        }
        units |= {unit for half in table.halves if (unit := self.cells.unit_beside(half, row))}
        return {"mV": "motor", "uV": "sensory"}.get(units.pop()) if len(units) == 1 else None

    # ------------------------------------------------------------ sites

    def sites(
        self, table: Table, row: int, place: Place, nerve: Nerve, kind: str, segment: Segment | None
    ) -> tuple[str | None, str | None]:
        """Stimulation and recording site of a row."""
        site, recording = place.site, place.recording or nerve.recording
        if kind in SENSORY_KINDS:
            if place.site and place.site == nerve.recording and place.second:
                return place.second, place.site
            if not place.nerve and place.recording is None and site and site == nerve.recording and site in SITE_ORDER:
                recording = None
            first, second = pair(self.grid, table, row)
            if first and second:
                return first, second if recording in (None, second) else recording
            ends = next((e for c in table.columns("segment") if (e := segment_ends(self.grid.text(row, c)))), None)
            if ends is not None and site is None and recording in ends:
                return next((end for end in ends if end != recording), None), recording
            if ends is not None and site is None:
                both = along(Place(site=ends[0], second=ends[1]), table.direction)
                return both.site, recording or both.second or both.recording
            if place.nerve and site == nerve.recording and place.recording is None:
                site = None
            if recording is None and site and place.second:
                recording = place.second
            if site is None and table.stimulated and in_limb(table.stimulated, nerve.nerve or ""):
                site = table.stimulated
            return site, recording
        if kind in LATE and site is None and table.stimulated and in_limb(table.stimulated, nerve.nerve or ""):
            return table.stimulated, recording
        if kind == "motor" and site is None and segment is not None and not table.across and self.to_recording(table):
            return segment.proximal, recording
        if kind == "motor" and site is None and place.nerve and not place.rest and not table.across:
            site = segment.distal if segment else None
            if site is None and not site_text(self.grid, table, row):
                site = USUAL_MOTOR_SITE.get(nerve.nerve or "")
                line = self.grid.line(row)
                self.sheet.report("site-assumed", f"No stimulation site is named; {site} is assumed.", line)
        return site, recording

    def to_recording(self, table: Table) -> bool:
        """Whether the segments stand for the stimulation sites: one of them runs from a site to the recording ("Wrist-APB"),
        or is a site alone; latency and amplitude then belong to the proximal end of each."""
        if table.from_recording is None:
            last = min(self.grid.height, table.header.first + (0 if table.has("site") else _LOOKED_AT))
            below = takewhile(lambda r: any(self.grid.row(r)), range(table.header.first, last))
            found = {segment_of(self.grid, table, row) for row in below}
            table.from_recording = any(s is not None and s.distal is None and s.proximal in SITE_ORDER for s in found)
        return table.from_recording

    def unknown_site(self, table: Table, row: int, place: Place, kind: str, site: str | None) -> str:
        """The words that should name a stimulation site and are not, or not wholly, known; "" where nothing is amiss."""
        text = site_text(self.grid, table, row)
        if place.site is not None:
            return (text or label_of(self.grid, table, row)) if place.rest else ""
        if site is not None:
            return ""
        if kind == "motor":
            return text or (label_of(self.grid, table, row) if place.rest else "")
        if DISTANCE.fullmatch(text):
            return ""
        recorded = place.recording is not None or lexicon("study")(text) is not None
        return text if kind in SENSORY_KINDS and not recorded else ""

    # ------------------------------------------------------------ the end of a nerve, of a table

    def finish(self) -> None:
        """Settle where the velocities of the nerve belong."""
        nerves = [nerve for nerve in (self.nerve, *self.above.values()) if nerve is not None]
        self.nerve, self.above = None, {}
        for course in (course for nerve in nerves for course in nerve.courses.values()):
            motor = [r for r in course.rows if r.text["study"] == "motor"]
            left = replace(course, rows=motor).settle_velocities()
            if left is not None:
                message = f"The velocity {left[0]:g} stands on the most distal site; of which segment is not said."
                self.sheet.report("row-not-understood", message, left[1])

    def finish_table(self, table: Table) -> None:
        """Say that a sensory latency was taken for the onset, unless distance over velocity proves it."""
        self.finish()
        found, self.unlabelled = self.unlabelled, []
        column = next((c for h in table.halves if (c := h.first("latency")) is not None), None)
        if column is None or says_onset(table.texts[column]):
            return
        needed = ("latency_ms", "distance_mm", "velocity_m_per_s")
        whole = [[r.values[n][0] for n in needed] for r in found if all(n in r.values for n in needed)]
        proven = [
            math.isclose(distance / latency, speed, rel_tol=0.06) for latency, distance, speed in whole if latency
        ]
        if any("latency_ms" in r.values for r in found) and not (proven and all(proven)):
            message = "The heading does not say whether the latency is that of the onset or the peak; onset is assumed."
            self.sheet.report("latency-kind-assumed", message, self.grid.line(table.header.row), table.texts[column])


def side_in(text: str) -> str | None:
    """The side that a cell of a column of sides names."""
    return side_of(text) or read_place(text).side


def is_no_nerve(text: str, apart: bool) -> bool:
    """Whether words that should name a nerve name none: neither nerve nor side or kind of study, nor a sign for "as above".
    `apart`: sites and muscles have columns of their own."""
    place = read_place(text)
    if place.nerve is not None or lexicon("summary_row")(text) is not None:
        return False
    strange = any(w not in _AS_ABOVE and any(c.isalpha() for c in w) for w in place.rest)
    if not strange and (place.side or place.study):
        return False
    return strange or is_error(text) or bool(apart and (place.site or place.recording))


_OF_TITLE: Final = 2
"""Different texts in a row that may be the title of a nerve."""


def unsaid(place: Place) -> tuple[str, ...]:
    """The words beside a nerve that should name its muscle and are not understood; "(antidromic)" is no muscle."""
    words = place.inner or (() if place.site else place.rest)
    return () if direction(" ".join(words)) else words


def names_some_nerve(place: Place) -> bool:
    """Whether words that were not understood hold the name of a nerve or the word "nerve"."""
    return any(w in _NERVE_WORDS or lexicon("nerves")(w) for w in place.rest)


_NERVE_WORDS: Final = ("nerve", "nerv", "nervus", "nerf", "nervio", "nervo", "nn", "神经", "神經", "神経", "신경")
_AS_ABOVE: Final = ("idem", "id", "same", "ditto", "dto", "do", "as above", "above", "gleich", "ibid", "同上", "上同")


def study_of(text: str) -> str | None:
    """The kind of study that a cell of a column of studies names."""
    found = lexicon("study")(text) or read_place(text).study or _KIND_LETTERS.get(text.strip(". ").casefold())
    if found is None and (heading := read_heading(text)) is not None:
        return kind_of(Place(), heading)
    return found


_KIND_LETTERS: Final = {"m": "motor", "s": "sensory", "f": "f_wave", "h": "h_reflex"}


def says_onset(heading: str) -> bool:
    """Whether a heading of latencies says that the onset is meant."""
    return lexicon("onset").find(unglue(normalise(heading).split(), "onset", "heading")) is not None


def _of_both_sides(
    first: list[tuple[int, Heading, str, Response]], second: list[tuple[int, Heading, str, Response]]
) -> bool:
    """Whether two rows hold the same measures of one nerve and site, on either side."""
    a, b = ([r.text for _, _, _, r in cells[:1]] for cells in (first, second))
    keys = ("study", "nerve", "recording", "stimulation")
    return bool(a and b) and a[0].get("side") != b[0].get("side") and all(a[0].get(k) == b[0].get(k) for k in keys)


def names_limits(label: str) -> bool:
    """Whether a row is called nothing but limits: "Ref.", "Normal values"."""
    heading = read_heading(label) if label and len(label) < 60 else None
    return heading is not None and heading.role == "norm"


def is_summary(label: str) -> bool:
    """Whether a row holds means, limits or percentages instead of a measurement."""
    words = normalise(label).split()
    if lexicon("summary_row")(label) or _COMPARISON & set(unglue(words, "comparison", "places")):
        return True
    if "ULN" not in label and read_place(label).nerve == "ulnar":
        return False  # "Uln" is the nerve, "ULN" the upper limit of normal
    heading = read_heading(label) if label and len(label) < 60 else None
    return heading is not None and (heading.limit or heading.role in ("norm", "rel_amplitude"))
