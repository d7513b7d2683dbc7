"""What the cells of an XLSX sheet show: values by their number format, error cells by their text, formulas that were
never calculated marked."""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ncs_analyzer.ingest.cells import UNCALCULATED, Raw
from ncs_analyzer.ingest.files.formats import Kind, shown
from ncs_analyzer.ingest.files.opened import DamagedError


@dataclass(frozen=True)
class Shown:
    """What a cell shows, by the shared strings, the kinds of the number formats, and the date system of its workbook."""

    strings: Sequence[str]
    kinds: Sequence[Kind]
    from_1904: bool

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
        if kind == "s":
            try:
                return self.strings[int(value)]
            except (ValueError, IndexError) as error:
                raise DamagedError("The sheet refers to a text that the workbook does not hold.") from error
        return self._typed(kind, value, attributes.get("s"))

    def _typed(self, kind: str, value: str, style: Any) -> Raw:
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "d":
            try:
                moment = datetime.datetime.fromisoformat(value.strip())
            except ValueError:
                return value
            return moment.date() if moment.time() == datetime.time(0) else moment
        if kind != "n":
            return value
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return "#NUM!"
        if style is None or not style.isdigit() or int(style) >= len(self.kinds):
            return number
        return shown(number, self.kinds[int(style)], self.from_1904)
