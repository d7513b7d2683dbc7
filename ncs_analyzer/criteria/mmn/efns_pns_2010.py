"""MMN: EFNS/PNS guideline, first revision, electrodiagnostic part. J Peripher Nerv Syst 2010;15:295-301."""

import numpy as np

from ncs_analyzer.criteria.blocks.mmn_efns_pns_2010 import BLOCK, DEFINITE_NERVES
from ncs_analyzer.criteria.conditions import Quantity
from ncs_analyzer.criteria.conduction_block import by_line
from ncs_analyzer.criteria.counting import in_nerves
from ncs_analyzer.criteria.sets import CriteriaSet, Decision, Evaluation, Facts, Item, NerveFinding
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.decimals import at_most

LEWIS_SUMNER_VELOCITY = 38.0
"""m/s across the block, at or below which Lewis-Sumner syndrome is more likely than MMN."""

AREA = Quantity("area drop", "%", "area_ratio", "drop")
SENSORY = Quantity("sensory study", "", "sensory", "drop")


def definite_block(facts: Facts) -> Truth:
    """Definite block in a counted pair, per motor nerve."""
    return by_line(facts.physiology, facts.blocks[BLOCK.id].definite, *DEFINITE_NERVES)


def probable_block(facts: Facts) -> Truth:
    """Probable or better in a counted pair, per motor nerve."""
    return by_line(facts.physiology, facts.blocks[BLOCK.id].probable, *DEFINITE_NERVES, "radial")


def sensory_abnormal(facts: Facts) -> Truth:
    """Any abnormality of the sensory study of the same nerve and side, arms only."""
    abnormal = facts.sensory.abnormal_beside_motor
    return abnormal.only(~facts.motor.lower_limb)


ITEMS = (
    Item("definite block", "definite conduction block", NerveFinding(BLOCK.definite, definite_block, (AREA,))),
    Item("probable block", "probable or definite block", NerveFinding(BLOCK.probable, probable_block, (AREA,))),
    Item(
        "sensory",
        "abnormal sensory conduction in the same arm nerve",
        NerveFinding(
            "latency, SNAP or velocity of the same nerve and side outside its limit", sensory_abnormal, (SENSORY,)
        ),
    ),
)


def decide(e: Evaluation) -> Decision:
    """Block with normal sensory conduction in the arm nerves that carry it."""
    with_sensory_loss = e.count(e["probable block"] & e["sensory"]) >= 1
    definite, probable = e["definite block"] & ~e["sensory"], e["probable block"] & ~e["sensory"]
    one, two = in_nerves(e.count, probable, 1), in_nerves(e.count, probable, 2)
    sure = in_nerves(e.count, definite, 1)
    return Decision(
        [
            ("definite", sure.truth & ~with_sensory_loss),
            ("probable", two.truth & ~with_sensory_loss),
            ("possible", one.truth & ~with_sensory_loss),
        ],
        "not_fulfilled",
        {"definite": [sure], "probable": [two], "possible": [one]},
        {
            "lewis_sumner": with_sensory_loss.met,
            "slow_across_block": _slow_across_block(e.facts),
        },
    )


def _slow_across_block(facts: Facts) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    pairs = facts.physiology.pairs
    slow = facts.blocks[BLOCK.id].probable.met & pairs.counted & at_most(pairs.velocity, LEWIS_SUMNER_VELOCITY)
    return np.bincount(facts.motor.study[pairs.line[slow]], minlength=facts.physiology.studies) > 0


SET = CriteriaSet(
    id="mmn_efns_pns_2010",
    title="EFNS/PNS 2010",
    year=2010,
    disease="MMN",
    purpose="Electrodiagnostic part of the European and Peripheral Nerve Society guideline on multifocal motor neuropathy.",
    citation=BLOCK.citation,
    doi=BLOCK.doi,
    status="unconfirmed",
    verdicts=("definite", "probable", "possible", "not_fulfilled"),
    items=ITEMS,
    counting="definite: definite block in one nerve; probable: probable or definite block in two nerves; possible: probable "
    "block in one. Each with normal sensory conduction in the arm nerves that carry block; abnormal sensory conduction "
    "beside any block of an arm nerve: not_fulfilled.",
    decide=decide,
    excluded="pairs across common entrapment sites; the tibial nerve",
    always_said=("No conduction block found does not exclude MMN.",),
    decisions=(
        "The wording of the categories is unconfirmed; the definition of block was read in a reprint.",
        "The distal precondition is applied to probable block too.",
        "A sensory study that was not done leaves the verdict unsettled; a median nerve left out for carpal tunnel "
        "syndrome counts as not tested.",
    ),
    performance=(
        "Whole criteria, 53 patients with MMN and 280 controls: definite 47 %, definite and probable 57 % sensitive; 98.5 % "
        "and 97 % specific (Eur J Neurol 2024;31:e16444, PMID 39236307).",
    ),
)
