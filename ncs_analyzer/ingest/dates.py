"""Dates as laboratories write them; day and month are told apart by the cells that allow only one order."""

import datetime
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

_ORDERS: Final = ("dmy", "mdy", "ymd")
_TAIL: Final = r"(?:[\sT,(].*)?$"
"""What may follow a date: a time of day, a weekday."""
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})\s*(?:[日일].*$|\.?" + _TAIL + ")"
)
_COMPACT: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})(\s*[-/. ]\s*)(\d{1,2})\s*[-/. ]\s*(\d{4})" + _TAIL)
_SHORT: Final = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{2})" + _TAIL)
_ERA: Final = re.compile(
    r"(民國|民国|令和|平成|昭和|大正|[RHSTrhst])\s*(\d{1,3}|元)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})日?" + _TAIL
)
_ERAS: Final = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925, "大正": 1911, "t": 1911,
                "民國": 1911, "民国": 1911}  # fmt: skip
"""The year before the first of each Japanese era, and of the calendar of Taiwan."""
_WEEKDAY: Final = re.compile(r"^[^\W\d]{2,12}\.?,\s*(?=\d)|^(?:le|el|den|am|il|on)\s+(?=\d)", re.IGNORECASE)
_DAY_NAMED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|o)?[-/. ]*(?:de |of |di )?([a-z]{3,})\.?[-/., ]*(?:de |del |of )?'?(\d{4}|\d{2})(?![\d:])"
)
_NAMED_DAY: Final = re.compile(r"([a-z]{3,})\.?[- ](\d{1,2})(?:st|nd|rd|th)?,?[- ](\d{4})(?!\d)")
_YEAR_NAMED: Final = re.compile(r"(\d{4})[-/. ]+([a-z]{3,})\.?[-/. ]+(\d{1,2})(?!\d)")
_SERIALS: Final = (7_000, 60_000)
"""Day numbers of spreadsheets, 1919 to 2064: a date whose cell lost its format."""
_EPOCH: Final = datetime.date(1899, 12, 30)
_CENTURY: Final = 70
_OF_LAST_CENTURY: Final = 30
"""Two-digit years from here on are of the last century: of studies, and of births."""

_MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar janner jaenner enero janvier janeiro gennaio ene gen janv",
            "feb february februar febrero fevrier fevereiro febbraio fev fevr",
            "mar march marz maerz marzo mars marco mrz",
            "apr april abril avril aprile abr avr",
            "may mai mayo maio maggio mag",
            "jun june juni junio juin junho giugno giu",
            "jul july juli julio juillet julho luglio juil lug",
            "aug august agosto aout ago",
            "sep sept september septiembre setiembre septembre setembro settembre set",
            "oct october oktober octubre octobre outubro ottobre okt out ott",
            "nov november noviembre novembre novembro",
            "dec december dezember diciembre decembre dezembro dicembre dez dic",
        ),
        start=1,
    )
    for word in words.split()
}


def read_dates(
    texts: Sequence[str], company: Sequence[str] = (), birth: bool = False, usual: str | None = None
) -> list[str | None]:
    """ISO dates of a column; None where one cannot be read, or the order of day and month stays open.

    The order is decided by the cells that allow only one. `company`: other dates of the same hand, which may decide it
    where the column does not; `usual`: the order of the language, where neither does. `birth`: the dates are of birth,
    whose two-digit years may be of either century.
    """
    own = [_candidates(text, birth) for text in texts]
    others = [_candidates(text, birth) for text in company]
    order = _order(own) or _order(others) or (usual if not _disagree(own + others) else None)
    return [_settled(found, order) for found in own]


def ambiguous(text: str) -> bool:
    """Whether day and month of a date cannot be told apart by the date alone."""
    return len(set(_candidates(text, False).values())) > 1


def _disagree(dates: Sequence[dict[str, str]]) -> bool:
    """Whether some dates allow one order of day and month only, and others another."""
    return len({next(iter(d)) for d in dates if len(d) == 1 and "" not in d}) > 1


def _order(dates: Sequence[dict[str, str]]) -> str | None:
    """The one order that every date allows and some date demands."""
    open_dates = [d for d in dates if d and "" not in d]
    left = set(_ORDERS).intersection(*open_dates) if open_dates else set()
    return left.pop() if len(left) == 1 else None


def _settled(found: dict[str, str], order: str | None) -> str | None:
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    return found.get(order) if order else None


def _candidates(text: str, birth: bool) -> dict[str, str]:
    """What a text may mean, by order of day, month and year; under "" if the order does not matter."""
    text = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip())
    for found in _certain(text, birth):
        return {"": found} if found else {}
    if last := _YEAR_LAST.fullmatch(text):
        first, second, year = int(last[1]), int(last[3]), int(last[4])
        points = "." in last[2]  # points are written day first only
        readings = {"dmy": _iso(year, second, first), "mdy": None if points else _iso(year, first, second)}
        return {order: iso for order, iso in readings.items() if iso}
    if short := _SHORT.fullmatch(text):
        a, b, c = int(short[1]), int(short[2]), int(short[3])
        readings = {"dmy": _iso(_century(c, birth), b, a), "mdy": _iso(_century(c, birth), a, b)}
        if "." in text:
            del readings["mdy"]
        if len(short[1]) == 2:
            readings["ymd"] = _iso(_century(a, birth), b, c)
        return {order: iso for order, iso in readings.items() if iso}
    return {}


def _certain(text: str, birth: bool) -> Iterator[str | None]:
    """The date of a text whose order is plain."""
    if whole := _YEAR_FIRST.match(text) or _COMPACT.fullmatch(text):
        yield _iso(int(whole[1]), int(whole[2]), int(whole[3]))
    elif era := _ERA.match(text):
        year = _ERAS[era[1].casefold()] + (1 if era[2] == "元" else int(era[2]))
        yield _iso(year, int(era[3]), int(era[4]))
    elif named := _named_month(text, birth):
        yield named
    elif re.fullmatch(r"\d{4,5}(?:\.\d+)?", text) and _SERIALS[0] <= float(text) <= _SERIALS[1]:
        yield (_EPOCH + datetime.timedelta(days=int(float(text)))).isoformat()


def _named_month(text: str, birth: bool) -> str | None:
    """A date with the month as a word: 12-Mar-2024, March 12, 2024, 12 de marzo de 2022."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    for pattern, (day, month, year) in ((_DAY_NAMED, (1, 2, 3)), (_NAMED_DAY, (2, 1, 3)), (_YEAR_NAMED, (3, 2, 1))):
        found = pattern.match(plain)
        if found and found[month] in _MONTHS:
            written = int(found[year])
            return _iso(
                written if len(found[year]) == 4 else _century(written, birth), _MONTHS[found[month]], int(found[day])
            )
    return None


def _century(year: int, birth: bool) -> int | None:
    """The year that two digits stand for; None for a birth that may have been in either century."""
    if birth:
        return 1900 + year if year >= _OF_LAST_CENTURY else None
    return 1900 + year if year >= _CENTURY else 2000 + year


def _iso(year: int | None, month: int, day: int) -> str | None:
    if year is None:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
