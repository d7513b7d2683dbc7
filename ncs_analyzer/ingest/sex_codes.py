"""What numbers stand for in columns of sex, where a legend, a heading or a code book of the file says it."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
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
    if not _may_explain(grid):
        return
    pairs: list[tuple[str, str]] = []
    about_sex = False
    for row in range(min(grid.height, _LOOKED_AT, max(_FEW, _CELLS // max(grid.width, 1)))):
        texts = grid.row(row)
        worded = dict.fromkeys(t for t in texts if t and _WORDED.search(t))
        for text in worded:
            if codes := _codes_in(text):
                yield codes
        if any(map(_names_sex, worded)):
            about_sex = True
        elif not texts or texts[0]:
            about_sex = False
        if about_sex:
            numbers = [t for t in texts if len(t) == 1 and t.isdigit()]
            words = [t for t in worded if lexicon("sex")(t)]
            pairs += [(numbers[0], words[0])] if len(numbers) == len(words) == 1 else []
    if codes := both_sexes(pairs):
        yield codes


def _may_explain(grid: Grid) -> bool:
    """Whether any text spells codes out, or two words for a sex may stand beside codes."""
    words: set[str] = set()

    def telling(text: str) -> bool:
        if lexicon("sex")(text):
            words.add(text)
        return len(words) > 1 or bool(_codes_in(text))

    return grid.may_hold(telling)


def _codes_in(text: str) -> dict[str, str]:
    return _codes_in_short(text) if len(text) < _SHORT else sex_codes(text)


_SHORT: Final = 60
"""Letters of a text that is remembered once it was looked at; the same ones return in every row and file."""
_codes_in_short: Final = lru_cache(1 << 14)(sex_codes)


def _names_sex(text: str) -> bool:
    return len(text) < _LONGEST_LABEL and _labels_sex(text)


_LONGEST_LABEL: Final = 40


@lru_cache(1 << 14)
def _labels_sex(text: str) -> bool:
    label = read_label(text)
    return len(label) == 1 and label[0].role == "sex"
