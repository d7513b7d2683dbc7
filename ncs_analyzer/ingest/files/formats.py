"""Number formats of workbooks: which cells show a date or a percentage, and what date a number stands for."""

import datetime
import re
from typing import Final, Literal

from ncs_analyzer.ingest.cells import Raw

Kind = Literal["number", "date", "elapsed", "percent"]

_BUILT_IN: Final[dict[int, Kind]] = {
    **dict.fromkeys((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)), "date"),
    46: "elapsed",
    9: "percent",
    10: "percent",
}
_UNSHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_LAST_DAY: Final = 2_958_466.0


def kind_of(number: int, code: str | None) -> Kind:
    """What the cells of a number format show. `code`: the format's own text, None for the built-in ones."""
    if code is None:
        return _BUILT_IN.get(number, "number")
    bare = _UNSHOWN.sub("", code.split(";")[0])
    if re.search(r"\[[hms]+\]", bare, re.IGNORECASE):
        return "elapsed"
    if "general" in bare.casefold():
        return "number"
    if re.search(r"[ymdhs年月日]", bare, re.IGNORECASE):
        return "date"
    return "percent" if "%" in bare else "number"


def shown(value: float, kind: Kind, from_1904: bool = False) -> Raw:
    """A number as its format shows it: a date, a time, "80%", or itself."""
    if kind == "number":
        return value
    if kind == "percent":
        return f"{round(value * 100, 9):.12g}%"
    if not 0 <= value < _LAST_DAY:
        return value
    if kind == "elapsed":
        return datetime.timedelta(days=value)
    if value < 1 and not from_1904:
        return (datetime.datetime(1904, 1, 1) + datetime.timedelta(seconds=round(value * 86400))).time()  # noqa: DTZ001
    # day 60 of the 1900 system is a 29 February that never was
    first = datetime.datetime(1904, 1, 1) if from_1904 else datetime.datetime(1899, 12, 31 if value < 60 else 30)  # noqa: DTZ001
    try:
        moment = first + datetime.timedelta(days=int(value), seconds=round(value % 1 * 86400))
    except OverflowError:
        return value
    return moment.date() if moment.time() == datetime.time(0) else moment
