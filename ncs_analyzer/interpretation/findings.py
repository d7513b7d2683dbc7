"""Findings of single nerves in words, and why a study has its pattern."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ncs_analyzer.decimals import above, below
from ncs_analyzer.grouping import span
from ncs_analyzer.interpretation.names import nerve_name, segment_name
from ncs_analyzer.interpretation.pattern import MOTOR_CLASSES, SENSORY_CLASSES
from ncs_analyzer.wording import number, percent, plain

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis


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
    own = span(pairs.line, line)
    for at in own[below(pairs.velocity_pct[own], 100.0)].tolist():
        apart = ", not counted: entrapment site" if pairs.compression[at] else ""
        yield (
            f"velocity {number(pairs.velocity[at])} m/s ({segment_name(analysis, at)}), "
            f"{percent(pairs.velocity_pct[at])} % of LLN{apart}"
        )


def sensory_findings(analysis: "Analysis", line: int) -> list[str]:
    """What is abnormal in one sensory nerve."""
    snaps, sensory = analysis.physiology.snaps, analysis.facts.sensory
    found = []
    for at in span(snaps.line, line).tolist():
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
    """Why the study has its pattern: its nerves by class."""
    pattern, motor, nerves = analysis.pattern, analysis.physiology.motor, analysis.physiology.sensory
    listed: dict[str, list[str]] = {}
    for line in span(motor.study, study).tolist():
        kind = "explained by entrapment" if pattern.explained[line] else MOTOR_CLASSES[pattern.motor_class[line]]
        listed.setdefault(f"motor {plain(kind)}", []).append(nerve_name(motor, line))
    for line in span(nerves.study, study).tolist():
        kind = SENSORY_CLASSES[pattern.sensory_class[line]]
        if pattern.sensory_explained[line] and kind in ("reduced", "slowed"):
            kind = "explained by entrapment"
        listed.setdefault(f"sensory {plain(kind)}", []).append(nerve_name(nerves, line))
    return [f"{kind}: {', '.join(names)}" for kind, names in listed.items()]
