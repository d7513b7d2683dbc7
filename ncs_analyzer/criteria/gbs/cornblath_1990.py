"""GBS: Cornblath DR, Ann Neurol 1990;27(Suppl):S17-S20."""

from dataclasses import replace

from ncs_analyzer.criteria.cidp.aan_1991 import DROP_PERCENT, of_four
from ncs_analyzer.criteria.cidp.aan_1991 import ITEMS as AAN_ITEMS
from ncs_analyzer.criteria.conditions import DROP
from ncs_analyzer.criteria.counting import how_many
from ncs_analyzer.criteria.gbs.common import ALWAYS_SAID
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    AAN_ITEMS[0],
    Item("2", "partial conduction block or temporal dispersion", DROP > DROP_PERCENT),
    replace(AAN_ITEMS[2], wrist="left out if asked"),
    AAN_ITEMS[3],
)


def decide(e: Evaluation) -> Decision:
    """Three of four, as AAN 1991."""
    rules = of_four(e)
    return Decision([("demyelinating", how_many(rules) >= 3)], "not_fulfilled", {"demyelinating": rules})


SET = CriteriaSet(
    id="gbs_cornblath_1990",
    title="Cornblath 1990",
    year=1990,
    disease="GBS",
    purpose="Criteria for demyelination in GBS, with the cut-offs that AAN 1991 took up.",
    citation="Cornblath DR. Ann Neurol 1990;27(Suppl):S17-S20",
    doi="",
    status="reprint",
    verdicts=("demyelinating", "not_fulfilled"),
    items=ITEMS,
    counting="demyelinating with three of four: 1 in two nerves, 2 in one nerve (any counted pair of sites), 3 in two "
    "nerves, 4 in two nerves.",
    decide=decide,
    least_nerves=2,
    excluded="pairs across common entrapment sites",
    always_said=ALWAYS_SAID,
    decisions=("Equality at 80 % of the amplitude limit belongs to the branch of the larger amplitude.",),
)
