"""The report as a FHIR R4 bundle: per study a Patient, a DiagnosticReport and an Observation for every reading.

An example of an exchange format, not a profile. LOINC is used only for age, height and weight; nerves, measures and verdicts
have codes of this program's own (`SYSTEM`) and text.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any, Final, TextIO

from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.report import sections
from ncs_analyzer.report.record import heading, study_records
from ncs_analyzer.wording import plain, safe

Record = dict[str, Any]

SYSTEM: Final = "urn:ncs-analyzer:codes"
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem/"
NAMESPACE: Final = uuid.UUID("5e3f5a0e-5b5e-5c1c-9a51-6d0a3b1f7c11")

UNITS: Final = {"ms": "ms", "mV": "mV", "uV": "uV", "mV*ms": "mV.ms", "m/s": "m/s", "mm": "mm", "%": "%"}
"""UCUM codes of the units."""

PEOPLE: Final = (
    ("age_years", "30525-0", "Age", "a", "years"),
    ("height_cm", "8302-2", "Body height", "cm", "cm"),
    ("weight_kg", "29463-7", "Body weight", "kg", "kg"),
)
"""Key of the record, LOINC code and name, UCUM code, unit."""

INTERPRETATIONS: Final = {
    "normal": ("N", "Normal"),
    "low": ("L", "Low"),
    "high": ("H", "High"),
    "absent": ("A", "Abnormal"),
}


def write_fhir(analysis: Analysis, stream: TextIO) -> None:
    """One bundle of type collection, written study by study."""
    head = heading(analysis)
    stream.write('{"resourceType": "Bundle", "type": "collection", "entry": [')
    between, known = "\n", set[str]()
    for record in study_records(analysis):
        for resource in resources(record, head):
            if resource["id"] in known:
                continue
            if resource["resourceType"] == "Patient":
                known.add(resource["id"])
            entry = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
            stream.write(between + json.dumps(_without_nothing(entry), ensure_ascii=False, allow_nan=False))
            between = ",\n"
    stream.write("\n]}\n")


def resources(record: Record, head: Record) -> Iterator[Record]:
    """The resources of one study: the patient, observations of the person and of every reading, the report."""
    study = f"{record['patient_id']}\n{record['study_id']}"
    patient = _id("patient", str(record["patient_id"]))
    common = {"status": "preliminary", "subject": _to(patient), "effectiveDateTime": record["study_date"]}
    yield {
        "resourceType": "Patient",
        "id": patient,
        "identifier": [{"system": "urn:ncs-analyzer:patient-id", "value": safe(str(record["patient_id"]))}],
        "gender": {"F": "female", "M": "male"}.get(record["sex"] or "", "unknown"),
    }
    observations = [
        *_people(record, common, study),
        *_readings(record, common, study),
        *_verdicts(record, common, study),
    ]
    yield from observations
    yield {
        "resourceType": "DiagnosticReport",
        "id": _id("report", study),
        **common,
        "category": [_concept(TERMINOLOGY + "v2-0074", "EN", "Electroneuro (EEG, EMG,EP,PSG)")],
        "code": _concept(SYSTEM, "nerve-conduction-study", "Nerve conduction study"),
        "result": [_to(o["id"]) for o in observations],
        "conclusion": f"{sections.conclusion(record)} {record['summary']}",
        "conclusionCode": [
            _concept(SYSTEM, f"pattern-{record['pattern']['category']}", plain(record["pattern"]["category"]))
        ],
        "extension": [{"url": "urn:ncs-analyzer:stamp", "valueString": json.dumps(_stamp(head), ensure_ascii=False)}],
    }


def _stamp(head: Record) -> Record:
    return {key: head[key] for key in ("program", "settings", "reference")}


def _people(record: Record, common: Record, study: str) -> Iterator[Record]:
    for key, code, name, ucum, unit in PEOPLE:
        if record[key] is not None:
            yield {
                "resourceType": "Observation",
                "id": _id(key, study),
                **common,
                "code": _concept(LOINC, code, name),
                "valueQuantity": {"value": record[key], "unit": unit, "system": UCUM, "code": ucum},
            }


def _readings(record: Record, common: Record, study: str) -> Iterator[Record]:
    for i, r in enumerate(record["readings"]):
        where = ", ".join(plain(r[key]) for key in ("recording", "stimulation") if r[key])
        name = f"{plain(r['nerve'])} {plain(r['study'])} {plain(r['measure'])}"
        yield {
            "resourceType": "Observation",
            "id": _id("reading", study, str(i)),
            **common,
            "code": _concept(SYSTEM, f"{r['study']}-{r['nerve']}-{r['measure']}".replace("_", "-"), name),
            "bodySite": {"text": f"{r['side']} {plain(r['nerve'])} nerve" + (f" ({where})" if where else "")},
            **_value(r),
            "interpretation": _interpretation(r["grade"]),
            "referenceRange": _range(r),
            "note": [{"text": "The value contradicts others of the study; nothing rests on it."}]
            if r["grade"] is None
            else None,
        }


def _value(r: Record) -> Record:
    if r["response"] == "absent":
        return {"valueCodeableConcept": _concept(SYSTEM, "no-response", "no response")}
    if r["value"] is None:
        return {"dataAbsentReason": _concept(TERMINOLOGY + "data-absent-reason", "not-performed", "Not Performed")}
    return {"valueQuantity": _quantity(r["value"], r["unit"])}


def _quantity(value: float, unit: str) -> Record:
    return {"value": value, "unit": unit, "system": UCUM, "code": UNITS[unit]}


def _interpretation(grade: str | None) -> list[Record] | None:
    if grade not in INTERPRETATIONS:
        return None
    return [_concept(TERMINOLOGY + "v3-ObservationInterpretation", *INTERPRETATIONS[grade])]


def _range(r: Record) -> list[Record] | None:
    if r["lower"] is None and r["upper"] is None:
        return None
    low, high = (_quantity(r[key], r["unit"]) if r[key] is not None else None for key in ("lower", "upper"))
    return [{"low": low, "high": high, "text": f"limit from {plain(r['limit_source'])}"}]


def _verdicts(record: Record, common: Record, study: str) -> Iterator[Record]:
    for name, found in record["criteria"].items():
        yield {
            "resourceType": "Observation",
            "id": _id("criteria", study, name),
            **common,
            "code": _concept(SYSTEM, name.replace("_", "-"), found["title"]),
            "valueCodeableConcept": _concept(SYSTEM, found["verdict"].replace("_", "-"), plain(found["verdict"])),
            "note": None
            if found["settled"]
            else [{"text": "Measures that were not tested could change this verdict."}],
        }


def _concept(system: str, code: str, text: str) -> Record:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def _to(identifier: str) -> Record:
    return {"reference": f"urn:uuid:{identifier}"}


def _id(*names: str) -> str:
    """The same for the same study: nothing random, no clock."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(names)))


def _without_nothing(value: Any) -> Any:
    """FHIR has no nulls and no empty lists."""
    if isinstance(value, dict):
        return {key: _without_nothing(inner) for key, inner in value.items() if inner is not None and inner != []}
    if isinstance(value, list):
        return [_without_nothing(inner) for inner in value]
    return safe(value) if isinstance(value, str) else value
