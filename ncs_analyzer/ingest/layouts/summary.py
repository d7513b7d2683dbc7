"""Summary tables (families A and B): one table per kind of study, nerves on rows of their own or on their first row.

Every row of a table is a nerve, a stimulation site of the nerve above it, or both. Velocity and distance belong to the
segment that the row names (Site1/Site2, "W-E"), otherwise to the row's own site. Nothing is taken from a row whose
cells have slid out of their columns.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Final

from ncs_analyzer.ingest import patient_block
from ncs_analyzer.ingest.cells import Cell, State, as_text, read_cell, read_limit
from ncs_analyzer.ingest.draft import Response, Sheet, put
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import MEASURING_ROLES, Heading, read_heading
from ncs_analyzer.ingest.patient_block import Patient
from ncs_analyzer.ingest.places import Place, read_place
from ncs_analyzer.readings import LIMITS
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER, USUAL_MOTOR_SITE
from ncs_analyzer.vocabulary.match import lexicon, normalise
from ncs_analyzer.vocabulary.units import unit as known_unit

NAME: Final = "summary"

_LABELS: Final = ("nerve", "nerve_site", "site")
_SENSORY_KINDS: Final = ("sensory", "mixed")
_SKIPPED_ROWS: Final = frozenset(
    ("mean", "average", "avg", "sd", "mittelwert", "media", "moyenne", "total", "normal", "norm", "reference", "ref",
     "normal values", "limits", "min", "max", "median value", "n")
)  # fmt: skip


@dataclass
class _Table:
    """The columns of one table: role and unit of each; `kind` as the title says it."""

    top: int
    kind: str | None
    side: str | None
    headings: dict[int, Heading]
    texts: dict[int, str]
    limits: dict[int, int] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def columns(self, *roles: str) -> Iterator[int]:
        return (c for c, h in self.headings.items() if h.role in roles and not h.limit)

    def first(self, *roles: str) -> int | None:
        return next(self.columns(*roles), None)


@dataclass
class _Nerve:
    """The nerve that the rows below belong to."""

    line: int
    nerve: str | None = None
    side: str | None = None
    recording: str | None = None
    kind: str | None = None
    refused: bool = False
    rows: list[Response] = field(default_factory=list)
    segments: dict[str, Response] = field(default_factory=dict)


def _header(grid: Grid, row: int) -> dict[int, Heading] | None:
    """The headings of a row that is the top of a table of measurements."""
    texts = grid.row(row)
    filled = [c for c, text in enumerate(texts) if text]
    if len(filled) < 2:
        return None
    found = {c: h for c in filled if (h := read_heading(texts[c])) is not None}
    measured = sum(h.role in MEASURING_ROLES for h in found.values())
    if measured < 2 and not (measured == 1 and any(h.role in _LABELS for h in found.values())):
        return None
    if 2 * len(found) < len(filled) or any(re.fullmatch(r"[<>≤≥]?\s*\d+(?:[.,]\d+)?", texts[c]) for c in filled):
        return None
    return found


def fit(grid: Grid) -> float:
    """How well the rows below the headings read as nerves and sites."""
    best = 0.0
    for row in range(min(grid.height, 400)):
        headings = _header(grid, row)
        if headings is None:
            continue
        label = _label_column(headings)
        below = range(row + 1, min(grid.height, row + 12))
        named = sum(1 for r in below if _names_place(grid.text(r, label)))
        if named:
            best = max(best, 0.4 + 0.05 * min(named, 8))
        if best >= 0.75:
            break
    return best


def _label_column(headings: dict[int, Heading]) -> int:
    labels = [c for c, h in headings.items() if h.role in _LABELS]
    return min(labels) if labels else 0


def _names_place(text: str) -> bool:
    place = read_place(text) if text and len(text) < 120 else Place()
    return place.nerve is not None or (place.site is not None and not place.rest)


def read(grid: Grid, fitted: float) -> Sheet:
    """All tables and patients of the sheet."""
    sheet = Sheet(grid, NAME, fitted)
    _Reader(sheet).read()
    return sheet


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.grid = sheet, sheet.grid
        self.patients = [Patient()]
        self.table: _Table | None = None
        self.nerve: _Nerve | None = None
        named = read_place(self.grid.sheet or "")
        self.kind = named.study if named.nerve is None else None
        self.side: str | None = None
        self.lines: list[int] = []
        self.outside: list[int] = []

    def read(self) -> None:
        row = 0
        while row < self.grid.height:
            row = self.step(row)
        self.finish_nerve()
        self.sheet.lines = self.lines
        if self.outside:
            message = f"{len(self.outside)} rows with numbers stand outside the tables that were recognised; they were not read."
            self.sheet.report("table-ignored", message, self.outside[0])
        self.sheet.studies = patient_block.facts(self.patients, self.sheet)
        self.sheet.responses = [
            r for r in self.sheet.responses if r.values or r.mark or r.unreadable or "response" in r.text
        ]

    def step(self, row: int) -> int:
        """Take up one row; returns the next."""
        texts = [t for t in self.grid.row(row) if t]
        if not texts:
            return row + 1
        headings = _header(self.grid, row)
        if headings is not None:
            return self.open_table(row, headings)
        if self.table is None or not self.is_data(row):
            if patient_block.is_block_row(self.grid, row):
                self.finish_nerve()
                self.table = None
                patient_block.add_row(self.patients, self.grid, row)
                return row + 1
            if self.is_title(row, texts):
                return row + 1
        if self.table is not None:
            self.data(row)
        elif sum(read_cell(t, self.grid.comma).state is State.VALUE for t in texts) >= 2:
            self.outside.append(self.grid.line(row))
        return row + 1

    # ------------------------------------------------------------ headings

    def open_table(self, row: int, headings: dict[int, Heading]) -> int:
        self.finish_nerve()
        texts = {c: t for c, t in enumerate(self.grid.row(row)) if t}
        following = row + 1
        units = self.units_row(following)
        if units:
            headings = {
                c: replace(h, unit=units[c][0], factor=units[c][1]) if c in units and h.unit is None else h
                for c, h in headings.items()
            }
            following += 1
        table = _Table(row, self.kind, self.side, headings, texts)
        self.settle_kind(table)
        self.settle_limits(table)
        self.settle_units(table, following)
        self.table = table
        for c, text in texts.items():
            heading = headings.get(c)
            use = "ignored" if heading is None else "limit" if heading.limit else "used"
            became = heading.role if heading else "not used"
            column = Column(text, letter(c), f"{became} ({heading.unit})" if heading and heading.unit else became, use)  # type: ignore[arg-type]
            if column not in self.sheet.columns:
                self.sheet.columns.append(column)
        return following

    def units_row(self, row: int) -> dict[int, tuple[str, float]]:
        """Units in a second row of headings."""
        if row >= self.grid.height:
            return {}
        texts = {c: t for c, t in enumerate(self.grid.row(row)) if t}
        units = {c: u for c, t in texts.items() if (u := known_unit(t)) is not None}
        return units if len(units) >= 2 and len(units) == len(texts) else {}

    def settle_kind(self, table: _Table) -> None:
        """The kind of study of a table: its title; else what its headings can only be."""
        roles = {h.role for h in table.headings.values()}
        units = {h.unit for h in table.headings.values() if h.role in ("amplitude", "cmap", "snap") and not h.limit}
        if "f_latency" in roles and "latency" not in roles:
            table.kind = "f_wave"
        elif "h_latency" in roles and "latency" not in roles:
            table.kind = "h_reflex"
        elif table.kind is None:
            if "cmap" in roles or units == {"mV"}:
                table.kind = "motor"
            elif "snap" in roles or units == {"uV"} or ("peak_latency" in roles and "mV" not in units):
                table.kind = "sensory"

    def settle_limits(self, table: _Table) -> None:
        """Which column each column of limits belongs to: by its name, else the measured column before it."""
        measured = [c for c, h in table.headings.items() if h.role in MEASURING_ROLES and not h.limit]
        for c, heading in table.headings.items():
            if not heading.limit:
                continue
            if heading.role == "norm":
                before = [m for m in measured if m < c]
                if before:
                    table.limits[max(before)] = c
                continue
            same = [m for m in measured if table.headings[m].role == heading.role] or [m for m in measured if m < c][
                -1:
            ]
            if same:
                table.limits[min(same, key=lambda m: abs(m - c))] = c

    def settle_units(self, table: _Table, start: int) -> None:
        """A distance without a unit: cm or mm, as velocity and latencies prove, else by its size, and said."""
        for c in list(table.columns("distance")):
            if table.headings[c].unit is not None:
                continue
            values = [
                v
                for r in range(start, min(self.grid.height, start + 60))
                if math.isfinite(v := read_cell(self.grid.raw(r, c), self.grid.comma).number)
            ]
            if not values:
                continue
            factor = 10.0 if median(values) < 60 else 1.0
            table.headings[c] = replace(table.headings[c], unit="mm", factor=factor)
            unit = "cm" if factor == 10.0 else "mm"
            self.sheet.report(
                "unit-assumed",
                f"The distances have no unit; {unit} is assumed.",
                self.grid.line(table.top),
                table.texts[c],
            )

    # ------------------------------------------------------------ titles

    def is_title(self, row: int, texts: list[str]) -> bool:
        """A row that names the kind of study of what follows; or, after a blank row, a heading of something else."""
        distinct = list(dict.fromkeys(texts))
        if len(distinct) > 2 or len(distinct[0]) > 80:
            return False
        place = read_place(distinct[0])
        if place.nerve is not None or place.site is not None or (place.side is not None and place.rest):
            return False
        after_blank = row == 0 or not any(self.grid.row(row - 1))
        if place.study is None and not (after_blank and len(distinct) == 1 and self.table is not None):
            return False
        self.finish_nerve()
        self.kind, self.side, self.table = place.study, place.side, None
        return True

    def is_data(self, row: int) -> bool:
        """Whether a row of an open table starts with a nerve or site, or holds measurements."""
        assert self.table is not None
        label = _label_column(self.table.headings)
        if _names_place(self.grid.text(row, label)):
            return True
        cells = [
            read_cell(self.grid.raw(row, c), self.grid.comma)
            for c in self.table.headings
            if self.table.headings[c].role in MEASURING_ROLES
        ]
        return sum(cell.state in (State.VALUE, State.NO_RESPONSE) for cell in cells) >= 2

    # ------------------------------------------------------------ data

    def data(self, row: int) -> None:
        table, line = self.table, self.grid.line(row)
        assert table is not None
        self.lines.append(line)
        label = self.label(row)
        if normalise(label) in _SKIPPED_ROWS:
            self.sheet.report("table-ignored", f"The row {label!r} holds no single measurement.", line)
            return
        place = self.place(row)
        if place.nerve or (place.side and self.nerve is None) or self.starts_unknown_nerve(row, place):
            self.start_nerve(row, place, label)
        nerve = self.nerve
        if nerve is None:
            if self.has_values(row):
                self.sheet.report(
                    "row-not-understood", f"{label!r} names no nerve and none stands above it.", line, None, label
                )
            else:
                self.sheet.context.add(line)
            return
        if not self.has_values(row):
            self.sheet.context.add(line)
            return
        if nerve.refused:
            self.sheet.report(
                "row-not-understood", f"{label!r} belongs to a nerve that could not be read.", line, None, label
            )
            return
        slid = self.slid(row)
        if slid:
            self.sheet.report(
                "shifted-columns", f"The cells of this row have slid out of their columns ({slid}).", line, None, label
            )
            return
        self.patients[-1].rows += 1
        self.measure(row, place, nerve)

    def label(self, row: int) -> str:
        assert self.table is not None
        texts = (self.grid.text(row, c) for c in self.table.columns(*_LABELS))
        return next((t for t in texts if t), self.grid.text(row, _label_column(self.table.headings)))

    def place(self, row: int) -> Place:
        """What the label columns of a row say together."""
        assert self.table is not None
        found = Place()
        own = list(self.table.columns(*_LABELS)) or [_label_column(self.table.headings)]
        for c in own:
            text = self.grid.text(row, c)
            if text:
                place = read_place(text)
                only_site = (
                    self.table.headings.get(c) is not None and self.table.headings[c].role == "site" and len(own) > 1
                )
                found = Place(
                    found.nerve or (None if only_site and place.site else place.nerve),
                    found.side or place.side,
                    found.study or place.study,
                    found.recording or place.recording,
                    found.site or place.site,
                    (*found.rest, *place.rest),
                )
        for role in ("side", "recording", "study"):
            at = self.table.first(role)
            text = self.grid.text(row, at) if at is not None else ""
            if text:
                value = lexicon({"side": "side", "recording": "places", "study": "study"}[role])(text)
                if role == "recording" and value is None:
                    value = read_place(text).site or normalise(text).replace(" ", "_")
                if value:
                    found = Place(**{**asdict(found), role: value})
        return found

    def starts_unknown_nerve(self, row: int, place: Place) -> bool:
        """A heading of a nerve the program does not know: words, no site, nothing measured or a kind of study named."""
        if place.nerve or place.site or not place.rest:
            return False
        return not self.has_values(row) or place.study is not None or place.side is not None

    def start_nerve(self, row: int, place: Place, label: str) -> None:
        assert self.table is not None
        line = self.grid.line(row)
        before = self.nerve
        if (
            before
            and place.nerve == before.nerve
            and place.side in (None, before.side)
            and self.table.first("nerve", "nerve_site") is not None
            and place.site
        ):
            return  # the nerve is repeated on every row
        if (
            before
            and place.nerve == before.nerve
            and place.side == before.side
            and place.study in (None, before.kind)
            and place.site
            and place.recording in (None, before.recording)
        ):
            return
        self.finish_nerve()
        above = before.side if before and self.table.first("side") is not None else None
        side = place.side or self.table.side or above
        nerve = _Nerve(line, place.nerve, side, place.recording, place.study or self.table.kind)
        if nerve.kind in _SENSORY_KINDS and place.site and place.recording is None and place.site not in SITE_ORDER:
            nerve.recording = place.site
        if nerve.nerve is None:
            nerve.refused = True
            self.sheet.report("unknown-nerve", f"{label!r} names no nerve the program knows.", line, None, label)
        elif nerve.side is None:
            nerve.refused = True
            self.sheet.report("missing-side", f"{label!r} names no side.", line, None, label)
        self.nerve = nerve

    def has_values(self, row: int) -> bool:
        """Whether any measured cell of the row says something."""
        assert self.table is not None
        measured = (
            c
            for c in self.table.headings
            if self.table.headings[c].role in MEASURING_ROLES | {"response"} and not self.table.headings[c].limit
        )
        return any(read_cell(self.grid.raw(row, c), self.grid.comma).state is not State.NOT_TESTED for c in measured)

    def slid(self, row: int) -> str:
        """Signs that the cells stand under the wrong headings, in words."""
        assert self.table is not None
        signs = []
        for c, heading in self.table.headings.items():
            text = self.grid.text(row, c)
            if not text:
                continue
            numeric = heading.role in MEASURING_ROLES
            if (
                heading.role == "response"
                and read_cell(text, self.grid.comma).state is State.VALUE
                and text not in ("0", "1")
            ) or (heading.role in ("site_1", "site_2") and re.fullmatch(r"[<>]?\d+(?:[.,]\d+)?", text)):
                signs.append(f"the number {text} under {self.table.texts[c]!r}")
            elif numeric and lexicon("places")(text) and read_cell(text, self.grid.comma).state is State.UNREADABLE:
                signs.append(f"the site {text!r} under {self.table.texts[c]!r}")
            elif (
                numeric
                and not heading.limit
                and re.match(r"[<>≤≥]", text)
                and c + 1 in self.table.headings
                and self.table.headings[c + 1].limit
            ):
                signs.append(f"the limit {text!r} under {self.table.texts[c]!r}")
            elif heading.limit and numeric and re.match(r"[<>≤≥]", text):
                upper = _is_upper(heading.role)
                if upper is not None and read_limit(text, upper, self.grid.comma).state is State.UNREADABLE:
                    signs.append(f"the limit {text!r} under {self.table.texts[c]!r}")
        return ", ".join(signs)

    # ------------------------------------------------------------ one row of measurements

    def measure(self, row: int, place: Place, nerve: _Nerve) -> None:
        table, line = self.table, self.grid.line(row)
        assert table is not None
        kind = place.study or nerve.kind
        if kind is None:
            self.sheet.report(
                "unknown-study", f"{self.label(row)!r}: neither title nor heading says which kind of study.", line
            )
            return
        distal, proximal = self.segment(row)
        site, recording = self.sites(row, place, nerve, kind, distal)
        if kind == "motor" and site is None and (place.rest or self.site_text(row)):
            text = self.site_text(row) or self.label(row)
            self.sheet.report("unknown-site", f"{text!r} is no stimulation site the program knows.", line, None, text)
            return
        own = self.response(nerve, kind, line, site, recording)
        of_segment = own
        if kind == "motor" and proximal is not None and proximal != site:
            of_segment = self.segment_response(nerve, kind, line, proximal, recording)
        for c, heading in table.headings.items():
            name = None if heading.limit else self.column(heading, kind, table)
            if name is not None:
                target = of_segment if name in ("velocity_m_per_s", "distance_mm") else own
                self.cell(row, c, heading, name, target, table, kind)
        self.mark(row, own)
        own.temperature = (
            patient_block.temperature(self.patients[-1]) if math.isnan(own.temperature) else own.temperature
        )

    def sites(
        self, row: int, place: Place, nerve: _Nerve, kind: str, distal: str | None
    ) -> tuple[str | None, str | None]:
        """Stimulation and recording site of a row."""
        site, recording = place.site, place.recording or nerve.recording
        if place.nerve and place.site and place.site == nerve.recording:
            site = None
        if kind == "motor":
            if site is None and place.nerve:
                site = distal
                if site is None and not place.rest and not self.site_text(row):
                    site = USUAL_MOTOR_SITE.get(nerve.nerve or "")
                    self.sheet.report(
                        "site-assumed", f"No stimulation site is named; {site} is assumed.", self.grid.line(row)
                    )
            return site, recording
        if kind in _SENSORY_KINDS:
            first, second = self.pair(row)
            if first and second:
                return first, second if recording in (None, second) else recording
        return site, recording

    def site_text(self, row: int) -> str:
        assert self.table is not None
        c = self.table.first("site")
        text = self.grid.text(row, c) if c is not None else ""
        return text if text and read_place(text).nerve is None else ""

    def pair(self, row: int) -> tuple[str | None, str | None]:
        """Site1 and Site2 as written."""
        assert self.table is not None
        found = []
        for role in ("site_1", "site_2"):
            c = self.table.first(role)
            text = self.grid.text(row, c) if c is not None else ""
            found.append((lexicon("places")(text) or read_place(text).site) if text else None)
        return found[0], found[1]

    def segment(self, row: int) -> tuple[str | None, str | None]:
        """The distal and the proximal end of the segment a row names."""
        assert self.table is not None
        first, second = self.pair(row)
        c = self.table.first("segment")
        if first is None and c is not None:
            parts = re.split(r"\s*[-–—>/→]\s*", self.grid.text(row, c))
            ends = [lexicon("places")(p) for p in parts if p]
            if len(ends) == 2:
                first, second = ends[0], ends[1]
        if first in SITE_ORDER and second in SITE_ORDER:
            lower, upper = sorted((first, second), key=lambda s: SITE_ORDER[s or ""])
            return lower, upper
        return None, None

    def response(self, nerve: _Nerve, kind: str, line: int, site: str | None, recording: str | None) -> Response:
        """The response of this row; a segment row above may have opened it already."""
        known = nerve.segments.pop(site, None) if kind == "motor" and site else None
        if known is not None:
            known.line = line
            if recording:
                known.text["recording"] = recording
            nerve.rows.append(known)
            return known
        response = self.new(nerve, kind, line, site, recording)
        nerve.rows.append(response)
        return response

    def segment_response(self, nerve: _Nerve, kind: str, line: int, site: str, recording: str | None) -> Response:
        """The response of a segment's proximal end, named before its own row or after it."""
        for response in nerve.rows:
            if response.text.get("stimulation") == site:
                return response
        if site not in nerve.segments:
            nerve.segments[site] = self.new(nerve, kind, line, site, recording)
        return nerve.segments[site]

    def new(self, nerve: _Nerve, kind: str, line: int, site: str | None, recording: str | None) -> Response:
        text = {"study": kind, "nerve": nerve.nerve, "side": nerve.side, "stimulation": site, "recording": recording}
        response = Response(len(self.patients) - 1, line, {k: v for k, v in text.items() if v})
        self.sheet.responses.append(response)
        return response

    def column(self, heading: Heading, kind: str, table: _Table) -> str | None:
        """The readings' column of a heading, for this kind of study."""
        role = heading.role
        if kind == "f_wave":
            if role == "f_latency" or (role == "latency" and table.first("f_latency") is None):
                return "latency_ms"
            return "persistence_pct" if role == "f_persistence" else None
        if kind == "h_reflex":
            return (
                "latency_ms"
                if role == "h_latency" or (role == "latency" and table.first("h_latency") is None)
                else None
            )
        if role in ("amplitude", "cmap", "snap"):
            return "amplitude_mv" if kind == "motor" else "amplitude_uv"
        return {
            "latency": "latency_ms",
            "distal_latency": "latency_ms",
            "peak_latency": "peak_latency_ms" if kind in _SENSORY_KINDS else None,
            "area": "area_mvms" if kind == "motor" else None,
            "duration": "duration_ms",
            "distance": "distance_mm",
            "velocity": "velocity_m_per_s",
        }.get(role)

    def cell(self, row: int, c: int, heading: Heading, name: str, response: Response, table: _Table, kind: str) -> None:
        line, raw, text = self.grid.line(row), self.grid.raw(row, c), table.texts[c]
        cell = read_cell(raw, self.grid.comma)
        if cell.problem is not None:
            self.sheet.report_cell(cell, line, text, as_text(raw), name)
        if cell.state is State.NO_RESPONSE and name not in ("velocity_m_per_s", "distance_mm"):
            response.text["response"] = "absent"
            response.mark = response.mark or (line, self.sheet.label(c, text))
        if cell.state is State.VALUE:
            cell = self.scaled(cell, heading, name, line, text)
        if name not in response.values:
            put(response, name, cell, line, self.sheet.label(c, text))
        if heading.convention and name.startswith("amplitude"):
            response.text["amplitude_convention"] = heading.convention
        limit_column = table.limits.get(c)
        limit = self.limit_name(name)
        if limit_column is not None and limit is not None:
            printed = read_limit(self.grid.raw(row, limit_column), limit.endswith("upper_limit"), self.grid.comma)
            where = table.texts.get(limit_column, letter(limit_column))
            if printed.state is State.VALUE:
                response.limits[limit] = printed.number * (
                    heading.factor if name != "amplitude_uv" or heading.unit != "mV" else 1.0
                )
            elif printed.problem in ("unreadable-limit", "error-cell", "formula-not-calculated"):
                self.sheet.report_cell(printed, line, where, self.grid.text(row, limit_column), f"limit of {name}")
        assert kind

    def scaled(self, cell: Cell, heading: Heading, name: str, line: int, text: str) -> Cell:
        """The number in the unit of the readings. A SNAP under mV is µV, said; or, if it could be mV, refused."""
        if cell.unit is not None:
            return cell
        if name == "amplitude_uv" and heading.unit == "mV":
            if cell.number >= 1:
                self.sheet.report(
                    "amplitude-unit-taken",
                    f"A sensory amplitude of {cell.number:g} under mV was read as µV.",
                    line,
                    text,
                )
                return cell
            if cell.number > 0:
                self.sheet.report(
                    "amplitude-unit",
                    f"A sensory amplitude of {cell.number:g} under mV may be mV or µV.",
                    line,
                    text,
                    f"{cell.number:g}",
                )
                return Cell(State.UNREADABLE)
            return cell
        if name == "amplitude_mv" and heading.unit == "uV":
            if cell.number < 50 and cell.number > 0:
                self.sheet.report(
                    "amplitude-unit",
                    f"A motor amplitude of {cell.number:g} under µV may be mV or µV.",
                    line,
                    text,
                    f"{cell.number:g}",
                )
                return Cell(State.UNREADABLE)
            return replace(cell, number=cell.number / 1000)
        return replace(cell, number=cell.number * heading.factor) if heading.factor != 1.0 else cell

    @staticmethod
    def limit_name(name: str) -> str | None:
        bare = "amplitude" if name.startswith("amplitude") else name
        return next((limit for limit, column in LIMITS.items() if column == bare), None)

    def mark(self, row: int, response: Response) -> None:
        """The column that says whether there was a response."""
        assert self.table is not None
        for c in self.table.columns("response"):
            text = self.grid.text(row, c)
            if not text:
                continue
            state = lexicon("state")(text)
            label = (self.grid.line(row), self.sheet.label(c, self.table.texts[c]))
            if state == "no_response" or normalise(text) in ("x", "1", "true", "yes"):
                response.text["response"], response.mark = "absent", label
            elif state is None and text != "0":
                self.sheet.report(
                    "unreadable-word", f"{text!r} says neither present nor absent.", label[0], self.table.texts[c], text
                )

    def finish_nerve(self) -> None:
        """Velocities printed on the distal row of a nerve belong to the segment above it, if the numbers prove it."""
        nerve, self.nerve = self.nerve, None
        if nerve is None or nerve.kind != "motor":
            return
        rows = [r for r in nerve.rows if r.text.get("stimulation") in SITE_ORDER and r.text["study"] == "motor"]
        rows.sort(key=lambda r: SITE_ORDER[r.text["stimulation"]])
        if not rows or "velocity_m_per_s" not in rows[0].values or rows[0].text["stimulation"] == "palm":
            return
        if len(rows) > 1 and "velocity_m_per_s" not in rows[-1].values and self.belongs_above(rows):
            for upper, lower in zip(rows[:0:-1], rows[-2::-1], strict=True):
                for name in ("velocity_m_per_s", "distance_mm"):
                    if name in lower.values:
                        upper.values[name] = lower.values.pop(name)
                if "velocity_lower_limit" in lower.limits:
                    upper.limits["velocity_lower_limit"] = lower.limits.pop("velocity_lower_limit")
            return
        value, line, _ = rows[0].values.pop("velocity_m_per_s")
        rows[0].limits.pop("velocity_lower_limit", None)
        self.sheet.report(
            "row-not-understood",
            f"The velocity {value:g} stands on the most distal site; its segment is not named.",
            line,
        )

    @staticmethod
    def belongs_above(rows: list[Response]) -> bool:
        """Whether distance over latency difference to the next site gives the velocity printed on the distal row."""
        proven = 0
        for lower, upper in pairwise(rows):
            numbers = [
                r.values.get(n)
                for r, n in (
                    (lower, "velocity_m_per_s"),
                    (lower, "distance_mm"),
                    (lower, "latency_ms"),
                    (upper, "latency_ms"),
                )
            ]
            if any(n is None for n in numbers):
                continue
            velocity, distance, first, second = (n[0] for n in numbers if n is not None)
            if second > first and abs(distance / (second - first) / velocity - 1) < 0.12:
                proven += 1
            else:
                return False
        return proven > 0


def _is_upper(role: str) -> bool | None:
    """On which side the limit of a measure lies."""
    if role in ("latency", "distal_latency", "peak_latency", "f_latency", "h_latency", "duration"):
        return True
    return False if role in ("amplitude", "cmap", "snap", "velocity") else None
