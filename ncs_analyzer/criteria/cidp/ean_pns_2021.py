"""CIDP: EAN/PNS guideline, second revision. Van den Bergh PYK et al., Eur J Neurol 2021;28:3556-3583.

Motor items a-g, sensory criteria, and the two levels (CIDP, possible CIDP) of the six phenotypes.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Mask
from ncs_analyzer.criteria.cidp.lineage import LETTERS, STRONGEST_WORDS, strongest
from ncs_analyzer.criteria.conditions import (
    AMP_RATIO,
    DCMAP,
    DCMAP_MV,
    DCMAP_OR_ABSENT,
    DML,
    DUR_RATIO,
    F_ABSENT,
    F_LATENCY,
    MCV,
    by_nerve,
    filtered_duration_beyond,
    if_,
)
from ncs_analyzer.criteria.counting import Rule, contributing, fulfilled, in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Facts, Item
from ncs_analyzer.criteria.truth import Truth, any_of, none

DURATION_LIMITS: Final = {
    2.0: {"median": 8.4, "ulnar": 9.6, "fibular": 8.8, "tibial": 9.2},
    5.0: {"median": 8.0, "ulnar": 8.6, "fibular": 8.5, "tibial": 8.3},
    10.0: {"median": 7.8, "ulnar": 8.5, "fibular": 8.3, "tibial": 8.2},
    20.0: {"median": 7.4, "ulnar": 7.8, "fibular": 8.1, "tibial": 8.0},
}
"""ms, exceeded, by low-frequency filter in Hz; the row of 20 Hz is unconfirmed."""

ITEMS = (
    Item("a", "distal motor latency", DML >= 150, wrist="left out"),
    Item("b", "motor conduction velocity", MCV <= 70),
    Item("c", "F wave latency", if_(DCMAP >= 80, F_LATENCY >= 120, F_LATENCY >= 150)),
    Item("d", "absent F waves", F_ABSENT & (DCMAP >= 20)),
    Item("e", "motor conduction block", ((AMP_RATIO <= 0.70) & (DCMAP >= 20)).not_in("tibial")),
    Item("f", "temporal dispersion", by_nerve(DUR_RATIO > 1.30, tibial=DUR_RATIO >= 2.00)),
    Item("g", "distal CMAP duration", filtered_duration_beyond(">", DURATION_LIMITS)),
)

PARTNERS_OF_E: Final = "abcefg"
"""Absent F waves are no partner of a block in one nerve."""

SMALLEST_DISTAL_MV: Final = 1.0
"""Nerves with a smaller distal CMAP do not count for distal CIDP, and are read with caution elsewhere."""

LEVELS: Final = ("CIDP", "possible_CIDP", "not_fulfilled")
LIMBS: Final = range(4)


def motor_rules(e: Evaluation) -> list[Rule]:
    """Strongly supportive; with `--nerve-counting any`, any item in two nerves."""
    if e.facts.options.nerve_counting == "any":
        return [in_nerves(e.count, e.any_of(LETTERS), 2)]
    return strongest(e, PARTNERS_OF_E)


def decide(e: Evaluation) -> Decision:
    """Strongly or weakly supportive; sensory criteria; levels."""
    any_item = e.any_of(LETTERS)
    strong_rules, weak_rules = motor_rules(e), [in_nerves(e.count, any_item, 1)]
    strong, weak = fulfilled(strong_rules), weak_rules[0].truth
    sensory = e.facts.sensory
    abnormal = sensory.count(sensory.counting(sensory.abnormal))
    levels = _levels(e, strong_rules, strong, weak & ~strong)
    return Decision(
        [("strongly_supportive", strong), ("weakly_supportive", weak)],
        "not_fulfilled",
        {"strongly_supportive": strong_rules, "weakly_supportive": weak_rules},
        {
            "sensory": np.where(abnormal.met >= 2, "two_nerves", np.where(abnormal.met == 1, "one_nerve", "none")),
            "sensory_settled": abnormal.least.clip(max=2) == abnormal.most.clip(max=2),
            "sensory_cidp": _sensory_cidp(e.facts).met,
            "motor_predominant": ((sensory.count(sensory.counting(sensory.normal)) >= 4) & (abnormal >= 1)).met,
            "levels": {name: _level(*pair) for name, pair in levels.items()},
            "levels_settled": {name: _settled(*pair) for name, pair in levels.items()},
        },
    )


def _levels(e: Evaluation, rules: list[Rule], strong: Truth, weak: Truth) -> dict[str, tuple[Truth, Truth]]:
    """For every phenotype, whether CIDP and whether at least possible CIDP is reached."""
    motor, sensory = e.facts.motor, e.facts.sensory
    abnormal = sensory.counting(sensory.abnormal)
    two_sensory = sensory.count(abnormal) >= 2
    carrying = _either(strong, contributing(rules, motor.study), e.any_of(LETTERS), motor.study)
    in_limb = [e.count(carrying.only(motor.limb == limb)) >= 1 for limb in LIMBS]
    one_limb, several_limbs = _exactly_one(in_limb), _at_least_two(in_limb)
    limb_sensory = [sensory.count(abnormal.only(sensory.nerves.limb == limb)) for limb in LIMBS]
    in_that_limb = [any_of([in_limb[k] & (limb_sensory[k] >= n) for k in LIMBS]) for n in (1, 2)]
    normal_sensory = sensory.count(sensory.counting(sensory.normal)) >= 4
    met = strong | weak
    upper_strong, distal_possible = _distal(e)
    no_item = ~(e.count(e.any_of(LETTERS)) >= 1)
    normal_motor = e.count(_normal_motor(e.facts)) >= 4
    never = none(e.facts.physiology.studies)
    return {
        "typical": (strong & two_sensory, met & two_sensory),
        "distal": (upper_strong & two_sensory, (upper_strong | distal_possible) & two_sensory),
        "multifocal": (strong & several_limbs & two_sensory, met & two_sensory),
        "focal": (strong & one_limb & in_that_limb[1], met & one_limb & in_that_limb[0]),
        "motor": (strong & normal_sensory, met & normal_sensory),
        "sensory": (never, _sensory_cidp(e.facts) & normal_motor & no_item),
    }


def _distal(e: Evaluation) -> tuple[Truth, Truth]:
    """Strong from upper-limb nerves alone; and strong at all, or any item in an upper-limb nerve. Nerves with a distal
    CMAP below 1 mV do not count."""
    motor = e.facts.motor
    large = ~e.facts.test(DCMAP_MV < SMALLEST_DISTAL_MV)
    every = {item.key: e[item.key] & large for item in ITEMS}
    upper = {key: truth.only(~motor.lower_limb) for key, truth in every.items()}
    arms, all_limbs = Evaluation(e.facts, upper), Evaluation(e.facts, every)
    strong_arms, strong = fulfilled(motor_rules(arms)), fulfilled(motor_rules(all_limbs))
    return strong_arms, strong | (e.count(arms.any_of(LETTERS)) >= 1)


def _sensory_cidp(facts: Facts) -> Truth:
    """Velocity below 80 % of LLN (below 70 % where the SNAP is below 80 %) in two nerves, or sural sparing."""
    sensory = facts.sensory
    return (sensory.count(sensory.counting(sensory.very_slow)) >= 2) | sensory.sural_spared("median", "radial")


def _normal_motor(facts: Facts) -> Truth:
    """Motor nerves whose distal amplitude can be judged and in which nothing tested is abnormal."""
    motor = facts.motor
    beyond = (
        facts.test(DCMAP_OR_ABSENT < 100) | facts.test(MCV < 100) | facts.test(F_LATENCY > 100) | facts.test(F_ABSENT)
    )
    late = facts.test(DML > 100) & ~Truth(motor.cts, motor.cts_must, motor.cts_may)
    judged = motor.absent | ~np.isnan(motor.dcmap_pct)
    return Truth(judged, judged, np.ones(len(motor), bool)) & ~(beyond | late)


def _either(strong: Truth, when_strong: Truth, otherwise: Truth, study: Codes) -> Truth:
    """Nerves that contribute to the motor verdict: for the strong rules, or any item where only the weak one holds."""
    holds = Truth(strong.met[study], strong.must[study], strong.may[study])
    return (holds & when_strong) | (~holds & otherwise)


def _at_least_two(limbs: Sequence[Truth]) -> Truth:
    return any_of([limbs[i] & limbs[j] for i in LIMBS for j in LIMBS if i < j])


def _exactly_one(limbs: Sequence[Truth]) -> Truth:
    return any_of(limbs) & ~_at_least_two(limbs)


def _level(full: Truth, possible: Truth) -> NDArray[np.str_]:
    return np.where(full.met, LEVELS[0], np.where(possible.met, LEVELS[1], LEVELS[2]))


def _settled(full: Truth, possible: Truth) -> Mask:
    settled: Mask = full.must | (~full.open & ~possible.open) | ~(full.may | possible.may)
    return settled


SET = CriteriaSet(
    id="cidp_ean_pns_2021",
    title="EAN/PNS 2021",
    year=2021,
    disease="CIDP",
    purpose="Electrodiagnostic criteria of the current European and Peripheral Nerve Society guideline on CIDP.",
    citation="Van den Bergh PYK, van Doorn PA, Hadden RDM, et al. Eur J Neurol 2021;28:3556-3583; also "
    "J Peripher Nerv Syst 2021;26:242-268",
    doi="10.1111/ene.14959",
    status="secondary",
    verdicts=("strongly_supportive", "weakly_supportive", "not_fulfilled"),
    items=ITEMS,
    counting=f"strongly_supportive: {STRONGEST_WORDS.format(partners='any of a, b, c, e, f, g')}. weakly_supportive: any "
    "of a-g in at least one nerve. With --nerve-counting any: any item in two nerves is strongly supportive.",
    decide=decide,
    excluded="median distal latency in carpal tunnel syndrome; pairs across common entrapment sites; tibial block",
    always_said=(
        "Nerves with a distal CMAP below 1 mV are to be interpreted with caution.",
        "Electrodiagnosis alone is not a diagnosis: nodopathy, multifocal motor neuropathy, hereditary neuropathy, anti-MAG "
        "neuropathy and GBS can meet these criteria.",
    ),
    decisions=(
        "Two nerves with different items are strongly supportive only where the text says so (d, e, g); the other public "
        "reading is --nerve-counting any.",
        "Strong motor findings with only one abnormal sensory nerve are not typical CIDP here; sources differ.",
        "A low-frequency filter between the four of the table is read as the nearest on a log scale, and said.",
        "Equality at 80 % of the amplitude limit belongs to the branch of the larger amplitude.",
    ),
)
