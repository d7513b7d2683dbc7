"""GBS: Ho TW et al., Brain 1995;118:597-605."""

from ncs_analyzer.criteria.conditions import DCMAP, DML, DUR_RATIO, F_LATENCY, MCV, if_
from ncs_analyzer.criteria.counting import in_nerves
from ncs_analyzer.criteria.gbs.common import (
    ALWAYS_SAID,
    CATEGORIES,
    LOW,
    ORDER_WORDS,
    aman_or_amsan,
    inexcitable,
    normal,
)
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("MCV", "motor conduction velocity", if_(DCMAP >= 50, MCV < 90, MCV < 85)),
    Item("DML", "distal motor latency", if_(DCMAP >= 100, DML > 110, DML > 120), wrist="left out if asked"),
    Item("dispersion", "temporal dispersion", DUR_RATIO > 1.30),
    Item("F", "F wave latency", F_LATENCY > 120),
    Item("low", "small distal CMAP", LOW),
)


def decide(e: Evaluation) -> Decision:
    """Inexcitable, normal, demyelinating, axonal, equivocal."""
    gone = inexcitable(e)
    feature = e["MCV"] | e["DML"] | e["dispersion"] | e["F"]
    two, low = in_nerves(e.count, feature, 2), in_nerves(e.count, e["low"], 1)
    return Decision(
        [
            ("inexcitable", gone.truth),
            ("normal", normal(e.facts)),
            ("demyelinating", two.truth),
            ("axonal", ~(e.count(feature) >= 1) & low.truth),
        ],
        "equivocal",
        {"inexcitable": [gone], "demyelinating": [two], "axonal": [low]},
        aman_or_amsan(e.facts),
    )


SET = CriteriaSet(
    id="gbs_ho_1995",
    title="Ho 1995",
    year=1995,
    disease="GBS",
    purpose="The classification from northern China that set AIDP apart from AMAN.",
    citation="Ho TW, Mishu B, Li CY, et al. Brain 1995;118:597-605",
    doi="10.1093/brain/118.3.597",
    status="unconfirmed",
    verdicts=CATEGORIES,
    fulfilled_by=CATEGORIES[:3],
    items=ITEMS,
    counting=ORDER_WORDS
    + "inexcitable as Hadden 1998, normal as Rajabally 2015 without the ratio. demyelinating: any of MCV, DML, dispersion, F "
    "in two nerves. axonal: none of them in any nerve, and low in one.",
    decide=decide,
    least_nerves=2,
    excluded="pairs across common entrapment sites",
    always_said=ALWAYS_SAID,
    decisions=(
        "The AIDP part was read in a reprint, the AMAN part is unconfirmed. Conduction block is no criterion.",
        "Equality at 50 % and 100 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "The median distal latency counts in carpal tunnel syndrome, unless --compression-sites exclude was given.",
    ),
)
