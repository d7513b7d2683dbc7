"""Labels of demographic entries, above a column or beside a value: "Age at NCS (years)", "Hosp. No.", "Sex/Age", "M/F".

A label is known as a whole phrase of the vocabulary, or because each of its words is a part that labels are made of.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.vocabulary.match import lexicon, normalise, split_words, unglue

_COLUMNS: Final = frozenset((*STUDY_COLUMNS, "date_of_birth", "patient_name", "patient", "temperature_c", "weak_id"))
_BRACKETS: Final = re.compile(r"[(\[{（]([^)\]}）]*)[)\]}）]")
_NUMERO: Final = re.compile(r"\bn\s?\.?\s?[º°o](?=[\s.:/-]|$)", re.IGNORECASE)
_HASH: Final = re.compile(r"(?<=[A-Za-z.])\s*#")
_SEVERAL: Final = re.compile(r"\s*[/／・･&+|,，、]\s*|\s+(?:and|und|et|y|e|-|–)\s+")
"""What stands between the labels of a cell for several facts: "Age/Sex"."""
_UNITS: Final = {
    "age_years": {"months": 1 / 12, "month": 1 / 12, "mo": 1 / 12, "mos": 1 / 12, "monate": 1 / 12, "mois": 1 / 12,
                  "meses": 1 / 12, "mesi": 1 / 12, "days": 1 / 365.25, "weeks": 1 / 52.18},
    "height_cm": {"m": 100.0, "meters": 100.0, "metres": 100.0, "in": 2.54, "inch": 2.54, "inches": 2.54, "ft": 30.48,
                  "feet": 30.48, "mm": 0.1, "metros": 100.0, "metri": 100.0, "meter": 100.0},
    "weight_kg": {"lb": 0.45359237, "lbs": 0.45359237, "pounds": 0.45359237, "g": 0.001},
    "days_since_onset": {"weeks": 7.0, "months": 30.4375, "years": 365.25},
}  # fmt: skip
_OF_SEXES: Final = frozenset(
    ("m f", "f m", "male female", "h m", "m h", "h f", "f h", "w m", "m w", "v m", "男 女", "남 여")
)
_MALE: Final = {"male": ("M", "F"), "female": ("F", "M"), "man": ("M", "F"), "woman": ("F", "M")}
_BODY: Final = {"age": "age_years", "sex": "sex", "height": "height_cm", "weight": "weight_kg", "name": "patient_name"}


@dataclass(frozen=True)
class Demographic:
    """What a label names. `factor`: from the unit of the label to that of the table, None where none is written;
    `codes`: what the numbers of the column stand for, where the label says it; `rank`: 0 where the label leaves no
    doubt, more where another label may name the same better."""

    role: str
    factor: float | None = None
    codes: dict[str, str] = field(default_factory=dict, hash=False)
    rank: int = 0


@lru_cache(1 << 14)
def demographic_heading(text: str) -> Demographic | None:
    """What the heading of a column names about the patient or the study, or None."""
    found = read_label(text)
    return found[0] if len(found) == 1 and found[0].role in _COLUMNS else None


@lru_cache(1 << 14)
def read_label(text: str) -> tuple[Demographic, ...]:
    """What a label names: one entry, several ("Age/Sex"), or none where it is not understood.

    Roles beside the demographic columns: `examination` names a study and may stand before its date; `other` is known to
    be none of these (dates of reports, of onset, physicians).
    """
    text = _NUMERO.sub(" no ", _HASH.sub(" no ", unicodedata.normalize("NFKC", text).strip().rstrip(":： ")))
    if not text or text == "NE" or re.search(r"[:：]\s*\S", _BRACKETS.sub(" ", text)):
        return ()  # "NE: no evocable" tells no birth
    one = _one(text)
    if one is not None:
        return (one,)
    halves = [h for h in _SEVERAL.split(_BRACKETS.sub(" ", text)) if h]
    several = [None if lexicon("sex")(half) else _one(half) for half in halves]
    known = tuple(d for d in several if d is not None)
    distinct = {d.role for d in known}
    if distinct == {"patient_name", "patient_id"} or distinct == {"patient_name", "weak_id"}:
        return (Demographic("patient", rank=1),)  # "Name / ID": one of the two
    return known if 1 < len(known) == len(several) < 5 and len(distinct) == len(known) else ()


@lru_cache(1 << 12)
def numbered(text: str) -> tuple[Demographic, ...]:
    """A label of words of the laboratory's own that end in "number", as "UR no.": it may give the patient's id where no
    label that is known does."""
    text = _NUMERO.sub(" no ", _HASH.sub(" no ", unicodedata.normalize("NFKC", text).strip().rstrip(":： ")))
    *words, last = split_words(text) or [""]
    own = 0 < len(words) <= 2 and all(w.isalpha() and lexicon("label_part").meaning.get(w) is None for w in words)
    if not own or last not in (*_NUMBERING, "id") or any(lexicon(t)(w) for w in words for t in _NO_OWNERS):
        return ()
    return (Demographic("weak_id", rank=4),)


_NO_OWNERS: Final = ("heading", "nerves", "places", "numbered_thing")


def _one(text: str) -> Demographic | None:
    named = _male_or_female(text)
    if named is not None:
        return named
    words = split_words(text)
    codes = sex_codes(text)
    if codes and any(lexicon("label_part").meaning.get(word) == "sex" for word in words):
        return Demographic("sex", None, codes)
    role, rank = _role(text)
    if role is None:
        return None
    own = "cm" in words or "kg" in words
    factor = None if own else next((f for word, f in _UNITS.get(role, {}).items() if word in words), None)
    return Demographic(role, factor, {}, rank)


def _role(text: str) -> tuple[str | None, int]:
    """The role of a label, and its rank."""
    bare = _BRACKETS.sub(" ", text)
    words = split_words(bare)
    if normalise(text) in _OF_SEXES or normalise(bare) in _OF_SEXES:
        return "sex", 0
    parts = label_parts(bare)
    for candidate in (text, bare, " ".join(words)):
        if not candidate.strip():
            continue
        role = lexicon("demographic")(candidate) or _glued().get(candidate.casefold().strip())
        role = role or lexicon("weak_id")(candidate)
        if role is not None:
            return "other" if role == "physician" else role, _rank(role, parts, bare)
    role = _composed(parts) if parts and len(normalise(bare)) > 1 else None
    if role == "weak_id" and len(words) > 1 and max(map(len, words)) < _WORD:
        role = None  # letters of a code: "SSr_A"
    return role, _rank(role, parts, bare)


_WORD: Final = 3
"""Letters from which one of several words is more than a letter of a code."""


def _rank(role: str | None, parts: frozenset[str], text: str) -> int:
    """0: the label can only mean this; higher: vaguer."""
    if role == "patient_id":
        return 0 if parts & {"owner", "health_number"} else 1 if parts else 2
    if role == "weak_id":
        return 2 + ("serial" in parts or normalise(text) in _NUMBERING)
    return int(role == "study_date" and parts == {"date"})


_NUMBERING: Final = frozenset(("no", "nr", "n", "num", "number", "nummer", "numero"))
"""Words that may number the rows as well as the patients."""


@lru_cache(1 << 14)
def label_parts(text: str) -> frozenset[str]:
    """The parts a label is made of, fillers left out; empty if one of its words is no part of labels."""
    words = unglue(split_words(text), "label_part")
    parts = set()
    while words:
        part, words = lexicon("label_part").take(words)
        if part is None:
            return frozenset()
        parts.add(part)
    return frozenset(parts - {"filler"})


def _composed(parts: frozenset[str]) -> str | None:
    """What parts of labels mean together."""
    if "event" in parts or ("entry" in parts and "age" not in parts):
        return "other" if len(parts) > 1 else None
    body = parts & _BODY.keys()
    if len(body) == 1:
        (named,) = body
        allowed = {"owner", "subject", "health_number"} | (set() if named == "name" else {"examination"})
        allowed |= {"sex": {"birth"}, "age": {"entry"}}.get(named, set())
        return _BODY[named] if parts - body <= allowed else None
    if body:
        return None
    if "birth" in parts:
        return "date_of_birth" if parts <= {"birth", "date", "owner", "subject"} else None
    if "date" in parts:
        return "study_date" if parts <= {"date", "examination"} else None
    if "serial" in parts:
        return "weak_id" if parts <= {"serial", "number"} else None
    if (
        parts & {"health_number"}
        or parts - {"examination"} == {"subject"}
        or ("number" in parts and parts & {"owner", "subject"})
    ):
        return "patient_id"
    if parts == {"number", "examination"}:
        return "study_id"
    return {frozenset({"number"}): "weak_id", frozenset({"examination"}): "examination"}.get(parts)


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


_CODE: Final = re.compile(r"(?<![\d.])(\d)\s*(?:=|:|-|–|→|_)?\s*([^\W\d_]+)")
_CODE_BEHIND: Final = re.compile(r"([^\W\d_]+)\s*[=:]\s*(\d)(?!\d)")
_SPELT: Final = re.compile(r"\d\s*(?:=|:|-|–|→)\s*[^\W\d]|[^\W\d]\s*[=:]\s*\d")
_CODES: Final = (
    re.compile(r"(?<!\d)(\d)\s*/\s*(\d)\s*[=:]?\s*\(?([^\W\d]+)\s*/\s*([^\W\d]+)"),
    re.compile(r"([^\W\d]+)\s*/\s*([^\W\d]+)\s*[=:(]\s*(\d)\s*/\s*(\d)(?!\d)"),
)


_LONGEST: Final = 500
"""Letters of the longest text that explains codes of sex."""


@lru_cache(1 << 14)
def sex_codes(text: str) -> dict[str, str]:
    """The meaning of sex codes where a text spells it out: "Sex (1 = M, 2 = F)", "M/F = 1/2"; empty unless it names
    both. Without a sign between them ("sex_0f_1m"), codes stand only in a label of sex."""
    if len(text) > _LONGEST:
        return {}
    for pattern in _CODES:
        for a, b, c, d in pattern.findall(text):
            found = both_sexes([(a, c), (b, d)] if a.isdigit() else [(c, a), (d, b)])
            if found:
                return found
    of_sex = any(lexicon("label_part").meaning.get(word) == "sex" for word in split_words(text))
    if not (of_sex or _SPELT.search(text)):
        return {}
    behind = [(code, word) for word, code in _CODE_BEHIND.findall(text)]
    return both_sexes(_CODE.findall(text)) or both_sexes(behind)


def both_sexes(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Codes and the words they stand for, as codes of the sexes; empty unless each sex has one code."""
    local = local_sexes(word for _, word in pairs)
    codes: dict[str, str] = {}
    for code, word in pairs:
        meaning = local.get(word.casefold()) or lexicon("sex")(word)
        if meaning and codes.setdefault(code, meaning) != meaning:
            return {}
    return codes if sorted(codes.values()) == ["F", "M"] else {}


def local_sexes(texts: Iterable[str]) -> dict[str, str]:
    """Letters that mean another sex in company: H beside M is hombre and mujer, H beside F homme and femme; V beside M
    varón and mujer."""
    letters = {t.casefold() for t in texts}
    local = {"h": "M"} if "h" in letters else {"v": "M"} if "v" in letters and letters & {"m", "f"} else {}
    if local and "f" not in letters:
        local["m"] = "F"
    return local
