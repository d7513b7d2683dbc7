"""One cell: a value, no response, not tested, or unreadable, and why."""

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import Final

from ncs_analyzer.vocabulary.match import lexicon
from ncs_analyzer.vocabulary.units import unit as known_unit

Raw = str | float | int | bool | datetime.date | datetime.time | datetime.timedelta | None
"""A cell as a file gives it. Error cells are their text ("#N/A"); see also `UNCALCULATED`."""

UNCALCULATED: Final = "#formula not calculated"
"""Stands for a formula cell without a stored value."""


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
    r"#(N/A|NA|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!)", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"([+\-−]?\s?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+\-]?\d+)?)\s*([^\d\s].*)?$")
_FLAG: Final = re.compile(r"\s*(?:[*†‡↑↓!#]+|\(?\b[HL]\b\)?)\s*$")
_BOUND: Final = re.compile(r"(<=|>=|=<|=>|[<>≤≥＜＞])\s*(.+)$")
_RANGE: Final = re.compile(r"([\d.,]+)\s*(?:-|–|—|~|to|bis|à|a)\s*([\d.,]+)\s*(\D*)$")
_MEASURED: Final = ("ms", "mV", "uV", "mm", "m/s", "mV*ms", "%")
_DASHES: Final = frozenset("-–—−_.·/\\~")


def as_text(raw: Raw) -> str:
    """The cell as a person reads it: whole numbers without a decimal point, no surrounding space, None as ""."""
    if raw is None:
        return ""
    if isinstance(raw, float):
        if math.isnan(raw):
            return ""
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat() if raw.time() == datetime.time(0) else raw.isoformat(sep=" ")
    return str(raw).strip().strip("\ufeff\u200b\u00a0\x00").strip()


_LOOKED_AT: Final = 50_000
"""Cells that are looked at to find the decimal sign."""


def decimal_comma(raws: Iterable[Raw]) -> bool:
    """Whether numbers are written with a decimal comma: some are, and none with a point."""
    comma = False
    for raw in islice(raws, _LOOKED_AT):
        if isinstance(raw, str) and len(raw) < 14:
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


def read_cell(raw: Raw, comma: bool = False) -> Cell:
    """Read a measurement. `comma`: the file writes decimals with a comma.

    Never raises. A flag of abnormality behind a number (`5.8*`, `5.8 H`) is dropped; a unit is returned with it.
    """
    if raw is None:
        return BLANK
    if isinstance(raw, bool):
        return Cell(State.UNREADABLE, problem="unreadable-number")
    if isinstance(raw, (int, float)):
        return Cell(State.VALUE, float(raw)) if math.isfinite(raw) else BLANK
    if isinstance(raw, (datetime.date, datetime.time, datetime.timedelta)):
        return Cell(State.UNREADABLE, problem="date-in-number-cell")
    text = unicodedata.normalize("NFKC", as_text(raw))
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
    found = _NUMBER.match(_FLAG.sub("", text) or text)
    if found:
        number = _decimal(found[1], comma)
        if number is not None:
            if not found[2]:
                return Cell(State.VALUE, number)
            written = known_unit(found[2])
            if written:
                return Cell(State.VALUE, number * written[1], unit=written[0])
    return Cell(State.UNREADABLE, problem="unreadable-number")


def read_limit(raw: Raw, upper: bool, comma: bool = False) -> Cell:
    """Read a printed limit: `<4.4`, `≥ 50`, `4.4`, `3.0-4.4` (the end that limits). A bound of the wrong direction is
    unreadable: "> 4.4" is no upper limit."""
    cell = read_cell(raw, comma)
    if cell.state is not State.UNREADABLE or not isinstance(raw, str):
        return cell
    text = unicodedata.normalize("NFKC", raw).strip()
    bound = _BOUND.match(text)
    if bound:
        if (bound[1][0] in "<≤" or bound[1] == "=<") != upper:
            return Cell(State.UNREADABLE, problem="unreadable-limit")
        inner = read_cell(bound[2], comma)
        return inner if inner.state is State.VALUE else Cell(State.UNREADABLE, problem="unreadable-limit")
    between = _RANGE.match(text)
    if between:
        low, high = _decimal(between[1], comma), _decimal(between[2], comma)
        if low is not None and high is not None and low <= high:
            return Cell(State.VALUE, high if upper else low)
    return Cell(State.UNREADABLE, problem="unreadable-limit")


def read_date(texts: list[str]) -> list[str | None]:
    """ISO dates of a column; the order of day and month is decided by the cells that allow only one, otherwise null.

    Years come first or have four digits; two-digit years are refused.
    """
    orders = set()
    parts: list[tuple[int, int, int] | str | None] = []
    for text in texts:
        text = unicodedata.normalize("NFKC", text).strip()
        iso = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$", text)
        compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
        korean = re.match(r"(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일", text)
        named = _named_month(text)
        other = re.match(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})(?:[ T,].*)?$", text)
        whole = iso or compact or korean
        if whole:
            parts.append(_iso(int(whole[1]), int(whole[2]), int(whole[3])))
        elif named:
            parts.append(named)
        elif other:
            first, second, year = int(other[1]), int(other[2]), int(other[3])
            if "." in text and "/" not in text:
                parts.append(_iso(year, second, first))  # points are written day first only
                continue
            if first > 12 >= second:
                orders.add("dmy")
            elif second > 12 >= first:
                orders.add("mdy")
            parts.append((first, second, year))
        else:
            parts.append(None)
    order = orders.pop() if len(orders) == 1 else None
    dates: list[str | None] = []
    for part in parts:
        if not isinstance(part, tuple):
            dates.append(part)
        elif part[0] == part[1]:
            dates.append(_iso(part[2], part[0], part[1]))
        elif order is None:
            dates.append(None)
        else:
            dates.append(_iso(part[2], part[1], part[0]) if order == "dmy" else _iso(part[2], part[0], part[1]))
    return dates


_MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar enero janvier janeiro gennaio ene",
            "feb february februar febrero fevrier fevereiro febbraio fev",
            "mar march marz maerz marzo mars marco",
            "apr april abril avril aprile abr avr",
            "may mai mayo maio maggio",
            "jun june juni junio juin junho giugno",
            "jul july juli julio juillet julho luglio",
            "aug august agosto aout ago",
            "sep sept september septiembre septembre setembro settembre set",
            "oct october oktober octubre octobre outubro ottobre okt out",
            "nov november noviembre novembre novembro",
            "dec december dezember diciembre decembre dezembro dicembre dez dic",
        ),
        start=1,
    )
    for word in words.split()
}


def _named_month(text: str) -> str | None:
    """A date with the month as a word: 12-Mar-2024, March 12, 2024."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    found = re.match(r"(\d{1,2})[-/. ]*(?:de )?([a-z]{3,})\.?[-/., ]*(?:de )?(\d{4})", plain)
    if found and found[2] in _MONTHS:
        return _iso(int(found[3]), _MONTHS[found[2]], int(found[1]))
    found = re.match(r"([a-z]{3,})\.? (\d{1,2}),? (\d{4})", plain)
    if found and found[1] in _MONTHS:
        return _iso(int(found[3]), _MONTHS[found[1]], int(found[2]))
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def read_height(text: str) -> float | None:
    """Height in cm: `175`, `175 cm`, `1.75 m`, `5 ft 9 in`, `5'9"`; None if unreadable."""
    text = unicodedata.normalize("NFKC", text).casefold().strip().replace(",", ".")
    feet = re.fullmatch(
        r"(\d)\s*(?:ft|feet|foot|'|′|’)\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:in|inches|inch|\"|″|”|'')?)?\.?", text
    )
    if feet:
        return (float(feet[1]) * 12 + float(feet[2] or 0)) * 2.54
    text = re.sub(r"^(\d)\s*m\s*(\d{2})$", r"\1.\2 m", text)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(cm|m|in|inches|)\.?", text)
    if not found:
        return None
    number, written = float(found[1]), found[2]
    factor = {"m": 100.0, "in": 2.54, "inches": 2.54, "cm": 1.0, "": 100.0 if 0.4 <= number <= 2.3 else 1.0}[written]
    return number * factor


def read_age(text: str) -> float | None:
    """Age in years: `63`, `63 yrs`, `8 months`, `63歳`; None if unreadable."""
    text = unicodedata.normalize("NFKC", text).strip().replace(",", ".")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(\D*)", text)
    if not found:
        return None
    if not found[2]:
        return float(found[1])
    written = known_unit(found[2]) or known_unit(found[2].split()[0] if found[2].split() else "")
    if written and written[0] == "years":
        return float(found[1]) * written[1]
    return float(found[1]) if found[2].strip().casefold() in ("years old", "y o", "yo", "y/o", "j.", "j", "a") else None
