"""Headings of demographic columns as research sheets write them: "Age at NCS (years)", "M/F", "HeightCm", "sex_male"."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.vocabulary.match import lexicon, normalise, split_words

_ROLES: Final = frozenset((*STUDY_COLUMNS, "date_of_birth", "patient_name", "patient", "temperature_c", "weak_id"))
_BRACKETS: Final = re.compile(r"[(\[{（]([^)\]}）]*)[)\]}）]")
_NOISE: Final = frozenset(
    ("ncs", "emg", "eng", "exam", "examination", "at", "of", "the", "study", "test", "visit", "years", "year", "yrs",
     "yr", "y", "cm", "kg", "m", "mm", "months", "month", "mo", "in", "ft", "feet", "inch", "inches", "lb", "lbs",
     "patient", "patients", "subject", "baseline", "inclusion", "d", "dd", "yyyy", "format", "iso", "f", "w", "h",
     "male", "female", "de", "la", "del", "al", "der", "am", "bei", "im", "time", "when", "jahre", "jahren", "ans",
     "anos", "anios", "edx", "recording")
)  # fmt: skip
_UNITS: Final = {
    "age_years": {"months": 1 / 12, "month": 1 / 12, "mo": 1 / 12, "mos": 1 / 12, "monate": 1 / 12, "mois": 1 / 12,
                  "meses": 1 / 12, "days": 1 / 365.25, "weeks": 1 / 52.18},
    "height_cm": {"m": 100.0, "meters": 100.0, "metres": 100.0, "in": 2.54, "inch": 2.54, "inches": 2.54, "ft": 30.48,
                  "feet": 30.48, "mm": 0.1, "metros": 100.0},
    "weight_kg": {"lb": 0.45359237, "lbs": 0.45359237, "pounds": 0.45359237, "g": 0.001},
    "days_since_onset": {"weeks": 7.0, "months": 30.4375, "years": 365.25},
}  # fmt: skip
_CODE: Final = re.compile(r"(?<![\d.])(\d)\s*(?:=|:|-|–)\s*([^\W\d]+)|([^\W\d]+)\s*[=:]\s*(\d)(?!\d)")
_MALE: Final = {"male": ("M", "F"), "female": ("F", "M"), "man": ("M", "F"), "woman": ("F", "M")}


@dataclass(frozen=True)
class Demographic:
    """What a heading names. `factor`: from the unit of the heading to that of the table, None where none is written;
    `codes`: what the numbers of the column stand for, where the heading says it."""

    role: str
    factor: float | None = None
    codes: dict[str, str] = field(default_factory=dict)


@cache
def demographic_heading(text: str) -> Demographic | None:
    """What a heading names about the patient or the study, or None."""
    text = unicodedata.normalize("NFKC", text).strip()
    named = _male_or_female(text)
    role = None if named else _role(text)
    if role is None:
        return named
    words = split_words(text)
    factor = next((f for word, f in _UNITS.get(role, {}).items() if word in words), None)
    return Demographic(role, factor, sex_codes(text) if role == "sex" else {})


def _role(text: str) -> str | None:
    bare = _BRACKETS.sub(" ", text)
    words = split_words(bare)
    inner = [w for w in words if w not in _NOISE]
    for candidate in (text, bare, " ".join(words), " ".join(inner)):
        if normalise(candidate) in ("m f", "f m", "male female", "h m", "m h", "h f", "f h", "w m", "m w"):
            return "sex"
        role = lexicon("demographic")(candidate) or lexicon("weak_id")(candidate) or _glued().get(candidate.casefold())
        if role in _ROLES and candidate.strip():
            return role
    return None


@cache
def _glued() -> dict[str, str]:
    """Names of several words written together: "caseno"."""
    several = {phrase: role for phrase, role in lexicon("demographic").meaning.items() if " " in phrase}
    return {phrase.replace(" ", ""): role for phrase, role in several.items() if len(phrase) > 5}


def _male_or_female(text: str) -> Demographic | None:
    """A column "male" or "sex_female" that says yes or no."""
    words = [w for w in split_words(_BRACKETS.sub(" ", text)) if w not in ("sex", "gender", "is")]
    if len(words) != 1 or words[0] not in _MALE:
        return None
    yes, no = _MALE[words[0]]
    return Demographic(
        "sex", None, {"1": yes, "yes": yes, "y": yes, "true": yes, "0": no, "no": no, "n": no, "false": no}
    )


def sex_codes(text: str) -> dict[str, str]:
    """The meaning of sex codes where a text spells it out: "Sex (1 = M, 2 = F)"; empty unless it names both."""
    codes: dict[str, str] = {}
    for number, word, other, figure in _CODE.findall(text):
        meaning = lexicon("sex")(word or other)
        if meaning:
            codes[number or figure] = meaning
    return codes if set(codes.values()) == {"F", "M"} else {}
