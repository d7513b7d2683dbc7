"""Multifocal motor neuropathy (interpretation.md, section 2)."""

from __future__ import annotations

from .blocks import DEFINITE, DEFINITIONS, NONE, NOT_EVALUABLE, PROBABLE, grade
from .cuts import Cuts, lower_excludes, lower_includes
from .nerves import ARM_NERVES, Hand, MotorNerve, Pair, SensoryNerve, Study, crosses_entrapment
from .sets import Counts, CriteriaSet, Facts, Items, Unit, met
from .truth import Truth, any_of

NOT = "not_fulfilled"


def graded_definite(label: str) -> Truth:
    return True if label == DEFINITE else False if label in (PROBABLE, NONE) else None


def graded_probable(label: str) -> Truth:
    """Probable or better."""
    return None if label == NOT_EVALUABLE else label != NONE


def sensory_of(unit: Unit, hand: Hand) -> SensoryNerve:
    """The sensory study of the same nerve and side; left out for CTS counts as not tested."""
    return unit.untested_sensory if unit.sensory is None or hand.cts else unit.sensory


def cuts_of(definition: str) -> Cuts:
    """What a definition of block reads, and the sensory study beside it."""
    reads = DEFINITIONS[definition]
    return Cuts(
        dml=(),
        amplitude_ratio=reads.amplitude,
        area_ratio=reads.area,
        duration_ratio=reads.duration,
        pair_pct=reads.pct,
        pair_mv=reads.mv,
        snap=lower_excludes(100),
        sensory_velocity=lower_excludes(100),
        sensory_latency=lower_includes(100),
        sensory_of_blocked_nerves=True,
    )


# --------------------------------------------------------------------------------------------------- EFNS/PNS 2010


def efns_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    labels = [grade("mmn_efns_pns_2010", nerve.nerve, pair) for pair in nerve.block_pairs]
    items: Items = {
        "definite": any_of(graded_definite(label) for label in labels),
        "probable": any_of(graded_probable(label) for label in labels),
    }
    if nerve.nerve in ARM_NERVES:
        items["sensory_abnormal"] = sensory_of(unit, hand).abnormal
    return items


def efns_facts(items: Items) -> Facts:
    facts = met(items)
    if facts >= {"probable", "sensory_abnormal"}:
        facts.add("block_with_abnormal_sensory")
    return frozenset(facts - {"sensory_abnormal"})


def efns_verdict(n: Counts, study: Study) -> str:
    """Abnormal sensory conduction beside any upper-limb block denies it; not tested does not."""
    if n["block_with_abnormal_sensory"] >= 1:
        return NOT
    if n["definite"] >= 1:
        return "definite"
    return "probable" if n["probable"] >= 2 else "possible" if n["probable"] == 1 else NOT


MMN_EFNS_2010 = CriteriaSet(
    "mmn_efns_pns_2010",
    "mmn",
    cuts_of("mmn_efns_pns_2010"),
    efns_items,
    efns_facts,
    efns_verdict,
    switches=False,
    block_definition="mmn_efns_pns_2010",
)

# -------------------------------------------------------------------------------------------------------- AAEM 2003


def outside_compression_sites(nerve: MotorNerve, pair: Pair) -> bool:
    """Median wrist, ulnar elbow and wrist, fibular head: never, whatever --compression-sites says."""
    if pair.hypothetical:
        return True
    if pair.distal == "palm" and nerve.nerve in ("median", "ulnar"):
        return False
    return not crosses_entrapment(nerve.nerve, pair.distal, pair.proximal)


def aaem_items(unit: Unit, hand: Hand, study: Study) -> Items:
    items: Items = {}
    nerve = unit.motor
    if nerve is not None:
        labels = [
            grade("cb_aaem_1999", nerve.nerve, pair)
            for pair in nerve.block_pairs
            if outside_compression_sites(nerve, pair)
        ]
        segments = [graded_probable(label) for label in labels]
        items["definite"] = any_of(graded_definite(label) for label in labels)
        items["one_segment"] = any_of(segments)
        items["two_segments"] = at_least_two(segments)
        if nerve.nerve in ARM_NERVES:
            items["sensory_slow"] = sensory_of(unit, hand).velocity_slow
    if unit.sensory is not None and not hand.cts:
        items["sensory_normal"] = unit.sensory.normal
    return items


def at_least_two(values: list[Truth]) -> Truth:
    if sum(value is True for value in values) >= 2:
        return True
    return None if sum(value is not False for value in values) >= 2 else False


def aaem_facts(items: Items) -> Facts:
    facts = met(items)
    if facts >= {"one_segment", "sensory_slow"}:
        facts.add("block_with_slow_sensory")
    return frozenset(facts - {"sensory_slow"})


def aaem_verdict(n: Counts, study: Study) -> str:
    if n["block_with_slow_sensory"] >= 1 or n["sensory_normal"] < 3:
        return NOT
    if n["definite"] >= 2:
        return "definite"
    return "probable" if n["two_segments"] >= 1 or n["one_segment"] >= 2 else NOT


MMN_AAEM_2003 = CriteriaSet(
    "mmn_aaem_2003",
    "mmn",
    cuts_of("cb_aaem_1999"),
    aaem_items,
    aaem_facts,
    aaem_verdict,
    switches=False,
    block_definition="cb_aaem_1999",
)

MMN_SETS = (MMN_EFNS_2010, MMN_AAEM_2003)
