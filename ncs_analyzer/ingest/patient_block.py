"""Patient blocks: "Name:", "Age: 63 yrs", "Height: 5 ft 9" above or beside the tables."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from ncs_analyzer.ingest.cells import Raw, as_text
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.people import age_at, looks_like_name, read_facts
from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.vocabulary.match import lexicon

_LABELLED: Final = re.compile(r"\s*([^:：=]{1,40}?)\s*[:：=]\s*(.*)$", re.DOTALL)
_TWO: Final = re.compile(r"\s*[/・･&+]\s*|\s+(?:and|und|et|y|e)\s+")
"""What stands between two labels of one cell: "Age/Sex"."""
_KNOWN: Final = (*STUDY_COLUMNS, "date_of_birth", "temperature_c", "patient_name", "bmi", "physician")
_STANDALONE: Final = frozenset(_KNOWN)
_WHO: Final = ("patient_id", "patient_name", "study_date", "date_of_birth", "age_years", "sex")
_NOT_FACTS: Final = ("patient_name", "physician", "bmi", "temperature_c")


@dataclass
class Patient:
    """What the blocks say of one patient so far: raw cells by name, with their row and column."""

    raw: dict[str, tuple[Raw, int, int]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    """What this block says itself; the rest stood in an earlier block of the same patient."""
    rows: int = 0
    """How many rows of data were read for this patient."""
    conflicts: set[str] = field(default_factory=set)
    """What rows of one study say differently: it is unknown."""


def labelled(grid: Grid, row: int) -> list[tuple[str, Raw, int]]:
    """The demographic entries of one row: name, raw value, column. Empty if the row is no patient block."""
    texts = grid.row(row)
    found: list[tuple[str, Raw, int]] = []
    taken = -1
    for c, text in enumerate(texts):
        if not text or c <= taken:
            continue
        for part in _parts(text):
            match = _LABELLED.match(part)
            label, value = (match[1], match[2]) if match else (part, "")
            name = _name(label)
            if name is None:
                continue
            if value:
                found.extend(_split(name, label, value, c))
                continue
            following = next((k for k in range(c + 1, len(texts)) if texts[k]), None)
            if following is None or _name(_bare(texts[following])) is not None:
                continue
            if match is None and following > c + 2:
                continue
            raw = grid.raw(row, following)
            found.extend(_split(name, label, raw, following))
            taken = following
    return found


def _parts(text: str) -> list[str]:
    """A cell may hold several entries: "ID: 7; Age: 63 yrs | Sex: F"."""
    pieces = re.split(r"\s*[;|\n]\s*|\s{3,}|,\s(?=[^\d,:]{2,24}:)", text)
    return [p for p in pieces if p.strip()]


def _bare(text: str) -> str:
    match = _LABELLED.match(text)
    return match[1] if match else text


def _name(label: str) -> str | None:
    label = re.sub(r"[(\[（].*?[)\]）]", " ", label)
    name = lexicon("demographic")(label)
    if name is None and _TWO.search(label):
        halves = [lexicon("demographic")(h) for h in _TWO.split(label)]
        if all(halves) and len(halves) < 4:
            return "/".join(str(h) for h in halves)
    return name


def _split(name: str, label: str, value: Raw, column: int) -> list[tuple[str, Raw, int]]:
    """Two facts in one cell ("Age/Sex: 63/F"); a unit in the label goes to the value ("Height (cm)"); what stands under
    "Patient" is a name or an id."""
    if name == "patient":
        name = "patient_name" if looks_like_name([as_text(value)]) else "patient_id"
    if "/" in name:
        values = [v for v in re.split(r"[/,・･]", as_text(value)) if v.strip()]
        values = values if len(values) > 1 else as_text(value).split()
        names = name.split("/")
        return (
            [(n, v.strip(), column) for n, v in zip(names, values, strict=False)] if len(values) == len(names) else []
        )
    unit = re.search(r"[(\[（]\s*(cm|m|ft|in|years|yrs|y|kg|lb)\s*[)\]）]", label, re.IGNORECASE)
    if unit and name in ("height_cm", "weight_kg") and re.fullmatch(r"[\d.,]+", as_text(value)):
        return [(name, f"{as_text(value)} {unit[1]}", column)]
    return [(name, value, column)]


def entries(label: str, value: Raw, column: int) -> list[tuple[str, Raw, int]]:
    """What a value under or beside a label says: name, raw value, column; empty where the label is no such label."""
    name = _name(label)
    return _split(name, label, value, column) if name else []


def is_block_row(grid: Grid, row: int) -> bool:
    """Whether a row only names a patient: labels and their values, no other numbers."""
    entries = labelled(grid, row)
    if not entries:
        return False
    texts = [t for t in grid.row(row) if t]
    labels = sum(1 for t in texts if _name(_bare(t)) is not None)
    return 2 * max(labels, len(entries)) >= len(texts) or any(_LABELLED.match(t) for t in texts)


def is_other_patient(patients: list[Patient], grid: Grid, row: int) -> bool:
    """Whether a block row after data names somebody else, or another date, than the block before."""
    current = patients[-1]
    told = {name: as_text(raw) for name, raw, _ in labelled(grid, row) if name in _WHO}
    return bool(current.rows) and any(
        name in current.raw and as_text(current.raw[name][0]) != text for name, text in told.items()
    )


def add_row(patients: list[Patient], grid: Grid, row: int) -> None:
    """Take up one row of a patient block. A block after data, or another id, begins another patient."""
    entries = labelled(grid, row)
    current = patients[-1]
    says_who = {name: as_text(raw) for name, raw, _ in entries if name in ("patient_id", "patient_name")}
    other = any(name in current.raw and as_text(current.raw[name][0]) != text for name, text in says_who.items())
    other = other or (not says_who and is_other_patient(patients, grid, row))
    if other or (current.rows and says_who):
        same = not other and bool(says_who)
        patients.append(Patient(dict(current.raw) if same else {}))
        current = patients[-1]
    for name, raw, column in entries:
        if name in _STANDALONE and as_text(raw) and name not in current.own:
            current.raw[name] = (raw, grid.line(row), column)
            current.own.add(name)


def facts(patients: list[Patient], sheet: Sheet) -> list[dict[str, Any]]:
    """The studies of the sheet, one per patient; dates of all blocks are read together. What is unreadable is said."""
    studies: list[dict[str, Any]] = [{"line": _line(p)} for p in patients]
    names = dict.fromkeys(name for p in patients for name in p.raw)
    unnamed = [s for s, p in enumerate(patients) if "patient_id" not in p.raw]
    for k, s in enumerate(unnamed):
        if len(unnamed) > 1:
            studies[s]["unnamed"] = str(k + 1)
    for name in names:
        if name in _NOT_FACTS:
            continue
        owners = [s for s, p in enumerate(patients) if name in p.raw and name not in p.conflicts]
        cells = [patients[s].raw[name] for s in owners]
        for s, (raw, line, column), fact in zip(owners, cells, read_facts(name, [c[0] for c in cells]), strict=True):
            if fact.problem:
                text = as_text(raw)
                sheet.report(fact.problem, f"{text!r} cannot be read as {name}.", line, letter(column), text)
            elif fact.value is not None:
                studies[s][name] = fact.value
    for study in studies:
        if study.get("age_years") is None and study.get("date_of_birth") and study.get("study_date"):
            study["age_years"] = age_at(study["date_of_birth"], study["study_date"])
        study.pop("date_of_birth", None)
    return studies


def _line(patient: Patient) -> int | None:
    return min((line for _, line, _ in patient.raw.values()), default=None)


def temperature(patient: Patient) -> float:
    """Skin temperature of the block in °C, NaN where there is none."""
    if "temperature_c" not in patient.raw:
        return float("nan")
    found = re.search(r"\d{2}(?:[.,]\d+)?", as_text(patient.raw["temperature_c"][0]))
    return float(found[0].replace(",", ".")) if found else float("nan")


def only_patient(grid: Grid) -> dict[str, Any] | None:
    """The patient a sheet without a table names, or None."""
    patients = [Patient()]
    for row in range(min(grid.height, 60)):
        if is_block_row(grid, row):
            add_row(patients, grid, row)
    if len(patients) > 1 or len(patients[0].raw) < 2 or "patient_id" not in patients[0].raw:
        return None
    return facts(patients, Sheet(grid, "patient", 1.0))[0]


def name_patient(sheets: list[Sheet], patients: list[dict[str, Any]]) -> None:
    """Give the sheets of one workbook their patient: the one a sheet of its own names; without any, sheets named for
    kinds of study (Motor, Sensory, F wave) belong to one patient, who goes by the name of the file."""
    unnamed = [s for s in sheets if len(s.studies) == 1 and s.studies[0].get("patient_id") is None]
    if len(patients) == 1:
        for sheet in unnamed:
            sheet.studies[0] = {
                **patients[0],
                **{k: v for k, v in sheet.studies[0].items() if v is not None and k != "line"},
            }
        return
    if len(sheets) > 1 and len(unnamed) == len(sheets) and all(lexicon("study")(s.grid.sheet or "") for s in sheets):
        for sheet in unnamed:
            sheet.studies[0]["one_file"] = "yes"
