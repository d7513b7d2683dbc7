"""What EAN/PNS 2021 asks to be tested (Eur J Neurol 2021;28:3556, doi 10.1111/ene.14959), and whether it was.

One side: median, ulnar to below the elbow, fibular and tibial motor nerves with F waves; if that does not settle it, the
other side, then the axilla and Erb's point; and four sensory nerves.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Mask
from ncs_analyzer.criteria.sets import Facts
from ncs_analyzer.grouping import has_any
from ncs_analyzer.physiology.segments import ends_at
from ncs_analyzer.vocabulary.anatomy import SENSORY_NERVES

MOTOR: Final = ("median", "ulnar", "fibular", "tibial")
_PROXIMAL: Final = {
    "median": ("elbow",),
    "ulnar": ("below_elbow", "elbow"),
    "fibular": ("below_fibular_head",),
    "tibial": ("popliteal_fossa",),
}
STATES: Final = ("not_done", "partly", "done")


@dataclass(frozen=True)
class Step:
    """One step of the protocol. `missing`: by what is asked, the studies in which it was not done."""

    name: str
    title: str
    missing: dict[str, Mask]

    def state(self, study: int) -> str:
        """not_done, partly or done."""
        lacking = sum(bool(mask[study]) for mask in self.missing.values())
        return STATES[2] if not lacking else STATES[0] if lacking == len(self.missing) else STATES[1]

    def lacks(self, study: int) -> list[str]:
        """What was not done in a study."""
        return [what for what, mask in self.missing.items() if mask[study]]


def protocol(facts: Facts) -> list[Step]:
    """The steps in the order of the guideline. One side: the side with more of it done; an absent distal response counts
    as done, for the nerve and for its F wave."""
    n = facts.physiology.studies
    done = [_side(facts, side) for side in (0, 1)]
    first = np.sum([~m for m in done[0].values()], axis=0) <= np.sum([~m for m in done[1].values()], axis=0)
    one = {what: np.where(first, done[0][what], done[1][what]) for what in done[0]}
    other = {what: np.where(first, done[1][what], done[0][what]) for what in done[0]}
    return [
        Step("one_side", "motor nerves with F waves on one side", _not(one)),
        Step("other_side", "the same on the other side", _not(other)),
        Step("proximal", "axilla and Erb's point", _not(_proximal(facts, n))),
        Step("sensory", "four sensory nerves", _not(_sensory(facts, n))),
    ]


def _not(done: dict[str, Mask]) -> dict[str, Mask]:
    return {what: ~mask for what, mask in done.items()}


def _side(facts: Facts, side: int) -> dict[str, Mask]:
    motor, pairs, n = facts.motor, facts.physiology.pairs, facts.physiology.studies
    found = {}
    for name in MOTOR:
        own = motor.is_nerve(name) & (motor.side == side)
        reached = has_any(pairs.line, ends_at(pairs, *_PROXIMAL[name]), len(motor)) | motor.absent
        found[f"{name} motor"] = has_any(motor.study, own & reached, n)
        found[f"{name} F wave"] = has_any(motor.study, own & (motor.f_tested | motor.absent), n)
    return found


def _proximal(facts: Facts, n: int) -> dict[str, Mask]:
    motor, pairs = facts.motor, facts.physiology.pairs
    found = {}
    for name in ("median", "ulnar"):
        for title, site in (("axilla", "axilla"), ("Erb's point", "erb")):
            own = motor.is_nerve(name)[pairs.line] & ends_at(pairs, site)
            found[f"{name} at {title}"] = has_any(motor.study[pairs.line], own, n)
    return found


def _sensory(facts: Facts, n: int) -> dict[str, Mask]:
    nerves = facts.sensory.nerves
    return {f"{name} sensory": has_any(nerves.study, nerves.is_nerve(name), n) for name in SENSORY_NERVES}
