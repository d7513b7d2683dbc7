"""CIDP and AIDP: van den Bergh PYK, Piéret F, Muscle Nerve 2004;29:565-574."""

from typing import Final

from ncs_analyzer.criteria.cidp.lineage import LETTERS, STRONGEST_WORDS, strongest
from ncs_analyzer.criteria.conditions import (
    AMP_RATIO,
    DCMAP,
    DML,
    DUR_RATIO,
    F_ABSENT,
    F_LATENCY,
    MCV,
    duration_beyond,
    if_,
)
from ncs_analyzer.criteria.counting import fulfilled, in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

DURATION_LIMITS: Final = dict.fromkeys(("median", "ulnar", "fibular", "tibial"), 9.0)
"""ms, reached or exceeded."""

ITEMS = (
    Item("a", "distal motor latency", DML >= 150, wrist="left out"),
    Item("b", "motor conduction velocity", MCV <= 70),
    Item("c", "F wave latency", if_(DCMAP >= 80, F_LATENCY >= 120, F_LATENCY >= 150)),
    Item("d", "absent F waves", F_ABSENT & (DCMAP >= 20)),
    Item("e", "partial conduction block", (AMP_RATIO <= 0.50) & (DCMAP >= 20)),
    Item("f", "temporal dispersion", DUR_RATIO > 1.30),
    Item("g", "distal CMAP duration", duration_beyond(">=", DURATION_LIMITS)),
)


def decide(e: Evaluation) -> Decision:
    """Fulfilled, or possible in one nerve."""
    rules, one = strongest(e, partners_of_e=LETTERS), [in_nerves(e.count, e.any_of(LETTERS), 1)]
    return Decision(
        [("fulfilled", fulfilled(rules)), ("possible", fulfilled(one))],
        "not_fulfilled",
        {"fulfilled": rules, "possible": one},
    )


SET = CriteriaSet(
    id="cidp_vdbergh_pieret_2004",
    title="van den Bergh and Piéret 2004",
    year=2004,
    disease="CIDP",
    purpose="Electrodiagnostic criteria for acute and chronic inflammatory demyelinating polyradiculoneuropathy.",
    citation="Van den Bergh PYK, Piéret F. Muscle Nerve 2004;29:565-574",
    doi="",
    status="unconfirmed",
    verdicts=("fulfilled", "possible", "not_fulfilled"),
    items=ITEMS,
    counting=f"fulfilled: {STRONGEST_WORDS.format(partners='any of a-g')}. possible: any of a-g in one nerve.",
    decide=decide,
    excluded="median distal latency in carpal tunnel syndrome; pairs across common entrapment sites",
    decisions=(
        "Equality at 80 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "The duration limit is used whatever the filter: none is known for it.",
        "The tibial nerve counts for block and for dispersion.",
    ),
    performance=(
        "151 patients with CIDP and 162 with axonal neuropathy: sensitivity 79.5 %, specificity 96.9 % (J Neurol Neurosurg "
        "Psychiatry 2009;80:1364).",
    ),
)
