"""What a definition of conduction block looks at in a pair of stimulation sites, and how it is graded."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, Literal

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Mask
from ncs_analyzer.criteria.modules import found
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.physiology import Physiology
from ncs_analyzer.physiology.segments import Pairs
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES

Status = Literal["reprint", "secondary", "unconfirmed"]
"""How the text of a set was checked: read in a reprint, in two agreeing secondary sources, or not at all."""

GRADES: Final = ("none", "probable", "definite", "probable_or_better", "not_evaluable")
"""`probable_or_better`: at least probable, a missing duration decides; `not_evaluable`: a missing measure decides."""

ERB_DROP: Final = 50.0
"""Percent; at Erb's point a smaller drop is no block, and no drop is more than probable."""


@dataclass(frozen=True)
class PairFacts:
    """Drops and increases of every pair in percent, as conditions. Where the proximal response is absent the drop is
    100 %, a condition on a small duration increase is met and one on a large increase is not."""

    physiology: Physiology

    @property
    def pairs(self) -> Pairs:
        return self.physiology.pairs

    @cached_property
    def nerve(self) -> Codes:
        """Motor nerve of each pair."""
        found: Codes = self.physiology.motor.nerve[self.pairs.line]
        return found

    def is_nerve(self, *names: str) -> Mask:
        return np.isin(self.nerve, [MOTOR_NERVES.index(name) for name in names])

    @cached_property
    def arm(self) -> Mask:
        """Pairs of an upper-limb nerve."""
        return ~self.physiology.motor.lower_limb[self.pairs.line]

    @property
    def erb(self) -> Mask:
        return self.pairs.erb

    def amp_drop(self, comparator: str, percent: float) -> Truth:
        return Truth.compare(100.0 * (1.0 - self.pairs.amp_ratio), comparator, percent)

    def area_drop(self, comparator: str, percent: float) -> Truth:
        return Truth.compare(100.0 * (1.0 - self.pairs.area_ratio), comparator, percent)

    def duration_increase(self, comparator: str, percent: float) -> Truth:
        truth = Truth.compare(100.0 * (self.pairs.dur_ratio - 1.0), comparator, percent)
        lost = self.pairs.lost
        return truth.only(~lost) | Truth.known(lost & (comparator in ("<", "<=")))

    def distal_percent(self, comparator: str, percent: float) -> Truth:
        """Distal amplitude of the pair in percent of its LLN."""
        return Truth.compare(100.0 * self.pairs.amp_distal / self.pairs.amp_distal_lln, comparator, percent)

    def distal_mv(self, comparator: str, mv: float) -> Truth:
        return Truth.compare(self.pairs.amp_distal, comparator, mv)

    def values(self) -> dict[str, Floats]:
        """The three numbers of every pair, in percent."""
        pairs = self.pairs
        return {
            "amplitude_reduction_pct": 100.0 * (1.0 - pairs.amp_ratio),
            "area_reduction_pct": 100.0 * (1.0 - pairs.area_ratio),
            "duration_increase_pct": 100.0 * (pairs.dur_ratio - 1.0),
        }


@dataclass(frozen=True)
class Block:
    """A definition applied to all pairs: definite, and at least probable."""

    definite: Truth
    probable: Truth

    @cached_property
    def grades(self) -> Codes:
        """Codes into GRADES, per pair."""
        code = np.full(len(self.definite.met), GRADES.index("none"), np.int8)
        code[self.probable.may] = GRADES.index("not_evaluable")
        code[self.probable.must] = GRADES.index("probable")
        code[self.probable.must & self.definite.may] = GRADES.index("probable_or_better")
        code[self.definite.must] = GRADES.index("definite")
        return code


@dataclass(frozen=True)
class BlockDefinition:
    """A published definition of conduction block. `grade` gives `definite` and `at least probable` for every pair."""

    id: str
    title: str
    citation: str
    doi: str
    status: Status
    definite: str
    probable: str
    grade: Callable[[PairFacts], tuple[Truth, Truth]]

    def apply(self, pairs: PairFacts) -> Block:
        """Grade all pairs; definite is always probable too."""
        definite, probable = self.grade(pairs)
        return Block(definite.settle(), (definite | probable).settle())


@cache
def block_definitions() -> dict[str, BlockDefinition]:
    """Every definition of conduction block by id: a module below this package with `BLOCK`."""
    definitions: list[BlockDefinition] = found("BLOCK")
    return {d.id: d for d in sorted(definitions, key=lambda d: (not d.id.startswith("mmn"), d.id))}


def by_line(physiology: Physiology, truth: Truth, *nerves: str) -> Truth:
    """Per motor nerve: any counted pair. A nerve of those named (all, if none is) without any counted pair is not
    evaluable: a proximal response that was not recorded is not "no block"."""
    motor, pairs = physiology.motor, physiology.pairs
    n = len(motor)
    found = Truth(*(_any(pairs, mask, n) for mask in (truth.met, truth.must, truth.may)))
    none = ~_any(pairs, np.ones(len(pairs), bool), n) & ~motor.absent
    return found.or_open(none & motor.is_nerve(*nerves) if nerves else none)


def _any(pairs: Pairs, mask: Mask, n: int) -> Mask:
    found = np.zeros(n, bool)
    found[pairs.line[mask & pairs.counted]] = True
    return found
