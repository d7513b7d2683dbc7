"""What a verdict rests on, in numbers: for each item of a set and each nerve, the value, its limit and its row.

Only for reports on single studies: nothing here decides anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Mask
from ncs_analyzer.criteria.conditions import Quantity
from ncs_analyzer.criteria.sets import Facts
from ncs_analyzer.grouping import span
from ncs_analyzer.physiology.segments import Pairs


@dataclass(frozen=True)
class Trace:
    """The number a quantity stands for. `row`, `column`: the reading (row of the readings, column of VALUES) it is;
    `percent`: of the limit, or of the distal value for ratios; `pair`: line of Pairs, -1 where it is about none;
    `missing`: why there is no number, in words."""

    measure: str
    value: float | None
    unit: str
    percent: float | None
    row: int
    column: str
    pair: int = -1
    missing: str | None = None


def trace(quantity: Quantity, facts: Facts, line: int) -> Trace:
    """The number of one quantity in one motor nerve."""
    return _TRACES[quantity.measure](facts, line)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _why(value: float, percent: float, what: str) -> str | None:
    if np.isnan(value):
        return f"{what} not recorded"
    return f"no limit for {what}" if np.isnan(percent) else None


def _distal_latency(facts: Facts, line: int) -> Trace:
    m = facts.motor
    missing = _why(m.dml[line], m.dml_pct[line], "the distal latency")
    return Trace(
        "distal_latency",
        _number(m.dml[line]),
        "ms",
        _number(m.dml_pct[line]),
        int(m.row[line]),
        "latency_ms",
        missing=missing,
    )


def _amplitude(facts: Facts, line: int) -> Trace:
    m = facts.motor
    missing = None if m.absent[line] else _why(m.dcmap[line], m.dcmap_pct[line], "the distal amplitude")
    value, percent = _number(m.dcmap[line]), _number(m.dcmap_pct[line])
    return Trace("amplitude", value, "mV", percent, int(m.row[line]), "amplitude_mv", missing=missing)


def _duration(facts: Facts, line: int) -> Trace:
    m = facts.motor
    missing = "the distal CMAP duration not recorded" if np.isnan(m.duration[line]) else None
    if missing is None and np.isnan(m.low_cut[line]):
        missing = "the low-frequency filter is not known"
    return Trace("duration", _number(m.duration[line]), "ms", None, int(m.row[line]), "duration_ms", missing=missing)


def _f_latency(facts: Facts, line: int) -> Trace:
    m = facts.motor
    missing = None
    if not m.f_tested[line]:
        missing = "F waves not recorded"
    elif not m.f_absent[line]:
        missing = _why(m.f_latency[line], m.f_pct[line], "the F latency")
    value, percent = _number(m.f_latency[line]), _number(m.f_pct[line])
    return Trace("minimal_f_latency", value, "ms", percent, int(m.f_row[line]), "latency_ms", missing=missing)


def _f_persistence(facts: Facts, line: int) -> Trace:
    m = facts.motor
    return Trace("f_persistence", _number(m.f_persistence[line]), "%", None, int(m.f_row[line]), "persistence_pct")


def _worst(pairs: Pairs, line: int, use: Mask, value: Floats) -> int:
    """The counted pair of a nerve with the smallest value, or -1."""
    at = span(pairs.line, line)
    at = at[use[at] & ~np.isnan(value[at])]
    return int(at[np.argmin(value[at])]) if len(at) else -1


def _velocity(facts: Facts, line: int) -> Trace:
    pairs = facts.physiology.pairs
    use = pairs.counted & ~pairs.erb
    at = _worst(pairs, line, use, pairs.velocity_pct)
    if at < 0:
        at = _worst(pairs, line, use, pairs.velocity)
        missing = "no counted segment with a velocity" if at < 0 else "no limit for the velocity"
        value = float(pairs.velocity[at]) if at >= 0 else None
        row = int(pairs.proximal_row[at]) if at >= 0 else -1
        return Trace("velocity", value, "m/s", None, row, "velocity_m_per_s", at, missing)
    open_ = "a counted segment lacks velocity or limit" if facts.motor.mcv_open[line] else None
    return Trace(
        "velocity",
        float(pairs.velocity[at]),
        "m/s",
        float(pairs.velocity_pct[at]),
        int(pairs.proximal_row[at]),
        "velocity_m_per_s",
        at,
        open_,
    )


def _pair_ratio(
    measure: str,
    unit: str,
    column: str,
    ratio: Callable[[Pairs], Floats],
    proximal: Callable[[Pairs], Floats],
    sign: float,
) -> Callable[[Facts, int], Trace]:
    def find(facts: Facts, line: int) -> Trace:
        pairs = facts.physiology.pairs
        at = _worst(pairs, line, pairs.counted, sign * ratio(pairs))
        if at < 0:
            counted = bool((pairs.counted & (pairs.line == line)).any())
            missing = f"{measure} not recorded at both ends" if counted else "no counted pair of stimulation sites"
            return Trace(measure, None, unit, None, -1, column, -1, missing)
        open_ = None
        if (np.isnan(ratio(pairs)) & pairs.counted & (pairs.line == line)).any():
            open_ = f"{measure} not recorded at both ends of a counted pair"
        value = 0.0 if pairs.lost[at] else float(proximal(pairs)[at])
        return Trace(
            measure,
            value if np.isfinite(value) else None,
            unit,
            100 * float(ratio(pairs)[at]),
            int(pairs.proximal_row[at]),
            column,
            at,
            open_,
        )

    return find


def _tli(facts: Facts, line: int) -> Trace:
    m = facts.motor
    missing = None
    if np.isnan(m.distal_distance[line]):
        missing = "the distal distance not recorded"
    elif np.isnan(m.first_velocity[line]):
        missing = "the velocity of the segment from the distal site not recorded"
    elif np.isnan(m.dml[line]):
        missing = "the distal latency not recorded"
    return Trace(
        "terminal_latency_index", _number(m.tli[line]), "", None, int(m.row[line]), "latency_ms", missing=missing
    )


def _sensory(facts: Facts, line: int) -> Trace:
    abnormal = facts.sensory.abnormal_beside_motor
    missing = "the sensory study of the same nerve not complete" if abnormal.open[line] else None
    return Trace("sensory", None, "", None, -1, "amplitude_uv", missing=missing)


_TRACES: Final[dict[str, Callable[[Facts, int], Trace]]] = {
    "distal_latency": _distal_latency,
    "amplitude": _amplitude,
    "duration": _duration,
    "minimal_f_latency": _f_latency,
    "f_persistence": _f_persistence,
    "velocity": _velocity,
    "amplitude_ratio": _pair_ratio(
        "amplitude", "mV", "amplitude_mv", lambda p: p.amp_ratio, lambda p: p.amp_proximal, 1.0
    ),
    "area_ratio": _pair_ratio("area", "mV*ms", "area_mvms", lambda p: p.area_ratio, lambda p: p.area_proximal, 1.0),
    "duration_ratio": _pair_ratio(
        "duration", "ms", "duration_ms", lambda p: p.dur_ratio, lambda p: p.dur_proximal, -1.0
    ),
    "proximal_amplitude": _pair_ratio(
        "amplitude", "mV", "amplitude_mv", lambda p: p.prox_pct / 100, lambda p: p.amp_proximal, 1.0
    ),
    "terminal_latency_index": _tli,
    "sensory": _sensory,
}
