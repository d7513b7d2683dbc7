"""What each word of a wide heading can say: senses, from the vocabulary files."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ncs_analyzer.vocabulary.match import entries, lexicon, normalise

Sense = tuple[tuple[str, str], ...]
"""What a phrase says: slots and their values, `(("measure", "velocity"), ("kind", "motor"))`."""

WORD, SHORT, LETTER = 10, 12, 14
"""What a phrase costs by its length: long phrases are believed before single letters."""


@dataclass(frozen=True, slots=True)
class Customs:
    """How one sheet writes. `sides`: its letters for right and left beside R and L ("d" and "i", "g" or "e"); `ends`:
    d and p stand for distal and proximal; `visits`: words that tell visits apart; `defined`: abbreviations that the file
    explains, with what they say."""

    sides: tuple[tuple[str, str], ...] = ()
    ends: bool = False
    visits: tuple[str, ...] = ()
    defined: tuple[tuple[str, Sense], ...] = ()


PLAIN: Final = Customs()
_MOST_WORDS: Final = 26
"""Words of a heading; a longer text is none."""
_DEFINED: Final = 8
"""What a phrase costs that the file itself explains: it is believed before all others."""

_MEASURES: Final = {
    "latency": (("measure", "latency"),),
    "distal_latency": (("measure", "latency"), ("end", "distal")),
    "peak_latency": (("measure", "peak_latency"),),
    "amplitude": (("measure", "amplitude"),),
    "cmap": (("potential", "motor"),),
    "snap": (("potential", "sensory"),),
    "area": (("measure", "area"),),
    "duration": (("measure", "duration"),),
    "velocity": (("measure", "velocity"),),
    "distance": (("measure", "distance"),),
    "f_latency": (("kind", "f_wave"), ("measure", "latency")),
    "f_mean": (("kind", "f_wave"), ("measure", "latency"), ("stat", "mean")),
    "f_max": (("kind", "f_wave"), ("measure", "latency"), ("stat", "max")),
    "m_latency": (("measure", "latency"), ("kind", "motor")),
    "h_latency": (("kind", "h_reflex"), ("measure", "latency")),
    "f_persistence": (("kind", "f_wave"), ("measure", "persistence")),
    "chronodispersion": (("derived", "yes"),),
    "rel_amplitude": (("derived", "yes"),),
    "delta": (("derived", "yes"),),
    "f_m": (("derived", "yes"),),
    "norm": (("limit", "any"),),
}  # fmt: skip
_F_WORD: Final = re.compile(r"\bf|%|率|율")
_POTENTIAL: Final = re.compile(r"cmap|snap")
_NUMBERED: Final = re.compile(r" [1-4]$")
"""The number of a cursor in a table of one response a row; in a wide heading the number of a site."""
_SITE_LETTERS: Final = frozenset("weak")
_LATIN: Final = "\u2e80"
"""Signs from here on are words by themselves."""
_ONSET: Final = re.compile(
    r"\bo(ns?|nset|lat)?\b|laton|inicio|inicial|debut|take ?off|start|initial|起始|立ち上がり|기시"
)
_HALF: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=[A-Z]{2})(?=[dp](?![a-z]))")
"""Where humps part: "RMedCMAPd" is "R Med CMAP d"."""
_UNITS: Final = ("ms", "msec", "mv", "uv", "m s", "mps", "m sec", "mm", "cm", "mvms", "mv ms", "ms mv", "microv", "s",
                 "m s 1", "microvolt", "microvolts", "millivolt", "millisec", "milliseconds", "mvxms", "mv s", "m per s",
                 "meter sec")  # fmt: skip
_ENDS_IN_UNIT: Final = re.compile(rf" ({'|'.join(_UNITS)})$")
_UNIT_OF: Final = {"m s": "m/s", "m sec": "m/s", "mps": "m/s", "m s 1": "m/s", "m per s": "m/s", "meter sec": "m/s",
                   "mv ms": "mvms", "ms mv": "mvms", "mvxms": "mvms", "microvolt": "uv", "microvolts": "uv",
                   "millivolt": "mv", "millisec": "ms", "milliseconds": "ms", "mv s": "mvs"}  # fmt: skip


def as_key(phrase: str) -> str:
    """A phrase as the table holds it: normalised, letters and figures parted."""
    return " ".join(re.findall(r"[^\W\d]+|\d+|%", normalise(phrase.replace("µ", "u").replace("μ", "u"))))


def _glossary() -> Iterator[tuple[str, Sense, int]]:
    """Every phrase with what it says and its surcharge; later entries of one phrase are further senses of it."""
    own = entries("wide")
    for nerve, words in (*((n, e["words"]) for n, e in entries("nerves").items()), *own["nerve"].items()):
        for word in (nerve.replace("_", " "), *words):
            yield word, (("nerve", nerve),), 0
    for side, words in entries("words")["side"].items():
        for word in (side, *words):
            yield word, (("side", side),), 0
    for kind, words in entries("words")["study"].items():
        for word in (kind.replace("_", " "), *words):
            if not lexicon("heading")(word):
                yield word, (("kind", kind),), 0
    for direction, words in own["direction"].items():
        for word in words:
            yield word, (("kind", "sensory"), ("direction", direction)), 0
    for kind, words in own["kind"].items():
        for word in words:
            yield word, (("kind", kind),), 0
    for word, kind in (("m", "motor"), ("s", "sensory")):
        yield word, (("kind", kind),), 4
    yield "f", (("kind", "f_wave"),), 0
    yield "h", (("kind", "h_reflex"),), 0
    yield from _measures(own)
    yield from _places(own)
    for slot in ("limit", "percent", "derived", "convention", "filler", "end"):
        for value, words in own[slot].items():
            for word in words:
                yield word, ((slot, value),), 1 if slot == "filler" else 0
    for word in _UNITS:
        yield word, (("unit", _UNIT_OF.get(word, word)),), 0
    for code, words in own["code"].items():
        nerve, kind = code.split()
        for word in words:
            yield word, (("nerve", nerve), ("kind", kind), ("code", word)), 1


def _measures(own: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, Sense, int]]:
    for kind in ("motor", "sensory"):
        for name, words in own[kind].items():
            sense: Sense = {
                "potential": (("potential", kind),),
                "latency_distal": (("measure", "latency"), ("end", "distal"), ("kind", kind)),
            }.get(name, (("measure", name), ("kind", kind)))
            for word in words:
                yield word, sense, 0
    parts = (*own["motor"].values(), *own["sensory"].values(), own["limit"]["upper"], own["limit"]["lower"])
    mine = {as_key(word) for words in parts for word in words}
    for name, words in own["measure"].items():
        for word in words:
            yield word, _labelled((("measure", name),), word), 0
    for role, words in entries("words")["heading"].items():
        sense = _MEASURES.get(role, ())
        for word in words:
            if role in ("area", "duration") and _POTENTIAL.search(as_key(word)):
                continue
            if (
                not sense
                or as_key(word) in mine
                or _NUMBERED.search(as_key(word))
                or _ENDS_IN_UNIT.search(f" {as_key(word)}")
            ):
                continue
            if role in ("f_latency", "f_mean", "f_max", "f_persistence") and not _F_WORD.search(normalise(word)):
                if role == "f_persistence":
                    yield word, (("measure", "persistence"),), 0
                continue
            yield word, _labelled(sense, word), 0
    for stat in ("min", "mean", "max"):
        for word in own[stat]["f"]:
            yield word, (("kind", "f_wave"), ("measure", "latency"), ("stat", stat)), 0
        for word in own[stat]["any"]:
            yield word, (("stat", stat),), 0
    for word in own["persistence"]["f"]:
        yield word, (("kind", "f_wave"), ("measure", "persistence")), 0


def _labelled(sense: Sense, word: str) -> Sense:
    """A latency whose word says that it is taken at the onset."""
    onset = sense[0] == ("measure", "latency") and _ONSET.search(normalise(word))
    return (*sense, ("onset", "yes")) if onset else sense


def _places(own: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, Sense, int]]:
    for site, entry in entries("sites").items():
        for word in (site.replace("_", " "), *entry["words"]):
            yield word, (("site", site),), 0
    for site, words in own["site"].items():
        for word in words:
            yield word, (("site", site),), 0
    yield "fib", (("site", "below_fibular_head"),), 1  # where the nerve is named by another word
    for muscle, entry in entries("muscles").items():
        slot = "skin" if muscle.startswith("digit") or muscle in _SKIN else "muscle"
        for word in (muscle.replace("_", " "), *entry["words"]):
            yield word, ((slot, muscle),), 0
    for segment, words in own["segment"].items():
        for word in words:
            yield word, (("segment", segment),), 1


_SKIN: Final = ("snuffbox", "hand_dorsum", "foot_dorsum", "toe_1")


@lru_cache(8)
def senses(customs: Customs) -> dict[str, tuple[tuple[Sense, int], ...]]:
    """Every phrase of a sheet's headings with its senses and their costs."""
    table: dict[str, dict[Sense, int]] = {}

    def add(phrase: str, sense: Sense, extra: int) -> None:
        key = as_key(phrase)
        if key:
            bare = key.replace(" ", "")
            cost = LETTER if len(bare) == 1 else SHORT if len(bare) == 2 else WORD
            known = table.setdefault(key, {})
            known[sense] = min(known.get(sense, 99), cost + extra)

    for phrase, sense, extra in _glossary():
        add(phrase, sense, extra)
    for right, left in customs.sides:
        add(right, (("side", "right"),), -3)
        add(left, (("side", "left"),), -3)
    for end, words in entries("wide")["end_potential"].items() if not customs.sides else ():
        for word in words:
            add(word, (("potential", "motor"), ("end", end)), 0)
    if customs.ends:
        for end, words in entries("wide")["pair"].items():
            for word in words:
                add(word, (("end", end),), -3)
    for visit in customs.visits:
        add(visit, (("visit", visit),), -5)
    own: dict[str, dict[Sense, int]] = {}
    for abbreviation, sense in customs.defined:
        own.setdefault(as_key(abbreviation), {})[sense] = _DEFINED
    letters = {key for key in own if len(key) <= 2}
    if letters:
        table = {key: known for key, known in table.items() if " " not in key or not letters & set(key.split())}
    table |= own
    return {key: tuple(known.items()) for key, known in table.items()}


_SHORT_FILLER: Final = 3
"""Letters up to which a word without meaning ("at", "de") is not looked for inside other words."""


@lru_cache(1)
def _limbs() -> frozenset[str]:
    return frozenset(as_key(word) for word in entries("wide")["limb"]["yes"])


@lru_cache(1)
def _sides() -> dict[str, str]:
    table = entries("words")["side"]
    return {as_key(word): side for side, words in table.items() for word in (side, *words) if len(word) > 1}


@lru_cache(1 << 12)
def side_of_limb(words: tuple[str, ...]) -> tuple[tuple[Sense, int], ...]:
    """ "right hand", "jambe gauche": a side, and no stimulation site."""
    parted = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    for front, back in parted:
        for side, limb in ((front, back), (back, front)):
            if side in _sides() and limb in _limbs():
                return (((("side", _sides()[side]),), WORD),)
    return ()


@lru_cache(8)
def glued(customs: Customs) -> dict[str, str]:
    """Words written together ("fibhead"), and every single word, as the phrase they stand for."""
    together: dict[str, str] = {}
    for key in sorted(senses(customs), key=lambda k: (k.count(" "), k)):
        bare = key.replace(" ", "")
        filling = all(slot == "filler" for sense, _ in senses(customs)[key] for slot, _ in sense)
        if (len(bare) > 1 or bare > _LATIN) and not (filling and len(bare) <= _SHORT_FILLER and bare < _LATIN):
            together.setdefault(bare, key)
    for limb in _limbs():
        together.setdefault(limb.replace(" ", ""), limb)
    return together


@lru_cache(1 << 14)
def words_of(text: str, customs: Customs = PLAIN) -> tuple[tuple[str, ...], ...]:
    """The ways to part a heading into words: at humps and figures, and unknown words into known ones."""
    text = unicodedata.normalize("NFKC", text).replace("µ", "u").replace("μ", "u")
    text = re.sub(r"m\s*/\s*s(ec)?\b", " mps ", text)
    text = re.sub(r"(?<=[a-zA-Z])([mu]V)\b", r" \1", text)
    text = re.sub(r"([mu])V", lambda m: m[1] + "v", text)
    ways: list[tuple[str, ...]] = []
    for parted in (_HALF.sub(" ", text), text):
        words = as_key(parted).split()
        if len(words) > _MOST_WORDS:
            continue
        for way in _split_unknown(words, customs):
            if way not in ways:
                ways.append(way)
    return tuple(ways)


def _split_unknown(words: list[str], customs: Customs) -> list[tuple[str, ...]]:
    ways: list[tuple[str, ...]] = [()]
    for word in words:
        choices = [tuple(word.split())] if word in _vocabulary(customs) else _pieces(word, customs)
        if word in glued(customs) and word not in senses(customs):
            choices = [tuple(glued(customs)[word].split()), *choices]
        ways = [way + choice for way in ways for choice in choices[:4]][:16]
    return ways


@lru_cache(8)
def _vocabulary(customs: Customs) -> frozenset[str]:
    """Words that are phrases, or part of one."""
    return frozenset(word for key in (*senses(customs), *_limbs()) for word in key.split())


@lru_cache(1 << 14)
def _pieces(word: str, customs: Customs) -> list[tuple[str, ...]]:
    """An unknown word as known words written together, in as few pieces as possible; a single letter may be the side at
    either end, or the site before it."""
    if word.isdigit() or len(word) > 40:
        return [(word,)]
    known = glued(customs)
    sides = {"r", "l", *(letter for pair in customs.sides for letter in pair)}
    best: dict[int, list[tuple[str, ...]]] = {0: [()]}
    for end in range(1, len(word) + 1):
        found: list[tuple[str, ...]] = []
        for start in range(max(0, end - 24), end):
            piece = word[start:end]
            letter = len(piece) == 1 and len(word) > 2
            edge = letter and piece in sides and (start == 0 or end == len(word))
            site = letter and piece in _SITE_LETTERS and start > 3 and end >= len(word) - 1
            if start in best and (piece in known or edge or site):
                found += [(*way, known.get(piece, piece)) for way in best[start]]
        if found:
            fewest = min(map(len, found))
            best[end] = list(dict.fromkeys(way for way in found if len(way) <= fewest + (end < len(word))))[:12]
    whole = best.get(len(word), [])
    fewest = min(map(len, whole), default=0)
    ways = [tuple(" ".join(way).split()) for way in whole if len(way) == fewest]
    return ways or [(word,)]
