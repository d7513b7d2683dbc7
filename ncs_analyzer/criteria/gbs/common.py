"""What the GBS sets share: inexcitable nerves, the normal study, the excused nerve, AMAN and AMSAN."""

from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Codes
from ncs_analyzer.criteria.conditions import (
    DCMAP,
    DCMAP_OR_ABSENT,
    DML,
    F_ABSENT,
    F_LATENCY,
    INEXCITABLE,
    MCV,
    Condition,
)
from ncs_analyzer.criteria.counting import Rule
from ncs_analyzer.criteria.sets import Evaluation, Facts, Item, test_item
from ncs_analyzer.criteria.truth import Count, Truth, count_true

ALWAYS_SAID: Final = (
    "Electrodiagnostic subtyping of GBS does not change treatment, and one study is not enough for it (EAN/PNS 2023).",
)
CATEGORIES: Final = ("demyelinating", "axonal", "inexcitable", "equivocal", "normal")
ORDER_WORDS: Final = "Asked in this order: inexcitable, normal, demyelinating, axonal, equivocal. "

LOW: Final = DCMAP_OR_ABSENT < 80
"""A distal CMAP below 80 % of LLN; an absent one is."""

LATE: Final = Item("late", "distal motor latency beyond its limit", DML > 100, wrist="left out if asked")
OUTSIDE_LIMITS: Final = F_ABSENT | (F_LATENCY > 100) | (MCV < 100) | (DCMAP_OR_ABSENT < 100)
"""With LATE, what takes the normal away from a nerve, block and proximal amplitude aside."""


def inexcitable(e: Evaluation, tiny: float = 10) -> Rule:
    """The distal CMAP is absent in all nerves, or present in only one, where it is below 10 % of LLN."""
    facts = e.facts
    absent, small = facts.test(INEXCITABLE), facts.test(tiny > DCMAP)
    gone = facts.count(absent)
    return Rule((gone >= facts.tested) | ((gone >= facts.tested - 1) & (facts.count(small) >= 1)), (e["low"],))


def normal(facts: Facts, *further: Condition) -> Truth:
    """No nerve with anything tested outside its limits (an untested measure counts as normal)."""
    outside = facts.test(OUTSIDE_LIMITS) | test_item(LATE, facts)
    for condition in further:
        outside = outside | facts.test(condition)
    return ~(facts.count(outside) >= 1)


def features(e: Evaluation, keys: tuple[str, ...]) -> Count:
    """How many of the items each nerve carries."""
    return count_true([e[key] for key in keys])


def none_but_one_excused(e: Evaluation, keys: tuple[str, ...], tiny: float = 10, how_many: int = 1) -> Truth:
    """No feature in any nerve, but that one nerve with a distal CMAP below `tiny` % of LLN may carry `how_many`."""
    carried = features(e, keys)
    some = carried >= 1
    excused = some & ~(carried >= how_many + 1) & e.facts.test(tiny > DCMAP)
    return ~(e.count(some & ~excused) >= 1) & ~(e.count(some) >= 2)


def alone_excitable(e: Evaluation, truth: Truth) -> Truth:
    """It holds in one nerve with a distal CMAP of at least 10 % of LLN, and all other nerves are inexcitable."""
    absent = e.count(e.facts.test(INEXCITABLE))
    return (e.count(truth & e.facts.test(DCMAP >= 10)) >= 1) & (absent >= e.facts.tested - 1)


def aman_or_amsan(facts: Facts) -> dict[str, Any]:
    """For an axonal verdict: AMSAN with a SNAP below 50 % of LLN or absent in two nerves, AMAN with normal SNAPs,
    otherwise undetermined; by study."""
    sensory, snaps = facts.sensory, facts.physiology.snaps
    asked = facts.options.compression_sites == "exclude"

    def nerves(truth: Truth) -> Codes:
        return sensory.count(sensory.counting(truth) if asked else truth.only(sensory.nerves.counted)).met

    half = sensory.any_response(Truth.known(snaps.absent | Truth.compare(snaps.snap_pct, "<", 50.0).must))
    reduced, judged = nerves(sensory.snap_reduced) >= 1, nerves(Truth.known(sensory.snap_evaluable)) >= 1
    return {"axonal_type": np.where(nerves(half) >= 2, "AMSAN", np.where(judged & ~reduced, "AMAN", "undetermined"))}
