"""The card of a published table: where it comes from, whom it was measured in, and how it was checked."""

import tomllib
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class SourceCard:
    """`source.toml`. Every field has to be there; what the publication does not say is written "not said".

    `doi`, `pmid`: empty where there is none. `edges`: how the printed bounds are meant. `age_min <= age < age_max`:
    the ages it speaks for; rows that print no age hold for these. `nearest_age_from`, `nearest_age_above`: outside,
    down to this age and at any age above, the nearest band is used and said. `known_warnings`: what the checks find
    and the publication prints all the same.
    """

    id: str
    title: str
    citation: str
    doi: str
    pmid: str
    table: str
    status: Literal["read", "secondary"]
    checked: str
    population: str
    n: str
    ages: str
    edges: Literal["inclusive", "half-open", "none printed"]
    age_min: float | None = None
    age_max: float | None = None
    nearest_age_from: float | None = None
    nearest_age_above: bool = False
    temperature: str
    filters: str
    distance: str
    statistic: str
    units: str
    deviations: tuple[str, ...]
    known_warnings: tuple[str, ...] = ()


def read_card(text: str) -> SourceCard:
    """The card of a shipped source. A field that is missing or unknown is a TypeError; the kinds of the values are
    checked in the tests, not at every start."""
    table = tomllib.loads(text)
    for name in ("age_min", "age_max", "nearest_age_from"):
        if name in table:
            table[name] = float(table[name])
    for name in ("deviations", "known_warnings"):
        table[name] = tuple(table.get(name, ()))
    return SourceCard(**table)
