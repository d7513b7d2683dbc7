"""CIDP criteria sets (criteria.md, section 2)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .cuts import Cut, Cuts, exactly, lower_excludes, lower_includes
from .nerves import ARM_NERVES, Hand, Key, MotorNerve, SensoryNerve, Study, hands
from .sets import Counts, CriteriaSet, Facts, Items, Unit, count, evaluate_items, met
from .truth import Test, Truth, above, at_least, at_most, below, both, either, switch

HALF, SEVENTY = Fraction(1, 2), Fraction(7, 10)
DISPERSION, TIBIAL_DISPERSION = Fraction(13, 10), Fraction(2)

# ------------------------------------------------------------------------------------------- quantities used by many


def left_out_or(hand: Hand, item: Truth) -> Truth:
    """The median DML of a hand with carpal tunnel syndrome is left out: its item does not apply."""
    return False if hand.latency_left_out else item


def switched(nerve: MotorNerve, at: int, if_at_least: Truth, if_less: Truth) -> Truth:
    """An item that switches on dCMAP%; equality belongs to the larger amplitude."""
    if nerve.absent:
        return False
    return switch(nerve.dcmap_at_least(at), if_at_least, if_less)


def slow(nerve: MotorNerve, at: int, if_at_least: int, if_less: int) -> Truth:
    """MCV% < one limit, or another for small amplitudes."""
    return switched(nerve, at, nerve.any_velocity(below, if_at_least), nerve.any_velocity(below, if_less))


def late(nerve: MotorNerve, at: int, if_at_least: int, if_less: int) -> Truth:
    """DML% > one limit, or another for small amplitudes."""
    return switched(nerve, at, nerve.distal_latency(above, if_at_least), nerve.distal_latency(above, if_less))


def late_f(nerve: MotorNerve, at: int, if_at_least: int, if_less: int) -> Truth:
    """F% > one limit, or another for small amplitudes."""
    return switched(nerve, at, nerve.f_latency(above, if_at_least), nerve.f_latency(above, if_less))


def long_duration(nerve: MotorNerve, limits: dict[str, Fraction], test: Test = above) -> Truth:
    """dDuration beyond the nerve's limit; a nerve without a limit (radial) is not met."""
    if nerve.absent or nerve.nerve not in limits:
        return False
    return test(nerve.distal_duration, limits[nerve.nerve])


# ---------------------------------------------------------------------------------------------- 2.1 EAN/PNS 2021

DURATION_NERVES = ("median", "ulnar", "fibular", "tibial")
EAN_DURATION_LIMITS = {
    filter_hz: {nerve: Fraction(limit) for nerve, limit in zip(DURATION_NERVES, row, strict=True)}
    for filter_hz, row in {
        2: ("8.4", "9.6", "8.8", "9.2"),
        5: ("8.0", "8.6", "8.5", "8.3"),
        10: ("7.8", "8.5", "8.3", "8.2"),
        20: ("7.4", "7.8", "8.1", "8.0"),
    }.items()
}


def nearest_filter(filter_hz: Fraction) -> int:
    """Nearest of 2, 5, 10 and 20 Hz on a log scale: the border between two of them is their geometric mean."""
    for lower, upper in ((2, 5), (5, 10), (10, 20)):
        if filter_hz * filter_hz < lower * upper:
            return lower
    return 20


def ean_duration_item(nerve: MotorNerve, low_cut_hz: Fraction | None) -> Truth:
    if nerve.absent or nerve.nerve not in EAN_DURATION_LIMITS[2]:
        return False
    if low_cut_hz is None:  # "filter unknown: not evaluable"; but section 1: only where the filter could change it
        shortest = min(limits[nerve.nerve] for limits in EAN_DURATION_LIMITS.values())
        return False if above(nerve.distal_duration, Fraction(str(shortest))) is False else None
    return long_duration(nerve, EAN_DURATION_LIMITS[nearest_filter(low_cut_hz)])


def ean_duration_cuts(nerve: str, low_cut_hz: Fraction | None) -> tuple[Cut, ...]:
    if low_cut_hz is None or nerve not in EAN_DURATION_LIMITS[2]:
        return ()
    return lower_includes(EAN_DURATION_LIMITS[nearest_filter(low_cut_hz)][nerve])


def ean_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    tibial = nerve.nerve == "tibial"
    enough = nerve.dcmap_at_least(20)
    return {
        "a": left_out_or(hand, nerve.distal_latency(at_least, 150)),
        "b": nerve.any_velocity(at_most, 70),
        "c": switched(nerve, 80, nerve.f_latency(at_least, 120), nerve.f_latency(at_least, 150)),
        "d": both(nerve.f_absent, enough),
        "e": False if tibial else both(nerve.amplitude_ratio(at_most, SEVENTY), enough),
        "f": nerve.duration_ratio(at_least, TIBIAL_DISPERSION) if tibial else nerve.duration_ratio(above, DISPERSION),
        "g": ean_duration_item(nerve, study.low_cut_hz),
    }


def guideline_facts(items: Items) -> Facts:
    """a-g, "any of a-g", "any of them but d"."""
    facts = met(items)
    if facts & set("abcdefg"):
        facts.add("any")
    if facts & set("abcefg"):
        facts.add("any_but_d")
    return frozenset(facts)


def ean_rules(n: Counts) -> dict[str, bool]:
    """Each way to strong support; the key names the items that support it."""
    return {
        "a": n["a"] >= 2,
        "b": n["b"] >= 2,
        "c": n["c"] >= 2,
        "d+abcdefg": n["d"] >= 2 and n["any"] >= 3,
        "e": n["e"] >= 2,
        "e+abcefg": n["e"] >= 1 and n["any_but_d"] >= 2,
        "f": n["f"] >= 2,
        "g+abcdefg": n["g"] >= 1 and n["any"] >= 2,
    }


STRONG, WEAK, NOT = "strongly_supportive", "weakly_supportive", "not_fulfilled"


def ean_verdict(n: Counts, study: Study) -> str:
    strong = any(ean_rules(n).values()) or (study.nerve_counting == "any" and n["any"] >= 2)
    return STRONG if strong else WEAK if n["any"] >= 1 else NOT


EAN_2021 = CriteriaSet(
    "cidp_ean_pns_2021",
    "cidp",
    Cuts(
        dcmap=lower_excludes(20, 80),
        dml=lower_excludes(150),
        mcv=lower_includes(70),
        f=lower_excludes(120, 150),
        reads_f=True,
        amplitude_ratio=lower_includes("0.7"),
        duration_ratio=lower_includes("1.3") + lower_excludes(2),
        distal_duration=ean_duration_cuts,
        reads_filter=True,
    ),
    ean_items,
    guideline_facts,
    ean_verdict,
    monotone=(NOT, WEAK, STRONG),
)


def contributing_nerves(items: dict[Key, Items], study: Study) -> set[Key]:
    """M: motor nerves carrying an item that contributes to the motor verdict."""
    facts = {key: guideline_facts(its_items) for key, its_items in items.items()}
    counts = count(facts.values())
    if ean_verdict(counts, study) != STRONG or study.nerve_counting == "any":
        return {key for key, some in facts.items() if "any" in some}
    letters: set[Key] = set()
    for rule, holds in ean_rules(counts).items():
        if holds:
            letters |= {key for key, some in facts.items() if some & set(rule)}
    return letters


def sensory_nerves(study: Study) -> list[SensoryNerve]:
    """Tested sensory nerves without the median nerve of a hand with carpal tunnel syndrome."""
    hand = hands(study)
    return [nerve for nerve in study.sensory.values() if not (nerve.nerve == "median" and hand[nerve.side].cts)]


def sural_sparing(nerves: list[SensoryNerve], arm_nerves: tuple[str, ...]) -> bool:
    """Any such arm nerve with abnormal SNAP, at least one sural tested, every tested sural normal."""
    sural = [nerve for nerve in nerves if nerve.nerve == "sural"]
    arm_abnormal = any(nerve.snap_abnormal is True for nerve in nerves if nerve.nerve in arm_nerves)
    return arm_abnormal and bool(sural) and all(nerve.normal is True for nerve in sural)


def sensory_velocity_demyelinating(nerve: SensoryNerve) -> Truth:
    """Velocity < 80 % LLN (SNAP >= 80 %) or < 70 % (SNAP < 80 %)."""
    if nerve.absent:
        return False
    return switch(at_least(nerve.amplitude_pct, 80), below(nerve.velocity_pct, 80), below(nerve.velocity_pct, 70))


def motor_nerve_normal(nerve: MotorNerve, hand: Hand) -> bool:
    """CMAP evaluable, nothing tested abnormal (the same reading as "SNAP evaluable, nothing tested abnormal")."""
    if nerve.absent or nerve.dcmap_pct is None or nerve.dcmap_pct < 100:
        return False
    abnormal = either(
        left_out_or(hand, nerve.distal_latency(above, 100)),
        nerve.any_velocity(below, 100),
        nerve.f_absent,
        nerve.f_latency(above, 100),
    )
    return abnormal is not True


PHENOTYPES = ("typical", "distal", "multifocal", "focal", "motor", "sensory")
CIDP, POSSIBLE = "CIDP", "possible_CIDP"


def ean_extras(study: Study) -> dict[str, object]:
    """Motor, sensory, sensory CIDP, the level of every phenotype, the headline."""
    items = evaluate_items(EAN_2021, study)
    items = {key: its_items for key, its_items in items.items() if its_items}
    motor = restricted_verdict(items, study)
    tested = sensory_nerves(study)
    abnormal = [nerve for nerve in tested if nerve.abnormal is True]
    normal = [nerve for nerve in tested if nerve.normal is True]
    sensory = "two_nerves" if len(abnormal) >= 2 else "one_nerve" if abnormal else "none"
    slow_nerves = [nerve for nerve in tested if sensory_velocity_demyelinating(nerve) is True]
    sensory_cidp = len(slow_nerves) >= 2 or sural_sparing(tested, ("median", "radial"))
    levels = {
        "typical": typical_level(motor, sensory),
        "distal": distal_level(items, study, sensory),
        "multifocal": multifocal_level(items, study, motor, sensory),
        "focal": focal_level(items, study, motor, abnormal),
        "motor": motor_level(motor, len(normal)),
        "sensory": sensory_level(items, study, sensory_cidp),
    }
    return {
        "motor": motor,
        "sensory": sensory,
        "sensory_cidp": sensory_cidp,
        "levels": levels,
        "headline": levels.get(study.phenotype),
        "motor_predominant": levels["motor"] != NOT and bool(abnormal),
        "contributing": contributing_nerves(items, study),
    }


def restricted_verdict(items: dict[Key, Items], study: Study) -> str:
    if not study.motor:
        return NOT
    return ean_verdict(count(guideline_facts(some) for some in items.values()), study)


def typical_level(motor: str, sensory: str) -> str:
    if sensory != "two_nerves":
        return NOT
    return {STRONG: CIDP, WEAK: POSSIBLE, NOT: NOT}[motor]


def distal_level(items: dict[Key, Items], study: Study, sensory: str) -> str:
    """Nerves with dCMAP < 1 mV do not count (an amplitude that is unknown is not known to be < 1 mV)."""
    large = {key: some for key, some in items.items() if below(study.motor[key].distal.amplitude, 1) is not True}
    upper = {key: some for key, some in large.items() if key[0] in ARM_NERVES}
    if sensory != "two_nerves":
        return NOT
    if restricted_verdict(upper, study) == STRONG:
        return CIDP
    if restricted_verdict(large, study) == STRONG or restricted_verdict(upper, study) == WEAK:
        return POSSIBLE
    return NOT


def limbs(keys: set[Key], study: Study) -> set[str]:
    return {study.motor[key].limb for key in keys}


def multifocal_level(items: dict[Key, Items], study: Study, motor: str, sensory: str) -> str:
    if sensory != "two_nerves" or motor == NOT:
        return NOT
    return CIDP if motor == STRONG and len(limbs(contributing_nerves(items, study), study)) > 1 else POSSIBLE


def focal_level(items: dict[Key, Items], study: Study, motor: str, abnormal: list[SensoryNerve]) -> str:
    where = limbs(contributing_nerves(items, study), study)
    if motor == NOT or len(where) != 1:
        return NOT
    in_limb = sum(nerve.limb in where for nerve in abnormal)
    if motor == STRONG and in_limb >= 2:
        return CIDP
    return POSSIBLE if in_limb >= 1 else NOT


def motor_level(motor: str, normal_sensory: int) -> str:
    if normal_sensory < 4:
        return NOT
    return {STRONG: CIDP, WEAK: POSSIBLE, NOT: NOT}[motor]


def sensory_level(items: dict[Key, Items], study: Study, sensory_cidp: bool) -> str:
    hand = hands(study)
    normal = sum(
        motor_nerve_normal(nerve, hand[nerve.side] if nerve.nerve == "median" else Hand())
        for nerve in study.motor.values()
    )
    no_item = not any("any" in guideline_facts(some) for some in items.values())
    return POSSIBLE if sensory_cidp and normal >= 4 and no_item else NOT


# ------------------------------------------------------------------- 2.2 EFNS/PNS 2010, 2.4 van den Bergh-Pieret

EFNS_DURATION_LIMITS = {
    nerve: Fraction(limit)
    for nerve, limit in {"median": "6.6", "ulnar": "6.7", "fibular": "7.6", "tibial": "8.8"}.items()
}
FOUR_NERVES_9 = {nerve: Fraction(9) for nerve in EFNS_DURATION_LIMITS}


def efns_like_items(nerve: MotorNerve, hand: Hand, f_limit: int, durations: dict[str, Fraction]) -> Items:
    enough = nerve.dcmap_at_least(20)
    return {
        "a": left_out_or(hand, nerve.distal_latency(at_least, 150)),
        "b": nerve.any_velocity(at_most, 70),
        "c": switched(nerve, 80, nerve.f_latency(at_least, f_limit), nerve.f_latency(at_least, 150)),
        "d": both(nerve.f_absent, enough),
        "e": both(nerve.amplitude_ratio(at_most, HALF), enough),
        "f": nerve.duration_ratio(above, DISPERSION),
        "g": long_duration(nerve, durations, at_least),
    }


def efns_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    probable = both(nerve.amplitude_ratio(at_most, SEVENTY), nerve.dcmap_at_least(20))
    return {
        **efns_like_items(nerve, hand, 130, EFNS_DURATION_LIMITS),
        "probable_block": False if nerve.nerve == "tibial" else probable,
    }


def efns_facts(items: Items) -> Facts:
    facts = set(guideline_facts(items))
    if facts & {"any", "probable_block"}:
        facts.add("any_or_probable_block")
    return frozenset(facts)


def efns_definite(n: Counts) -> bool:
    return (
        n["a"] >= 2
        or n["b"] >= 2
        or n["c"] >= 2
        or (n["d"] >= 2 and n["any"] >= 3)
        or n["e"] >= 2
        or (n["e"] >= 1 and n["any"] >= 2)
        or n["f"] >= 2
        or (n["g"] >= 1 and n["any"] >= 2)
    )


def efns_verdict(n: Counts, study: Study) -> str:
    if efns_definite(n):
        return "definite"
    block = n["probable_block"]
    if block >= 2 or (block >= 1 and n["any"] >= 1 and n["any_or_probable_block"] >= 2):
        return "probable"
    return "possible" if n["any"] >= 1 else NOT


def duration_cuts(
    limits: dict[str, Fraction], cut: Callable[[Fraction], tuple[Cut, ...]] = lower_excludes
) -> Callable[[str, Fraction | None], tuple[Cut, ...]]:
    """Cuts of dDuration, by nerve, whatever the filter."""

    def cuts(nerve: str, _filter: Fraction | None) -> tuple[Cut, ...]:
        return cut(limits[nerve]) if nerve in limits else ()

    return cuts


EFNS_2010 = CriteriaSet(
    "cidp_efns_pns_2010",
    "cidp",
    Cuts(
        dcmap=lower_excludes(20, 80),
        dml=lower_excludes(150),
        mcv=lower_includes(70),
        f=lower_excludes(130, 150),
        reads_f=True,
        amplitude_ratio=lower_includes("0.5", "0.7"),
        duration_ratio=lower_includes("1.3"),
        distal_duration=duration_cuts(EFNS_DURATION_LIMITS),
    ),
    efns_items,
    efns_facts,
    efns_verdict,
    monotone=(NOT, "possible", "probable", "definite"),
)


def efns_supportive_sensory(study: Study) -> bool:
    """Reported beside the verdict: sural normal with abnormal median or radial SNAP; or a velocity in range."""
    tested = sensory_nerves(study)
    return sural_sparing(tested, ("median", "radial")) or any(
        sensory_velocity_demyelinating(nerve) is True for nerve in tested
    )


def vdb_items(unit: Unit, hand: Hand, study: Study) -> Items:
    return {} if unit.motor is None else efns_like_items(unit.motor, hand, 120, FOUR_NERVES_9)


def vdb_verdict(n: Counts, study: Study) -> str:
    return "fulfilled" if efns_definite(n) else "possible" if n["any"] >= 1 else NOT


VDB_PIERET_2004 = CriteriaSet(
    "cidp_vdbergh_pieret_2004",
    "cidp",
    Cuts(
        dcmap=lower_excludes(20, 80),
        dml=lower_excludes(150),
        mcv=lower_includes(70),
        f=lower_excludes(120, 150),
        reads_f=True,
        amplitude_ratio=lower_includes("0.5"),
        duration_ratio=lower_includes("1.3"),
        distal_duration=duration_cuts(FOUR_NERVES_9),
    ),
    vdb_items,
    guideline_facts,
    vdb_verdict,
    monotone=(NOT, "possible", "fulfilled"),
)

# --------------------------------------------------------------------------------- 2.3 AAN 1991, and INCAT with it

FULFILLED = (NOT, "fulfilled")


def fulfilled(condition: bool) -> str:
    return "fulfilled" if condition else NOT


def f_absent_or_late(nerve: MotorNerve) -> Truth:
    return either(nerve.f_absent, late_f(nerve, 80, 120, 150))


def aan_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    return {
        "velocity": slow(nerve, 80, 80, 70),
        "block_or_dispersion": nerve.drop_in(nerve.aan_pairs, Fraction(8, 10)),
        "distal_latency": left_out_or(hand, late(nerve, 80, 125, 150)),
        "f_wave": f_absent_or_late(nerve),
    }


def plain_facts(items: Items) -> Facts:
    return frozenset(met(items))


def three_of_four(n: Counts) -> bool:
    return sum((n["velocity"] >= 2, n["block_or_dispersion"] >= 1, n["distal_latency"] >= 2, n["f_wave"] >= 2)) >= 3


AAN_CUTS = Cuts(
    dcmap=lower_excludes(80),
    dml=lower_includes(125, 150),
    mcv=lower_excludes(70, 80),
    f=lower_includes(120, 150),
    reads_f=True,
    amplitude_ratio=lower_excludes("0.8"),
    area_ratio=lower_excludes("0.8"),
    aan_pairs_only=True,
)

AAN_1991 = CriteriaSet(
    "cidp_aan_1991",
    "cidp",
    AAN_CUTS,
    aan_items,
    plain_facts,
    lambda n, _study: fulfilled(three_of_four(n)),
    monotone=FULFILLED,
)


def incat_facts(items: Items) -> Facts:
    facts = met(items)
    if facts & {"velocity", "distal_latency", "f_wave"}:
        facts.add("slowing")
    if facts:
        facts.add("either")
    return frozenset(facts)


def incat_verdict(n: Counts, study: Study) -> str:
    with_block = n["block_or_dispersion"] >= 2 and n["slowing"] >= 1 and n["either"] >= 3
    return fulfilled(with_block or n["slowing"] >= 3)


INCAT_2001 = CriteriaSet("cidp_incat_2001", "cidp", AAN_CUTS, aan_items, incat_facts, incat_verdict, monotone=FULFILLED)

# ------------------------------------------------------------------------------------------ 2.5 Albers & Kelly 1989


def block_or_dispersion_30(nerve: MotorNerve) -> Truth:
    """Duration ratio > 1.30 or amplitude ratio < 0.7."""
    return either(nerve.duration_ratio(above, DISPERSION), nerve.amplitude_ratio(below, SEVENTY))


def albers_kelly_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    return {
        "velocity": slow(nerve, 50, 90, 80),
        "distal_latency": left_out_or(hand, late(nerve, 100, 115, 125)),
        "dispersion": nerve.duration_ratio(above, DISPERSION),
        "block": nerve.amplitude_ratio(below, SEVENTY),
        "f_wave": nerve.f_latency(above, 125),
    }


def albers_kelly_verdict(n: Counts, study: Study) -> str:
    items = (n["velocity"] >= 2, n["distal_latency"] >= 2, n["dispersion"] + n["block"] >= 1, n["f_wave"] >= 1)
    return fulfilled(sum(items) >= 3)


ALBERS_KELLY_1989 = CriteriaSet(
    "cidp_albers_kelly_1989",
    "cidp",
    Cuts(
        dcmap=lower_excludes(50, 100),
        dml=lower_includes(115, 125),
        mcv=lower_excludes(80, 90),
        f=lower_includes(125),
        amplitude_ratio=lower_excludes("0.7"),
        duration_ratio=lower_includes("1.3"),
    ),
    albers_kelly_items,
    plain_facts,
    albers_kelly_verdict,
    monotone=FULFILLED,
)

# --------------------------------------------------------------------------------------------------- 2.6 the others


def koski_items(unit: Unit, hand: Hand, study: Study) -> Items:
    nerve = unit.motor
    if nerve is None:
        return {}
    return {
        "distal_latency": left_out_or(hand, nerve.distal_latency(above, 100)),
        "velocity": nerve.any_velocity(below, 100),
        "f_wave": nerve.f_latency(above, 100),
    }


def koski_verdict(n: Counts, study: Study) -> str:
    recordable = 100 * study.n_present >= 75 * study.n_motor
    same = any(2 * n[item] > study.n_motor for item in ("distal_latency", "velocity", "f_wave"))
    return fulfilled(recordable and same)


KOSKI_2009 = CriteriaSet(
    "cidp_koski_2009",
    "cidp",
    Cuts(dml=lower_includes(100), mcv=lower_excludes(100), f=lower_includes(100)),
    koski_items,
    plain_facts,
    koski_verdict,
    monotone=FULFILLED,
    switches=False,
)

BAROHN_1989 = CriteriaSet(
    "cidp_barohn_1989",
    "cidp",
    Cuts(mcv=lower_excludes(70)),
    lambda unit, _hand, _study: {} if unit.motor is None else {"velocity": unit.motor.any_velocity(below, 70)},
    plain_facts,
    lambda n, _study: fulfilled(n["velocity"] >= 2),
    monotone=FULFILLED,
    switches=False,
)

THAISETTHAWATKUL_2002 = CriteriaSet(
    "cidp_thaisetthawatkul_2002",
    "cidp",
    Cuts(distal_duration=duration_cuts(FOUR_NERVES_9, exactly)),
    lambda unit, _hand, _study: {} if unit.motor is None else {"duration": long_duration(unit.motor, FOUR_NERVES_9)},
    plain_facts,
    lambda n, _study: fulfilled(n["duration"] >= 1),
    monotone=FULFILLED,
    switches=False,
)

CIDP_SETS = (
    EAN_2021,
    EFNS_2010,
    AAN_1991,
    VDB_PIERET_2004,
    ALBERS_KELLY_1989,
    INCAT_2001,
    KOSKI_2009,
    BAROHN_1989,
    THAISETTHAWATKUL_2002,
)
