"""Reference tables: the shipped ones, a laboratory's own, and the order in which they are asked.

A table is a CSV with the columns of docs/reference.md. A shipped source is a folder of `reference_ranges/` with
`limits.csv` and `source.toml`; a laboratory's own table is one CSV file.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Floats, Mask
from ncs_analyzer.reference.card import SourceCard, read_card
from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.reference.parse import TableError, checked_limits, sound_limits
from ncs_analyzer.resources import shipped

__all__ = ["Reference", "Source", "TableError", "builtin", "builtin_ids", "default_reference", "load_reference"]

DEFAULT: Final = "default"


@dataclass(frozen=True)
class Source:
    """One table. `card`: of a published one, None for a laboratory's own."""

    id: str
    title: str
    card: SourceCard | None
    limits: tuple[Limit, ...]
    hash: str

    def banded_ages(self, ages: Floats) -> Floats:
        """The ages to look up: outside the table's ages, the nearest age of it where the card allows that."""
        card, banded = self.card, ages.copy()
        if card is None:
            return banded
        if card.age_min is not None and card.nearest_age_from is not None:
            banded[(ages < card.age_min) & (ages >= card.nearest_age_from)] = card.age_min
        if card.age_max is not None and card.nearest_age_above:
            banded[ages >= card.age_max] = np.nextafter(card.age_max, 0)
        return banded

    def covers(self, ages: Floats) -> Mask:
        """Whom the source speaks for, by age; a laboratory's own table for everybody."""
        inside = np.ones(len(ages), bool)
        if self.card is not None and self.card.age_min is not None:
            inside &= ages >= self.card.age_min
        if self.card is not None and self.card.age_max is not None:
            inside &= ages < self.card.age_max
        return inside


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One entry of default.toml: for these nerves, measures and recordings ("*": any), these sources in this order."""

    study: str
    nerves: tuple[str, ...]
    measures: tuple[str, ...]
    recordings: tuple[str, ...] = ("*",)
    sources: tuple[str, ...]

    def fits(self, study: str, nerve: str, measure: str, recording: str) -> bool:
        """Whether the entry speaks of that measure."""
        return self.study == study and all(
            "*" in names or name in names
            for names, name in ((self.nerves, nerve), (self.measures, measure), (self.recordings, recording))
        )


@dataclass(frozen=True)
class Reference:
    """The sources to ask. `order`: entries in the order they were named, a source or the rules of the default; without
    it, the sources one after another."""

    sources: tuple[Source, ...]
    order: tuple[int | tuple[Rule, ...], ...] | None = None

    @cached_property
    def hash(self) -> str:
        """One hash for all tables in their order."""
        order = "" if self.order is None else repr(self.order)
        return hashlib.sha256(("".join(f"{s.id}{s.hash}" for s in self.sources) + order).encode()).hexdigest()[:16]

    def asked(self, study: str, nerve: str, measure: str, recording: str) -> list[int]:
        """Which sources to ask for a measure, in order."""
        found: list[int] = []
        numbers = {source.id: i for i, source in enumerate(self.sources)}
        for entry in range(len(self.sources)) if self.order is None else self.order:
            if isinstance(entry, int):
                found.append(entry)
                continue
            rule = next((r for r in entry if r.fits(study, nerve, measure, recording)), None)
            found += [numbers[name] for name in rule.sources] if rule else []
        return list(dict.fromkeys(found))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def builtin_ids() -> tuple[str, ...]:
    """The ids of the sources shipped with the program."""
    return tuple(sorted(p.parent.name for p in shipped("reference_ranges").glob("*/source.toml")))


@cache
def builtin(name: str) -> Source:
    """A shipped source by its id; KeyError if there is none. It is taken as it is: the tests check what is shipped."""
    if name not in builtin_ids():
        raise KeyError(name)
    folder = shipped("reference_ranges") / name
    card = read_card((folder / "source.toml").read_text(encoding="utf-8"))
    text = (folder / "limits.csv").read_text(encoding="utf-8")
    return Source(name, card.title, card, sound_limits(text), _hash(text))


@cache
def default_rules() -> tuple[Rule, ...]:
    """The order of the built-in sources by nerve and measure: reference_ranges/default.toml."""
    text = (shipped("reference_ranges") / "default.toml").read_text(encoding="utf-8")
    return tuple(_rule(entry) for entry in tomllib.loads(text)["use"])


def _rule(entry: dict[str, Any]) -> Rule:
    lists = {name: tuple(value) for name, value in entry.items() if name != "study"}
    return Rule(study=entry["study"], **lists)


@cache
def default_reference() -> Reference:
    """The built-in sources in the order of reference_ranges/default.toml."""
    return load_reference([DEFAULT])


def table_text(path: Path) -> str:
    """The text of a table; bytes that are no UTF-8 are replaced, which the checks then find."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


def own_table(path: Path) -> Source:
    """A laboratory's own table. Raises TableError where it cannot be relied on."""
    text = table_text(path)
    return Source(path.stem, f"laboratory's own table {path.name}", None, checked_limits(text, str(path)), _hash(text))


def load_reference(names: Iterable[str | Path] = ()) -> Reference:
    """The sources to use, in order: `default`, ids of built-in sources, or paths of a laboratory's own tables.

    Without names: the built-in default. Raises TableError for a table that cannot be relied on, FileNotFoundError for a
    name that is neither a source nor a file.
    """
    sources: dict[str, Source] = {}
    order: list[int | tuple[Rule, ...]] = []
    for name in list(names) or [DEFAULT]:
        if str(name) == DEFAULT:
            sources |= {s: builtin(s) for rule in default_rules() for s in rule.sources if s not in sources}
            order.append(default_rules())
            continue
        source = builtin(str(name)) if str(name) in builtin_ids() else _from_file(name)
        if source.id in sources and sources[source.id].hash != source.hash:
            source = replace(source, id=f"{source.id}-{source.hash[:4]}")
        sources[source.id] = source
        order.append(list(sources).index(source.id))
    return Reference(tuple(sources.values()), tuple(order))


def _from_file(name: str | Path) -> Source:
    path = Path(name)
    if not path.is_file():
        known = ", ".join((DEFAULT, *builtin_ids()))
        raise FileNotFoundError(f"{name}: neither a file nor a built-in reference ({known})")
    return own_table(path)
