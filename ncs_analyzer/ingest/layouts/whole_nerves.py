"""Motor tables with one row for each nerve: the headings say which site a cell belongs to ("DML", "pCMAP", "Amp elbow").

Such headings are read as those of a wide sheet, whose rows name nerve and side; a velocity belongs to the proximal site.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import Heading
from ncs_analyzer.ingest.layouts.header import find_header
from ncs_analyzer.ingest.layouts.row_words import naming, segment_of
from ncs_analyzer.ingest.layouts.table import Table
from ncs_analyzer.ingest.layouts.wide_headings import Meaning, read_wide_heading
from ncs_analyzer.ingest.layouts.wide_places import Company, Given, NotMeantError, Target, settle
from ncs_analyzer.ingest.layouts.wide_top import customs_of
from ncs_analyzer.ingest.places import read_place
from ncs_analyzer.vocabulary.anatomy import in_limb
from ncs_analyzer.vocabulary.match import entries, lexicon, normalise
from ncs_analyzer.vocabulary.units import unit as known_unit

_LOOKED_AT: Final = 60
"""Rows below the headings that tell whether sites have rows of their own."""
ROLE: Final = {
    "latency_ms": "latency", "peak_latency_ms": "peak_latency", "amplitude_mv": "amplitude", "amplitude_uv": "amplitude",
    "area_mvms": "area", "duration_ms": "duration", "velocity_m_per_s": "velocity", "distance_mm": "distance",
}  # fmt: skip


@dataclass
class WholeNerves:
    """What the headings of one table mean, by column."""

    meanings: dict[int, Meaning]
    _companies: dict[str, Company] = field(default_factory=dict)

    @property
    def of_several_kinds(self) -> bool:
        """Whether some headings name motor measures and others sensory ones."""
        return {"motor", "sensory"} <= {m.kind for m in self.meanings.values()}

    def targets(self, given: Given) -> Iterator[tuple[int, Target]]:
        """Every column with the response and the measure that it holds of a nerve."""
        nerve = given.nerve or ""
        meanings = {c: _of_nerve(m, nerve) for c, m in self.meanings.items()}
        company = self._companies.get(nerve)
        if company is None:
            company = self._companies[nerve] = Company.of(replace(m, nerve=nerve) for m in meanings.values())
        for c, meaning in meanings.items():
            try:
                target = settle(meaning, given, company)
            except NotMeantError:
                continue
            site = target.place.site
            sited = site is not None and in_limb(site, nerve)
            if target.column in ROLE and (sited if target.place.kind == "motor" else meaning.end != "proximal"):
                yield c, target


def ended_columns(table: Table) -> dict[int, tuple[str, Heading]]:
    """Columns whose headings name a measure at the distal or the proximal end of what the row is: "Ampl. proximale (mV)"."""
    measured = {c for half in table.halves for c in half.headings}
    found = {}
    for c in table.texts.keys() - measured - table.labels.keys():
        m = read_wide_heading(_with_unit(table, c))
        whole = m.understood and not (m.derived or m.percent or m.limit or m.nerve or m.sites)
        role = {"amplitude": "amplitude", "area": "area", "duration": "duration", "latency": "latency"}.get(
            m.measure or ""
        )
        if whole and m.end is not None and role is not None and m.kind in (None, "motor"):
            unit, factor = known_unit(m.unit or "") or (None, 1.0)
            found[c] = m.end, Heading(role, unit, factor)
    return found


def _of_nerve(m: Meaning, nerve: str) -> Meaning:
    """Of two sites of different limbs ("wrist/ankle") the one that the nerve has."""
    own = tuple(site for site in m.sites if in_limb(site, nerve))
    return replace(m, sites=own) if len(m.sites) == 2 and len(own) == 1 else m


def heading_of(target: Target) -> Heading:
    """The heading of a column as the readers of rows know it."""
    return Heading(
        ROLE[target.column], target.unit, 1.0 if target.unit == "uV" else target.factor, False, target.convention
    )


def take_end_sites(table: Table) -> None:
    """Columns that name the distal and the proximal site of a row which has measures of both: they label no row."""
    ends = {end: c for c, text in table.texts.items() if (end := _end_of_site(text)) is not None}
    if len(ends) < 2:
        return
    measured = {m.end for c in table.texts if (m := read_wide_heading(_with_unit(table, c))).names_measure}
    if "proximal" in measured:
        table.end_sites = ends
        table.labels = {c: role for c, role in table.labels.items() if c not in ends.values()}


def _end_of_site(text: str) -> str | None:
    """The end that a heading of sites names: "Site distal", 刺激部位(近位)."""
    words = normalise(text)
    for end, names in entries("wide")["end"].items():
        for name in map(normalise, names):
            if name in (words.split() if name.isascii() else words):
                rest = " ".join(words.replace(name, " ", 1).split())
                if lexicon("heading")(rest) == "site":
                    return end
    return None


def whole_nerves(grid: Grid, table: Table) -> WholeNerves | None:
    """The headings of a table whose rows are nerves, if any of them speaks of more than the distal site; else None."""
    if table.has("site", "segment", "site_1", "site_2") or table.across or table.nerved or _sited(grid, table):
        return None
    texts = {c: _with_unit(table, c) for c in table.texts if c not in table.labels}
    customs = customs_of(list(texts.values()), grid.definitions)
    meanings = {c: m for c, t in texts.items() if (m := read_wide_heading(t, customs)).names_measure and m.understood}
    meanings = {c: replace(m, side=table.header.sides.get(c) or m.side) for c, m in meanings.items()}
    beyond = any(m.end == "proximal" or m.sites or m.measure in ("velocity", "distance") for m in meanings.values())
    return WholeNerves(meanings) if beyond else None


def _with_unit(table: Table, column: int) -> str:
    """The heading with the unit that stands in a row of its own."""
    heading = next((h for half in table.halves for c, h in half.headings.items() if c == column), None)
    text, unit = table.texts[column], table.header.units.get(column)
    return f"{text} ({unit})" if unit and (heading is None or heading.unit == unit) and unit not in text else text


def _sited(grid: Grid, table: Table) -> bool:
    """Whether any row names a stimulation site or a segment."""
    for row in range(table.header.first, min(grid.height, table.header.first + _LOOKED_AT)):
        if not any(grid.row(row)) or find_header(grid, row) is not None:
            break
        if segment_of(grid, table, row) or any(read_place(t).site for t in naming(grid, table, row).values()):
            return True
    return False
