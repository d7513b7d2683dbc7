"""Every entrapment site of a study that was looked at: what was found there, by what, and its grade."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ncs_analyzer.decimals import above
from ncs_analyzer.grouping import span
from ncs_analyzer.interpretation.entrapment import BUSCHBACHER_SLOWING, BUSCHBACHER_VELOCITY, ELBOW_VELOCITY
from ncs_analyzer.interpretation.median_wrist import (
    COMPARISONS,
    GRADES,
    NOTHING_TESTED,
    REASONS,
    SEVERE_LATENCY,
    TOLD_NOT,
)
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, SIDES
from ncs_analyzer.wording import number

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis


@dataclass(frozen=True)
class EntrapmentSite:
    """One site. `present`: entrapment there; `by`: what says so; `grade`: Bland's number and word, median only;
    `values`: what was measured, by name with unit; `notes`: what a reader must know beside it."""

    nerve: str
    side: str
    site: str
    present: bool
    by: str
    grade: int | None = None
    grade_name: str | None = None
    values: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def entrapment_sites(analysis: "Analysis", study: int) -> Iterator[EntrapmentSite]:
    """The sites of one study, wrists first."""
    for side in (0, 1):
        if analysis.pattern.median_wrist.reason[side, study] != NOTHING_TESTED:
            yield _wrist(analysis, study, side)
    motor, entrapment = analysis.physiology.motor, analysis.pattern.entrapment
    for line in span(motor.study, study).tolist():
        if entrapment.across[line] >= 0:
            yield _across(analysis, line)


def _wrist(analysis: "Analysis", study: int, side: int) -> EntrapmentSite:
    found = analysis.pattern.median_wrist
    reason, grade = int(found.reason[side, study]), int(found.grade[side, study])
    values = {
        f"{name}_difference_ms": float(found.differences[name][side, study])
        for name in COMPARISONS
        if np.isfinite(found.differences[name][side, study])
    }
    if np.isfinite(found.index[side, study]):
        values["combined_sensory_index_ms"] = float(found.index[side, study])
    notes = [
        f"{name} finger test over unequal distances: not evaluated" if name != "palm" else
        "palm test over unequal distances: not evaluated"
        for name in COMPARISONS if found.unequal[name][side, study]
    ]  # fmt: skip
    notes += [
        f"no median response in the {name} test"
        for name in COMPARISONS
        if found.positive[name][side, study] and not np.isfinite(found.differences[name][side, study])
    ]
    if found.boundary[side, study]:
        notes.append(f"a distal latency of exactly {SEVERE_LATENCY:g} ms stands in no grade as published; counted as 5")
    if analysis.facts.sensory.left_out_hands["met"][side, study] and reason == 0:
        notes.append(
            "the comparison tests are normal; criteria sets leave the nerve out by its distal latency all the same"
        )
    return EntrapmentSite(
        nerve="median",
        side=SIDES[side],
        site="wrist",
        present=bool(found.judged[side, study]),
        by=_by(analysis, study, side, reason),
        grade=grade if grade >= 0 else None,
        grade_name=GRADES[grade] if grade >= 0 else None,
        values=values,
        notes=tuple(notes),
    )


def _by(analysis: "Analysis", study: int, side: int, reason: int) -> str:
    if reason == TOLD_NOT:
        return "the file says there is none"
    if reason:
        return "told in the file" if REASONS[reason] == "told" else REASONS[reason]
    pattern, motor, nerves = analysis.pattern, analysis.physiology.motor, analysis.physiology.sensory
    own = span(motor.study, study)[motor.side[span(motor.study, study)] == side]
    long = above(motor.dml_pct[own[motor.is_nerve("median")[own]]], 100.0).any()
    hand = span(nerves.study, study)[nerves.side[span(nerves.study, study)] == side]
    sensory = pattern.sensory_class_abnormal[hand[nerves.is_nerve("median")[hand]]].any()
    return "median nerve abnormal, but not put down to the wrist" if long or sensory else "nothing abnormal"


def _across(analysis: "Analysis", line: int) -> EntrapmentSite:
    motor, pairs, entrapment = analysis.physiology.motor, analysis.physiology.pairs, analysis.pattern.entrapment
    pair = int(entrapment.across[line])
    nerve = MOTOR_NERVES[motor.nerve[line]]
    at_elbow = nerve == "ulnar"
    present = bool(entrapment.elbow[line] if at_elbow else entrapment.head[line])
    measured = {
        "velocity_m_per_s": pairs.velocity[pair],
        "slower_than_below_m_per_s": entrapment.slower[line],
        "amplitude_reduction_pct": 100 * (1 - pairs.measured_amp_ratio[pair]),
    }
    values = {name: float(value) for name, value in measured.items() if np.isfinite(value)}
    notes = [_buschbacher(values)] if at_elbow and present and "velocity_m_per_s" in values else []
    by = "AAEM 1999, unconfirmed" if at_elbow else "97th percentile, Buschbacher 1999"
    if not present and values.get("velocity_m_per_s", ELBOW_VELOCITY) < ELBOW_VELOCITY and at_elbow:
        notes = ["slow, but so is the forearm: nothing focal"]
    return EntrapmentSite(
        nerve,
        SIDES[motor.side[line]],
        "elbow" if at_elbow else "fibular head",
        present,
        by if present or notes else f"within the limits of {by}",
        values=values,
        notes=tuple(notes),
    )


def _buschbacher(values: dict[str, float]) -> str:
    slow = values["velocity_m_per_s"] < BUSCHBACHER_VELOCITY
    step = values.get("slower_than_below_m_per_s", 0.0) > BUSCHBACHER_SLOWING
    said = "beyond" if slow or step else "within"
    return f"{said} Buschbacher's limits ({number(BUSCHBACHER_VELOCITY)} m/s, {number(BUSCHBACHER_SLOWING)} m/s slower)"
