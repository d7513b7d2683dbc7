"""Patient blocks: the entries of rows above, beside or below the tables, and whom they name."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from ncs_analyzer.ingest.demographic_headings import read_label
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.labelled import Entry, is_value_row, labelled
from ncs_analyzer.ingest.people import read_facts
from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.vocabulary.match import lexicon

_KEPT: Final = frozenset((*STUDY_COLUMNS, "date_of_birth", "temperature_c", "patient_name", "weak_id"))
_WHO: Final = ("patient_id", "patient_name")
_OF_A_VISIT: Final = frozenset(
    ("study_date", "age_years", "study_id", "temperature_c", "weight_kg", "days_since_onset")
)
"""What may differ between two visits of one patient."""
_NOT_FACTS: Final = ("patient_name", "temperature_c", "weak_id")


@dataclass
class Patient:
    """What the blocks say of one patient so far, by role."""

    raw: dict[str, Entry] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    """What this block says itself; the rest stood in an earlier block of the same patient."""
    rows: int = 0
    """How many rows of data were read for this patient."""
    conflicts: set[str] = field(default_factory=set)
    """What rows of one study say differently: it is unknown."""

    def contradicts(self, entry: Entry) -> bool:
        """Whether an entry under the same label says something else."""
        known = self.raw.get(entry.role)
        if known is None or known.text == entry.text:
            return False
        return known.label == entry.label or (entry.role == "study_date" and known.rank == entry.rank)

    def take(self, entry: Entry) -> None:
        """Keep an entry, unless a better label of this block has said it."""
        known = self.raw.get(entry.role) if entry.role in self.own else None
        if entry.role in _KEPT and entry.text and (known is None or entry.rank < known.rank):
            self.raw[entry.role] = entry
            self.own.add(entry.role)


def is_block_row(grid: Grid, row: int) -> bool:
    """Whether a row only names a patient: labels and their values, no other numbers."""
    if is_value_row(grid, row):
        return True
    texts = list(dict.fromkeys(t for t in grid.row(row) if t))
    if texts and texts[0].startswith("#"):
        return False  # a comment of whoever exported the file
    if any((h := read_heading(t)) is not None and h.role in ("nerve", "nerve_site") for t in texts):
        return False  # the headings of a table with columns about the patient
    entries = labelled(grid, row)
    if not entries:
        return False
    labels = sum(bool(read_label(t)) for t in texts)
    sure = any(e.role != "other" and e.rank == 0 for e in entries)
    return sure or 2 * max(labels, len(entries)) >= len(texts) or any(re.search(r"[:：]", t) for t in texts)


def names_patient(grid: Grid, row: int) -> bool:
    """Whether a row tells at least two facts of a patient under labels that leave no doubt; it then measures nothing."""
    told = {e.role for e in labelled(grid, row) if e.rank == 0 and e.role in _PLAIN_FACTS}
    return len(told) > 1 and is_block_row(grid, row)


_PLAIN_FACTS: Final = ("age_years", "sex", "height_cm", "weight_kg", "date_of_birth")


def is_other_patient(patients: list[Patient], grid: Grid, row: int) -> bool:
    """Whether a block row after data names somebody else, or another date, than the block before."""
    told = [e for e in labelled(grid, row) if e.role in (*_WHO, "study_date", "date_of_birth", "age_years", "sex")]
    return bool(patients[-1].rows) and any(patients[-1].contradicts(e) for e in told)


def add_row(patients: list[Patient], grid: Grid, row: int) -> None:
    """Take up one row of a patient block. A block after data, or another id, begins another patient; another date
    another visit of the same."""
    entries = labelled(grid, row)
    current = patients[-1]
    says_who = any(e.role in _WHO for e in entries)
    other = any(current.contradicts(e) for e in entries if e.role in _WHO)
    other = other or (not says_who and is_other_patient(patients, grid, row))
    if other or (current.rows and says_who and current.raw):
        differing = {e.role for e in entries if current.contradicts(e)}
        same = differing <= _OF_A_VISIT
        kept = {role: e for role, e in current.raw.items() if not (other and role in _OF_A_VISIT)}
        above = _take_back(current, grid, row) if current.rows else []
        patients.append(Patient(kept if same else {}))
        current = patients[-1]
        entries = [*above, *entries]
    for entry in entries:
        current.take(entry)


def _take_back(patient: Patient, grid: Grid, row: int) -> list[Entry]:
    """The entries of the rows of a block above the one that names somebody else: they are of the new patient."""
    found: list[Entry] = []
    first = row
    while first and any(grid.row(first - 1)) and is_block_row(grid, first - 1):
        first -= 1
        found[:0] = labelled(grid, first)
    for role in [role for role, entry in patient.raw.items() if first <= entry.row < row]:
        del patient.raw[role]
    return found


def facts(patients: list[Patient], sheet: Sheet) -> list[dict[str, Any]]:
    """The studies of the sheet, one per patient; dates of all blocks are read together. What is unreadable is said."""
    _settle_feet(patients)
    for patient in patients:
        for role in ("weak_id", "study_id"):
            entry = patient.raw.get(role)
            if entry is not None:
                patient.raw.setdefault("patient_id", entry)
    studies: list[dict[str, Any]] = [{"line": _line(p, sheet.grid)} for p in patients]
    unnamed = [s for s, p in enumerate(patients) if "patient_id" not in p.raw]
    for k, s in enumerate(unnamed):
        if len(unnamed) > 1:
            studies[s]["unnamed"] = str(k + 1)
    for name in dict.fromkeys(name for p in patients for name in p.raw if name not in _NOT_FACTS):
        _read_fact(name, patients, studies, sheet)
    return studies


def _read_fact(name: str, patients: list[Patient], studies: list[dict[str, Any]], sheet: Sheet) -> None:
    owners = [s for s, p in enumerate(patients) if name in p.raw and name not in p.conflicts]
    entries = [patients[s].raw[name] for s in owners]
    dates = [e.text for p in patients for role, e in p.raw.items() if role in ("study_date", "date_of_birth")]
    found = read_facts(
        name,
        [e.raw for e in entries],
        codes=sheet.grid.definitions.sexes,
        company=dates,
        order=sheet.grid.definitions.date_order,
    )
    for s, entry, fact in zip(owners, entries, found, strict=True):
        if fact.problem:
            line, text = sheet.grid.line(entry.row), entry.text
            sheet.report(fact.problem, f"{text!r} cannot be read as {name}.", line, letter(entry.column), text)
            if name == "study_date":
                studies[s]["when"] = text
        elif fact.value is not None:
            studies[s][name] = fact.value


def _settle_feet(patients: list[Patient]) -> None:
    """Blocks below the tables: the data above the first one have no patient, and the last block has no data."""
    if len(patients) > 1 and patients[0].rows and not patients[0].raw and not patients[-1].rows:
        for above, below in pairwise(patients):
            above.raw, above.own = below.raw, below.own
        patients.pop()


def _line(patient: Patient, grid: Grid) -> int | None:
    return min((grid.line(e.row) for e in patient.raw.values()), default=None)


def temperature(patient: Patient) -> float:
    """Skin temperature of the block in °C, NaN where there is none, or several."""
    if "temperature_c" not in patient.raw:
        return float("nan")
    found = re.findall(r"\d{2}(?:[.,]\d+)?", patient.raw["temperature_c"].text)
    return float(found[0].replace(",", ".")) if len(set(found)) == 1 else float("nan")


def only_patient(grid: Grid) -> dict[str, Any] | None:
    """The patient a sheet without a table names, or None."""
    patients = [Patient()]
    for row in range(min(grid.height, 60)):
        if is_block_row(grid, row):
            add_row(patients, grid, row)
    known = patients[0].raw.keys() & {"patient_id", "weak_id", "age_years", "sex", "date_of_birth"}
    if len(patients) > 1 or len(patients[0].raw) < 2 or not known:
        return None
    return facts(patients, Sheet(grid, "patient", 1.0))[0]


def name_patient(sheets: list[Sheet], patients: list[dict[str, Any]]) -> None:
    """Give the sheets of one workbook their patient: the one a sheet of its own names, or the only sheet of measurements
    that names any, for sheets named for kinds of study (Motor, Sensory, F wave). Without an id such sheets belong to one
    patient, who goes by the name of the file."""
    unnamed = [s for s in sheets if len(s.studies) == 1 and s.studies[0].get("patient_id") is None]
    of_kinds = [s for s in unnamed if lexicon("study")(s.grid.sheet or "")]
    named = [s for s in sheets if s not in unnamed]
    given = patients[0] if len(patients) == 1 else None
    if (
        given is None
        and not patients
        and len(named) == 1
        and len(named[0].studies) == 1
        and len(of_kinds) == len(unnamed)
    ):
        given = {k: v for k, v in named[0].studies[0].items() if k in _KEPT}
        unnamed = [s for s in unnamed if not s.studies[0].keys() - {"line"}]
    if given is not None:
        for sheet in unnamed:
            own = {k: v for k, v in sheet.studies[0].items() if v is not None and k != "line"}
            sheet.studies[0] = {**given, **own}
    if len(sheets) > 1 and len(of_kinds) == len(sheets) and (given is None or given.get("patient_id") is None):
        for sheet in of_kinds:
            sheet.studies[0]["one_file"] = "yes"
