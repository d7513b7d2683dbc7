"""Sides in headings and in columns of sides: "L Lat (ms)", "Vel R", "Difference", "D" for derecho."""

from functools import cache
from typing import Final

from ncs_analyzer.vocabulary.match import lexicon, normalise

BOTH: Final = "both"
"""Stands for a heading that compares the two sides."""

_LETTERS: Final = {"d": "right", "i": "left", "g": "left", "e": "left", "s": "left"}
"""Initials of derecho, droit, direito, destra; izquierdo, gauche, esquerdo, sinistra."""

_COMPARISON: Final = "comparison"
"""The meaning in the vocabulary of a heading that compares the sides."""


def side_of(text: str) -> str | None:
    """The side a cell of a column of sides names; an initial is enough there."""
    return lexicon("side")(text) or _LETTERS.get(normalise(text))


def group_of(text: str) -> str | None:
    """The side, or the comparison of both, that a heading above other headings names."""
    return BOTH if lexicon(_COMPARISON)(text) else lexicon("side")(text)


@cache
def sided_heading(text: str, initials: bool = False) -> tuple[str, str] | None:
    """The side in front of or behind a heading, and the heading without it; `BOTH` where it compares the sides.

    `initials`: D, I and the like count as sides.
    """
    side_in = side_of if initials else lexicon("side")
    words = text.replace("_", " ").replace("-", " - ").split()
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
