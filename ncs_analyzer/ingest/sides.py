"""Sides in headings and in columns of sides: "L Lat (ms)", "Vel R", "Difference", "D" for derecho."""

import re
from functools import lru_cache
from typing import Final

from ncs_analyzer.vocabulary.match import lexicon, normalise, unglue
from ncs_analyzer.vocabulary.units import unit as known_unit

BOTH: Final = "both"
"""Stands for a heading that compares the two sides."""

_LETTERS: Final = {"d": "right", "i": "left", "g": "left", "e": "left", "s": "left"}
"""Initials of derecho, droit, direito, destra; izquierdo, gauche, esquerdo, sinistra."""

_UNSPACED: Final = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_COMPARISON: Final = "comparison"
"""The meaning in the vocabulary of a heading that compares the sides."""


def initial_of(word: str) -> str | None:
    """The side that an initial beside the name of a nerve means: "D Mediano", "Médian G"; S may mean sensory."""
    return None if word == "s" else _LETTERS.get(word)


def side_of(text: str) -> str | None:
    """The side a cell of a column of sides names; an initial is enough there."""
    return lexicon("side")(text) or _LETTERS.get(normalise(text))


@lru_cache(1 << 14)
def group_of(text: str) -> str | None:
    """The side, or the comparison of both, that a heading above other headings names: "RIGHT", "Left hand", "Diff. L-R"."""
    if "/" in text and lexicon("heading")(text) == "side":
        return None  # "L/R" is the heading of a column of sides
    if lexicon(_COMPARISON)(text):
        return BOTH
    words = unglue(normalise(text).split(), "side", "limb", _COMPARISON)
    said = [meaning for w in words if (meaning := _word_of_group(w)) is not None]
    if len(said) < len(words) or len(words) > 6:
        return lexicon("side")(text)
    if BOTH in said:
        return BOTH
    sides = {meaning for meaning in said if meaning in ("left", "right")}
    return next(iter(sides)) if len(sides) == 1 else None


def _word_of_group(word: str) -> str | None:
    """What one word of such a heading says: a side, a comparison, or ("") nothing of its own."""
    if lexicon(_COMPARISON)(word):
        return BOTH
    side = lexicon("side")(word)
    nothing = lexicon("limb")(word) or word in _LETTERS or known_unit(word)
    return side if side is not None else "" if nothing else None


def _parted(word: str) -> tuple[str, ...]:
    """A word of a script without spaces, with the side at its beginning or end set apart: 左侧潜伏期(ms)."""
    if not _UNSPACED.search(word):
        return (word,)
    sides = sorted((w for w in lexicon("side").meaning if _UNSPACED.search(w)), key=len, reverse=True)
    for side in sides:
        if word.startswith(side) and len(word) > len(side) and word[len(side)] not in "右左侧側우좌측差":
            return side, word[len(side) :]
        if word.endswith(side) and len(word) > len(side):
            return word[: -len(side)], side
    return (word,)


@lru_cache(1 << 14)
def sided_heading(text: str, initials: bool = False) -> tuple[str, str] | None:
    """The side in front of or behind a heading, and the heading without it; `BOTH` where it compares the sides.

    `initials`: D, I and the like count as sides.
    """
    side_in = side_of if initials else lexicon("side")
    words = [w for part in text.replace("_", " ").replace("-", " - ").split() for w in _parted(part)]
    plain = [w for w in words if w not in ("-", "/")]
    for size in (1, 2):
        for first, rest in ((plain[:size], plain[size:]), (plain[-size:], plain[:-size])):
            if rest and lexicon(_COMPARISON)(" ".join(first)):
                return BOTH, " ".join(rest)
    for index in (0, len(plain) - 1):
        if len(plain) > 1 and (side := side_in(plain[index])) is not None:
            rest = plain[:index] + plain[index + 1 :]
            return side, " ".join(rest)
    if len(plain) > 2 and plain[-1][:1] in "([" and (side := side_in(plain[-2])) is not None:
        return side, " ".join((*plain[:-2], plain[-1]))
    return None
