"""Sensory conduction as the criteria ask it: abnormal, normal, left out for carpal tunnel, sural sparing."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ncs_analyzer.arrays import Floats, Mask
from ncs_analyzer.criteria.counting import Tally
from ncs_analyzer.criteria.truth import Truth, switch
from ncs_analyzer.grouping import find, has_any, least
from ncs_analyzer.physiology import Physiology
from ncs_analyzer.physiology.carpal_tunnel import left_out
from ncs_analyzer.physiology.motor import NERVE_CODE, nerve_key
from ncs_analyzer.physiology.sensory import SensoryNerves


@dataclass(frozen=True)
class SensoryFindings:
    """Conditions on sensory nerves (lines of `Physiology.sensory`). A nerve has a finding if any of its responses has."""

    physiology: Physiology

    @property
    def nerves(self) -> SensoryNerves:
        return self.physiology.sensory

    def any_response(self, truth: Truth) -> Truth:
        """Per nerve: any of its responses."""
        line, n = self.physiology.snaps.line, len(self.nerves)
        return Truth(*(has_any(line, mask, n) for mask in (truth.met, truth.must, truth.may)))

    @cached_property
    def snap_reduced(self) -> Truth:
        """SNAP below LLN or absent."""
        snaps = self.physiology.snaps
        low = Truth.compare(snaps.snap_pct, "<", 100.0)
        return self.any_response(low.only(~snaps.absent) | Truth.known(snaps.absent)).settle()

    @cached_property
    def lowest_pct(self) -> Floats:
        """The lowest SNAP of each nerve in percent of its limit; absent is 0."""
        snaps = self.physiology.snaps
        return least(snaps.line, np.where(snaps.absent, 0.0, snaps.snap_pct), len(self.nerves))

    @cached_property
    def prolonged(self) -> Truth:
        """Latency beyond its limit: onset or peak, whichever has a value and a limit."""
        snaps = self.physiology.snaps
        onset, peak = Truth.compare(snaps.onset_pct, ">", 100.0), Truth.compare(snaps.peak_pct, ">", 100.0)
        late = onset.must | peak.must
        missing = np.isnan(snaps.onset_pct) & np.isnan(snaps.peak_pct)
        return self.any_response(Truth.known(late).or_open(missing).only(~snaps.absent)).settle()

    @cached_property
    def slow(self) -> Truth:
        """Velocity below LLN."""
        snaps = self.physiology.snaps
        return self.any_response(Truth.compare(snaps.velocity_pct, "<", 100.0).only(~snaps.absent)).settle()

    @cached_property
    def abnormal(self) -> Truth:
        """Prolonged distal latency, or SNAP below LLN or absent, or velocity below LLN."""
        return self.snap_reduced | self.prolonged | self.slow

    @cached_property
    def snap_evaluable(self) -> Mask:
        """SNAP absent, or present with a limit."""
        snaps = self.physiology.snaps
        return self.any_response(Truth.known(snaps.absent | ~np.isnan(snaps.snap_pct))).met

    @cached_property
    def normal(self) -> Truth:
        """SNAP evaluable and nothing that was tested abnormal."""
        known = Truth(self.snap_evaluable, self.snap_evaluable, np.ones(len(self.nerves), bool))
        return known & ~self.abnormal

    @cached_property
    def very_slow(self) -> Truth:
        """Velocity below 80 % of LLN (SNAP at least 80 % of LLN) or below 70 % (SNAP smaller)."""
        snaps = self.physiology.snaps
        truth = switch(
            Truth.compare(snaps.snap_pct, ">=", 80.0),
            Truth.compare(snaps.velocity_pct, "<", 80.0),
            Truth.compare(snaps.velocity_pct, "<", 70.0),
        )
        return self.any_response(truth.only(~snaps.absent)).settle()

    # ------------------------------------------------------------ carpal tunnel

    @cached_property
    def left_out_hands(self) -> dict[str, Mask]:
        """For each study and side, whether the median nerve counts as compressed at the wrist."""
        physiology = self.physiology
        motor = physiology.motor
        told = physiology.told_cts
        found = left_out(motor, told[motor.side, motor.study])
        hands = dict.fromkeys(("met", "must", "may"), told == 1)
        for name, mask in found.items():
            hands[name] = hands[name].copy()
            hands[name][motor.side[mask], motor.study[mask]] = True
        return hands

    @cached_property
    def left_out(self) -> Truth:
        """Median nerves of hands with carpal tunnel syndrome."""
        nerves, hands = self.nerves, self.left_out_hands
        median = nerves.is_nerve("median")
        return Truth(*(hands[name][nerves.side, nerves.study] & median for name in ("met", "must", "may")))

    def counting(self, truth: Truth) -> Truth:
        """Of the four sensory nerves that count, without the median nerve of a hand with carpal tunnel syndrome."""
        return (truth & ~self.left_out).only(self.nerves.counted)

    # ------------------------------------------------------------ patterns

    @cached_property
    def count(self) -> Tally:
        """Counts of sensory nerves by study."""
        return Tally(self.nerves.study, self.physiology.studies)

    def sural_spared(self, *nerves: str) -> Truth:
        """Abnormal SNAP amplitude of one of the nerves (CTS excluded), at least one sural tested, every tested sural
        normal; per study."""
        arm = self.counting(self.snap_reduced).only(self.nerves.is_nerve(*nerves))
        sural = self.nerves.is_nerve("sural")
        tested = self.count.total(sural)
        all_normal = self.count(self.normal.only(sural)) >= np.maximum(tested, 1)
        return (self.count(arm) >= 1) & all_normal

    def of_hand(self, mask: Mask) -> Mask:
        """Per motor nerve: the median sensory nerve of the same hand is marked."""
        motor, nerves = self.physiology.motor, self.nerves
        hands = np.zeros((2, self.physiology.studies), bool)
        marked = mask & nerves.is_nerve("median")
        hands[nerves.side[marked], nerves.study[marked]] = True
        found: Mask = hands[motor.side, motor.study] & motor.is_nerve("median")
        return found

    @cached_property
    def abnormal_beside_motor(self) -> Truth:
        """Per motor nerve: the sensory study of the same nerve and side is abnormal; not evaluable where untested."""
        return self.of_motor_nerve(self.abnormal, untested=True)

    def of_motor_nerve(self, truth: Truth, untested: bool) -> Truth:
        """A condition on the sensory study of the same nerve and side, per motor nerve. Where there is none (or the
        median nerve is left out for carpal tunnel): not met, and not evaluable if `untested`."""
        motor, nerves = self.physiology.motor, self.nerves
        sensory_code = np.full(len(nerves), -1, np.int32)
        for name in ("median", "ulnar", "radial"):
            sensory_code[nerves.is_nerve(name)] = NERVE_CODE[name]
        has = np.flatnonzero(sensory_code >= 0)
        key = nerve_key(nerves.study[has], sensory_code[has], nerves.side[has])
        order = np.argsort(key, kind="stable")
        at = find(key[order], motor.key)
        line = np.where(at >= 0, has[order][np.maximum(at, 0)] if len(has) else 0, -1)
        there = line >= 0
        picked = truth.take(np.maximum(line, 0)) if len(nerves) else Truth.known(np.zeros(len(motor), bool))
        out = self.left_out.take(np.maximum(line, 0)) if len(nerves) else picked
        picked, out = picked.only(there), out.only(there)
        found = picked & ~out
        return found.or_open(~there | out.may) if untested else found
