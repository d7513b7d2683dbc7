"""Legends, code books and lists of abbreviations of a file, read before its tables: see `definitions`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.definitions import Definitions, state_of
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.places import place_named
from ncs_analyzer.ingest.sex_codes import sexes_of
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER
from ncs_analyzer.vocabulary.match import lexicon, normalise
from ncs_analyzer.vocabulary.units import unit as known_unit

_ABOVE: Final = 15
_BELOW: Final = 40
"""Rows at the top and at the end of a table in which legends stand."""
_LONGEST_BOOK: Final = 5_000
_LONGEST: Final = 40
"""Letters of the longest abbreviation."""

_PARTS: Final = re.compile(
    r"[;|\n；。]|[,，、](?=\s*(?:[^=;,.|\n]|\.(?=\w|\s*=)){1,30}=)"
    r"|(?<=[\w)]{2})\.(?=\s+[^;,|\n=]{1,2}\s*=|\s+[^\W_][^=;,|\n]{0,30}=)"
)
_EQUALS: Final = re.compile(r"\s*[=＝≙]\s*")
_LISTED: Final = re.compile(r"\s*(?:[=＝≙:：,]|\s[-–—]\s)\s*")
_MARK: Final = re.compile("[=＝≙:]")
"""What a cell with a definition holds."""
_EVERY: Final = re.compile(
    r"\W*(?:all|any|every|each|alle|todos|todas|tous|toutes|tutti|tutte|全部|所有|すべて|全て|모든|전체)(?!\w)|\*$",
    re.IGNORECASE,
)
"""What stands for every variable in a code book: "(all NCS)"."""
_QUOTES: Final = "\"'“”„«»‚‘’`()#*•† "


def definitions_of(grids: Iterable[Grid]) -> Definitions:
    """What the legends and code books of one file say."""
    grids = list(grids)
    found = _Found()
    for grid in grids:
        if book := code_book(grid):
            _read_book(grid, *book, found)
        elif grid.may_hold(_MARK.search):
            for row in _edges(grid):
                _read_line(grid.row(row), found)
    return replace(found.settled(), sexes=sexes_of(grids), date_order="dmy" if _day_first(grids) else None)


def _day_first(grids: Sequence[Grid]) -> bool:
    """Whether the head of a file is in a language that writes the day before the month."""
    known = lexicon("writes_dates").meaning
    heads = (t for grid in grids for row in range(min(_HEAD, grid.height)) for t in grid.row(row)[:_WIDE] if t)
    return len({w for text in heads if len(text) < _LONGEST * 2 for w in normalise(text).split() if w in known}) > 1


_HEAD: Final = 25
_WIDE: Final = 60
"""Rows and columns in which the language of a file shows."""


class _Found:
    """Definitions as they are found; what is defined twice in two ways is not defined."""

    def __init__(self) -> None:
        self.words: dict[str, set[str]] = {}
        self.labels: dict[str, set[str]] = {}
        self.codes: dict[str, dict[str, set[str]]] = {}

    def word(self, key: str, phrase: str) -> None:
        keys, phrases = _sides_of_stroke(key, phrase)
        if len(keys) == 1 and len(several := re.split(r"\s+(?:and|und|et|y|e)\s+", keys[0])) > 1:
            keys, phrases = several, phrases * len(several)
        for one, meaning in zip(keys, phrases, strict=True):
            if one and meaning and len(one) <= _LONGEST and not _risky(one, meaning):
                self.words.setdefault(one.casefold(), set()).add(meaning)

    def label(self, variable: str, phrase: str) -> None:
        if variable and phrase and not _EVERY.match(variable):
            self.labels.setdefault(normalise(variable), set()).add(phrase)

    def code(self, variable: str, code: str, phrase: str) -> None:
        if _EVERY.match(variable):
            self.word(code, phrase)
        elif code and phrase:
            phrase = _SENTENCE.sub("", phrase)
            self.codes.setdefault(normalise(variable), {}).setdefault(_plain(code), set()).add(phrase)

    def settled(self) -> Definitions:
        return Definitions(
            _single(self.words), _single(self.labels), {name: _single(codes) for name, codes in self.codes.items()}
        )


_SENTENCE: Final = re.compile(r"(?<=[^\W\d_]{4})\.\s+[A-ZÀ-Ý].*$", re.DOTALL)
"""A sentence behind the meaning of a code."""


def _single(found: dict[str, set[str]]) -> dict[str, str]:
    return {key: min(phrases) for key, phrases in found.items() if _agree(phrases)}


def _agree(phrases: set[str]) -> bool:
    """Whether all phrases say the same, or describe the same state: "missing" and "not done"."""
    states = {state_of(p) for p in phrases}
    return len({normalise(p) for p in phrases}) == 1 or (len(states) == 1 and states != {None})


def _plain(code: str) -> str:
    """A code as the cell shows it: "999.0" is 999."""
    whole = re.fullmatch(r"([+-]?\d+)[.,]0+", code)
    return whole[1] if whole else code.casefold()


def _sides_of_stroke(key: str, phrase: str) -> tuple[list[str], list[str]]:
    """ "D / G" and "droit / gauche" are two definitions."""
    keys, phrases = ([t.strip(_QUOTES) for t in text.split("/")] for text in (key, phrase))
    if len(keys) == len(phrases) > 1:
        common = phrases[-1].split()[1:]  # "sous/sus coude"
        cut = [len(p.split()) <= len(common) and not place_named(p) for p in phrases]
        return keys, [" ".join([p, *common]) if short else p for p, short in zip(phrases, cut, strict=True)]
    return [key.strip(_QUOTES)], [phrase.strip(" .,;")]


def _risky(key: str, phrase: str) -> bool:
    """Whether a number that the whole file defines as missing may be a measurement: 9, say."""
    cell = read_cell(key, comma=True)
    return cell.state is State.VALUE and state_of(phrase) is not None and 0 < cell.number < _SURELY_CODE


_SURELY_CODE: Final = 77


# ---------------------------------------------------------------- lines


def _edges(grid: Grid) -> Iterator[int]:
    yield from range(min(_ABOVE, grid.height))
    yield from range(max(_ABOVE, grid.height - _BELOW), grid.height)


def _read_line(texts: Sequence[str], found: _Found) -> None:
    """The definitions of one row, whose commas may have parted it: "DML = distal motor latency; SPL = sensory peak latency"."""
    text = ", ".join(t for t in texts if t)
    if any(sign in text for sign in "=＝≙"):
        _read_text(text, _EQUALS, found)
    elif ":" in text and (states := _states(text)):
        for key, phrase in states:
            found.word(key, phrase)
    elif ":" in text and lexicon("codebook")(text.split(":")[0]) in ("legend", "abbreviation"):
        _read_text(text.split(":", 1)[1], _LISTED, found)


def _states(text: str) -> list[tuple[str, str]]:
    """Abbreviations with a colon that say whether there was a response, or that are several names of sites: "NE: no
    evocable.   n/r: no realizado.", "P : poignet, C : coude, A : aisselle"."""
    parts = re.split(r"[;,，；。]|\.\s+|\s{2,}|\s[-–—]\s", text)
    halves = (part.partition(":") for part in parts)
    pairs = [(key.strip(_QUOTES), _NEXT_KEY.sub("", phrase).strip(" .")) for key, _, phrase in halves]
    short = [(key, phrase) for key, phrase in pairs if 0 < len(key) <= _SHORTEST and phrase and not _is_known(key)]
    places = [
        (one, site)
        for key, phrase in short
        for one, site in zip(*_sides_of_stroke(key, phrase), strict=True)
        if place_named(site) in SITE_ORDER and not lexicon("heading")(one)
    ]
    return [pair for pair in short if state_of(pair[1]) is not None] + (places if len(places) > 2 else [])


_NEXT_KEY: Final = re.compile(r"\s\S+[:：].*$", re.DOTALL)
"""The next abbreviation, parted by nothing but a space."""


def _is_known(key: str) -> bool:
    """Whether a word names a nerve or a place by itself: "Tibial: no response" is a remark."""
    return lexicon("nerves")(key) is not None or (len(key) > 2 and place_named(key) is not None)


_SHORTEST: Final = 6
"""Letters of such an abbreviation."""


def _read_text(text: str, equals: re.Pattern[str], found: _Found) -> None:
    for sentence in _SENTENCES.split(text):
        _read_sentence(sentence, equals, found)


_SENTENCES: Final = re.compile(r"(?<=[^\W\d_]{3})\.\s+(?=[A-ZÀ-Ý])")


def _read_sentence(text: str, equals: re.Pattern[str], found: _Found) -> None:
    variable = ""
    for part in _PARTS.split(text):
        sides = equals.split(part, maxsplit=1)
        if len(sides) != 2 or not sides[1].strip():
            continue
        key, phrase = _opened(sides[0]).strip(_QUOTES), _closed(sides[1]).strip()
        *before, key = (t.strip(_QUOTES) for t in re.split(r"[:：]", key))
        if before and not _of_file(before[-1]):
            variable = before[-1]
        if variable:
            found.code(variable, key, phrase)
        elif key and not key.isspace():
            found.word(key, phrase)


_OF_FILE: Final = ("legend", "abbreviation", "values", "missing")
"""What stands before definitions that hold for the whole file: "Codes: 888 = no response"."""


def _of_file(text: str) -> bool:
    """Whether definitions that stand behind a text and a colon hold for the whole file."""
    words = normalise(text).split()
    coded = len(words) > 1 and any(lexicon("codebook")(w) in ("values", "missing") for w in words)
    return coded or lexicon("codebook")(text) in _OF_FILE


def _opened(key: str) -> str:
    """A key without what stands before a bracket that is not closed: "nerve and kind (medm"."""
    return key.rpartition("(")[2] if key.count("(") > key.count(")") else key


def _closed(phrase: str) -> str:
    """A phrase without what stands behind a bracket that was not opened: "sural) _ side (r/l)"."""
    depth = 0
    for i, sign in enumerate(phrase):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return phrase[:i]
    return _NEXT.sub("", phrase)


_NEXT: Final = re.compile(r",\s*\w+\s*\((?:m|µ|μ|u)?(?:V|s|/s|%)\)\s*$|,\s*\w+\s*\((?:m/s|%)\)\s*$")
"""The next abbreviation of a list, which goes without saying: "dml = distal motor latency (ms), cmap (mV)"."""


# ---------------------------------------------------------------- sheets that hold no patients


def of_limits(sheet: str) -> bool:
    """Whether the name of a sheet says that it holds limits: "Norms", "Normal values"."""
    words = normalise(sheet).split()
    limits = lexicon("heading")(sheet) == "norm"
    norms = [w for w in words if lexicon("heading").meaning.get(w) == "norm"]
    named = bool(norms) and all(w in norms or lexicon("filler").meaning.get(w) for w in words)
    return limits or (named and len(words) > 1)


def code_book(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The row of headings (-1: none) and the columns of a list of variables or abbreviations; None where the grid is a
    table of something else."""
    if grid.height > _LONGEST_BOOK or not 2 <= grid.width <= 30:
        return None
    named = lexicon("codebook")(grid.sheet or "") in ("legend", "abbreviation")
    if not named and not grid.may_hold(lexicon("codebook")):
        return None
    for row in range(min(_ABOVE, grid.height)):
        columns: dict[str, int] = {}
        for c, text in enumerate(grid.row(row)):
            role = lexicon("codebook")(text) if text else None
            if role and role != "legend":
                columns.setdefault(role, c)
        if _named(columns) and len(columns) > 1 and set(columns) & {"label", "values", "missing"}:
            return row, columns
    if not named and not any(lexicon("codebook")(t) == "legend" for t in grid.row(0)):
        return None
    rows = [[t for t in grid.row(r) if t] for r in range(grid.height)]
    pairs = sum(len(texts) == 2 and len(texts[0]) <= _LONGEST for texts in rows)
    if pairs >= 1 and pairs * 2 >= sum(map(bool, rows)):
        return -1, {"abbreviation": 0, "label": 1}
    return None


def _named(columns: dict[str, int]) -> bool:
    return "variable" in columns or "abbreviation" in columns


def _read_book(grid: Grid, top: int, columns: dict[str, int], found: _Found) -> None:
    """The rows of a code book. A row without a variable goes on with the one above."""
    if {"variable", "abbreviation"} <= columns.keys() and "value" not in columns:
        columns = {"value" if role == "abbreviation" else role: c for role, c in columns.items()}
    variable = ""
    for row in range(top):
        _read_line(grid.row(row), found)
    for row in range(top + 1, grid.height):
        texts = grid.row(row)
        cell = {role: texts[c] for role, c in columns.items() if texts[c]}
        name = cell.get("variable", cell.get("abbreviation", ""))
        if name and len([t for t in texts if t]) == 1:
            _read_line(texts, found)
            continue
        variable = name or variable
        label = cell.get("label", "")
        if label and "value" in columns:
            found.code(variable, cell.get("value", ""), label)
        elif label and read_cell(name, comma=True).state is State.VALUE and state_of(label) is not None:
            found.word(name, label)  # a code of every variable, below them all
        elif label and name:
            unit = cell.get("unit", "")
            long = f"{label} ({unit})" if unit and known_unit(unit) and unit not in label else label
            found.label(name, long)
            if "abbreviation" in columns:
                found.word(name, long)
        for code, phrase in (*_values(label), *_values(cell.get("values", "")), *_values(cell.get("missing", ""))):
            found.code(variable, code, phrase)
        explained = {code for code, _ in _values(cell.get("missing", ""))}
        for code in re.split(r"[,;/\s]+", cell.get("missing", "")):
            if read_cell(code, comma=True).state is State.VALUE and code not in explained:
                found.code(variable, code, "missing")


_BRACES: Final = re.compile(r"\{([^{}]*)\}")
"""Value labels as SPSS shows them: {1, male}..."""
_CHOICE: Final = re.compile(r"^\s*([^\s,=:]{1,12})\s*(?:[=:,]|\s[-–]\s)\s*(\S.*)$")


def _values(text: str) -> Iterator[tuple[str, str]]:
    """The codes of a text: "1 = male, 2 = female", "1, Male | 2, Female"."""
    if not any(sign in text for sign in "|={"):
        return
    for braces in _BRACES.findall(text):
        code, _, phrase = braces.partition(",")
        yield code.strip(_QUOTES), phrase.strip(_QUOTES)
    for part in text.split("|") if "|" in text else _PARTS.split(text):
        inner = part.rsplit(":", 1)[-1] if "=" in part else part
        choice = _CHOICE.match(inner.split("(")[-1] if "=" in inner and "(" in inner.split("=")[0] else inner)
        if choice:
            yield choice[1].strip(_QUOTES), choice[2].strip(" .,;)")
