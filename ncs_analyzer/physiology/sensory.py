"""Sensory nerves: every sensory response against its limits, and the nerves they belong to."""

from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.grouping import starts
from ncs_analyzer.reference.lookup import Limits
from ncs_analyzer.responses import ABSENT, NERVE, Responses
from ncs_analyzer.vocabulary.anatomy import LIMB_OF, NERVES, SENSORY_NERVE_OF

_MERGED: Final = np.arange(len(NERVES), dtype=np.int32)
_MERGED[NERVE["superficial_radial"]] = NERVE["radial"]
COUNTED: Final = np.isin(_MERGED, [NERVE[name] for name in set(SENSORY_NERVE_OF.values())])
_LOWER: Final = np.array([LIMB_OF[name] == "lower" for name in NERVES])


@dataclass(frozen=True)
class SensoryNerves:
    """Sensory nerves tested, sorted by study, nerve and side; the superficial radial nerve is the radial.

    `nerve`: index into NERVES; `side`: 0 left, 1 right.
    """

    study: Codes
    nerve: Codes
    side: Codes

    def __len__(self) -> int:
        return len(self.study)

    @property
    def counted(self) -> Mask:
        """The nerves that criteria speak of: median, ulnar, radial, sural."""
        found: Mask = COUNTED[self.nerve]
        return found

    def is_nerve(self, *names: str) -> Mask:
        """Which lines are of the nerves named."""
        return np.isin(self.nerve, [NERVE[name] for name in names])

    @property
    def limb(self) -> Codes:
        """0 left arm, 1 right arm, 2 left leg, 3 right leg."""
        return (self.side + 2 * _LOWER[self.nerve]).astype(np.int32)


@dataclass(frozen=True)
class SensoryResponses:
    """Sensory responses of those nerves. `line`: line of SensoryNerves; `row`: row of the readings; `*_pct` in percent
    of the limit, NaN where value or limit is missing. Velocity as printed, or from distance and onset latency."""

    line: Rows
    row: Rows
    absent: Mask
    snap: Floats
    snap_pct: Floats
    onset_pct: Floats
    peak_pct: Floats
    velocity: Floats
    velocity_pct: Floats
    computed: Mask

    def __len__(self) -> int:
        return len(self.line)

    def take(self, rows: Rows | Mask) -> Self:
        """Some of the responses."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def with_(self, **values: Any) -> Self:
        """A copy with some fields changed."""
        return replace(self, **values)


def sensory_nerves(responses: Responses, limits: Limits) -> tuple[SensoryNerves, SensoryResponses]:
    """All sensory nerves tested and their responses."""
    rows = np.flatnonzero(responses.is_kind("sensory") & responses.tested & (responses.side >= 0))
    nerve = _MERGED[responses.nerve[rows]]
    key = (responses.study[rows].astype(np.int64) * len(NERVES) + nerve) * 2 + responses.side[rows]
    order = np.argsort(key, kind="stable")
    rows, nerve, key = rows[order], nerve[order], key[order]
    first = starts(key)
    line = np.zeros(len(rows), np.intp)
    line[first[1:]] = 1
    v = responses.values
    absent = responses.response[rows] == ABSENT
    onset, velocity = v["latency_ms"][rows], v["velocity_m_per_s"][rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        own = v["distance_mm"][rows] / onset
    computed = np.isnan(velocity) & np.isfinite(own)
    velocity = np.where(computed, own, velocity)
    nerves = SensoryNerves(responses.study[rows[first]], nerve[first], responses.side[rows[first]])
    found = SensoryResponses(
        line=np.cumsum(line),
        row=rows,
        absent=absent,
        snap=v["amplitude_uv"][rows],
        snap_pct=limits.percent("amplitude_uv", v["amplitude_uv"])[rows],
        onset_pct=limits.percent("latency_ms", v["latency_ms"])[rows],
        peak_pct=limits.percent("peak_latency_ms", v["peak_latency_ms"])[rows],
        velocity=velocity,
        velocity_pct=100.0 * velocity / limits.value["velocity_m_per_s"][rows],
        computed=computed,
    )
    return nerves, found
