"""GBS: Hadden RDM et al., Ann Neurol 1998;44:780-788."""

from ncs_analyzer.criteria.conditions import AMP_RATIO, DCMAP, DML, F_LATENCY, MCV, PROXIMAL_CMAP, if_
from ncs_analyzer.criteria.counting import in_nerves
from ncs_analyzer.criteria.gbs.common import (
    ALWAYS_SAID,
    CATEGORIES,
    LOW,
    ORDER_WORDS,
    alone_excitable,
    aman_or_amsan,
    features,
    inexcitable,
    none_but_one_excused,
    normal,
)
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("MCV", "motor conduction velocity", if_(DCMAP >= 50, MCV < 90, MCV < 85)),
    Item("DML", "distal motor latency", if_(DCMAP >= 100, DML > 110, DML > 120), wrist="left out if asked"),
    Item("block", "conduction block", (AMP_RATIO < 0.50) & (DCMAP >= 20)),
    Item("F", "F wave latency", F_LATENCY > 120),
    Item("low", "small distal CMAP", LOW),
)
FEATURES = ("MCV", "DML", "block", "F")


def decide(e: Evaluation) -> Decision:
    """Inexcitable, normal, demyelinating, axonal, equivocal."""
    gone = inexcitable(e)
    carried = features(e, FEATURES)
    two_nerves, low = in_nerves(e.count, carried >= 1, 2), in_nerves(e.count, e["low"], 2)
    return Decision(
        [
            ("inexcitable", gone.truth),
            ("normal", normal(e.facts, PROXIMAL_CMAP < 100, AMP_RATIO <= 0.50)),
            ("demyelinating", two_nerves.truth | alone_excitable(e, carried >= 2)),
            ("axonal", none_but_one_excused(e, FEATURES) & low.truth),
        ],
        "equivocal",
        {"inexcitable": [gone], "demyelinating": [two_nerves], "axonal": [low]},
        aman_or_amsan(e.facts),
    )


SET = CriteriaSet(
    id="gbs_hadden_1998",
    title="Hadden 1998",
    year=1998,
    disease="GBS",
    purpose="The classification of the plasma exchange and immunoglobulin trial, the most used one.",
    citation="Hadden RDM, Cornblath DR, Hughes RAC, et al. Ann Neurol 1998;44:780-788",
    doi="10.1002/ana.410440512",
    status="secondary",
    verdicts=CATEGORIES,
    fulfilled_by=CATEGORIES[:3],
    items=ITEMS,
    counting=ORDER_WORDS
    + "inexcitable: distal CMAP absent in all nerves, or present in only one and below 10 % LLN. normal: every nerve within "
    "its limits, proximal CMAP included (Erb's point aside), ratio above 0.5. demyelinating: any of MCV, DML, block, F in "
    "two nerves; or two of them in one nerve with dCMAP of at least 10 % LLN while all others are inexcitable. axonal: "
    "none of them in any nerve (one allowed in one nerve with dCMAP below 10 % LLN), and low in two nerves.",
    decide=decide,
    least_nerves=2,
    excluded="pairs across common entrapment sites",
    always_said=ALWAYS_SAID,
    decisions=(
        "Equality at 50 % and 100 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "The tibial nerve counts for block.",
        "A ratio of exactly 0.50 is neither block nor normal; an absent F wave is no feature, but not normal either.",
        "The median distal latency counts in carpal tunnel syndrome, unless --compression-sites exclude was given.",
    ),
    performance=(
        "369 patients within 15 days: demyelinating 69 %, axonal 3 %, inexcitable 3 %, normal 2 %, equivocal 23 % (the paper).",
        "IGOS, 469 patients studied serially, first study: demyelinating 52.9 %, axonal 7.7 %, equivocal 29.6 % (Muscle "
        "Nerve 2026;73:832).",
    ),
)
