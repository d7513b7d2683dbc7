"""What limits the reading of a study: technique, limits that do not quite fit, small responses, what was assumed."""

from typing import TYPE_CHECKING, Final

import numpy as np

from ncs_analyzer.criteria.cidp.ean_pns_2021 import DURATION_LIMITS, SMALLEST_DISTAL_MV
from ncs_analyzer.criteria.cidp.efns_pns_2010 import DURATION_FILTER_HZ as EFNS_HZ
from ncs_analyzer.criteria.conditions import nearest_filter
from ncs_analyzer.criteria.gbs.uncini_2017 import DURATION_FILTER_HZ as UNCINI_HZ
from ncs_analyzer.decimals import below
from ncs_analyzer.grouping import span
from ncs_analyzer.responses import ABSENT
from ncs_analyzer.vocabulary.anatomy import LIMB_OF, MOTOR_NERVES, NERVES, SIDES

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis

COLD_HAND: Final = 32.0
COLD_FOOT: Final = 30.0
"""°C; below these, latencies and velocities of the limb are to be read with care (they are never corrected)."""
SHORT_DISTANCE_MM: Final = 100.0
SURAL_MAY_BE_ABSENT_FROM: Final = 75.0
GBS_DAYS: Final = 28.0
CIDP_DAYS: Final = 56.0
"""The clinical definitions: EAN/PNS 2023 (doi 10.1111/ene.16073), EAN/PNS 2021 (doi 10.1111/ene.14959)."""

CAVEAT: Final = "Research and review aid, not a medical device: electrodiagnostic findings are not a diagnosis."


def limitations(analysis: "Analysis", study: int) -> list[str]:
    """Sentences for one study, the most consequential first."""
    return [
        *_contradictions(analysis, study),
        *_time_course(analysis, study),
        *_people(analysis, study),
        *analysis.misfits.get(study, []),
        *_temperature(analysis, study),
        *_filter(analysis, study),
        *_small(analysis, study),
        *_short(analysis, study),
        *_assumed(analysis, study),
        *_options(analysis),
        CAVEAT,
    ]


def _contradictions(analysis: "Analysis", study: int) -> list[str]:
    table = analysis.readings.responses
    own = span(analysis.responses.study, study)
    count = int((table["withheld"].to_numpy()[own] > 0).sum())
    if not count:
        return []
    return [
        f"{count} response{'s' if count > 1 else ''} with values that contradict each other: nothing rests on them (see issues)."
    ]


def _time_course(analysis: "Analysis", study: int) -> list[str]:
    """What the sets that are met presuppose of the time course, where the file does not bear it out."""
    days = float(analysis.readings.studies["days_since_onset"].iloc[study])
    met = {r.set.disease for r in analysis.results.values() if r.name(study) in r.set.positive}
    known = f"{days:g} days since onset are given" if np.isfinite(days) else "the days since onset are not given"
    found = []
    if "GBS" in met and not days <= GBS_DAYS:
        found.append(f"GBS sets are for weakness that is at its worst within four weeks: {known}.")
    if "CIDP" in met and not days >= CIDP_DAYS:
        found.append(f"CIDP sets are for a course of at least eight weeks: {known}.")
    return found


def _people(analysis: "Analysis", study: int) -> list[str]:
    row = analysis.readings.studies.iloc[study]
    found = []
    if np.isnan(row["age_years"]):
        found.append("The age is not known: limits that depend on it could not be used.")
    if not isinstance(row["sex"], str):
        found.append("The sex is not known: only limits that do not depend on it were used.")
    if np.isnan(row["height_cm"]):
        found.append("The height is not known: only limits that do not depend on it were used.")
    if row["age_years"] >= SURAL_MAY_BE_ABSENT_FROM:
        found.append("From 75 years on the sural response may be absent in health.")
    return found


def _temperature(analysis: "Analysis", study: int) -> list[str]:
    r = analysis.responses
    own = span(r.study, study)
    temperature = analysis.readings.responses["temperature_c"].to_numpy()[own]
    lower = np.array([LIMB_OF[name] == "lower" for name in NERVES])[r.nerve[own]]
    found = []
    for side in (0, 1):
        for leg, limb, limit in ((False, "hand", COLD_HAND), (True, "foot", COLD_FOOT)):
            cold = temperature[(lower == leg) & (r.side[own] == side)]
            cold = cold[below(cold, limit)]
            if len(cold):
                found.append(
                    f"Skin of the {SIDES[side]} {limb} at {cold.min():g} °C (below {limit:g}): its latencies and velocities "
                    "are to be read with care; nothing was corrected."
                )
    return found


def _filter(analysis: "Analysis", study: int) -> list[str]:
    motor = analysis.physiology.motor
    if not np.isfinite(motor.duration[span(motor.study, study)]).any():
        return []
    hz = float(analysis.readings.studies["low_cut_hz"].iloc[study])
    if np.isnan(hz):
        return [
            "The low-frequency filter is not known: distal CMAP duration was not judged by EAN/PNS 2021; the limits of the "
            f"other sets (EFNS/PNS 2010: {EFNS_HZ:g} Hz, Uncini 2017: {UNCINI_HZ:g} Hz) were used all the same."
        ]
    found = []
    filters = np.array(sorted(DURATION_LIMITS))
    nearest = float(filters[nearest_filter(np.array([hz]), filters)[0]])
    if hz not in DURATION_LIMITS:
        found.append(
            f"The low-frequency filter is {hz:g} Hz: the duration limits of EAN/PNS 2021 for {nearest:g} Hz were used."
        )
    if nearest == EFNS_HZ:
        found.append(f"The duration limits of EAN/PNS 2021 for {EFNS_HZ:g} Hz are unconfirmed.")
    others = [
        f"{name} ({at:g} Hz)" for name, at in (("EFNS/PNS 2010", EFNS_HZ), ("Uncini 2017", UNCINI_HZ)) if at != hz
    ]
    found.append(
        f"Duration limits measured with another filter than {hz:g} Hz were used all the same: {', '.join(others)}."
    )
    return found


def _small(analysis: "Analysis", study: int) -> list[str]:
    motor = analysis.physiology.motor
    lines = span(motor.study, study)
    own = lines[below(motor.dcmap[lines], SMALLEST_DISTAL_MV)]
    if not len(own):
        return []
    names = ", ".join(f"{SIDES[motor.side[i]]} {MOTOR_NERVES[motor.nerve[i]]}" for i in own)
    return [
        f"Distal CMAP below {SMALLEST_DISTAL_MV:g} mV ({names}): slowing and block there are to be interpreted with caution."
    ]


def _short(analysis: "Analysis", study: int) -> list[str]:
    pairs, motor = analysis.physiology.pairs, analysis.physiology.motor
    own = pairs.of_lines(span(motor.study, study))
    short = own[pairs.counted[own] & below(pairs.distance[own], SHORT_DISTANCE_MM)]
    if not len(short):
        return []
    lines = np.unique(pairs.line[short])
    names = ", ".join(f"{SIDES[motor.side[i]]} {MOTOR_NERVES[motor.nerve[i]]}" for i in lines)
    return [f"Segments shorter than {SHORT_DISTANCE_MM:g} mm ({names}): their velocities are uncertain."]


def _assumed(analysis: "Analysis", study: int) -> list[str]:
    r = analysis.responses
    own = span(r.study, study)
    if not (r.recording_assumed[own] & (r.response[own] != ABSENT)).any():
        return []
    return ["Some responses name no recording site: the usual one of the nerve was assumed."]


def _options(analysis: "Analysis") -> list[str]:
    settings, found = analysis.settings, []
    if settings.compression_sites == "include":
        found.append("Pairs across common entrapment sites were counted (--compression-sites include).")
    if settings.compression_sites == "exclude":
        found.append(
            "GBS sets left out the median distal latency in carpal tunnel syndrome (--compression-sites exclude)."
        )
    if settings.nerve_counting == "any":
        found.append("EAN/PNS 2021 counted any item in two nerves (--nerve-counting any).")
    return found
