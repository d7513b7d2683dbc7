"""Texts that name a segment of a nerve: "Elbow - Wrist", "W-BE", "Wrist-APB"."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ncs_analyzer.ingest.places import Place, place_named, read_place
from ncs_analyzer.vocabulary.anatomy import MUSCLES, SITE_LIMB, SITE_ORDER
from ncs_analyzer.vocabulary.match import normalise

SITE_CODES: Final = {
    "w": "wrist", "e": "elbow", "be": "below_elbow", "ae": "above_elbow", "ax": "axilla", "a": "ankle", "k": "knee",
    "fh": "below_fibular_head", "bfh": "below_fibular_head", "afh": "above_fibular_head", "pf": "popliteal_fossa",
    "fn": "below_fibular_head", "bfn": "below_fibular_head", "fib": "below_fibular_head", "kn": "knee", "p": "palm",
    "f": "forearm", "fa": "forearm", "fk": "below_fibular_head", "osg": "ankle", "kk": "popliteal_fossa", "eb": "elbow",
    "hg": "wrist", "erb": "erb", "ep": "erb",
}  # fmt: skip
"""Letters that stand for sites inside a segment."""

_FINGERS: Final = {"i": "digit_1", "ii": "digit_2", "iii": "digit_3", "iv": "digit_4", "v": "digit_5"}
"""Numerals that stand for fingers at the end of a segment: "II-W"."""

_ALONE: Final = SITE_CODES.keys() - {"p", "f", "fa"}
"""Letters that stand for a site by themselves too, in a column of sites: there P may mean proximal, and F what it likes."""


def site_code(text: str) -> str | None:
    """The site that letters in a column of sites stand for."""
    code = normalise(text)
    return SITE_CODES[code] if code in _ALONE else None


_BETWEEN: Final = re.compile(r"\s*(?:->|=>|[-–—→>/~]|\bto\b|\bbis\b|\ba\b|\bà\b)\s*", re.IGNORECASE)


_FROM_ANKLE: Final = re.compile(r"\s*A\s*[-–—]\s*FH\s*", re.IGNORECASE)
"""From the ankle to the fibular head; "A. FH" is above it."""


class Segment(NamedTuple):
    """The distal and proximal end; `distal` None: from the recording site to `proximal`."""

    distal: str | None
    proximal: str


@lru_cache(1 << 14)
def read_segment(text: str) -> Segment | None:
    """The segment a text names, or None. The order of the ends does not matter."""
    ends = segment_ends(text)
    if ends is None:
        return None
    sites = [end for end in ends if end in SITE_ORDER]
    if {SITE_LIMB.get(site) for site in sites} == {"upper", "lower"}:
        return None
    if len(sites) == 2 and sites[0] != sites[1]:
        lower, upper = sorted(sites, key=lambda site: SITE_ORDER[site])
        return Segment(lower, upper)
    return Segment(None, sites[0]) if len(sites) == 1 else None


def segment_ends(text: str) -> tuple[str, str] | None:
    """The two ends as written; a hyphen inside a name ("B-Elbow") is not where the ends meet."""
    if place_named(text) and not _FROM_ANKLE.fullmatch(text):
        return None
    for between in _BETWEEN.finditer(text):
        before, after = text[: between.start()], text[between.end() :]
        first, second = _end(before), _end(after)
        if second is None and first and first.startswith("below_") and normalise(after) in _ABOVE:
            second = first.replace("below_", "above_")  # 팔꿈치아래-위
        if first is None and second and before.strip() and len(after.split()) > 1:
            first = place_named(f"{before} {after.split()[-1]}")  # "below - above elbow"
        if first and second:
            return first, second
    place = read_place(text)
    if place.nerve is None and not place.rest and place.site and (place.second or place.recording):
        return place.site, place.second or place.recording or ""
    return None


_ABOVE: Final = tuple(map(normalise, ("위", "上", "above", "oberhalb", "encima", "sopra", "acima", "dessus")))
_CASED: Final = {"uE": "below_elbow", "oE": "above_elbow"}
"""Unterer and oberer Ellenbogen; in capitals they may mean anything."""


def nerve_and_ends(text: str) -> tuple[Place, tuple[str, str]] | None:
    """What stands before a segment, if it names a nerve, and the ends: "Median II-W", "Rt Ulnar (ADM): W-BE"."""
    found = _BEHIND_NERVE.fullmatch(text)
    if found is None or (nerve := read_place(found[1])).nerve is None or nerve.rest:
        return None
    ends = segment_ends(found[2])
    return None if ends is None or set(ends) & set(MUSCLES) else (nerve, ends)


_BEHIND_NERVE: Final = re.compile(r"(.*\S)\s+([^\s()]+\s*[-–—]\s*[^\s()]+(?:\s[^\s()]+)?)")


def _end(text: str) -> str | None:
    whole = place_named(text)
    if whole or not text.strip():
        return whole
    code = _CASED.get(text.strip()) or SITE_CODES.get(normalise(text)) or _FINGERS.get(normalise(text))
    place = read_place(text)
    alone = place.nerve is None and place.side is None and place.second is None and not place.rest
    return code or (place.site if alone else None)


def names_place(text: str) -> bool:
    """Whether a text names a nerve, or nothing but a stimulation site or segment."""
    if not text or len(text) > 120:
        return False
    place = read_place(text)
    return place.nerve is not None or (place.site is not None and not place.rest) or read_segment(text) is not None
