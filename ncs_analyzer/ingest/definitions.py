"""What a file says of its own words: what its abbreviations, its variables and its codes stand for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ncs_analyzer.ingest.cells import BLANK, Cell, Raw, State, as_text, read_cell
from ncs_analyzer.vocabulary.match import lexicon, normalise


@dataclass(frozen=True)
class Definitions:
    """`words`: abbreviations and codes of the whole file; `labels`: of variables, by their normalised name; `codes`: of
    the values of one variable. Every meaning is a phrase of the file. `sexes`: F or M by the number that stands for it.
    `date_order`: of day, month and year in the language of the file, where it is known ("dmy")."""

    words: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sexes: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None

    def label(self, heading: str) -> str | None:
        """What the file calls the variable at length."""
        return self.labels.get(normalise(heading))

    def phrase(self, heading: str, raw: Raw) -> str | None:
        """What a cell below a heading stands for, where the file defines it."""
        text = as_text(raw).casefold()
        own = self.codes.get(normalise(heading), {}).get(text)
        return own if own is not None or text not in self.words else self.words[text]

    def state(self, heading: str, raw: Raw) -> str | None:
        """no_response, not_tested or present, where the file defines the cell so."""
        phrase = self.phrase(heading, raw)
        if phrase is None:
            return None
        text = as_text(raw)
        plain = lexicon("state")(text) if len(text) > _ABBREVIATED else None  # words say what they say: "NO F WAVE"
        return plain or state_of(phrase)

    def cell(self, heading: str, raw: Raw, comma: bool) -> Cell:
        """A measured cell, by the file's own words for no response and for not tested, else as it is written."""
        state = self.state(heading, raw) if self.words or self.codes else None
        if state in _CELLS:
            return _CELLS[state]
        return read_cell(raw, comma)

    def decoded(self, heading: str, raw: Raw, table: str | None) -> Raw:
        """A cell about the patient without its code: nothing where it says "missing"; the word of `table` (sex, side) that
        it stands for."""
        phrase = self.phrase(heading, raw)
        own = self.codes.get(normalise(heading), {}).values()
        if phrase is None or (table and not all(lexicon(table)(p) or state_of(p) for p in own)):
            return raw  # either every code of a variable is understood, or none
        if state_of(phrase) == "not_tested":
            return None
        return lexicon(table)(phrase) or raw if table else raw


_ABBREVIATED: Final = 3
"""Letters of a word for a state that a file may use in a way of its own."""
_CELLS: Final = {"no_response": Cell(State.NO_RESPONSE), "not_tested": BLANK}
NOTHING: Final = Definitions()

_CHUNK: Final = re.compile(r"[,;/()\[\].:、，；（）]+|\b(?:or|oder|ou|o|und|and|y|e|et)\b")


def state_of(phrase: str) -> str | None:
    """The state that a phrase describes: "tested, no response obtained"; None where it describes none, or two."""
    whole = lexicon("state")(phrase)
    if whole:
        return whole
    found = {state for chunk in _CHUNK.split(phrase) if (state := _state_in(chunk))}
    negative = found - {"present"}
    return negative.pop() if len(negative) == 1 else found.pop() if len(found) == 1 else None


def _state_in(chunk: str) -> str | None:
    words = normalise(chunk).split()
    found = lexicon("state").find(words)
    if found is None:
        return None
    meaning, start, end = found
    return meaning if len(" ".join(words[start:end])) > _SHORT or not chunk.isascii() or len(words) == 1 else None


_SHORT: Final = 3
"""Letters up to which a word within a phrase is no word for a state: "nr", "abs"."""
