"""What the interpretation concluded about one study, as plain data: the further keys of its record."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ncs_analyzer.arrays import Rows
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.grouping import span
from ncs_analyzer.interpretation.entrapment_sites import entrapment_sites
from ncs_analyzer.interpretation.gbs_signs import SUBTYPE_CAVEAT
from ncs_analyzer.interpretation.indices import SPLIT_HAND_LIMITS, SURAL_RADIAL_LIMIT
from ncs_analyzer.interpretation.names import nerve_name
from ncs_analyzer.interpretation.next_test import next_test
from ncs_analyzer.interpretation.remarks import remarks
from ncs_analyzer.interpretation.serial import CHANGES
from ncs_analyzer.interpretation.severity import NAME, SEVERITIES
from ncs_analyzer.interpretation.sural_sparing import VARIANTS
from ncs_analyzer.report.plain_data import clean
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES, SIDES

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis


def interpretation_record(analysis: "Analysis", study: int, pairs: Rows) -> dict[str, Any]:
    """Severity, entrapment, sural sparing, signs, indices, protocol, next test, change, remarks. `pairs`: the study's
    rows of Physiology.pairs."""
    found = analysis.interpretation
    best = next_test(analysis, study)
    return {
        "severity": {"name": NAME, "grade": SEVERITIES[found.severity[study]]},
        "entrapment": [{**asdict(site), "notes": list(site.notes)} for site in entrapment_sites(analysis, study)],
        "sural_sparing": [
            {"variant": name, "title": VARIANTS[name], "state": state(truth, study)}
            for name, truth in found.sural_sparing.items()
        ],
        "gbs_signs": {
            "sural_sparing": state(found.sural_sparing["ean_pns_gbs_2023"], study),
            "long_distal_duration": state(found.long_duration.of_study, study),
            "nerves": _long_nerves(analysis, study),
            "caveat": SUBTYPE_CAVEAT,
        },
        "uniform_slowing": bool(found.hereditary.uniform[study]),
        "hnpp": bool(found.hereditary.hnpp[study]),
        "indices": list(_indices(analysis, study)),
        "protocol": [
            {"step": step.name, "title": step.title, "state": step.state(study), "missing": step.lacks(study)}
            for step in found.protocol
        ],
        "next_test": {**best.measure.record(), "sets": list(best.sets)} if best else None,
        "change": _change(analysis, study),
        "remarks": remarks(analysis, study, pairs),
    }


def state(truth: Truth, line: int) -> str:
    """One line of three-valued truth in words."""
    return "present" if truth.must[line] else "not_evaluable" if truth.may[line] else "absent"


def _long_nerves(analysis: "Analysis", study: int) -> list[str]:
    motor, long = analysis.physiology.motor, analysis.interpretation.long_duration.nerves.met
    return [nerve_name(motor, line) for line in span(motor.study, study).tolist() if long[line]]


def _indices(analysis: "Analysis", study: int) -> Iterator[dict[str, Any]]:
    found = analysis.interpretation.indices
    by_age = clean(found.sural_radial_by_age[study])
    for side, name in enumerate(SIDES):
        for index, values, limits in (
            ("sural_radial_ratio", found.sural_radial, {"rutkove_1997": SURAL_RADIAL_LIMIT, "mansukhani_2020": by_age}),
            ("split_hand_index", found.split_hand, dict(zip(("menon_2013", "neurol_int_2022"), SPLIT_HAND_LIMITS, strict=True))),
            ("sensory_ratio", found.sensory_ratio, {}),
        ):  # fmt: skip
            value = clean(values[side, study])
            if value is not None:
                yield {"index": index, "side": name, "value": value, "limits": limits}


def _change(analysis: "Analysis", study: int) -> dict[str, Any] | None:
    """Change since the patient's study before; None where there is none."""
    serial = analysis.interpretation.serial
    before = int(serial.previous[study])
    if before < 0:
        return None
    earlier = analysis.readings.studies.iloc[before]
    return {
        "since": clean(earlier["study_id"]),
        "since_date": clean(earlier["study_date"]),
        "reversible_conduction_failure": bool(serial.of_study()[study]),
        "nerves": [*_recovered(analysis, study)],
        "measures": [*_measures(analysis, study)],
    }


def _recovered(analysis: "Analysis", study: int) -> Iterator[dict[str, Any]]:
    serial, facts = analysis.interpretation.serial, analysis.facts
    for kind, mask in serial.recovered.items():
        lines = serial.sensory[0] if kind == "snap" else serial.motor[0]
        nerves = facts.sensory.nerves if kind == "snap" else facts.motor
        names = NERVES if kind == "snap" else MOTOR_NERVES
        for line in lines[mask & (nerves.study[lines] == study)].tolist():
            yield {"nerve": names[nerves.nerve[line]], "side": SIDES[nerves.side[line]], "by": kind}


def _measures(analysis: "Analysis", study: int) -> Iterator[dict[str, Any]]:
    serial, facts = analysis.interpretation.serial, analysis.facts
    for change in serial.changes:
        nerves = facts.sensory.nerves if change.measure == "snap" else facts.motor
        names = NERVES if change.measure == "snap" else MOTOR_NERVES
        own = span(nerves.study[change.line], study)
        for at in own[change.code[own] > 0].tolist():
            line = change.line[at]
            yield {
                "nerve": names[nerves.nerve[line]],
                "side": SIDES[nerves.side[line]],
                "measure": change.measure,
                "unit": change.unit,
                "earlier": clean(change.earlier[at]),
                "later": clean(change.later[at]),
                "change": CHANGES[change.code[at]],
            }


def h_reflexes(readings: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The H reflexes of a study as nerves of their own, from its readings."""
    for row in readings:
        if row["measure"] != "h_latency":
            continue
        said = {"high": ["H latency long"], "absent": ["H reflex absent"]}.get(row["grade"], [])
        yield {
            "study": "h_reflex",
            "nerve": row["nerve"],
            "side": row["side"],
            "recording": row["recording"],
            "class": {"high": "slowed", "absent": "absent", "normal": "normal"}.get(row["grade"], "not_classifiable"),
            "findings": said,
            "values": {"h_latency_pct": row["percent_of_limit"]},
        }
