"""Demyelinating, axonal, mixed, normal, focal or equivocal: the class of every nerve and the pattern of the study.

`pattern/1` is this program's own composition: the amplitude rule of AAN 1991 (Neurology 1991;41:617), block and
dispersion of EFNS/PNS 2010 and EAN/PNS 2021. It is no published set, and says so.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask
from ncs_analyzer.criteria.blocks.cb_efns_pns_2010_cidp import BLOCK
from ncs_analyzer.criteria.cidp.aan_1991 import DISTAL, LATE_F, SLOW
from ncs_analyzer.criteria.cidp.ean_pns_2021 import ITEMS as EAN_ITEMS
from ncs_analyzer.criteria.conditions import DCMAP_OR_ABSENT, DML, F_ABSENT, F_LATENCY, MCV
from ncs_analyzer.criteria.conduction_block import by_line
from ncs_analyzer.criteria.sets import Facts, Item, test_item
from ncs_analyzer.decimals import above
from ncs_analyzer.grouping import find, has_any, least
from ncs_analyzer.interpretation.entrapment import Entrapment, find_entrapment, focally_slow
from ncs_analyzer.interpretation.median_wrist import MedianWrist, find_median_wrist
from ncs_analyzer.responses import Responses
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES

NAME: Final = "pattern/1"

MOTOR_CLASSES: Final = ("normal", "demyelinating", "axonal", "slowed", "not_classifiable")
SENSORY_CLASSES: Final = ("normal", "reduced", "slowed", "not_classifiable")
CATEGORIES: Final = ("normal", "demyelinating", "mixed", "axonal", "focal", "equivocal", "insufficient_data")
DISTRIBUTIONS: Final = ("none", "focal", "asymmetric", "length_dependent", "upper_limb", "lower_limb", "generalised")
SENSORY_MOTOR: Final = ("none", "motor", "sensory", "sensorimotor")

ASYMMETRY_PERCENT: Final = 50.0
"""A homologous pair whose amplitudes differ by more than this is asymmetric."""

DISPERSION_RATIO: Final = 1.30
"""Proximal over distal duration across an entrapment site."""

_TRUNK: Final = {
    "superficial_fibular": "fibular",
    "superficial_radial": "radial",
    "dorsal_ulnar_cutaneous": "ulnar",
}
"""The nerve trunk a sensory branch belongs to: all abnormality in one trunk is focal."""

FINDINGS: Final = {
    "velocity": Item("velocity", "velocity in the demyelinating range", SLOW),
    "distal latency": Item("distal latency", "distal latency in the demyelinating range", DISTAL, wrist="left out"),
    "F latency": Item("F latency", "F latency in the demyelinating range", LATE_F),
    "dispersion": Item("dispersion", "temporal dispersion", EAN_ITEMS[5].condition),
    "duration": Item("duration", "prolonged distal CMAP duration", EAN_ITEMS[6].condition),
}
"""Primary demyelinating findings, block aside."""


@dataclass(frozen=True)
class Pattern:
    """Classes of all nerves and the pattern of every study, as codes into the tuples above.

    `motor_class`: per motor nerve; `sensory_class`: per sensory nerve; `findings`: per motor nerve, by name; the rest
    per study.
    """

    facts: Facts
    entrapment: Entrapment
    median_wrist: MedianWrist

    @cached_property
    def wrists(self) -> Mask:
        """Hands [side, study] with a median neuropathy at the wrist: as the criteria leave it out, or by a comparison
        test."""
        found: Mask = self.facts.sensory.left_out_hands["met"] | self.median_wrist.by_comparison
        return found

    @cached_property
    def wrist(self) -> Mask:
        """Motor lines of the median nerves of those hands."""
        motor = self.facts.motor
        found: Mask = self.wrists[motor.side, motor.study] & motor.is_nerve("median")
        return found

    @cached_property
    def sensory_wrist(self) -> Mask:
        """Sensory lines of the median nerves of those hands."""
        nerves = self.facts.sensory.nerves
        found: Mask = self.wrists[nerves.side, nerves.study] & nerves.is_nerve("median")
        return found

    # ------------------------------------------------------------ nerves

    @cached_property
    def findings(self) -> dict[str, Mask]:
        """The primary demyelinating findings of every motor nerve."""
        found = {name: test_item(item, self.facts).met for name, item in FINDINGS.items()}
        found["block"] = by_line(self.facts.physiology, self.facts.blocks[BLOCK.id].probable).met
        return found

    @cached_property
    def motor_class(self) -> Codes:
        """What each motor nerve shows by its own values; findings at compression sites are left out."""
        facts, motor = self.facts, self.facts.motor
        late = facts.test(DML > 100).met & ~self.wrist
        slow = late | (facts.test(MCV < 100) | facts.test(F_LATENCY > 100) | facts.test(F_ABSENT)).met
        code = np.full(len(motor), MOTOR_CLASSES.index("normal"), np.int8)
        code[slow] = MOTOR_CLASSES.index("slowed")
        code[np.isnan(motor.dcmap_pct) & ~motor.absent] = MOTOR_CLASSES.index("not_classifiable")
        code[facts.test(DCMAP_OR_ABSENT < 100).met] = MOTOR_CLASSES.index("axonal")
        code[np.logical_or.reduce(list(self.findings.values()))] = MOTOR_CLASSES.index("demyelinating")
        return code

    @cached_property
    def sensory_class(self) -> Codes:
        """What each sensory nerve shows."""
        sensory = self.facts.sensory
        code = np.full(len(sensory.nerves), SENSORY_CLASSES.index("normal"), np.int8)
        code[(sensory.prolonged | sensory.slow).met] = SENSORY_CLASSES.index("slowed")
        code[~sensory.snap_evaluable] = SENSORY_CLASSES.index("not_classifiable")
        code[sensory.snap_reduced.met] = SENSORY_CLASSES.index("reduced")
        return code

    @cached_property
    def motor_abnormal(self) -> Mask:
        """Motor nerves with an abnormality that no entrapment explains."""
        abnormal = np.isin(self.motor_class, [MOTOR_CLASSES.index(c) for c in ("demyelinating", "axonal", "slowed")])
        return abnormal & ~self.explained

    @cached_property
    def at_compression_site(self) -> Mask:
        """Motor nerves with a finding at a common entrapment site: median neuropathy at the wrist, or a pair of sites
        across one that is blocked, dispersed, or slower than its limit and than the nerve below it."""
        return self._entrapped(self.facts.physiology.pairs.compression)

    def _entrapped(self, pairs_meant: Mask) -> Mask:
        facts, pairs = self.facts, self.facts.physiology.pairs
        blocked = facts.blocks[BLOCK.id].probable.met
        abnormal = focally_slow(pairs) | blocked | above(pairs.dur_ratio, DISPERSION_RATIO)
        at_wrist = facts.sensory.of_hand(self.sensory_class_abnormal & self.sensory_wrist)
        found = self.wrist & (above(facts.motor.dml_pct, 100.0) | at_wrist)
        return found | has_any(pairs.line, pairs_meant & abnormal, len(facts.motor))

    @cached_property
    def left_out_site(self) -> Mask:
        """The same, but for pairs that were asked to count (`--compression-sites include`): they explain nothing away."""
        pairs = self.facts.physiology.pairs
        return self._entrapped(pairs.compression & ~pairs.counted)

    @cached_property
    def explained(self) -> Mask:
        """Motor nerves whose abnormality, short of demyelination elsewhere, goes with their entrapment."""
        return self.left_out_site & (self.motor_class != MOTOR_CLASSES.index("demyelinating"))

    @cached_property
    def sensory_explained(self) -> Mask:
        """Sensory nerves of an entrapped trunk: the median of a compressed wrist, the ulnar beyond a compressed elbow."""
        facts, nerves = self.facts, self.facts.sensory.nerves
        motor, trunk = facts.motor, _trunks(nerves.nerve)
        at = find(_key(motor.study, motor.nerve, motor.side), _key(nerves.study, trunk, nerves.side))
        return self.sensory_wrist | ((at >= 0) & self.left_out_site[np.maximum(at, 0)] if len(motor) else False)

    @cached_property
    def sensory_class_abnormal(self) -> Mask:
        """Sensory nerves that are reduced or slowed, whatever explains it."""
        return np.isin(self.sensory_class, [SENSORY_CLASSES.index(c) for c in ("reduced", "slowed")])

    @cached_property
    def sensory_abnormal(self) -> Mask:
        """Sensory nerves with an abnormality that no entrapment explains."""
        return self.sensory_class_abnormal & ~self.sensory_explained

    # ------------------------------------------------------------ studies

    @cached_property
    def counts(self) -> dict[str, Keys]:
        """By study: demyelinating and axonal motor nerves, abnormal trunks, and the like."""
        facts, nerves = self.facts, self.facts.sensory.nerves
        count, n = facts.count.total, facts.physiology.studies
        open_ = ~self.explained
        reduced = self.sensory_abnormal & (self.sensory_class == SENSORY_CLASSES.index("reduced"))
        axonal = open_ & (self.motor_class == MOTOR_CLASSES.index("axonal"))
        motor_lost = (facts.motor.study, facts.motor.nerve, facts.motor.side, axonal)
        entrapped_sensory = self.sensory_class_abnormal & self.sensory_explained
        trunk = _trunks(nerves.nerve)
        sensory_lost = (nerves.study, trunk, nerves.side, reduced)
        return {
            "demyelinating": count(open_ & (self.motor_class == MOTOR_CLASSES.index("demyelinating"))),
            "axonal": count(axonal),
            "lost": _distinct(n, motor_lost, sensory_lost),
            "abnormal": _distinct(
                n,
                (facts.motor.study, facts.motor.nerve, facts.motor.side, self.motor_abnormal),
                (nerves.study, trunk, nerves.side, self.sensory_abnormal),
            ),
            "entrapped": count(self.left_out_site) + facts.sensory.count.total(entrapped_sensory),
            "judged": count(self.with_limit),
        }  # fmt: skip

    @property
    def with_limit(self) -> Mask:
        """Motor nerves of which anything can be compared with a limit; an absent response needs none."""
        m = self.facts.motor
        columns = (m.dcmap_pct, m.dml_pct, m.mcv_pct, m.f_pct, m.duration_pct)
        return np.logical_or.reduce([m.absent, *(np.isfinite(column) for column in columns)])

    @cached_property
    def category(self) -> Codes:
        """The pattern of every study."""
        c = self.counts
        dem, axonal = c["demyelinating"], c["axonal"]
        code = np.full(len(dem), CATEGORIES.index("equivocal"), np.int8)
        for name, holds in (
            ("focal", (c["abnormal"] == 1) | ((c["abnormal"] == 0) & (c["entrapped"] > 0))),
            ("axonal", (dem == 0) & (c["lost"] >= 2)),
            ("mixed", ((dem >= 2) & (dem < axonal)) | ((dem == 1) & (axonal >= 2))),
            ("demyelinating", (dem >= 2) & (dem >= axonal)),
            ("normal", (c["abnormal"] == 0) & (c["entrapped"] == 0)),
            ("insufficient_data", (self.facts.tested < 2) | (c["judged"] == 0)),
        ):
            code[holds] = CATEGORIES.index(name)
        return code

    @cached_property
    def sensory_motor(self) -> Codes:
        """Whether motor, sensory or both kinds of nerves are abnormal."""
        motor = self.facts.count.total(self.motor_abnormal) > 0
        sensory = self.facts.sensory.count.total(self.sensory_abnormal) > 0
        return (motor + 2 * sensory).astype(np.int8)

    @cached_property
    def distribution(self) -> Codes:
        """Where the abnormality lies."""
        facts, nerves = self.facts, self.facts.sensory.nerves
        n = facts.physiology.studies
        limb = np.concatenate([facts.motor.limb, nerves.limb])
        study = np.concatenate([facts.motor.study, nerves.study])
        abnormal = np.concatenate([self.motor_abnormal, self.sensory_abnormal])
        legs, arms = (np.bincount(study[abnormal & part], minlength=n) > 0 for part in (limb >= 2, limb < 2))
        arms_tested = np.bincount(study[limb < 2], minlength=n) > 0
        worst_leg, worst_arm = (least(study[part], self.amplitude_pct[part], n) for part in (limb >= 2, limb < 2))
        milder = ~arms | (worst_arm > worst_leg)
        code = np.full(n, DISTRIBUTIONS.index("generalised"), np.int8)
        for name, holds in (
            ("lower_limb", legs & ~arms),
            ("upper_limb", arms & ~legs),
            ("length_dependent", legs & milder & arms_tested),
            ("asymmetric", self.asymmetric & (legs | arms)),
            ("focal", self.category == CATEGORIES.index("focal")),
            ("none", ~legs & ~arms & (self.category != CATEGORIES.index("focal"))),
        ):
            code[holds] = DISTRIBUTIONS.index(name)
        return code

    @cached_property
    def amplitude_pct(self) -> Floats:
        """Amplitudes of motor, then sensory nerves in percent of their limits; absent is 0."""
        facts = self.facts
        motor = np.where(facts.motor.absent, 0.0, facts.motor.dcmap_pct)
        return np.concatenate([motor, facts.sensory.lowest_pct])

    @cached_property
    def asymmetric(self) -> Mask:
        """Studies in which a nerve differs between the sides: by class, or by more than 50 % of amplitude."""
        facts, nerves, snaps = self.facts, self.facts.sensory.nerves, self.facts.physiology.snaps
        motor = facts.motor
        raw = np.where(motor.absent, 0.0, motor.dcmap)
        uv = least(snaps.line, np.where(snaps.absent, 0.0, snaps.snap), len(nerves))
        found = np.zeros(facts.physiology.studies, bool)
        for study, nerve, side, amplitude, kind, explained in (
            (motor.study, motor.nerve, motor.side, raw, self.motor_class, self.explained),
            (nerves.study, nerves.nerve, nerves.side, uv, self.sensory_class, self.sensory_explained),
        ):
            left = np.flatnonzero((side == 0) & ~explained)
            right = np.flatnonzero((side == 1) & ~explained)
            at = find(
                _key(study[right], nerve[right], np.zeros_like(right)),
                _key(study[left], nerve[left], np.zeros_like(left)),
            )
            left, right = left[at >= 0], right[at[at >= 0]] if len(right) else right
            larger = np.maximum(amplitude[left], amplitude[right])
            with np.errstate(divide="ignore", invalid="ignore"):
                difference = 100 * (1 - np.minimum(amplitude[left], amplitude[right]) / larger)
            unknown = (
                MOTOR_CLASSES.index("not_classifiable")
                if kind is self.motor_class
                else SENSORY_CLASSES.index("not_classifiable")
            )
            classed = (kind[left] != unknown) & (kind[right] != unknown) & (kind[left] != kind[right])
            found[study[left[above(difference, ASYMMETRY_PERCENT) | classed]]] = True
        return found


def find_pattern(facts: Facts, responses: Responses) -> Pattern:
    """The pattern of every study."""
    return Pattern(facts, find_entrapment(facts), find_median_wrist(facts, responses))


_TRUNK_CODE: Final = np.array(
    [
        MOTOR_NERVES.index(t) if (t := _TRUNK.get(name, name)) in MOTOR_NERVES else 100 + i
        for i, name in enumerate(NERVES)
    ]
)


def _trunks(nerve: Codes) -> Keys:
    found: Keys = _TRUNK_CODE[nerve]
    return found


def _key(study: Codes, nerve: Codes, side: Codes) -> Keys:
    return (study.astype(np.int64) * 1000 + nerve) * 2 + side


def _distinct(n: int, *groups: tuple[Codes, Codes, Codes, Mask]) -> Keys:
    """By study, how many different nerves (name and side) the groups mark."""
    keys = np.unique(np.concatenate([_key(s[m], t[m], d[m]) for s, t, d, m in groups]))
    return np.bincount(keys // 2000, minlength=n)
