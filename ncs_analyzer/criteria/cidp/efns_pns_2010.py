"""CIDP: EFNS/PNS guideline, first revision. Van den Bergh PYK et al., J Peripher Nerv Syst 2010;15:1-9."""

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
from ncs_analyzer.criteria.counting import fulfilled, in_nerves, with_other
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Item

DURATION_LIMITS = {"median": 6.6, "ulnar": 6.7, "fibular": 7.6, "tibial": 8.8}
"""ms, reached or exceeded; measured at a low-frequency filter of 20 Hz (Isose 2009)."""

DURATION_FILTER_HZ = 20.0

ITEMS = (
    Item("a", "distal motor latency", DML >= 150, wrist="left out"),
    Item("b", "motor conduction velocity", MCV <= 70),
    Item("c", "F wave latency", if_(DCMAP >= 80, F_LATENCY >= 130, F_LATENCY >= 150)),
    Item("d", "absent F waves", F_ABSENT & (DCMAP >= 20)),
    Item("e", "partial conduction block", (AMP_RATIO <= 0.50) & (DCMAP >= 20)),
    Item("f", "temporal dispersion", DUR_RATIO > 1.30),
    Item("g", "distal CMAP duration", duration_beyond(">=", DURATION_LIMITS)),
    Item("block 30 %", "probable block", ((AMP_RATIO <= 0.70) & (DCMAP >= 20)).not_in("tibial")),
)


def decide(e: Evaluation) -> Decision:
    """Definite, probable, possible, in this order."""
    any_item = e.any_of(LETTERS)
    definite = strongest(e, partners_of_e=LETTERS)
    probable = [in_nerves(e.count, e["block 30 %"], 2), with_other(e.count, e["block 30 %"], 1, any_item)]
    possible = [in_nerves(e.count, any_item, 1)]
    sensory = e.facts.sensory
    slow = sensory.count(sensory.counting(sensory.very_slow)) >= 1
    return Decision(
        [("definite", fulfilled(definite)), ("probable", fulfilled(probable)), ("possible", fulfilled(possible))],
        "not_fulfilled",
        {"definite": definite, "probable": probable, "possible": possible},
        {
            "supportive_sensory": (sensory.sural_spared("median", "radial") | slow).met,
            "sural_sparing": sensory.sural_spared("median", "radial").met,
        },
    )


SET = CriteriaSet(
    id="cidp_efns_pns_2010",
    title="EFNS/PNS 2010",
    year=2010,
    disease="CIDP",
    purpose="Electrodiagnostic criteria for CIDP of the European and Peripheral Nerve Society guideline before 2021.",
    citation="Van den Bergh PYK, Hadden RDM, Bouche P, et al. J Peripher Nerv Syst 2010;15:1-9; also Eur J Neurol "
    "2010;17:356-363",
    doi="10.1111/j.1468-1331.2009.02930.x",
    status="reprint",
    verdicts=("definite", "probable", "possible", "not_fulfilled"),
    items=ITEMS,
    counting=f"definite: {STRONGEST_WORDS.format(partners='any of a-g')}. probable: block of 30 % in two nerves, or in "
    "one and any of a-g in another. possible: any of a-g in one nerve.",
    decide=decide,
    excluded="median distal latency in carpal tunnel syndrome; pairs across common entrapment sites; tibial block of 30 %",
    always_said=("Electrodiagnosis alone is not a diagnosis of CIDP.",),
    decisions=(
        "Equality at 80 % of the amplitude limit belongs to the branch of the larger amplitude.",
        "The duration limits are used whatever the filter; a filter that is unknown or not 20 Hz is said.",
        "The tibial nerve counts for the block of 50 % and for dispersion.",
    ),
    performance=(
        "203 patients with CIDP by expert opinion, within one year: definite 76.9 %, probable 10.8 %, possible 2 %, none "
        "10.3 % (Ann Clin Transl Neurol 2021;8:1110).",
    ),
)
