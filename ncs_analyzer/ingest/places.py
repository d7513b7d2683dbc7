"""Free text that names nerve, side, kind of study, muscle and site: "Left Ulnar Motor (Abd Dig Minimi)"."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ncs_analyzer.ingest.sides import initial_of
from ncs_analyzer.vocabulary.anatomy import MUSCLES, PURELY_SENSORY, SITE_ORDER
from ncs_analyzer.vocabulary.compose import composed, composed_unspaced
from ncs_analyzer.vocabulary.match import lexicon, normalise, unglue, without_ordinals
from ncs_analyzer.vocabulary.units import unit as known_unit

_BRACKETS: Final = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_NUMBERING: Final = re.compile(r"\s*\d{1,2}\s*[.)]\s+")
_ASIDE: Final = re.compile(r"c[3-8]|t1|th1|l[1-5]|s[1-4]|\d+([cm]m)")
"""Spinal roots beside a muscle and distances beside a site: they say nothing of the study."""

_BRANCH: Final = re.compile(
    r"super[fp]|sup$|spf|cutan|plantar|antebra|dors|lateral|medial|inteross|digital|branch|ramus|rama$|浅|深|皮|枝|支|얕|깊|피부"
)
"""Words that make another nerve of the one named: an unknown branch is never read as its trunk."""

_KIND_LETTERS: Final = {"m": "motor", "s": "sensory", "f": "f_wave", "h": "h_reflex"}
_OF_ARM: Final = ("median", "ulnar", "radial")
_LONGEST: Final = 1000
"""Letters; what is longer is no label."""
_TABLES: Final = ("side", "nerves", "study", "places")


@dataclass(frozen=True, slots=True)
class Place:
    """What a text names; None where it does not.

    `site`: the first place; `second`: a further one (a segment's other end, or a recording site both could be).
    `rest`: words that were not understood; `inner`: those in brackets, where a recording site was expected; `several`:
    two nerves are named, of which neither is `nerve`.
    """

    nerve: str | None = None
    side: str | None = None
    study: str | None = None
    recording: str | None = None
    site: str | None = None
    second: str | None = None
    rest: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    several: bool = False


_STIMULATED_AND_RECORDED: Final = re.compile(
    r"[(（]([^()（）]+?)(?:刺激|자극)\s*[-–—・·,、/ ]\s*([^()（）]+?)(?:導出|导出|記録|记录|기록)[)）]"
)
_RECORDED_BEHIND: Final = re.compile(r"[(（]([^()（）]+?)(?:導出|导出|記録|记录|기록)[)）]")
"""(手首刺激-示指導出), (APB導出)."""


@lru_cache(1 << 14)
def read_place(text: str) -> Place:
    """Read one cell. Longest phrases win; a text in brackets names the recording site.

    Of two places the first is stimulated and the second recorded from, except that a muscle is only recorded from.
    Two different nerves in one text are not understood.
    """
    if len(text) > _LONGEST:
        return Place(rest=(text,))
    text = _RECORDED_BEHIND.sub(r"(\1)", _STIMULATED_AND_RECORDED.sub(r" \1 (\2)", text))
    bracketed = [t for t in _BRACKETS.findall(text) if known_unit(t) is None]
    letter = next(
        (_KIND_LETTERS[t.strip().casefold()] for t in bracketed if t.strip().casefold() in _KIND_LETTERS), None
    )
    bracketed = [t for t in bracketed if t.strip().casefold() not in _KIND_LETTERS]
    outside, loose = _phrases(_BRACKETS.sub(" ", _NUMBERING.sub("", text, count=1)))
    inside, inner = _phrases(" ".join(bracketed))
    named = outside | {k: v for k, v in inside.items() if k not in outside and k != "places"}
    within = inside.get("places", [])
    site, second, own = _roles(outside.get("places", []), bool(named.get("nerves")))
    if len(within) > 1 and site is None and within[0] in SITE_ORDER and not inner:
        site, within = within[0], within[1:]  # both ends of a sensory study: "Sural (calf - ankle)"
    unclear = bool(inner) and len(within) > 1 and within[0] in SITE_ORDER
    recording = within[0] if within and not unclear else None
    if recording is None:
        recording = own
    elif own is not None and own != recording:
        loose = (*loose, own)
    if (site, recording) == ("knee", "popliteal_fossa"):
        site, recording = recording, None
    if site == "neck" and set(named.get("nerves", ())) == {"fibular"}:
        site = "below_fibular_head"  # the neck of the fibula
    if recording and not (named.get("nerves") or named.get("side") or named.get("study") or site) and own is None:
        site, recording = recording, None
    nerves = list(dict.fromkeys(named.get("nerves", [])))
    if nerves and any(_BRANCH.match(word) for word in loose):
        nerves, loose = [], (*nerves, *loose)
    if len(nerves) > 1:
        loose = (*loose, *nerves)
    if "side" not in named and nerves and (side := _initial(_BRACKETS.sub(" ", text), loose)):
        named["side"], loose = [side[0]], tuple(w for w in loose if w != side[1])
    study = named["study"][0] if "study" in named else letter
    last = normalise(_BRACKETS.sub(" ", text)).rpartition(" ")[2]
    if (
        study is None
        and len(nerves) == 1
        and (last == "m" or (last == "s" and nerves[0] in (*_OF_ARM, *PURELY_SENSORY)))
    ):
        study = _KIND_LETTERS[last]  # "Median M", "Ulnar S"; S beside the fibular nerve may mean superficial
        loose = tuple(w for w in loose if w != last)
    sides = list(dict.fromkeys(named.get("side", [])))
    return Place(
        nerves[0] if len(nerves) == 1 else None, sides[0] if len(sides) == 1 else None, study, recording, site, second,
        loose, inner, len(nerves) > 1,
    )  # fmt: skip


@lru_cache(1 << 12)
def muscle_first(text: str) -> bool | None:
    """Whether a text outside brackets names a muscle before a stimulation site; None where it does not name both."""
    places = _phrases(_BRACKETS.sub(" ", text))[0].get("places", [])
    muscles = [i for i, p in enumerate(places) if p in MUSCLES]
    sites = [i for i, p in enumerate(places) if p in SITE_ORDER]
    return muscles[0] < sites[0] if muscles and sites else None


def in_order(place: Place, roles: tuple[str, ...]) -> Place:
    """Two places of a sensory study, where the heading says whether the stimulated or the recorded one comes first."""
    if place.site is None or place.second is None or not {"recording", "site"} <= set(roles):
        return place
    if roles.index("recording") < roles.index("site"):
        return replace(place, site=place.second, recording=place.site, second=place.site)
    return replace(place, recording=place.second)


def direction(text: str) -> str | None:
    """The way the impulse runs, if a text says so."""
    found = _DIRECTION.search(unicodedata.normalize("NFKC", text).casefold())
    return None if found is None else "antidromic" if found[1] else "orthodromic"


_DIRECTION: Final = re.compile(
    r"(anti-?\s?drom|\banti sens|逆行|逆向|역행|역방향)|ortho-?\s?drom|\bortho sens|順行|顺行|顺向|順向|순행|정방향"
)


def stimulated(text: str) -> str | None:
    """The one stimulation site that a title gives for all rows below: "antidromic, stimulation at the wrist"."""
    text = unicodedata.normalize("NFKC", text)
    found = _STIMULATION.search(text) or _STIMULATION_UNSPACED.search(text)
    return None if found is None else place_named(found[1].strip())


_STIMULATION: Final = re.compile(
    r"(?:stim(?:ulation|ulated|ulus|\.|olo|olazione|ulo|ulação|ulación|ul\.)?|reiz(?:ung|ort)?)"
    r"\s*:?\s+(?:site\s+|at\s+|in\s+|am\s+|an\s+der\s+|au\s+|à\s+la\s+|al\s+|alla\s+|allo\s+|en\s+|no\s+|na\s+|the\s+|la\s+|le\s+|el\s+)*"
    r"([^\W\d][^,;()/]{2,24})",
    re.IGNORECASE,
)


_STIMULATION_UNSPACED: Final = re.compile(
    r"(?:刺激(?:部位|点)?|자극(?:부위)?)[:：]?\s*([^\s，,、；;()・·刺激자극]{1,8})"
)


@lru_cache(1 << 12)
def recorded(text: str) -> str | None:
    """Where a text that says nothing else says that was recorded: "rec. APB", "Abl.: M. abd. hallucis", 導出：示指."""
    found = _RECORDED.match(unicodedata.normalize("NFKC", text))
    return None if found is None else place_named((found[1] or found[2]).strip())


_RECORDED: Final = re.compile(
    r"(?:rec(?:orded|ording)?\.?(?:\s+(?:from|site))?|abl(?:eitung)?\.?|reg(?:istro|istrato)?\.?|recueil|enreg\.?|deriv(?:azione)?\.?|"
    r"capta\w*|pick-?up|導出(?:筋|部位)?|記録(?:部位)?|记录(?:肌|部位)?|기록(?:근|부위)?)\s*[:：]?\s+(.+)$|"
    r"(?:導出(?:筋|部位)?|記録(?:部位)?|记录(?:肌|部位)?|기록(?:근|부위)?)[:：](.+)$",
    re.IGNORECASE,
)


def along(place: Place, way: str | None) -> Place:
    """Two places of a sensory study whose order says nothing: an antidromic impulse starts at the proximal one."""
    if place.site is None or place.second is None or place.recording not in (None, place.second):
        return place
    first, second = (SITE_ORDER.get(p, -1) for p in (place.site, place.second))
    palm = {place.site, place.second} == {"palm", "wrist"}
    if (way is None and not palm) or first == second or (first > second) == (way == "antidromic" and not palm):
        return place
    return replace(place, site=place.second, recording=place.site, second=place.site)


def _phrases(text: str) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """The meanings found per lexicon, in the order of the text, and the words left over."""
    words = [w for w in _words(text) if not _ASIDE.fullmatch(w)]
    free = [True] * len(words)
    found: list[tuple[int, str, str]] = []
    for length in range(min(max(lexicon(t).longest for t in _TABLES), len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            if all(free[start : start + length]) and (named := _meaning(tuple(words[start : start + length]))):
                found.append((start, *named))
                free[start : start + length] = [False] * length
    by_table: dict[str, list[str]] = {}
    for _, table, meaning_found in sorted(found):
        by_table.setdefault(table, []).append(meaning_found)
    return by_table, tuple(w for w, f in zip(words, free, strict=True) if f and w not in lexicon("filler").meaning)


def _words(text: str) -> list[str]:
    """The words of a text; those written together ("BElbow", 右正中神经) parted where their parts are known."""
    together = " ".join(_parted(word) if _HUMP.search(word) else word for word in text.split())
    words = normalise(together).split()
    return [part for word in words for part in ([word] if composed_unspaced(word) else unglue([word], *_TABLES))]


def _parted(word: str) -> str:
    """A word parted at its humps, if that makes it known."""
    parts = normalise(_HUMP.sub(" ", word))
    known = any(lexicon(table).meaning.get(parts) for table in _TABLES)
    return parts if known and not any(lexicon(table)(word) for table in _TABLES) else word


_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")


def _initial(text: str, loose: tuple[str, ...]) -> tuple[str, str] | None:
    """The side that an initial before or behind the name of a nerve means, and that initial."""
    ends = []
    for part in _PARTS.split(text):
        words = normalise(part).split()
        if len(words) > 1 and lexicon("nerves").find(words) is not None:
            ends += [w for w in (words[0], words[-1]) if initial_of(w)]
    ends = [w for w in ends if w in loose or w in lexicon("filler").meaning]
    return (str(initial_of(ends[0])), ends[0]) if len(set(ends)) == 1 else None


_PARTS: Final = re.compile(r"[/,;:|\-–—]")


@lru_cache(1 << 14)
def _meaning(words: tuple[str, ...]) -> tuple[str, str] | None:
    """The table and meaning of a phrase as a whole; a phrase cut short means what it can only be the beginning of."""
    phrase = " ".join(words)
    for spelled in dict.fromkeys((phrase, without_ordinals(phrase))):
        for table in _TABLES:
            if (meaning := lexicon(table).meaning.get(spelled)) is not None:
                return table, meaning
    cut = [(table, m) for table in ("nerves", "places") if (m := lexicon(table).abbreviated(words)) is not None]
    if cut:
        return cut[0] if len(cut) == 1 else None
    if len(words) == 1 and (muscle := composed_unspaced(words[0])) is not None:
        return "places", muscle
    return composed(words) or composed(tuple(without_ordinals(phrase).split()))


def nerve_named(text: str) -> str | None:
    """The nerve that a text in a column of nerves names; there abbreviations are enough: "UN", "Med"."""
    return lexicon("nerves")(text) or read_place(text).nerve or lexicon("nerve_short")(text)


def own_name(text: str) -> str:
    """What a recording site is called that the program does not know; of a very long text the beginning."""
    return normalise(text[:_LONGEST]).replace(" ", "_")


def place_named(text: str) -> str | None:
    """The site or muscle that a text as a whole names."""
    if len(text) > _LONGEST:
        return None
    named = _meaning(tuple((_parted(text) if _HUMP.search(text) else normalise(text)).split()))
    return named[1] if named is not None and named[0] == "places" else None


def _roles(places: list[str], nerve: bool) -> tuple[str | None, str | None, str | None]:
    """Stimulation site, second place and recording muscle of the places named outside brackets."""
    muscles = [p for p in places if p in MUSCLES]
    others = [p for p in dict.fromkeys(places) if p not in MUSCLES]
    if "popliteal_fossa" in others:
        others = [p for p in others if p != "knee"]
    if muscles and (nerve or others):
        return others[0] if others else None, others[1] if len(others) > 1 else None, muscles[0]
    if muscles:
        return muscles[0], None, None
    if len(others) > 1 and nerve and not (others[0] in SITE_ORDER and others[1] in SITE_ORDER):
        return others[0], others[1], others[1]
    return others[0] if others else None, others[1] if len(others) > 1 else None, None
