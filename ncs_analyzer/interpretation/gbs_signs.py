"""Signs of high specificity for GBS in an early study (EAN/PNS 2023, doi 10.1111/ene.16073): sural sparing, and a distal
CMAP duration above 8.5 ms, which the guideline gives for no filter; it is applied at 2 Hz only.
"""

from dataclasses import dataclass
from typing import Final

from ncs_analyzer.arrays import Mask
from ncs_analyzer.criteria.sets import Facts
from ncs_analyzer.criteria.truth import Truth

LONG_DURATION_MS: Final = 8.5
DURATION_FILTER_HZ: Final = 2.0

SUBTYPE_CAVEAT: Final = (
    "EAN/PNS 2023 advises against subtyping GBS (AIDP, AMAN, AMSAN) for clinical use; a normal study in the first week does "
    "not exclude GBS."
)


@dataclass(frozen=True)
class LongDuration:
    """`nerves`: motor nerves whose distal CMAP lasts too long; `of_study`: whether any does."""

    nerves: Truth
    of_study: Truth


def long_duration(facts: Facts) -> LongDuration:
    """Distal CMAP duration above 8.5 ms at a filter of 2 Hz; not evaluable where duration or filter is unknown."""
    motor = facts.motor
    at_filter: Mask = motor.low_cut == DURATION_FILTER_HZ
    long = Truth.compare(motor.duration, ">", LONG_DURATION_MS)
    nerves = long.only(at_filter & ~motor.absent).or_open(~at_filter & (motor.low_cut != motor.low_cut) & ~motor.absent)
    return LongDuration(nerves, (facts.count(nerves) >= 1).or_open(facts.tested == 0))
