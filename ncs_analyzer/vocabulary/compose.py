"""Names of sites, muscles and nerves understood by their parts: "sous le col du péroné", "N. radial superficiel"."""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product
from typing import Final

from ncs_analyzer.vocabulary.match import entries, normalise

_CUT: Final = 5
"""Letters that a part cut short has at least."""
_MOST: Final = 7
"""Words of such a name."""
_RELATIONS: Final = ("below", "above")


@cache
def _parts() -> dict[str, frozenset[str]]:
    """The words of each part."""
    return {part: frozenset(words) for part, words in entries("composed")["part"].items()}


@lru_cache(1 << 13)
def _could_be(word: str) -> tuple[str, ...]:
    """The parts that a word may stand for."""
    exact = tuple(part for part, words in _parts().items() if word in words)
    if exact or len(word) < _CUT:
        return exact
    return tuple(part for part, words in _parts().items() if any(w.startswith(word) for w in words))


@cache
def _unordered() -> dict[tuple[str, ...], tuple[str, str]]:
    """Lexicon and meaning of each sorted group of parts."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for section, table in (("muscle", "places"), ("nerve", "nerves")):
        for meaning, groups in entries("composed")[section].items():
            found |= {tuple(sorted(group)): (table, meaning) for group in groups}
    return found


@cache
def _sites() -> dict[str, str]:
    return {said: site for site, ways in entries("composed")["site"].items() for said in ways}


@lru_cache(1 << 14)
def composed(words: tuple[str, ...]) -> tuple[str, str] | None:
    """The lexicon (places or nerves) and the one meaning of a name by its parts; None where a word is no part, or the
    parts mean nothing or several things. `words`: normalised."""
    if not 1 <= len(words) <= _MOST:
        return None
    beside = entries("composed")["beside"]
    named = words[1:] if words[0] in beside["front"] else words
    led = len(named) < len(words)
    if not named or not all(_could_be(w) or _glued(w) for w in (named[0], named[-1])):
        return None
    bare = [w for w in named if _could_be(w) or _glued(w) or w not in beside["within"]]
    choices = [(*((c,) for c in _could_be(w)), *_glued(w)) for w in bare]
    if not bare or not all(choices) or (len(words) == 1 and not _glued(words[0])):
        return None
    found = set()
    for chosen in product(*choices):
        parts = [part for parts in chosen for part in parts]
        if (named_so := _unordered().get(tuple(sorted(parts)))) is not None:
            found.add(named_so)
        elif not led and (site := _site(parts)) is not None:
            found.add(("places", site))
    return found.pop() if len(found) == 1 else None


def _site(parts: list[str]) -> str | None:
    """The site of a landmark with what stands in front of it or behind."""
    for relation, rest in (("", parts), (parts[0], parts[1:]), (parts[-1], parts[:-1])):
        if relation and relation not in _RELATIONS:
            continue
        for landmark, ways in entries("composed")["landmark"].items():
            if rest in ways and (site := _sites().get(f"{relation} {landmark}".strip())) is not None:
                return site
    return None


def _glued(word: str) -> tuple[tuple[str, ...], ...]:
    """Relation and landmark written as one word: "infracodo", "sottogomito"."""
    return tuple(
        (relation, part)
        for relation in _RELATIONS
        for front in _parts()[relation]
        if word.startswith(front) and len(front) > 2
        for part in _could_be(word[len(front) :])
        if part in ("elbow", "knee", "fibula_head")
    )


@lru_cache(1 << 13)
def composed_unspaced(word: str) -> str | None:
    """The muscle that a word without spaces names by its parts: 外展小指肌."""
    if not 2 <= len(word) <= _LONGEST or word < "\u1100":
        return None
    found = {named[1] for parts in _partings(word) if (named := _unordered().get(tuple(sorted(parts)))) is not None}
    return found.pop() if len(found) == 1 else None


_LONGEST: Final = 30
"""Letters of a word without spaces."""


def _partings(word: str) -> Iterator[tuple[str, ...]]:
    """The ways to part a word that ends in "muscle" into known parts."""
    ends = [m for m in _unspaced()["muscle"] if word.endswith(m)]
    waiting: list[tuple[str, tuple[str, ...]]] = [(word[: -len(m)], ()) for m in ends]
    while waiting:
        rest, parts = waiting.pop()
        if not rest:
            yield parts
            continue
        for part, names in _unspaced().items():
            waiting += [
                (rest[len(name) :], (*parts, part)) for name in names if part != "muscle" and rest.startswith(name)
            ]


@cache
def _unspaced() -> dict[str, tuple[str, ...]]:
    """The parts of such words, normalised."""
    own = entries("composed")["unspaced"]
    return {
        part: tuple(normalise(name) for name in names) for part, names in own.items() if part in (*_parts(), "muscle")
    }
