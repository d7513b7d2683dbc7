"""The words criteria are written in: quantities of a motor nerve, compared with a threshold, combined.

`DML >= 150` is a condition that knows its own text, how to test all motor nerves at once, and what it rests on. A
missing value never reaches a comparison as a number: the result is then not evaluable. A nerve whose distal CMAP is
absent meets no condition, unless the condition speaks of absent responses.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.criteria.truth import Truth, any_of, switch
from ncs_analyzer.physiology.motor import MotorNerves
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES

ERB_RATIO: Final = 0.50
"""At Erb's point a drop counts as block only from 50 % on, whatever the set's own limit (EFNS/PNS 2010)."""

_SIGNS: Final = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


@dataclass(frozen=True)
class Condition:
    """A condition on one motor nerve. `rests_on`: the quantities it compares, the one it is about first."""

    text: str
    test: Callable[[MotorNerves], Truth]
    rests_on: tuple["Quantity", ...]

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(
            f"{self.text}, {other.text}", lambda n: self.test(n) & other.test(n), _union(self.rests_on, other.rests_on)
        )

    def __or__(self, other: "Condition") -> "Condition":
        return Condition(
            f"{self.text} or {other.text}",
            lambda n: self.test(n) | other.test(n),
            _union(self.rests_on, other.rests_on),
        )

    def not_in(self, *nerves: str) -> "Condition":
        """The condition does not apply to these nerves: not met there."""
        return replace(
            self,
            text=f"{self.text} ({_list(nerves)} nerve excluded)",
            test=lambda n: self.test(n).only(~n.is_nerve(*nerves)),
        )


def _union(first: tuple["Quantity", ...], second: tuple["Quantity", ...]) -> tuple["Quantity", ...]:
    return first + tuple(q for q in second if q not in first)


def _list(nerves: tuple[str, ...]) -> str:
    return " and ".join(nerves)


@dataclass(frozen=True)
class Quantity:
    """A number per motor nerve. `column`: field of MotorNerves; `measure`: what a reader finds in the table of readings.

    Comparisons give a Condition; a nerve with an absent CMAP is not met.
    """

    symbol: str
    unit: str
    measure: str
    column: str

    def values(self, nerves: MotorNerves) -> Floats:
        found: Floats = getattr(nerves, self.column)
        return found

    def compare(self, nerves: MotorNerves, comparator: str, threshold: Floats | float) -> Truth:
        return Truth.compare(self.values(nerves), comparator, threshold).only(~nerves.absent)

    def _condition(self, comparator: str, threshold: float) -> Condition:
        text = f"{self.symbol} {_SIGNS[comparator]} {_number(threshold, self.unit)}"
        return Condition(text, lambda n: self.compare(n, comparator, threshold), (self,))

    def __ge__(self, threshold: float) -> Condition:
        return self._condition(">=", threshold)

    def __le__(self, threshold: float) -> Condition:
        return self._condition("<=", threshold)

    def __gt__(self, threshold: float) -> Condition:
        return self._condition(">", threshold)

    def __lt__(self, threshold: float) -> Condition:
        return self._condition("<", threshold)


def _number(threshold: float, unit: str) -> str:
    return f"{threshold:.2f}" if unit == "" else f"{threshold:g} {unit}"


@dataclass(frozen=True)
class WorstOfPairs(Quantity):
    """The worst of the counted pairs of a nerve; `open_column` says that a missing one could be worse."""

    open_column: str

    def compare(self, nerves: MotorNerves, comparator: str, threshold: Floats | float) -> Truth:
        met = Truth.compare(self.values(nerves), comparator, threshold).settle()
        known_met = Truth.known(met.must)
        return known_met.or_open(getattr(nerves, self.open_column)).only(~nerves.absent)


@dataclass(frozen=True)
class BlockOfPairs(WorstOfPairs):
    """The worst of the counted pairs, where a pair that ends at Erb's point counts only from a drop of `erb_limit` on
    as well. `erb_column`: the worst at Erb's point; `erb_comparator`: on which side of the limit the drop lies."""

    erb_column: str
    erb_comparator: str
    erb_limit: float

    def compare(self, nerves: MotorNerves, comparator: str, threshold: Floats | float) -> Truth:
        near = Truth.compare(self.values(nerves), comparator, threshold).must
        at_erb = getattr(nerves, self.erb_column)
        erb = Truth.compare(at_erb, comparator, threshold).must
        half = Truth.compare(at_erb, self.erb_comparator, self.erb_limit).must
        return Truth.known(near | (erb & half)).or_open(getattr(nerves, self.open_column)).only(~nerves.absent)


@dataclass(frozen=True)
class FLatency(Quantity):
    """Minimal F latency in percent of its limit; an absent F wave is not a late one."""

    def compare(self, nerves: MotorNerves, comparator: str, threshold: Floats | float) -> Truth:
        return super().compare(nerves, comparator, threshold).only(~nerves.f_absent)


@dataclass(frozen=True)
class FPersistence(Quantity):
    """Persistence of F waves that were recorded and present; without a recording only the recording is missing."""

    def compare(self, nerves: MotorNerves, comparator: str, threshold: Floats | float) -> Truth:
        return super().compare(nerves, comparator, threshold).only(nerves.f_tested & ~nerves.f_absent)


@dataclass(frozen=True)
class DistalAmplitude(Quantity):
    """Distal amplitude in percent of its limit, where an absent response counts as smaller than any threshold."""

    def compare(self, nerves: MotorNerves, comparator: str, threshold: Floats | float) -> Truth:
        truth = Truth.compare(self.values(nerves), comparator, threshold)
        if comparator in ("<", "<="):
            there = Truth.known(nerves.absent)
            return truth.only(~nerves.absent) | there
        return truth.only(~nerves.absent)


DML: Final = Quantity("DML", "% ULN", "distal_latency", "dml_pct")
MCV: Final = WorstOfPairs("MCV", "% LLN", "velocity", "mcv_pct", "mcv_open")
F_LATENCY: Final = FLatency("F latency", "% ULN", "minimal_f_latency", "f_pct")
DCMAP: Final = Quantity("dCMAP", "% LLN", "amplitude", "dcmap_pct")
DCMAP_MV: Final = Quantity("dCMAP", "mV", "amplitude", "dcmap")
DCMAP_OR_ABSENT: Final = DistalAmplitude("dCMAP (absent included)", "% LLN", "amplitude", "dcmap_pct")
AMP_RATIO: Final = BlockOfPairs(
    "proximal/distal amplitude", "", "amplitude_ratio", "amp_ratio", "amp_open", "amp_ratio_erb", "<=", ERB_RATIO
)
DROP: Final = BlockOfPairs(
    "drop of amplitude or area", "%", "amplitude_ratio", "drop", "drop_open", "drop_erb", ">=", 100 * (1 - ERB_RATIO)
)
AAN_DROP: Final = WorstOfPairs("drop of amplitude or area", "%", "amplitude_ratio", "aan_drop", "aan_drop_open")
DUR_RATIO: Final = WorstOfPairs("proximal/distal duration", "", "duration_ratio", "dur_ratio", "dur_open")
DURATION: Final = Quantity("dDuration", "ms", "duration", "duration")
DURATION_PCT: Final = Quantity("dDuration", "% ULN", "duration", "duration_pct")
PROXIMAL_CMAP: Final = WorstOfPairs("proximal CMAP", "% LLN", "proximal_amplitude", "prox_pct", "prox_open")
F_PERSISTENCE: Final = FPersistence("F persistence", "%", "f_persistence", "f_persistence")


def _f_absent(nerves: MotorNerves) -> Truth:
    return Truth.known(nerves.f_absent).or_open(~nerves.f_tested).only(~nerves.absent)


F_ABSENT: Final = Condition("F waves absent", _f_absent, (Quantity("F waves", "", "minimal_f_latency", "f_absent"),))
"""F waves recorded and reported absent while the distal CMAP is present; not tested is not evaluable."""

INEXCITABLE: Final = Condition("dCMAP absent", lambda n: Truth.known(n.absent), (DCMAP,))


def if_(condition: Condition, then: Condition, otherwise: Condition) -> Condition:
    """A limit that switches: `then` where the condition holds, else `otherwise`."""
    return Condition(
        f"{then.text} if {condition.text}, else {otherwise.text}",
        lambda n: switch(condition.test(n), then.test(n), otherwise.test(n)),
        _union(_union(then.rests_on, otherwise.rests_on), condition.rests_on),
    )


def by_nerve(default: Condition, **nerves: Condition) -> Condition:
    """Another condition for some nerves."""

    def test(n: MotorNerves) -> Truth:
        found = default.test(n).only(~n.is_nerve(*nerves))
        for name, condition in nerves.items():
            found = found | condition.test(n).only(n.is_nerve(name))
        return found

    text = f"{default.text}; " + "; ".join(f"{name}: {condition.text}" for name, condition in nerves.items())
    return Condition(text, test, default.rests_on)


def duration_beyond(comparator: str, limits: dict[str, float]) -> Condition:
    """Distal CMAP duration against a limit in ms for each nerve; nerves without a limit are not met."""

    def test(n: MotorNerves) -> Truth:
        limit = np.array([limits.get(name, np.nan) for name in MOTOR_NERVES])[n.nerve]
        applies = np.isin(n.nerve, [MOTOR_NERVES.index(name) for name in limits])
        return DURATION.compare(n, comparator, np.where(applies, limit, 0.0)).only(applies)

    listed = ", ".join(f"{name} {limit:.1f}" for name, limit in limits.items())
    return Condition(f"dDuration {_SIGNS[comparator]} {listed} ms", test, (DURATION,))


def filtered_duration_beyond(comparator: str, limits: dict[float, dict[str, float]]) -> Condition:
    """Distal CMAP duration against a limit for each nerve and low-frequency filter (the nearest on a log scale). Where the
    filter is unknown: not evaluable, but not met where no filter could make it so."""
    filters = np.array(sorted(limits))

    def test(n: MotorNerves) -> Truth:
        table = np.array([[limits[hz].get(name, np.nan) for name in MOTOR_NERVES] for hz in filters])
        known = np.isfinite(n.low_cut)
        limit = np.where(known, table[nearest_filter(n.low_cut, filters), n.nerve], np.nan)
        applies = np.isfinite(table[0][n.nerve])
        by_any_filter = any_of([DURATION.compare(n, comparator, row[n.nerve]) for row in table])
        truth = DURATION.compare(n, comparator, limit)
        return Truth(truth.met, truth.must, truth.may & (known | by_any_filter.may)).only(applies)

    rows = [f"{hz:g} Hz: " + ", ".join(f"{k} {v:.1f}" for k, v in limits[hz].items()) for hz in sorted(limits)]
    return Condition(
        f"dDuration {_SIGNS[comparator]} limit for nerve and filter ({'; '.join(rows)} ms)", test, (DURATION,)
    )


def nearest_filter(low_cut: Floats, filters: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The filter nearest on a log scale, the lower one of two equally near; index into `filters`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.abs(np.log(low_cut)[:, None] - np.log(filters)[None, :])
    nearest: np.ndarray[tuple[int], np.dtype[np.intp]] = np.argmin(np.where(np.isnan(distance), 0.0, distance), axis=1)
    return nearest
