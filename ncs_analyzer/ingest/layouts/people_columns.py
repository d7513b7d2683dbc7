"""Patients in columns of a table of nerves and sites: whose each row is. A blank cell means the patient above."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ncs_analyzer.ingest.demographic_headings import Demographic, read_label
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.labelled import Entry, facts_of, heads_dates
from ncs_analyzer.ingest.layouts.header import Header
from ncs_analyzer.ingest.patient_block import Patient
from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.vocabulary.match import entries, normalise

_IDS: Final = ("patient_id", "patient", "study_id", "weak_id")
_KEPT: Final = frozenset((*STUDY_COLUMNS, "date_of_birth", "temperature_c", "patient_name"))
_WHO: Final = ("patient_id", "patient_name", "study_id", "study_date")
_LASTING: Final = ("patient_id", "patient_name", "sex", "date_of_birth")
"""What stays the same from one study of a patient to the next."""

Columns = dict[int, tuple[Demographic, ...]]


def labels_of_people(headings: Sequence[str]) -> Columns:
    """The labels of each column about the patient or the study. Only the best id names the patient; of two columns for
    the same the better label counts, then the first."""
    labels = {c: label for c, text in enumerate(headings) if text and (label := read_label(text))}
    ids = {c: _id_rank(label[0], headings[c]) for c, label in labels.items() if len(label) == 1}
    best = min((c for c in ids if ids[c] < _NO_ID), key=lambda c: (ids[c], c), default=None)
    ranked = sorted(
        ((d.rank, c, d) for c, label in labels.items() for d in label if d.role in _KEPT and c != best),
        key=lambda entry: entry[:2],
    )
    owner: dict[str, int] = {} if best is None else {"patient_id": best}
    for _, c, d in ranked:
        owner.setdefault(d.role, c)
    found: Columns = {} if best is None else {best: (replace(labels[best][0], role="patient_id"),)}
    for c, label in labels.items():
        if c != best and (own := tuple(d for d in label if owner.get(d.role) == c or d.role == "patient_name")):
            found[c] = own if len(own) == len(label) else label
    return dict(sorted(found.items()))


_NO_ID: Final = 9


def _id_rank(label: Demographic, text: str) -> int:
    """How surely a label names the patient: an id of the patient, then "Patient", a study number, a mere number."""
    if label.role == "study_id" and normalise(text).startswith("visit"):
        return _NO_ID
    ranks = {"patient_id": label.rank, "patient": 1, "study_id": 3, "weak_id": label.rank + 2}
    return ranks.get(label.role, _NO_ID)


def people_columns(grid: Grid, header: Header) -> Columns:
    """The columns of a table of nerves and sites that say who a row is of."""
    free = {
        c: t for c, t in header.texts.items() if (h := header.headings.get(c)) is None or h.role in (*_KEPT, "patient")
    }
    found = labels_of_people([free.get(c, "") for c in range(grid.width)])
    if not any(d.role == "study_date" for label in found.values() for d in label):
        below = range(header.first, min(grid.height, header.first + 200))
        dates = [c for c, t in free.items() if heads_dates(t, [grid.text(r, c) for r in below])]
        found |= {c: (Demographic("study_date"),) for c in dates if len(dates) == 1}
    for c, label in list(found.items()):
        if label[0].role == "patient_id" and read_label(free[c])[0].role in ("weak_id", "study_id"):
            facts = any(d.role in ("age_years", "sex", "date_of_birth", "height_cm") for o in found.values() for d in o)
            if not (facts or _several_rows(grid, header.first, c)):
                del found[c]
    return found


def names_people(columns: Columns) -> bool:
    """Whether any of the columns names the patient himself."""
    return any(d.role in ("patient_id", "patient_name") for label in columns.values() for d in label)


def _several_rows(grid: Grid, first: int, c: int) -> bool:
    """Whether what a column says holds for more than one row: it is no numbering of the rows."""
    texts = [grid.text(r, c) for r in range(first, min(grid.height, first + 200))]
    given = [t for t in texts if t]
    return bool(given) and len(set(given)) < sum(any(grid.row(r)) for r in range(first, min(grid.height, first + 200)))


class People:
    """Whose the rows of a table are."""

    def __init__(self, sheet: Sheet, patients: list[Patient], columns: Columns, first: int) -> None:
        self.sheet, self.grid, self.patients, self.columns = sheet, sheet.grid, patients, columns
        self.ids = [c for c, label in columns.items() if names_people({c: label})]
        self.repeated = self._repeated(first)
        self.said = False
        block = patients[-1]
        self.common = dict(block.raw) if not block.rows and not block.raw.keys() & set(_WHO[:2]) else {}
        """What a block above the table says of all its patients."""

    def _repeated(self, first: int) -> bool:
        """Whether an id stands on every row of its patient: then a blank one was left out, and does not mean the above."""
        before = ""
        for row in range(first, self.grid.height):
            if not any(self.grid.row(row)):
                return False
            own = " ".join(filter(None, (self.grid.text(row, c) for c in self.ids)))
            if own and own == before:
                return True
            before = own
        return False

    def told(self, row: int) -> list[Entry]:
        """What the columns say in a row; remarks below the patients say nothing."""
        return [
            entry
            for c, label in self.columns.items()
            if (text := self.grid.text(row, c)) and not _is_note(text)
            for entry in facts_of(label, f"column {c}", self.grid.raw(row, c), row, c)
        ]

    def is_alone(self, row: int) -> bool:
        """Whether a row only names the patient of the rows below."""
        filled = [c for c, text in enumerate(self.grid.row(row)) if text]
        return bool(self.told(row)) and all(c in self.columns for c in filled)

    def is_summary(self, row: int) -> bool:
        """Whether a row is named for means, limits or the like instead of a patient."""
        return any(normalise(self.grid.text(row, c)) in _NO_PATIENTS for c in self.ids if self.grid.text(row, c))

    def take(self, row: int, current: int) -> int | None:
        """The patient of a row, by number; None where the row should name one and does not."""
        line = self.grid.line(row)
        told = self.told(row)
        named = {e.role: e.text for e in told if e.role in _WHO}
        if self.ids and not any(self.grid.text(row, c) for c in self.ids):
            if self.repeated:
                heading = self.grid.text(row, self.ids[0]) or None
                self.sheet.report(
                    "row-without-patient", "The row names no patient; nothing of it was used.", line, heading
                )
                return None
            if not self.said:
                self.said = True
                self.sheet.report("id-as-above", "Rows have no patient id; the one above was taken.")
        known = self.patients[current].raw
        if any(role in known and known[role].text != text for role, text in named.items()):
            current = self._other(named, current)
        patient = self.patients[current]
        for entry in told:
            before = patient.raw.get(entry.role)
            if before is None:
                patient.take(entry)
            elif before.text != entry.text and entry.role not in patient.conflicts:
                patient.conflicts.add(entry.role)
                message = f"{entry.role} of one study differs between row {self.grid.line(before.row)} and row {line}."
                self.sheet.report("demographics-conflict", message, line, letter(entry.column))
        return current

    def _other(self, named: dict[str, str], current: int) -> int:
        """Another patient, or another study of the same one: met before, or new."""
        before = {role: e.text for role, e in self.patients[current].raw.items() if role in _WHO}
        who = [role for role in ("patient_id", "patient_name") if role in named]
        same = all(before.get(role) == named[role] for role in who)
        wanted = {role: text for role, text in before.items() if same} | named
        for number, patient in enumerate(self.patients):
            if {role: e.text for role, e in patient.raw.items() if role in wanted} == wanted:
                return number
        lasting = {role: e for role, e in self.patients[current].raw.items() if same and role in _LASTING}
        self.patients.append(Patient(self.common | lasting))
        return len(self.patients) - 1


def _is_note(text: str) -> bool:
    return "=" in text or len(text.split()) > _WORDS_OF_A_NOTE


_WORDS_OF_A_NOTE: Final = 5
_NO_PATIENTS: Final = frozenset(normalise(word) for word in entries("wide")["not_a_patient"]["yes"])
