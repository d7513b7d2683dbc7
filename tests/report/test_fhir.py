"""The FHIR bundle: what R4 asks of each resource, and every reading in it once."""

import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from ncs_analyzer import Analysis
from ncs_analyzer.report.fhir import LOINC, SYSTEM, write_fhir
from tests.report import hostile
from tests.report.samples import analysis, records


def written(a: Analysis) -> dict[str, Any]:
    out = io.StringIO()
    write_fhir(a, out)
    return json.loads(out.getvalue())


@cache
def samples() -> dict[str, Any]:
    return written(analysis())


def of_type(name: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in samples()["entry"] if e["resource"]["resourceType"] == name]


def values(node: Any) -> Any:
    yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from values(inner)


def test_resources_have_what_r4_requires() -> None:
    assert samples()["resourceType"] == "Bundle"
    assert samples()["type"] == "collection"
    for entry in samples()["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        if resource["resourceType"] != "Patient":
            assert resource["status"] == "preliminary"
            assert resource["code"]["coding"][0]["code"]
    assert not [v for v in values(samples()) if v is None or v in ([], {}, "")]


def test_ids_are_unique_and_references_lead_to_them() -> None:
    urls = [entry["fullUrl"] for entry in samples()["entry"]]
    assert len(urls) == len(set(urls))
    assert {v["reference"] for v in values(samples()) if isinstance(v, dict) and "reference" in v} <= set(urls)


def test_codes_are_of_a_known_system() -> None:
    systems = {v["system"] for v in values(samples()) if isinstance(v, dict) and "display" in v}
    assert {LOINC, SYSTEM} < systems
    coded = [v for v in values(samples()) if isinstance(v, dict) and "display" in v]
    assert {v["code"] for v in coded if v["system"] == LOINC} <= {"30525-0", "8302-2", "29463-7"}
    assert all(re.fullmatch(r"[\w-]+", v["code"]) for v in coded if v["system"] == SYSTEM)


def test_every_reading_is_an_observation_with_its_value_and_limits() -> None:
    own = [o for o in of_type("Observation") if "bodySite" in o]
    readings = [r for record in records() for r in record["readings"]]
    assert len(own) == len(readings)
    for o, r in zip(own, readings, strict=True):
        assert ("valueQuantity" in o) == (r["value"] is not None)
        assert ("dataAbsentReason" in o) == (r["response"] == "not_tested")
        if r["value"] is not None:
            assert o["valueQuantity"]["value"] == r["value"]
        limits = o.get("referenceRange", [{}])[0]
        assert limits.get("low", {}).get("value") == r["lower"]
        assert limits.get("high", {}).get("value") == r["upper"]


def test_reports_say_the_conclusion_and_all_their_results() -> None:
    for report, record in zip(of_type("DiagnosticReport"), records(), strict=True):
        assert report["conclusion"].endswith(record["summary"])
        assert len(report["result"]) >= len(record["readings"]) + len(record["criteria"])


def test_a_patient_with_two_studies_stands_once() -> None:
    assert len(of_type("Patient")) == len({record["patient_id"] for record in records()}) < len(records())


def test_hostile_names_are_values_only(tmp_path: Path) -> None:
    bundle = written(hostile.analysis(tmp_path))
    patients = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient"]
    names = [patient["identifier"][0]["value"] for patient in patients]
    assert "../x" in names
    assert not any(ord(c) < 32 for name in names for c in name)


def test_same_input_same_ids() -> None:
    assert written(analysis("tidy.csv")) == written(analysis("tidy.csv"))
