"""The headings of one table of measurements: what each column holds, of which side, and where its limits stand."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from statistics import median
from typing import Final

from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.definitions import state_of
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import LABELLING, LABELS, MEASURING_ROLES, Heading, label_roles, read_heading
from ncs_analyzer.ingest.layouts.header import Header, find_header
from ncs_analyzer.ingest.layouts.measures import LATE, response_said
from ncs_analyzer.ingest.layouts.stack import kindred
from ncs_analyzer.ingest.places import Place, read_place
from ncs_analyzer.ingest.segments import names_place
from ncs_analyzer.ingest.sides import BOTH, side_of
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER
from ncs_analyzer.vocabulary.match import lexicon, normalise, unglue
from ncs_analyzer.vocabulary.units import unit as known_unit

WIDEST: Final = 200
"""Columns; no table of nerves and sites is wider."""

_DIRECT: Final = frozenset(("latency", "distal_latency", "velocity", "duration", "cmap"))
"""Measures of the direct response: beside them an F latency is one more column of a motor table."""

_LOOKED_AT: Final = 60
"""How many rows below the headings settle what the headings leave open."""


@dataclass
class Half:
    """The measured columns of one side, stimulation site and kind of study; what is None the row names. `limits`: column of
    the limit of each measured column; `site_column`: that in which each row names their site, if it has several."""

    side: str | None
    headings: dict[int, Heading]
    limits: dict[int, int] = field(default_factory=dict)
    site: str | None = None
    kind: str | None = None
    nerve: str | None = None
    recording: str | None = None
    site_column: int | None = None

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
    direction: str | None = None
    """The way the impulse of its sensory studies runs, where the title says it."""
    stimulated: str | None = None
    """Where the title says they were stimulated."""
    recorded: str | None = None
    """Where the title says they were recorded from: "H reflex (soleus)"."""
    said: set[str] = field(default_factory=set)
    """What has been said once already."""
    kinds: dict[int, bool] = field(default_factory=dict)
    """Whether a column headed by kinds of study names any."""
    orders: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """In which order the cells of a column name muscle and site, as far as it was looked at."""
    ends: dict[int, tuple[str, Heading]] | None = None
    """Its columns of one end of a segment; None: not looked at yet."""
    end_sites: dict[str, int] = field(default_factory=dict)
    """Its columns of the distal and of the proximal site, where each row has measures of both."""
    from_recording: bool | None = None
    """Whether its segments name the stimulation sites; None: not looked at yet."""

    @property
    def texts(self) -> dict[int, str]:
        return self.header.texts

    @property
    def sided(self) -> bool:
        """Whether the columns name the side: left and right stand side by side."""
        return any(half.side is not None for half in self.halves)

    @property
    def across(self) -> bool:
        """Whether stimulation sites stand above columns, or each in front of its own."""
        return any(half.site is not None or half.site_column is not None for half in self.halves)

    @property
    def site_columns(self) -> set[int]:
        """The columns that name one of several sites of a row."""
        fronts = {half.site_column for half in self.halves if half.site_column is not None}
        return fronts | set(self.end_sites.values())

    def order(self, column: int) -> tuple[str, ...]:
        """The order in which the cells of a column name several things, where its heading says it."""
        return label_roles(self.texts.get(column, ""))

    @property
    def nerved(self) -> bool:
        """Whether nerves stand above columns."""
        return any(half.nerve is not None for half in self.halves)

    def columns(self, *roles: str) -> Iterator[int]:
        """The columns that name something of these roles."""
        return (c for c, role in self.labels.items() if role in roles)

    def has(self, *roles: str) -> bool:
        """Whether any column names something of these roles."""
        return any(role in roles for role in self.labels.values())

    def label_columns(self) -> list[int]:
        return list(self.columns(*LABELS))

    def marks(self, column: int, text: str) -> bool:
        """Whether a text in a column of names is a mark instead: nerves stand on rows of their own under "NR"."""
        heading = self.header.headings.get(column)
        return heading is not None and heading.role == "response" and lexicon("state")(text) is not None

    def measured(self) -> Iterator[tuple[Half, int, Heading]]:
        """Every measured column."""
        return ((half, c, heading) for half in self.halves for c, heading in half.headings.items())


# ---------------------------------------------------------------- what the columns hold


def build_table(grid: Grid, header: Header, kind: str | None, side: str | None) -> Table:
    """The table below a row of headings. `kind` and `side`: as the title said."""
    if kind == "f_wave":
        late = {c: h for c, t in header.texts.items() if c not in header.headings and (h := read_heading(f"F {t}"))}
        header = replace(header, headings=dict(sorted((header.headings | late).items())))
    mixed = {
        c: replace(h, limit=False) for c, h in header.headings.items() if h.limit and _beside_values(grid, header, c)
    }
    if mixed:  # the other columns headed so hold values too, unless values stand beside them
        whole = {h.role for h in header.headings.values() if not h.limit}
        mixed |= {c: replace(h, limit=False) for c, h in header.headings.items() if h.limit and h.role not in whole}
    header = replace(header, headings=header.headings | mixed)
    if any(h.role == "study" for h in header.headings.values()):
        header = replace(header, headings={c: _of_any_kind(h, header.texts[c]) for c, h in header.headings.items()})
    told = header.headings | _by_content(grid, header)
    header = replace(header, headings=dict(sorted(told.items())), texts=dict.fromkeys(told, "") | header.texts)
    lengths = {
        c: Heading("distance") for c, h in header.headings.items() if h.role == "segment" and _numbers(grid, header, c)
    }
    header = replace(header, headings=header.headings | lengths)
    labels = {c: h.role for c, h in header.headings.items() if h.role in LABELLING}
    names = _name_column(grid, header, labels)
    if names is not None:
        labels[names] = "nerve_site"
    halves = _halves(header, labels)
    table = Table(header, kind, side, dict(sorted(labels.items())), halves)
    table.kind = _kind(table)
    for half in halves:
        half.limits = _limits(header, half)
    return table


def _by_content(grid: Grid, header: Header) -> dict[int, Heading]:
    """Columns that hold the unit of the amplitudes, codes that the file explains as "no response", or limits, whatever they
    are called."""
    found: dict[int, Heading] = {}
    below = range(header.first, min(grid.height, header.first + _LOOKED_AT))
    own = list(takewhile(lambda r: any(grid.row(r)), below))
    roles = {h.role for h in header.headings.values()}
    for c, text in header.texts.items():
        known = header.headings.get(c)
        if known is not None and known.role not in ("comment", "other"):
            continue
        codes = grid.definitions.codes.get(normalise(text), {})
        told = [t for r in own if (t := grid.text(r, c))]
        ticked = lexicon("state")(text) == "no_response" and all(response_said(text, t) in ("absent", "") for t in told)
        marked = ticked or {lexicon("state")(t) for t in told} == {"no_response"}
        if "response" not in roles and (marked or any(state_of(p) == "no_response" for p in codes.values())):
            found[c] = Heading("response")
        elif "study" not in roles and _kinds_only(told):
            found[c] = Heading("study")
        elif "side" not in roles and _LIMB & set(normalise(text).split()):
            if told and all(side_of(t) in ("left", "right") for t in told):
                found[c] = Heading("side")
        elif "amplitude_unit" not in roles and {"amplitude", "cmap", "snap"} & roles:
            given = [t for r in below if (t := grid.text(r, c))]
            if given and all((u := known_unit(t)) is not None and u[0] in ("mV", "uV") for t in given):
                found[c] = Heading("amplitude_unit")
    for c, heading in header.headings.items():
        given = [t for r in own if (t := grid.text(r, c + 1))]
        unnamed = c + 1 not in header.headings and not header.texts.get(c + 1) and not heading.limit
        if unnamed and heading.role in MEASURING_ROLES and given and all(map(_BOUND_ALONE.fullmatch, given)):
            found[c + 1] = Heading("norm", limit=True)
    return found


def _kinds_only(texts: Sequence[str]) -> bool:
    """Whether the cells of a column name kinds of study and nothing else: 運動, F波(最短)."""
    places = [read_place(t) for t in texts]
    return len(places) > 1 and all(
        p.study and not (p.nerve or p.side or p.site or p.recording or p.rest) for p in places
    )


_LIMB: Final = frozenset(
    (
        "limb",
        "hand",
        "arm",
        "leg",
        "foot",
        "extremity",
        "extremitat",
        "bein",
        "membre",
        "membro",
        "extremidad",
        "miembro",
        "arto",
    )
)
"""Words above a column that may say right and left."""
_BOUND_ALONE: Final = re.compile(r"[(\[]?\s*[<>≤≥]\s*=?\s*\d+(?:[.,]\d+)?\s*(?:ms|m/s|mV|[uµμ]V)?\s*[)\]]?")
"""A limit beside its value under no heading of its own: "(<5.6)"."""


def _beside_values(grid: Grid, header: Header, column: int) -> bool:
    """Whether the cells of a column that seems to hold limits hold a value each, with its limit: "4.86 [<4.2]"."""
    below = range(header.first, min(grid.height, header.first + _LOOKED_AT))
    own = takewhile(lambda r: any(grid.row(r)), below)
    return any(_VALUE_AND_LIMIT.match(grid.text(r, column)) for r in own)


_VALUE_AND_LIMIT: Final = re.compile(r"\s*\d[^<>≤≥()\[\]]*[(\[]\s*[<>≤≥]")


def _of_any_kind(heading: Heading, text: str) -> Heading:
    """ "Min latency" where the rows name the kind of study: of F waves and H reflexes alike."""
    of_f = lexicon("study").find(unglue(normalise(text).split(), "study")) is not None or _F.search(text)
    return replace(heading, role="latency") if heading.role == "f_latency" and not of_f else heading


_F: Final = re.compile(r"(?<![a-zA-Z])F(?![a-z])|Fm", re.IGNORECASE)


def _numbers(grid: Grid, header: Header, column: int) -> bool:
    """Whether a column holds numbers: what is headed "Strecke" is a segment, or its length."""
    below = range(header.first, min(grid.height, header.first + _LOOKED_AT))
    cells = [read_cell(grid.raw(r, column), grid.comma) for r in below if grid.text(r, column)]
    return bool(cells) and 2 * sum(cell.state is State.VALUE for cell in cells) > len(cells)


def _halves(header: Header, labels: dict[int, str]) -> list[Half]:
    """The measured columns parted by side, stimulation site and kind of study, as far as headings name these."""
    sided = bool({"left", "right"} & set(header.sides.values()))
    kinds = header.kinds if len(set(header.kinds.values()) - set(LATE)) > 1 else {}
    halves: dict[tuple[str | None, ...], Half] = {}
    shared: dict[int, Heading] = {}
    at = set(header.sites.values())
    most_distal = min(at, key=lambda site: SITE_ORDER[site]) if at and at <= SITE_ORDER.keys() else None
    for c, heading in header.headings.items():
        side = header.sides.get(c)
        if heading.limit or (c in labels and heading.role != "response") or side == BOTH:
            continue
        if sided and side is None:
            shared |= {c: heading} if heading.role == "response" else {}
            continue
        places = header.sites.get(c), kinds.get(c), header.nerves.get(c), header.recordings.get(c)
        if heading.role == "distal_latency" and places[0] is None:
            places = most_distal, *places[1:]
        site, kind, nerve, recording = places
        half = halves.setdefault((side, *places), Half(side, {}, {}, site, kind, nerve, recording))
        half.headings[c] = heading
    for half in halves.values():
        half.headings |= shared
    order = {"left": 0, "right": 1}
    return sorted(halves.values(), key=lambda half: order.get(half.side or "", 0)) or [Half(None, {})]


def _name_column(grid: Grid, header: Header, labels: dict[int, str]) -> int | None:
    """The column of nerves where no heading says so ("H reflex"): the one whose cells name them, or at least sites."""
    if any(role in LABELS[:3] for role in labels.values()):
        return None
    sites = [c for c, role in labels.items() if role == "site"]
    below = range(header.first, min(grid.height, header.first + _LOOKED_AT))
    free = [c for c in range(grid.width) if c not in header.headings or labels.get(c) in ("study", "recording")]
    free += [c for c, h in header.headings.items() if h.role in ("f_latency", "h_latency", "response")]
    free = [c for c in free if c not in sites]

    def named(c: int, rows: Iterable[int]) -> int:
        texts = [t for r in rows if (t := grid.text(r, c))]
        return sum(read_place(t).nerve is not None if sites else names_place(t) for t in texts)

    own = list(
        takewhile(lambda r: any(grid.row(r)) and find_header(grid, r) is None, below)
    )  # first the rows that are surely of this table
    for rows in (own, below):
        counts = {c: named(c, rows) for c in free if not sites or c < max(sites)}
        best = max(counts, key=lambda c: (counts[c], -c), default=None)
        if best is not None and counts[best]:
            return best
    return None if sites else next(iter(free), None)


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
    if "amplitude_unit" in roles or "area" in roles:
        return None  # the rows tell
    if "snap" in roles or units == {"uV"} or ("peak_latency" in roles and "mV" not in units):
        return "sensory"
    return None


def heading_place(table: Table, column: int) -> Place:
    """What the heading of a label column itself names: "Median motor R" above its sites."""
    text = table.texts.get(column, "")
    place, heading = read_place(text), read_heading(text)
    if heading is not None and heading.role in LABELLING:
        return Place()
    return place if heading is None else Place(study=place.study)


def _limits(header: Header, half: Half) -> dict[int, int]:
    """Which column of limits belongs to each measured column: by its name, else the measured column before it."""
    limits: dict[int, int] = {}
    measured = [c for c, h in half.headings.items() if h.role in MEASURING_ROLES]
    for c, heading in header.headings.items():
        if not heading.limit or header.sides.get(c, half.side) != half.side:
            continue
        if header.sites.get(c, half.site) != half.site or header.nerves.get(c, half.nerve) != half.nerve:
            continue
        if heading.role != "norm":
            same = [m for m in measured if half.headings[m].role == heading.role]
            same = same or [m for m in measured if kindred(half.headings[m].role, heading.role)]
            if same:
                limits[min(same, key=lambda m: abs(m - c))] = c
        elif half.side is not None:
            late = [m for m in measured if half.headings[m].role in LATE.values()]  # beside its persistence
            if len(measured) == 1 or len(late) == 1:
                limits.setdefault((late or measured)[0], c)
        elif before := [m for m in measured if m < c]:
            strange = [d for d in header.texts if max(before) < d < c and d not in header.headings]
            if not strange:  # the limit of a difference of the sides, say
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


def names_other_test(title: str) -> bool:
    """Whether a title announces another test, or limits instead of measurements."""
    words = normalise(title).split() if title != "Uln" else []
    found = lexicon("other_test").find(unglue(words, "other_test"))
    limits = [w for w in words if lexicon("heading").meaning.get(w) == "norm"]
    other = [w for w in words if w not in limits and lexicon("filler").meaning.get(w) is None]
    return (found is not None and found[0] == "title") or (bool(limits) and not other)


def take_site_columns(table: Table) -> None:
    """Several columns of sites in a row, each in front of its measures: "Stim. 1 | Lat | Amp | Stim. 2 | Lat | Amp". An F wave
    belongs to the first."""
    sites = sorted(c for c, role in table.labels.items() if role == "site")
    behind = [_behind(table, sites, i) for i in range(len(sites))]
    if len(sites) < 2 or not all(_OF_SITE & {h.role for h in of_site.values()} for of_site in behind):
        return
    table.labels = {c: role for c, role in table.labels.items() if c not in sites}
    halves = []
    for half in table.halves:
        late = {c: h for c, h in half.headings.items() if h.role in _LATE_ROLES}
        for i, column in enumerate(sites):
            own = {c: h for c, h in behind[i].items() if c in half.headings and c not in late}
            own |= late if i == 0 else {}
            limits = {c: limit for c, limit in half.limits.items() if c in own}
            halves.append(replace(half, headings=own, limits=limits, site_column=column))
    table.halves = halves


_OF_SITE: Final = frozenset(("latency", "distal_latency", "amplitude"))
_LATE_ROLES: Final = ("f_latency", "f_persistence", "h_latency", "f_mean", "f_max")


def _behind(table: Table, sites: Sequence[int], i: int) -> dict[int, Heading]:
    """The measured columns between one column of sites and the next."""
    end = sites[i + 1] if i + 1 < len(sites) else max(table.texts) + 1
    return {c: h for half in table.halves for c, h in half.headings.items() if sites[i] < c < end}
