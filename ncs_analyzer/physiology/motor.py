"""Motor nerves: the recording that counts, its distal values, and every pair of stimulation sites.

One line per study, nerve and side that was stimulated (left and right are two nerves). Distal site: the most distal
site tested other than the palm. If it gave no response the nerve is absent and nothing else of it contributes.
"""

from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask, Rows
from ncs_analyzer.grouping import combine, find
from ncs_analyzer.physiology.carpal_tunnel import suspicion
from ncs_analyzer.physiology.late_responses import FWaves
from ncs_analyzer.physiology.segments import Pairs, forearm_velocity, pairs_of
from ncs_analyzer.reference.lookup import Limits
from ncs_analyzer.responses import ABSENT, NERVE, Responses
from ncs_analyzer.vocabulary.anatomy import (
    LIMB_OF,
    MOTOR_NERVES,
    MUSCLES,
    RECORDINGS,
    SECOND_MUSCLE,
    USUAL_MUSCLE,
)

NERVE_CODE: Final = {name: i for i, name in enumerate(MOTOR_NERVES)}
_MOTOR_CODE: Final = np.full(max(NERVE.values()) + 2, -1, np.int32)
for _name, _code in NERVE_CODE.items():
    _MOTOR_CODE[NERVE[_name]] = _code
_LOWER: Final = np.array([LIMB_OF[name] == "lower" for name in MOTOR_NERVES])


@dataclass(frozen=True)
class MotorNerves:
    """The motor nerves of all studies, sorted by study, nerve and side; every field has one entry per nerve.

    `nerve`: index into MOTOR_NERVES; `side`: 0 left, 1 right; `row`, `site`: response at the distal site (row of the
    readings) and that site. Amplitudes mV, latencies and durations ms; `*_pct` in percent of the limit found; NaN where
    unknown. From the counted pairs: `mcv_pct` the lowest, `amp_ratio` the lowest and `dur_ratio` the highest but for
    Erb's point, `amp_ratio_erb` that at Erb's point, `prox_pct` the lowest proximal amplitude but for Erb's point;
    `drop` the largest fall of amplitude or area in percent, `aan_drop` that in the segments of AAN 1991 only; each
    `*_open` says that some counted pair lacks that measure (or that no pair was recorded), so that it could be worse.
    `distal_distance` (mm, from the distal site to the muscle, through the palm if that was stimulated), `first_velocity`
    (m/s, of the segment that starts at the distal site) and `tli`, the terminal latency index made of them.
    `forearm_pct`: velocity of that segment in percent of its limit. `cts*` (median lines only): see physiology.carpal_tunnel.
    """

    study: Codes
    nerve: Codes
    side: Codes
    row: Rows
    site: Codes
    muscle: Codes
    absent: Mask
    dcmap: Floats
    dcmap_lln: Floats
    dcmap_pct: Floats
    dml: Floats
    dml_pct: Floats
    duration: Floats
    duration_pct: Floats
    low_cut: Floats
    mcv_pct: Floats
    mcv_open: Mask
    amp_ratio: Floats
    amp_ratio_erb: Floats
    amp_open: Mask
    dur_ratio: Floats
    dur_open: Mask
    prox_pct: Floats
    prox_open: Mask
    drop: Floats
    drop_erb: Floats
    drop_open: Mask
    aan_drop: Floats
    aan_drop_open: Mask
    f_tested: Mask
    f_absent: Mask
    f_latency: Floats
    f_pct: Floats
    f_persistence: Floats
    f_row: Rows
    distal_distance: Floats
    first_velocity: Floats
    tli: Floats
    forearm_pct: Floats
    cts: Mask
    cts_must: Mask
    cts_may: Mask

    def __len__(self) -> int:
        return len(self.study)

    def is_nerve(self, *names: str) -> Mask:
        """Which lines are of the nerves named."""
        return np.isin(self.nerve, [NERVE_CODE[name] for name in names])

    @property
    def lower_limb(self) -> Mask:
        found: Mask = _LOWER[self.nerve]
        return found

    @property
    def limb(self) -> Codes:
        """0 left arm, 1 right arm, 2 left leg, 3 right leg."""
        return (self.side + 2 * self.lower_limb).astype(np.int32)

    @cached_property
    def residual_latency(self) -> Floats:
        """Distal latency less the time that the distal distance would take at the velocity above it, ms."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.dml - self.distal_distance / self.first_velocity

    @property
    def key(self) -> Keys:
        """Study, nerve and side in one integer, ascending."""
        return nerve_key(self.study, self.nerve, self.side)

    def take(self, rows: Rows | Mask) -> Self:
        """Some of the lines."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def with_(self, **values: Any) -> Self:
        """A copy with some fields changed."""
        return replace(self, **values)


def nerve_key(study: Codes, nerve: Codes, side: Codes) -> Keys:
    """Study, motor nerve and side in one integer."""
    return (study.astype(np.int64) * len(MOTOR_NERVES) + nerve) * 2 + side


def motor_nerves(
    responses: Responses,
    limits: Limits,
    studies: pd.DataFrame,
    f_waves: FWaves,
    told_cts: Codes,
    include_compression: bool,
) -> tuple[MotorNerves, Pairs]:
    """The motor nerves of all studies and the pairs of stimulation sites of the recordings that count."""
    runs = responses.motor
    chosen = _recordings_that_count(responses)
    distal = runs.rows[runs.distal[chosen]]
    study, side = responses.study[distal], responses.side[distal]
    nerve = _MOTOR_CODE[responses.nerve[distal]]
    order = np.argsort(nerve_key(study, nerve, side), kind="stable")
    chosen, distal, study, nerve, side = chosen[order], distal[order], study[order], nerve[order], side[order]

    absent = responses.response[distal] == ABSENT
    present = np.where(absent, np.nan, 1.0)
    value = {c: responses.values[c][distal] * present for c in ("amplitude_mv", "latency_ms", "duration_ms")}
    lln = limits.value["amplitude_mv"][distal]
    distance = _distal_distance(responses, chosen)
    pairs = pairs_of(responses, limits, runs, chosen, nerve, absent, include_compression)
    f = find(f_waves.key, combine_key(study, nerve, side, responses.recording[distal]))
    n = len(chosen)
    nerves = MotorNerves(
        study=study,
        nerve=nerve,
        side=side,
        row=distal,
        site=responses.site[distal],
        muscle=responses.recording[distal],
        absent=absent,
        dcmap=value["amplitude_mv"],
        dcmap_lln=lln,
        dml=value["latency_ms"],
        dml_pct=_percent(value["latency_ms"], limits.value["latency_ms"][distal]),
        duration=value["duration_ms"],
        duration_pct=_percent(value["duration_ms"], limits.value["duration_ms"][distal]),
        low_cut=studies["low_cut_hz"].to_numpy(float)[study],
        f_tested=(f >= 0) & ~absent,
        f_absent=f_waves.pick(f_waves.absent, f, False) & ~absent,
        f_latency=f_waves.pick(f_waves.latency, f, np.nan) * present,
        f_pct=f_waves.pick(f_waves.percent, f, np.nan) * present,
        f_persistence=f_waves.pick(f_waves.persistence, f, np.nan) * present,
        f_row=f_waves.pick(f_waves.row, f, -1),
        distal_distance=distance * present,
        **{name: np.full(n, np.nan) for name in _DERIVED_NUMBERS},
        **{name: np.zeros(n, bool) for name in _DERIVED_MASKS},
    )
    return derive(nerves, pairs, told_cts), pairs


_DERIVED_NUMBERS: Final = (
    "dcmap_pct", "mcv_pct", "amp_ratio", "amp_ratio_erb", "dur_ratio", "prox_pct", "drop", "drop_erb", "aan_drop",
    "first_velocity", "tli", "forearm_pct",
)  # fmt: skip
_DERIVED_MASKS: Final = (
    "mcv_open", "amp_open", "dur_open", "prox_open", "drop_open", "aan_drop_open", "cts", "cts_must", "cts_may",
)  # fmt: skip


def derive(nerves: MotorNerves, pairs: Pairs, told_cts: Codes) -> MotorNerves:
    """The nerves with all that follows from their own values, their pairs of sites and the other nerve of the hand.

    `told_cts[side, study]`: what the file says of the median nerve at the wrist.
    """
    first = np.full(len(nerves), np.nan)
    first[pairs.line[pairs.first]] = pairs.velocity[pairs.first]
    nerves = nerves.with_(
        dcmap_pct=_percent(nerves.dcmap, nerves.dcmap_lln),
        **pairs.summary(len(nerves), nerves.absent),
        first_velocity=first,
        tli=terminal_latency_index(nerves.distal_distance, first, nerves.dml),
        forearm_pct=forearm_velocity(pairs, len(nerves)),
    )
    ulnar = find(nerves.key, nerve_key(nerves.study, np.full_like(nerves.nerve, NERVE_CODE["ulnar"]), nerves.side))
    return nerves.with_(**suspicion(nerves, ulnar, told_cts[nerves.side, nerves.study]))


def terminal_latency_index(distance: Floats, velocity: Floats, latency: Floats) -> Floats:
    """TLI = distal distance (mm) / (velocity (m/s) x distal latency (ms))."""
    found: Floats = distance / (velocity * latency)
    return found


def _distal_distance(responses: Responses, chosen: Rows) -> Floats:
    """From the distal site to the muscle, in mm. Where the palm was stimulated too the distal row gives the distance to
    the palm, and the palm's own distance comes on top."""
    runs = responses.motor
    distance = responses.values["distance_mm"]
    at, first = runs.distal[chosen], runs.first[chosen]
    own, palm = distance[runs.rows[at]], distance[runs.rows[first]]
    return np.where(at > first, own + palm, own)


def combine_key(study: Codes, nerve: Codes, side: Codes, muscle: Codes) -> Keys:
    """Study, motor nerve, side and muscle in one integer."""
    return nerve_key(study, nerve, side) * 512 + muscle


def _percent(value: Floats, limit: Floats) -> Floats:
    return 100.0 * value / limit


def _recordings_that_count(responses: Responses) -> Rows:
    """One run per study, nerve and side: the usual muscle; where it gave no response or was not recorded, another
    muscle that gave one (FDI and TA before others, these by name)."""
    runs = responses.motor
    candidates = np.flatnonzero(runs.distal >= 0)
    distal = runs.rows[runs.distal[candidates]]
    nerve = _MOTOR_CODE[responses.nerve[distal]]
    rank = _muscle_ranks()[np.maximum(nerve, 0), np.minimum(responses.recording[distal], len(RECORDINGS))]
    rank = np.where(responses.recording[distal] >= 0, rank, _NO_MUSCLE)
    known = (nerve >= 0) & (responses.side[distal] >= 0) & (rank < _NO_MUSCLE)
    candidates, distal, nerve, rank = candidates[known], distal[known], nerve[known], rank[known]
    rank = rank + _NO_MUSCLE * (responses.response[distal] == ABSENT)
    key = combine(responses.study[distal], nerve, responses.side[distal])
    order = np.lexsort((rank, key))
    best = np.ones(len(order), bool)
    best[1:] = key[order][1:] != key[order][:-1]
    return candidates[order[best]]


_NO_MUSCLE: Final = 1000


@cache
def _muscle_ranks() -> Codes:
    """For every motor nerve and recording name, how early that recording is taken; _NO_MUSCLE: never, as for the muscle
    of another nerve (the median nerve is stimulated recording ADM to find an anastomosis)."""
    names = {name: i for i, name in enumerate(sorted(MUSCLES))}
    owner = {muscle: nerve for of_nerve in (USUAL_MUSCLE, SECOND_MUSCLE) for nerve, muscle in of_nerve.items()}
    ranks = np.full((len(MOTOR_NERVES), len(RECORDINGS) + 1), _NO_MUSCLE, np.int32)
    for code, nerve in enumerate(MOTOR_NERVES):
        for i, recording in enumerate(RECORDINGS):
            if recording in names and owner.get(recording, nerve) == nerve:
                ranks[code, i] = 2 + names[recording]
        ranks[code, RECORDINGS.index(USUAL_MUSCLE[nerve])] = 0
        if nerve in SECOND_MUSCLE:
            ranks[code, RECORDINGS.index(SECOND_MUSCLE[nerve])] = 1
    return ranks
