"""Pairs of consecutive stimulation sites: amplitude, area and duration ratios, segment velocities, and which count.

Left out unless asked for: pairs across common entrapment sites, that is, from the palm of the median nerve, across the
elbow of the ulnar and across the head of the fibula of the fibular nerve. What is left out is kept, with its numbers.
"""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.grouping import has_any, least
from ncs_analyzer.physiology.anastomosis import explains_drop
from ncs_analyzer.reference.lookup import Limits
from ncs_analyzer.responses import ABSENT, MotorRuns, Responses
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, STIMULATIONS

SITE_CODE: Final = {name: i for i, name in enumerate(STIMULATIONS)}

COMPRESSION_SITES: Final = {
    "median": (("palm",), ("wrist", "forearm", "elbow", "arm", "axilla", "erb"), "wrist"),
    "ulnar": (
        ("palm", "wrist", "forearm", "below_elbow"),
        ("elbow", "above_elbow", "arm", "axilla", "erb"),
        "elbow",
    ),
    "fibular": (
        ("ankle", "leg", "calf", "below_fibular_head"),
        ("above_fibular_head", "popliteal_fossa", "thigh"),
        "fibular head",
    ),
}
"""By nerve: a pair that starts at one of these and ends at one of those crosses this entrapment site."""


AAN_SEGMENTS: Final = {
    "median": ("wrist", "elbow"),
    "ulnar": ("wrist", "below_elbow"),
    "fibular": ("ankle", "below_fibular_head"),
}
"""The only segments in which AAN 1991 looks for block and dispersion (Neurology 1991;41:617)."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of the recordings that count, sorted by nerve and from distal to proximal; one entry per pair.

    `line`: line of MotorNerves; `distal_row`, `proximal_row`: rows of the readings; `distal`, `proximal`: site codes.
    Amplitudes mV, areas mV·ms, durations ms. `lost`: the proximal response is absent: ratios are 0, the duration ratio
    is NaN. `velocity` m/s as printed or, where absent, computed from distance and latencies (`computed`).
    `compression`: crosses an entrapment site; `counted`: takes part in criteria; `erb`: ends at Erb's point;
    `anastomosis`: the drop is a Martin-Gruber anastomosis, so that both ratios count as 1 (`measured_amp_ratio` and
    `measured_area_ratio` stay); `aan_counted`: counted, and one of AAN_SEGMENTS; `first`: counted, short of Erb's point,
    and starting at the nerve's distal site; `distance` mm between the two sites.
    """

    line: Rows
    distal_row: Rows
    proximal_row: Rows
    distal: Codes
    proximal: Codes
    amp_distal: Floats
    amp_proximal: Floats
    amp_distal_lln: Floats
    area_distal: Floats
    area_proximal: Floats
    dur_distal: Floats
    dur_proximal: Floats
    lost: Mask
    prox_pct: Floats
    velocity: Floats
    velocity_pct: Floats
    computed: Mask
    compression: Mask
    counted: Mask
    erb: Mask
    anastomosis: Mask
    aan_counted: Mask
    first: Mask
    distance: Floats

    def __len__(self) -> int:
        return len(self.line)

    @cached_property
    def measured_amp_ratio(self) -> Floats:
        """Proximal over distal amplitude; 0 where the proximal response is absent."""
        return np.where(self.lost, 0.0, _ratio(self.amp_proximal, self.amp_distal))

    @cached_property
    def measured_area_ratio(self) -> Floats:
        """Proximal over distal area; 0 where the proximal response is absent, recorded areas or not."""
        return np.where(self.lost, 0.0, _ratio(self.area_proximal, self.area_distal))

    @cached_property
    def amp_ratio(self) -> Floats:
        """The amplitude ratio that criteria ask for: 1 where an anastomosis explains the drop."""
        return np.where(self.anastomosis, 1.0, self.measured_amp_ratio)

    @cached_property
    def area_ratio(self) -> Floats:
        """The area ratio that criteria ask for: 1 where an anastomosis explains the drop."""
        return np.where(self.anastomosis, 1.0, self.measured_area_ratio)

    @cached_property
    def dur_ratio(self) -> Floats:
        """Proximal over distal duration; NaN where the proximal response is absent."""
        return np.where(self.lost, np.nan, _ratio(self.dur_proximal, self.dur_distal))

    def of_lines(self, lines: Rows) -> Rows:
        """The pairs of some consecutive lines of MotorNerves."""
        if not len(lines):
            return np.zeros(0, np.intp)
        return np.arange(*np.searchsorted(self.line, (lines[0], lines[-1] + 1)))

    def take(self, rows: Rows | Mask) -> Self:
        """Some of the pairs."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def with_(self, **values: Any) -> Self:
        """A copy with some fields changed."""
        return replace(self, **values)

    @property
    def drop(self) -> Floats:
        """The larger of the drops of amplitude and area, percent; NaN only where neither is known."""
        return 100.0 * (1.0 - np.fmin(self.amp_ratio, self.area_ratio))

    def summary(self, n: int, absent: Mask) -> dict[str, NDArray[Any]]:
        """The worst of the counted pairs of each nerve, and whether a missing measure could be worse still."""
        near, erb, aan = self.counted & ~self.erb, self.counted & self.erb, self.aan_counted
        ratio, duration = self.amp_ratio, self.dur_ratio
        there = ~absent

        def lowest(value: Floats, use: Mask) -> Floats:
            return least(self.line, np.where(use, value, np.nan), n)

        def open_(use: Mask, missing: Mask) -> Mask:
            return (~has_any(self.line, use, n) | has_any(self.line, use & missing, n)) & there

        half_known = np.isnan(ratio) | np.isnan(self.area_ratio)
        return {
            "drop": -lowest(-self.drop, near),
            "drop_erb": -lowest(-self.drop, erb),
            "drop_open": open_(self.counted, half_known),
            "aan_drop": -lowest(-self.drop, aan),
            "aan_drop_open": open_(aan, half_known),
            "mcv_pct": lowest(self.velocity_pct, near),
            "mcv_open": open_(near, np.isnan(self.velocity_pct) & ~self.lost),
            "amp_ratio": lowest(ratio, near),
            "amp_ratio_erb": lowest(ratio, erb),
            "amp_open": open_(self.counted, np.isnan(ratio)),
            "dur_ratio": -lowest(-duration, near),
            "dur_open": open_(near, np.isnan(duration)),
            "prox_pct": lowest(np.where(self.lost, 0.0, self.prox_pct), near),
            "prox_open": open_(near, np.isnan(self.prox_pct) & ~self.lost),
        }


def _ratio(proximal: Floats, distal: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return proximal / distal


def pairs_of(
    responses: Responses,
    limits: Limits,
    runs: MotorRuns,
    chosen: Rows,
    nerve: Codes,
    absent: Mask,
    include_compression: bool,
) -> Pairs:
    """All pairs of the chosen runs. A pair whose distal end is absent is no pair; neither is any of an absent nerve."""
    line_of_run = np.full(len(runs.first), -1, np.intp)
    line_of_run[chosen] = np.arange(len(chosen))
    line = line_of_run[runs.run] if len(runs.rows) else np.zeros(0, np.intp)
    upper = np.flatnonzero((runs.below >= 0) & (line >= 0)) if len(runs.rows) else np.zeros(0, np.intp)
    upper = upper[~absent[line[upper]]]
    upper = upper[responses.response[runs.rows[runs.below[upper]]] != ABSENT]
    line = line[upper]
    here, below = runs.rows[upper], runs.rows[runs.below[upper]]
    distal, proximal = responses.site[below], responses.site[here]
    v = responses.values
    velocity, computed = _velocities(responses, here, below)
    compression = _crosses(nerve[line], distal, proximal)
    lost = responses.response[here] == ABSENT
    counted = np.full(len(line), True) if include_compression else ~compression
    erb = proximal == SITE_CODE["erb"]
    return Pairs(
        line=line,
        distal_row=below,
        proximal_row=here,
        distal=distal,
        proximal=proximal,
        amp_distal=v["amplitude_mv"][below],
        amp_proximal=v["amplitude_mv"][here],
        amp_distal_lln=limits.value["amplitude_mv"][below],
        area_distal=v["area_mvms"][below],
        area_proximal=v["area_mvms"][here],
        dur_distal=v["duration_ms"][below],
        dur_proximal=v["duration_ms"][here],
        lost=lost,
        prox_pct=100.0 * v["amplitude_mv"][here] / limits.value["amplitude_mv"][here],
        velocity=velocity,
        velocity_pct=100.0 * velocity / limits.value["velocity_m_per_s"][here],
        computed=computed,
        compression=compression,
        counted=counted,
        erb=erb,
        anastomosis=explains_drop(responses, here, below),
        aan_counted=counted & _is_segment(nerve[line], distal, proximal, AAN_SEGMENTS),
        first=counted & ~erb & (below == runs.rows[runs.distal[chosen]][line]),
        distance=v["distance_mm"][here],
    )


def _velocities(responses: Responses, here: Rows, below: Rows) -> tuple[Floats, Mask]:
    """Printed velocities, and those computed from distance and latencies where none is printed."""
    v = responses.values
    printed = v["velocity_m_per_s"][here]
    gap = v["latency_ms"][here] - v["latency_ms"][below]
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(gap > 0, v["distance_mm"][here] / gap, np.nan)
    computed = np.isnan(printed) & np.isfinite(own)
    return np.where(computed, own, printed), computed


def _is_segment(nerve: Codes, distal: Codes, proximal: Codes, segments: dict[str, tuple[str, str]]) -> Mask:
    found = np.zeros(len(nerve), bool)
    for name, (lower, upper) in segments.items():
        found |= (nerve == MOTOR_NERVES.index(name)) & _among(distal, lower) & _among(proximal, upper)
    return found


def _crosses(nerve: Codes, distal: Codes, proximal: Codes) -> Mask:
    crossing = np.zeros(len(nerve), bool)
    for name, (lower, upper, _) in COMPRESSION_SITES.items():
        crossing |= (nerve == MOTOR_NERVES.index(name)) & _among(distal, *lower) & _among(proximal, *upper)
    return crossing


def forearm_velocity(pairs: Pairs, n: int) -> Floats:
    """For each of n nerves, the velocity of the segment that starts at the distal site (wrist to elbow, or to the axilla
    where the elbow was passed over) in percent of its limit, NaN where there is none; never to Erb's point."""
    found = np.full(n, np.nan)
    found[pairs.line[pairs.first]] = pairs.velocity_pct[pairs.first]
    return found


def starts_at(pairs: Pairs, *sites: str) -> Mask:
    """Pairs whose distal end is one of these sites."""
    return _among(pairs.distal, *sites)


def ends_at(pairs: Pairs, *sites: str) -> Mask:
    """Pairs whose proximal end is one of these sites."""
    return _among(pairs.proximal, *sites)


def is_long_pair(pairs: Pairs) -> Mask:
    """Long segments of the arm: wrist to (below) elbow, and (above) elbow to axilla."""
    forearm = starts_at(pairs, "wrist") & ends_at(pairs, "elbow", "below_elbow")
    arm = starts_at(pairs, "elbow", "above_elbow") & ends_at(pairs, "axilla")
    found: Mask = forearm | arm
    return found


def _among(codes: Codes, *sites: str) -> Mask:
    return np.isin(codes, [SITE_CODE[site] for site in sites])
