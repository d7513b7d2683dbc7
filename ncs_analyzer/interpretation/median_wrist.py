"""Median neuropathy at the wrist, hand by hand: comparison tests where recorded, then slowing from digit to wrist, then
the suspicion rule of the criteria; and its grade.

Comparison tests (Robinson LR, Micklesen PJ, Wang L, Muscle Nerve 1998;21:1166, PMID 9703442; the single limits are those
in common use): the median latency less that of the neighbour over the same distance, by negative peaks, else by onsets.
Grade: Bland JDP, Muscle Nerve 2000;23:1280, PMID 10918269. What the file says of a hand outranks all of it.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.criteria.sets import Facts
from ncs_analyzer.decimals import above, at_least, below
from ncs_analyzer.interpretation.picked import absent, pick, value
from ncs_analyzer.responses import Responses
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES

COMPARISONS: Final = {
    "ring": ("sensory", ("ulnar",), ("digit_4",), "", 0.4),
    "palm": ("mixed", ("ulnar",), (), "palm", 0.3),
    "thumb": ("sensory", ("radial", "superficial_radial"), ("digit_1",), "", 0.5),
}
"""By name: kind of study, the neighbour, the digit, the site of stimulation, and the abnormal difference in ms."""

INDEX_ABNORMAL: Final = 0.9
"""ms; the sum of the three differences (combined sensory index)."""

SEVERE_LATENCY: Final = 6.5
"""ms; Bland's grade 5 starts here (exactly 6.5 stands in no grade as printed, and is put into 5)."""
NO_MOTOR_MV: Final = 0.2

REASONS: Final = ("none", "told", "comparison tests", "slow from digit to wrist", "distal latency with normal ulnar")
"""Why a hand is judged so; none: nothing speaks for a median neuropathy at the wrist."""
TOLD_NOT, NOTHING_TESTED = -1, -2

GRADES: Final = (
    "normal", "very mild", "mild", "moderate", "severe", "very severe", "extremely severe",
)  # fmt: skip
"""Bland 0-6."""

_DISTANCE_TOLERANCE_MM: Final = 0.5


@dataclass(frozen=True)
class MedianWrist:
    """By hand, [side, study]. `differences`: by test, in ms, NaN where not recorded or not comparable; `positive`: by
    test, abnormal (a median response that is absent beside a present neighbour is); `unequal`: by test, both recorded but
    over different distances; `index`: combined sensory index in ms; `median_absent`: no median response in a
    comparison test beside a present neighbour; `reason`: code into REASONS, or TOLD_NOT, NOTHING_TESTED; `grade`: 0-6,
    -1 where it cannot be told; `boundary`: the grade rests on a distal latency of exactly 6.5 ms."""

    differences: dict[str, Floats]
    positive: dict[str, Mask]
    unequal: dict[str, Mask]
    index: Floats
    reason: Codes
    grade: Codes
    boundary: Mask

    @property
    def judged(self) -> Mask:
        """Hands with a median neuropathy at the wrist."""
        found: Mask = self.reason > 0
        return found

    @property
    def by_comparison(self) -> Mask:
        """Hands judged by a comparison test."""
        found: Mask = self.reason == REASONS.index("comparison tests")
        return found

    @property
    def compared(self) -> Mask:
        """Hands in which any comparison test could be judged."""
        return np.logical_or.reduce([np.isfinite(self.differences[name]) | self.positive[name] for name in COMPARISONS])

    @property
    def abnormal_comparison(self) -> Mask:
        """Hands with an abnormal comparison test: the combined index where all three are known, else any of them."""
        single = np.logical_or.reduce(list(self.positive.values()))
        return np.where(np.isnan(self.index), single, at_least(self.index, INDEX_ABNORMAL))


def find_median_wrist(facts: Facts, responses: Responses) -> MedianWrist:
    """Every hand of every study."""
    n = facts.physiology.studies
    found = {name: _compare(responses, n, name) for name in COMPARISONS}
    differences = {name: difference for name, (difference, _, _) in found.items()}
    half = MedianWrist(
        differences=differences,
        positive={name: positive for name, (_, positive, _) in found.items()},
        unequal={name: unequal for name, (_, _, unequal) in found.items()},
        index=np.sum(list(differences.values()), axis=0),
        reason=np.zeros((2, n), np.int8),
        grade=np.full((2, n), -1, np.int8),
        boundary=np.zeros((2, n), bool),
    )
    hand = _Hand.of(facts)
    reason = _reason(half, hand, facts)
    grade, boundary = _grade(half, hand, reason)
    return MedianWrist(half.differences, half.positive, half.unequal, half.index, reason, grade, boundary)


def _compare(responses: Responses, n: int, name: str) -> tuple[Floats, Mask, Mask]:
    """Difference in ms, abnormal, and recorded over unequal distances."""
    kind, neighbours, digits, site, limit = COMPARISONS[name]
    median, other = (pick(responses, n, kind, nerves, digits, site) for nerves in (("median",), neighbours))
    far = np.abs(value(responses, median, "distance_mm") - value(responses, other, "distance_mm"))
    unequal = above(far, _DISTANCE_TOLERANCE_MM)
    peak, onset = (
        value(responses, median, column) - value(responses, other, column)
        for column in ("peak_latency_ms", "latency_ms")
    )
    difference = np.where(unequal, np.nan, np.where(np.isnan(peak), onset, peak))
    lost = absent(responses, median) & (other >= 0) & ~absent(responses, other)
    return difference, at_least(difference, limit) | lost, unequal


@dataclass(frozen=True)
class _Hand:
    """What is known of each hand, [side, study]. `motor`: line of the median motor nerve, -1 without one."""

    motor: Rows
    dml: Floats
    dml_pct: Floats
    dcmap: Floats
    motor_absent: Mask
    sensory_tested: Mask
    sensory_absent: Mask
    sensory_slow: Mask
    ulnar_normal: Mask

    @classmethod
    def of(cls, facts: Facts) -> "_Hand":
        motor, sensory, n = facts.motor, facts.sensory, facts.physiology.studies
        line = _hands(n, motor.study, motor.side, motor.nerve == MOTOR_NERVES.index("median"))
        of_median, of_ulnar = (
            _hands(n, sensory.nerves.study, sensory.nerves.side, sensory.nerves.nerve == NERVES.index(name))
            for name in ("median", "ulnar")
        )
        snaps = facts.physiology.snaps
        nerves = len(sensory.nerves)
        responses_of = np.bincount(snaps.line, minlength=nerves)
        absent_of = np.bincount(snaps.line[snaps.absent], minlength=nerves)
        return cls(
            motor=line,
            dml=_at(motor.dml, line, np.nan),
            dml_pct=_at(motor.dml_pct, line, np.nan),
            dcmap=_at(motor.dcmap, line, np.nan),
            motor_absent=_at(motor.absent, line, False),
            sensory_tested=of_median >= 0,
            sensory_absent=_at(responses_of == absent_of, of_median, False),
            sensory_slow=_at((sensory.slow | sensory.prolonged).met, of_median, False),
            ulnar_normal=_at(sensory.normal.met, of_ulnar, False),
        )


def _hands(n: int, study: Codes, side: Codes, wanted: Mask) -> Rows:
    found = np.full((2, n), -1, np.intp)
    lines = np.flatnonzero(wanted)
    found[side[lines], study[lines]] = lines
    return found


def _at(column: NDArray[Any], lines: Rows, missing: float | bool) -> NDArray[Any]:
    if not len(column):
        return np.full(lines.shape, missing)
    return np.where(lines >= 0, column[np.maximum(lines, 0)], missing)


def _reason(found: MedianWrist, hand: _Hand, facts: Facts) -> Codes:
    """The first rule that can judge the hand decides."""
    told = facts.physiology.told_cts
    suspected = np.zeros(told.shape, bool)
    motor = facts.motor
    lines = np.flatnonzero(facts.compressed.met)
    suspected[motor.side[lines], motor.study[lines]] = True
    tested = found.compared | hand.sensory_tested | (hand.motor >= 0)
    digit_wrist = hand.sensory_slow & hand.ulnar_normal & ~found.compared
    reason = np.where(tested, 0, NOTHING_TESTED).astype(np.int8)
    for name, holds in (
        ("distal latency with normal ulnar", suspected & ~found.compared),
        ("slow from digit to wrist", digit_wrist),
        ("comparison tests", found.abnormal_comparison),
    ):
        reason[holds] = REASONS.index(name)
    reason[told == 0] = TOLD_NOT
    reason[told == 1] = REASONS.index("told")
    return reason


def _grade(found: MedianWrist, hand: _Hand, reason: Codes) -> tuple[Codes, Mask]:
    """Bland's grade of the hands judged; -1 where a measure it needs was not tested."""
    judged = reason > 0
    grade = np.full(reason.shape, -1, np.int8)
    known = ~np.isnan(hand.dml_pct)
    long = above(hand.dml_pct, 100.0)
    very_long = at_least(hand.dml, SEVERE_LATENCY)
    no_motor = hand.motor_absent | below(hand.dcmap, NO_MOTOR_MV)
    present = hand.sensory_tested & ~hand.sensory_absent
    sensitive = np.sum(list(found.positive.values()), axis=0)
    for number, holds in (
        (1, known & ~long & present & ~hand.sensory_slow & (sensitive >= 2)),
        (2, known & ~long & present & hand.sensory_slow),
        (3, known & long & present),
        (4, hand.sensory_absent & ~np.isnan(hand.dml) & ~very_long),
        (5, very_long),
        (6, hand.sensory_absent & no_motor),
    ):
        grade[judged & holds] = number
    grade[(reason == 0) & known & ~long & present & ~hand.sensory_slow] = 0
    return grade, judged & (grade == 5) & ~above(hand.dml, SEVERE_LATENCY)
