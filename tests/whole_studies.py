"""Whole studies written as a reader would write them down: the cases of `tests/cases/*.toml` and the sample data.

A case holds `about` (columns of the study), `recorded` (tables as in sample_data/patients.toml), `limits` (where another
laboratory than that of `tests/cases/laboratory.toml`) and `expected`: `pattern`, `verdicts` (every set that says more than
not_fulfilled or not_suggestive), `unsettled` (every set whose verdict is), `blocks` (every pair with a block by
EFNS/PNS 2010 for CIDP), `levels` of EAN/PNS 2021 that are reached, and `said` (words the summary must contain).
"""

import importlib.util
import sys
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.studies import Row

CASES: Final = Path(__file__).parent / "cases"
SAMPLES: Final = Path(__file__).parents[1] / "sample_data"
LABORATORY: Final = "laboratory.toml"

Content = dict[str, Any]


@cache
def sample_builder() -> ModuleType:
    """`sample_data/build.py` as a module: it reads the same tables."""
    spec = importlib.util.spec_from_file_location("sample_data_build", SAMPLES / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def read_cases() -> dict[str, Content]:
    """All cases by name."""
    return {
        path.stem: tomllib.loads(path.read_text("utf-8"))
        for path in sorted(CASES.glob("*.toml"))
        if path.name != LABORATORY
    }


@cache
def laboratory() -> dict[str, list[float]]:
    """Limits by "kind nerve recording": latency, amplitude, velocity."""
    found: dict[str, list[float]] = tomllib.loads((CASES / LABORATORY).read_text("utf-8"))
    return found


def rows_of(case: Content) -> list[Row]:
    """The tidy rows of a case, with the limits its laboratory prints."""
    limits = case.get("limits", laboratory())
    recorded = {**case["recorded"], "skin_c": [33.0] * 4}
    return [
        {**case["about"], **row_of(response), **printed(response, limits)}
        for response in sample_builder().read_rows(recorded)
    ]


def row_of(response: Any) -> Row:
    return {
        "study": response.kind,
        "side": response.side,
        "nerve": response.nerve,
        "recording": response.recording,
        "stimulation": response.stimulation,
        "response": response.response,
        **response.values,
    }


def printed(response: Any, limits: dict[str, list[float]]) -> Row:
    """The limits that stand beside a response: of latency and amplitude at the distal site, of velocity above it."""
    of_nerve = limits.get(f"{response.kind} {response.nerve} {response.recording}", [])
    columns = {
        "f_wave": ("latency_upper_limit",),
        "sensory": ("peak_latency_upper_limit", "amplitude_lower_limit", "velocity_lower_limit"),
        "motor": ("", "", "velocity_lower_limit")
        if response.below
        else ("latency_upper_limit", "amplitude_lower_limit", ""),
    }[response.kind]
    return {column: value for column, value in zip(columns, of_nerve, strict=False) if column}
