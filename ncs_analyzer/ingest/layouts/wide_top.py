"""The heading rows of a wide sheet: where they stand, how the sheet writes sides, ends and visits, what each column says."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.definitions import NOTHING, Definitions, state_of
from ncs_analyzer.ingest.demographic_headings import Demographic, demographic_heading
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.wide_headings import Meaning, defined_sense, read_wide_heading
from ncs_analyzer.ingest.layouts.wide_kinds import kinds_of_neighbours, nerves_of_neighbours
from ncs_analyzer.ingest.layouts.wide_words import PLAIN, Customs, Sense, as_key, senses
from ncs_analyzer.ingest.places import direction, read_place
from ncs_analyzer.vocabulary.anatomy import PURELY_SENSORY
from ncs_analyzer.vocabulary.match import entries, lexicon
from ncs_analyzer.vocabulary.units import unit as known_unit

_ROWS: Final = 12
_DEEPEST: Final = 4
_LONGEST: Final = 170
_ENOUGH: Final = 3
"""Headings that must be understood before a row is believed to be one of headings."""


@dataclass(frozen=True)
class Top:
    """The headings of a wide sheet. `row`: the last heading row; `first`: the first row below headings and units;
    `headings`: one text per column; `meanings`: of the columns that have one; `customs`: how the sheet
    writes; `rows_name_nerves`: the nerve stands in a column of its own; `definitions`: of the file."""

    row: int
    first: int
    headings: tuple[str, ...]
    meanings: dict[int, Meaning]
    customs: Customs
    rows_name_nerves: bool = False
    definitions: Definitions = NOTHING

    @cached_property
    def about_nerves(self) -> dict[int, Meaning]:
        """The columns that speak of measurements of nerves."""
        return {c: m for c, m in self.meanings.items() if m.about_nerve or (self.rows_name_nerves and m.names_measure)}

    def demographic(self, column: int) -> tuple[Demographic, str | None] | None:
        """What a column says of the patient or the study, and of which visit."""
        text = self.headings[column]
        lowest = text.split("\n")[-1]
        label = self.definitions.label(lowest) or ""
        told = demographic_heading(label) or demographic_heading(_BEFORE_CODES.split(label)[0])
        own = demographic_heading(lowest) if told is not None and told.role == "study_id" else None
        told = own if own is not None and own.role in ("patient", "patient_id") else told
        words = as_key(text)
        for visit in self.customs.visits:
            bare = re.sub(rf"(^|\s){re.escape(visit)}(?=\s|$)", " ", words)
            if bare != words and (found := told or demographic_heading(bare.strip()) or demographic_heading(lowest)):
                return found, visit
        found = told or demographic_heading(text) or demographic_heading(lowest)
        return None if found is None else (found, None)


_BEFORE_CODES: Final = re.compile(r"[:;(,]|\s\d\s*=")
"""What parts a label from the codes and remarks behind it."""


def find_top(grid: Grid) -> Top | None:
    """The rows of headings that make most columns understood; fewer rows win between equals."""
    best: tuple[int, Top] | None = None
    for row in range(min(grid.height, _ROWS)):
        if not _wordy(grid.row(row)):
            continue
        for depth in range(1, min(_DEEPEST, row + 1) + 1):
            if depth > 1 and not _leads(grid.row(row - depth + 1)):
                break
            top = _read(grid, row, depth)
            understood = {top.headings[c]: m for c, m in top.about_nerves.items() if m.understood and not m.derived}
            named = sum(
                bool(h) and c not in top.about_nerves and top.demographic(c) is not None
                for c, h in enumerate(top.headings)
            )
            score = 2 * len(understood) + sum(m.side is not None for m in understood.values()) + named
            if len(understood) >= _ENOUGH and (best is None or score > best[0]):
                best = score, top
    return _with_units(grid, best[1]) if best else None


def _wordy(texts: Sequence[str]) -> bool:
    given = [t for t in texts if t]
    if _names_one_nerve(given):
        return False
    numbers = sum(read_cell(t, comma=True).state is State.VALUE for t in given)
    return len(given) >= _ENOUGH and numbers * 4 <= len(given)


def _leads(texts: Sequence[str]) -> bool:
    """Whether a row may head the one below: it says something, and no numbers."""
    given = [t for t in texts if t]
    if _names_one_nerve(given):
        return False
    numbers = (t for t in given if read_cell(t, comma=True).state is State.VALUE)
    return bool(given) and all(_NUMBERED.search(as_key(t)) for t in numbers)


def _names_one_nerve(given: Sequence[str]) -> bool:
    """A nerve alone in its row is the title of a table or of the rows below, not a heading of columns."""
    return len(set(given)) == 1 and read_place(given[0]).nerve is not None


def _read(grid: Grid, row: int, depth: int) -> Top:
    headings = _joined([grid.row(r) for r in range(row - depth + 1, row + 1)])
    customs = customs_of([h for h in headings if h and len(h) < _LONGEST], grid.definitions)
    if depth > 1 and not customs.visits:
        customs = replace(customs, visits=_repeated([grid.row(r) for r in range(row - depth + 1, row + 1)], customs))
    meanings = {c: _meaning(h, customs, grid.definitions) for c, h in enumerate(headings) if h and len(h) < _LONGEST}
    if depth > 1:
        meanings = _own_sites(headings, _kinds_of_groups(headings, meanings, customs), customs)
    titles = [grid.row(r) for r in range(row - depth + 1)]
    meanings = _of_title(titles, _of_sheet(grid.sheet or "", meanings))
    meanings = kinds_of_neighbours(nerves_of_neighbours(meanings))
    spoken = {
        c: m for c, m in meanings.items() if m.nerve or m.muscle or m.skin or not demographic_heading(headings[c])
    }
    return Top(row, row + 1, headings, spoken, customs, _rows_name_nerves(headings), grid.definitions)


def _own_sites(headings: Sequence[str], meanings: dict[int, Meaning], customs: Customs) -> dict[int, Meaning]:
    """Measures of one site below a group that names the whole segment: their own line says which, or that it is distal."""
    found = dict(meanings)
    for c, m in meanings.items():
        if len(m.sites) == 2 and m.measure in ("latency", "amplitude", "duration", "area"):
            own = read_wide_heading(headings[c].split("\n")[-1], customs)
            if len(own.sites) == 1 or own.end is not None:
                found[c] = replace(m, sites=own.sites)
    return found


def _repeated(rows: list[list[str]], customs: Customs) -> tuple[str, ...]:
    """What stands above groups of columns whose headings are the same one by one: visits, whatever they are called. A
    text that names a nerve, a side or anything else of a measurement is none."""
    lower = _joined(rows[1:])
    groups: dict[str, list[str]] = {}
    last = ""
    for c, text in enumerate(rows[0]):
        last = text or last
        if last and lower[c] and (text or lower[c] != last):
            groups.setdefault(last, []).append(lower[c])
    several = {name: below for name, below in groups.items() if len(below) >= _ENOUGH and below[0] != name}
    same = len(several) > 1 and len({tuple(below) for below in several.values()}) == 1
    said = [read_wide_heading(name, customs) for name in several]
    speaking = any(m.names_nerve or m.side or m.kind or m.measure or m.end or m.sites or m.limit for m in said)
    if not same or speaking:
        return ()
    return tuple(sorted(as_key(name) for name in several))


def _of_sheet(name: str, meanings: dict[int, Meaning]) -> dict[int, Meaning]:
    """What the name of the sheet says for all of its columns: "Left", "Median nerve", "Sensory". A nerve is taken for
    columns that say more than a measure."""
    whole = read_wide_heading(name) if len(name) > 2 or not name.isascii() else Meaning()
    if not whole.understood or whole.measure or whole.derived or not (whole.side or whole.nerve or whole.kind):
        return meanings
    if any(m.side for m in meanings.values() if m.names_measure):
        whole = replace(whole, side=None)
    found = dict(meanings)
    for c, m in meanings.items():
        more = m.side or whole.side or m.kind or m.sites or m.end or m.unit
        if m.names_measure and not m.rest and more:
            nerve = m.nerve or (None if m.muscle or m.skin else whole.nerve)
            kind = m.kind or (None if nerve in PURELY_SENSORY else whole.kind)
            found[c] = replace(m, side=m.side or whole.side, nerve=nerve, kind=kind)
    return found


def _of_title(titles: Sequence[Sequence[str]], meanings: dict[int, Meaning]) -> dict[int, Meaning]:
    """The side that brackets of a title give for all columns, where no heading names one: "(left side)"; and the way the
    impulse runs in sensory ones."""
    alone = [next(iter(set(texts))) for row in titles if len(set(texts := [t for t in row if t])) == 1]
    ways = {way for title in alone if (way := direction(title)) is not None}
    if len(ways) == 1 and not any(m.direction for m in meanings.values()):
        way = ways.pop()
        meanings = {c: replace(m, direction=way) if m.kind == "sensory" else m for c, m in meanings.items()}
    parts = [read_wide_heading(part) for title in alone for part in _BRACKETED.findall(title)]
    sides = {m.side for m in parts if m.side and m == Meaning(side=m.side)}
    if len(sides) != 1 or any(m.side for m in meanings.values()):
        return meanings
    side = sides.pop()
    return {c: replace(m, side=side) if m.names_measure else m for c, m in meanings.items()}


_BRACKETED: Final = re.compile(r"[(（\[]([^()（）\[\]]{4,30})[)）\]]")


def _kinds_of_groups(headings: Sequence[str], meanings: dict[int, Meaning], customs: Customs) -> dict[int, Meaning]:
    """Columns below one nerve are of one kind of study where those that say it agree."""
    groups: dict[str, list[int]] = {}
    for c in meanings:
        upper = headings[c].rpartition("\n")[0]
        groups.setdefault(upper, []).append(c)
    found = dict(meanings)
    for upper, columns in groups.items():
        kinds = {k for c in columns if (k := meanings[c].kind) in ("motor", "sensory")}
        if len(kinds) == 1 and read_wide_heading(upper, customs).nerve:
            kind = kinds.pop()
            other = ("uv", "peak_latency") if kind == "motor" else ("mv", "area")
            found |= {
                c: replace(m, kind=kind)
                for c in columns
                if (m := meanings[c]).kind is None and m.measure and m.unit not in other and m.measure not in other
            }
    return found


def _meaning(heading: str, customs: Customs, definitions: Definitions) -> Meaning:
    """What a heading says, with the label that a code book gives it: the label is believed, and the heading for what
    the label leaves open. Where they name two nerves or sides, neither is."""
    own = read_wide_heading(heading, customs)
    label = definitions.label(heading.split("\n")[-1])
    if label is None:
        return own
    told = read_wide_heading(label, customs)
    both = read_wide_heading(f"{heading} {label}", customs)
    if not told.names_nerve and not told.names_measure:
        return told
    if any(a and b and a != b for a, b in ((told.nerve, own.nerve), (told.side, own.side))) and not own.rest:
        return replace(told, others=(own,))
    if told.whole:
        return replace(told, side=told.side or own.side, visit=told.visit or own.visit)
    return next((m for m in (both, own) if m.whole), told)


def _rows_name_nerves(headings: Sequence[str]) -> bool:
    """Whether the nerve stands in a column of its own, and no other column says more of where it was stimulated."""
    roles = {lexicon("heading")(h) for h in headings if h}
    return "nerve" in roles and not roles & {"site", "nerve_site", "segment"}


def _joined(rows: list[list[str]]) -> tuple[str, ...]:
    """Stacked headings in one text per column; a blank cell of an upper row means the one to its left."""
    filled = []
    for row in rows[:-1]:
        last, line = "", []
        for text in row:
            last = text or last
            line.append(last)
        filled.append(line)
    texts = []
    for c, lowest in enumerate(rows[-1]):
        own = [row[c] for row in rows[:-1]]
        upper = [line[c] for line in filled] if lowest else own
        texts.append("\n".join(dict.fromkeys(t for t in (*upper, lowest) if t)))
    return tuple(texts)


def _with_units(grid: Grid, top: Top) -> Top:
    """A row of units below the headings belongs to them."""
    if top.first >= grid.height:
        return top
    texts = grid.row(top.first)
    units = {c: known_unit(text) for c, text in enumerate(texts) if text}
    if sum(u is not None for u in units.values()) < 2 or not all(units[c] for c in units if c in top.about_nerves):
        return top
    meanings = dict(top.meanings)
    for c, text in enumerate(texts):
        if text and c in meanings:
            meanings[c] = read_wide_heading(f"{top.headings[c]} ({text})", top.customs)
    headings = tuple(
        f"{h} ({t})" if t and c not in meanings else h for c, (h, t) in enumerate(zip(top.headings, texts, strict=True))
    )
    return replace(top, first=top.first + 1, headings=headings, meanings=meanings)


# ---------------------------------------------------------------- how the sheet writes


def customs_of(headings: Sequence[str], definitions: Definitions = NOTHING) -> Customs:
    """The letters for sides and ends and the words for visits that headings tell by occurring in pairs, and the
    abbreviations that the file explains."""
    keys = [as_key(h) for h in headings]
    sides = _letters(keys, _INITIALS) or _initials(keys)
    ends = not sides and bool(_letters(keys, (("d", "p"),)) or _letters(_amplitudes(keys), (("d", "p"),), 1))
    defined = _defined(" ".join(keys).replace(" ", ""), definitions)
    return Customs(sides, ends, _visits(keys), (*defined, *_prefix(headings)))


_PREFIX: Final = re.compile(r"([A-Za-z]{2,10})[_.]\w")


def _prefix(headings: Sequence[str]) -> tuple[tuple[str, Sense], ...]:
    """The name of a form in front of most variables ("edx_r_median_dml"), where it means nothing else."""
    fronts = Counter(found[1].casefold() for h in headings if (found := _PREFIX.match(h)))
    front, times = fronts.most_common(1)[0] if fronts else ("", 0)
    known = times < _SHARED or times * 2 < len(headings) or front in senses(PLAIN)
    return () if known else ((front, (("filler", front),)),)


_SHARED: Final = 6
"""Variables that a prefix must stand in front of."""


def _defined(written: str, definitions: Definitions) -> tuple[tuple[str, Sense], ...]:
    """The explained abbreviations that occur in the headings, with what they say."""
    occurring = {a: p for a, p in definitions.words.items() if (k := as_key(a).replace(" ", "")) and k in written}
    defined: list[tuple[str, Sense]] = []
    for abbreviation, phrase in sorted(occurring.items()):
        cases = tuple(_cases(phrase, definitions.words))
        sense = None if cases else defined_sense(_first_sentence(phrase)) or defined_sense(phrase.partition(". ")[0])
        defined += [(abbreviation, case) for case in cases]
        own = defined_sense(abbreviation)
        reckoned = bool(sense and own and _RECKONED in sense and _RECKONED not in own)
        if sense and not reckoned and state_of(phrase) is None:
            defined.append((abbreviation, _with_usual(abbreviation, sense)))
    return tuple(defined)


_RECKONED: Final = ("derived", "yes")


def _cases(phrase: str, words: Mapping[str, str]) -> Iterator[Sense]:
    """What an abbreviation says beside each of others, where its explanation tells them apart: "CMAP on stimulation at wrist
    (MM, UM) or ankle (PM)", for MM the median nerve."""
    codes = {as_key(a).replace(" ", ""): meaning for a, meaning in words.items()}
    lead, text = "", ""
    for said in _BRACKETED_CASE.finditer(phrase):
        beside = [as_key(code).replace(" ", "") for code in re.split(r"[,/;]", said[2])]
        unit = known_unit(said[2]) is not None and said[2].strip().casefold() not in words
        coded = not unit and all(code in codes for code in beside)
        text += said[1] if coded else said[0]
        if not coded:
            continue
        own = f"{lead} {_AND.sub('', text)}" if lead else text
        lead, text = lead or _BEFORE_SITES.split(text)[0], ""
        for code in beside:
            sense, nerve = defined_sense(own), dict(defined_sense(codes[code]) or ())
            if sense and "nerve" in nerve:
                yield tuple(sorted({*sense, *((slot, nerve[slot]) for slot in ("nerve", "kind") if slot in nerve)}))


_BRACKETED_CASE: Final = re.compile(r"([^()]*)\(([^()]+)\)")
_AND: Final = re.compile(r"^[\s,;:]*(?:or|and|oder|und|ou|et|o|e|y)?\s+")
_BEFORE_SITES: Final = re.compile(r"[,:]|\s(?:on|at|bei|am|en|a)\s")
"""What parts a measure from the sites of its cases."""


def _first_sentence(phrase: str) -> str:
    """ "Median nerve, motor, recorded from APB. Site 1 = wrist" without what follows the full stop."""
    return _SENTENCE.split(phrase, maxsplit=1)[0]


_SENTENCE: Final = re.compile(r"(?<=[\w()]{4})\.\s+(?=[A-ZÀ-Ý])")


def _with_usual(abbreviation: str, sense: Sense) -> Sense:
    """What the file says of an abbreviation, with what it says to everybody: "DML = distal latency" is motor. A letter
    or two mean nothing of themselves."""
    usual = {pair for pair in defined_sense(abbreviation) or () if pair[0] != "number"}
    if len(as_key(abbreviation)) < _SPEAKING and not usual & set(sense):
        return sense
    own = {slot: value for slot, value in sense if slot != "site"}
    contradicts = any(own.get(slot, value) != value for slot, value in usual)
    both = {*sense, *(() if contradicts else usual)}
    if ("site", "popliteal_fossa") in both:
        both.discard(("site", "knee"))  # "knee (popliteal fossa)" is one place
    return tuple(sorted(both))


_SPEAKING: Final = 3
"""Letters from which on an abbreviation has a meaning of its own."""


_INITIALS: Final = (("d", "i"), ("d", "g"), ("d", "e"))
"""Right and left in Spanish, French and Portuguese."""


def _initials(keys: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Letters for the sides that stand alone in headings of different nerves: "Médian D LMD", "Sural G ampl". No heading
    names a side otherwise, none has both letters, and D before a figure is a finger."""
    tokens = [_FINGER.sub(" ", f" {key} ").split() for key in keys]
    if any(lexicon("side")(word) for words in tokens for word in words):
        return ()
    for right, left in _INITIALS:
        has = [(right in words, left in words) for words in tokens]
        counts = [sum(column) for column in zip(*has, strict=True)]
        if has and min(counts) >= 2 and (True, True) not in has:
            return ((right, left),)
    return _one_side(tokens)


def _one_side(tokens: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """The initial behind the names of at least two nerves, in a sheet of a Romance language that tells of one side only:
    "Sural D amplitude", "Fibular D latência". Beside a P it may mean distal."""
    if not any(_ROMANCE.match(word) for words in tokens for word in words) or any("p" in words for words in tokens):
        return ()
    behind: dict[str, set[str]] = {}
    for words in tokens:
        for nerve, letter in pairwise(words):
            if letter in "dige" and (named := lexicon("nerves")(nerve)):
                behind.setdefault(letter, set()).add(named)
    letters = [letter for letter, nerves in behind.items() if len(nerves) > 1]
    if len(behind) != 1 or not letters:
        return ()
    return next(((right, left),) for right, left in _INITIALS if letters[0] in (right, left))


_ROMANCE: Final = re.compile(
    r"lmd|ldm|vcm|vcs|ond[ae]|pamc|pans|mediano|latenci|latence|latenz|amplitud$|ampiezz|velocid|velocit|vitesse|sensitiv|motric|motora|moteur|cubital|peron(?:eo|ier)"
)


_FINGER: Final = re.compile(r" d (?:\d|i{1,3}|iv|v) ")


def _amplitudes(keys: Sequence[str]) -> list[str]:
    """Headings of amplitudes, of which one pair is enough."""
    return [key for key in keys if _AMPLITUDE.search(key)]


_AMPLITUDE: Final = re.compile(r"\bamp|cmap|\bpamc|\bmsap")


def _letters(
    keys: Sequence[str], pairs: Iterable[tuple[str, str]], least: int = 2
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    """The first pair of letters by which enough headings differ from others, and by nothing else."""
    known = set(keys)
    for one, other in pairs:
        swapped = sum(any(way in known for way in _swaps(key, one, other)) for key in known)
        if swapped >= least:
            return ((one, other),)
    return ()


def _swaps(key: str, one: str, other: str) -> Iterable[str]:
    """The key with one letter that stands alone, or at either end of a single word, exchanged."""
    words = key.split()
    for i, word in enumerate(words):
        if word == one:
            yield " ".join([*words[:i], other, *words[i + 1 :]])
        elif len(words) < 3 and len(word) > 4 and word.startswith(one):
            yield " ".join([*words[:i], other + word[1:], *words[i + 1 :]])
        elif len(words) < 3 and len(word) > 4 and word.endswith(one):
            yield " ".join([*words[:i], word[: -len(one)] + other, *words[i + 1 :]])


_NUMBERED: Final = re.compile(
    r"(?:^|(?<= ))((?:v|visit|visita|visite|besuch|t|tp|time|timepoint|m|month|w|wk|week|y|year|fu|follow up|followup|exam|"
    r"examen|untersuchung|phase) \d{1,2}|\d{1,2} (?:mo|months?|mths?|m|weeks?|wks?|y|yrs?|years?|monate|mois|meses))(?= |$)"
)


def _visits(keys: Sequence[str]) -> tuple[str, ...]:
    """The words that tell visits apart: labels with which at least two headings occur that are otherwise the same."""
    words = entries("wide")["visit"]["yes"]
    named = re.compile(rf"(?:^|(?<= ))({'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?= |$)")
    labels: dict[str, set[str]] = {}
    for key in keys:
        for pattern in (_NUMBERED, named):
            for found in pattern.finditer(key):
                stem = " ".join((key[: found.start()] + " " + key[found.end() :]).split())
                labels.setdefault(stem, set()).add(found[1])
    shared = Counter(frozenset(found) for found in labels.values() if len(found) > 1)
    often = [found for found, times in shared.items() if times >= 2]
    return tuple(sorted(set().union(*often))) if often else ()
