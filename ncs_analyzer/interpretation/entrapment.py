"""Entrapment of the ulnar nerve at the elbow and the fibular at the head of the fibula; the median: median_wrist.

Ulnar at the elbow: AAEM 1999 (Muscle Nerve 1999;22 Suppl 8:S171, unconfirmed), with Buschbacher's limits beside it; a
velocity below 50 m/s alone says nothing focal where the forearm is slow as well.
Fibular head: 97th percentile of 242 healthy subjects (Buschbacher 1999).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Mask, Rows
from ncs_analyzer.criteria.sets import Facts
from ncs_analyzer.decimals import above, below
from ncs_analyzer.grouping import has_any
from ncs_analyzer.physiology.segments import Pairs, ends_at, starts_at

ELBOW_VELOCITY: Final = 50.0
ELBOW_SLOWING: Final = 10.0
ELBOW_AMPLITUDE_DROP: Final = 20.0
"""Ulnar: m/s across the elbow, m/s slower than the forearm, percent of amplitude."""

HEAD_SLOWING: Final = 10.0
HEAD_SLOWING_PERCENT: Final = 12.0
HEAD_AMPLITUDE_DROP: Final = 25.0
"""Fibular: m/s slower than the leg, percent slower, percent of amplitude."""

FOCAL_SLOWING: Final = 10.0
"""m/s slower than the segment below it: focal even where that segment is slow too."""

BUSCHBACHER_VELOCITY: Final = 43.0
BUSCHBACHER_SLOWING: Final = 15.0
"""Ulnar, Buschbacher's limits for the same two numbers, shown beside the verdict."""


@dataclass(frozen=True)
class Entrapment:
    """Per motor nerve. `elbow`, `head`: entrapment there; `across`: the pair that crosses, or -1; `slower`: m/s by which
    it is slower than the segment below it."""

    elbow: Mask
    head: Mask
    across: Rows
    slower: Floats


def find_entrapment(facts: Facts) -> Entrapment:
    """Entrapment of every motor nerve, as decided from what was tested."""
    motor, pairs = facts.motor, facts.physiology.pairs
    n = len(motor)
    elbow = (
        motor.is_nerve("ulnar")[pairs.line] & starts_at(pairs, "below_elbow") & ends_at(pairs, "above_elbow", "elbow")
    )
    head = (
        motor.is_nerve("fibular")[pairs.line]
        & starts_at(pairs, "below_fibular_head")
        & ends_at(pairs, "above_fibular_head", "popliteal_fossa")
    )
    before = _before(pairs, pairs.velocity)
    slower = before - pairs.velocity
    drop = 100 * (1 - pairs.amp_ratio)
    focal = above(slower, ELBOW_SLOWING) | above(drop, ELBOW_AMPLITUDE_DROP)
    at_elbow = elbow & (focal | (below(pairs.velocity, ELBOW_VELOCITY) & ~_slow_before(pairs)))
    at_head = head & (
        above(slower, HEAD_SLOWING)
        | above(100 * slower / before, HEAD_SLOWING_PERCENT)
        | above(drop, HEAD_AMPLITUDE_DROP)
    )
    across = np.full(n, -1, np.intp)
    crossing = np.flatnonzero(elbow | head)
    across[pairs.line[crossing]] = crossing
    line_slower = np.full(n, np.nan)
    line_slower[pairs.line[crossing]] = slower[crossing]
    return Entrapment(has_any(pairs.line, at_elbow, n), has_any(pairs.line, at_head, n), across, line_slower)


def focally_slow(pairs: Pairs) -> Mask:
    """Pairs slower than their limit, and not only because the nerve is slow below them as well."""
    slower = _before(pairs, pairs.velocity) - pairs.velocity
    found: Mask = below(pairs.velocity_pct, 100.0) & (~_slow_before(pairs) | above(slower, FOCAL_SLOWING))
    return found


def _before(pairs: Pairs, values: Floats) -> Floats:
    """For every pair, the value of the segment just below it; NaN where there is none."""
    found = np.full(len(pairs), np.nan)
    if len(pairs) > 1:
        follows = (pairs.line[1:] == pairs.line[:-1]) & (pairs.distal_row[1:] == pairs.proximal_row[:-1])
        found[1:] = np.where(follows, values[:-1], np.nan)
    return found


def _slow_before(pairs: Pairs) -> Mask:
    """Pairs above a segment that is slow itself: slowness across the site is then nothing focal."""
    return below(_before(pairs, pairs.velocity_pct), 100.0)
