"""CIDP: Thaisetthawatkul P et al., Neurology 2002;59:1526-1532: dispersion of the distal CMAP."""

from typing import Final

from ncs_analyzer.criteria.conditions import duration_beyond
from ncs_analyzer.criteria.counting import fulfilled, in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

DURATION_LIMITS: Final = dict.fromkeys(("median", "ulnar", "fibular", "tibial"), 9.0)
"""ms, exceeded."""

ITEMS = (Item("1", "distal CMAP duration", duration_beyond(">", DURATION_LIMITS)),)


def decide(e: Evaluation) -> Decision:
    """One nerve."""
    rules = [in_nerves(e.count, e["1"], 1)]
    return Decision([("fulfilled", fulfilled(rules))], "not_fulfilled", {"fulfilled": rules})


SET = CriteriaSet(
    id="cidp_thaisetthawatkul_2002",
    title="Thaisetthawatkul 2002",
    year=2002,
    disease="CIDP",
    purpose="Prolonged duration of the distal CMAP as a single sign.",
    citation="Thaisetthawatkul P, Logigian EL, Herrmann DN. Neurology 2002;59:1526-1532",
    doi="",
    status="unconfirmed",
    verdicts=("fulfilled", "not_fulfilled"),
    items=ITEMS,
    counting="fulfilled: 1 in one nerve.",
    decide=decide,
    decisions=("The duration limit is used whatever the filter: none is known for it.",),
)
