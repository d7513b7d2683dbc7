"""Findings of single nerves and of the study, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ncs_analyzer.criteria.conduction_block import GRADES
from ncs_analyzer.decimals import above, below
from ncs_analyzer.interpretation.pattern import (
    CATEGORIES,
    DISTRIBUTIONS,
    FINDINGS,
    MOTOR_CLASSES,
    SENSORY_CLASSES,
    SENSORY_MOTOR,
    Pattern,
)
from ncs_analyzer.physiology.segments import COMPRESSION_SITES
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES, SIDES
from ncs_analyzer.wording import number, percent, plain

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis


def site(analysis: "Analysis", code: int) -> str:
    """The name of a stimulation site."""
    return analysis.responses.names["stimulation"][code]


def motor_findings(analysis: "Analysis", line: int) -> list[str]:
    """What is abnormal in one motor nerve."""
    motor, pattern = analysis.physiology.motor, analysis.pattern
    found = []
    if motor.absent[line]:
        return ["no motor response"]
    if below(motor.dcmap_pct[line], 100.0):
        found.append(f"CMAP {number(motor.dcmap[line])} mV, {percent(motor.dcmap_pct[line])} % of LLN")
    if above(motor.dml_pct[line], 100.0):
        apart = " (attributed to the wrist)" if pattern.wrist[line] else ""
        found.append(f"distal latency {number(motor.dml[line])} ms, {percent(motor.dml_pct[line])} % of ULN{apart}")
    found.extend(_slow_segments(analysis, line))
    if motor.f_absent[line]:
        found.append("F waves absent")
    if above(motor.f_pct[line], 100.0):
        found.append(f"F latency {number(motor.f_latency[line])} ms, {percent(motor.f_pct[line])} % of ULN")
    in_range = [plain(name) for name, mask in pattern.findings.items() if mask[line]]
    if in_range:
        found.append("demyelinating by " + ", ".join(in_range))
    for place, mask in (
        ("wrist", pattern.wrist),
        ("elbow", pattern.entrapment.elbow),
        ("fibular head", pattern.entrapment.head),
    ):
        if mask[line]:
            found.append(f"entrapment at the {place} suspected")
    return found


def _slow_segments(analysis: "Analysis", line: int) -> Iterator[str]:
    pairs = analysis.physiology.pairs
    for at in np.flatnonzero((pairs.line == line) & below(pairs.velocity_pct, 100.0)):
        where = f"{plain(site(analysis, pairs.distal[at]))} to {plain(site(analysis, pairs.proximal[at]))}"
        apart = ", not counted: entrapment site" if pairs.compression[at] else ""
        yield f"velocity {number(pairs.velocity[at])} m/s ({where}), {percent(pairs.velocity_pct[at])} % of LLN{apart}"


def sensory_findings(analysis: "Analysis", line: int) -> list[str]:
    """What is abnormal in one sensory nerve."""
    snaps, sensory = analysis.physiology.snaps, analysis.facts.sensory
    found = []
    for at in np.flatnonzero(snaps.line == line):
        if snaps.absent[at]:
            found.append("no sensory response")
            continue
        if below(snaps.snap_pct[at], 100.0):
            found.append(f"SNAP {number(snaps.snap[at])} µV, {percent(snaps.snap_pct[at])} % of LLN")
        for what, of_limit in (("onset", snaps.onset_pct[at]), ("peak", snaps.peak_pct[at])):
            if above(of_limit, 100.0):
                found.append(f"{what} latency {percent(of_limit)} % of ULN")
        if below(snaps.velocity_pct[at], 100.0):
            found.append(f"velocity {number(snaps.velocity[at])} m/s, {percent(snaps.velocity_pct[at])} % of LLN")
    if sensory.left_out.met[line]:
        found.append("left out where sets exclude carpal tunnel syndrome")
    return found


def reasons(analysis: "Analysis", study: int) -> list[str]:
    """Why the study has its pattern."""
    pattern, motor, nerves = analysis.pattern, analysis.physiology.motor, analysis.physiology.sensory
    listed: dict[str, list[str]] = {}
    for line in np.flatnonzero(motor.study == study).tolist():
        name = f"{SIDES[motor.side[line]]} {plain(MOTOR_NERVES[motor.nerve[line]])}"
        kind = MOTOR_CLASSES[pattern.motor_class[line]]
        if pattern.explained[line]:
            kind = "explained by entrapment"
        listed.setdefault(f"motor {plain(kind)}", []).append(name)
    for line in np.flatnonzero(nerves.study == study).tolist():
        name = f"{SIDES[nerves.side[line]]} {plain(NERVES[nerves.nerve[line]])}"
        kind = SENSORY_CLASSES[pattern.sensory_class[line]]
        if pattern.sensory_explained[line] and kind in ("reduced", "slowed"):
            kind = "explained by entrapment"
        listed.setdefault(f"sensory {plain(kind)}", []).append(name)
    return [f"{kind}: {', '.join(names)}" for kind, names in listed.items()]


def nerve_finding_names(analysis: "Analysis", line: int) -> list[str]:
    """The primary demyelinating findings of a motor nerve by name."""
    return [name for name in (*FINDINGS, "block") if analysis.pattern.findings[name][line]]


def summary(analysis: "Analysis", study: int) -> str:
    """One paragraph: what was studied, what is abnormal, the pattern, which sets are fulfilled, what is open."""
    pattern, motor, nerves = analysis.pattern, analysis.physiology.motor, analysis.physiology.sensory
    n_motor, n_sensory = int((motor.study == study).sum()), int((nerves.study == study).sum())
    sentences = [f"{n_motor} motor and {n_sensory} sensory nerves were studied."]
    abnormal = [*_abnormal(analysis, study)]
    if abnormal:
        sentences.append("Abnormal: " + "; ".join(abnormal) + ".")
    sentences.append(_pattern_sentence(CATEGORIES[pattern.category[study]], pattern, study))
    blocks = [*_block_words(analysis, study)]
    if blocks:
        sentences.append("Conduction block (EFNS/PNS 2010 for CIDP): " + "; ".join(blocks) + ".")
    sentences.extend(_verdict_sentences(analysis, study))
    return " ".join(sentences)


def _pattern_sentence(category: str, pattern: Pattern, study: int) -> str:
    if category == "normal":
        return "All nerves tested are within their limits."
    if category == "insufficient_data":
        return "Too little was tested, or could be compared with a limit, to name a pattern."
    sm = SENSORY_MOTOR[pattern.sensory_motor[study]]
    where = DISTRIBUTIONS[pattern.distribution[study]]
    details = ", ".join(plain(x) for x in (sm, where) if x not in ("none", category))
    return f"The pattern is {category}{f' ({details})' if details else ''}."


def _abnormal(analysis: "Analysis", study: int) -> Iterator[str]:
    motor, nerves = analysis.physiology.motor, analysis.physiology.sensory
    for line in np.flatnonzero(motor.study == study).tolist():
        found = motor_findings(analysis, line)
        if found:
            yield f"{SIDES[motor.side[line]]} {plain(MOTOR_NERVES[motor.nerve[line]])} motor ({', '.join(found)})"
    for line in np.flatnonzero(nerves.study == study).tolist():
        found = sensory_findings(analysis, line)
        if found:
            yield f"{SIDES[nerves.side[line]]} {plain(NERVES[nerves.nerve[line]])} sensory ({', '.join(found)})"


def _block_words(analysis: "Analysis", study: int) -> Iterator[str]:
    pairs, motor = analysis.physiology.pairs, analysis.physiology.motor
    grades = analysis.facts.blocks["cb_efns_pns_2010_cidp"].grades()
    blocked = np.isin(grades, [GRADES.index("probable"), GRADES.index("definite")])
    for at in np.flatnonzero((motor.study[pairs.line] == study) & blocked).tolist():
        line = pairs.line[at]
        drop = 100 * (1 - pairs.measured_amp_ratio[at])
        where = f"{plain(site(analysis, pairs.distal[at]))} to {plain(site(analysis, pairs.proximal[at]))}"
        apart = "" if pairs.counted[at] else f", not counted: {compression_name(analysis, at)}"
        yield (
            f"{GRADES[grades[at]]} in the {SIDES[motor.side[line]]} {plain(MOTOR_NERVES[motor.nerve[line]])} nerve, {where}, "
            f"amplitude drop {percent(drop)} %{apart}"
        )


def compression_name(analysis: "Analysis", pair: int) -> str | None:
    """The entrapment site a pair crosses, or None."""
    pairs, motor = analysis.physiology.pairs, analysis.physiology.motor
    if not pairs.compression[pair]:
        return None
    return COMPRESSION_SITES[MOTOR_NERVES[motor.nerve[pairs.line[pair]]]][2]


def _verdict_sentences(analysis: "Analysis", study: int) -> Iterator[str]:
    fulfilled, unsettled = [], []
    for result in analysis.results.values():
        verdict = result.name(study)
        if verdict in result.set.positive:
            fulfilled.append(f"{result.set.disease} {result.set.title} ({plain(verdict)})")
        if not result.settled[study]:
            unsettled.append(f"{result.set.disease} {result.set.title}")
    if fulfilled:
        yield "Electrodiagnostic findings fulfil " + "; ".join(fulfilled) + "."
    else:
        yield "Electrodiagnostic findings fulfil none of the criteria sets applied."
    if unsettled:
        yield "What was not tested could still change the verdict of " + "; ".join(unsettled) + "."
