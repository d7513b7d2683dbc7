"""MMN: AAEM consensus criteria. Olney RK, Lewis RA, Putnam TD, Campellone JV Jr, Muscle Nerve 2003;27:117-121."""

from dataclasses import replace

import numpy as np

from ncs_analyzer.criteria.blocks.cb_aaem_1999 import BLOCK
from ncs_analyzer.criteria.conduction_block import by_line
from ncs_analyzer.criteria.counting import Tally, in_nerves
from ncs_analyzer.criteria.mmn.efns_pns_2010 import AREA, SENSORY
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Facts, Item, NerveFinding
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.physiology import Physiology
from ncs_analyzer.physiology.segments import starts_at

NORMAL_SENSORY_NERVES = 3


def definite_block(facts: Facts) -> Truth:
    """Definite AAEM block outside compression sites, per motor nerve."""
    return by_line(_outside(facts), facts.blocks[BLOCK.id].definite)


def probable_block(facts: Facts) -> Truth:
    """Probable or definite AAEM block outside compression sites, per motor nerve."""
    return by_line(_outside(facts), facts.blocks[BLOCK.id].probable)


def _outside(facts: Facts) -> Physiology:
    pairs = facts.physiology.pairs
    hand = starts_at(pairs, "palm")  # the ulnar nerve at the wrist is a compression site here
    return replace(facts.physiology, pairs=pairs.with_(counted=pairs.counted & ~pairs.compression & ~hand))


def sensory_slow(facts: Facts) -> Truth:
    """Slow sensory velocity of the same nerve and side."""
    return facts.sensory.of_motor_nerve(facts.sensory.slow, untested=True).only(~facts.motor.lower_limb)


ITEMS = (
    Item("definite block", "definite conduction block", NerveFinding(BLOCK.definite, definite_block, (AREA,))),
    Item("probable block", "probable or definite block", NerveFinding(BLOCK.probable, probable_block, (AREA,))),
    Item(
        "sensory velocity",
        "slow sensory conduction in the same nerve",
        NerveFinding("sensory velocity of the same nerve and side below LLN", sensory_slow, (SENSORY,)),
    ),
)


def decide(e: Evaluation) -> Decision:
    """Block in two nerves (definite) or two segments (probable), normal sensory studies in three nerves."""
    facts, pairs = e.facts, _outside(e.facts).pairs
    slow = e["sensory velocity"]
    definite = in_nerves(e.count, e["definite block"] & ~slow, 2)
    probable = in_nerves(e.count, e["probable block"] & ~slow, 1)
    segments = Tally(facts.motor.study[pairs.line], facts.physiology.studies)
    in_segment = facts.blocks[BLOCK.id].probable & ~slow.take(pairs.line)
    nowhere_else = np.bincount(facts.motor.study[e["probable block"].open], minlength=facts.physiology.studies) == 0
    two_segments = (segments(in_segment.only(pairs.counted)) >= 2).or_open(~nowhere_else)
    beside_slow = e.count(e["probable block"] & slow) >= 1
    sensory = facts.sensory
    normal = sensory.count(sensory.counting(sensory.normal)) >= NORMAL_SENSORY_NERVES
    return Decision(
        [
            ("definite", definite.truth & ~beside_slow & normal),
            ("probable", two_segments & ~beside_slow & normal),
        ],
        "not_fulfilled",
        {"definite": [definite], "probable": [probable]},
        {"lewis_sumner": beside_slow.met},
    )


SET = CriteriaSet(
    id="mmn_aaem_2003",
    title="AAEM 2003",
    year=2003,
    disease="MMN",
    purpose="Consensus criteria of the American Association of Electrodiagnostic Medicine: strict.",
    citation="Olney RK, Lewis RA, Putnam TD, Campellone JV Jr. Muscle Nerve 2003;27:117-121",
    doi="10.1002/mus.10317",
    status="unconfirmed",
    verdicts=("definite", "probable", "not_fulfilled"),
    items=ITEMS,
    counting="definite: definite block in two nerves; probable: probable or definite block in two segments. Outside "
    "compression sites; sensory velocity of the blocked nerves not slow; normal sensory studies in at least three nerves.",
    decide=decide,
    excluded="compression sites, whatever --compression-sites says",
    always_said=("No conduction block found does not exclude MMN.",),
    decisions=(
        "Block is graded by AAEM 1999, of which no cell of the table is confirmed.",
        "Slow sensory velocity beside any block, probable included, denies both levels.",
        "A sensory velocity that was not measured leaves the verdict unsettled.",
    ),
    performance=(
        "Whole criteria, 53 patients with MMN and 280 controls: definite 28 %, definite and probable 53 % sensitive; 100 % "
        "specific (Eur J Neurol 2024;31:e16444, PMID 39236307).",
    ),
)
