"""Anomalies and pitfalls worth a sentence: anastomoses, Erb's point, areas and durations that were not recorded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from ncs_analyzer.arrays import Mask, Rows
from ncs_analyzer.criteria.conduction_block import GRADES
from ncs_analyzer.decimals import above, at_least
from ncs_analyzer.interpretation.names import nerve_name, segment_name
from ncs_analyzer.physiology.anastomosis import crossing_amplitude
from ncs_analyzer.physiology.segments import ends_at, starts_at
from ncs_analyzer.vocabulary.anatomy import RECORDINGS
from ncs_analyzer.wording import number, plain

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis

FAST_FOREARM: Final = 70.0
"""m/s; a median forearm faster than this beside a long distal latency is spurious."""

DROP_WORTH_AN_AREA: Final = 30.0
"""Percent of amplitude from which a missing area or duration leaves a block ungraded."""


def remarks(analysis: "Analysis", study: int, pairs: Rows) -> list[str]:
    """Sentences about one study; `pairs`: its rows of Physiology.pairs."""
    return [
        *_martin_gruber(analysis, pairs),
        *_median_anomaly(analysis, pairs),
        *_accessory_fibular(analysis, pairs),
        *_erb(analysis, pairs),
        *_area_or_duration_missing(analysis, pairs),
        *_hereditary(analysis, study),
    ]


def _martin_gruber(analysis: "Analysis", own: Rows) -> Iterator[str]:
    """Ulnar block in the forearm or at the elbow: an anastomosis shown, excluded, or not excluded."""
    p, motor = analysis.physiology.pairs.take(own), analysis.physiology.motor
    of_ulnar = motor.is_nerve("ulnar")[p.line]
    forearm = of_ulnar & starts_at(p, "wrist") & ends_at(p, "below_elbow", "elbow")
    at_elbow = of_ulnar & starts_at(p, "below_elbow") & ends_at(p, "above_elbow", "elbow")
    wanted = (forearm | at_elbow) & (_blocked(analysis, own) | p.anastomosis)
    crossing = crossing_amplitude(analysis.responses, p.distal_row)
    for at in np.flatnonzero(wanted).tolist():
        where = f"{nerve_name(motor, p.line[at])}, {segment_name(analysis, own[at])}"
        muscle = plain(RECORDINGS[motor.muscle[p.line[at]]])
        if p.anastomosis[at]:
            yield (
                f"{where}: the drop is made up by {number(crossing[at])} mV that {muscle} gets through the median nerve: "
                "Martin-Gruber anastomosis, not block."
            )
        elif np.isfinite(crossing[at]):
            yield f"{where}: the median nerve was stimulated recording {muscle}; no anastomosis explains the drop."
        else:
            yield (
                f"{where}: Martin-Gruber anastomosis not excluded (stimulate the median nerve at wrist and elbow, recording "
                f"{muscle})."
            )


def _blocked(analysis: "Analysis", own: Rows) -> Mask:
    """Pairs that any definition grades as block."""
    named = [GRADES.index(name) for name in ("probable", "definite", "probable_or_better")]
    return np.logical_or.reduce([np.isin(block.grades[own], named) for block in analysis.facts.blocks.values()])


def _median_anomaly(analysis: "Analysis", own: Rows) -> Iterator[str]:
    p, motor = analysis.physiology.pairs.take(own), analysis.physiology.motor
    forearm = motor.is_nerve("median")[p.line] & starts_at(p, "wrist") & ends_at(p, "elbow")
    larger = forearm & above(p.amp_proximal, p.amp_distal)
    fast = forearm & above(p.velocity, FAST_FOREARM) & above(motor.dml_pct[p.line], 100.0)
    for at in np.flatnonzero(larger).tolist():
        yield (
            f"{nerve_name(motor, p.line[at])}: CMAP larger at the elbow ({number(p.amp_proximal[at])} mV) than at the wrist "
            f"({number(p.amp_distal[at])} mV): Martin-Gruber anastomosis suspected."
        )
    for at in np.flatnonzero(fast).tolist():
        yield (
            f"{nerve_name(motor, p.line[at])}: forearm velocity of {number(p.velocity[at])} m/s beside a long distal "
            "latency is spurious: Martin-Gruber anastomosis suspected."
        )


def _accessory_fibular(analysis: "Analysis", own: Rows) -> Iterator[str]:
    p, motor = analysis.physiology.pairs.take(own), analysis.physiology.motor
    of_edb = motor.is_nerve("fibular")[p.line] & (motor.muscle[p.line] == RECORDINGS.index("EDB"))
    at_ankle = dict(zip(p.line[starts_at(p, "ankle")], p.amp_distal[starts_at(p, "ankle")], strict=True))
    ankle = np.array([at_ankle.get(line, np.nan) for line in p.line])
    larger = of_edb & ends_at(p, "below_fibular_head", "above_fibular_head", "popliteal_fossa")
    larger &= above(p.amp_proximal, ankle)
    for line in dict.fromkeys(p.line[larger].tolist()):
        yield (
            f"{nerve_name(motor, line)}: CMAP over EDB larger at the knee than at the ankle: accessory deep fibular nerve "
            "suspected (stimulate behind the lateral malleolus; without this sign one is not excluded)."
        )


def _erb(analysis: "Analysis", own: Rows) -> Iterator[str]:
    p, motor = analysis.physiology.pairs.take(own), analysis.physiology.motor
    for at in np.flatnonzero(p.erb & _blocked(analysis, own)).tolist():
        yield (
            f"{nerve_name(motor, p.line[at])}: drop at Erb's point: supramaximal stimulation not documented, at most "
            "probable block."
        )


def _area_or_duration_missing(analysis: "Analysis", own: Rows) -> Iterator[str]:
    p, motor = analysis.physiology.pairs.take(own), analysis.physiology.motor
    dropped = p.counted & ~p.lost & at_least(100 * (1 - p.amp_ratio), DROP_WORTH_AN_AREA)
    for what, missing in (("area", np.isnan(p.area_ratio)), ("duration", np.isnan(p.dur_ratio))):
        lines = dict.fromkeys(p.line[dropped & missing].tolist())
        if lines:
            names = ", ".join(nerve_name(motor, line) for line in lines)
            yield f"No {what} recorded on both sides of a drop ({names}): definitions of block that need it cannot grade it."


def _hereditary(analysis: "Analysis", study: int) -> Iterator[str]:
    found = analysis.interpretation.hereditary
    if found.uniform[study]:
        below = ", the median below 38 m/s" if found.median_below_38[study] else ""
        yield (
            f"Slowing is uniform, without block or dispersion{below}: a hereditary demyelinating neuropathy is to be "
            "considered."
        )
    if found.hnpp[study]:
        yield (
            "Several entrapment sites are abnormal and the terminal latency index is low in median, ulnar and fibular "
            "nerves: HNPP is to be considered."
        )
