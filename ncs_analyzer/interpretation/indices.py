"""Ratios of amplitudes of one side: sural over radial, the split-hand index, and the sensory ratio. Information only.

Sural/radial: below 0.40 Rutkove SB et al., Muscle Nerve 1997;20:1236, PMID 9324079 (USA); by age Mansukhani KA et al.,
Ann Indian Acad Neurol 2020;23:255, doi 10.4103/aian.AIAN_321_20 (India). They disagree: most healthy Indians of the second
lie below the limit of the first. Split hand: APB x FDI / ADM, below 5.2 Menon P et al., Clin Neurophysiol 2013;124:410, doi
10.1016/j.clinph.2012.07.025; below 7.2 Neurol Int 2022;14:707, doi 10.3390/neurolint14030059. Sensory ratio: (sural +
radial) / (median + ulnar), no limit used.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Mask, Rows
from ncs_analyzer.interpretation.picked import absent, pick, value
from ncs_analyzer.responses import Responses

SURAL_RADIAL_LIMIT: Final = 0.40
SURAL_RADIAL_BY_AGE: Final = ((18, 31, 0.30), (31, 41, 0.23), (41, 51, 0.20), (51, 71, 0.17), (71, 150, 0.08))
"""From this age, to below that age, the lowest normal ratio."""
SPLIT_HAND_LIMITS: Final = (5.2, 7.2)
NO_ADM_MV: Final = 0.1
"""An absent ADM response counts as this much in the split-hand index, as in the second paper."""


@dataclass(frozen=True)
class Indices:
    """By side, [side, study]; NaN where a part was not tested. `sural_radial_by_age`: the limit for the patient's age."""

    sural_radial: Floats
    sural_radial_by_age: Floats
    split_hand: Floats
    sensory_ratio: Floats


def find_indices(responses: Responses, age: Floats) -> Indices:
    """The indices of every study. `age` in years, one per study."""
    n = len(age)
    snap = {
        name: pick(responses, n, "sensory", nerves)
        for name, nerves in (
            ("sural", ("sural",)),
            ("radial", ("superficial_radial", "radial")),
            ("median", ("median",)),
            ("ulnar", ("ulnar",)),
        )
    }
    uv = {name: _amplitude(responses, rows, "amplitude_uv") for name, rows in snap.items()}
    muscle = {
        name: _amplitude(responses, pick(responses, n, "motor", (nerve,), (name,), "wrist"), "amplitude_mv")
        for name, nerve in (("APB", "median"), ("FDI", "ulnar"), ("ADM", "ulnar"))
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        sural_radial = np.where(_alike(responses, snap["sural"], snap["radial"]), uv["sural"] / uv["radial"], np.nan)
        sensory_ratio = (uv["sural"] + uv["radial"]) / (uv["median"] + uv["ulnar"])
    adm = np.where(muscle["ADM"] == 0, NO_ADM_MV, muscle["ADM"])
    return Indices(
        sural_radial=_finite(sural_radial),
        sural_radial_by_age=_limit_by_age(age),
        split_hand=_finite(muscle["APB"] * muscle["FDI"] / adm),
        sensory_ratio=_finite(sensory_ratio),
    )


def _amplitude(responses: Responses, rows: Rows, column: str) -> Floats:
    return np.where(absent(responses, rows), 0.0, value(responses, rows, column))


def _alike(responses: Responses, one: Rows, other: Rows) -> Mask:
    """Both amplitudes measured the same way, base to peak or peak to peak; an absent one fits either."""
    if not len(responses):
        return np.zeros(one.shape, bool)
    same = responses.convention[np.maximum(one, 0)] == responses.convention[np.maximum(other, 0)]
    found: Mask = same | absent(responses, one)
    return found


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _limit_by_age(age: Floats) -> Floats:
    limit = np.full(len(age), np.nan)
    for start, end, lowest in SURAL_RADIAL_BY_AGE:
        limit[(age >= start) & (age < end)] = lowest
    return limit
