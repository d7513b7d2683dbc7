"""Column headings: which column of the readings table a heading means, in which unit."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from ncs_analyzer.ingest.demographic_headings import read_label
from ncs_analyzer.ingest.sides import BOTH, group_of
from ncs_analyzer.readings import LIMITS, STUDY_COLUMNS, VALUES
from ncs_analyzer.vocabulary.match import entries, lexicon, normalise, split_words, unglue
from ncs_analyzer.vocabulary.units import unit as known_unit


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading means. `role`: a heading meaning of vocabulary/words.toml or a demographic; `unit`, `factor`: as
    written; `limit`: it is a column of normal limits; `convention`: of an amplitude, if written."""

    role: str
    unit: str | None = None
    factor: float = 1.0
    limit: bool = False
    convention: str | None = None


ROLE_OF_COLUMN = {
    "latency_ms": "latency",
    "peak_latency_ms": "peak_latency",
    "amplitude_mv": "amplitude",
    "amplitude_uv": "amplitude",
    "area_mvms": "area",
    "duration_ms": "duration",
    "distance_mm": "distance",
    "velocity_m_per_s": "velocity",
    "persistence_pct": "f_persistence",
}
"""The heading role of each measured column of the tidy table."""

MEASURING_ROLES = frozenset(
    ("latency", "distal_latency", "peak_latency", "amplitude", "cmap", "snap", "area", "duration", "velocity",
     "f_latency", "h_latency", "f_persistence", "delta", "distance", "m_latency", "f_mean", "f_max", "rel_amplitude")
)  # fmt: skip
"""Roles that mark a row of headings as the top of a table of measurements."""

READ = MEASURING_ROLES - {"delta", "m_latency", "f_mean", "f_max", "rel_amplitude"}
"""Roles of the measures that become readings."""

LABELS = ("nerve", "nerve_site", "nerve_recording", "site")
LABELLING = (*LABELS, "side", "recording", "study", "segment", "site_1", "site_2")
"""Roles of columns that name something."""

_TIDY = {normalise(name): name for name in (*STUDY_COLUMNS, *VALUES, *LIMITS, "date_of_birth", "temperature_c")}
_TIDY |= {name: name for name in ("study", "nerve", "side", "recording", "stimulation", "response")}
_TIDY["amplitude convention"] = "amplitude_convention"
_UNITS = {
    "ms": ("latency", "distal_latency", "proximal_latency", "peak_latency", "duration", "delta", "f_latency", "h_latency",
           "m_latency", "f_mean", "f_max", "f_m", "chronodispersion"),
    "mV": ("amplitude", "cmap", "snap", "norm"),
    "uV": ("amplitude", "cmap", "snap", "norm"),
    "mm": ("distance",),
    "m/s": ("velocity",),
    "mV*ms": ("area",),
    "%": ("f_persistence", "rel_amplitude"),
}  # fmt: skip
"""What may be measured in each unit."""

_OF_STIMULUS = ("ma", "v", "us", "µs", "μs", "hz", "khz")
"""Units of the stimulus: a heading with one of them measures no response."""

_QUALIFIERS = {
    "f_latency": ("min", "minimum", "minimal", "shortest", "minima", "minimo", "minimale", "kurzeste", "最短", "最小",
                  "최소", "최단"),
    "f_mean": ("mean", "average", "avg", "mittel", "mittlere", "media", "medio", "moyenne", "mittelwert", "平均", "평균"),
    "f_max": ("max", "maximum", "maximal", "longest", "maxima", "maximale", "最长", "最長", "最大", "최대"),
}  # fmt: skip
LONGEST = 400
"""Letters of a heading; a longer text is none."""

_OF_DATABASES = ("cd", "desc", "descr", "flg", "flag", "txt", "val")
"""How the columns of databases end: SIDE_CD, REC_SITE_DESC. A SITE_CD may be the centre."""
_LETTERS = {"f": "f_latency", "h": "h_latency"}
"""What a letter beside a word for limits means: "F ULN"."""
_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_BETWEEN_LABELS = re.compile(r"\s*[/,;+&|\n→·・]\s*|\s*[-–—]\s*|\s+(?:and|und|et|y|e)\s+")


def tidy_name(text: str) -> str | None:
    """The tidy table's column that a heading names exactly (case and punctuation aside)."""
    return _TIDY.get(normalise(text))


def _unit_of(text: str) -> tuple[str, tuple[str, float] | None]:
    """A heading without its unit, and the unit: in brackets, after a comma, or as the last word."""
    for inner in _BRACKETS.findall(text):
        found = known_unit(inner)
        if found:
            return _BRACKETS.sub(lambda m: " " if known_unit(m[1]) else m[0], text).strip(), found
    head, comma, tail = text.rpartition(",")
    if comma and known_unit(tail):
        return head, known_unit(tail)
    words = text.replace("_", " ").split()
    if len(words) > 1 and _whole(text) != "f_persistence" and not (words[-1] == "%" and _whole(text)):
        for size in (3, 2, 1):
            tail = " ".join(words[-size:])
            if len(words) > size and (len(tail) > 1 or tail == "%") and known_unit(tail):
                return " ".join(words[:-size]), known_unit(tail)
    return text, None


_BOTH_UNITS = re.compile(
    r"[(\[]?\s*(?:mot\w*\.?:?\s*)?mV\s*[)\]]?\s*(?:[,/;|]|or|oder|bzw\.?|ou|o|y|und|and)\s*[(\[]?\s*(?:sens\w*\.?:?\s*)?[uµμ]V\s*[)\]]?",
    re.IGNORECASE,
)
"""The units of motor and of sensory amplitudes in one heading: the rows tell which."""


@lru_cache(1 << 14)
def read_heading(text: str) -> Heading | None:
    """What a heading means, or None."""
    if len(text) > LONGEST:
        return None
    text = unicodedata.normalize("NFKC", text).strip()
    if text == "F%":
        text = "F persistence (%)"
    if text == "Uln":
        return None  # the nerve; the upper limit of normal is written ULN
    tidy = tidy_name(text)
    if tidy in ROLE_OF_COLUMN:
        return Heading(ROLE_OF_COLUMN[tidy], VALUES[tidy])
    if tidy in LIMITS:
        column = LIMITS[tidy]
        return Heading(ROLE_OF_COLUMN.get(column, column), VALUES.get(column), limit=True)
    if any(inner.strip().casefold() in _OF_STIMULUS for inner in _BRACKETS.findall(text)):
        return None
    bare, found = _unit_of(_BOTH_UNITS.sub(" ", text).strip())
    unit, factor = found or (None, 1.0)
    words = split_words(bare) if not _whole(bare) else normalise(bare).split()
    limit = False
    role = _whole(bare) or _role(words)
    if unit == "%" and lexicon("study")(bare) == "f_wave":
        role = "f_persistence"
    if role is None or role == "norm":
        norm, rest = lexicon_take_norm(words if role or len(words) > 1 else unglue(words, "heading"))
        if norm:
            limit, words = True, rest
            role = (_role(words) or _LETTERS.get(" ".join(words))) if words else "norm"
    if role is None and len(words) > 1 and words[-1] in _OF_DATABASES:
        role = _role(words[:-1])
        role = None if (role, words[-1]) == ("site", "cd") else role
    if role is None:
        role = _composed(words) or _of_labels(bare)
    if role is None and re.search(r"[/|]", bare):
        roles = {_whole(part) for part in re.split(r"[/|]", bare)}
        if len(roles) == 1 or roles == {"distal_latency", "latency"}:
            role = next(iter(sorted(r for r in roles if r)), None)
    if role is None and _BRACKETS.search(bare):
        outside = read_heading(_BRACKETS.sub(" ", bare).strip()) if _BRACKETS.sub("", bare).strip() else None
        heading = _with_aside(outside, " ".join(_BRACKETS.findall(bare))) if outside is not None else None
        return heading if heading is None or found is None else in_unit(heading, unit or "", factor)
    if role is None:
        label = read_label(text)
        known = len(label) == 1 and label[0].role not in ("weak_id", "examination")
        return Heading(label[0].role) if known else None
    heading = Heading(role, None, 1.0, limit, _convention(words))
    return heading if unit is None else in_unit(heading, unit, factor)


@lru_cache(1 << 14)
def label_roles(text: str) -> tuple[str, ...]:
    """What the parts of a cell name and in which order, where its heading says so: "Nerve / muscle / site"."""
    parts = [part for part in _BETWEEN_LABELS.split(unicodedata.normalize("NFKC", text)) if part.strip()]
    roles = tuple(role for part in parts if (role := _whole(part)) in LABELLING)
    return roles if len(roles) == len(parts) > 1 else ()


def _of_labels(text: str) -> str | None:
    """The role of a heading that names several labels at once."""
    roles = set(label_roles(text))
    if roles == {"nerve", "recording"}:
        return "nerve_recording"
    return "nerve_site" if {"nerve", "nerve_site"} & roles else "site" if "site" in roles else None


def _with_aside(heading: Heading, inner: str) -> Heading:
    """A heading with what stands in brackets beside it: a mean, a ratio or a percentage is another thing."""
    words = unglue(normalise(inner).split(), "qualifier", "comparison")
    if heading.role == "norm" and (own := read_heading(inner)) is not None and own.role in MEASURING_ROLES:
        return replace(own, limit=True)  # "Ref. (peak)"
    if heading.role not in MEASURING_ROLES or not words:
        return heading
    late = heading.role in ("latency", "f_latency")
    mark = next((n for n, marked in _QUALIFIERS.items() if any(normalise(w) in words for w in marked)), None)
    if late and mark is not None:
        return replace(heading, role=mark)
    if mark in ("f_mean", "f_max") or "%" in words or any(w in _reckoned() for w in words) or group_of(inner) == BOTH:
        return replace(heading, role="rel_amplitude", unit=None)
    return heading


@cache
def _reckoned() -> frozenset[str]:
    """Words of what is reckoned from measurements: ratios, differences, scores, percentages."""
    own = entries("wide")
    return frozenset(normalise(w) for w in (*own["derived"]["yes"], *own["percent"]["yes"], *own["percent"]["limit"]))


def in_unit(heading: Heading, unit: str, factor: float) -> Heading | None:
    """A heading with its unit: a percentage of something else is no measurement, a segment in mm is its length, and a
    site has no unit."""
    if heading.role == "segment" and unit == "mm":
        return replace(heading, role="distance", unit=unit, factor=factor)
    if heading.role in (*LABELLING, "response"):
        return None
    if unit == "%" and heading.role not in _UNITS["%"]:
        return replace(heading, role="rel_amplitude", unit=unit)
    if heading.role == "velocity" and unit == "ms":
        unit = "m/s"  # without its stroke: "CV_ms"
    known = unit in _UNITS and any(heading.role in roles for roles in _UNITS.values())
    if known and heading.role not in _UNITS[unit] and heading.role != "norm":
        return None
    return replace(heading, unit=unit, factor=factor)


def _composed(words: list[str]) -> str | None:
    """The role of a heading of several words that the vocabulary holds only one by one: F波最短潜伏期."""
    words = unglue(words, "study", "heading", "qualifier")
    role = _role(words)
    if role is not None:
        return role
    convention, rest = lexicon("convention").take(words)
    if convention and _role(rest) in ("amplitude", "cmap", "snap"):
        return _role(rest)
    kind, rest = lexicon("study").take(words)
    rest = [w for w in rest if w != "f"]
    marks = {name for name, marked in _QUALIFIERS.items() if any(normalise(w) in rest for w in marked)}
    qualifiers = {normalise(w) for marked in _QUALIFIERS.values() for w in marked}
    core = _role([w for w in rest if w not in qualifiers])
    late = kind == "f_wave" or "f" in words or bool(marks)
    if late and core in ("latency", "f_latency", "distal_latency") and len(marks) < 2:
        return marks.pop() if marks else "f_latency"
    if late:
        return core if core == "f_persistence" else None
    if (kind == "h_reflex" or "h" in words) and _role([w for w in rest if w != "h"]) == "latency":
        return "h_latency"
    core = (_role(rest) if kind else None) or _twice(words)
    return core if core in _PLAIN else None


_PLAIN = ("latency", "distal_latency", "peak_latency", "amplitude", "cmap", "snap", "velocity", "duration", "area")
KINDRED = (("peak_latency", "latency"), ("distal_latency", "latency"), ("cmap", "amplitude"), ("snap", "amplitude"))
"""Roles of which the first says more than the second."""


def _twice(words: list[str]) -> str | None:
    """The role of words that name one measure twice: "Amplitud PAMC", "Latenz Peak"."""
    for cut in range(1, len(words)):
        roles = _role(words[:cut]), _role(words[cut:])
        if roles[0] is not None and roles[0] == roles[1]:
            return roles[0]
        for pair in KINDRED:
            if set(roles) == set(pair):
                return pair[0]
    return None


def _whole(text: str) -> str | None:
    return lexicon("heading")(text)


def _role(words: list[str]) -> str | None:
    return lexicon("heading").meaning.get(" ".join(words))


def lexicon_take_norm(words: list[str]) -> tuple[bool, list[str]]:
    """Whether the words speak of a normal limit, and the words without that."""
    for size in (3, 2, 1):
        for start in (0, len(words) - size):
            if start >= 0 and lexicon("heading").meaning.get(" ".join(words[start : start + size])) == "norm":
                return True, words[:start] + words[start + size :]
    return False, words


def _convention(words: list[str]) -> str | None:
    found = lexicon("convention").find([w for w in words if w not in ("amp", "ampl", "amplitude")] or words)
    return found[0] if found else None
