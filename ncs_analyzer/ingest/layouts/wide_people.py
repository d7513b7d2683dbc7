"""Who the rows of a wide sheet are: which rows hold a patient, and what their columns say of patient, study and side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Codes, Rows
from ncs_analyzer.ingest.cells import Raw, State, as_text, read_cell
from ncs_analyzer.ingest.demographic_headings import Demographic, numbered, read_label
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.labelled import heads_dates, shared_values
from ncs_analyzer.ingest.layouts.wide_places import Given
from ncs_analyzer.ingest.layouts.wide_top import Top
from ncs_analyzer.ingest.people import covariate_name, looks_like_name, read_facts
from ncs_analyzer.ingest.places import nerve_named
from ncs_analyzer.ingest.sides import side_of
from ncs_analyzer.vocabulary.match import entries, lexicon, normalise, split_words
from ncs_analyzer.vocabulary.units import unit as known_unit

_WORDS_OF: Final = ("sex",)
"""Facts that are words of the vocabulary, for which a file may have codes."""
_ROW_SIDE: Final = frozenset(
    ("side", "hand", "limb", "arm", "leg", "foot", "wrist", "extremity", "laterality", "seite", "lado", "cote", "lato",
     "mano", "main", "studied side", "side studied", "tested side", "affected side", "side tested", "l r", "r l")
)  # fmt: skip
_SIDES: Final = ("side", "arm", "leg")
_LIMB_SIDES: Final = {
    **dict.fromkeys(("arm side", "side arm", "upper limb side", "side upper limb", "side of arm", "hand side"), "arm"),
    **dict.fromkeys(("leg side", "side leg", "lower limb side", "side lower limb", "side of leg", "foot side"), "leg"),
}
_IN_BRACKETS: Final = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_CODE: Final = re.compile(r"(?=.*\d)[\w/-]{4,20}")
_GIVEN_ROLES: Final = {"nerve": "nerve", "study": "kind", "recording": "muscle", "site": "site"}


def patient_rows(grid: Grid, top: Top) -> tuple[Rows, dict[int, str]]:
    """The rows that hold a patient, and why the others do not: means, limits, notes, further headings."""
    found, others = [], {}
    measured = list(top.about_nerves)
    ids = id_column(top)
    for row in range(top.first, grid.height):
        texts = grid.row(row)
        if not any(texts):
            continue
        why = _no_patient(texts, measured, ids, top)
        if why is None:
            found.append(row)
        else:
            others[row] = why
    return np.array(found, np.intp), others


_ID_ROLES: Final = ("patient_id", "patient", "patient_name", "weak_id")


def id_column(top: Top, weak: bool = True) -> int | None:
    """The first column that names the patient; `weak`: also by a heading that may mean something else."""
    roles = _ID_ROLES if weak else _ID_ROLES[:-1]
    for c, heading in enumerate(top.headings):
        named = top.demographic(c) if heading and c not in top.about_nerves else None
        if named is not None and named[0].role in roles:
            return c
    return None


def _no_patient(texts: Sequence[str], measured: Sequence[int], ids: int | None, top: Top) -> str | None:
    """Why a row holds no patient, or None."""
    given = [t for t in texts if t]
    words = _first_words(given[0]), _first_words(texts[ids]) if ids is not None else ""
    if any(w in _STATISTICS for w in words):
        return "a summary, a limit or a note"
    values = [texts[c] for c in measured if texts[c]]
    if sum(t == top.headings[c] for c, t in enumerate(texts) if t) * 2 > len(given) > 2:
        return "a row of headings"
    if len(given) == 1 and not values and (":" in given[0] or (" " in given[0] and len(given[0]) > 24)):
        return "a note"
    if len(values) > 1 and all(known_unit(t) for t in values):
        return "a row of units"
    if any(_EXPLAINS.search(t) for t in given) and not any(_measured(t) for t in values):
        return "a legend"
    if any(top.definitions.state(top.headings[c].split("\n")[-1], texts[c]) for c in measured if texts[c]):
        return None
    cells = [read_cell(t, comma=True) for t in values]
    if len(values) > 1 and all(c.state is State.UNREADABLE for c in cells):
        bounds = sum(c.problem == "censored-number" for c in cells)
        return "a row of limits" if bounds * 2 > len(cells) else "text"
    return None


_EXPLAINS: Final = re.compile(r"\S\s*[=＝]\s*\S")


def _measured(text: str) -> bool:
    return read_cell(text, comma=True).state in (State.VALUE, State.NO_RESPONSE)


_STATISTICS: Final = frozenset(normalise(word) for word in entries("wide")["not_a_patient"]["yes"])


def _first_words(text: str) -> str:
    """The text as it is compared with words for summaries; "Mean (n=4)" and "SD:" lose what follows."""
    whole = normalise(text)
    first, *rest = whole.split() or [""]
    shortened = first in ("mean", "sd", "median", "average", "normal", "range", "mittelwert", "moyenne", "total")
    return first if shortened and not (len(rest) == 1 and rest[0].isdigit()) else whole


# ---------------------------------------------------------------- columns


@dataclass
class People:
    """The studies of a sheet and its rows. `study`: per visit label, the study of each patient row; `given`: the row's
    own nerve, side, kind and muscle as a code into `groups`; `became`: what each demographic column was taken for."""

    study: dict[str | None, Codes]
    given: Codes
    groups: list[Given]
    became: dict[int, tuple[str, str]]


def read_people(sheet: Sheet, top: Top, rows: Rows) -> People:
    """Fill `sheet.studies` from the demographic columns, one study a row and visit."""
    return _People(sheet, top, rows).read()


class _People:
    def __init__(self, sheet: Sheet, top: Top, rows: Rows) -> None:
        self.sheet, self.grid, self.top, self.rows = sheet, sheet.grid, top, rows
        named = {m.visit for m in top.about_nerves.values()}
        self.visits = sorted(named - {None}, key=str) + ([None] if None in named else [])
        self.became: dict[int, tuple[str, str]] = {}
        self.facts: dict[tuple[str | None, str], list[Any]] = {}
        self.headings: dict[tuple[str | None, str], str] = {}

    def read(self) -> People:
        given, groups = self.given()
        named = self.named()
        for c in range(self.grid.width):
            if c not in self.became and c not in self.top.about_nerves and self.top.headings[c]:
                demographic, visit = named.get(c, (None, None))
                several = read_label(self.top.headings[c]) if demographic is None else ()
                for label in several if len(several) > 1 else (demographic,):
                    self.take(c, label, visit, several)
        self.identify()
        study = {visit: self.studies(visit) for visit in self.visits}
        return People(study, given, groups, self.became)

    def texts(self, column: int) -> list[str]:
        return [self.grid.text(int(r), column) for r in self.rows]

    def decoded(self, column: int, table: str | None) -> list[Raw]:
        """The cells of a column as the code book of the file reads them."""
        name = self.top.headings[column].split("\n")[-1]
        return [self.grid.definitions.decoded(name, self.grid.raw(int(r), column), table) for r in self.rows]

    # ------------------------------------------------------------ what the row says of its measurements

    def given(self) -> tuple[Codes, list[Given]]:
        """Side, nerve, kind and muscle where a column gives them for the row and the headings leave them open."""
        said: dict[str, list[str | None]] = {}
        about = self.top.about_nerves.values()
        sided = sum(m.side is not None for m in about) * 2 > len(about)
        for c, text in enumerate(self.top.headings):
            role = self.role_of_row(c, text, sided)
            if role and role not in said:
                texts = map(as_text, self.decoded(c, "side")) if role in _SIDES else self.texts(c)
                said[role] = [self.meaning(role, t) for t in texts]
                self.became[c] = role, "used"
        groups: dict[Given, int] = {}
        codes = [
            groups.setdefault(Given(**{k: v[i] for k, v in said.items()}), len(groups)) for i in range(len(self.rows))
        ]
        return np.array(codes, np.int32), list(groups)

    def role_of_row(self, c: int, text: str, sided: bool) -> str | None:
        if not text or c in self.top.about_nerves:
            return None
        words = {normalise(_IN_BRACKETS.sub(" ", t)) for t in (text, text.split("\n")[-1])}
        if words & set(_ROW_SIDE) and not sided:
            given = [t for t in map(as_text, self.decoded(c, "side")) if t]
            return "side" if given and all(side_of(t) for t in given) else None
        if (limb := _LIMB_SIDES.get(" ".join(split_words(text)))) is not None and not sided:
            given = [t for t in map(as_text, self.decoded(c, "side")) if t]
            return limb if given and all(side_of(t) for t in given) else None
        role = _GIVEN_ROLES.get(lexicon("heading")(text) or "")
        given = [t for t in self.texts(c) if t]
        return role if role and given and all(self.meaning(role, t) for t in given) else None

    def meaning(self, role: str, text: str) -> str | None:
        if role in _SIDES:
            return side_of(text)
        if role == "nerve":
            return nerve_named(text)
        return lexicon("study" if role == "kind" else "places")(text)

    # ------------------------------------------------------------ what the columns say of patient and study

    def named(self) -> dict[int, tuple[Demographic, str | None]]:
        """The demographic columns; of several that name the patient only the best counts."""
        found = {
            c: named
            for c, text in enumerate(self.top.headings)
            if text and c not in self.top.about_nerves and c not in self.became and (named := self.top.demographic(c))
        }
        roles: dict[tuple[str, str | None], int] = {}
        for c, (demographic, visit) in list(found.items()):
            role = self.patient_role(c) if demographic.role == "patient" else demographic.role
            if role == "study_id" and heads_dates(self.top.headings[c], self.texts(c)):
                role = "study_date"
            found[c] = replace(demographic, role=role), visit
            before = roles.setdefault((role, visit), c)
            if before != c and role != "patient_name":
                worse = before if demographic.rank < found[before][0].rank else c
                roles[role, visit] = c if worse == before else before
                del found[worse]
        if ("patient_id", None) not in roles:
            other = roles.get(("weak_id", None), roles.get(("study_id", None)))
            if other is not None and self.top.headings[other].casefold() != "visit":
                found[other] = Demographic("patient_id"), None
            first = next((c for c, text in enumerate(self.top.headings) if text), 0)
            own = [c for c in self.free(found) if numbered(self.top.headings[c].split("\n")[-1])]
            if other is None and len(own) == 1:
                found[own[0]] = Demographic("patient_id"), None
                name = self.top.headings[own[0]].split("\n")[-1]
                self.sheet.notes.append(f"{name!r} was taken for the patient id: nothing else names the patient")
            elif other is None and self.looks_like_ids(first, found):
                found[first] = Demographic("patient_id"), None
                self.sheet.notes.append(
                    f"{self.top.headings[first]!r} was taken for the patient id: it differs in every row"
                )
        dates = [c for c in self.free(found) if heads_dates(self.top.headings[c], self.texts(c))]
        if not any(role == "study_date" for role, _ in roles) and len(dates) == 1:
            found[dates[0]] = Demographic("study_date"), None
        return {c: named for c, named in found.items() if named[0].role != "weak_id"}

    def free(self, named: Mapping[int, object]) -> list[int]:
        """The columns with headings of which nothing is known yet."""
        taken = {*named, *self.top.about_nerves, *self.became}
        return [c for c, text in enumerate(self.top.headings) if text and c not in taken]

    def looks_like_ids(self, c: int, named: Mapping[int, object]) -> bool:
        """Whether an unknown first column numbers the patients: another code in every row, of four signs or more."""
        texts = self.texts(c)
        return c in self.free(named) and len(set(texts)) == len(texts) and all(_CODE.fullmatch(t) for t in texts)

    def patient_role(self, c: int) -> str:
        return "patient_name" if looks_like_name(self.texts(c)) else "patient_id"

    def take(
        self, c: int, demographic: Demographic | None, visit: str | None, several: tuple[Demographic, ...] = ()
    ) -> None:
        """The facts of one column; names are not kept, what is no demographic is carried along. `several`: all that a
        column of more than one fact names."""
        heading = self.top.headings[c]
        if demographic is not None and demographic.role == "patient_name":
            self.became[c] = "not kept (a name)", "ignored"
            return
        name = demographic.role if demographic else ""
        raws = self.decoded(c, name if name in _WORDS_OF else None)
        if len(several) > 1:
            raws = [shared_values(several, as_text(raw)).get(name) for raw in raws]
        facts = read_facts(
            name,
            raws,
            demographic.factor if demographic else None,
            (demographic.codes if demographic else None) or self.grid.definitions.sexes,
            order=self.grid.definitions.date_order,
        )
        for row, raw, fact in zip(self.rows, raws, facts, strict=True):
            if fact.problem:
                text = as_text(raw)
                self.sheet.report(
                    fact.problem, f"{text!r} cannot be read as {name}.", self.grid.line(int(row)), heading, text
                )
        self.facts[visit, name or covariate_name(heading)] = [fact.value for fact in facts]
        if name == "study_date":
            self.facts[visit, "when"] = [
                None if fact.value else as_text(raw) or None for raw, fact in zip(raws, facts, strict=True)
            ]
        self.headings[visit, name or covariate_name(heading)] = heading
        self.became[c] = (name, "used") if demographic else (" ".join(heading.split()), "covariate")

    def identify(self) -> None:
        """A blank patient id below a given one is the same patient where dates, visits or sides tell the rows apart."""
        ids = self.facts.get((None, "patient_id"))
        told_apart = any((None, name) in self.facts for name in ("study_date", "study_id"))
        if ids is None or not (told_apart or "side" in {became for became, _ in self.became.values()}):
            return
        blank = [i for i, value in enumerate(ids) if value is None]
        if not blank or ids[0] is None:
            return
        taken = 0
        for i in blank:
            if ids[i - 1] is None or self.is_somebody_else(i):
                continue
            taken += 1
            for values in self.facts.values():
                values[i] = values[i - 1] if values[i] is None else values[i]
        if taken:
            self.sheet.report("id-as-above", f"{taken} rows have no patient id; the one above was taken.")

    def is_somebody_else(self, i: int) -> bool:
        """Whether a row says of its patient what the row above denies: another sex, height or birth."""
        facts = (self.facts.get((None, name)) for name in ("sex", "height_cm", "date_of_birth"))
        pairs = ((values[i], values[i - 1]) for values in facts if values is not None)
        return any(own is not None and before is not None and own != before for own, before in pairs)

    def studies(self, visit: str | None) -> Codes:
        """One study for each row, with the facts of all visits and those of this one."""
        first = len(self.sheet.studies)
        for i, row in enumerate(self.rows):
            line = self.grid.line(int(row))
            facts: dict[str, Any] = {"line": line}
            for (of, name), values in self.facts.items():
                if of in (None, visit):
                    facts[name] = values[i]
            if facts.get("patient_id") is None:
                facts["unnamed"] = f"row {line}"
            if visit is not None and not facts.get("study_date"):
                facts["study_id"] = f"{facts.get('patient_id') or f'row {line}'}_{visit.replace(' ', '')}"
            self.sheet.studies.append(facts)
        return np.arange(first, first + len(self.rows), dtype=np.int32)
