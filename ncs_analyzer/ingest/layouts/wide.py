"""Wide research sheets (family E): one row per patient, one column per nerve, side, site and measure.

A heading is understood only if every word of it is: `R.MM.DML`, `r_median_motor_wrist_lat`, "Median motor R - DML (ms)".
Positions count from distal (CMAP1 at the wrist or ankle; NCV1 from there to the next site).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.ingest.cells import Cell, State, as_text, read_cell
from ncs_analyzer.ingest.draft import Block, Sheet, constant
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.people import age_at, looks_like_name, read_facts
from ncs_analyzer.readings import BIT, LIMITS, RESPONSE_CELL, STUDY_COLUMNS, VALUES
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER
from ncs_analyzer.vocabulary.match import lexicon, normalise, split_words
from ncs_analyzer.vocabulary.units import unit as known_unit

NAME: Final = "wide"

POSITIONS: Final = {
    "median": ("wrist", "elbow", "axilla", "erb"),
    "ulnar": ("wrist", "below_elbow", "above_elbow", "axilla"),
    "radial": ("forearm", "elbow", "arm", "axilla"),
    "fibular": ("ankle", "below_fibular_head", "popliteal_fossa"),
    "tibial": ("ankle", "popliteal_fossa"),
}
"""What the numbers of motor columns stand for, from distal (CMAP1) to proximal."""

_CODES: Final = {
    "mm": ("median", "motor"), "um": ("ulnar", "motor"), "pm": ("fibular", "motor"), "fm": ("fibular", "motor"),
    "tm": ("tibial", "motor"), "rm": ("radial", "motor"), "ms": ("median", "sensory"), "us": ("ulnar", "sensory"),
    "ss": ("sural", "sensory"), "rs": ("radial", "sensory"), "sps": ("superficial_fibular", "sensory"),
    "sfs": ("superficial_fibular", "sensory"),
}  # fmt: skip
_SITE_CODES: Final = {
    "w": "wrist", "e": "elbow", "be": "below_elbow", "ae": "above_elbow", "ax": "axilla", "a": "ankle",
    "fh": "below_fibular_head", "bfh": "below_fibular_head", "afh": "above_fibular_head", "pf": "popliteal_fossa",
    "k": "knee", "kn": "knee", "p": "palm",
}  # fmt: skip
_MEASURES: Final = {
    "distal_latency": "latency_ms", "latency": "latency_ms", "peak_latency": "peak_latency_ms",
    "amplitude": "amplitude", "cmap": "amplitude", "snap": "amplitude", "area": "area_mvms",
    "duration": "duration_ms", "velocity": "velocity_m_per_s", "distance": "distance_mm", "f_latency": "latency_ms",
    "f_persistence": "persistence_pct", "h_latency": "latency_ms",
}  # fmt: skip
_FILLERS: Final = frozenset(
    [
        "nerve",
        "n",
        "nervio",
        "nervo",
        "nerf",
        "nervus",
        "conduction",
        "study",
        "value",
        "response",
        "wave",
        "resp",
        "of",
        "de",
        "del",
        "the",
        "at",
    ]
)
_PERCENT: Final = re.compile(r"%|\bpct\b|percent", re.IGNORECASE)
_MOTOR_WORDS: Final = dict.fromkeys(["dml", "mcv", "mncv", "vcm", "lmd", "ldm", "mnlg"], "motor") | dict.fromkeys(
    ["scv", "sncv", "dsl", "vcs", "lsd", "snlg"], "sensory"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one heading says. `position`: its number, 0 without one."""

    nerve: str | None = None
    side: str | None = None
    kind: str | None = None
    measure: str | None = None
    site: str | None = None
    site_2: str | None = None
    recording: str | None = None
    position: int = 0
    unit: str | None = None
    factor: float = 1.0
    limit: bool = False
    percent: bool = False
    rest: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Nerve and measure are named and no word is left over."""
        return self.nerve is not None and self.measure is not None and not self.rest

    @property
    def about_nerve(self) -> bool:
        """The heading speaks of a nerve and a measure, understood or not."""
        return self.nerve is not None and self.measure is not None


@cache
def read_wide_heading(text: str) -> Meaning:
    """Take a heading apart, longest phrases first."""
    bare, unit = _without_unit(text)
    percent = bool(_PERCENT.search(text))
    words = [w for w in split_words(bare.replace("%", " ")) if w]
    meaning = Meaning(unit=unit[0] if unit else None, factor=unit[1] if unit else 1.0, percent=percent)
    meaning, words = _codes(meaning, words)
    side, words = lexicon("side").take(words) if meaning.side is None else (meaning.side, words)
    kind_word = next((_MOTOR_WORDS[w] for w in words if w in _MOTOR_WORDS), None)
    norm, words = _norm(words)
    nerve = meaning.nerve
    if nerve is None:
        nerve, words = lexicon("nerves").take(words)
    measure, words, position = _measure(words)
    kind = meaning.kind
    if kind is None:
        kind, words = lexicon("study").take(words)
    kind = (
        kind
        or kind_word
        or {
            "cmap": "motor",
            "snap": "sensory",
            "f_latency": "f_wave",
            "f_persistence": "f_wave",
            "h_latency": "h_reflex",
            "peak_latency": "sensory",
        }.get(measure or "")
    )
    if measure in ("f_latency", "f_persistence") or (
        kind == "f_wave" and measure in ("latency", "distal_latency", None)
    ):
        kind, measure = "f_wave", "f_latency" if measure != "f_persistence" else measure
    if kind == "h_reflex" and measure in ("latency", None):
        measure = "h_latency"
    if measure is None and kind in ("motor", "sensory") and any(w in ("cmap", "snap") for w in split_words(bare)):
        measure = "amplitude"
    site, site_2, recording, words = _places(words)
    if position == 0:
        numbers = [w for w in words if w.isdigit()]
        if len(numbers) == 1 and len(numbers[0]) == 1:
            position = int(numbers[0])
            words.remove(numbers[0])
    rest = tuple(w for w in words if w not in _FILLERS)
    return replace(
        meaning, nerve=nerve, side=side, kind=kind, measure=measure, site=site, site_2=site_2, recording=recording,
        position=position, limit=norm, rest=rest,
    )  # fmt: skip


def _without_unit(text: str) -> tuple[str, tuple[str, float] | None]:
    brackets = re.findall(r"[(\[]([^)\]]*)[)\]]", text)
    for inner in brackets:
        found = known_unit(inner)
        if found:
            return re.sub(r"[(\[][^)\]]*[)\]]", " ", text), found
    head, _, tail = re.sub(r"[_,]", " ", text).rstrip().rpartition(" ")
    if head and len(tail) > 1 and (found := known_unit(tail)):
        return head, found
    return text, None


def _codes(meaning: Meaning, words: list[str]) -> tuple[Meaning, list[str]]:
    """Two-letter codes of nerve and kind beside a side of its own: R.MM.DML."""
    if any(lexicon("side").meaning.get(w) for w in words):
        for w in words:
            if w in _CODES:
                nerve, kind = _CODES[w]
                words = list(words)
                words.remove(w)
                return replace(meaning, nerve=nerve, kind=kind), words
    return meaning, words


def _norm(words: list[str]) -> tuple[bool, list[str]]:
    for w in ("uln", "lln", "norm", "limit", "ref", "cutoff"):
        if w in words:
            return True, [x for x in words if x != w]
    return False, words


def _measure(words: list[str]) -> tuple[str | None, list[str], int]:
    """The measure named, and a number written right behind it (CMAP1)."""
    heading = lexicon("heading")
    best: tuple[int, int, str] | None = None
    for length in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            role = heading.meaning.get(" ".join(words[start : start + length]))
            if role in _MEASURES:
                best = (start, start + length, role)
                break
        if best:
            break
    if best is None:
        if "f" in words:
            rest = [w for w in words if w not in ("f", "min", "minimal", "minimum", "lat", "latency")]
            return "f_latency", rest, 0
        return None, words, 0
    start, end, role = best
    position = 0
    after = words[end] if end < len(words) else ""
    rest = words[:start] + words[end:]
    if after.isdigit() and len(after) == 1:
        position = int(after)
        rest = words[:start] + words[end + 1 :]
    extra = [
        w
        for w in rest
        if heading.meaning.get(w) in (role, "amplitude")
        and w in ("amp", "amplitude", "ampl", "lat", "latency", "amplitud")
    ]
    for w in extra:
        rest.remove(w)
    if role in ("latency", "distal_latency") and "f" in rest:
        rest = [w for w in rest if w not in ("f", "min", "minimal", "minimum")]
        role = "f_latency"
    if role == "latency" and "distal" in rest:
        rest.remove("distal")
        role = "distal_latency"
    return role, rest, position


def _places(words: list[str]) -> tuple[str | None, str | None, str | None, list[str]]:
    """Stimulation site, a second site (of a segment), and recording site."""
    found: list[str] = []
    while words:
        place, rest = lexicon("places").take(words)
        if place is None:
            break
        found.append(place)
        words = rest
    rest = []
    for w in words:
        if w in _SITE_CODES:
            found.append(_SITE_CODES[w])
        else:
            rest.append(w)
    sites = [p for p in found if p in SITE_ORDER]
    others = [p for p in found if p not in SITE_ORDER]
    if len(sites) > 2 or len(others) > 1:
        return None, None, None, [*rest, "?"]
    first = sites[0] if sites else None
    second = sites[1] if len(sites) > 1 else None
    return first, second, others[0] if others else None, rest


# ---------------------------------------------------------------- the sheet


@dataclass(frozen=True)
class _Top:
    row: int
    first: int
    meanings: dict[int, Meaning]


def _top(grid: Grid) -> _Top | None:
    """The row of headings; a row of units below it belongs to it."""
    for row in range(min(grid.height, 8)):
        texts = grid.row(row)
        meanings = {c: read_wide_heading(t) for c, t in enumerate(texts) if t and len(t) < 80}
        whole = {c: m for c, m in meanings.items() if m.whole and (m.side or m.kind)}
        if len(whole) >= 3 and len({m.nerve for m in whole.values()}) + len({m.measure for m in whole.values()}) >= 3:
            first = row + 1
            if first < grid.height:
                units = {c: u for c in whole if (u := known_unit(grid.text(first, c)))}
                if len(units) >= 2:
                    meanings |= {c: replace(whole[c], unit=u[0], factor=u[1]) for c, u in units.items()}
                    first += 1
            return _Top(row, first, meanings)
    return None


def fit(grid: Grid) -> float:
    """How many of the headings are understood as measures of nerves."""
    top = _top(grid)
    if top is None:
        return 0.0
    about = [m for m in top.meanings.values() if m.about_nerve]
    return 0.5 + 0.45 * sum(m.whole for m in about) / len(about)


def read(grid: Grid, fitted: float) -> Sheet:
    """One study per row."""
    top = _top(grid)
    assert top is not None
    sheet = Sheet(grid, NAME, fitted)
    _Reader(sheet, top).read()
    return sheet


@dataclass(frozen=True, slots=True)
class _Place:
    """Which response a column belongs to."""

    kind: str
    nerve: str
    side: str
    site: str | None
    recording: str | None


class _Reader:
    def __init__(self, sheet: Sheet, top: _Top) -> None:
        self.sheet, self.grid, self.top = sheet, sheet.grid, top
        self.headings = self.grid.row(top.row)
        self.rows = np.array([r for r in range(top.first, self.grid.height) if self.is_data(r)], np.intp)
        self.lines = self.grid.lines[self.rows]

    def is_data(self, row: int) -> bool:
        """Rows of means, limits and notes below the data are no patients."""
        texts = self.grid.row(row)
        if not any(texts):
            return False
        first = next((t for t in texts if t), "")
        if normalise(first) in (
            "mean",
            "sd",
            "median",
            "average",
            "n",
            "min",
            "max",
            "normal",
            "norm",
            "uln",
            "lln",
            "limit",
            "limits",
            "reference",
            "normal limit",
            "total",
            "std",
            "normal limits",
            "cutoff",
            "cut off",
            "units",
            "unit",
        ):
            self.sheet.report("table-ignored", f"The row {first!r} holds no patient.", self.grid.line(row))
            return False
        return True

    def read(self) -> None:
        self.sheet.lines = self.lines
        self.side_words()
        places = self.columns()
        if self.is_percent(places):
            self.sheet.report("percent-of-limit", "The values are percentages of a limit, not measurements.")
            self.sheet.notes.append("percent of limit: refused")
            for line in self.lines:
                self.sheet.report("percent-of-limit", "The row holds percentages of a limit.", int(line))
            return
        self.studies()
        groups: dict[_Place, dict[str, int]] = {}
        for c, (place, name) in places.items():
            groups.setdefault(place, {}).setdefault(name, c)
        for place, columns in groups.items():
            self.block(place, columns)

    # ------------------------------------------------------------ headings

    def side_words(self) -> None:
        """D and I are sides (derecho, izquierdo) where the same heading stands with both."""
        texts = {c: split_words(t) for c, t in enumerate(self.headings) if t}
        plain = {" ".join(w) for w in texts.values()}
        for c, words in texts.items():
            for mine, other, side in (
                ("d", "i", "right"),
                ("i", "d", "left"),
                ("d", "g", "right"),
                ("g", "d", "left"),
                ("d", "e", "right"),
            ):
                for k, w in enumerate(words):
                    if w == mine and " ".join([*words[:k], other, *words[k + 1 :]]) in plain:
                        meaning = read_wide_heading(" ".join([*words[:k], side, *words[k + 1 :]]))
                        if meaning.whole and self.top.meanings.get(c, Meaning()).side is None:
                            own = self.top.meanings.get(c, Meaning())
                            self.top.meanings[c] = replace(meaning, unit=own.unit or meaning.unit, factor=own.factor)

    def columns(self) -> dict[int, tuple[_Place, str]]:
        """The columns that hold measurements; every other column is said."""
        found: dict[int, tuple[_Place, str]] = {}
        taken: dict[tuple[_Place, str], int] = {}
        for c, text in enumerate(self.headings):
            if not text:
                continue
            meaning = self.top.meanings.get(c, Meaning())
            place, name, why = self.settle(meaning) if meaning.about_nerve else (None, "", "")
            if place is not None and (place, name) in taken:
                other = self.headings[taken[place, name]]
                if not self.same(c, taken[place, name]):
                    for k in (c, taken[place, name]):
                        self.sheet.report(
                            "column-not-understood",
                            f"{self.headings[k]!r} and {other!r} say the same measure with different values.",
                            self.grid.line(self.top.row),
                            self.headings[k],
                            self.headings[k],
                        )
                    found.pop(taken[place, name], None)
                self.describe(c, "repeats another column", "ignored")
            elif place is not None:
                found[c] = (place, name)
                taken[place, name] = c
                parts = (place.kind, place.side, place.nerve, place.site, name)
                self.describe(c, " ".join(p for p in parts if p), "used")
            elif meaning.about_nerve:
                self.sheet.report(
                    "column-not-understood",
                    f"The heading {text!r} is not understood: {why}.",
                    self.grid.line(self.top.row),
                    text,
                    text,
                )
                self.describe(c, why, "not understood")
            elif self.demographic(c) is None:
                self.describe(c, text, "covariate")
            elif self.demographic(c) == "patient_name":
                self.describe(c, "not kept (a name)", "ignored")
            else:
                self.describe(c, self.demographic(c) or "", "used")
        return found

    def same(self, a: int, b: int) -> bool:
        return all(self.grid.text(int(r), a) == self.grid.text(int(r), b) for r in self.rows)

    def describe(self, c: int, became: str, use: Any) -> None:
        self.sheet.columns.append(Column(self.headings[c], letter(c), became, use))

    def demographic(self, c: int) -> str | None:
        text = self.headings[c]
        heading = read_heading(text)
        if heading is not None and heading.role in (*STUDY_COLUMNS, "date_of_birth", "patient_name"):
            return heading.role
        name = lexicon("demographic")(text)
        if name == "patient":
            names = looks_like_name([self.grid.text(int(r), c) for r in self.rows])
            return "patient_name" if names else "patient_id"
        return name if name in (*STUDY_COLUMNS, "date_of_birth", "patient_name") else None

    def settle(self, m: Meaning) -> tuple[_Place | None, str, str]:
        """The response and column of a heading; or why there is none."""
        if m.rest:
            return None, "", f"the words {' '.join(m.rest)!r} are not known"
        if m.limit:
            return None, "", "limits in columns of their own are not read"
        if m.side is None:
            return None, "", "it names no side"
        assert m.nerve is not None and m.measure is not None
        kind = m.kind or {"mV": "motor", "uV": "sensory"}.get(m.unit or "")
        if kind is None and m.nerve in (
            "sural",
            "superficial_fibular",
            "superficial_radial",
            "saphenous",
            "dorsal_ulnar_cutaneous",
        ):
            kind = "sensory"
        if kind is None and m.nerve == "tibial":
            kind = "motor"
        if kind is None and (
            m.measure == "distal_latency" or m.measure == "duration" or m.site or m.site_2 or m.position
        ):
            kind = "motor" if m.nerve in POSITIONS else None
        if kind is None:
            return None, "", "it does not say motor or sensory"
        name = _MEASURES[m.measure]
        if name == "amplitude":
            name = "amplitude_mv" if kind == "motor" else "amplitude_uv"
        if kind in ("f_wave", "h_reflex"):
            return _Place(kind, m.nerve, m.side, None, m.recording), name, ""
        site, why = self.site(m, kind, name)
        if why:
            return None, "", why
        return _Place(kind, m.nerve, m.side, site, m.recording), name, ""

    def site(self, m: Meaning, kind: str, name: str) -> tuple[str | None, str]:
        """The stimulation site of a column, or why it is not known."""
        if kind != "motor":
            if m.position > 1:
                return None, f"position {m.position} of a sensory nerve is not defined; name the site"
            return m.site, ""
        sites = POSITIONS.get(m.nerve or "", ())
        if m.site_2 is not None and m.site is not None:
            return max((m.site, m.site_2), key=lambda s: SITE_ORDER[s]), ""
        if m.site is not None:
            return m.site, ""
        if m.position:
            index = m.position - 1 + (name in ("velocity_m_per_s", "distance_mm"))
            if name == "distance_mm":
                index = m.position
            return (
                (sites[index], "")
                if index < len(sites)
                else (None, f"position {m.position} of the {m.nerve} nerve is not defined")
            )
        if m.measure == "distal_latency":
            return (sites[0], "") if sites else (None, "its distal site is not known")
        if name in ("velocity_m_per_s", "distance_mm"):
            return (
                (sites[1], "")
                if m.nerve in ("median", "tibial", "ulnar", "fibular") and name == "velocity_m_per_s"
                else (None, "it names no segment")
            )
        return (
            (sites[0], "")
            if sites and name in ("amplitude_mv", "latency_ms", "duration_ms", "area_mvms")
            else (None, "it names no site")
        )

    # ------------------------------------------------------------ percentages

    def is_percent(self, places: dict[int, tuple[_Place, str]]) -> bool:
        """Whether the sheet holds percentages of limits: its headings say so, or latencies and velocities do."""
        said = [self.top.meanings[c].percent for c, (_, name) in places.items() if name != "persistence_pct"]
        if said and sum(said) * 2 > len(said):
            return True
        latencies = self.numbers(
            c
            for c, (p, n) in places.items()
            if n == "latency_ms" and p.kind == "motor" and p.site in ("wrist", "ankle")
        )
        velocities = self.numbers(c for c, (_, n) in places.items() if n == "velocity_m_per_s")
        high_latency = len(latencies) > 0 and float(np.median(latencies)) > 25
        high_velocity = len(velocities) > 0 and float(np.median(velocities)) > 80
        return (high_latency and (high_velocity or not len(velocities))) or (high_velocity and not len(latencies))

    def numbers(self, columns: Iterable[int]) -> Floats:
        values = [read_cell(self.grid.raw(int(r), c), self.grid.comma).number for c in columns for r in self.rows[:200]]
        array = np.array(values, float)
        return array[np.isfinite(array)]

    # ------------------------------------------------------------ studies

    def studies(self) -> None:
        self.sheet.studies = [{"line": int(line)} for line in self.lines]
        named: dict[str, int] = {}
        for c, text in enumerate(self.headings):
            if not text or self.top.meanings.get(c, Meaning()).about_nerve:
                continue
            name = self.demographic(c)
            if name == "patient_name" or (name and name in named):
                continue
            if name:
                named[name] = c
            self.facts(name or text, c, covariate=name is None)
        if "patient_id" not in named:
            for s, line in zip(self.sheet.studies, self.lines, strict=True):
                s["unnamed"] = f"row {line}"
        for s in self.sheet.studies:
            if s.get("age_years") is None and s.get("date_of_birth") and s.get("study_date"):
                s["age_years"] = age_at(s["date_of_birth"], s["study_date"])
            s.pop("date_of_birth", None)

    def facts(self, name: str, c: int, covariate: bool) -> None:
        raws = [self.grid.raw(int(r), c) for r in self.rows]
        for s, raw, fact in zip(self.sheet.studies, raws, read_facts("" if covariate else name, raws), strict=True):
            if fact.problem:
                text = as_text(raw)
                self.sheet.report(
                    fact.problem, f"{text!r} cannot be read as {name}.", s["line"], self.headings[c], text
                )
            else:
                s[name] = fact.value

    # ------------------------------------------------------------ measurements

    def block(self, place: _Place, columns: dict[str, int]) -> None:
        """The responses of one nerve, side and site in all patients."""
        n = len(self.rows)
        block = Block.blank(np.arange(n, dtype=np.int32), self.lines)
        block.text = {
            "study": constant(place.kind, n),
            "nerve": constant(place.nerve, n),
            "side": constant(place.side, n),
            "stimulation": constant(place.site, n),
            "recording": constant(place.recording, n),
        }
        absent = np.full(n, -1, np.int32)
        said = np.zeros(n, bool)
        for k, name in enumerate(VALUES):
            block.values[name] = np.full(n, np.nan)
            if name not in columns:
                continue
            c = columns[name]
            label = self.sheet.label(c, self.headings[c])
            block.rows[:, k], block.columns[:, k] = self.lines, label
            for i, r in enumerate(self.rows):
                cell = self.cell(int(r), c, name)
                if cell.state is State.VALUE:
                    block.values[name][i] = cell.number
                    said[i] = True
                elif cell.state is State.UNREADABLE:
                    block.unreadable[i] |= BIT[name]
                    said[i] = True
                elif cell.state is State.NO_RESPONSE:
                    absent[i] = label
                    said[i] = True
        for name in LIMITS:
            block.limits[name] = np.full(n, np.nan)
        block.rows[:, RESPONSE_CELL], block.columns[:, RESPONSE_CELL] = self.lines, absent
        block.text["response"] = np.where(absent >= 0, 0, -1).astype(np.int32), ["absent"]
        keep = np.flatnonzero(said)
        self.sheet.blocks.append(block.take(keep))

    def cell(self, row: int, c: int, name: str) -> Cell:
        """One measurement in the unit of the readings."""
        raw = self.grid.raw(row, c)
        cell = read_cell(raw, self.grid.comma)
        line, heading = self.grid.line(row), self.headings[c]
        if cell.problem is not None:
            self.sheet.report_cell(cell, line, heading, as_text(raw), heading)
            return cell
        if cell.state is not State.VALUE or cell.unit is not None:
            return cell
        meaning = self.top.meanings[c]
        if name == "amplitude_uv" and meaning.unit == "mV":
            if cell.number >= 1:
                self.sheet.report(
                    "amplitude-unit-taken",
                    f"A sensory amplitude of {cell.number:g} under mV was read as µV.",
                    line,
                    heading,
                )
                return cell
            self.sheet.report(
                "amplitude-unit",
                f"A sensory amplitude of {cell.number:g} under mV may be mV or µV.",
                line,
                heading,
                f"{cell.number:g}",
            )
            return Cell(State.UNREADABLE)
        if name == "amplitude_mv" and meaning.unit == "uV":
            return replace(cell, number=cell.number / 1000)
        if name == "distance_mm" and meaning.unit is None and 0 < cell.number < 60:
            return replace(cell, number=cell.number * 10)
        return replace(cell, number=cell.number * meaning.factor) if meaning.factor != 1.0 else cell
