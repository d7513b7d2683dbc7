"""GBS: Albers JW, Donofrio PD, McGonagle TK, Muscle Nerve 1985;8:528-539."""

from ncs_analyzer.criteria.conditions import AMP_RATIO, DCMAP, DML, DUR_RATIO, F_LATENCY, MCV, if_
from ncs_analyzer.criteria.counting import fulfilled, in_nerves
from ncs_analyzer.criteria.gbs.common import ALWAYS_SAID
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("MCV", "motor conduction velocity", if_(DCMAP >= 50, MCV < 95, MCV < 85)),
    Item("DML", "distal motor latency", if_(DCMAP >= 100, DML > 110, DML > 120), wrist="left out if asked"),
    Item("dispersion or block", "temporal dispersion or block", (DUR_RATIO > 1.30) | (AMP_RATIO < 0.70)),
    Item("F", "F wave latency", F_LATENCY > 120),
)


def decide(e: Evaluation) -> Decision:
    """Any item in two nerves."""
    rules = [in_nerves(e.count, e["MCV"] | e["DML"] | e["dispersion or block"] | e["F"], 2)]
    return Decision([("demyelinating", fulfilled(rules))], "not_fulfilled", {"demyelinating": rules})


SET = CriteriaSet(
    id="gbs_albers_1985",
    title="Albers 1985",
    year=1985,
    disease="GBS",
    purpose="Early sequential criteria for acute demyelinating polyneuropathy.",
    citation="Albers JW, Donofrio PD, McGonagle TK. Muscle Nerve 1985;8:528-539",
    doi="",
    status="reprint",
    verdicts=("demyelinating", "not_fulfilled"),
    items=ITEMS,
    counting="demyelinating: any item in two nerves.",
    decide=decide,
    least_nerves=2,
    excluded="pairs across common entrapment sites",
    always_said=ALWAYS_SAID,
    decisions=(
        "Equality at 50 % and 100 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "An absent F wave is not a late one.",
    ),
)
