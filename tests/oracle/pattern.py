"""Class of each nerve and category of the study (interpretation.md, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

from .blocks import DEFINITE, PROBABLE, PROBABLE_OR_BETTER, grade
from .cidp import DISPERSION, TIBIAL_DISPERSION, ean_duration_item, late, late_f, left_out_or, slow
from .nerves import Hand, Key, MotorNerve, Pair, SensoryNerve, Study, hands, percent
from .truth import above, at_least, below, either

NORMAL, AXONAL, SLOWED, REDUCED = "normal", "axonal", "slowed", "reduced"
DEMYELINATING, NOT_CLASSIFIABLE = "demyelinating", "not_classifiable"


@dataclass(frozen=True)
class Pattern:
    """Classes of the motor and of the sensory nerves; where an entrapment explains a finding; the category."""

    motor: dict[Key, str]
    sensory: dict[Key, str]
    compression: set[Key]
    category: str


def has_block(nerve: MotorNerve, pair: Pair) -> bool:
    return grade("cb_efns_pns_2010_cidp", nerve.nerve, pair) in (DEFINITE, PROBABLE, PROBABLE_OR_BETTER)


def dispersed(nerve: MotorNerve, pair: Pair) -> bool:
    if nerve.nerve == "tibial":
        return at_least(pair.duration_ratio, TIBIAL_DISPERSION) is True
    return above(pair.duration_ratio, DISPERSION) is True


def motor_class(nerve: MotorNerve, hand: Hand, study: Study) -> str:
    if nerve.absent:
        return AXONAL
    primary = (
        slow(nerve, 80, 80, 70) is True
        or left_out_or(hand, late(nerve, 80, 125, 150)) is True
        or late_f(nerve, 80, 120, 150) is True
        or any(has_block(nerve, pair) for pair in nerve.block_pairs)
        or any(dispersed(nerve, pair) for pair in nerve.segments)
        or ean_duration_item(nerve, study.low_cut_hz) is True
    )
    if primary:
        return DEMYELINATING
    if nerve.dcmap_pct is None:
        return NOT_CLASSIFIABLE
    if nerve.dcmap_pct < 100:
        return AXONAL
    beyond = either(
        left_out_or(hand, nerve.distal_latency(above, 100)),
        nerve.any_velocity(below, 100),
        nerve.f_latency(above, 100),
        nerve.f_absent,
    )
    return SLOWED if beyond is True else NORMAL


def sensory_class(nerve: SensoryNerve) -> str:
    if nerve.snap_abnormal is True:
        return REDUCED
    if nerve.snap_abnormal is None:
        return NOT_CLASSIFIABLE
    return SLOWED if nerve.abnormal is True else NORMAL


def compression_findings(study: Study) -> set[Key]:
    """Nerves with a finding that was left out because it lies at a common entrapment site."""
    hand = hands(study)
    found: set[Key] = set()
    for nerve in study.motor.values():
        if nerve.nerve == "median" and hand[nerve.side].latency_left_out and above(nerve.dml_pct, 100) is True:
            found.add(nerve.key)
        before: Pair | None = None
        for pair in nerve.recorded_pairs:
            slow_there = below(pair.velocity_pct, 100) is True
            if before is not None and before.j == pair.i and below(before.velocity_pct, 100) is True:
                # the nerve is slow below the site too: focal only where it is more than 10 m/s slower still
                known = before.velocity is not None and pair.velocity is not None
                slow_there = slow_there and known and before.velocity - pair.velocity > 10
            before = pair
            if not pair.counted and (slow_there or has_block(nerve, pair) or dispersed(nerve, pair)):
                found.add(nerve.key)
    for sensory in study.sensory.values():
        if sensory.nerve == "median" and hand[sensory.side].cts and sensory_class(sensory) in (REDUCED, SLOWED):
            found.add(sensory.key)
    return found


def any_limit(nerve: MotorNerve) -> bool:
    """Something measured that has a limit; an absent response is judged without one."""
    compared = [
        nerve.dcmap_pct,
        nerve.dml_pct,
        nerve.f_wave.pct,
        percent(nerve.distal_duration, nerve.distal.duration_limit),
    ]
    compared += [pair.velocity_pct for pair in nerve.recorded_pairs if pair.counted and not pair.erb]
    return nerve.absent or any(value is not None for value in compared)


def category_of(motor: dict[Key, str], sensory: dict[Key, str], compression: set[Key], study: Study) -> str:
    """Over the nerves that no entrapment explains: an entrapped nerve counts only if it is demyelinating elsewhere too."""
    if len(motor) < 2 or not any(any_limit(nerve) for nerve in study.motor.values()):
        return "insufficient_data"
    explained = {key for key in compression if motor.get(key) != DEMYELINATING}
    motor = {key: name for key, name in motor.items() if key not in explained}
    sensory = {key: name for key, name in sensory.items() if key not in compression}
    quiet = (NORMAL, NOT_CLASSIFIABLE)
    abnormal = {key for classes in (motor, sensory) for key, name in classes.items() if name not in quiet}
    if not abnormal:
        return "focal" if compression else NORMAL
    demyelinating = sum(name == DEMYELINATING for name in motor.values())
    axonal = sum(name == AXONAL for name in motor.values())
    lost = {key for key, name in motor.items() if name == AXONAL}
    lost |= {key for key, name in sensory.items() if name == REDUCED}
    if demyelinating >= 2:
        return DEMYELINATING if demyelinating >= axonal else "mixed"
    if demyelinating == 1 and axonal >= 2:
        return "mixed"
    if demyelinating == 0 and len(lost) >= 2:
        return AXONAL
    return "focal" if len(abnormal) == 1 else "equivocal"


def pattern_of(study: Study) -> Pattern:
    hand = hands(study)
    motor = {
        key: motor_class(nerve, hand[nerve.side] if nerve.nerve == "median" else Hand(), study)
        for key, nerve in study.motor.items()
    }
    sensory = {
        key: sensory_class(nerve)
        for key, nerve in study.sensory.items()
        if not (nerve.nerve == "median" and hand[nerve.side].cts)
    }
    compression = compression_findings(study)
    return Pattern(motor, sensory, compression, category_of(motor, sensory, compression, study))
