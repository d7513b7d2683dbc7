"""CIDP: INCAT criteria. Hughes R et al., Ann Neurol 2001;50:195-201."""

from ncs_analyzer.criteria.cidp.aan_1991 import DISTAL, DROP_PERCENT, LATE_F, SLOW, not_long_segment
from ncs_analyzer.criteria.conditions import AAN_DROP, F_ABSENT
from ncs_analyzer.criteria.counting import fulfilled, in_nerves, with_other
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("1", "partial conduction block or temporal dispersion", not_long_segment(AAN_DROP > DROP_PERCENT)),
    Item("2", "motor conduction velocity", SLOW),
    Item("3", "distal motor latency", DISTAL, wrist="left out"),
    Item("4", "F waves", F_ABSENT | LATE_F),
)


def decide(e: Evaluation) -> Decision:
    """Block or dispersion in two nerves and slowing in another; or slowing in three."""
    slowing = e.any_of("234")
    rules = [with_other(e.count, e["1"], 2, slowing), in_nerves(e.count, slowing, 3)]
    return Decision([("fulfilled", fulfilled(rules))], "not_fulfilled", {"fulfilled": rules})


SET = CriteriaSet(
    id="cidp_incat_2001",
    title="INCAT 2001",
    year=2001,
    disease="CIDP",
    purpose="Entry criteria of the INCAT trials, with the cut-offs of AAN 1991.",
    citation="Hughes R, Bensa S, Willison H, et al. Ann Neurol 2001;50:195-201",
    doi="10.1002/ana.1088",
    status="unconfirmed",
    verdicts=("fulfilled", "not_fulfilled"),
    items=ITEMS,
    counting="fulfilled: 1 in two nerves and any of 2-4 in another; or any of 2-4 in three nerves.",
    decide=decide,
    excluded="median distal latency in carpal tunnel syndrome; pairs across common entrapment sites; all but the three "
    "segments of AAN 1991 for block and dispersion",
    decisions=(
        "Equality at 80 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "Slowing in three nerves may be of different kinds.",
    ),
)
