"""Long lists of parameters (family G): one measurement a row, its name and its value in a column each.

What the name leaves open (side, nerve, kind of study, site, unit) stands in further columns of the row; together they
are read as one wide heading. Rows that name no measurement are facts about the patient, or carried along.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Codes, Rows
from ncs_analyzer.ingest.cells import State, as_text, read_cell
from ncs_analyzer.ingest.demographic_headings import demographic_heading
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.labelled import heads_dates
from ncs_analyzer.ingest.layouts.header import find_header
from ncs_analyzer.ingest.layouts.long_responses import Entry, add_entries
from ncs_analyzer.ingest.layouts.wide_columns import Coded, Measured, missing_codes, read_column
from ncs_analyzer.ingest.layouts.wide_headings import Meaning, read_wide_heading
from ncs_analyzer.ingest.layouts.wide_percent import of_numbers
from ncs_analyzer.ingest.layouts.wide_places import Company, Given, NotMeantError, Target, limit_of, settle
from ncs_analyzer.ingest.layouts.wide_top import customs_of
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.patient_block import Patient, add_row, facts, is_block_row
from ncs_analyzer.ingest.people import covariate_name, read_facts
from ncs_analyzer.ingest.places import nerve_named, place_named, read_place
from ncs_analyzer.ingest.sides import group_of, side_of
from ncs_analyzer.vocabulary.match import lexicon, normalise

NAME: Final = "long"
_SAMPLE: Final = 400
_CONTEXT: Final = ("side", "nerve", "study", "site", "recording", "parameter", "unit")
"""The columns that together name a measurement, in the order in which their texts are joined."""
_LIMIT_ROLES: Final = ("limit", "lower_limit", "upper_limit")
_NO_FACTS: Final = (*_CONTEXT, *_LIMIT_ROLES, "value", "response", "event", "comment", "percent", "patient_name")


_UNREAD_ROLES: Final = {"comment": Use.NOTE, "percent": Use.OTHER, "patient_name": Use.PERSON}


_METRES: Final = ("m", "meter", "metre", "metres", "meters")


@dataclass(frozen=True)
class _Top:
    row: int
    columns: dict[str, int]
    """The column of each of _CONTEXT, of `value`, and of the demographics by role (`event`: of visits)."""
    sides: tuple[tuple[str, int], ...] = ()
    """The columns of values where each side has one of its own; `value` is the first."""
    side: str = ""
    """The side of `value`."""
    above: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """The row above that says what a blank cell means, by row and role."""

    def source(self, row: int, role: str) -> int:
        """The row whose cell says what the column of a role means in a row."""
        return self.above.get((row, role), row)

    def of_each_side(self) -> "list[_Top]":
        """The same headings with the values of each side, or as they are."""
        return [replace(self, side=side, columns=self.columns | {"value": c}) for side, c in self.sides] or [self]


def _role(text: str) -> str | None:
    own = lexicon("long")(text)
    demographic = demographic_heading(text)
    if own or demographic is not None:
        return own or (demographic.role if demographic else None)
    heading = read_heading(text)
    return heading.role if heading is not None and heading.role in (*_CONTEXT, "response") else None


def _top(grid: Grid) -> _Top | None:
    for r in range(min(grid.height, 30)):
        columns: dict[str, int] = {}
        for c, text in enumerate(grid.row(r)):
            role = _role(text) if text else None
            role = "patient_id" if role in ("patient", "weak_id") else role
            if text and role not in _CONTEXT and _holds_places(grid, r, c):
                role = "recording" if "recording" not in columns else None
            if role:
                columns.setdefault(role, c)
        sides = _sided(grid, r) if "value" not in columns and "side" not in columns else ()
        columns |= {"value": sides[0][1]} if sides else {}
        if "value" in columns and "parameter" not in columns and (names := _names(grid, r, columns)) is not None:
            columns["parameter"] = names
        if "parameter" in columns and "value" in columns:
            columns |= _by_content(grid, r, columns)
            if "patient_id" not in columns and "study_id" in columns:
                columns["patient_id"] = columns.pop("study_id")  # the number of a participant
            if "study_date" not in columns and (dates := _dates(grid, r)) is not None:
                columns["study_date"] = dates
            found = _Top(r, columns, sides, sides[0][0] if sides else "")
            return replace(found, above=_as_above(grid, found))
    return None


def _by_content(grid: Grid, top: int, known: Mapping[str, int]) -> dict[str, int]:
    """Columns whose headings say nothing, by what stands below them: kinds of study, sides, nerves."""
    found: dict[str, int] = {}
    for c in range(grid.width):
        if c in known.values() or not grid.text(top, c):
            continue
        texts = {t for r in range(top + 1, min(grid.height, top + 1 + _SAMPLE)) if (t := grid.text(r, c))}
        for role, named in _NAMED.items():
            if texts and role not in known and role not in found and all(named(t) for t in texts):
                found[role] = c
                break
    return found


_NAMED: Final[dict[str, Callable[[str], str | None]]] = {
    "study": lexicon("study"),
    "side": side_of,
    "nerve": lambda text: None if read_place(text).rest or read_place(text).site else nerve_named(text),
}


def _holds_places(grid: Grid, top: int, column: int) -> bool:
    """Whether a column holds muscles and recording sites whatever its heading says: "Registro" may be either."""
    heading = read_heading(grid.text(top, column))
    texts = {t for r in range(top + 1, min(grid.height, top + 1 + _SAMPLE)) if (t := grid.text(r, column))}
    if not texts or heading is None or heading.role != "recording":
        return False
    return 2 * sum(place_named(t) is not None for t in texts) > len(texts)


def _sided(grid: Grid, top: int) -> tuple[tuple[str, int], ...]:
    """The columns "Right" and "Left" that hold the values of each side."""
    found = {side: c for c, t in enumerate(grid.row(top)) if t and (side := group_of(t)) in ("left", "right")}
    return tuple(sorted(found.items(), key=lambda item: item[1])) if len(found) == 2 else ()


def _names(grid: Grid, top: int, columns: dict[str, int]) -> int | None:
    """The column that names measurements by what it holds, where no heading says so: "right median motor, latency"."""
    taken = set(columns.values())
    for c in range(grid.width):
        if c in taken or not grid.text(top, c):
            continue
        texts = {t for r in range(top + 1, min(grid.height, top + 1 + _SAMPLE)) if (t := grid.text(r, c))}
        if len(texts) >= _FEWEST and 2 * sum(read_wide_heading(t).about_nerve for t in texts) > len(texts):
            return c
    return None


_FEWEST: Final = 3
"""Names of measurements that must be understood to take a column for one of names."""


def _as_above(grid: Grid, top: _Top) -> dict[tuple[int, str], int]:
    """What blank cells stand for where a list names patient, nerve and side only in the first row of each. Where the
    patient stands on rows that follow each other, a blank is an omission and stands for nothing."""
    who: dict[str, int] = {role: top.columns[role] for role in _WHO if role in top.columns}
    where: dict[str, int] = {role: top.columns[role] for role in _WHERE if role in top.columns}
    rows = [r for r in range(top.row + 1, grid.height) if grid.text(r, top.columns["parameter"])]
    given = [r for r in rows if any(grid.text(r, c) for c in who.values())]
    if who and (len(given) == len(rows) or any(b == a + 1 and _same(grid, who, a, b) for a, b in pairwise(given))):
        return {}
    found: dict[tuple[int, str], int] = {}
    first_of: dict[str, int | None] = {"who": None, "where": None}
    last: dict[str, int] = {}
    places: dict[str, int] = {role: top.columns[role] for role in ("site", "recording") if role in top.columns}
    for row in rows:
        if any(grid.text(row, c) for c in who.values()):
            first_of = {"who": row, "where": None}
        elif (start := first_of["who"]) is not None:
            found |= {(row, role): start for role in who}
        if any(grid.text(row, c) for c in where.values()):
            found |= _filled_down(grid, row, first_of["where"], where, found)
            first_of["where"], last = row, {}
        elif (start := first_of["where"]) is not None:
            found |= {(row, role): found.get((start, role), start) for role in where}
            found |= {(row, role): at for role, at in last.items() if not grid.text(row, places[role])}
        last |= {role: row for role, c in places.items() if grid.text(row, c)}
    return found


def _filled_down(
    grid: Grid, row: int, before: int | None, where: Mapping[str, int], found: Mapping[tuple[int, str], int]
) -> dict[tuple[int, str], int]:
    """What the blank cells of a row that names the side, or the nerve, alone stand for: the row before, as long as nothing
    in a column further left has changed."""
    if before is None:
        return {}
    source = {role: found.get((before, role), before) for role in where}
    told = [role for role, c in where.items() if grid.text(row, c)]
    changed = [where[r] for r in told if grid.text(row, where[r]) != grid.text(source[r], where[r])]
    return {(row, r): source[r] for r, c in where.items() if r not in told and all(c < other for other in changed)}


def _same(grid: Grid, columns: Mapping[str, int], first: int, second: int) -> bool:
    return all(grid.text(first, c) == grid.text(second, c) for c in columns.values())


_WHO: Final = ("patient_id", "study_id", "study_date", "event")
_WHERE: Final = ("nerve", "side", "study")


def _dates(grid: Grid, top: int) -> int | None:
    """The column headed by the examination alone that holds its dates."""
    below = range(top + 1, min(grid.height, top + 1 + _SAMPLE))
    found = [c for c, text in enumerate(grid.row(top)) if text and heads_dates(text, [grid.text(r, c) for r in below])]
    return found[0] if len(found) == 1 else None


def fit(grid: Grid) -> float:
    """How many of the parameters that name a nerve are understood."""
    top = _top(grid)
    if top is None or any(_heads_table(grid, r) for r in range(top.row)):
        return 0.0
    texts = {_name(grid, r, top) for r in range(top.row + 1, min(grid.height, top.row + 1 + _SAMPLE))}
    customs = customs_of(sorted(texts), grid.definitions)
    about = [m for t in texts if (m := read_wide_heading(t, customs)).about_nerve]
    return 0.5 + 0.47 * sum(m.whole for m in about) / len(about) if len(about) > 2 else 0.0


def _heads_table(grid: Grid, row: int) -> bool:
    """Whether another table begins here; a legend is none."""
    return find_header(grid, row) is not None and not any("=" in text for text in grid.row(row))


def _name(grid: Grid, row: int, top: _Top) -> str:
    """The name of a row's measurement as one heading; the unit in brackets."""
    texts = {str(name): _said(grid, top.source(row, name), name, top) for name in _CONTEXT if name in top.columns}
    if top.side:
        texts = {"side": top.side, **texts}
    unit = texts.pop("unit", "")
    unit = "" if unit.casefold() in _METRES else unit
    return " ".join([*(t for t in texts.values() if t), *([f"({unit})"] if unit else [])])


def _said(grid: Grid, row: int, role: str, top: _Top) -> str:
    """What a naming cell says: its text, or what the file says that its code stands for."""
    column = top.columns[role]
    text = grid.text(row, column)
    codes = grid.definitions.codes.get(normalise(grid.text(top.row, column)), {})
    phrase = codes.get(text.casefold())
    if phrase is None:
        return text
    known = _NAMED[role](text) is not None if role in _NAMED else not read_wide_heading(text).rest
    return text if known else phrase


def sections(grid: Grid) -> list[Grid]:
    """The grid cut at its patients, where each has a block above headings that repeat; else the grid."""
    top = _top(grid)
    if top is None or "patient_id" in top.columns:
        return [grid]
    column, headings = top.columns["parameter"], grid.row(top.row)
    codes, texts = grid.coded_texts(column, 0)
    same = np.flatnonzero(np.isin(codes, [i for i, t in enumerate(texts) if t == headings[column]]))
    repeated = [int(r) for r in same if grid.row(int(r)) == headings]
    starts = [start for r in repeated[1:] if (start := _block_above(grid, r)) is not None]
    if len(repeated) < 2 or len(starts) != len(repeated) - 1:
        return [grid]
    first, *others = (grid.take(np.arange(a, b)) for a, b in pairwise([0, *starts, grid.height]))
    return [first, *(replace(part, refused={}, short=frozenset(), lost=0) for part in others)]


def _block_above(grid: Grid, row: int) -> int | None:
    """The first row of the patient block that stands right above a row of headings."""
    start = row
    while start and (not any(grid.row(start - 1)) or is_block_row(grid, start - 1)):
        start -= 1
    block = [r for r in range(start, row) if any(grid.row(r))]
    return block[0] if block else None


def read(grid: Grid, fitted: float) -> Sheet:
    """One study per patient and date or event."""
    top = _top(grid)
    assert top is not None
    sheet = Sheet(grid, NAME, fitted)
    _Reader(sheet, top).read()
    return sheet


class _Reader:
    def __init__(self, sheet: Sheet, top: _Top) -> None:
        self.sheet, self.grid, self.top = sheet, sheet.grid, top
        self.headings = self.grid.row(top.row)
        self.first = top.row + 1
        below = range(self.first, self.grid.height)
        self.sheet.mark(Use.HEADING, np.array([r for r in below if self.grid.row(r) == self.headings], np.intp))
        filled = [r for r in below if any(self.grid.row(r)) and self.grid.row(r) != self.headings]
        self.remarks = [r for r in filled if len([t for t in self.grid.row(r) if t]) == 1 and not self.named(r)]
        """Rows of one cell that name no measurement: legends and remarks."""
        self.rows = np.setdiff1d(np.array(filled, np.intp), self.remarks).astype(np.intp)

    def read(self) -> None:
        block = [r for r in range(self.top.row) if any(self.grid.row(r))]
        self.sheet.lines = [self.grid.line(int(r)) for r in (*block, *self.rows)]
        self.sheet.mark(Use.NOTE, np.array(self.remarks, np.intp))
        study = self.studies(block)
        for top in self.top.of_each_side():
            self.top = top
            self.measurements(study)
        self.describe()

    def named(self, row: int) -> bool:
        """Whether the row itself names a measurement or its value."""
        return any(self.grid.text(row, self.top.columns[role]) for role in ("parameter", "value"))

    def measurements(self, study: Codes) -> None:
        """The cells of the column of values."""
        names = [_name(self.grid, int(r), self.top) for r in self.rows]
        groups: dict[str, list[int]] = {}
        for i, name in enumerate(names):
            groups.setdefault(name, []).append(i)
        customs = customs_of(list(groups), self.grid.definitions)
        meanings = {name: read_wide_heading(name, customs) for name in groups}
        company = Company.of(meanings.values())
        targets: dict[str, Target] = {}
        for name, members in groups.items():
            target = self.target(name, meanings[name], company, np.array(members), study)
            if target is not None:
                targets[name] = target
        members_of = {name: np.array(groups[name]) for name in targets}
        if why := of_numbers((t, self.numbers(members_of[name])) for name, t in targets.items()):
            self.sheet.report("percent-of-limit", why)
        else:
            self.measure(targets, members_of, study)

    def text(self, row: int, role: str) -> str:
        column = self.top.columns.get(role)
        return "" if column is None else self.grid.text(self.top.source(int(row), role), column)

    def heading(self, role: str) -> str:
        column = self.top.columns[role]
        return self.headings[column] or letter(column)

    # ------------------------------------------------------------ who

    def studies(self, block: list[int]) -> Codes:
        """The study of every row: by patient, date and event of its row, or of the block above."""
        patients = [Patient()]
        for row in block:
            if is_block_row(self.grid, row):
                add_row(patients, self.grid, row)
                self.sheet.context.add(self.grid.line(row))
            elif len({t for t in self.grid.row(row) if t}) == 1 or self.grid.text(row, 0).startswith("#"):
                self.sheet.context.add(self.grid.line(row))  # a title or a comment
                self.sheet.mark(Use.NOTE, row)
            else:
                self.sheet.report(
                    "row-not-understood", "The row above the list is not understood.", self.grid.line(row)
                )
        common = facts(patients, self.sheet)[0] if patients[0].raw else {}
        keys: dict[tuple[str, ...], int] = {}
        identity = ("patient_id", "study_id", "study_date", "event")
        study = [keys.setdefault(tuple(self.text(r, n) for n in identity), len(keys)) for r in self.rows]
        first: dict[int, int] = {}
        for i, s in enumerate(study):
            first.setdefault(s, i)
        rows = [int(self.rows[first[s]]) for s in range(len(keys))]
        self.sheet.studies = [{**common, "line": self.grid.line(r)} for r in rows]
        for name in (n for n in self.top.columns if n not in _NO_FACTS):
            self.facts(name, rows, range(len(rows)), self.top.columns[name], self.heading(name))
        for facts_of, row in zip(self.sheet.studies, rows, strict=True):
            when = self.text(row, "event") or self.text(row, "study_date")
            if when and not facts_of.get("study_date"):
                facts_of["when"] = when
        return np.array(study, np.int32)

    def facts(self, name: str, rows: list[int], studies: Any, column: int, heading: str) -> None:
        """Facts about studies from cells of one kind, read together."""
        named = demographic_heading(heading)
        codes = (named.codes if named else None) or self.grid.definitions.sexes
        table = "sex" if name == "sex" else None
        raws = [self.grid.definitions.decoded(heading, self.grid.raw(r, column), table) for r in rows]
        found = read_facts(name, raws, named.factor if named else None, codes, (), self.grid.definitions.date_order)
        for s, row, raw, fact in zip(studies, rows, raws, found, strict=True):
            own = self.sheet.studies[s]
            if fact.problem:
                text = as_text(raw)
                self.sheet.report(
                    fact.problem, f"{text!r} cannot be read as {name}.", self.grid.line(row), heading, text
                )
            elif fact.value is not None and own.get(name) not in (None, fact.value):
                self.sheet.report(
                    "demographics-conflict", f"{name} of one study differs.", self.grid.line(row), heading
                )
            elif fact.value is not None:
                own[name] = fact.value

    # ------------------------------------------------------------ what

    def target(self, name: str, meaning: Meaning, company: Company, members: Rows, study: Codes) -> Target | None:
        """The response and column of one parameter. Otherwise its rows are facts, carried along, or reported."""
        rows = self.rows[members]
        if meaning.about_nerve:
            try:
                return self.in_metres(settle(meaning, Given(), company), rows)
            except NotMeantError as reason:
                self.unused(rows, reason.code, f"{name!r} names no single measurement: {reason}.")
                return None
        parameter = self.text(int(rows[0]), "parameter")
        if any(self.text(int(r), "nerve") for r in rows):
            code = "column-ignored" if meaning.derived else "row-not-understood"
            self.unused(rows, code, f"{parameter!r} names no measurement that is read.")
            return None
        demographic = demographic_heading(parameter)
        if demographic is None and meaning.names_measure and meaning.understood:
            self.unused(rows, "unknown-nerve", f"{parameter!r} stands without the nerve that it was measured of.")
            return None
        role = demographic.role if demographic else parameter
        self.sheet.context.update(self.grid.line(int(r)) for r in rows)
        self.sheet.mark(Use.USED if demographic else Use.COVARIATE, rows, [self.top.columns["value"]])
        if role != "patient_name" and parameter:
            known = role if demographic else ""
            value = self.top.columns["value"]
            if known:
                self.facts(known, [int(r) for r in rows], study[members], value, parameter)
            else:
                self.carry(parameter, rows, study[members])
        return None

    def in_metres(self, target: Target, rows: Rows) -> Target:
        """Distances in m; nothing else is."""
        if not any(self.text(int(r), "unit").casefold() in _METRES for r in rows):
            return target
        if target.column != "distance_mm" or not all(self.text(int(r), "unit").casefold() in _METRES for r in rows):
            raise NotMeantError("m is no unit of this measure")
        return replace(target, factor=1000.0, unit="mm")

    def carry(self, name: str, rows: Rows, studies: Codes) -> None:
        """A parameter the program has no use for goes with the study."""
        for row, s in zip(rows, studies, strict=True):
            self.sheet.studies[s].setdefault(covariate_name(name), self.text(int(row), "value") or None)

    def unused(self, rows: Rows, code: str, why: str) -> None:
        for row in rows:
            self.sheet.report(code, why, self.grid.line(int(row)), self.heading("value"), self.text(int(row), "value"))

    def numbers(self, members: Rows) -> list[float]:
        value = self.top.columns["value"]
        return [read_cell(self.grid.raw(int(r), value), self.grid.comma).number for r in self.rows[members[:200]]]

    def measure(self, targets: dict[str, Target], members_of: dict[str, Rows], study: Codes) -> None:
        """The cells of every parameter."""
        value = self.top.columns["value"]
        codes, distinct = self.grid.coded(value, self.first)
        coded: dict[str, Coded] = {n: (codes[self.rows[m] - self.first], distinct) for n, m in members_of.items()}
        missing = missing_codes(self.grid, [(targets[name], coded[name]) for name in targets])
        entries_found = []
        for name, target in targets.items():
            members = members_of[name]
            cells = read_column(
                self.sheet, self.heading("value"), value, self.rows[members], coded[name], target, missing
            )
            self.mark_responses(cells, self.rows[members])
            entries_found.append(Entry(cells, study[members], self.grid.lines[self.rows[members]]))
            entries_found += self.limits(target, members[cells.state != State.NOT_TESTED], study)
        add_entries(self.sheet, entries_found)

    def mark_responses(self, cells: Measured, rows: Rows) -> None:
        """What a column beside blank values says: no response."""
        if "response" not in self.top.columns:
            return
        for i in np.flatnonzero(cells.state == State.NOT_TESTED):
            text = self.text(int(rows[i]), "response")
            said = self.grid.definitions.state(self.heading("response"), text) or lexicon("state")(text)
            if said == "no_response":
                cells.state[i] = State.NO_RESPONSE

    def limits(self, target: Target, members: Rows, study: Codes) -> Iterator[Entry]:
        """The limit of a measurement in the same row, from the column for the end that limits it, or for any."""
        name = limit_of(target.column)
        own = "upper_limit" if name and name.endswith("upper_limit") else "lower_limit"
        role = next((r for r in (own, "limit") if r in self.top.columns), None)
        if name is None or role is None:
            return
        column, rows = self.top.columns[role], self.rows[members]
        codes, distinct = self.grid.coded(column, self.first)
        read = read_column(
            self.sheet, self.heading(role), column, rows, (codes[rows - self.first], distinct),
            replace(target, column=name, convention=None), frozenset(),
        )  # fmt: skip
        given = np.flatnonzero(read.state == State.VALUE)
        read.values, read.state = read.values[given], read.state[given]
        read.target = replace(read.target, convention=target.convention)
        yield Entry(read, study[members[given]], self.grid.lines[rows[given]])

    def describe(self) -> None:
        roles = {c: role for role, c in self.top.columns.items()}
        self.sheet.mark(Use.HEADING, slice(self.first))
        for name, c in self.top.columns.items():
            if name != "value":
                self.sheet.mark(_UNREAD_ROLES.get(name, Use.WITH_ROW), slice(self.first, None), [c])
        self.sheet.mark(
            Use.OTHER, slice(self.first, None), set(range(self.grid.width)) - set(self.top.columns.values())
        )
        for c, text in enumerate(self.headings):
            if text or any(self.grid.text(int(r), c) for r in self.rows[:_SAMPLE]):
                role = roles.get(c)
                ignored = role in (None, "comment", "percent", "patient_name")
                use: Any = "ignored" if ignored else "limit" if role in _LIMIT_ROLES else "used"
                self.sheet.columns.append(Column(text, letter(c), role or "not read", use))
