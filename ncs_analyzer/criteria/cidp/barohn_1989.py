"""CIDP: Barohn RJ et al., Arch Neurol 1989;46:878-884."""

from ncs_analyzer.criteria.conditions import MCV
from ncs_analyzer.criteria.counting import fulfilled, in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (Item("1", "motor conduction velocity", MCV < 70),)


def decide(e: Evaluation) -> Decision:
    """Two nerves."""
    rules = [in_nerves(e.count, e["1"], 2)]
    return Decision([("fulfilled", fulfilled(rules))], "not_fulfilled", {"fulfilled": rules})


SET = CriteriaSet(
    id="cidp_barohn_1989",
    title="Barohn 1989",
    year=1989,
    disease="CIDP",
    purpose="Marked slowing alone, as used in an early series.",
    citation="Barohn RJ, Kissel JT, Warmolts JR, Mendell JR. Arch Neurol 1989;46:878-884",
    doi="",
    status="unconfirmed",
    verdicts=("fulfilled", "not_fulfilled"),
    items=ITEMS,
    counting="fulfilled: 1 in two nerves.",
    decide=decide,
    excluded="pairs across common entrapment sites",
    decisions=("There is no condition on the amplitude.",),
)
