"""The program, the oracle and the table of the invented patients agree on every file of `sample_data/`."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from ncs_analyzer import analyze, document, read
from ncs_analyzer.criteria.registry import criteria_sets
from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.readings import VALUES
from ncs_analyzer.responses import NOT_TESTED
from ncs_analyzer.vocabulary.anatomy import NERVES, RESPONSES, SIDES, STUDIES
from tests.oracle import evaluate
from tests.studies import Row
from tests.whole_studies import SAMPLES, sample_builder

BLOCKS = ("cb_efns_pns_2010_cidp", "mmn_efns_pns_2010")
LIMIT_COLUMNS = {
    "latency_ms": "latency_upper_limit",
    "peak_latency_ms": "peak_latency_upper_limit",
    "amplitude_mv": "amplitude_lower_limit",
    "amplitude_uv": "amplitude_lower_limit",
    "velocity_m_per_s": "velocity_lower_limit",
    "duration_ms": "duration_upper_limit",
}


@cache
def analysis(file: str) -> Analysis:
    return analyze(read(str(SAMPLES / file)))


@cache
def documents(file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(analysis(file))["studies"]
    return found


STUDIES_TOLD: list[Any] = sample_builder().load()[0]


def name(told: Any) -> str:
    return f"{told.facts['patient_id']} {told.facts['study_date']}"


@pytest.fixture(params=STUDIES_TOLD, ids=name)
def told(request: pytest.FixtureRequest) -> Any:
    """What patients.toml says of one study."""
    return request.param


def place(told: Any) -> int:
    """The number of the study in its file."""
    ids = [(s["patient_id"], s["study_date"]) for s in documents(told.facts["file"])]
    return ids.index((told.facts["patient_id"], str(told.facts["study_date"])))


def seen(told: Any) -> dict[str, Any]:
    return documents(told.facts["file"])[place(told)]


def test_the_files_are_what_build_writes() -> None:
    for file, content in sample_builder().build().items():
        assert (SAMPLES / file).read_bytes() == content, file


def test_pattern(told: Any) -> None:
    pattern = seen(told)["pattern"]
    assert [pattern["category"], pattern["sensory_motor"], pattern["distribution"]] == told.facts["pattern"]


def test_verdicts_and_no_other_set_is_positive(told: Any) -> None:
    said = {key: result["verdict"] for key, result in seen(told)["criteria"].items()}
    assert {key: said[key] for key in told.facts["verdicts"]} == told.facts["verdicts"]
    positive = {key: verdict for key, verdict in said.items() if verdict in criteria_sets()[key].positive}
    assert positive == sample_builder().fulfilled(told.facts)


def test_blocks_and_no_other(told: Any) -> None:
    found = {}
    for pair in seen(told)["conduction_block"]:
        grades = [pair["grades"][definition] for definition in BLOCKS]
        if {"definite", "probable", "probable_or_better"} & set(grades):
            found[f"{pair['side']} {pair['nerve']} {pair['distal']}-{pair['proximal']}"] = grades
    assert found == told.facts["blocks"]


def test_the_oracle_gives_the_same_verdicts(told: Any) -> None:
    """On the values read and the limits found, as a tidy table of one study."""
    rows = rows_with_limits(analysis(told.facts["file"]), place(told))
    oracle = {key: result.verdict for key, result in evaluate(rows, settle=False).items()}
    assert oracle == {key: result["verdict"] for key, result in seen(told)["criteria"].items()}


def rows_with_limits(a: Analysis, study: int) -> list[Row]:
    r, about = a.responses, a.readings.studies.iloc[study]
    rows = []
    for at in np.flatnonzero((r.study == study) & (r.side >= 0) & (r.response != NOT_TESTED)):
        row: Row = {
            "study": STUDIES[r.kind[at]],
            "nerve": NERVES[r.nerve[at]],
            "side": SIDES[r.side[at]],
            "recording": r.names["recording"][r.recording[at]] if r.recording[at] >= 0 else "",
            "stimulation": r.names["stimulation"][r.site[at]] if r.site[at] >= 0 else "",
            "response": RESPONSES[r.response[at]],
            "low_cut_hz": about["low_cut_hz"],
        }
        row |= {column: r.values[column][at] for column in VALUES}
        for column, limit in LIMIT_COLUMNS.items():
            if np.isfinite(a.limits.value[column][at]):
                row[limit] = a.limits.value[column][at]
        rows.append(row)
    return rows


# ---------------------------------------------------------------- believable numbers


def test_velocities_durations_and_late_responses_are_believable(told: Any) -> None:
    """What a reader would stumble over: impossible velocities, an F wave that does not fit velocity and latency,
    an area that does not fit amplitude and duration, a proximal response faster than its distal one."""
    distal: dict[tuple[str, str, str], Any] = {}
    fastest: dict[tuple[str, str, str], float] = {}
    for row in told.rows:
        key, value = (row.side, row.nerve, row.recording), {k: float(v) for k, v in row.values.items()}
        if row.kind == "motor" and row.response == "present":
            distal.setdefault(key, value)
            velocity = value.get("velocity_m_per_s")
            assert velocity is None or 18 < velocity < 75, row.name
            fastest[key] = max(fastest.get(key, 0.0), velocity or 0.0)
            assert 4.0 < value["duration_ms"] < 16.0, row.name
            if "area_mvms" in value:
                assert 0.35 < value["area_mvms"] / (value["amplitude_mv"] * value["duration_ms"]) < 0.75, row.name
            assert value["amplitude_mv"] < 20.0
        elif row.kind == "f_wave" and row.response == "present" and key in fastest and fastest[key]:
            wave, dml = value["latency_ms"], distal[key]["latency_ms"]
            there = (wave - dml - 1) / 2 * fastest[key]  # mm from the wrist or ankle to the spinal cord and back
            arm = row.nerve in ("median", "ulnar")
            height = told.facts["height_cm"] * 10
            assert 0.30 * height < there < (0.60 if arm else 0.85) * height, (row.name, there / height)
        elif row.kind == "sensory" and row.response == "present":
            assert 15 < value["velocity_m_per_s"] < 75, row.name
            if "peak_latency_ms" in value:
                assert 0.4 <= value["peak_latency_ms"] - value["latency_ms"] <= 1.7, row.name


def test_sides_differ_a_little(told: Any) -> None:
    """No two responses are copies of each other."""
    lines = [(row.kind, row.nerve, row.recording, row.stimulation, tuple(sorted(row.values.items()))) for row in told.rows
             if row.response == "present" and row.kind == "motor"]  # fmt: skip
    assert len(lines) == len(set(lines))
