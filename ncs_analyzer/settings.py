"""A laboratory's own settings: one TOML file for its name, language, criteria sets and limits."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ncs_analyzer.report.labels import Language


class SettingsError(ValueError):
    """A settings file that cannot be used; says the file and every key that is wrong."""


class Laboratory(BaseModel):
    """What a laboratory sets once. Empty `criteria` and `reference`: all sets, the built-in limits.

    `laboratory`: printed at the head of a page; `language`: of the labels of tables; the others as the options of the
    command line of the same name. All that changes a result stands in the stamp of every output.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    laboratory: str = ""
    language: Language = "en"
    criteria: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    compression_sites: Literal["exclude", "include"] | None = None
    nerve_counting: Literal["literal", "any"] = "literal"


def load_settings(path: Path) -> Laboratory:
    """The settings in a file. A reference that is a file beside it is found there. Raises SettingsError."""
    try:
        found = Laboratory.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"{path}: {'; '.join(wrong)}. Known: {', '.join(Laboratory.model_fields)}.") from error
    beside = (str(path.parent / name) if (path.parent / name).is_file() else name for name in found.reference)
    return found.model_copy(update={"reference": tuple(beside)})
