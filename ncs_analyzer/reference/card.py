"""The card of a published table: where it comes from, whom it was measured in, and how it was checked."""

import tomllib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Words = Annotated[str, Field(min_length=1)]


class CardError(ValueError):
    """A source card that lacks a field or has one too many."""


class SourceCard(BaseModel):
    """`source.toml`. Every field has to be there; what the publication does not say is written "not said".

    `doi`, `pmid`: empty where there is none. `edges`: how the printed bounds are meant. `age_min <= age < age_max`:
    the ages it speaks for; rows that print no age hold for these. `nearest_age_from`, `nearest_age_above`: outside,
    down to this age and at any age above, the nearest band is used and said. `known_warnings`: what the checks find
    and the publication prints all the same.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Words
    title: Words
    citation: Words
    doi: str
    pmid: str
    table: Words
    status: Literal["read", "secondary"]
    checked: Words
    population: Words
    n: Words
    ages: Words
    edges: Literal["inclusive", "half-open", "none printed"]
    age_min: float | None = None
    age_max: float | None = None
    nearest_age_from: float | None = None
    nearest_age_above: bool = False
    temperature: Words
    filters: Words
    distance: Words
    statistic: Words
    units: Words
    deviations: tuple[str, ...]
    known_warnings: tuple[str, ...] = ()


def read_card(text: str, name: str) -> SourceCard:
    """Parse a card; CardError names every field that is missing, unknown or of the wrong kind."""
    try:
        return SourceCard.model_validate(tomllib.loads(text))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise CardError(f"{name}: {error}") from error
