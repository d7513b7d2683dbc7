"""Distal demyelinating neuropathy by the terminal latency index (interpretation.md, section 3)."""

from __future__ import annotations

from fractions import Fraction

from .blocks import grade
from .cuts import Cuts, lower_excludes, lower_includes
from .mmn import graded_definite
from .nerves import Hand, MotorNerve, Study
from .sets import Counts, CriteriaSet, Facts, Items, Unit, met
from .truth import Truth, any_of, at_most

CUT_OFFS = {
    "median": Fraction("0.26"),
    "ulnar": Fraction("0.33"),
    "fibular": Fraction("0.25"),
    "tibial": Fraction("0.25"),
}


def distal_distance(nerve: MotorNerve) -> Fraction | None:
    """To the recording electrode; where the palm was stimulated too, palm + wrist."""
    total = Fraction(0)
    for site in nerve.sites[: nerve.distal_place + 1]:
        if site.distance is None:
            return None
        total += site.distance
    return total


def terminal_latency_index(nerve: MotorNerve) -> Fraction | None:
    """Distal distance / (MCV x DML); MCV of the counted segment that starts at the distal site."""
    segment = nerve.first_segment
    distance, latency = distal_distance(nerve), nerve.distal.latency
    velocity = None if segment is None else segment.velocity
    return None if distance is None or not latency or not velocity else distance / (velocity * latency)


def low_index(nerve: MotorNerve) -> Truth:
    if nerve.absent or nerve.nerve not in CUT_OFFS:
        return False
    segment = nerve.first_segment
    if segment is None or segment.proximal_absent:
        return False  # no velocity can be measured: the condition does not apply
    return at_most(terminal_latency_index(nerve), CUT_OFFS[nerve.nerve])


def dads_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    low = low_index(nerve)
    return {
        "low_index": low,
        "low_index_not_cts": False if hand.cts else low,
        "definite_block": any_of(
            graded_definite(grade("cb_efns_pns_2010_cidp", nerve.nerve, pair)) for pair in nerve.block_pairs
        ),
    }


def dads_facts(items: Items) -> Facts:
    return frozenset(met(items))


def dads_verdict(n: Counts, study: Study) -> str:
    suggestive = n["low_index"] >= 2 and n["low_index_not_cts"] >= 1 and n["definite_block"] == 0
    return "suggestive" if suggestive else "not_suggestive"


DADS_TLI = CriteriaSet(
    "dads_tli",
    "dads",
    Cuts(
        amplitude_ratio=lower_includes("0.5", "0.7"),
        pair_pct=lower_excludes(20),
        terminal_latency_index=CUT_OFFS,
    ),
    dads_items,
    dads_facts,
    dads_verdict,
    switches=False,
)

DADS_SETS = (DADS_TLI,)
