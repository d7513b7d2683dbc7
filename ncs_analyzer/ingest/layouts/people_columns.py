"""Patients in columns of a table of nerves and sites: whose each row is. A blank cell means the patient above."""

from typing import Final

from ncs_analyzer.ingest import patient_block
from ncs_analyzer.ingest.cells import Raw, as_text
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.header import Header
from ncs_analyzer.ingest.patient_block import Patient
from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.vocabulary.match import lexicon

IDS: Final = ("patient_id", "patient", "patient_name")
_FACTS: Final = (*IDS, *STUDY_COLUMNS, "date_of_birth", "temperature_c")
_WHO: Final = ("patient_id", "patient_name", "study_id", "study_date")
_LASTING: Final = ("patient_id", "patient_name", "sex", "date_of_birth")
"""What stays the same from one study of a patient to the next."""
_WEAK: Final = "weak_id"


def people_columns(grid: Grid, header: Header) -> dict[int, str]:
    """The columns that say who a row is of, with what stands for their heading."""
    found: dict[int, str] = {}
    weak: dict[int, str] = {}
    for c, text in header.texts.items():
        heading = header.headings.get(c)
        if heading is not None and heading.role not in _FACTS:
            continue
        if patient_block.entries(text, "?", c) or patient_block.entries(text, "?/?", c):
            found[c] = text
        elif lexicon(_WEAK)(text) and _several_rows(grid, header.first, c):
            weak[c] = "patient id"
    if not names_people(found) and weak:
        c = next(iter(weak))
        found[c] = weak[c]
    return dict(sorted(found.items()))


def names_people(columns: dict[int, str]) -> bool:
    """Whether any of the columns names the patient himself."""
    return any(name in IDS for c, text in columns.items() for name, _, _ in patient_block.entries(text, "?", c))


def _several_rows(grid: Grid, first: int, c: int) -> bool:
    """Whether what a column says holds for more than one row: it is no numbering of the rows."""
    texts = [grid.text(r, c) for r in range(first, min(grid.height, first + 200))]
    given = [t for t in texts if t]
    return bool(given) and len(set(given)) < sum(any(grid.row(r)) for r in range(first, min(grid.height, first + 200)))


class People:
    """Whose the rows of a table are."""

    def __init__(self, sheet: Sheet, patients: list[Patient], columns: dict[int, str], first: int) -> None:
        self.sheet, self.grid, self.patients, self.columns = sheet, sheet.grid, patients, columns
        self.ids = [c for c, text in columns.items() if names_people({c: text})]
        self.repeated = self._repeated(first)
        self.said = False

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

    def take(self, row: int, current: int) -> int | None:
        """The patient of a row, by number; None where the row should name one and does not."""
        line = self.grid.line(row)
        told: dict[str, tuple[Raw, int, int]] = {}
        for c, text in self.columns.items():
            if self.grid.text(row, c):
                entries = patient_block.entries(text, self.grid.raw(row, c), c)
                told |= {name: (raw, line, column) for name, raw, column in entries if as_text(raw)}
        named: dict[str, str] = {name: as_text(told[name][0]) for name in _WHO if name in told}
        if self.ids and not any(self.grid.text(row, c) for c in self.ids):
            if self.repeated:
                self.sheet.report("patient-id-missing", "The row names no patient.", line, self.columns[self.ids[0]])
                return None
            if not self.said:
                self.said = True
                self.sheet.report("id-as-above", "Rows have no patient id; the one above was taken.")
        known = self.patients[current].raw
        if any(name in known and as_text(known[name][0]) != text for name, text in named.items()):
            current = self._other(named, current)
        patient = self.patients[current]
        for name, cell in told.items():
            if name not in patient.raw:
                patient.raw[name] = cell
                patient.own.add(name)
            elif as_text(patient.raw[name][0]) != as_text(cell[0]) and name not in patient.conflicts:
                patient.conflicts.add(name)
                message = f"{name} of one study differs between row {patient.raw[name][1]} and row {line}."
                self.sheet.report("demographics-conflict", message, line, self.columns.get(cell[2]))
        return current

    def _other(self, named: dict[str, str], current: int) -> int:
        """Another patient, or another study of the same one: met before, or new."""
        before = {n: as_text(cell[0]) for n, cell in self.patients[current].raw.items() if n in _WHO}
        who = [n for n in ("patient_id", "patient_name") if n in named]
        same = all(before.get(n) == named[n] for n in who)
        wanted = {n: text for n, text in before.items() if same} | named
        for number, patient in enumerate(self.patients):
            if {n: as_text(cell[0]) for n, cell in patient.raw.items() if n in wanted} == wanted:
                return number
        lasting = {n: cell for n, cell in self.patients[current].raw.items() if same and n in _LASTING}
        self.patients.append(Patient(lasting))
        return len(self.patients) - 1
