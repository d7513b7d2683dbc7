"""GBS: Italian Guillain-Barré Study Group, Brain 1996;119:2053-2061."""

from ncs_analyzer.criteria.cidp.aan_1991 import DISTAL, LATE_F, SLOW
from ncs_analyzer.criteria.conditions import AMP_RATIO, DUR_RATIO
from ncs_analyzer.criteria.counting import how_many, in_nerves
from ncs_analyzer.criteria.gbs.common import ALWAYS_SAID
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("1", "motor conduction velocity", SLOW),
    Item("2", "distal motor latency", DISTAL, wrist="left out if asked"),
    Item("3", "temporal dispersion or block", (DUR_RATIO > 1.30) | (AMP_RATIO < 0.70)),
    Item("4", "F wave latency", LATE_F),
)


def decide(e: Evaluation) -> Decision:
    """Two of four: 1, 2 and 4 in two nerves, 3 in one."""
    rules = [in_nerves(e.count, e[key], n) for key, n in (("1", 2), ("2", 2), ("3", 1), ("4", 2))]
    return Decision([("demyelinating", how_many(rules) >= 2)], "not_fulfilled", {"demyelinating": rules})


SET = CriteriaSet(
    id="gbs_italian_1996",
    title="Italian study group 1996",
    year=1996,
    disease="GBS",
    purpose="Criteria for demyelination of the Italian population study.",
    citation="The Italian Guillain-Barré Study Group. Brain 1996;119:2053-2061",
    doi="",
    status="reprint",
    verdicts=("demyelinating", "not_fulfilled"),
    items=ITEMS,
    counting="demyelinating with two of four: 1 in two nerves, 2 in two nerves, 3 in one nerve, 4 in two nerves.",
    decide=decide,
    least_nerves=2,
    excluded="pairs across common entrapment sites",
    always_said=ALWAYS_SAID,
    decisions=(
        "An absent F wave does not count.",
        "Dispersion and block are one item; the table that was read could also mean two.",
        "Equality at 80 % of the amplitude limit belongs to the branch of the larger amplitude.",
    ),
)
