"""GBS: Rajabally YA et al., J Neurol Neurosurg Psychiatry 2015;86:115-119."""

from ncs_analyzer.criteria.conditions import AMP_RATIO, DCMAP, DML, F_ABSENT, F_LATENCY, MCV, if_
from ncs_analyzer.criteria.counting import fulfilled, in_nerves, with_other
from ncs_analyzer.criteria.gbs.common import (
    ALWAYS_SAID,
    CATEGORIES,
    LOW,
    ORDER_WORDS,
    aman_or_amsan,
    inexcitable,
    none_but_one_excused,
    normal,
)
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("MCV", "motor conduction velocity", MCV < 70),
    Item("DML", "distal motor latency", DML > 150, wrist="left out if asked"),
    Item("F", "F wave latency", if_(DCMAP >= 50, F_LATENCY > 120, F_LATENCY > 150)),
    Item("F absent", "absent F waves", F_ABSENT & (DCMAP >= 20)),
    Item("ratio", "proximal to distal amplitude", (AMP_RATIO < 0.70).not_in("tibial")),
    Item("low", "small distal CMAP", LOW),
)
SLOWING = ("MCV", "DML", "F")


def decide(e: Evaluation) -> Decision:
    """Inexcitable, normal, demyelinating, axonal, equivocal."""
    gone = inexcitable(e)
    count, slowing = e.count, e["MCV"] | e["DML"] | e["F"]
    absent, ratio, low = e["F absent"], e["ratio"], e["low"]
    parameter = slowing | absent | ratio
    demyelinating = [
        in_nerves(count, slowing, 2),
        with_other(count, absent, 2, parameter),
        with_other(count, ratio, 2, parameter),
    ]
    nothing_else = ~(count(slowing | ratio) >= 1)
    axonal = [in_nerves(count, low, 2), in_nerves(count, ratio, 2), with_other(count, absent | ratio, 1, low)]
    isolated = in_nerves(count, absent, 2)
    return Decision(
        [
            ("inexcitable", gone.truth),
            ("normal", normal(e.facts, (AMP_RATIO <= 0.70).not_in("tibial"))),
            ("demyelinating", fulfilled(demyelinating)),
            ("axonal", none_but_one_excused(e, SLOWING) & (fulfilled(axonal) | (isolated.truth & nothing_else))),
        ],
        "equivocal",
        {"inexcitable": [gone], "demyelinating": demyelinating, "axonal": [*axonal, isolated]},
        aman_or_amsan(e.facts),
    )


SET = CriteriaSet(
    id="gbs_rajabally_2015",
    title="Rajabally 2015",
    year=2015,
    disease="GBS",
    purpose="A classification with stricter cut-offs, in which block and absent F waves can be axonal.",
    citation="Rajabally YA, Durand MC, Mitchell J, Orlikowski D, Nicolas G. J Neurol Neurosurg Psychiatry 2015;86:115-119",
    doi="10.1136/jnnp-2014-307815",
    status="secondary",
    verdicts=CATEGORIES,
    fulfilled_by=CATEGORIES[:3],
    items=ITEMS,
    counting=ORDER_WORDS
    + "inexcitable: distal CMAP absent in all nerves, or present in only one and below 10 % LLN. normal: every nerve within "
    "its limits, ratio above 0.7 (tibial excluded). demyelinating: MCV, DML or F in two nerves; or F absent in two and any "
    "item but low in another; or ratio in two and any item but low in another. axonal: none of MCV, DML, F in any nerve "
    "(one allowed in one nerve with dCMAP below 10 % LLN), and low in two nerves; or F absent in two with no MCV, DML, F or "
    "ratio in any; or ratio in two; or F absent or ratio in one with low in another.",
    decide=decide,
    least_nerves=2,
    excluded="pairs across common entrapment sites; tibial ratio",
    always_said=ALWAYS_SAID,
    decisions=(
        "A ratio of exactly 0.70 is neither low nor normal.",
        "Equality at 50 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "The median distal latency counts in carpal tunnel syndrome, unless --compression-sites exclude was given.",
    ),
    performance=(
        "IGOS, 1137 first studies: identical with Hadden in 68.3 %; 155 go from demyelinating to axonal, 122 from "
        "demyelinating to equivocal, 75 from equivocal to axonal (Arends S, et al. Eur J Neurol 2024).",
        "IGOS, 469 patients studied serially, first study: demyelinating 27.3 %, axonal 29.4 %, equivocal 33.7 % (Muscle "
        "Nerve 2026;73:832).",
    ),
)
