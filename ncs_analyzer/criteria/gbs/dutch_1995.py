"""GBS: Meulstee J, van der Meché FGA, Dutch Guillain-Barré Study Group, J Neurol Neurosurg Psychiatry 1995;59:482-486."""

from ncs_analyzer.criteria.conditions import DML, DURATION_PCT, F_LATENCY, MCV
from ncs_analyzer.criteria.counting import fulfilled, in_nerves
from ncs_analyzer.criteria.gbs.common import ALWAYS_SAID
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("MCV", "motor conduction velocity", MCV < 70),
    Item("DML", "distal motor latency", DML > 150, wrist="left out if asked"),
    Item("duration", "distal CMAP duration", DURATION_PCT > 300),
    Item("F", "F wave latency", F_LATENCY > 150),
)


def decide(e: Evaluation) -> Decision:
    """Any item in two nerves."""
    rules = [in_nerves(e.count, e["MCV"] | e["DML"] | e["duration"] | e["F"], 2)]
    return Decision([("demyelinating", fulfilled(rules))], "not_fulfilled", {"demyelinating": rules})


SET = CriteriaSet(
    id="gbs_dutch_1995",
    title="Dutch study group 1995",
    year=1995,
    disease="GBS",
    purpose="Criteria for demyelination of the Dutch trial.",
    citation="Meulstee J, van der Meché FGA. J Neurol Neurosurg Psychiatry 1995;59:482-486. PMID 8530930",
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
        "Proximal to distal duration and amplitude limits of the paper need the laboratory's own normals and are left out.",
    ),
    performance=(
        "135 patients with GBS, all limits of the paper: demyelination in 60, 66 and 72 % at the first, second and third "
        "study within a month (the paper).",
    ),
)
