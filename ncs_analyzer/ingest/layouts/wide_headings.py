"""One heading of a wide research sheet: which nerve, side, site and measure it names.

A heading means something only if every word of it is understood and all equally good ways to understand it agree:
`R.MM.DML`, `r_median_motor_wrist_lat`, "Median motor R - DML (ms)", `LMD mediano D (ms)`, `RULNBECMAP`.
"""

import heapq
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from ncs_analyzer.ingest.layouts.wide_words import PLAIN, WORD, Customs, Sense, as_key, senses, side_of_limb, words_of
from ncs_analyzer.vocabulary.anatomy import LIMB_OF, SITE_LIMB
from ncs_analyzer.vocabulary.compose import composed
from ncs_analyzer.vocabulary.units import unit as known_unit

State = frozenset[tuple[str, str]]
"""Slots and values found so far; sites may stand twice, everything else once."""

_SKIP: Final = 1000
_NEAR: Final = 2
"""How much dearer a way to understand a heading may be if it speaks of a measurement and the cheapest does not."""
_MOST_STATES: Final = 3000
_LONGEST_PHRASE: Final = 6
_FREE: Final = frozenset(("filler", "percent", "derived", "rest", "code", "onset"))
_LATE: Final = ("f_wave", "h_reflex")
_ELIDED: Final = re.compile(r"\b(?:l|d|dell|all|nell|dall|sull)['’´`](?=\w)", re.IGNORECASE)
_BY_ONSET: Final = re.compile(r"(velocity\b.*?),\s*(?:from|by|based on|using)?\s*onset latency\b", re.IGNORECASE)
"""How a velocity was reckoned, which says nothing of what the column holds."""
_AT_A_DISTANCE: Final = re.compile(r"(?<![\w(])\d{1,3}(?:[.,]\d)?\s?(?:cm|mm)\b(?!\s*\))", re.IGNORECASE)
"""How far from the recording a nerve was stimulated: "Ring finger, 14 cm"."""
_BRACKETS: Final = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_BOUND: Final = re.compile(
    r"[(\[{,;]?\s*(?:(?:uln|lln|norm(?:al)?|ref|n|vn|nw)\b\.?\s*[:=]?\s*)?([<>≤≥]\s*=?\s*\d+(?:[.,]\d+)?)"
    r"\s*(?:ms|m/s|mv|[uµμ]v|mm)?\s*[)\]}]?\s*(?=$|\n)",
    re.IGNORECASE,
)
"""A limit of the laboratory at the end of a heading: "DML R median [ms] (<4.2)"."""
_END_OF_NERVE: Final = re.compile(r"\b((?:prox|pros|dist)\w*\.?)\s*([(\[])", re.IGNORECASE)
"""An end of the nerve before the brackets that name its site: "proximal (elbow)" is not the proximal elbow."""
_PROSE: Final = 7
"""Words from which a heading is a sentence, where single letters join what stands around them."""
_JOINING: Final = re.compile(r"(?<=\s)[ayeo](?=\s)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one heading says; None or empty where it says nothing. `end`: distal or proximal; `number`: a position, 0
    without one; `rest`: words not understood; `others`: further ways to understand it."""

    nerve: str | None = None
    side: str | None = None
    kind: str | None = None
    measure: str | None = None
    stat: str | None = None
    end: str | None = None
    sites: tuple[str, ...] = ()
    segment: str | None = None
    skin: str | None = None
    muscle: str | None = None
    number: int = 0
    unit: str | None = None
    limit: str | None = None
    percent: str | None = None
    derived: bool = False
    convention: str | None = None
    direction: str | None = None
    onset: bool = False
    visit: str | None = None
    rest: tuple[str, ...] = ()
    others: tuple["Meaning", ...] = field(default=(), compare=False)

    @property
    def names_nerve(self) -> bool:
        """A nerve is named, by itself or by its muscle or finger."""
        return bool(self.nerve or self.muscle or self.skin or self.kind == "h_reflex")

    @property
    def names_measure(self) -> bool:
        """A measure is named, by itself, by its potential or by its unit."""
        return self.measure is not None

    @property
    def about_nerve(self) -> bool:
        """The heading speaks of a measurement of a nerve, understood or not."""
        return self.names_nerve and self.names_measure

    @property
    def understood(self) -> bool:
        """Every word is understood, and in one way."""
        return not self.rest and not self.others

    @property
    def whole(self) -> bool:
        """The heading names nerve and measure, and is understood."""
        return self.about_nerve and self.understood


@lru_cache(1 << 14)
def read_wide_heading(text: str, customs: Customs = PLAIN) -> Meaning:
    """Understand a heading; `rest` and `others` say what stands in the way."""
    states = _likeliest(text, customs)
    if not states:
        return Meaning(rest=tuple(as_key(text).split()))
    meanings = list(dict.fromkeys(_meaning(state) for state in states))
    speaking = [m for m in meanings if m.about_nerve] or meanings
    speaking = [m for m in speaking if m.convention or not any(_adds_convention(o, m) for o in speaking)]
    first, *others = sorted(speaking, key=repr)
    if not others:
        return first
    values = {name: getattr(first, name) for name in first.__dataclass_fields__}
    return Meaning(**(values | {"others": tuple(others)}))


def _adds_convention(one: Meaning, other: Meaning) -> bool:
    """Whether two meanings differ in nothing but that the first says how the amplitude was taken."""
    return one.convention is not None and replace(other, convention=one.convention) == one


def _likeliest(text: str, customs: Customs) -> list[State]:
    """The cheapest ways to understand a text; of two that agree only the one that says more."""
    found: dict[State, int] = {}
    for words in words_of(_without_notes(text), customs):
        for state, cost in _search(words, customs):
            found[state] = min(found.get(state, cost), cost)
    if not found:
        return []
    least = min((cost for state, cost in found.items() if _meaning(state).about_nerve), default=min(found.values()))
    states = [{pair for pair in state if pair[0] != "filler"} for state, cost in found.items() if cost == least]
    return [frozenset(state) for state in states if not any(state < other for other in states)]


def bound_in(text: str) -> str | None:
    """The limit that a heading gives for the cells below it, as it is written."""
    found = _BOUND.findall(text)
    return found[0] if len(found) == 1 else None


def defined_sense(phrase: str) -> Sense | None:
    """What an abbreviation says that the file explains by this phrase; None where the phrase is not understood."""
    states = set(_likeliest(_without_cases(phrase), PLAIN))
    state = states.pop() if len(states) == 1 else frozenset()
    return tuple(sorted(state)) if state and not any(slot in ("rest", "code") for slot, _ in state) else None


def _without_cases(phrase: str) -> str:
    """A phrase without brackets that speak of one nerve: "knee (popliteal fossa for tibial)" is the knee of every nerve."""
    plain = _BRACKETS.sub(" ", phrase)
    if _names_nerve(plain) or not plain.strip():
        return phrase
    return _BRACKETS.sub(lambda m: " " if _names_nerve(m[1]) else m[0], phrase)


def _names_nerve(text: str) -> bool:
    return any(slot == "nerve" for state in _likeliest(text, PLAIN) for slot, _ in state)


_LENGTH: Final = re.compile(r"(?<![^\W_])(?:mm|cm)(?![^\W_])", re.IGNORECASE)
_DIST: Final = re.compile(r"(?<![^\W_])dist\.?(?![^\W_])", re.IGNORECASE)


def _without_notes(text: str) -> str:
    """A limit and elisions left out ("l'onde F"), brackets opened; a unit in brackets goes to the end, where units stand."""
    text = _BOUND.sub(" ", text)
    if _LENGTH.search(text):
        text = _DIST.sub("distance", text)  # of the elbow, and not the distal elbow
    if len(text.split()) >= _PROSE:
        text = _JOINING.sub(" ", text)
    text = _AT_A_DISTANCE.sub(" ", _BY_ONSET.sub(r"\1", _ELIDED.sub(" ", text)))
    units = [inner for inner in _BRACKETS.findall(text) if known_unit(inner)]
    text = _END_OF_NERVE.sub(r"\1 of \2", text)
    opened = _BRACKETS.sub(lambda m: " " if m[1] in units else f" {m[1]} ", text)
    return " ".join([opened, *units])


def _search(words: tuple[str, ...], customs: Customs) -> Iterator[tuple[State, int]]:
    """The cheapest complete readings of the words."""
    table = senses(customs)
    start: State = frozenset()
    queue: list[tuple[int, int, int, State]] = [(0, 0, 0, start)]
    seen: set[tuple[int, State]] = set()
    least: int | None = None
    tick = itertools.count(1)
    longest = max(_LONGEST_PHRASE, *(visit.count(" ") + 1 for visit in customs.visits), 0)
    for _ in range(_MOST_STATES):
        if not queue:
            return
        cost, _, at, state = heapq.heappop(queue)
        if least is not None and cost > least + _NEAR:
            return
        if (at, state) in seen:
            continue
        seen.add((at, state))
        if at == len(words):
            if _sound(state):
                least = cost if least is None else least
                yield state, cost
            continue
        for size in range(min(longest, len(words) - at), 0, -1):
            phrase = words[at : at + size]
            for sense, price in table.get(" ".join(phrase)) or side_of_limb(phrase) or _by_parts(phrase):
                last = at + size == len(words)
                grown = _add(state, sense, last)
                if grown is not None:
                    extra = (not last and sense[0][0] == "unit") + _early_limit(sense, state)
                    extra += 2 * (sense[0][0] == "nerve" and sense[0] in state)  # a nerve is rarely named twice
                    heapq.heappush(queue, (cost + price + extra, next(tick), at + size, grown))
        word = words[at]
        if word.isdigit() and len(word) == 1 and not any(slot == "number" for slot, _ in state):
            heapq.heappush(queue, (cost + 10, next(tick), at + 1, state | {("number", word)}))
        skipped = state | {("rest", f"{at:02}{word}")}
        heapq.heappush(queue, (cost + _SKIP, next(tick), at + 1, skipped))


@lru_cache(1 << 14)
def _by_parts(words: tuple[str, ...]) -> tuple[tuple[Sense, int], ...]:
    """What a phrase says that only its parts explain: "sotto testa del perone"."""
    named = composed(words)
    if named is None:
        return ()
    table, meaning = named
    slot = "nerve" if table == "nerves" else "site" if meaning in SITE_LIMB else "muscle"
    return ((((slot, meaning),), WORD),)


def _early_limit(sense: Sense, state: State) -> int:
    """ "ULN" in front of the measure is the ulnar nerve sooner than a limit."""
    return 3 * (sense[0][0] == "limit" and not any(slot in ("measure", "potential") for slot, _ in state))


def _add(state: State, sense: tuple[tuple[str, str], ...], last: bool) -> State | None:
    """What is known with one more phrase; None where it contradicts."""
    known = dict(state)
    if not last and sense == (("unit", "s"),):
        return None
    sites = {value for slot, value in state if slot == "site"}
    for slot, value in sense:
        if slot == "site":
            if value not in sites and len(sites) == 2:
                return None
            sites.add(value)
        elif slot in _FREE:
            state = state | {(slot, value)}
        elif slot not in known:
            known[slot] = value
        elif known[slot] != value:
            both = _joined(slot, known[slot], value)
            if both is None:
                return None
            known[slot] = both
    fixed = {(slot, value) for slot, value in known.items() if slot not in _FREE and slot != "site"}
    grown = frozenset(fixed | {(s, v) for s, v in state if s in _FREE} | {("site", s) for s in sites})
    return grown if _agrees(known, sites) else None


def _joined(slot: str, one: str, other: str) -> str | None:
    """Two words for one slot that go together: "motor ... F", "peak latency", "normal ... ULN"."""
    pair = {one, other}
    if slot == "kind" and "motor" in pair and pair & set(_LATE):
        return (pair - {"motor"}).pop()
    if slot == "measure" and "response" in pair:
        return (pair - {"response"}).pop()  # "amplitude of the response"
    if slot == "measure" and pair == {"latency", "peak_latency"}:
        return "peak_latency"
    if slot == "limit" and "any" in pair:
        return (pair - {"any"}).pop()
    return None


_SKIN: Final = ("lateral_forearm", "medial_forearm")


def _agrees(known: dict[str, str], sites: set[str]) -> bool:
    """Whether the words fit each other: arm sites to arm nerves, potentials to their kind of study."""
    potential, kind, measure = known.get("potential"), known.get("kind"), known.get("measure")
    if potential and (measure in ("distance", "persistence") or (kind and kind != potential)):
        return False
    if "skin" in known and known.get("muscle") in _SKIN:
        return False  # recorded from two places: "Onset Lat Forearm (Snuffbox)" is the latency
    limb = LIMB_OF.get(known.get("nerve", ""))
    where = {SITE_LIMB[s] for s in sites if s in SITE_LIMB}
    return len(where) < 2 and not (limb in ("upper", "lower") and where and limb not in where)


def _sound(state: State) -> bool:
    """A code of two letters needs a side beside it."""
    slots = {slot for slot, _ in state}
    return "code" not in slots or "side" in slots


def _meaning(state: State) -> Meaning:
    """The state as an object, with what goes without saying: an F latency is the minimal one, a CMAP is motor."""
    one = {slot: value for slot, value in state if slot not in _FREE and slot not in ("site", "number")}
    if one.get("kind") in _LATE and one.get("measure", "latency") == "latency" and "potential" not in one:
        one["measure"] = "latency"
        if one["kind"] == "f_wave":
            one.setdefault("stat", "min")
    if one.get("measure") == "persistence" and one.get("kind") == "motor":
        one["kind"] = "f_wave"
    potential = one.pop("potential", None)
    by_unit = {"mv": "amplitude", "uv": "amplitude", "m/s": "velocity"}.get(one.get("unit", ""))
    measure = one.pop("measure", None)
    if measure in (None, "response"):
        measure = by_unit or ("amplitude" if potential else measure)
    if potential:
        one.setdefault("kind", potential)
    return Meaning(
        **one,  # type: ignore[arg-type]
        measure=measure,
        sites=tuple(sorted(value for slot, value in state if slot == "site")),
        number=int(dict(state).get("number", 0)),
        percent=next((value for value in ("limit", "yes") if ("percent", value) in state), None),
        derived=("derived", "yes") in state,
        onset=("onset", "yes") in state,
        rest=tuple(value[2:] for _, value in sorted(s for s in state if s[0] == "rest")),
    )
