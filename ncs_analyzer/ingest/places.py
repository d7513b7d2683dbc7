"""Free text that names nerve, side, kind of study, muscle and site: "Left Ulnar Motor (Abd Dig Minimi)"."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from ncs_analyzer.vocabulary.match import lexicon, normalise

_BRACKETS: Final = re.compile(r"[(\[（]([^)\]）]*)[)\]）]")
_FILLERS: Final = frozenset(
    [
        "nerve",
        "n",
        "nervus",
        "nervi",
        "nervio",
        "nervo",
        "nerf",
        "motor",
        "motoric",
        "study",
        "studies",
        "conduction",
        "rec",
        "recording",
        "record",
        "to",
        "from",
        "stim",
        "at",
        "muscle",
        "m",
        "mrkrs",
        "markers",
        "summary",
        "table",
        "anti",
        "ortho",
        "the",
        "of",
        "de",
        "du",
        "des",
        "le",
        "la",
        "response",
        "responses",
        "latency",
        "wave",
        "point",
        "and",
    ]
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a text names; None where it does not. `rest`: words that were not understood."""

    nerve: str | None = None
    side: str | None = None
    study: str | None = None
    recording: str | None = None
    site: str | None = None
    rest: tuple[str, ...] = ()


@cache
def read_place(text: str) -> Place:
    """Read one cell. A text in brackets names the recording site; outside them longest phrases win."""
    inside = " ".join(_BRACKETS.findall(text))
    outside = normalise(_BRACKETS.sub(" ", text)).split()
    recording = lexicon("places")(inside) if inside else None
    inner_words = normalise(inside).split()
    if inside and recording is None:
        recording, inner_words = lexicon("places").take(inner_words)
    elif recording:
        inner_words = []
    side, outside = lexicon("side").take(outside)
    if side is None:
        side, inner_words = lexicon("side").take(inner_words)
    nerve, outside = lexicon("nerves").take(outside)
    study, outside = _study(outside)
    if study is None:
        study, inner_words = _study(inner_words)
    outside = [w for w in outside if w not in _FILLERS]
    site: str | None = None
    if outside:
        site, outside = lexicon("places").take(outside)
        if site and nerve and recording is None and lexicon("muscles").meaning.get(normalise(text)) is None:
            second, remaining = lexicon("places").take(outside)
            if second:
                recording, outside = second, remaining
    if nerve is None and side is None and site is None and recording:
        site, recording = recording, None
    rest = tuple(w for w in (*outside, *inner_words) if w not in _FILLERS)
    return Place(nerve, side, study, recording, site, rest)


def _study(words: list[str]) -> tuple[str | None, list[str]]:
    """The kind of study; CMAP and SNAP name a measure and say it too."""
    return lexicon("study").take(words)
