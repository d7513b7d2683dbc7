"""Who the studies are of: facts that stand only once for a patient reach all of the patient's studies."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final

from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.people import age_at
from ncs_analyzer.issues import CODES, Issue

REGISTER: Final = "patients"
"""The layout of a sheet that lists patients and measures nothing."""
_CONSTANT: Final = ("sex", "height_cm", "date_of_birth")
_OF_ONE: Final = ("line", "unnamed")

Facts = dict[str, Any]


def registered(sheets: Sequence[Sheet]) -> dict[str, list[Facts]]:
    """The rows of all lists of patients, by patient id."""
    rows: dict[str, list[Facts]] = {}
    for sheet in sheets:
        for facts in sheet.studies if sheet.layout == REGISTER else ():
            if facts.get("patient_id"):
                rows.setdefault(facts["patient_id"], []).append(facts)
    return rows


def name_sheets(sheets: Sequence[Sheet]) -> None:
    """Sheets that are called by the id of a listed patient are of that patient."""
    listed = registered(sheets)
    for sheet in sheets:
        if len(sheet.studies) == 1 and sheet.studies[0].get("patient_id") is None and sheet.grid.sheet in listed:
            sheet.studies[0]["patient_id"] = sheet.grid.sheet


def from_register(facts: Facts, rows: Sequence[Facts]) -> Facts:
    """A study with what lists of patients say of it: the row of its date, or the only row; of other rows only what does
    not change with the date, if they agree."""
    date = facts.get("study_date") or facts.get("when")
    same = [r for r in rows if date and r.get("study_date") == date] or [r for r in rows if not r.get("study_date")]
    if len(same) == 1:
        facts = _under(facts, same[0])
    dated = [r for r in rows if r.get("study_date")]
    if not date and not facts.get("study_date") and len(dated) == 1:
        facts = _under(facts, dated[0])
    return _agreed(facts, rows)


def _under(facts: Facts, more: Facts) -> Facts:
    """Facts, and more where they say nothing."""
    return {k: v for k, v in more.items() if v is not None and k not in _OF_ONE} | {
        k: v for k, v in facts.items() if v is not None
    }


def _agreed(facts: Facts, others: Iterable[Facts]) -> Facts:
    """Facts completed by what all other records of a patient say alike."""
    found = dict(facts)
    for name in _CONSTANT:
        values = {o[name] for o in others if o.get(name) is not None}
        if found.get(name) is None and len(values) == 1:
            found[name] = values.pop()
    return found


def complete(records: Sequence[Facts], log: list[Issue]) -> None:
    """Give the studies of one patient what another of them says: sex, height and birth; the age of the day is reckoned
    from birth, or from the age in another study. What was taken from elsewhere is said."""
    by_patient: dict[str, list[Facts]] = {}
    for record in records:
        by_patient.setdefault(record["patient_id"], []).append(record)
    for own in by_patient.values():
        _deny_two_sexes(own, log)
        for record in own:
            _complete(record, own, log)
    for record in records:
        record.pop("date_of_birth", None)


def _deny_two_sexes(own: Sequence[Facts], log: list[Issue]) -> None:
    """Studies of one patient that give two sexes: one may be another patient's, and the sex of none is known."""
    sexes = {record["sex"] for record in own if record.get("sex") is not None}
    if len(sexes) < 2:
        return
    for record in own:
        record["sex"] = None
        record["conflicts"].add("sex")
        message = f"The studies of patient {record['patient_id']} give two sexes; are they of one person?"
        _say("demographics-conflict", message, record, log)


def _complete(record: Facts, own: Sequence[Facts], log: list[Issue]) -> None:
    others = [o for o in own if o is not record]
    open_facts = {name for name in _CONSTANT if record.get(name) is None and name not in record["conflicts"]}
    filled = _agreed(record, others) if others and open_facts else record
    taken = [name for name in open_facts if filled.get(name) is not None]
    record.update({name: filled[name] for name in taken})
    birth, date = record.get("date_of_birth"), record.get("study_date")
    if birth and date:
        _hold_age_against_birth(record, birth, date, log)
    if record.get("age_years") is None and "age_years" not in record["conflicts"]:
        if birth and date:
            record["age_years"] = age_at(birth, date)
        elif (age := _age_from(others, date)) is not None:
            record["age_years"] = age
            taken.append("age_years")
    said = sorted(name for name in taken if name != "date_of_birth")
    if said:
        message = f"{', '.join(said)} of patient {record['patient_id']} stand with another study and were taken."
        _say("demographics-carried", message, record, log)


def _say(code: str, message: str, record: Facts, log: list[Issue]) -> None:
    """An issue at the first row of a study."""
    sheet: Sheet = record["sheet"]
    log.append(Issue(CODES[code], message, sheet.grid.file, sheet.grid.sheet, record.get("line")))


def _hold_age_against_birth(record: Facts, birth: str, date: str, log: list[Issue]) -> None:
    """An age that the dates of birth and study deny, or dates that give none, leave the age unknown."""
    said, reckoned = record.get("age_years"), age_at(birth, date)
    if reckoned is not None and (said is None or abs(said - reckoned) < _AGE_APART):
        return
    record["age_years"] = None
    record["conflicts"].add("age_years")
    given = "" if said is None else f", aged {said:g},"
    message = f"Patient {record['patient_id']}, born {birth}{given} was examined on {date}: the age is not known."
    _say("demographics-conflict", message, record, log)


_AGE_APART: Final = 2.0
"""Years from which on an age is not that of the day: it may be rounded, or a birthday off."""


def _age_from(others: Sequence[Facts], date: str | None) -> float | None:
    """The age on a day, by whole years from the nearest other study that gives one."""
    if date is None:
        return None
    day = datetime.date.fromisoformat(date)
    known = [
        (abs((day - other).days), (day - other).days, float(o["age_years"]))
        for o in others
        if o.get("age_years") is not None and o.get("study_date")
        for other in (datetime.date.fromisoformat(o["study_date"]),)
    ]
    if not known:
        return None
    _, days, age = min(known)
    years = age + int(days / 365.2425)
    return years if 0 <= years <= 120 else None
