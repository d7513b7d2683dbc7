"""What the cells of an XLSX sheet show: values by their number format, error cells by their text, formulas that were
never calculated marked."""

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ncs_analyzer.ingest.cells import LOST_TEXT, UNCALCULATED, Raw
from ncs_analyzer.ingest.files.formats import Kind, shown
from ncs_analyzer.ingest.files.opened import DamagedError


class Shown:
    """What a cell shows, by the shared strings, the kinds of the number formats, and the date system of its workbook."""

    def __init__(self, strings: Sequence[str], kinds: Sequence[Kind], from_1904: bool) -> None:
        self._strings, self._kinds, self._from_1904 = strings, kinds, from_1904
        self._readers: dict[tuple[str, str | None], Callable[[str], Raw]] = {}

    def value(self, attributes: Mapping[str, str], value: str | None, inline: str, formula: bool) -> Raw:
        """The value of a cell; None where it is blank. `inline`: its text if it has one of its own. Raises
        DamagedError."""
        kind = attributes.get("t", "n")
        if kind == "inlineStr":
            return inline
        if value is None or not value.strip():
            if kind == "e":
                return "#N/A"
            return UNCALCULATED if formula and kind != "str" else None
        return self.reader(attributes)(value)

    def reader(self, attributes: Mapping[str, str]) -> Callable[[str], Raw]:
        """What reads the values of cells with these attributes, where they are not blank."""
        key = attributes.get("t", "n"), attributes.get("s")
        found = self._readers.get(key)
        if found is None:
            found = self._readers[key] = self._reader(*key)
        return found

    def _reader(self, kind: str, style: str | None) -> Callable[[str], Raw]:
        if kind == "n":
            return partial(_number, self._format(style), self._from_1904)
        readers: dict[str, Callable[[str], Raw]] = {"s": self._string, "b": _boolean, "d": _date}
        return readers.get(kind, str)

    def is_plain_number(self, attributes: Mapping[str, str]) -> bool:
        """Whether cells with these attributes show their numbers as they are."""
        return attributes.get("t", "n") == "n" and self._format(attributes.get("s")) == "number"

    def _format(self, style: str | None) -> Kind:
        known = style is not None and style.isdigit() and int(style) < len(self._kinds)
        return self._kinds[int(style or "0")] if known else "number"

    def _string(self, index: str) -> Raw:
        """A text of the workbook; a cell whose text is lost says so, a workbook without any is damaged."""
        if not self._strings:
            raise DamagedError("The sheet refers to texts, and the workbook holds none.")
        return self._strings[int(index)] if index.isdecimal() and int(index) < len(self._strings) else LOST_TEXT


def _boolean(value: str) -> Raw:
    return value.strip() in ("1", "true")


def _date(value: str) -> Raw:
    try:
        moment = datetime.datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    return moment.date() if moment.time() == datetime.time(0) else moment


def _number(kind: Kind, from_1904: bool, value: str) -> Raw:
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number):
        return "#NUM!"
    return number if kind == "number" else shown(number, kind, from_1904)
