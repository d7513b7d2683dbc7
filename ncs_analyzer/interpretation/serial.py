"""Change between two studies of one patient, nerve by nerve, and reversible conduction failure.

Changes inside repeat error (20 % for amplitudes, 10 % for latencies, velocities and F waves; about one standard
deviation of repeated measurement) are called unchanged. Reversible conduction failure: Chan YC et al., Muscle Nerve 2017;56:919,
doi 10.1002/mus.25577: a distal CMAP or SNAP that rises by at least 50 %; or an amplitude ratio that leaves the block range
while the distal latency or duration shortens or the velocity rises.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask, Rows
from ncs_analyzer.decimals import above, at_least, at_most, below
from ncs_analyzer.grouping import find, has_any, least
from ncs_analyzer.interpretation.pattern import Pattern
from ncs_analyzer.physiology.motor import nerve_key

REPEAT_ERROR: Final = {"amplitude": 20.0, "other": 10.0}
"""Percent of the earlier value."""
RISE: Final = 1.5

MEASURES: Final = {
    "distal_amplitude": ("dcmap", "amplitude", +1, "mV"),
    "distal_latency": ("dml", "other", -1, "ms"),
    "distal_duration": ("duration", "other", -1, "ms"),
    "velocity": ("first_velocity", "other", +1, "m/s"),
    "minimal_f_latency": ("f_latency", "other", -1, "ms"),
}
"""Of motor nerves: field, kind of repeat error, +1 where more is better, unit."""

CHANGES: Final = ("not_comparable", "unchanged", "better", "worse")


@dataclass(frozen=True)
class Change:
    """One measure of the nerves that stand in both studies. `line`, `before`: their lines; `code`: into CHANGES."""

    measure: str
    unit: str
    line: Rows
    earlier: Floats
    later: Floats
    code: Codes


@dataclass(frozen=True)
class Serial:
    """`previous`: per study, the study of the same patient before it, or -1. `motor`, `sensory`: lines of the later
    study and of the earlier one, for nerves tested in both."""

    pattern: Pattern
    previous: Rows
    motor: tuple[Rows, Rows]
    sensory: tuple[Rows, Rows]

    @cached_property
    def changes(self) -> list[Change]:
        """Every measure of motor nerves, then the SNAP."""
        motor, (line, before) = self.pattern.facts.motor, self.motor
        found = []
        for name, (column, error, sign, unit) in MEASURES.items():
            values = getattr(motor, column)
            if column == "dcmap":
                values = np.where(motor.absent, 0.0, values)
            found.append(_change(name, unit, line, values[before], values[line], REPEAT_ERROR[error], sign))
        line, before = self.sensory
        snap = self._snap
        return [*found, _change("snap", "uV", line, snap[before], snap[line], REPEAT_ERROR["amplitude"], +1)]

    @cached_property
    def _snap(self) -> Floats:
        """The largest SNAP of each sensory nerve; absent is 0."""
        snaps, n = self.pattern.facts.physiology.snaps, len(self.pattern.facts.sensory.nerves)
        values = np.where(snaps.absent, 0.0, snaps.snap)
        return -least(snaps.line, -values, n)

    @cached_property
    def recovered(self) -> dict[str, Mask]:
        """Reversible conduction failure, per entry of `motor` (cmap, block) and `sensory` (snap)."""
        motor, (line, before) = self.pattern.facts.motor, self.motor
        cmap = np.where(motor.absent, 0.0, motor.dcmap)
        blocked = self.pattern.findings["block"]
        known = ~np.isnan(motor.amp_ratio)
        faster = (
            below(motor.dml[line], motor.dml[before])
            | below(motor.duration[line], motor.duration[before])
            | above(motor.first_velocity[line], motor.first_velocity[before])
        )
        after, earlier = self.sensory
        return {
            "cmap": _rises(cmap[before], cmap[line]),
            "block": blocked[before] & ~blocked[line] & known[line] & faster,
            "snap": _rises(self._snap[earlier], self._snap[after]),
        }

    def of_study(self) -> Mask:
        """Studies in which some nerve recovered so since the study before."""
        facts, n = self.pattern.facts, self.pattern.facts.physiology.studies
        motor = has_any(facts.motor.study[self.motor[0]], self.recovered["cmap"] | self.recovered["block"], n)
        return motor | has_any(facts.sensory.nerves.study[self.sensory[0]], self.recovered["snap"], n)


def _change(name: str, unit: str, line: Rows, earlier: Floats, later: Floats, error: float, sign: int) -> Change:
    code = np.zeros(len(line), np.int8)
    known = ~np.isnan(earlier) & ~np.isnan(later)
    rise, room = later - earlier, earlier * error / 100.0
    code[known] = CHANGES.index("unchanged")
    code[known & above(sign * rise, room)] = CHANGES.index("better")
    code[known & above(-sign * rise, room)] = CHANGES.index("worse")
    return Change(name, unit, line, earlier, later, code)


def _rises(earlier: Floats, later: Floats) -> Mask:
    """By at least half; from nothing to something too."""
    return at_least(later, RISE * earlier) & above(later, 0.0) & ~at_most(later, earlier)


def find_serial(pattern: Pattern, studies: pd.DataFrame) -> Serial:
    """The nerves that each study shares with the study of the same patient before it."""
    previous = _previous(studies)
    motor, nerves = pattern.facts.motor, pattern.facts.sensory.nerves
    return Serial(
        pattern,
        previous,
        _shared(previous, motor.study, nerve_key(np.zeros_like(motor.study), motor.nerve, motor.side)),
        _shared(previous, nerves.study, nerves.nerve.astype(np.int64) * 2 + nerves.side),
    )


def _previous(studies: pd.DataFrame) -> Rows:
    """By date, or by days since onset where no study of the patient has a date; unknown times are left out."""
    found = np.full(len(studies), -1, np.intp)
    if not studies["patient_id"].duplicated().any():
        return found
    date = pd.to_datetime(studies["study_date"], errors="coerce")
    for when in (date.astype("int64").where(date.notna()).to_numpy(float), studies["days_since_onset"].to_numpy(float)):
        patient = pd.factorize(studies["patient_id"])[0]
        open_ = np.flatnonzero(~np.isnan(when) & (found < 0))
        order = open_[np.lexsort((when[open_], patient[open_]))]
        same = (patient[order[1:]] == patient[order[:-1]]) & (when[order[1:]] > when[order[:-1]])
        found[order[1:][same]] = order[:-1][same]
    return found


def _shared(previous: Rows, study: Codes, key: Keys) -> tuple[Rows, Rows]:
    wide = int(key.max(initial=0)) + 1
    own = study.astype(np.int64) * wide + key
    before = previous[study]
    at = np.where(before >= 0, find(own, before * wide + key), -1)
    line = np.flatnonzero(at >= 0)
    return line, at[line]
