"""What numbers stand for in columns of sex, where a legend, a heading or a code book of the file says it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ncs_analyzer.ingest.demographic_headings import both_sexes, read_label, sex_codes
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.vocabulary.match import lexicon

_WORDED: Final = re.compile(r"[^\W\d_]")
_LOOKED_AT: Final = 400
"""Rows of a sheet that are searched; code books are short."""
_FEW, _CELLS = 20, 40_000
"""Rows of a very wide sheet, and cells, that are searched."""


def sexes_of(grids: Sequence[Grid]) -> dict[str, str]:
    """The sexes by their numbers, as the sheets of one file explain them; empty where two explanations differ."""
    found = [codes for grid in grids for codes in _explained(grid)]
    return found[0] if found and all(codes == found[0] for codes in found) else {}


def _explained(grid: Grid) -> Iterator[dict[str, str]]:
    pairs: list[tuple[str, str]] = []
    about_sex = False
    for row in range(min(grid.height, _LOOKED_AT, max(_FEW, _CELLS // max(grid.width, 1)))):
        texts = grid.row(row)
        worded = dict.fromkeys(t for t in texts if t and _WORDED.search(t))
        for text in worded:
            if codes := sex_codes(text):
                yield codes
        if any(_names_sex(t) for t in worded):
            about_sex = True
        elif not texts or texts[0]:
            about_sex = False
        if about_sex:
            numbers = [t for t in texts if len(t) == 1 and t.isdigit()]
            words = [t for t in worded if lexicon("sex")(t)]
            pairs += [(numbers[0], words[0])] if len(numbers) == len(words) == 1 else []
    if codes := both_sexes(pairs):
        yield codes


def _names_sex(text: str) -> bool:
    label = read_label(text) if len(text) < 40 else ()
    return len(label) == 1 and label[0].role == "sex"
