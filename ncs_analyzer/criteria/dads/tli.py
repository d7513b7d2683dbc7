"""Distal demyelinating neuropathy by terminal latency index: Cocito D et al. 2001 (median, ulnar); Kaku DA et al. 1994.

TLI = distal distance (mm) / (motor velocity (m/s) x distal latency (ms)).
"""

from typing import Final

import numpy as np

from ncs_analyzer.criteria.blocks.cb_efns_pns_2010_cidp import BLOCK
from ncs_analyzer.criteria.conditions import Quantity
from ncs_analyzer.criteria.conduction_block import by_line
from ncs_analyzer.criteria.counting import in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Facts, Item, NerveFinding
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES

CUT_OFFS: Final = {"median": 0.26, "ulnar": 0.33, "fibular": 0.25, "tibial": 0.25}
"""At or below. Median and ulnar: Cocito 2001; fibular and tibial: Kaku 1994, unconfirmed."""

TLI = Quantity("TLI", "", "terminal_latency_index", "tli")


def low_tli(facts: Facts) -> Truth:
    """TLI at or below the cut-off of the nerve; where the proximal response is absent there is no index to be low."""
    motor, pairs = facts.motor, facts.physiology.pairs
    lost = np.zeros(len(motor), bool)
    lost[pairs.line[pairs.first & pairs.lost]] = True
    cut = np.array([CUT_OFFS.get(name, 0.0) for name in MOTOR_NERVES])[motor.nerve]
    return TLI.compare(motor, "<=", cut).only(motor.is_nerve(*CUT_OFFS) & ~lost).settle()


def low_tli_no_cts(facts: Facts) -> Truth:
    """The same, but not of a median nerve suspected of carpal tunnel syndrome."""
    return low_tli(facts) & ~facts.compressed


def definite_block(facts: Facts) -> Truth:
    """Definite block in a counted pair."""
    return by_line(facts.physiology, facts.blocks[BLOCK.id].definite)


_WORDS: Final = "TLI ≤ " + ", ".join(f"{name} {cut:.2f}" for name, cut in CUT_OFFS.items())

DROP = Quantity("amplitude drop", "%", "amplitude_ratio", "amp_ratio")
ITEMS = (
    Item("low TLI", "terminal latency index", NerveFinding(_WORDS, low_tli, (TLI,))),
    Item("low TLI, no CTS", "the same, no suspicion of CTS", NerveFinding(_WORDS, low_tli_no_cts, (TLI,))),
    Item("block", "definite conduction block", NerveFinding(BLOCK.definite, definite_block, (DROP,))),
)


def decide(e: Evaluation) -> Decision:
    """Two nerves, one of them no median nerve with suspected CTS, and no definite block."""
    two, free = in_nerves(e.count, e["low TLI"], 2), in_nerves(e.count, e["low TLI, no CTS"], 1)
    unblocked = ~(e.count(e["block"]) >= 1)
    return Decision([("suggestive", two.truth & free.truth & unblocked)], "not_suggestive", {"suggestive": [two]})


SET = CriteriaSet(
    id="dads_tli",
    title="terminal latency index",
    year=2001,
    disease="DADS",
    purpose="Distal accentuation of slowing, as in anti-MAG neuropathy.",
    citation="Cocito D, Isoardo G, Ciaramitaro P, et al. Muscle Nerve 2001;24:1278-1282 (median, ulnar); Kaku DA, England JD, "
    "Sumner AJ. Brain 1994;117:941-947 (fibular, tibial)",
    doi="",
    status="unconfirmed",
    verdicts=("suggestive", "not_suggestive"),
    items=ITEMS,
    counting="suggestive: low TLI in two nerves, at least one of them not a median nerve with suspected carpal tunnel syndrome, "
    "and no definite block (EFNS/PNS 2010 for CIDP) in a counted pair.",
    decide=decide,
    always_said=(
        "Carpal tunnel syndrome lowers the median TLI; HNPP lowers those of the median, ulnar and fibular nerves.",
        "A low TLI asks for anti-MAG antibodies and a search for a paraprotein.",
    ),
    decisions=(
        "The cut-offs of the fibular and tibial nerves are unconfirmed; in Cocito 2001 the index of the fibular nerve did not "
        "separate the groups.",
        "The cut-off itself counts as low: the comparator is not printed.",
        "The velocity is that of the segment that starts at the distal site; with the palm stimulated the distal distance "
        "is palm and wrist together.",
    ),
)
