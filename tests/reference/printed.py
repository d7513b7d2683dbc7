"""The printed numbers as the tests read them: apart from the build script, by their own rules."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.resources import shipped

UNITS = {"uVs": "mV*ms"}
NERVES_OF_ANY = ("median", "ulnar", "tibial")


def printed_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a transcription."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build_module() -> ModuleType:
    """reference_ranges/build.py."""
    spec = importlib.util.spec_from_file_location("build_reference", shipped("reference_ranges") / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def agrees(limit: Limit, row: dict[str, str]) -> bool:
    """Whether a shipped limit is the number of a printed row, for the same nerve, people and unit."""
    return _nerve(limit, row) and _number(limit, row) and _people(limit, row) and _unit(limit, row)


def _nerve(limit: Limit, row: dict[str, str]) -> bool:
    printed = row["nerve"].replace(" ", "_")
    if row["study"] == "comparison" or "/" in printed:
        return bool(limit.against) and limit.nerve.removeprefix("superficial_") in f"{printed} {row['site_or_segment']}"
    return limit.nerve == printed or (printed == "any" and limit.nerve in NERVES_OF_ANY)


def _number(limit: Limit, row: dict[str, str]) -> bool:
    if row["limit"] == "equation":
        top = float(row["value"].partition("=")[2].partition("+")[0])
        slope = float(row["value"].partition("+")[2].partition("*")[0])
        ours = (limit.intercept or 0) + (limit.sd or 0) * (limit.sd_multiplier or 0)
        return limit.per_cm == slope and abs(ours - top) < 0.01
    ours_given = limit.lower if row["limit"] == "lower" else limit.upper
    return ours_given is not None and bool(row["value"]) and ours_given == float(row["value"])


def _people(limit: Limit, row: dict[str, str]) -> bool:
    if (limit.sex or "any") != row["sex"]:
        return False
    for ours, printed in ((limit.height_min_cm, row["height_min_cm"]), (limit.bmi_min, row["bmi_min"]),
                          (limit.age_min, row["age_min"])):  # fmt: skip
        if ours is not None and printed and ours > float(printed) + 0.01:
            return False
    for ours, printed in ((limit.height_max_cm, row["height_max_cm"]), (limit.bmi_max, row["bmi_max"]),
                          (limit.age_max, row["age_max"])):  # fmt: skip
        if ours is not None and printed and not -0.01 <= ours - float(printed) <= _most_beyond(limit):
            return False
    return True


def _most_beyond(limit: Limit) -> float:
    """How far a bound that is not included lies above the printed one: one year, one cm; ten years where the source
    says that the band of 19-39 years stands for that of 40-49."""
    return 11.0 if (limit.measure, limit.upper) == ("h_latency", 35.9) else 1.0


def _unit(limit: Limit, row: dict[str, str]) -> bool:
    return limit.unit == UNITS.get(row["unit"], row["unit"]) or (limit.unit == "ratio" and not row["unit"])
