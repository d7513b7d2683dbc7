"""GBS: Uncini A et al., Clin Neurophysiol 2017;128:1176-1183."""

from typing import Final

from ncs_analyzer.criteria.conditions import (
    AMP_RATIO,
    DCMAP,
    DML,
    DUR_RATIO,
    F_ABSENT,
    F_LATENCY,
    F_PERSISTENCE,
    MCV,
    duration_beyond,
)
from ncs_analyzer.criteria.counting import in_nerves, with_other
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

DURATION_LIMITS: Final = {"median": 9.5, "ulnar": 10.2, "fibular": 9.5, "tibial": 8.9}
"""ms, exceeded; 120 % of the limit of controls at a low-frequency filter of 2 Hz."""

DURATION_FILTER_HZ: Final = 2.0

ITEMS = (
    Item("MCV", "motor conduction velocity", MCV < 70),
    Item("DML", "distal motor latency", DML > 130, wrist="left out if asked"),
    Item("duration", "distal CMAP duration", duration_beyond(">", DURATION_LIMITS)),
    Item("dispersion", "temporal dispersion", DUR_RATIO > 1.30),
    Item("F", "F wave latency", F_LATENCY > 120),
    Item("F absent", "absent F waves", F_ABSENT),
    Item("F absent 20 %", "absent F waves, CMAP not too small", F_ABSENT & (DCMAP >= 20)),
    Item("F rare", "rare F waves", F_PERSISTENCE < 20),
    Item("ratio", "proximal to distal amplitude", (AMP_RATIO < 0.70).not_in("tibial")),
    Item("low", "small distal CMAP", LOW),
)
FEATURES = ("MCV", "DML", "duration", "dispersion", "F")


def decide(e: Evaluation) -> Decision:
    """Inexcitable, normal, demyelinating, axonal, equivocal."""
    gone = inexcitable(e)
    count = e.count
    feature = e["MCV"] | e["DML"] | e["duration"] | e["dispersion"] | e["F"]
    two, one = in_nerves(count, feature, 2), in_nerves(count, feature, 1)
    beside = with_other(count, e["F absent 20 %"], 2, feature)
    axonal = in_nerves(count, e["low"] | e["ratio"] | e["F absent"] | e["F rare"], 2)
    sural_spared = e.facts.sensory.sural_spared("ulnar")
    return Decision(
        [
            ("inexcitable", gone.truth),
            ("normal", normal(e.facts, (AMP_RATIO <= 0.70).not_in("tibial"))),
            ("demyelinating", two.truth | beside.truth | (one.truth & sural_spared)),
            ("axonal", none_but_one_excused(e, FEATURES, tiny=20, how_many=len(FEATURES)) & axonal.truth),
        ],
        "equivocal",
        {"inexcitable": [gone], "demyelinating": [two, beside, one], "axonal": [axonal]},
        aman_or_amsan(e.facts),
    )


SET = CriteriaSet(
    id="gbs_uncini_2017",
    title="Uncini 2017",
    year=2017,
    disease="GBS",
    purpose="A classification optimised for the first study, with distal CMAP duration and sural sparing.",
    citation="Uncini A, Ippoliti L, Shahrizaila N, Sekiguchi Y, Kuwabara S. Clin Neurophysiol 2017;128:1176-1183",
    doi="",
    status="unconfirmed",
    verdicts=CATEGORIES,
    fulfilled_by=CATEGORIES[:3],
    items=ITEMS,
    counting=ORDER_WORDS
    + "inexcitable and normal as Rajabally 2015. demyelinating: any of MCV, DML, duration, dispersion, F in two nerves; or "
    "in one nerve with F absent (dCMAP at least 20 % LLN) in two others, or with abnormal ulnar SNAP and normal sural SNAP. "
    "axonal: none of them in any nerve (allowed in one nerve with dCMAP below 20 % LLN), and low, ratio, F absent or F rare "
    "in two nerves.",
    decide=decide,
    least_nerves=2,
    excluded="pairs across common entrapment sites; tibial ratio",
    always_said=ALWAYS_SAID,
    decisions=(
        "The cut-offs were read in a reprint; the combination is unconfirmed.",
        "The duration limits are used whatever the filter; a filter that is unknown or not 2 Hz is said.",
        "The median distal latency counts in carpal tunnel syndrome, unless --compression-sites exclude was given.",
    ),
)
