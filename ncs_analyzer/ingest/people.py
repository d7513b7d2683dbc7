"""Demographic cells: patient, dates, age, sex, height; shared by every layout."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ncs_analyzer.ingest.cells import Raw, State, as_text, is_error, read_age, read_cell, read_height
from ncs_analyzer.ingest.dates import ambiguous, read_dates
from ncs_analyzer.ingest.demographic_headings import local_sexes
from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.vocabulary.match import lexicon

OLDEST: Final = 120.0
_WORDS: Final = {"cts_left": "yes_no", "cts_right": "yes_no", "phenotype": "phenotype"}
_RANGES: Final = {
    "age_years": (0.0, OLDEST),
    "height_cm": (25.0, 260.0),
    "weight_kg": (0.3, 500.0),
    "low_cut_hz": (0.01, 1000.0),
    "days_since_onset": (-36500.0, 36500.0),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One demographic cell: its value, or why there is none (an issue code)."""

    value: Any = None
    problem: str | None = None


def read_facts(
    name: str,
    raws: Sequence[Raw],
    factor: float | None = None,
    codes: Mapping[str, str] | None = None,
    company: Sequence[str] = (),
    order: str | None = None,
) -> list[Fact]:
    """The demographic cells of one column (or block entry); dates are read together, to settle day against month.

    `factor`: from the unit the heading wrote to that of the table, for cells without a unit of their own; `codes`: what
    the numbers of a sex column stand for; `company`: other dates of the same hand; `order`: of day,
    month and year in the language of the file.
    """
    texts = [as_text(raw) for raw in raws]
    if name == "sex":
        return _sexes(texts, codes or {})
    if name in ("study_date", "date_of_birth"):
        dates = iter(read_dates([t for t in texts if t], company, name == "date_of_birth", order))
        facts = []
        for text in texts:
            date = next(dates) if text else None
            known = date is not None or not text or lexicon("state")(text) == "not_tested"
            problem = None if known else "date-order-unknown" if ambiguous(text) else "demographics-unreadable"
            facts.append(Fact(date, problem))
        return facts
    scale = 1.0 if factor is None else factor
    return [_read(name, text, raw, scale) for text, raw in zip(texts, raws, strict=True)]


_MISSING: Final = frozenset(("na", "n/a", "-", "nan", "unknown", "?", "none", ".", "--", "n.a.", "missing", "null"))


def _sexes(texts: Sequence[str], codes: Mapping[str, str]) -> list[Fact]:
    """Read together, since letters mean what others beside them leave; a number means nothing unless `codes` say what."""
    local = local_sexes(texts)
    facts = []
    for text in texts:
        word = text.casefold()
        meaning = codes.get(word) or local.get(word) or lexicon("sex")(text)
        unknown = not text or word in _MISSING
        facts.append(Fact() if unknown else Fact(meaning) if meaning else Fact(problem="demographics-unreadable"))
    return facts


def _read(name: str, text: str, raw: Raw, scale: float) -> Fact:
    if is_error(text):
        return Fact(problem="demographics-unreadable")
    if not text or (name != "patient_id" and text.casefold() in _MISSING):
        return Fact()
    if name in _WORDS:
        meaning = lexicon(_WORDS[name])(text)
        return Fact(meaning) if meaning else Fact(problem="demographics-unreadable")
    if name in _RANGES:
        number = _number(name, text, raw, scale)
        low, high = _RANGES[name]
        if number is None or not low <= number <= high:
            return Fact(problem="demographics-unreadable")
        return Fact(number)
    return Fact(text)


def _number(name: str, text: str, raw: Raw, scale: float) -> float | None:
    plain = read_cell(raw if not isinstance(raw, str) else text, comma=True)
    if scale != 1.0 and plain.state is State.VALUE and plain.unit is None:
        return plain.number * scale
    if name == "height_cm":
        return read_height(text)
    if name == "age_years":
        return read_age(text)
    return plain.number if plain.state is State.VALUE else None


def looks_like_name(texts: Sequence[str]) -> bool:
    """Whether what stands under "Patient" are names rather than ids: words without a digit, most with a space."""
    given = [t for t in texts if t]
    wordy = [t for t in given if not any(c.isdigit() for c in t)]
    return len(wordy) == len(given) > 0 and sum(" " in t or "," in t for t in wordy) * 2 >= len(wordy)


_TAKEN: Final = frozenset(
    (*STUDY_COLUMNS, "date_of_birth", "line", "sheet", "conflicts", "one_file", "when", "unnamed", "study_no")
)
"""Names of facts that the program itself gives a study."""


def covariate_name(heading: str) -> str:
    """The name under which a column that the program has no use for goes with the study: never that of a fact."""
    return f"{heading} (as in the file)" if heading in _TAKEN else heading


_INFANT: Final = 3


def age_at(birth: str, study: str) -> float | None:
    """Age in years on the day of the study: whole years since the last birthday, as it is usually written; below
    `_INFANT` years with the share of the running one."""
    born, seen = datetime.date.fromisoformat(birth), datetime.date.fromisoformat(study)
    years = seen.year - born.year - ((seen.month, seen.day) < (born.month, born.day))
    if not 0 <= years <= OLDEST:
        return None
    if years >= _INFANT:
        return float(years)
    last, following = _birthday(born, born.year + years), _birthday(born, born.year + years + 1)
    return years + (seen - last).days / (following - last).days


def _birthday(born: datetime.date, year: int) -> datetime.date:
    try:
        return born.replace(year=year)
    except ValueError:  # 29 February
        return datetime.date(year, 3, 1)
