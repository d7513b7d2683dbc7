"""The words of tables and headings in another language; sentences and the names of criteria sets stay English."""

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final, Literal, get_args

Language = Literal["en", "de", "fr", "es"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@dataclass(frozen=True)
class Labels:
    """Words by their English form; a word without a translation (a recording muscle, say) stays as it is."""

    language: Language = "en"
    words: dict[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, english: str) -> str:
        return self.words.get(english, english)


ENGLISH: Final = Labels()


def labels(language: Language) -> Labels:
    """The labels of one language."""
    if language == "en":
        return ENGLISH
    return Labels(language, {english: words[language] for english, words in dictionary().items()})


def dictionary() -> dict[str, dict[str, str]]:
    """Every label: its English form, and the word for it by language."""
    text = files("ncs_analyzer.report").joinpath("labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
