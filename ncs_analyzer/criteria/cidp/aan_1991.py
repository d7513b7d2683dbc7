"""CIDP: AAN ad hoc subcommittee, research criteria. Neurology 1991;41:617-618."""

from typing import Any

import numpy as np

from ncs_analyzer.criteria.conditions import AAN_DROP, DCMAP, DML, F_ABSENT, F_LATENCY, MCV, Condition, if_
from ncs_analyzer.criteria.counting import Rule, how_many, in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Facts, Item
from ncs_analyzer.decimals import above, at_least

SLOW = if_(DCMAP >= 80, MCV < 80, MCV < 70)
DISTAL = if_(DCMAP >= 80, DML > 125, DML > 150)
LATE_F = if_(DCMAP >= 80, F_LATENCY > 120, F_LATENCY > 150)
DROP_PERCENT = 20.0
DISPERSED_PERCENT = 15.0
"""A drop with a longer duration increase is dispersion, otherwise partial block."""


def not_long_segment(condition: Condition) -> Condition:
    """Only the median, ulnar and fibular nerves have a segment that counts."""
    return condition.not_in("radial", "tibial")


ITEMS = (
    Item("1", "motor conduction velocity", SLOW),
    Item("2", "partial conduction block or temporal dispersion", not_long_segment(AAN_DROP > DROP_PERCENT)),
    Item("3", "distal motor latency", DISTAL, wrist="left out"),
    Item("4", "F waves", F_ABSENT | LATE_F),
)


def of_four(e: Evaluation) -> list[Rule]:
    """1, 3 and 4 in two nerves, 2 in one."""
    return [in_nerves(e.count, e[key], n) for key, n in (("1", 2), ("2", 1), ("3", 2), ("4", 2))]


def decide(e: Evaluation) -> Decision:
    """Three of four."""
    rules = of_four(e)
    return Decision(
        [("fulfilled", how_many(rules) >= 3)], "not_fulfilled", {"fulfilled": rules}, kinds_of_drop(e.facts)
    )


def kinds_of_drop(facts: Facts) -> dict[str, Any]:
    """Whether the drop is partial block (duration increase below 15 %) or dispersion, by study."""
    pairs = facts.physiology.pairs
    dropped = pairs.aan_counted & above(pairs.drop, DROP_PERCENT)
    dispersed = dropped & at_least(100 * (pairs.dur_ratio - 1), DISPERSED_PERCENT)
    blocked = dropped & ~dispersed & (pairs.lost | np.isfinite(pairs.dur_ratio))
    study = facts.motor.study[pairs.line]
    found = {}
    for name, mask in (("partial_block", blocked), ("dispersion", dispersed)):
        found[name] = np.bincount(study[mask], minlength=facts.physiology.studies) > 0
    return found


SET = CriteriaSet(
    id="cidp_aan_1991",
    title="AAN 1991",
    year=1991,
    disease="CIDP",
    purpose="Research criteria of the American Academy of Neurology: strict, for trials.",
    citation="Ad Hoc Subcommittee of the American Academy of Neurology AIDS Task Force. Neurology 1991;41:617-618. "
    "PMID 2027473",
    doi="",
    status="reprint",
    verdicts=("fulfilled", "not_fulfilled"),
    items=ITEMS,
    counting="fulfilled with three of four: 1 in two nerves, 2 in one nerve (only median wrist-elbow, ulnar wrist-below "
    "elbow, fibular ankle-below fibular head), 3 in two nerves, 4 in two nerves.",
    decide=decide,
    excluded="median distal latency in carpal tunnel syndrome; pairs across common entrapment sites; all but three segments for "
    "block and dispersion",
    decisions=(
        "A duration increase of exactly 15 % is not printed; it counts as dispersion. Either meets item 2.",
        "A drop above 20 % meets item 2 with the duration missing or the proximal response absent too.",
        "Equality at 80 % of the amplitude limit belongs to the branch of the larger amplitude.",
    ),
    performance=(
        "151 patients with CIDP and 162 with axonal neuropathy: sensitivity 45.7 %, specificity 100 % (J Neurol Neurosurg "
        "Psychiatry 2009;80:1364).",
    ),
)
