"""The narrative summary: one paragraph that says the same as the tables, in plain clinical English."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.criteria.conduction_block import GRADES
from ncs_analyzer.criteria.sets import Result
from ncs_analyzer.decimals import above, below
from ncs_analyzer.grouping import span
from ncs_analyzer.interpretation.entrapment_sites import EntrapmentSite, entrapment_sites
from ncs_analyzer.interpretation.names import compression_name, nerve_name, segment_name
from ncs_analyzer.interpretation.next_test import NextTest, next_test
from ncs_analyzer.interpretation.pattern import CATEGORIES, DISTRIBUTIONS, SENSORY_MOTOR
from ncs_analyzer.interpretation.severity import SEVERITIES
from ncs_analyzer.interpretation.sural_sparing import VARIANTS
from ncs_analyzer.wording import number, percent, plain

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis

NAMED_SETS = 3
"""So many sets are named; more are only counted (the verdict table names them)."""

CAVEAT = "These are electrodiagnostic findings for review, not a diagnosis."


def summary(analysis: "Analysis", study: int) -> str:
    """What was studied, what is abnormal and how, block, entrapment, pattern, course, which sets are fulfilled, what is
    open, the caveat."""
    motor_lines = span(analysis.physiology.motor.study, study).tolist()
    sensory_lines = span(analysis.physiology.sensory.study, study).tolist()
    abnormal = [*_motor(analysis, motor_lines), *_sensory(analysis, sensory_lines)]
    sentences = [
        _studied(analysis, motor_lines, sensory_lines),
        *(abnormal or ["No value lies beyond its limit."]),
        *_blocks(analysis, motor_lines),
        *_entrapment(entrapment_sites(analysis, study)),
        _pattern(analysis, study),
        *_sparing(analysis, study),
        *_course(analysis, study),
        *_verdicts(analysis, study),
        CAVEAT,
    ]
    return " ".join(sentences)


def _studied(analysis: "Analysis", motor_lines: list[int], sensory_lines: list[int]) -> str:
    motor, nerves = analysis.physiology.motor, analysis.physiology.sensory
    parts = []
    if motor_lines:
        parts.append(f"motor conduction in the {_by_nerve(nerve_name(motor, i) for i in motor_lines)}")
    f_waves = sum(bool(motor.f_tested[i]) for i in motor_lines)
    if f_waves:
        parts.append(f"F waves of {f_waves} nerve{'s' if f_waves > 1 else ''}")
    if sensory_lines:
        parts.append(f"sensory conduction in the {_by_nerve(nerve_name(nerves, i) for i in sensory_lines)}")
    return f"Studied: {'; '.join(parts) or 'no motor or sensory nerve'}."


def _by_nerve(names: Iterable[str]) -> str:
    """Nerves of both sides first: "median and ulnar nerves of both sides and right sural nerve"."""
    sides: dict[str, list[str]] = {}
    for name in names:
        side, nerve = name.split(" ", 1)
        sides.setdefault(nerve, []).append(side)
    parts = []
    for title, wanted in (("{} of both sides", 2), ("{}", 1)):
        own = [nerve if wanted == 2 else f"{of[0]} {nerve}" for nerve, of in sides.items() if len(of) == wanted]
        if own:
            parts.append(title.format(f"{_and(own)} {'nerves' if wanted == 2 or len(own) > 1 else 'nerve'}"))
    return " and the ".join(parts)


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


# ------------------------------------------------------------ what is abnormal


def _motor(analysis: "Analysis", lines: list[int]) -> Iterator[str]:
    m = analysis.physiology.motor
    lost = [nerve_name(m, i) for i in lines if m.absent[i]]
    if lost:
        yield f"No motor response was obtained from the {_by_nerve(lost)}."
    yield from _listed(
        "CMAP amplitude was low",
        [(nerve_name(m, i), m.dcmap[i], "mV", m.dcmap_pct[i]) for i in lines if below(m.dcmap_pct[i], 100.0)],
        "LLN",
    )
    yield from _listed(
        "Distal motor latency was long",
        [(nerve_name(m, i), m.dml[i], "ms", m.dml_pct[i]) for i in lines if above(m.dml_pct[i], 100.0)],
        "ULN",
    )
    yield from _listed("Motor velocity was slow", list(_slow(analysis, lines)), "LLN")
    no_f = [nerve_name(m, i) for i in lines if m.f_absent[i]]
    if no_f:
        yield f"F waves were absent in the {_by_nerve(no_f)}."
    yield from _listed(
        "Minimal F latency was long",
        [(nerve_name(m, i), m.f_latency[i], "ms", m.f_pct[i]) for i in lines if above(m.f_pct[i], 100.0)],
        "ULN",
    )


Numbered = tuple[str, float, str, float]
"""Where, the value, its unit, percent of the limit."""


def _slow(analysis: "Analysis", lines: list[int]) -> Iterator[Numbered]:
    p, m = analysis.physiology.pairs, analysis.physiology.motor
    for line in lines:
        for at in span(p.line, line).tolist():
            if below(p.velocity_pct[at], 100.0):
                where = f"{nerve_name(m, line)} from {segment_name(analysis, at)}"
                yield where, float(p.velocity[at]), "m/s", float(p.velocity_pct[at])


def _listed(what: str, found: list[Numbered], limit: str) -> Iterator[str]:
    if found:
        each = [
            f"{where} ({number(value)} {unit}, {percent(share)} % of {limit})" for where, value, unit, share in found
        ]
        yield f"{what} in the {_and(each)}."


def _sensory(analysis: "Analysis", lines: list[int]) -> Iterator[str]:
    nerves, s = analysis.physiology.sensory, analysis.physiology.snaps
    own = {line: span(s.line, line).tolist() for line in lines}
    lost = [nerve_name(nerves, i) for i in lines if all(s.absent[k] for k in own[i])]
    if lost:
        yield f"No sensory response was obtained from the {_by_nerve(lost)}."

    def worst(column: Floats, low: bool) -> Iterator[tuple[str, int]]:
        """Per nerve the response that is furthest beyond its limit."""
        beyond = below(column, 100.0) if low else above(column, 100.0)
        for line in lines:
            found = [k for k in own[line] if beyond[k]]
            if found:
                yield nerve_name(nerves, line), sorted(found, key=lambda k: column[k])[0 if low else -1]

    for what, pct, raw, unit in (
        ("SNAP amplitude was low", s.snap_pct, s.snap, "µV"),
        ("Sensory velocity was slow", s.velocity_pct, s.velocity, "m/s"),
    ):
        found = [(name, float(raw[k]), unit, float(pct[k])) for name, k in worst(pct, low=True)]
        yield from _listed(what, found, "LLN")
    late = np.fmax(s.onset_pct, s.peak_pct)
    each = [f"{name} ({percent(late[k])} % of ULN)" for name, k in worst(late, low=False)]
    if each:
        yield f"Sensory latency was long in the {_and(each)}."


def _blocks(analysis: "Analysis", lines: list[int]) -> Iterator[str]:
    p, m = analysis.physiology.pairs, analysis.physiology.motor
    grades = analysis.facts.blocks["cb_efns_pns_2010_cidp"].grades
    said = []
    for line in lines:
        for at in span(p.line, line).tolist():
            grade = GRADES[grades[at]]
            if grade in ("probable", "definite"):
                apart = "" if p.counted[at] else f", across the {compression_name(analysis, at)} and not counted"
                drop = "no response above" if p.lost[at] else f"{percent(100 * (1 - p.measured_amp_ratio[at]))} % drop"
                said.append(f"{grade} in the {nerve_name(m, line)} from {segment_name(analysis, at)} ({drop}{apart})")
    if said:
        yield f"Conduction block by the definition of EFNS/PNS 2010 for CIDP was {_and(said)}."


def _entrapment(sites: Iterable[EntrapmentSite]) -> Iterator[str]:
    said = []
    for found in sites:
        if found.present:
            grade = f", Bland grade {found.grade} ({found.grade_name})" if found.grade is not None else ""
            said.append(f"{found.side} {found.nerve} nerve at the {found.site} ({found.by}{grade})")
    if said:
        yield f"Entrapment is suspected of the {_and(said)}."


# ------------------------------------------------------------ conclusions


def _pattern(analysis: "Analysis", study: int) -> str:
    pattern = analysis.pattern
    category = CATEGORIES[pattern.category[study]]
    if category == "normal":
        return "The study is normal as far as it could be compared with limits."
    if category == "insufficient_data":
        return "Too little was tested, or could be compared with a limit, to name a pattern."
    kind = SENSORY_MOTOR[pattern.sensory_motor[study]]
    where = DISTRIBUTIONS[pattern.distribution[study]]
    words = [category, *(plain(x) for x in (kind, where) if x not in ("none", category))]
    severity = SEVERITIES[analysis.interpretation.severity[study]]
    grade = f", {severity} by the amplitudes of the legs" if severity in ("mild", "moderate", "severe") else ""
    return f"The pattern is {_and(words)}{grade}."


def _sparing(analysis: "Analysis", study: int) -> Iterator[str]:
    found = [name for name, truth in analysis.interpretation.sural_sparing.items() if truth.met[study]]
    if found:
        said = dict.fromkeys(VARIANTS[name] for name in found if name in ("ean_pns_gbs_2023", "cidp_2010_2021"))
        yield f"There is sural sparing ({'; '.join(said) or VARIANTS[found[0]]})."


def _course(analysis: "Analysis", study: int) -> Iterator[str]:
    serial = analysis.interpretation.serial
    before = int(serial.previous[study])
    if before < 0:
        return
    date = analysis.readings.studies["study_date"].iloc[before]
    since = f"Since the study of {date}" if isinstance(date, str) else "Since the study before"
    if not serial.of_study()[study]:
        yield f"{since} no nerve recovered in the manner of reversible conduction failure."
        return
    facts, (line, _), (snap_line, _) = serial.pattern.facts, serial.motor, serial.sensory
    risen = serial.recovered["cmap"] | serial.recovered["block"]
    names = [nerve_name(facts.motor, i) for i in line[risen & (facts.motor.study[line] == study)]]
    nerves = facts.sensory.nerves
    names += [
        f"{nerve_name(nerves, i)} (sensory)"
        for i in snap_line[serial.recovered["snap"] & (nerves.study[snap_line] == study)]
    ]
    yield f"{since} there is reversible conduction failure in {len(names)} nerve{'s' if len(names) > 1 else ''}: {_and(names)}."


def _verdicts(analysis: "Analysis", study: int) -> Iterator[str]:
    results = analysis.results.values()
    said = []
    for disease in dict.fromkeys(result.set.disease for result in results):
        own = [result for result in results if result.set.disease == disease]
        met = [result for result in own if result.name(study) in result.set.positive]
        if met:
            each = ", ".join(f"{r.set.title} {plain(r.name(study))}{_doubt(r)}" for r in met)
            many = f"{len(met)} of {len(own)} {disease} sets" if len(own) > 1 else f"the {disease} set"
            said.append(f"{many} ({each})")
    if said:
        yield f"Electrodiagnostic findings fulfil {_and(said)}."
    else:
        yield "Electrodiagnostic findings fulfil none of the criteria sets applied."
    impossible = [result for result in results if result.name(study) == "insufficient_data"]
    if impossible:
        yield f"{_sets(impossible)} could not be judged: too little was tested."
    unsettled = [result for result in results if not result.settled[study]]
    if unsettled:
        best = next_test(analysis, study)
        helps = f" The next test that would help most is the {_measure(best)}." if best else ""
        yield f"What was not tested could still change the verdict of {_sets(unsettled)}.{helps}"


def _doubt(result: Result) -> str:
    return " (set unconfirmed)" if result.set.status == "unconfirmed" else ""


def _sets(results: list[Result]) -> str:
    if len(results) <= NAMED_SETS:
        return _and([f"{result.set.disease} {result.set.title}" for result in results])
    return f"{len(results)} sets"


def _measure(best: NextTest) -> str:
    m, n = best.measure, len(best.sets)
    kind = " (sensory)" if m.study == "sensory" else ""
    return f"{plain(m.measure)} of the {m.side} {plain(m.nerve)}{kind}; it bears on {n} set{'s' if n > 1 else ''}"
