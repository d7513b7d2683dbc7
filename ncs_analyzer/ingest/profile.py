"""A laboratory's profile: what its headings, words and conventions mean, written down once (docs/profile.md)."""

import difflib
import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ncs_analyzer.ingest.headings import read_heading, tidy_name
from ncs_analyzer.ingest.layouts.wide_headings import read_wide_heading
from ncs_analyzer.vocabulary.anatomy import NERVES, RECORDINGS, RESPONSES, SIDES, STIMULATIONS
from ncs_analyzer.vocabulary.match import normalise
from ncs_analyzer.vocabulary.units import unit

IGNORE: Final = "ignore"
"""What a column is mapped to that is deliberately left out."""


class ProfileError(ValueError):
    """A profile that cannot be relied on; the message names every entry that is wrong, and what would be right."""


def _known_column(text: str) -> str:
    known = text == IGNORE or tidy_name(text) or read_heading(text) or read_wide_heading(text).whole
    if not known:
        raise ValueError(
            f"{text!r} names no column. Use one of the tidy table (latency_ms), a heading the program knows "
            f'("distal latency (ms)", "right median motor APB amplitude (mV)"), or "{IGNORE}"'
        )
    return text


def _known_unit(text: str) -> str:
    if unit(text) is None:
        raise ValueError(f"{text!r} is no unit the program knows (ms, mV, uV, mm, cm, m/s, %)")
    return text


def _one_of(names: Iterable[str]) -> AfterValidator:
    known = tuple(names)

    def check(text: str) -> str:
        if text not in known:
            near = difflib.get_close_matches(text, known, 3)
            meant = f"Did you mean {' or '.join(near)}?" if near else f"Known are {', '.join(known)}."
            raise ValueError(f"{text!r} is not known. {meant}")
        return text

    return AfterValidator(check)


Column = Annotated[str, AfterValidator(_known_column)]
Unit = Annotated[str, AfterValidator(_known_unit)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Conventions(_Part):
    """How the laboratory measures and writes, where a file does not say it."""

    amplitude: Literal["baseline_to_peak", "peak_to_peak"] | None = None
    sensory_latency: Literal["onset", "peak"] | None = None
    decimal: Literal["point", "comma"] | None = None
    date_order: Literal["dmy", "mdy"] | None = None


class Defaults(_Part):
    """What holds for every study that does not say otherwise."""

    low_cut_hz: Annotated[float, Field(gt=0, le=1000)] | None = None
    group: str | None = None


class Profile(_Part):
    """What one laboratory's exports mean. Keys of the mappings are written as in the file; case does not matter.

    `columns`: heading to column of the tidy table, to a heading the program knows, or to "ignore".
    `units`: heading to unit. `nerves`, `sites`, `muscles`, `sides`, `responses`: words in cells to canonical names.
    """

    laboratory: str = ""
    columns: dict[str, Column] = {}
    units: dict[str, Unit] = {}
    nerves: dict[str, Annotated[str, _one_of(NERVES)]] = {}
    sites: dict[str, Annotated[str, _one_of(STIMULATIONS)]] = {}
    muscles: dict[str, Annotated[str, _one_of(RECORDINGS)]] = {}
    sides: dict[str, Annotated[str, _one_of(SIDES)]] = {}
    responses: dict[str, Annotated[str, _one_of(RESPONSES)]] = {}
    conventions: Conventions = Conventions()
    defaults: Defaults = Defaults()
    name: str = Field(default="", exclude=True)
    hash: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _units_fit(self) -> Self:
        columns = {normalise(key): value for key, value in self.columns.items()}
        for key, written in self.units.items():
            target = columns.get(normalise(key), key)
            if tidy_name(target) is not None or target == IGNORE:
                raise ValueError(
                    f"units: {key!r} is {target!r}, whose unit is fixed; name it by a heading without unit"
                )
            heading = read_heading(f"{target} ({written})")
            if heading is None or heading.unit is None:
                raise ValueError(f"units: {key!r} is not understood as a heading; say in [columns] what it is")
        return self

    @property
    def words(self) -> dict[str, str]:
        """Words in cells and what they stand for."""
        return {**self.nerves, **self.sites, **self.muscles, **self.sides, **self.responses}

    @property
    def stamp(self) -> dict[str, str]:
        """Name and hash of the profile, as outputs show them."""
        return {"name": self.name, "laboratory": self.laboratory, "hash": self.hash}


def load_profile(path: str | Path) -> Profile:
    """The profile in a TOML file. Raises ProfileError, OSError."""
    content = Path(path).read_bytes()
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: this is not a TOML file: {error}.") from error
    if "name" in table or "hash" in table:
        raise ProfileError(f"{path}: name and hash are not for the profile to say.")
    return profile_of(table, Path(path).name, hashlib.sha256(content).hexdigest())


def profile_of(table: dict[str, Any], name: str = "profile", digest: str = "") -> Profile:
    """The profile of a parsed table. Raises ProfileError."""
    try:
        return Profile.model_validate({**table, "name": name, "hash": digest})
    except ValidationError as error:
        raise ProfileError("\n  ".join([f"The profile {name} cannot be used:", *_problems(error)])) from error


def _problems(error: ValidationError) -> Iterable[str]:
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ").rstrip(".")
        if problem["type"] == "extra_forbidden":
            known = difflib.get_close_matches(str(problem["loc"][-1]), [*Profile.model_fields, *_ENTRIES], 1)
            message = f"there is no such entry{f'; did you mean {known[0]}?' if known else ''}"
        yield f"{where}: {message}" if where else message


_ENTRIES: Final = (*Conventions.model_fields, *Defaults.model_fields)
