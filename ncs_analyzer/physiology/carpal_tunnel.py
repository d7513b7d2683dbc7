"""Median neuropathy at the wrist: known from the file, or suspected.

Suspected: median distal latency beyond its limit, ulnar distal latency of the same hand tested and within its limit,
and median forearm velocity not known to be below 90 % of its limit. What the file says (`cts_left`, `cts_right`)
outranks the suspicion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ncs_analyzer.arrays import Codes, Mask, Rows
from ncs_analyzer.decimals import above, at_least, at_most, below

if TYPE_CHECKING:
    from ncs_analyzer.physiology.motor import MotorNerves

FOREARM_PCT: Final = 90.0


def suspicion(nerves: MotorNerves, ulnar: Rows, told: Codes) -> dict[str, Mask]:
    """Whether a *prolonged* median distal latency of each line would be put down to the wrist.

    `ulnar`: line of the ulnar nerve of the same hand, or -1; `told`: 1 yes, 0 no, -1 not said. Returns `cts` (the
    decision), `cts_must` and `cts_may` (what untested measures leave open); all false for other nerves.
    """
    ulnar_pct = np.where(ulnar >= 0, nerves.dml_pct[np.maximum(ulnar, 0)], np.nan) if len(nerves) else nerves.dml_pct
    ulnar_fine = at_most(ulnar_pct, 100.0)
    ulnar_open = (
        (ulnar >= 0) & ~nerves.absent[np.maximum(ulnar, 0)] & np.isnan(ulnar_pct) if len(nerves) else ulnar_fine
    )
    slow = below(nerves.forearm_pct, FOREARM_PCT)
    fast = at_least(nerves.forearm_pct, FOREARM_PCT)
    median = nerves.is_nerve("median")
    yes, silent = median & (told == 1), median & (told < 0)
    return {
        "cts": yes | (silent & ulnar_fine & ~slow),
        "cts_must": yes | (silent & ulnar_fine & fast),
        "cts_may": yes | (silent & (ulnar_fine | ulnar_open) & ~slow),
    }


def left_out(nerves: MotorNerves, told: Codes) -> dict[str, Mask]:
    """Whether the median nerve of each line counts as compressed at the wrist now: told so, or suspected with a
    distal latency known to be prolonged. Returns `met`, `must` and `may`."""
    long = above(nerves.dml_pct, 100.0)
    maybe_long = long | (np.isnan(nerves.dml_pct) & ~nerves.absent)
    yes = nerves.is_nerve("median") & (told == 1)
    return {
        "met": yes | (nerves.cts & long),
        "must": yes | (nerves.cts_must & long),
        "may": yes | (nerves.cts_may & maybe_long),
    }
