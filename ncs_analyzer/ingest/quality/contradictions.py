"""Values that deny each other: kept, reported, and withheld from every limit and criterion."""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.grouping import combine
from ncs_analyzer.ingest.quality.checks import Checks
from ncs_analyzer.ingest.quality.possible import (
    DISTANCE_STEP,
    FASTEST_IMPLIED,
    LATENCY_STEP,
    LONGEST_DISTAL_LATENCY,
    POSSIBLE_ANYWHERE,
    SHORTEST_DISTAL,
    SHORTEST_DISTANCE,
    SHORTEST_LIMB,
    SPARE,
)
from ncs_analyzer.readings import BIT
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER

_TEN_TIMES: Final = (7.5, 13.0)
"""A velocity off by this factor means that the distance is in another unit."""
_ENDS: Final = ("wrist", "ankle")
_BEYOND: Final = ("below_elbow", "elbow", "above_elbow", "arm", "axilla", "erb",
                  "below_fibular_head", "above_fibular_head", "popliteal_fossa", "knee", "thigh")  # fmt: skip
"""Sites a forearm or lower leg away from its end."""
_USUAL: Final = 50.0
"""m/s; what a velocity that is not written is held against."""


def find_contradictions(checks: Checks) -> None:
    """Every check of values against each other, on responses sorted by study, nerve, muscle and site."""
    _peak_before_onset(checks)
    _sensory_velocity(checks)
    proximal = _motor_segments(checks)
    _distal_latency(checks, proximal)
    _f_before_m(checks, proximal)


def _peak_before_onset(checks: Checks) -> None:
    values = checks.pool.values
    wrong = values["peak_latency_ms"] < values["latency_ms"]
    for row in np.flatnonzero(wrong):
        checks.report("peak-before-onset", ": the peak comes before the onset.", row, "peak_latency_ms")
    checks.withhold(wrong, "latency_ms", "peak_latency_ms")


def _sensory_velocity(checks: Checks) -> None:
    """The velocity is distance over onset latency, or over peak latency in laboratories that measure so."""
    values = checks.pool.values
    rows = checks.is_any("study", "sensory", "mixed")
    onset, peak = values["latency_ms"], values["peak_latency_ms"]
    distance, velocity = values["distance_mm"], values["velocity_m_per_s"]
    by_onset = _agrees(velocity, distance, onset, LATENCY_STEP / 2)
    by_peak = _agrees(velocity, distance, peak, LATENCY_STEP / 2)
    slowest = distance / (peak + LATENCY_STEP) * (1 - SPARE) - 1
    known = np.isfinite(velocity) & np.isfinite(distance)
    wrong = rows & known & np.where(np.isfinite(onset), ~by_onset & ~by_peak, velocity < slowest)
    latency = np.where(np.isfinite(onset), onset, peak)
    short = rows & np.isnan(velocity) & (distance < SHORTEST_DISTANCE) & _ten_times(_USUAL * latency / distance)
    for row in np.flatnonzero(wrong | short):
        _disagreement(checks, row, distance[row] / latency[row])
    checks.withhold(wrong, "velocity_m_per_s", "distance_mm", "latency_ms")
    checks.withhold(short, "distance_mm")


def _motor_segments(checks: Checks) -> Mask:
    """Check every segment between two sites; returns which rows are the proximal end of one."""
    pool = checks.pool
    order = _site_order(checks)
    present = pool.text["response"] == pool.code("response", "present")
    rows = np.flatnonzero(checks.is_("study", "motor") & present & (order >= 0))
    proximal = np.zeros(len(order), bool)
    if not len(rows):
        return proximal
    here, below = rows[1:], rows[:-1]
    same = np.ones(len(here), bool)
    for codes in (pool.study, pool.text["nerve"], pool.text["side"], checks.recording()):
        same &= codes[here] == codes[below]
    here, below = here[same], below[same]
    proximal[here] = True
    latency, distance, velocity = (pool.values[n] for n in ("latency_ms", "distance_mm", "velocity_m_per_s"))
    gap = latency[here] - latency[below]
    for row, distal in zip(here[gap <= 0], below[gap <= 0], strict=True):
        message = f": latency {latency[row]:g} ms is not longer than {latency[distal]:g} ms more distally."
        checks.report("latency-order", message, row, "latency_ms")
    checks.withhold(here[gap <= 0], "latency_ms", "velocity_m_per_s")
    checks.withhold(below[gap <= 0], "latency_ms")
    known = (gap > 0) & np.isfinite(velocity[here]) & np.isfinite(distance[here])
    wrong = known & ~_agrees(velocity[here], distance[here], gap, LATENCY_STEP)
    for row, distal, difference in zip(here[wrong], below[wrong], gap[wrong], strict=True):
        if not _disagreement(checks, row, distance[row] / difference):
            checks.withhold(np.array([distal]), "latency_ms")
    checks.withhold(here[wrong], "velocity_m_per_s", "distance_mm", "latency_ms")
    implied = distance[here] / np.where(gap > 0, gap, np.nan)
    bare = np.isnan(velocity[here]) & np.isfinite(implied)
    bare &= (implied < POSSIBLE_ANYWHERE["velocity_m_per_s"][0]) | (implied > FASTEST_IMPLIED)
    for row, value in zip(here[bare], implied[bare], strict=True):
        _disagreement(checks, row, value)
    checks.withhold(here[bare], "distance_mm", "latency_ms")
    agrees = np.isfinite(velocity[here]) & _agrees(velocity[here], distance[here], gap, LATENCY_STEP)
    limb = checks.is_any("stimulation", *_ENDS)[below] & checks.is_any("stimulation", *_BEYOND)[here]
    _centimetres(checks, proximal, here[limb & (distance[here] < SHORTEST_LIMB)], here[agrees])
    return proximal


def _centimetres(checks: Checks, proximal: Mask, short: Rows, proven: Rows) -> None:
    """Distances that are too short for the limb (`short`: rows), or between muscle and most distal site, are in cm; so are
    the others of their nerve, but for those that a velocity proves (`proven`)."""
    pool = checks.pool
    distance, motor = pool.values["distance_mm"], checks.is_("study", "motor")
    wrong = motor & ~proximal & (distance < SHORTEST_DISTAL)
    wrong[short] = True
    text = pool.text
    nerve = combine(pool.study, text["nerve"], text["side"])
    wrong[proven] = False
    open_ = np.isfinite(distance) & ((pool.withheld & BIT["distance_mm"]) == 0)
    open_[proven] = False
    all_of = motor & np.isin(nerve, nerve[wrong]) & open_
    for row in np.flatnonzero(all_of):
        message = f": distance {distance[row]:g} mm is too short, or stands beside one that is; it is probably in cm."
        checks.report("distance-unit", message, row, "distance_mm")
    checks.withhold(all_of, "distance_mm")


def _disagreement(checks: Checks, row: np.intp, implied: float) -> bool:
    """A velocity that distance and latency deny; ten times off means the unit of the distance: then true."""
    values = checks.pool.values
    printed, distance = values["velocity_m_per_s"][row], values["distance_mm"][row]
    ratio = (printed if np.isfinite(printed) else _USUAL) / implied
    if _ten_times(ratio) or _ten_times(1 / ratio):
        message = f": distance {distance:g} mm gives {implied:.3g} m/s; its unit is probably another."
        checks.report("distance-unit", message, row, "distance_mm")
        return True
    written = f"{printed:g} is written" if np.isfinite(printed) else "which cannot be"
    message = f": distance {distance:g} mm and the latencies give {implied:.3g} m/s, {written}."
    checks.report("velocity-disagrees", message, row, "velocity_m_per_s" if np.isfinite(printed) else "distance_mm")
    return False


def _ten_times(ratio: Floats | float) -> Mask:
    found: Mask = (np.asarray(ratio) > _TEN_TIMES[0]) & (np.asarray(ratio) < _TEN_TIMES[1])
    return found


def _distal_latency(checks: Checks, proximal: Mask) -> None:
    """A distal motor latency as long as this is a percentage or a slip."""
    latency = checks.pool.values["latency_ms"]
    wrong = checks.is_("study", "motor") & ~proximal & (latency > LONGEST_DISTAL_LATENCY)
    for row in np.flatnonzero(wrong):
        checks.report("impossible-value", f": distal latency {latency[row]:g} ms is not possible.", row, "latency_ms")
    checks.refuse(wrong, "latency_ms")


def _f_before_m(checks: Checks, proximal: Mask) -> None:
    """An F wave comes later than the direct response from the same muscle."""
    pool = checks.pool
    latency = pool.values["latency_ms"]
    muscle = combine(pool.study, pool.text["nerve"], pool.text["side"], checks.recording())
    direct = np.flatnonzero(checks.is_("study", "motor") & ~proximal & np.isfinite(latency))
    late = np.flatnonzero(checks.is_("study", "f_wave") & np.isfinite(latency))
    if not len(direct) or not len(late):
        return
    direct = direct[np.argsort(muscle[direct], kind="stable")]
    m = direct[np.minimum(np.searchsorted(muscle[direct], muscle[late]), len(direct) - 1)]
    wrong = (muscle[m] == muscle[late]) & (latency[late] <= latency[m])
    for row, other in zip(late[wrong], m[wrong], strict=True):
        measured = f"the distal latency {latency[other]:g} ms"
        message = f": F latency {latency[row]:g} ms is not longer than {measured}."
        checks.report("f-before-m", message, row, "latency_ms")
    checks.withhold(late[wrong], "latency_ms")
    checks.withhold(m[wrong], "latency_ms")


def _agrees(velocity: Floats, distance: Floats, time: Floats, step: float) -> Mask:
    """Whether a velocity lies within what distance over time allows, given how finely both are read off."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slow = (distance - DISTANCE_STEP) / (time + step)
        fast = np.where(time > step, (distance + DISTANCE_STEP) / (time - step), np.inf)
    found: Mask = (velocity >= slow * (1 - SPARE) - 1) & (velocity <= fast * (1 + SPARE) + 1)
    return found


def _site_order(checks: Checks) -> Codes:
    names = checks.pool.names["stimulation"]
    order = np.array([*(SITE_ORDER.get(name, -1) for name in names), -1], np.int32)
    return order[checks.pool.text["stimulation"]]
