"""GBS criteria sets (criteria.md, section 3)."""

from __future__ import annotations

from fractions import Fraction

from .cidp import (
    DISPERSION,
    HALF,
    SEVENTY,
    duration_cuts,
    late,
    late_f,
    left_out_or,
    long_duration,
    plain_facts,
    slow,
    sural_sparing,
    three_of_four,
)
from .cuts import Cuts, lower_excludes, lower_includes
from .nerves import Hand, MotorNerve, SensoryNerve, Study, hands, percent
from .sets import Counts, CriteriaSet, Facts, Items, Unit, met, verdict
from .truth import Truth, above, any_of, at_most, below, both, either

DEMYELINATING, AXONAL, INEXCITABLE = "demyelinating", "axonal", "inexcitable"
EQUIVOCAL, NORMAL, NOT = "equivocal", "normal", "not_fulfilled"


def in_this_set(hand: Hand, study: Study) -> Hand:
    """GBS sets count the median DML unless the exclusion of compression sites was asked for explicitly."""
    return hand if study.compression_sites == "exclude" else Hand()


# -------------------------------------------------------- what makes a nerve not normal: known findings only


def latency_not_normal(nerve: MotorNerve, hand: Hand) -> Truth:
    return left_out_or(hand, nerve.distal_latency(above, 100))


def f_not_normal(nerve: MotorNerve) -> Truth:
    """F present and F% <= 100 is denied."""
    return either(nerve.f_absent, nerve.f_latency(above, 100))


def amplitude_not_normal(nerve: MotorNerve) -> Truth:
    return True if nerve.absent else below(nerve.dcmap_pct, 100)


def proximal_not_normal(nerve: MotorNerve) -> Truth:
    """A proximal end of a counted pair but Erb absent or below its LLN."""
    return any_of(
        True if pair.proximal_absent else below(pair.proximal_pct, 100) for pair in nerve.block_pairs if not pair.erb
    )


def ratio_not_normal(nerve: MotorNerve, limit: Fraction) -> Truth:
    """Some ratio not above the limit; a pair to Erb's point only with a reduction of at least 50 %."""
    return nerve.amplitude_ratio(at_most, limit)


def small(nerve: MotorNerve, limit: int) -> Truth:
    """dCMAP% below a limit; an absent dCMAP is < 80 %."""
    return True if nerve.absent else nerve.dcmap_below(limit)


def basic_normality(nerve: MotorNerve, hand: Hand) -> Items:
    """What the four GBS sets have in common: each entry denies *normal*."""
    return {
        "latency_not_normal": latency_not_normal(nerve, hand),
        "f_not_normal": f_not_normal(nerve),
        "velocity_not_normal": nerve.any_velocity(below, 100),
        "amplitude_not_normal": amplitude_not_normal(nerve),
    }


def add_not_normal(facts: set[str]) -> None:
    if any(name.endswith("_not_normal") for name in facts):
        facts.add("not_normal")


def inexcitable(n: Counts, study: Study) -> bool:
    """dCMAP absent in all nerves, or present in only one, with dCMAP% < 10."""
    return study.n_present == 0 or (study.n_present == 1 and n["below_10"] >= 1)


def in_order(n: Counts, study: Study, demyelinating: bool, axonal: bool) -> str:
    """Inexcitable, normal, demyelinating, axonal, equivocal."""
    if inexcitable(n, study):
        return INEXCITABLE
    if n["not_normal"] == 0:
        return NORMAL
    if demyelinating:
        return DEMYELINATING
    return AXONAL if axonal else EQUIVOCAL


NORMAL_CUTS = {"dml": lower_includes(100), "mcv": lower_excludes(100), "f": lower_includes(100)}

# -------------------------------------------------------------------------------------------------- 3.1 Hadden 1998

FEATURES = ("velocity", "distal_latency", "block", "f_wave", "duration", "dispersion")


def features(facts: set[str]) -> int:
    return len(facts & set(FEATURES))


def hadden_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    hand = in_this_set(hand, study)
    return {
        "velocity": slow(nerve, 50, 90, 85),
        "distal_latency": left_out_or(hand, late(nerve, 100, 110, 120)),
        "block": both(nerve.amplitude_ratio(below, HALF), nerve.dcmap_at_least(20)),
        "f_wave": nerve.f_latency(above, 120),
        "below_10": nerve.dcmap_below(10),
        "at_least_10": nerve.dcmap_at_least(10),
        "below_80": small(nerve, 80),
        **basic_normality(nerve, hand),
        "proximal_not_normal": proximal_not_normal(nerve),
        "ratio_not_normal": ratio_not_normal(nerve, HALF),
    }


def hadden_facts(items: Items) -> Facts:
    facts = met(items)
    add_not_normal(facts)
    if features(facts) >= 1:
        facts.add("feature")
    if features(facts) == 1 and "below_10" in facts:
        facts.add("allowed_feature")
    if features(facts) >= 2 and "at_least_10" in facts:
        facts.add("two_features")
    counted = {"feature", "allowed_feature", "two_features", "below_10", "below_80", "not_normal"}
    return frozenset(facts & counted)


def none_or_one_allowed(n: Counts) -> bool:
    """No feature in any nerve; one allowed in one nerve with a very small dCMAP."""
    return n["feature"] == 0 or (n["feature"] == 1 and n["allowed_feature"] == 1)


def hadden_verdict(n: Counts, study: Study) -> str:
    demyelinating = n["feature"] >= 2 or (n["two_features"] >= 1 and study.n_present == 1)
    axonal = none_or_one_allowed(n) and n["below_80"] >= 2
    return in_order(n, study, demyelinating, axonal)


HADDEN_1998 = CriteriaSet(
    "gbs_hadden_1998",
    "gbs",
    Cuts(
        dcmap=lower_excludes(10, 20, 50, 80, 100),
        dml=lower_includes(100, 110, 120),
        mcv=lower_excludes(85, 90, 100),
        f=lower_includes(100, 120),
        reads_f=True,
        amplitude_ratio=lower_excludes("0.5") + lower_includes("0.5"),
        proximal_pct=lower_excludes(100),
    ),
    hadden_items,
    hadden_facts,
    hadden_verdict,
    minimum_motor_nerves=2,
)

# ----------------------------------------------------------------------------------------------- 3.2 Rajabally 2015


def low_ratio_no_tibial(nerve: MotorNerve) -> Truth:
    return False if nerve.nerve == "tibial" else nerve.amplitude_ratio(below, SEVENTY)


def ratio_not_normal_no_tibial(nerve: MotorNerve) -> Truth:
    return False if nerve.nerve == "tibial" else ratio_not_normal(nerve, SEVENTY)


def rajabally_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    hand = in_this_set(hand, study)
    return {
        "velocity": nerve.any_velocity(below, 70),
        "distal_latency": left_out_or(hand, nerve.distal_latency(above, 150)),
        "f_wave": late_f(nerve, 50, 120, 150),
        "f_absent": both(nerve.f_absent, nerve.dcmap_at_least(20)),
        "low_ratio": low_ratio_no_tibial(nerve),
        "below_10": nerve.dcmap_below(10),
        "below_80": small(nerve, 80),
        **basic_normality(nerve, hand),
        "ratio_not_normal": ratio_not_normal_no_tibial(nerve),
    }


def rajabally_facts(items: Items) -> Facts:
    facts = met(items)
    add_not_normal(facts)
    if features(facts) >= 1:
        facts.add("feature")
    if features(facts) == 1 and "below_10" in facts:
        facts.add("allowed_feature")
    if facts & {"feature", "f_absent", "low_ratio"}:
        facts.add("parameter")
    if facts & {"f_absent", "low_ratio"}:
        facts.add("absent_or_low")
    if facts & {"f_absent", "low_ratio", "below_80"}:
        facts.add("absent_low_or_small")
    counted = {"feature", "allowed_feature", "f_absent", "low_ratio", "parameter", "absent_or_low",
               "absent_low_or_small", "below_10", "below_80", "not_normal"}  # fmt: skip
    return frozenset(facts & counted)


def rajabally_verdict(n: Counts, study: Study) -> str:
    demyelinating = (
        n["feature"] >= 2
        or (n["f_absent"] >= 2 and n["parameter"] >= 3)
        or (n["low_ratio"] >= 2 and n["parameter"] >= 3)
    )
    axonal = none_or_one_allowed(n) and (
        n["below_80"] >= 2
        or (n["f_absent"] >= 2 and n["feature"] == 0 and n["low_ratio"] == 0)
        or n["low_ratio"] >= 2
        or (n["absent_or_low"] >= 1 and n["below_80"] >= 1 and n["absent_low_or_small"] >= 2)
    )
    return in_order(n, study, demyelinating, axonal)


RAJABALLY_2015 = CriteriaSet(
    "gbs_rajabally_2015",
    "gbs",
    Cuts(
        dcmap=lower_excludes(10, 20, 50, 80, 100),
        dml=lower_includes(100, 150),
        mcv=lower_excludes(70, 100),
        f=lower_includes(100, 120, 150),
        reads_f=True,
        amplitude_ratio=lower_excludes("0.7") + lower_includes("0.7"),
    ),
    rajabally_items,
    rajabally_facts,
    rajabally_verdict,
    minimum_motor_nerves=2,
)

# -------------------------------------------------------------------------------------------------- 3.3 Uncini 2017

UNCINI_DURATION_LIMITS = {
    nerve: Fraction(limit)
    for nerve, limit in {"median": "9.5", "ulnar": "10.2", "fibular": "9.5", "tibial": "8.9"}.items()
}


def uncini_items(unit: Unit, hand: Hand, study: Study) -> Items:
    items: Items = {}
    nerve = unit.motor
    if nerve is not None:
        hand = in_this_set(hand, study)
        items |= {
            "velocity": nerve.any_velocity(below, 70),
            "distal_latency": left_out_or(hand, nerve.distal_latency(above, 130)),
            "duration": long_duration(nerve, UNCINI_DURATION_LIMITS),
            "dispersion": nerve.duration_ratio(above, DISPERSION),
            "f_wave": nerve.f_latency(above, 120),
            "f_absent": both(nerve.f_absent, nerve.dcmap_at_least(20)),
            "f_absent_or_rare": f_absent_or_rare(nerve),
            "low_ratio": low_ratio_no_tibial(nerve),
            "below_10": nerve.dcmap_below(10),
            "below_20": nerve.dcmap_below(20),
            "below_80": small(nerve, 80),
            **basic_normality(nerve, hand),
            "ratio_not_normal": ratio_not_normal_no_tibial(nerve),
        }
    if unit.sensory is not None and unit.key[0] == "ulnar":
        items["ulnar_snap_abnormal"] = unit.sensory.snap_abnormal
    if unit.sensory is not None and unit.key[0] == "sural":
        items["sural_normal"] = unit.sensory.normal
    return items


def f_absent_or_rare(nerve: MotorNerve) -> Truth:
    """F absent, or persistence given and < 20 %."""
    if nerve.absent:
        return False
    rare = None if nerve.f_wave.state == "unknown" else below(nerve.f_wave.persistence, 20)
    return either(nerve.f_absent, False if nerve.f_wave.state == "absent" else rare)


def uncini_facts(items: Items) -> Facts:
    facts = met(items)
    add_not_normal(facts)
    if features(facts) >= 1:
        facts.add("feature")
        if "below_20" in facts:
            facts.add("allowed_feature")
    if facts & {"feature", "f_absent"}:
        facts.add("feature_or_absent")
    if facts & {"f_absent_or_rare", "low_ratio", "below_80"}:
        facts.add("axonal_sign")
    if items.get("sural_normal", True) is not True:
        facts.add("sural_not_normal")
    counted = {"feature", "allowed_feature", "f_absent", "feature_or_absent", "axonal_sign", "below_10", "not_normal",
               "ulnar_snap_abnormal", "sural_normal", "sural_not_normal"}  # fmt: skip
    return frozenset(facts & counted)


def uncini_verdict(n: Counts, study: Study) -> str:
    ulnar_not_sural = n["ulnar_snap_abnormal"] >= 1 and n["sural_normal"] >= 1 and n["sural_not_normal"] == 0
    two_others_absent = n["f_absent"] >= 2 and n["feature_or_absent"] >= 3
    demyelinating = n["feature"] >= 2 or (n["feature"] == 1 and (two_others_absent or ulnar_not_sural))
    axonal = none_or_one_allowed(n) and n["axonal_sign"] >= 2
    return in_order(n, study, demyelinating, axonal)


UNCINI_2017 = CriteriaSet(
    "gbs_uncini_2017",
    "gbs",
    Cuts(
        dcmap=lower_excludes(10, 20, 80, 100),
        dml=lower_includes(100, 130),
        mcv=lower_excludes(70, 100),
        f=lower_includes(100, 120),
        reads_f=True,
        persistence=lower_excludes(20),
        amplitude_ratio=lower_excludes("0.7") + lower_includes("0.7"),
        duration_ratio=lower_includes("1.3"),
        distal_duration=duration_cuts(UNCINI_DURATION_LIMITS, lower_includes),
        snap=lower_excludes(100),
        sensory_velocity=lower_excludes(100),
        sensory_latency=lower_includes(100),
        sensory_nerves=("ulnar", "sural"),
    ),
    uncini_items,
    uncini_facts,
    uncini_verdict,
    minimum_motor_nerves=2,
)

# ------------------------------------------------------------------------------------------------------ 3.4 Ho 1995


def ho_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    hand = in_this_set(hand, study)
    return {
        "velocity": slow(nerve, 50, 90, 85),
        "distal_latency": left_out_or(hand, late(nerve, 100, 110, 120)),
        "dispersion": nerve.duration_ratio(above, DISPERSION),
        "f_wave": nerve.f_latency(above, 120),
        "below_10": nerve.dcmap_below(10),
        "below_80": small(nerve, 80),
        **basic_normality(nerve, hand),
    }


def ho_facts(items: Items) -> Facts:
    facts = met(items)
    add_not_normal(facts)
    if features(facts) >= 1:
        facts.add("feature")
    return frozenset(facts & {"feature", "below_10", "below_80", "not_normal"})


def ho_verdict(n: Counts, study: Study) -> str:
    return in_order(n, study, n["feature"] >= 2, n["feature"] == 0 and n["below_80"] >= 1)


HO_1995 = CriteriaSet(
    "gbs_ho_1995",
    "gbs",
    Cuts(
        dcmap=lower_excludes(10, 50, 80, 100),
        dml=lower_includes(100, 110, 120),
        mcv=lower_excludes(85, 90, 100),
        f=lower_includes(100, 120),
        reads_f=True,
        duration_ratio=lower_includes("1.3"),
    ),
    ho_items,
    ho_facts,
    ho_verdict,
    minimum_motor_nerves=2,
)

# ---------------------------------------------------------------------------------------------------- 3.5 older sets

DEMYELINATION_ONLY = (NOT, DEMYELINATING)


def demyelinating_if(condition: bool) -> str:
    return DEMYELINATING if condition else NOT


def any_feature_facts(items: Items) -> Facts:
    return frozenset({"feature"} if met(items) else ())


def two_nerves(n: Counts, study: Study) -> str:
    return demyelinating_if(n["feature"] >= 2)


def albers_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    hand = in_this_set(hand, study)
    return {
        "velocity": slow(nerve, 50, 95, 85),
        "distal_latency": left_out_or(hand, late(nerve, 100, 110, 120)),
        "dispersion": nerve.duration_ratio(above, DISPERSION),
        "block": nerve.amplitude_ratio(below, SEVENTY),
        "f_wave": nerve.f_latency(above, 120),
    }


ALBERS_1985 = CriteriaSet(
    "gbs_albers_1985",
    "gbs",
    Cuts(
        dcmap=lower_excludes(50, 100),
        dml=lower_includes(110, 120),
        mcv=lower_excludes(85, 95),
        f=lower_includes(120),
        amplitude_ratio=lower_excludes("0.7"),
        duration_ratio=lower_includes("1.3"),
    ),
    albers_items,
    any_feature_facts,
    two_nerves,
    monotone=DEMYELINATION_ONLY,
    minimum_motor_nerves=2,
)


def cornblath_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    hand = in_this_set(hand, study)
    return {
        "velocity": slow(nerve, 80, 80, 70),
        "block_or_dispersion": nerve.drop_in(nerve.block_pairs, Fraction(8, 10)),
        "distal_latency": left_out_or(hand, late(nerve, 80, 125, 150)),
        "f_wave": either(nerve.f_absent, late_f(nerve, 80, 120, 150)),
    }


CORNBLATH_1990 = CriteriaSet(
    "gbs_cornblath_1990",
    "gbs",
    Cuts(
        dcmap=lower_excludes(80),
        dml=lower_includes(125, 150),
        mcv=lower_excludes(70, 80),
        f=lower_includes(120, 150),
        reads_f=True,
        amplitude_ratio=lower_excludes("0.8"),
        area_ratio=lower_excludes("0.8"),
    ),
    cornblath_items,
    plain_facts,
    lambda n, _study: demyelinating_if(three_of_four(n)),
    monotone=DEMYELINATION_ONLY,
    minimum_motor_nerves=2,
)


def italian_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    hand = in_this_set(hand, study)
    return {
        "velocity": slow(nerve, 80, 80, 70),
        "distal_latency": left_out_or(hand, late(nerve, 80, 125, 150)),
        "dispersion": nerve.duration_ratio(above, DISPERSION),
        "block": nerve.amplitude_ratio(below, SEVENTY),
        "f_wave": late_f(nerve, 80, 120, 150),
    }


def italian_verdict(n: Counts, study: Study) -> str:
    items = (n["velocity"] >= 2, n["distal_latency"] >= 2, n["dispersion"] + n["block"] >= 1, n["f_wave"] >= 2)
    return demyelinating_if(sum(items) >= 2)


ITALIAN_1996 = CriteriaSet(
    "gbs_italian_1996",
    "gbs",
    Cuts(
        dcmap=lower_excludes(80),
        dml=lower_includes(125, 150),
        mcv=lower_excludes(70, 80),
        f=lower_includes(120, 150),
        amplitude_ratio=lower_excludes("0.7"),
        duration_ratio=lower_includes("1.3"),
    ),
    italian_items,
    plain_facts,
    italian_verdict,
    monotone=DEMYELINATION_ONLY,
    minimum_motor_nerves=2,
)


def dutch_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    hand = in_this_set(hand, study)
    duration = None if nerve.absent else percent(nerve.distal.duration, nerve.distal.duration_limit)
    return {
        "velocity": nerve.any_velocity(below, 70),
        "distal_latency": left_out_or(hand, nerve.distal_latency(above, 150)),
        "duration": False if nerve.absent else above(duration, 300),
        "f_wave": nerve.f_latency(above, 150),
    }


DUTCH_1995 = CriteriaSet(
    "gbs_dutch_1995",
    "gbs",
    Cuts(
        dml=lower_includes(150),
        mcv=lower_excludes(70),
        f=lower_includes(150),
        distal_duration_pct=lower_includes(300),
    ),
    dutch_items,
    any_feature_facts,
    two_nerves,
    monotone=DEMYELINATION_ONLY,
    switches=False,
    minimum_motor_nerves=2,
)

GBS_SETS = (
    HADDEN_1998,
    RAJABALLY_2015,
    UNCINI_2017,
    HO_1995,
    ALBERS_1985,
    CORNBLATH_1990,
    ITALIAN_1996,
    DUTCH_1995,
)

# ------------------------------------------------------------------------------------------------ 3.6 beside the sets


def gbs_sensory_nerves(study: Study) -> list[SensoryNerve]:
    """Every tested sensory nerve; without the median of a hand with CTS only where exclusion was asked for."""
    hand = hands(study)
    return [
        nerve
        for nerve in study.sensory.values()
        if not (nerve.nerve == "median" and in_this_set(hand[nerve.side], study).cts)
    ]


def aman_amsan(criteria: CriteriaSet, study: Study) -> str | None:
    """AMAN: axonal with normal SNAPs; AMSAN: axonal with SNAP < 50 % LLN or absent in two nerves."""
    if verdict(criteria, study) != AXONAL:
        return None
    nerves = gbs_sensory_nerves(study)
    lost = sum(nerve.absent or below(nerve.amplitude_pct, 50) is True for nerve in nerves)
    if lost >= 2:
        return "AMSAN"
    evaluable = [nerve for nerve in nerves if nerve.snap_abnormal is not None]
    return "AMAN" if evaluable and not any(nerve.snap_abnormal for nerve in evaluable) else None


def high_specificity_signs(study: Study) -> dict[str, bool]:
    """Sural sparing (CTS excluded), and a dDuration > 8.5 ms at 2 Hz in any nerve (EAN/PNS 2023)."""
    hand = hands(study)
    tested = [nerve for nerve in study.sensory.values() if not (nerve.nerve == "median" and hand[nerve.side].cts)]
    long = any(above(nerve.distal_duration, Fraction(17, 2)) is True for nerve in study.motor.values())
    return {
        "sural_sparing": sural_sparing(tested, ("median", "ulnar")),
        "long_distal_duration": study.low_cut_hz == 2 and long,
    }
