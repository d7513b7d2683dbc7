"""Hold what the reader made of an export against its truth: recall, wrong values, missing issues."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncs_analyzer.ingest import read
from ncs_analyzer.pipeline import analyze
from ncs_analyzer.reference.grading import graded_readings
from ncs_analyzer.reference.tables import Reference

HERE = Path(__file__).parent
KEY = ("study", "nerve", "side", "stimulation", "measure")


@dataclass
class Outcome:
    """Found, missing and wrong readings of one file, and further complaints."""

    file: str
    expected: int = 0
    found: int = 0
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def truths(*families: str) -> list[Path]:
    """The truth files of some families."""
    return sorted(p for f in families for p in (HERE / "truth" / f).glob("*.json"))


def later_truths() -> list[Path]:
    """The truth files of exports that were written after the readers, by authors who had not seen them."""
    return sorted(HERE.glob("later/*/truth/*.json"))


def export_of(truth_file: Path, truth: dict[str, Any]) -> Path:
    """The export that a truth is about."""
    folder = truth_file.parents[1] if "later" in truth_file.parts else HERE
    return folder / "files" / str(truth["file"])


def compare(truth_file: Path) -> Outcome:
    """Read the export of one truth and compare."""
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    return compare_with(truth, export_of(truth_file, truth))


def compare_with(truth: dict[str, Any], export: Path) -> Outcome:
    """Read an export and hold it against a truth."""
    outcome = Outcome(truth["file"])
    readings = read(export)
    analysis = analyze(readings, Reference(()))
    table = graded_readings(readings, analysis.responses, analysis.limits)
    table["patient_id"] = readings.studies["patient_id"].to_numpy()[table["study_no"].to_numpy()]
    table["study_date"] = readings.studies["study_date"].to_numpy()[table["study_no"].to_numpy()]
    own = table[table["grade"] != "not_tested"].astype(object).to_dict("records")
    for record in own:
        for name, value in record.items():
            record[name] = None if value != value else value
    left = defaultdict(list)
    for record in own:
        left[_key(record)].append(record)
    refused = bool(truth.get("read_or_refuse")) and not own
    for study in truth["studies"]:
        for reading in study["readings"]:
            outcome.expected += not refused
            if refused:
                continue
            match = _find(reading, study, left, truth)
            if match is None:
                outcome.missing.append(f"{_who(study)} {_words(reading)}")
            else:
                outcome.found += 1
                _limits(reading, match, outcome)
    allowed = {
        (a.get("sheet"), a["cell"].split(",")[0]) for a in truth.get("ambiguous", []) if "cell" in a
    }
    for records in left.values():
        for record in records:
            if (record["sheet"], str(record["row"])) in allowed:
                continue
            if any(_same_reading(record, extra) for extra in truth.get("may_compute", [])):
                continue
            outcome.wrong.append(_words(record) + f" (row {record['row']} {record['column']})")
    forbidden = {float(v) for v in truth.get("forbidden_values", []) if _is_number(v)}
    outcome.wrong += [f"forbidden {r['value']}" for r in own if r["value"] in forbidden]
    for issue in truth.get("expected_issues", []):
        if not issue.get("optional") and not _reported(issue, readings.issues):
            outcome.other.append(f"no issue: {issue}")
    _studies(truth, readings, outcome)
    return outcome


def _key(record: dict[str, Any]) -> tuple[Any, ...]:
    nerve = {"superficial_radial": "radial"}.get(record["nerve"], record["nerve"])
    return (record["study"], nerve, record["side"], record["measure"])


def _find(
    reading: dict[str, Any],
    study: dict[str, Any],
    left: dict[Any, list[dict[str, Any]]],
    truth: dict[str, Any],
) -> dict[str, Any] | None:
    accept = reading.get("accept", {})
    for measure in dict.fromkeys([reading["measure"], *accept.get("measure", [])]):
        for nerve in dict.fromkeys([reading["nerve"], *accept.get("nerve", [])]):
            records = left[_key({**reading, "measure": measure, "nerve": nerve})]
            for i, record in enumerate(records):
                if _agrees(reading, study, record, accept):
                    return records.pop(i)
    return None


def _agrees(
    reading: dict[str, Any],
    study: dict[str, Any],
    record: dict[str, Any],
    accept: dict[str, list[Any]],
) -> bool:
    for name in ("stimulation", "recording"):
        if reading.get(name) is not None and record[name] not in (
            reading[name],
            *accept.get(name, []),
        ):
            return False
    values = [reading["value"], *accept.get("value", [])]
    if not any(_close(record["value"], v) for v in values) or record["unit"] != reading["unit"]:
        return False
    if record["response"] != reading["response"] and record["response"] not in accept.get(
        "response", []
    ):
        return False
    parts = study.get("patient_id_contains")
    who = None if parts else study.get("patient_id")
    if who is not None and str(record["patient_id"]) not in (
        str(who),
        *map(str, study.get("accept", {}).get("patient_id", [])),
    ):
        return False
    if who is None and not all(part in str(record["patient_id"]) for part in parts or []):
        return False
    date = study.get("study_date")
    return date is None or record["study_date"] in (
        date,
        *study.get("accept", {}).get("study_date", []),
    )


def _close(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    return abs(float(a) - float(b)) <= 1e-6 * max(1.0, abs(float(b)))


def _limits(reading: dict[str, Any], match: dict[str, Any], outcome: Outcome) -> None:
    for side in ("lower", "upper"):
        expected = reading.get(side)
        accepted = [expected, *reading.get("accept", {}).get(side, [])]
        if expected is not None and not any(_close(match[side], e) for e in accepted):
            outcome.other.append(f"{side} of {_words(reading)}: {match[side]}")


def _same_reading(record: dict[str, Any], extra: dict[str, Any]) -> bool:
    return all(record.get(k) == extra.get(k) for k in KEY if extra.get(k) is not None)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _reported(issue: dict[str, Any], issues: Any) -> bool:
    sure = not issue.get("severity_unsure")
    for found in issues:
        if (
            issue.get("row") is not None
            and not issue.get("row_unsure")
            and found.row != issue["row"]
        ):
            continue
        if sure and found.severity != issue["severity"]:
            continue
        if found.severity == "info" and issue["severity"] == "error":
            continue
        return True
    return False


def _studies(truth: dict[str, Any], readings: Any, outcome: Outcome) -> None:
    own = readings.studies.astype(object).where(readings.studies.notna(), None).to_dict("records")
    for study in truth["studies"]:
        if not study["readings"] or study.get("patient_id") is None:
            continue
        match = [
            s
            for s in own
            if s["patient_id"] == study["patient_id"]
            and study.get("study_date") in (None, s["study_date"])
        ]
        for name in ("age_years", "sex", "height_cm"):
            accepted = [study.get(name), *study.get("accept", {}).get(name, [])]
            if match and not any(_same_fact(match[0][name], a) for a in accepted):
                outcome.other.append(
                    f"{name} of {study['patient_id']}: {match[0][name]} instead of {accepted}"
                )


def _same_fact(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    if isinstance(b, (int, float)):
        return abs(float(a) - float(b)) < 0.06
    return bool(a == b)


def _who(study: dict[str, Any]) -> str:
    return f"{study.get('patient_id')} {study.get('study_date') or ''}".strip()


def _words(reading: dict[str, Any]) -> str:
    parts = (
        reading["study"],
        reading["side"],
        reading["nerve"],
        reading["recording"],
        reading["stimulation"],
        reading["measure"],
    )
    return (
        " ".join(str(p) for p in parts)
        + f" = {reading['value']} {reading['unit']} {reading['response']}"
    )


if __name__ == "__main__":
    import sys

    total = [0, 0, 0]
    for path in truths(*sys.argv[1:] or "A"):
        o = compare(path)
        total = [total[0] + o.expected, total[1] + o.found, total[2] + len(o.wrong)]
        print(f"{o.file}: {o.found}/{o.expected} found, {len(o.wrong)} wrong, {len(o.other)} other")
        for words in (o.missing[:6], o.wrong[:6], o.other[:6]):
            for w in words:
                print(
                    "     ",
                    "missing"
                    if words == o.missing[:6]
                    else "wrong"
                    if words == o.wrong[:6]
                    else "other",
                    w,
                )
    print(total)
