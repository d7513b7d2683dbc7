"""The headings that stand above each other in one column: together they say measure, side, site, kind of study and limit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ncs_analyzer.ingest.headings import LABELLING, MEASURING_ROLES, Heading, in_unit, read_heading
from ncs_analyzer.ingest.places import Place, read_place
from ncs_analyzer.ingest.segments import read_segment, segment_ends
from ncs_analyzer.ingest.sides import group_of
from ncs_analyzer.vocabulary.anatomy import SITE_LIMB, SITE_ORDER, in_limb
from ncs_analyzer.vocabulary.match import lexicon, normalise
from ncs_analyzer.vocabulary.units import unit as known_unit

NORM: Final = "norm"
"""Stands for a heading that says nothing but that the columns below it hold limits."""


@dataclass(frozen=True, slots=True)
class Stack:
    """What the headings of a column say together. `text`: the one that names the measure; `heading` None: no measure, or
    one that contradicts itself; `side`: also BOTH; `site`: of stimulation, or the proximal end of a segment; two
    ("wrist/ankle") where the limb decides."""

    text: str
    heading: Heading | None = None
    side: str | None = None
    site: str | None = None
    kind: str | None = None
    nerve: str | None = None
    recording: str | None = None
    unit: tuple[str, float] | None = None
    """As a heading of its own writes it."""


@lru_cache(1 << 14)
def group_words(text: str) -> tuple[tuple[str, str], ...]:
    """What a heading above or below others says of them: one slot and value, or a nerve with what stands beside it."""
    one = group_word(text)
    if one is not None or len(text) > 60:
        return () if one is None else (one,)
    place = read_place(text)
    if place.nerve is None or place.rest or place.inner or place.site is not None or read_heading(text) is not None:
        return ()
    slots = {"nerve": place.nerve, "side": place.side, "kind": place.study, "recording": place.recording}
    return tuple((slot, value) for slot, value in slots.items() if value is not None)


@lru_cache(1 << 14)
def group_word(text: str) -> tuple[str, str] | None:
    """What a heading above or below others says of them, as slot and value: side, limits, site, segment or kind of study."""
    if len(text) > 60:
        return None
    side = group_of(text)
    if side is not None:
        return "side", side
    heading = read_heading(text)
    if heading is not None and heading.role == "norm":
        return NORM, NORM
    place = read_place(text)
    if heading is None and (ends := segment_ends(text)) and {SITE_LIMB.get(e) for e in ends} == {"upper", "lower"}:
        return "site", "/".join(ends)
    if heading is None and place.nerve is None and (segment := read_segment(text)) is not None:
        return ("segment", segment.proximal) if segment.distal is not None else None
    if place.rest or place.nerve or place.side or place.recording or place.inner:
        return None
    if place.site in SITE_ORDER and place.second is None and place.study is None and heading is None:
        return "site", place.site or ""
    return ("kind", place.study) if place.study is not None and place.site is None else None


def site_of_limb(site: str, nerve: str) -> str | None:
    """The site that a heading names for a nerve: "wrist/ankle" is the ankle of the tibial nerve; None where none fits."""
    return next((one for one in site.split("/") if in_limb(one, nerve)), None)


def says_limits(text: str) -> bool:
    """Whether a title speaks of limits: "Normal limits", "Normal values - Motor Median"."""
    if group_word(text) == (NORM, NORM):
        return True
    heads = (read_heading(part) for part in text.replace(":", " - ").split(" - "))
    if any(h is not None and h.role == "norm" for h in heads):
        return True
    first, _, rest = text.strip().partition(" ")
    leading = first != "Uln" and lexicon("heading")(first) == "norm"
    place = read_place(rest) if leading else Place()
    return (place.nerve is not None or place.study is not None) and not place.rest


_MEASURE: Final = re.compile(r"am|cmap|map|lat|vel|cv|nlg|振幅|波幅|潜|速|진폭|잠복|속도", re.IGNORECASE)
_END: Final = re.compile(r"dist|prox|pros|^[dp]\s?[ac]?mp?|map[dp]$|远|遠|近|원위|근위|말단", re.IGNORECASE)


def measures_at_a_site(text: str) -> bool:
    """Whether a text names a measure together with a site or an end of the nerve, and no nerve: "Amp elbow", "pCMAP"."""
    place = read_place(text) if _MEASURE.search(text) else None
    if place is None or place.nerve or not (_END.search(text) or (place.site and place.rest)):
        return False
    from ncs_analyzer.ingest.layouts.wide_headings import read_wide_heading

    meaning = read_wide_heading(text)
    return meaning.names_measure and meaning.understood and not meaning.names_nerve


@lru_cache(1 << 12)
def names_end(text: str) -> bool:
    """Whether a heading above others says that they are measured at the distal or at the proximal end: "Distal
    stimulation"."""
    if not _END.search(text) or read_heading(text) is not None or len(text) > 40:
        return False
    from ncs_analyzer.ingest.layouts.wide_headings import read_wide_heading

    meaning = read_wide_heading(text)
    return meaning.end is not None and meaning.understood and not meaning.names_measure and not meaning.names_nerve


@lru_cache(1 << 14)
def read_stack(texts: tuple[str, ...]) -> Stack:
    """Read the headings of one column, from top to bottom; blanks and repetitions are passed over."""
    said: dict[str, str] = {}
    words: list[str] = []
    named: list[str] = []
    unit = None
    sound = True
    for text in dict.fromkeys(t for t in texts if t):
        groups = group_words(text)
        if groups:
            sound = sound and all(said.setdefault(slot, value) == value for slot, value in groups)
            named.append(text)
        elif (written := known_unit(text)) is not None and len(texts) > 1:
            unit = written
        else:
            words.append(text)
    lowest = next((t for t in reversed(texts) if t), "")
    if words and lowest in named and (own := read_heading(lowest)) is not None and own.role in MEASURING_ROLES:
        words.append(lowest)  # "MCV" says the kind of study, and is the measure too
    last = words[-1] if words else named[-1] if named else ""
    kind, side = said.get("kind"), said.get("side")
    heading, text = _measure(words, [t for t in named if group_words(t) == (("kind", kind),)], kind)
    kind = None if heading is not None and not words else kind
    if heading is not None and unit is not None and heading.unit is None:
        heading = in_unit(heading, *unit)
    if NORM in said:
        heading = replace(heading, limit=True) if heading is not None else Heading("norm", limit=True)
    site = said.get("segment") or said.get("site")
    if heading is not None and site is not None:
        heading = _at(heading, "segment" in said)
    return Stack(
        text or last, heading if sound else None, side, site, kind, said.get("nerve"), said.get("recording"), unit
    )


def _at(heading: Heading, segment: bool) -> Heading | None:
    """A measure below a site; below a segment only what is measured between two sites."""
    if heading.role in ("distal_latency", "proximal_latency"):
        heading = replace(heading, role="latency")
    return None if segment and heading.role not in ("velocity", "distance") else heading


def _measure(words: Sequence[str], kinds: Sequence[str], kind: str | None) -> tuple[Heading | None, str]:
    """The measure that the words name, with the text that stands for them."""
    if not words:
        text = kinds[-1] if kinds else ""
        return (read_heading(text), text) if text else (None, "")
    last = words[-1]
    own = read_heading(last)
    if own is not None and own.role in LABELLING:
        return own, last
    if kind in ("f_wave", "h_reflex"):
        late = (
            own
            if own is not None and own.role in _LATE
            else read_heading(f"{kinds[-1]} {last}") or read_heading(f"{kind[0]} {last}")
        )
        return (late if late is not None and late.role in _LATE else None), last
    if len(words) == 1 or (own is not None and own.limit and own.role in MEASURING_ROLES):
        return own, last  # "Ref. (peak)" below "Latency"
    whole = " ".join(words)
    bare = [(_UNIT.sub("", t), _UNIT.search(t)) for t in words]
    units = [found[0] for _, found in bare if found is not None]
    joined = read_heading(whole) or read_heading(" ".join([*(t for t, _ in bare), *units[-1:]]))
    if joined is not None and not (own is not None and joined.role in LABELLING):
        return joined, whole
    upper = [read_heading(t) for t in words[:-1]]
    if own is not None and all(_repeats(h, own) or _adds_nothing(t) for h, t in zip(upper, words, strict=False)):
        return own, last
    return None, whole


_UNIT: Final = re.compile(r"[(\[][^()\[\]]{1,8}[)\]]")
_KINDRED: Final = (
    frozenset(("latency", "distal_latency", "peak_latency")),
    frozenset(("latency", "f_latency", "m_latency")),
    frozenset(("latency", "h_latency")),
    frozenset(("amplitude", "cmap", "snap")),
)


def kindred(one: str, other: str) -> bool:
    """Whether two roles are one measure, of which one heading says more than the other."""
    return any({one, other} <= together for together in _KINDRED)


def _repeats(upper: Heading | None, lower: Heading) -> bool:
    """Whether the upper heading says the same as the lower one, or less."""
    if upper is not None and upper.role == "segment" and lower.role in ("velocity", "distance"):
        return True
    return upper is not None and (upper.role == lower.role or kindred(upper.role, lower.role))


_LATE: Final = (
    "f_latency",
    "f_mean",
    "f_max",
    "f_persistence",
    "h_latency",
    "m_latency",
    "chronodispersion",
    "f_m",
    "norm",
)


def _adds_nothing(text: str) -> bool:
    """Whether a heading above others is a mere title: words that say nothing of what is measured."""
    filler = lexicon("filler").meaning
    return read_place(text) == Place() and all(w in filler or lexicon("study")(w) for w in normalise(text).split())
