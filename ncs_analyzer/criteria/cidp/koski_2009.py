"""CIDP: Koski CL et al., J Neurol Sci 2009;277:1-8, electrodiagnostic part."""

from ncs_analyzer.criteria.conditions import DML, F_LATENCY, INEXCITABLE, MCV
from ncs_analyzer.criteria.counting import Rule, fulfilled
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

ITEMS = (
    Item("DML", "distal motor latency", DML > 100, wrist="left out"),
    Item("MCV", "motor conduction velocity", MCV < 100),
    Item("F", "F wave latency", F_LATENCY > 100),
    Item("absent", "CMAP not recordable", INEXCITABLE),
)


def decide(e: Evaluation) -> Decision:
    """CMAP recordable in 75 % of the nerves tested, and one and the same measure abnormal in more than half of them."""
    tested = e.facts.tested
    recordable = ~(e.count(e["absent"]) * 4 > tested)
    rules = [Rule(e.count(e[key]) * 2 > tested, (e[key],)) for key in ("DML", "MCV", "F")]
    return Decision([("fulfilled", recordable & fulfilled(rules))], "not_fulfilled", {"fulfilled": rules})


SET = CriteriaSet(
    id="cidp_koski_2009",
    title="Koski 2009",
    year=2009,
    disease="CIDP",
    purpose="Simple criteria derived from the judgement of experts; either the clinical or this part suffices.",
    citation="Koski CL, Baumgarten M, Magder LS, et al. J Neurol Sci 2009;277:1-8. PMID 19091330",
    doi="",
    status="unconfirmed",
    verdicts=("fulfilled", "not_fulfilled"),
    items=ITEMS,
    counting="fulfilled: a recordable CMAP in at least 75 % of the motor nerves tested, and one and the same of DML, MCV "
    "and F latency beyond its limit in more than 50 % of the motor nerves tested.",
    decide=decide,
    excluded="median distal latency in carpal tunnel syndrome; pairs across common entrapment sites",
    decisions=(
        "An absent F wave is not a late one.",
        "Nerves with an absent CMAP are among the nerves tested.",
        "Two of four nerves are not more than half; three of four are 75 %.",
    ),
    performance=(
        "Clinical and electrodiagnostic part together, 151 patients with CIDP and 162 with axonal neuropathy: sensitivity "
        "63 %, specificity 99.3 % (J Neurol Neurosurg Psychiatry 2009;80:1364).",
    ),
)
