"""Units as exports write them, and their factors to the unit the program works in."""

import re
import unicodedata
from typing import Final

_UNITS: Final = {
    "ms": ("ms", 1.0),
    "msec": ("ms", 1.0),
    "msek": ("ms", 1.0),
    "毫秒": ("ms", 1.0),
    "s": ("ms", 1000.0),
    "sec": ("ms", 1000.0),
    "mv": ("mV", 1.0),
    "毫伏": ("mV", 1.0),
    "uv": ("uV", 1.0),
    "μv": ("uV", 1.0),
    "microv": ("uV", 1.0),
    "微伏": ("uV", 1.0),
    "mm": ("mm", 1.0),
    "毫米": ("mm", 1.0),
    "cm": ("mm", 10.0),
    "厘米": ("mm", 10.0),
    "m/s": ("m/s", 1.0),
    "m/sec": ("m/s", 1.0),
    "m.s-1": ("m/s", 1.0),
    "m·s-1": ("m/s", 1.0),
    "ms-1": ("m/s", 1.0),
    "mps": ("m/s", 1.0),
    "米/秒": ("m/s", 1.0),
    "mvms": ("mV*ms", 1.0),
    "mv*ms": ("mV*ms", 1.0),
    "mv.ms": ("mV*ms", 1.0),
    "mv·ms": ("mV*ms", 1.0),
    "ms*mv": ("mV*ms", 1.0),
    "ms.mv": ("mV*ms", 1.0),
    "msmv": ("mV*ms", 1.0),
    "mvs": ("mV*ms", 1000.0),
    "uvs": ("mV*ms", 1.0),
    "μvs": ("mV*ms", 1.0),
    "%": ("%", 1.0),
    "pct": ("%", 1.0),
    "percent": ("%", 1.0),
    "c": ("C", 1.0),
    "°c": ("C", 1.0),
    "oc": ("C", 1.0),
    "celsius": ("C", 1.0),
    "°f": ("F", 1.0),
    "fahrenheit": ("F", 1.0),
    "y": ("years", 1.0),
    "yr": ("years", 1.0),
    "yrs": ("years", 1.0),
    "year": ("years", 1.0),
    "years": ("years", 1.0),
    "jahre": ("years", 1.0),
    "años": ("years", 1.0),
    "anos": ("years", 1.0),
    "ans": ("years", 1.0),
    "anni": ("years", 1.0),
    "岁": ("years", 1.0),
    "歳": ("years", 1.0),
    "세": ("years", 1.0),
    "months": ("years", 1 / 12),
    "month": ("years", 1 / 12),
    "mo": ("years", 1 / 12),
    "mos": ("years", 1 / 12),
    "kg": ("kg", 1.0),
    "lb": ("kg", 0.45359237),
    "lbs": ("kg", 0.45359237),
    "hz": ("Hz", 1.0),
    "days": ("days", 1.0),
    "day": ("days", 1.0),
    "d": ("days", 1.0),
}

_SPACE: Final = re.compile(r"[\s²]+")


def unit(text: str) -> tuple[str, float] | None:
    """The canonical unit of a unit text and the factor to it, or None: "cm" is mm times 10; "µV" has two code points."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    return _UNITS.get(_SPACE.sub("", text).strip("()[].,;:"))
