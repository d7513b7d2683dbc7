"""Sides in headings and in columns of sides: "L Lat (ms)", "Vel R", "Difference", "D" for derecho."""

from functools import cache
from typing import Final

from ncs_analyzer.vocabulary.match import lexicon, normalise

BOTH: Final = "both"
"""Stands for a heading that compares the two sides."""

_LETTERS: Final = {"d": "right", "i": "left", "g": "left", "e": "left", "s": "left"}
"""Initials of derecho, droit, direito, destra; izquierdo, gauche, esquerdo, sinistra."""

_COMPARISON: Final = frozenset(
    normalise(word)
    for word in (
        "difference", "diff", "side difference", "differenz", "seitendifferenz", "diferencia", "difference", "differenza",
        "diferenca", "delta", "asymmetry", "ratio", "l r", "r l", "l r diff", "r l diff", "l r difference", "差", "差值",
        "左右差", "차이", "좌우차", "di", "re li", "d i", "i d", "dx sn", "sn dx",
    )
)  # fmt: skip


def side_of(text: str) -> str | None:
    """The side a cell of a column of sides names; an initial is enough there."""
    return lexicon("side")(text) or _LETTERS.get(normalise(text))


def group_of(text: str) -> str | None:
    """The side, or the comparison of both, that a heading above other headings names."""
    return BOTH if normalise(text) in _COMPARISON else lexicon("side")(text)


@cache
def sided_heading(text: str) -> tuple[str, str] | None:
    """The side in front of or behind a heading, and the heading without it; `BOTH` where it compares the sides."""
    words = text.replace("_", " ").replace("-", " - ").split()
    plain = [w for w in words if w not in ("-", "/")]
    for size in (1, 2):
        for first, rest in ((plain[:size], plain[size:]), (plain[-size:], plain[:-size])):
            if rest and normalise(" ".join(first)) in _COMPARISON:
                return BOTH, " ".join(rest)
    for index in (0, len(plain) - 1):
        if len(plain) > 1 and (side := lexicon("side")(plain[index])) is not None:
            rest = plain[:index] + plain[index + 1 :]
            return side, " ".join(rest)
    if len(plain) > 2 and plain[-1][:1] in "([" and (side := lexicon("side")(plain[-2])) is not None:
        return side, " ".join((*plain[:-2], plain[-1]))
    return None
