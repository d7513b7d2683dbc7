"""Column headings: which column of the readings table a heading means, in which unit."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from ncs_analyzer.readings import LIMITS, STUDY_COLUMNS, VALUES
from ncs_analyzer.vocabulary.match import lexicon, normalise, split_words
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

_TIDY = {normalise(name): name for name in (*STUDY_COLUMNS, *VALUES, *LIMITS, "date_of_birth", "temperature_c")}
_TIDY |= {name: name for name in ("study", "nerve", "side", "recording", "stimulation", "response")}
_TIDY["amplitude convention"] = "amplitude_convention"
_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")


def tidy_name(text: str) -> str | None:
    """The tidy table's column that a heading names exactly (case and punctuation aside)."""
    return _TIDY.get(normalise(text))


def _unit_of(text: str) -> tuple[str, tuple[str, float] | None]:
    """A heading without its unit, and the unit: in brackets, after a comma, or as the last word."""
    for inner in _BRACKETS.findall(text):
        found = known_unit(inner)
        if found:
            return _BRACKETS.sub(" ", text), found
    head, comma, tail = text.rpartition(",")
    if comma and known_unit(tail):
        return head, known_unit(tail)
    words = text.replace("_", " ").split()
    if len(words) > 1:
        for size in (3, 2, 1):
            tail = " ".join(words[-size:])
            if len(words) > size and len(tail) > 1 and known_unit(tail):
                return " ".join(words[:-size]), known_unit(tail)
    return text, None


@cache
def read_heading(text: str) -> Heading | None:
    """What a heading means, or None."""
    text = unicodedata.normalize("NFKC", text).strip()
    tidy = tidy_name(text)
    if tidy in ROLE_OF_COLUMN:
        return Heading(ROLE_OF_COLUMN[tidy], VALUES[tidy])
    if tidy in LIMITS:
        column = LIMITS[tidy]
        return Heading(ROLE_OF_COLUMN.get(column, column), VALUES.get(column), limit=True)
    bare, found = _unit_of(text)
    unit, factor = found or (None, 1.0)
    words = split_words(bare) if not _whole(bare) else normalise(bare).split()
    limit = False
    role = _whole(bare) or _role(words)
    if role is None or role == "norm":
        norm, rest = lexicon_take_norm(words)
        if norm:
            limit, words = True, rest
            role = _role(words) if words else "norm"
    if role is None and re.search(r"[/|]", bare):
        roles = {_whole(part) for part in re.split(r"[/|]", bare)}
        if len(roles) == 1 or roles == {"distal_latency", "latency"}:
            role = next(iter(sorted(r for r in roles if r)), None)
    if role is None and _BRACKETS.search(bare):
        return read_heading(_BRACKETS.sub(" ", bare).strip()) if _BRACKETS.sub("", bare).strip() else None
    if role is None:
        demographic = lexicon("demographic")(bare) or lexicon("demographic")(text)
        return Heading(demographic) if demographic else None
    return Heading(role, unit, factor, limit, _convention(words))


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
