"""CIDP: Albers JW, Kelly JJ, Muscle Nerve 1989;12:435-451."""

from ncs_analyzer.criteria.conditions import AMP_RATIO, DCMAP, DML, DUR_RATIO, F_LATENCY, MCV, if_
from ncs_analyzer.criteria.counting import how_many, in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("1", "motor conduction velocity", if_(DCMAP >= 50, MCV < 90, MCV < 80)),
    Item("2", "distal motor latency", if_(DCMAP >= 100, DML > 115, DML > 125), wrist="left out"),
    Item("3", "temporal dispersion or block", (DUR_RATIO > 1.30) | (AMP_RATIO < 0.70)),
    Item("4", "F wave latency", F_LATENCY > 125),
)


def decide(e: Evaluation) -> Decision:
    """Three of four: 1 and 2 in two nerves, 3 and 4 in one."""
    rules = [in_nerves(e.count, e[key], n) for key, n in (("1", 2), ("2", 2), ("3", 1), ("4", 1))]
    return Decision([("fulfilled", how_many(rules) >= 3)], "not_fulfilled", {"fulfilled": rules})


SET = CriteriaSet(
    id="cidp_albers_kelly_1989",
    title="Albers and Kelly 1989",
    year=1989,
    disease="CIDP",
    purpose="Early electrodiagnostic criteria for acquired demyelinating polyneuropathy.",
    citation="Albers JW, Kelly JJ Jr. Muscle Nerve 1989;12:435-451",
    doi="",
    status="reprint",
    verdicts=("fulfilled", "not_fulfilled"),
    items=ITEMS,
    counting="fulfilled with three of four: 1 in two nerves, 2 in two nerves, 3 in one nerve, 4 in one nerve.",
    decide=decide,
    excluded="median distal latency in carpal tunnel syndrome; pairs across common entrapment sites",
    decisions=(
        "Equality at 50 % and 100 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "An absent F wave is not a late one.",
    ),
)
