"""One cell: a value, no response, not tested, or unreadable, and why."""

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import Final

from ncs_analyzer.vocabulary.match import lexicon, normalise
from ncs_analyzer.vocabulary.units import unit as known_unit

Raw = str | float | int | bool | datetime.date | datetime.time | datetime.timedelta | None
"""A cell as a file gives it. Error cells are their text ("#N/A"); see also `UNCALCULATED`."""

UNCALCULATED: Final = "#formula not calculated"
"""Stands for a formula cell without a stored value."""

LOST_TEXT: Final = "#LOST TEXT!"
"""Stands for a cell whose text the workbook does not hold."""


class State(IntEnum):
    """The four states of a cell."""

    VALUE = 0
    NO_RESPONSE = 1
    NOT_TESTED = 2
    UNREADABLE = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says. `problem` names the issue code of an unreadable cell; `unit` is given if the cell wrote one."""

    state: State
    number: float = math.nan
    problem: str | None = None
    unit: str | None = None


BLANK: Final = Cell(State.NOT_TESTED)

_ERRORS: Final = re.compile(
    r"#(N/A|NA|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|LOST TEXT!)", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"([+\-−]?\s?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+\-]?\d+)?)\s*([^\d\s].*)?$")
_FLAG: Final = re.compile(r"\s*(?:[*†‡↑↓!#]+|\(?\b[HL]\b\)?)\s*$")
_FLAG_BEFORE: Final = re.compile(r"^[*†‡↑↓!]+\s*(?=\d)")
_BOUND: Final = re.compile(r"(<=|>=|=<|=>|[<>≤≥])\s*(.+)$")
_BOUND_IN_WORDS: Final = re.compile(
    r"(?:(?P<most>max\.?|maximum|bis|up to|hasta|jusqu'à|fino a|até)|(?P<least>min\.?|minimum|ab|from|desde|da))?"
    r"\s*(?P<number>\d+(?:[.,]\d+)?)\s*(?:(?P<below>以下|以内|未満|未满|이하|미만)|(?P<above>以上|超|이상|초과))?",
    re.IGNORECASE,
)
"""A limit with a word for its direction: "4.2以下", "max. 4.4"."""
_BRACKETED: Final = re.compile(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]$")
_RANGE: Final = re.compile(r"([\d.,]+)\s*(?:-|–|—|~|to|bis|à|a)\s*([\d.,]+)\s*(\D*)$")
_MEASURED: Final = ("ms", "mV", "uV", "mm", "m/s", "mV*ms", "%")
_DASHES: Final = frozenset("-–—−_.·/\\~")


def as_text(raw: Raw) -> str:
    """The cell as a person reads it: whole numbers without a decimal point, no surrounding space, None as ""."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw.strip(" ") if raw.isascii() and raw.isprintable() else _stripped(raw)
    if isinstance(raw, float):
        return _number_text(raw)
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat() if raw.time() == datetime.time(0) else raw.isoformat(sep=" ")
    return str(raw)


@lru_cache(1 << 16)
def _number_text(number: float) -> str:
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _stripped(text: str) -> str:
    return text.strip().strip("\ufeff\u200b\u00a0\x00").strip().translate(_SIGNS)


_SIGNS: Final = str.maketrans("≦≧⩽⩾＜＞", "≤≥≤≥<>")
"""Further signs of bounds."""
_LOOKED_AT: Final = 50_000
"""Cells that are looked at to find the decimal sign."""


def decimal_comma(raws: Iterable[Raw]) -> bool:
    """Whether numbers are written with a decimal comma: some are, and none with a point."""
    comma = False
    for raw in islice(raws, _LOOKED_AT):
        if isinstance(raw, str) and len(raw) < 14 and ("." in raw or "," in raw):
            text = raw.strip(" <>≤≥")
            if re.fullmatch(r"[+-]?\d+\.\d+", text):
                return False
            comma = comma or bool(re.fullmatch(r"[+-]?\d+,\d+", text))
    return comma


def _decimal(text: str, comma: bool) -> float | None:
    """A plain number; a comma is a decimal sign if the file uses it so, or if only one or two digits follow it."""
    text = text.replace("−", "-").replace(" ", "")
    if "," in text:
        if "." in text or not (comma or re.fullmatch(r"[+-]?\d*,\d{1,2}", text)):
            return None
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


_LONGEST: Final = 200
"""Letters of the longest text that is a measurement or a word for none."""


def _plain(text: str) -> str:
    """Full-width letters and figures as plain ones. A raised, circled or lowered figure is a mark, never one more figure
    of the number in front of it."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", "".join(f"^{c}" if unicodedata.category(c) == "No" else c for c in text))


def is_error(text: str) -> bool:
    """Whether a cell shows an error of the spreadsheet instead of a text or a number."""
    return text == UNCALCULATED or _ERRORS.match(text) is not None


def read_cell(raw: Raw, comma: bool = False) -> Cell:
    """Read a measurement. `comma`: the file writes decimals with a comma.

    Never raises. A flag of abnormality behind a number (`5.8*`, `5.8 H`) is dropped; a unit is returned with it.
    """
    long = isinstance(raw, str) and len(raw) > _LONGEST_KEPT
    return _read_cell(raw, comma) if long else _read_short_cell(raw, comma)


_LONGEST_KEPT: Final = 40
"""Letters of a cell that is remembered once it was read; the same ones return in every file."""


def _read_cell(raw: Raw, comma: bool) -> Cell:
    if raw is None:
        return BLANK
    if isinstance(raw, bool):
        return Cell(State.UNREADABLE, problem="unreadable-number")
    if isinstance(raw, (int, float)):
        return Cell(State.VALUE, float(raw)) if math.isfinite(raw) else BLANK
    if isinstance(raw, (datetime.date, datetime.time, datetime.timedelta)):
        return Cell(State.UNREADABLE, problem="date-in-number-cell")
    text = _plain(as_text(raw))
    if len(text) > _LONGEST:
        return Cell(State.UNREADABLE, problem="unreadable-number")
    if not text or not text.strip("".join(_DASHES) + " "):
        return BLANK
    if (bare := known_unit(text)) is not None and bare[0] in _MEASURED:
        return BLANK  # a unit whose number was left out
    if text == UNCALCULATED:
        return Cell(State.UNREADABLE, problem="formula-not-calculated")
    if _ERRORS.match(text):
        return Cell(State.UNREADABLE, problem="error-cell")
    state = lexicon("state")(text)
    if state == "no_response":
        return Cell(State.NO_RESPONSE)
    if state == "not_tested":
        return BLANK
    if _BOUND.match(text):
        return Cell(State.UNREADABLE, problem="censored-number")
    found = _NUMBER.match(_FLAG.sub("", _FLAG_BEFORE.sub("", text)) or text)
    if found:
        number = _decimal(found[1], comma)
        if number is not None:
            if not found[2]:
                return Cell(State.VALUE, number)
            written = known_unit(found[2])
            if written:
                return Cell(State.VALUE, number * written[1], unit=written[0])
    return Cell(State.UNREADABLE, problem="date-in-number-cell" if _DATE.fullmatch(text) else "unreadable-number")


_MONTH: Final = (
    r"(?:jan|ene|gen|feb|f[ée]v|mar|m[äa]r|apr|abr|avr|ma[yig]|jun|giu|jul|lug|aug|ago|ao[uû]|sep|set|o[ckt]t|nov|de[czh]|d[ée]c|dic)"
    r"[^\W\d_]{0,7}\.?"
)
_DATE: Final = re.compile(
    rf"\d{{1,2}}[-/. ]\s?{_MONTH}(?:[-/. ]\d{{2,4}})?|{_MONTH}[-/. ]\d{{2,4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[/-]\d{1,2}[/-]\d{2}|\d{1,2}:\d{2}(?::\d{2})?",
    re.IGNORECASE,
)
"""What spreadsheet programs make of numbers: "04-May", "9/10/2023"."""

_read_short_cell: Final = lru_cache(1 << 16, typed=True)(_read_cell)


def read_limit(raw: Raw, upper: bool, comma: bool = False) -> Cell:
    """Read a printed limit: `<4.4`, `≥ 50`, `4.4`, `3.0-4.4` (the end that limits). A bound of the wrong direction is
    unreadable: "> 4.4" is no upper limit."""
    cell = read_cell(raw, comma)
    if cell.state is not State.UNREADABLE or not isinstance(raw, str):
        return cell
    text = _plain(as_text(raw)[:_LONGEST]).strip()
    text = _BRACKETED.sub(r"\1", text)
    bound = _BOUND.match(text)
    if bound:
        if (bound[1][0] in "<≤" or bound[1] == "=<") != upper:
            return Cell(State.UNREADABLE, problem="unreadable-limit")
        inner = read_cell(bound[2], comma)
        return inner if inner.state is State.VALUE else Cell(State.UNREADABLE, problem="unreadable-limit")
    worded = _BOUND_IN_WORDS.fullmatch(text)
    if worded:
        highest = bool(worded["most"] or worded["below"])
        number = _decimal(worded["number"], comma)
        if number is not None and highest != bool(worded["least"] or worded["above"]) and highest == upper:
            return Cell(State.VALUE, number)
    between = _RANGE.match(text)
    if between:
        low, high = _decimal(between[1], comma), _decimal(between[2], comma)
        if low is not None and high is not None and low <= high:
            return Cell(State.VALUE, high if upper else low)
    return Cell(State.UNREADABLE, problem="unreadable-limit")


def read_height(text: str) -> float | None:
    """Height in cm: `175`, `175 cm`, `1.75 m`, `1m75`, `5 ft 9 in`, `5'9"`; None if unreadable."""
    text = _plain(text).casefold().strip().rstrip(".").replace(",", ".")
    feet = re.fullmatch(
        r"(\d)\s*(?:ft|feet|foot|'|′|’|pies)\.?\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:in|ins|inch|inches|\"|″|”|'')?)?", text
    )
    if feet:
        return (float(feet[1]) * 12 + float(feet[2] or 0)) * 2.54
    text = re.sub(r"^(\d)\s*m\s*(\d{2})$", r"\1.\2 m", text)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(cm|cms|centimeters|m|mt|mts|meter|metros|in|inches|厘米|公分|米|)", text)
    if not found:
        return None
    number, written = float(found[1]), found[2]
    factor = 100.0 if written in _METRES else 2.54 if written in ("in", "inches") else 1.0
    return number * (100.0 if not written and 0.4 <= number <= 2.3 else factor)


_METRES: Final = ("m", "mt", "mts", "meter", "metros", "米")
_AGE_PART: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\d;:,]*)")
_YEARS: Final = {"years": 1.0, "months": 1 / 12, "weeks": 7 / 365.25, "days": 1 / 365.25}


def read_age(text: str) -> float | None:
    """Age in years: `63`, `63 yrs`, `8 months`, `63歳`, `58 years 4 months`; None if unreadable."""
    text = _plain(text).strip()
    text = re.sub(
        r"^(?:만|満|aged?|ca\.?|~)\s*|\s*-?old$", "", re.sub(r"(?<=\d)-(?=[a-z])", " ", text), flags=re.IGNORECASE
    )
    parts = _AGE_PART.findall(text)
    if not parts or _AGE_PART.sub("", text).strip(" ,;") or len(parts) > 3:
        return None
    if len(parts) == 1 and not parts[0][1].strip():
        return float(parts[0][0].replace(",", "."))
    age = 0.0
    units: list[str] = []
    for number, written in parts:
        unit = lexicon("age_unit")(written) or (
            "months" if units == ["years"] and normalise(written) in ("m", "") else None
        )
        if unit is None or unit in units:
            return None
        units.append(unit)
        age += float(number.replace(",", ".")) * _YEARS[unit]
    return age
