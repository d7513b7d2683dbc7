"""The JSON document against the schema in the package, for every sample, for what has no ids, and for nothing at all."""

import copy
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ncs_analyzer import Analysis, analyze, read
from ncs_analyzer.report.as_json import write_json
from ncs_analyzer.report.schema import schema
from tests.report import hostile
from tests.report.samples import NAMES, analysis


def written(a: Analysis) -> dict[str, Any]:
    out = io.StringIO()
    write_json(a, out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("name", NAMES)
def test_samples_fit(name: str, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(written(analysis(name)))


def test_hostile_names_fit(tmp_path: Path, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(written(hostile.analysis(tmp_path)))


def test_people_of_whom_nothing_is_known_fit(tmp_path: Path, validator: jsonschema.Draft202012Validator) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "patient_id,study,nerve,side,stimulation,latency_ms,amplitude_mv\n1,motor,median,left,wrist,3.4,9\n"
    )
    document = written(analyze(read([path])))
    assert document["studies"][0]["age_years"] is document["studies"][0]["study_date"] is None
    validator.validate(document)


def test_nothing_usable_fits(tmp_path: Path, validator: jsonschema.Draft202012Validator) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nothing,here\n1,2\n")
    document = written(analyze(read([path])))
    assert document["studies"] == []
    validator.validate(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("studies", 0, "readings", 0, "side"), "both"),
        (("studies", 0, "readings", 0, "value"), "3.4"),
        (("studies", 0, "readings", 0, "grade"), "abnormal"),
        (("studies", 0, "sex"), "male"),
        (("studies", 0, "study_date"), "4.3.2025"),
        (("studies", 0, "pattern", "category"), None),
        (("rows", "read"), -1),
        (("schema",), "ncs-analyzer/2"),
    ],
)
def test_what_is_wrong_does_not_fit(
    path: tuple[Any, ...], value: Any, validator: jsonschema.Draft202012Validator
) -> None:
    document = copy.deepcopy(written(analysis("tidy.csv")))
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    assert not validator.is_valid(document)


@pytest.mark.parametrize(
    "key", ["patient_id", "readings", "conduction_block", "pattern", "criteria", "summary", "limitations"]
)
def test_no_key_of_a_study_may_be_missing(key: str, validator: jsonschema.Draft202012Validator) -> None:
    document = copy.deepcopy(written(analysis("tidy.csv")))
    del document["studies"][0][key]
    assert not validator.is_valid(document)
