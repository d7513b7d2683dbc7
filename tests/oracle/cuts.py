"""Thresholds as cuts of the number line, and one representative value for every class between them.

Everything a criteria set asks of a measure is a comparison with a threshold, so a measure that was never tested may
be replaced by one value of each class: no other value could give another answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

Cut = tuple[Fraction, bool]  # the threshold; whether the threshold itself belongs to the lower class


def lower_excludes(*thresholds: float | str | Fraction) -> tuple[Cut, ...]:
    """For comparisons `<` and `>=`: equality belongs to the upper class."""
    return tuple((Fraction(str(threshold)), False) for threshold in thresholds)


def lower_includes(*thresholds: float | str | Fraction) -> tuple[Cut, ...]:
    """For comparisons `<=` and `>`: equality belongs to the lower class."""
    return tuple((Fraction(str(threshold)), True) for threshold in thresholds)


def exactly(*thresholds: float | str | Fraction) -> tuple[Cut, ...]:
    """Both comparisons occur: equality is a class of its own."""
    return lower_excludes(*thresholds) + lower_includes(*thresholds)


def times(cuts: Iterable[Cut], factor: Fraction) -> tuple[Cut, ...]:
    """The cuts of x * factor where these are the cuts of x (factor > 0)."""
    return tuple((value * factor, included) for value, included in cuts)


def divided_by(dividend: Fraction, cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """The cuts of x where these are the cuts of dividend / x: the order turns round, and so does equality."""
    return tuple((dividend / value, not included) for value, included in cuts if value > 0)


def representatives(cuts: Iterable[Cut], wide: bool = False) -> list[Fraction]:
    """One positive value of each class; `wide`: also far out in the two open classes."""
    line = sorted({cut for cut in cuts if cut[0] > 0})
    if not line:
        return [Fraction(1)]
    values = [line[0][0] / 2]
    for (lower, _), (upper, _) in pairwise(line):
        values.append((lower + upper) / 2)  # of equal thresholds: the threshold itself
    values.append(line[-1][0] * 2)
    if wide:
        values = [line[0][0] / 1000, *values, line[-1][0] * 1000]
    # a class whose only border is "<= t" or ">= t" is represented by an inner value: enough, by definition of a class
    return values


def _no_cuts(_nerve: str, _filter: Fraction | None) -> tuple[Cut, ...]:
    return ()


@dataclass(frozen=True)
class Cuts:
    """What one criteria set reads, and where it cuts; an empty tuple means that the measure is not read."""

    dcmap: tuple[Cut, ...] = ()  # distal amplitude, % of limit
    dml: tuple[Cut, ...] = ()  # % of limit
    mcv: tuple[Cut, ...] = ()  # % of limit, each counted segment
    f: tuple[Cut, ...] = ()  # % of limit
    reads_f: bool = False  # whether absent F waves are asked for
    persistence: tuple[Cut, ...] = ()  # %
    amplitude_ratio: tuple[Cut, ...] = ()  # counted pairs
    area_ratio: tuple[Cut, ...] = ()
    duration_ratio: tuple[Cut, ...] = ()
    aan_pairs_only: bool = False
    pair_pct: tuple[Cut, ...] = ()  # amplitude at the distal end of each pair, % of its limit
    pair_mv: tuple[Cut, ...] = ()  # the same, mV
    proximal_pct: tuple[Cut, ...] = ()  # amplitude at the proximal end, % of its limit
    distal_duration: Callable[[str, Fraction | None], tuple[Cut, ...]] = field(default=_no_cuts)  # ms
    distal_duration_pct: tuple[Cut, ...] = ()  # % of limit
    reads_filter: bool = False
    terminal_latency_index: dict[str, Fraction] = field(default_factory=dict)
    snap: tuple[Cut, ...] = ()  # sensory amplitude, % of limit
    sensory_velocity: tuple[Cut, ...] = ()
    sensory_latency: tuple[Cut, ...] = ()
    sensory_nerves: tuple[str, ...] = ()  # which ones; empty: all
    sensory_of_blocked_nerves: bool = False  # a sensory study never done counts as untested measures (MMN)
