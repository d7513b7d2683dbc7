"""Numbers and addresses as a person reads them; never used for a comparison."""

import math
import re
import unicodedata
from typing import Any

UNITS = {"uV": "µV", "mV*ms": "mV·ms"}


def number(value: float | None, digits: int = 4) -> str:
    """A measured number with up to `digits` significant digits; empty where there is none."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"


def percent(value: float | None) -> str:
    """A percentage without decimals, but for one that would then look like exactly 100."""
    if value is None or not math.isfinite(value):
        return ""
    for digits in range(6):
        text = f"{value:.{digits}f}"
        if (float(text) == 100) == (abs(value - 100) < 1e-9):
            return text
    return repr(value)


def exact_percent(value: float | None) -> str:
    """A percentage beside a threshold: one decimal, more where that would look like a threshold (a multiple of 5)."""
    if value is None or not math.isfinite(value):
        return ""
    for digits in (1, 2, 3, 4):
        text = f"{value:.{digits}f}"
        if float(text) % 5 or abs(value - float(text)) < 1e-9:
            return text.rstrip("0").rstrip(".")
    return f"{value:.6g}"


def limit(lower: float | None, upper: float | None) -> str:
    """A limit as the range of normal."""
    if upper is not None:
        return f"≤{number(upper)}"
    return f"≥{number(lower)}" if lower is not None else ""


def unit(name: str) -> str:
    """A unit as it is printed."""
    return UNITS.get(name, name)


def plain(name: str | None) -> str:
    """A canonical name as a person writes it."""
    return _CAPITALS.sub(lambda found: found[0].upper(), (name or "").replace("_", " ")).replace("erb", "Erb")


_CAPITALS = re.compile(r"\b[fh](?= (?:wave|reflex|latency|persistence)\b)")
"""F waves and H reflexes keep their letters."""


def address(source: dict[str, Any] | None, short: bool = True) -> str:
    """The cell a value stood in; `short`: without the file."""
    if not source or source.get("row") is None:
        return ""
    column = f" “{source['column']}”" if source.get("column") else ""
    sheet = f"{source['sheet']} " if source.get("sheet") else ""
    file = "" if short else f"{source['file']} "
    return f"{file}{sheet}row {source['row']}{column}"


def safe(text: str) -> str:
    """Text from a file without control and direction characters, which a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "\ufffd" for c in text)


LIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program takes for the start of a formula."""


def inert(text: str) -> str:
    """Text for a cell of a spreadsheet: what a spreadsheet program would take for a formula is quoted."""
    return f"'{text}" if text.startswith(LIVE) else text
