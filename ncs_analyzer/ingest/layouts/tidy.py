"""The tidy table (family H), and any table with one response a row and a column each for nerve, side and measures."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.ingest.amounts import in_column_unit
from ncs_analyzer.ingest.cells import Cell, Raw, State, as_text, is_error, read_cell, read_limit
from ncs_analyzer.ingest.demographic_headings import Demographic, demographic_heading, read_label
from ncs_analyzer.ingest.draft import Block, Sheet
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import read_heading, tidy_name
from ncs_analyzer.ingest.labelled import heads_dates, shared_values
from ncs_analyzer.ingest.layouts.measures import SAID, response_said
from ncs_analyzer.ingest.layouts.tidy_again import (
    apart,
    columns_again,
    completed,
    facts_differ,
    ids_apart,
    is_percentage,
    kind_of_late,
)
from ncs_analyzer.ingest.layouts.tidy_headings import map_headings, named_column
from ncs_analyzer.ingest.layouts.wide_headings import read_wide_heading
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.people import Fact, covariate_name, read_facts
from ncs_analyzer.ingest.places import nerve_named, own_name, place_named, read_place
from ncs_analyzer.ingest.segments import site_code
from ncs_analyzer.readings import BIT, CATEGORIES, LIMITS, RESPONSE_CELL, VALUES
from ncs_analyzer.vocabulary.anatomy import in_limb
from ncs_analyzer.vocabulary.match import lexicon, normalise

NAME: Final = "tidy"
_LATE: Final = ("f_latency", "h_latency", "f_persistence")
_LEXICON: Final = {
    "study": "study",
    "nerve": "nerves",
    "side": "side",
    "recording": "places",
    "stimulation": "places",
    "amplitude_convention": "convention",
}
_UNKNOWN: Final = {
    "study": ("unknown-study", "is no kind of study"),
    "nerve": ("unknown-nerve", "is no nerve the program knows"),
    "side": ("missing-side", "is no side"),
    "stimulation": ("unknown-site", "is no stimulation site the program knows"),
    "recording": ("unknown-recording", "is no muscle or recording site the program knows; no limit applies to it"),
    "response": ("unreadable-word", "says neither present nor absent nor not tested"),
    "amplitude_convention": ("unreadable-word", "is neither base-to-peak nor peak-to-peak"),
}
_OWN: Final = 0.7
"""Share of the columns under the tidy table's own names from which on it is meant."""
_FEW_ROWS, _MANY_ROWS, _CELLS = 20, 300, 60_000
"""Rows below the headings in which further headings are looked for, and cells at most."""
_LONGEST_ID: Final = 40
"""Letters; a longer text alone in its row is a remark."""
_NEEDED: Final = ("study", "nerve", "side")
_UNREADABLE, _NO_RESPONSE = int(State.UNREADABLE), int(State.NO_RESPONSE)


def top(grid: Grid) -> tuple[int, dict[str, tuple[int, float]]] | None:
    """The row of headings and what they mean."""
    for r in range(min(grid.height, 12)):
        mapped = map_headings(grid.row(r))
        if "nerve" in mapped and "side" in mapped and any(name in mapped for name in (*VALUES, "response")):
            return r, _with_people(grid, r, _with_date(grid, r + 1, mapped))
    return None


def _with_people(grid: Grid, top: int, mapped: dict[str, tuple[int, float]]) -> dict[str, tuple[int, float]]:
    """A vaguer id ("Registry ID") names the patient where no better one does and it stands on several rows; a column
    headed by a bare word for the examination that holds dates dates it."""
    taken = {c for c, _ in mapped.values()}
    free = {c: t for c, t in enumerate(grid.row(top)) if t and c not in taken}
    below = range(top + 1, min(grid.height, top + 1 + _MANY_ROWS))
    more: dict[str, tuple[int, float]] = {}
    for c, text in free.items():
        given = [t for r in below if (t := grid.text(r, c))]
        label = read_label(text)
        vague = len(label) == 1 and label[0].role == "weak_id" and len(set(given)) < len(given)
        if "patient_id" not in mapped and vague:
            more.setdefault("patient_id", (c, 1.0))
        elif "study_date" not in mapped and heads_dates(text, given):
            more.setdefault("study_date", (c, 1.0))
    if "study_id" in mapped and "study_date" not in mapped | more:
        column = mapped["study_id"][0]
        if heads_dates(grid.text(top, column), [grid.text(r, column) for r in below]):
            return {"study_date" if name == "study_id" else name: at for name, at in (mapped | more).items()}
    return mapped | more if more else mapped


def _with_date(grid: Grid, start: int, mapped: dict[str, tuple[int, float]]) -> dict[str, tuple[int, float]]:
    """A column whose heading may name the kind of study or the visit ("Untersuchung") and that holds dates is its date."""
    if "study" not in mapped or "study_date" in mapped:
        return mapped
    column = mapped["study"][0]
    texts = [t for r in range(start, min(grid.height, start + 50)) if (t := grid.text(r, column))]
    if not texts or not all(lexicon("study")(t) is None and any(c.isdigit() for c in t) for t in texts):
        return mapped
    dated = [fact for fact in read_facts("study_date", texts) if fact.problem != "demographics-unreadable"]
    if len(dated) < len(texts):
        return mapped
    return {"study_date" if name == "study" else name: at for name, at in mapped.items()}


def fit(grid: Grid) -> float:
    """1 for the tidy table's own headings, less for other names of them. Without a column of patients, or with other
    headings below, it is no tidy table."""
    found = top(grid)
    if found is None:
        return 0.0
    first, mapped = found
    headings = grid.row(first)
    own = sum(tidy_name(text) is not None for text in headings) / max(len(mapped), 1)
    if "patient_id" not in mapped and (own < _OWN or any(any(grid.row(r)) for r in range(first))):
        return 0.0
    if any(grid.row(r) != headings for r in _naming_nerves(grid, first + 1)):
        return 0.0
    if _late_beside_motor(grid, first + 1, headings, mapped):
        return 0.0
    if own < _OWN and _read_by_row(grid, first + 1, headings, mapped):
        return 0.0
    return 0.6 + 0.4 * min(own, 1.0)


def _read_by_row(grid: Grid, start: int, headings: list[str], mapped: dict[str, tuple[int, float]]) -> bool:
    """Whether rows must be read one after another: blanks mean "as above", the unit of amplitudes stands in the cells, or
    nothing but the nerve's name tells the kind of study."""
    with_unit = bool({"amplitude_mv", "amplitude_uv"} & mapped.keys())
    amplitudes = [h for t in headings if (h := read_heading(t)) is not None and h.role == "amplitude" and not h.limit]
    unsaid = "study" not in mapped and not with_unit
    return unsaid or bool(amplitudes and not with_unit) or _as_above(grid, start, mapped) or _proximal(headings)


def _late_beside_motor(grid: Grid, start: int, headings: list[str], mapped: dict[str, tuple[int, float]]) -> bool:
    """Whether the rows of motor studies hold their F waves or H reflexes too, in any row of the table."""
    own = [(c, h) for c, t in enumerate(headings) if tidy_name(t) is None and (h := read_heading(t)) is not None]
    late = [c for c, h in own if h.role in _LATE and not h.limit]
    if not late or "study" not in mapped:
        return False
    kinds, names = grid.coded_texts(mapped["study"][0], start)
    motor = np.isin(kinds, [i for i, name in enumerate(names) if lexicon("study")(name) == "motor"])
    for c in late:
        codes, distinct = grid.coded(c, start)
        numbers = [i for i, raw in enumerate(distinct) if read_cell(raw, grid.comma).state is State.VALUE]
        if np.isin(codes[motor], numbers).any():
            return True
    return False


def _proximal(headings: list[str]) -> bool:
    """Whether some measures are of the proximal site of a row and others of the distal one."""
    measures = [m for t in headings if (m := read_wide_heading(t)).names_measure and not m.derived]
    return {"distal", "proximal"} <= {m.end for m in measures}


def _as_above(grid: Grid, start: int, mapped: dict[str, tuple[int, float]]) -> bool:
    """Whether the nerve is blank in rows that measure something: blanks then mean the nerve above."""
    rows = range(start, min(grid.height, start + _FEW_ROWS))
    values = [mapped[name][0] for name in VALUES if name in mapped]
    nerve = mapped["nerve"][0]
    return any(
        not grid.text(r, nerve) and any(read_cell(grid.raw(r, c), grid.comma).state is State.VALUE for c in values)
        for r in rows
    )


def _naming_nerves(grid: Grid, start: int) -> list[int]:
    """The rows below the headings with a cell that is itself a heading for nerves."""
    looked_at = max(_FEW_ROWS, min(_MANY_ROWS, _CELLS // grid.width))
    rows: set[int] = set()
    for c in range(grid.width):
        codes, distinct = grid.coded(c, start)
        few = codes[:looked_at]
        naming = [i for i in np.unique(few).tolist() if named_column(as_text(distinct[i]))[0] == "nerve"]
        if naming:
            rows.update((start + np.flatnonzero(np.isin(few, naming))).tolist())
    return sorted(rows)


def read(grid: Grid, fitted: float) -> Sheet:
    """One response per row."""
    found = top(grid)
    assert found is not None
    sheet = Sheet(grid, NAME, fitted)
    first, mapped = found
    _Reader(sheet, first + 1, grid.row(first), mapped).read()
    return sheet


class _Reader:
    """The columns of one tidy table."""

    def __init__(self, sheet: Sheet, start: int, headings: list[str], mapped: dict[str, tuple[int, float]]) -> None:
        self.sheet, self.grid, self.start, self.headings, self.mapped = sheet, sheet.grid, start, headings, mapped
        self.again = columns_again(headings, mapped)
        self.disputed: set[tuple[int, str]] = set()
        """Facts of studies that rows or columns contradict."""
        self.shares = [c for c in self.spare() if is_percentage(headings[c])]
        self.lines: Codes = self.grid.lines[start:]
        self.n = len(self.lines)
        self.refused = np.zeros(self.n, bool)
        self.above = np.zeros(self.n, bool)
        """Rows that go on with the patient and the study above."""
        self.slid = np.zeros(self.n, bool)
        """Rows whose cells stand under the wrong headings."""

    def heading(self, column: int) -> str:
        return self.headings[column] or letter(column)

    def read(self) -> None:
        filled = self.filled()
        self.sheet.lines = self.lines[filled]
        repeated = self.repeated_headings()
        self.sheet.context.update(self.lines[repeated].tolist())
        self.sheet.mark(Use.HEADING, self.start + np.flatnonzero(repeated))
        remarks = filled & ~repeated & self.remarks()
        self.sheet.context.update(self.lines[remarks].tolist())
        self.sheet.mark(Use.NOTE, self.start + np.flatnonzero(remarks))
        self.refused = ~filled | repeated | remarks
        self.slid = self.find_slid()
        self.refused |= self.slid
        self.sheet.mark(Use.REPORTED, self.start + np.flatnonzero(self.slid))
        study = self.studies()
        block = Block.blank(study, self.lines)
        block.rows[:] = self.lines[:, None]
        for name in ("nerve", *(n for n in CATEGORIES if n != "nerve")):
            block.text[name] = self.text(name)
        self.infer_study(block)
        for k, name in enumerate(VALUES):
            self.values(block, k, name)
            self.repeats(block, k, name)
        for name in LIMITS:
            block.limits[name] = self.limits(name)
        if "temperature_c" in self.mapped:
            block.temperature = self.numbers("temperature_c")
        if "response" in self.mapped:
            block.columns[:, RESPONSE_CELL] = self.label(self.mapped["response"][0])
        for name in _NEEDED:
            self.need(block, name)
        self.refuse_other_limb(block)
        self.amplitudes_in_place(block)
        self.keep_slid(block)
        self.sheet.blocks.append(block.take(np.flatnonzero(~self.refused)) if self.refused.any() else block)
        self.describe()

    def filled(self) -> Mask:
        """Rows that hold anything at all."""
        found = np.zeros(self.n, bool)
        for c in range(self.grid.width):
            codes, texts = self.grid.coded_texts(c, self.start)
            found |= np.array(texts, bool)[codes] if texts else False
            if found.all():
                break
        return found

    def repeated_headings(self) -> Mask:
        """Rows that say the headings again, where exports were pasted together."""
        same = np.ones(self.n, bool)
        for column, _ in self.mapped.values():
            codes, texts = self.grid.coded_texts(column, self.start)
            same &= np.array([text == self.headings[column] for text in texts], bool)[codes]
            if not same.any():
                break
        return same

    def remarks(self) -> Mask:
        """Rows of one text, which may stand in merged cells: a legend below the table."""
        rows = np.flatnonzero(~self.filled_twice())
        return np.isin(
            np.arange(self.n), [r for r in rows if len(self.grid.text(self.start + int(r), 0)) > _LONGEST_ID]
        )

    def filled_twice(self) -> Mask:
        """Rows with two different texts."""
        first = np.full(self.n, "", object)
        twice = np.zeros(self.n, bool)
        for c in range(self.grid.width):
            codes, texts = self.grid.coded_texts(c, self.start)
            own = np.array(texts, object)[codes] if texts else np.full(self.n, "", object)
            twice |= (first != "") & (own != "") & (own != first)
            first = np.where(first == "", own, first)
            if twice.all():
                break
        return twice

    def spare(self) -> list[int]:
        """The columns with a heading that the table has no name for."""
        used = {c for c, _ in self.mapped.values()}.union(*self.again.values())
        return [c for c, text in enumerate(self.headings) if text and c not in used]

    def label(self, column: int) -> int:
        return self.sheet.label(column, self.headings[column])

    # -------------------------------------------------------- rows that have slid

    def find_slid(self) -> Mask:
        """Rows with a number where the column holds words, or a word of the naming columns where it holds numbers."""
        slid = np.zeros(self.n, bool)
        for name in (*_LEXICON, "response", *VALUES):
            if name not in self.mapped:
                continue
            column = self.mapped[name][0]
            codes, distinct = self.grid.coded(column, self.start)
            own = [self.grid.definitions.state(self.headings[column], raw) is not None for raw in distinct]
            strange = np.array([_is_strange(name, raw, self.grid.comma) for raw in distinct], bool) & ~np.array(
                own, bool
            )
            wrong = strange[codes] & ~self.refused & ~slid
            filled = np.array([bool(as_text(raw)) for raw in distinct], bool)[codes]
            meant = name != "response" and 2 * wrong.sum() > filled.sum()
            if not wrong.any() or meant:
                continue
            self.report_slid(wrong, column)
            slid |= wrong
        return slid

    def report_slid(self, rows: Mask, column: int) -> None:
        for row in np.flatnonzero(rows):
            text, heading = self.grid.text(self.start + int(row), column), self.heading(column)
            message = f"The cells of this row have slid out of their columns ({text!r} under {heading!r})."
            self.sheet.report("shifted-columns", message, int(self.lines[row]), heading, text)

    def keep_slid(self, block: Block) -> None:
        """What a slid row measured is lost, but where it names its nerve and site something was measured there: the next
        site is not the most distal one."""
        names = [block.text[name][0] >= 0 for name in (*_NEEDED, "stimulation")]
        self.slid &= np.logical_and.reduce(names)
        self.refused &= ~self.slid
        for name in VALUES:
            block.values[name][self.slid] = np.nan
            if name in self.mapped:
                block.unreadable[self.slid] |= BIT[name]
        for name in LIMITS:
            block.limits[name][self.slid] = np.nan
        block.text["response"][0][self.slid] = -1

    # -------------------------------------------------------- text

    def text(self, name: str) -> tuple[Codes, list[str]]:
        """One text column as codes of canonical names; what is not known is reported, and so is a row in which another
        column of the same name says otherwise."""
        if name not in self.mapped:
            return np.full(self.n, -1, np.int32), []
        column = self.mapped[name][0]
        found = self.named(name, column)
        for other in self.again.get(name, ()):
            more = self.named(name, other, silent=True)
            self.refuse_apart(column, other, apart(found, more))
            found = completed(found, more)
        return found

    def refuse_apart(self, column: int, other: int, rows: Mask) -> None:
        """Rows in which two columns contradict each other: nobody knows which is right."""
        rows = rows & ~self.refused
        for row in np.flatnonzero(rows):
            one, two = (self.grid.text(self.start + int(row), c) for c in (column, other))
            message = f"{self.heading(column)!r} says {one!r} and {letter(other)} {self.heading(other)!r} says {two!r}."
            self.sheet.report("duplicate-conflict", message, int(self.lines[row]), self.heading(other), two)
        self.refused = self.refused | rows

    def named(self, name: str, column: int, silent: bool = False) -> tuple[Codes, list[str]]:
        """One column of names as codes."""
        codes, texts = self.grid.coded_texts(column, self.start)
        names: dict[str, int] = {}
        of = np.full(len(texts), -1, np.int32)
        for i, text in enumerate(texts):
            if not text:
                continue
            meaning = self.meaning(name, text, column)
            if meaning is None and not silent:
                self.unknown(name, column, text, np.flatnonzero((codes == i) & ~self.refused))
                if name == "recording":
                    meaning = own_name(text)
            if meaning:
                of[i] = names.setdefault(meaning, len(names))
        return of[codes], list(names)

    def meaning(self, name: str, text: str, column: int) -> str | None:
        if is_error(text):
            return None
        if name == "response":
            heading = self.headings[column]
            defined = self.grid.definitions.state(heading, text)
            return response_said(heading, text) if defined is None else SAID[defined]
        if name == "nerve":
            return nerve_named(text)
        if _LEXICON[name] == "places":
            return place_named(text) or (site_code(text) if name == "stimulation" else None)
        return lexicon(_LEXICON[name])(text)

    def unknown(self, name: str, column: int, text: str, rows: Rows) -> None:
        code, words = ("error-cell", "is an error of the spreadsheet") if is_error(text) else _UNKNOWN[name]
        for row in rows:
            self.sheet.report(code, f"{text!r} {words}.", int(self.lines[row]), self.heading(column), text)
        if name in ("study", "nerve", "side", "stimulation"):
            self.refused[rows] = True

    def infer_study(self, block: Block) -> None:
        """Where the kind of study is not written, the nerve or the unit of the amplitude tells it."""
        codes, names = block.text["study"]
        blank = codes < 0
        if not blank.any():
            return
        names = [*names, *(n for n in ("motor", "sensory") if n not in names)]
        codes = codes.copy()
        given = {unit: self.given(unit) for unit in ("amplitude_mv", "amplitude_uv") if unit in self.mapped}
        both = np.logical_and.reduce(list(given.values())) if len(given) > 1 else np.zeros(self.n, bool)
        for unit, kind in (("amplitude_mv", "motor"), ("amplitude_uv", "sensory")):
            if unit in given:
                codes[blank & given[unit] & ~both] = names.index(kind)
        of_table = self.kind_of_table()
        if of_table is not None and of_table in names:
            codes[codes < 0] = names.index(of_table)
        block.text["study"] = codes, names

    def kind_of_table(self) -> str | None:
        """The kind of study that the sheet or the rows above the headings name, or that the only amplitude can be of."""
        above = [t for r in range(self.start - 1) for t in dict.fromkeys(self.grid.row(r)) if t]
        places = [read_place(t) for t in (self.grid.sheet or "", *above)]
        said = {p.study for p in places if p.study is not None and p.nerve is None}
        if said:
            return said.pop() if len(said) == 1 else None
        units = [unit for unit in ("amplitude_mv", "amplitude_uv") if unit in self.mapped]
        return {"amplitude_mv": "motor", "amplitude_uv": "sensory"}[units[0]] if len(units) == 1 else None

    def given(self, name: str) -> Mask:
        """Rows whose cell says anything: a number, no response, or what cannot be read."""
        codes, cells = self.cells(name)
        return np.array([cell.state is not State.NOT_TESTED for cell in cells], bool)[codes]

    def need(self, block: Block, name: str) -> None:
        """Refuse rows that do not say the kind of study, the nerve or the side."""
        missing = np.flatnonzero((block.text[name][0] < 0) & ~self.refused)
        if not len(missing):
            return
        code, words = {
            "study": ("unknown-study", "The row does not say which kind of study it is."),
            "nerve": ("unknown-nerve", "The row names no nerve."),
            "side": ("missing-side", "The row names no side."),
        }[name]
        column = self.heading(self.mapped[name][0]) if name in self.mapped else None
        for row in missing:
            self.sheet.report(code, words, int(self.lines[row]), column)
        self.refused[missing] = True

    def refuse_other_limb(self, block: Block) -> None:
        """A nerve of the arm stimulated at the leg is none, or the site is another."""
        (nerves, names), (sites, of_site) = block.text["nerve"], block.text["stimulation"]
        wrong = [(n, s) for n, nerve in enumerate(names) for s, site in enumerate(of_site) if not in_limb(site, nerve)]
        for n, s in wrong:
            rows = (nerves == n) & (sites == s) & ~self.refused
            for row in np.flatnonzero(rows):
                column = self.mapped["stimulation"][0]
                text = self.grid.text(self.start + int(row), column)
                message = f"{of_site[s].replace('_', ' ')} is no site of the {names[n].replace('_', ' ')} nerve."
                self.sheet.report("unknown-site", message, int(self.lines[row]), self.heading(column), text)
            self.refused |= rows

    # -------------------------------------------------------- numbers

    def cells(self, name: str, again: int | None = None) -> tuple[Rows, list[Cell]]:
        """The cells of the column of a name, or of a further one."""
        column, factor = self.mapped[name] if again is None else (again, named_column(self.headings[again])[1])
        codes, distinct = self.grid.coded(column, self.start)
        upper = name.endswith("upper_limit")
        cells = [
            read_limit(raw, upper, self.grid.comma)
            if name in LIMITS
            else self.grid.definitions.cell(self.headings[column], raw, self.grid.comma)
            for raw in distinct
        ]
        if factor != 1.0:
            cells = [Cell(c.state, c.number * factor, c.problem, c.unit) if c.unit is None else c for c in cells]
        cells = [in_column_unit(cell, name) if cell.unit else cell for cell in cells]
        return codes, cells

    def numbers(self, name: str, silent: bool = False) -> Floats:
        codes, cells = self.cells(name)
        if not silent:
            self.problems(name, codes, cells)
        return np.array([cell.number for cell in cells], float)[codes] if cells else np.full(self.n, np.nan)

    def limits(self, name: str) -> Floats:
        return self.numbers(name) if name in self.mapped else np.full(self.n, np.nan)

    def values(self, block: Block, k: int, name: str) -> None:
        """One measured column: numbers, words for no response, and what cannot be read."""
        if name not in self.mapped:
            block.values[name] = np.full(self.n, np.nan)
            block.rows[:, k] = 0
            return
        codes, cells = self.cells(name)
        block.values[name] = np.array([cell.number for cell in cells], float)[codes]
        block.columns[:, k] = self.label(self.mapped[name][0])
        states = [int(cell.state) for cell in cells]
        if _UNREADABLE in states:
            unreadable = np.array(states)[codes] == _UNREADABLE
            block.unreadable |= np.where(unreadable, BIT[name], np.uint16(0))
            self.problems(name, codes, cells)
        if _NO_RESPONSE in states:
            self.mark_absent(block, k, np.flatnonzero(np.array(states)[codes] == _NO_RESPONSE))

    def repeats(self, block: Block, k: int, name: str) -> None:
        """Further columns of the same name: they complete the first one; where the two differ, neither is read."""
        for column in self.again.get(name, ()):
            codes, cells = self.cells(name, column)
            numbers = np.array([cell.number for cell in cells], float)[codes]
            given = np.isfinite(numbers) & ~self.refused
            kind = kind_of_late(self.headings[column])
            if kind is not None:
                of, kinds = block.text["study"]
                of_kind = np.array([*(n == kind for n in kinds), False], bool)[of]
                for row in np.flatnonzero(given & ~of_kind):
                    message = f"A row of another study holds {numbers[row]:g} in a column of its own; it was not read."
                    self.sheet.report("cell-not-read", message, int(self.lines[row]), self.heading(column))
                given &= of_kind
            values = block.values[name]
            fill = np.isnan(values) & given & ((block.unreadable & BIT[name]) == 0)
            differ = np.isfinite(values) & given & (values != numbers)
            for row in np.flatnonzero(differ):
                message = f"Two columns of {name} differ: {values[row]:g} and {numbers[row]:g}."
                self.sheet.report("duplicate-conflict", message, int(self.lines[row]), self.heading(column))
            values[fill], values[differ] = numbers[fill], np.nan
            block.unreadable[differ] |= BIT[name]
            block.columns[fill, k] = self.label(column)

    def mark_absent(self, block: Block, k: int, rows: Rows) -> None:
        """A word for no response in a measured column says so for the row, unless the response column speaks."""
        if not len(rows):
            return
        codes, names = block.text["response"]
        if "absent" not in names:
            names = [*names, "absent"]
        silent = rows[codes[rows] < 0]
        codes = codes.copy()
        codes[silent] = names.index("absent")
        block.columns[silent, RESPONSE_CELL] = block.columns[silent, k]
        block.text["response"] = codes, names

    def problems(self, name: str, codes: Rows, cells: list[Cell]) -> None:
        column = self.mapped[name][0]
        for i, cell in enumerate(cells):
            if cell.problem is not None:
                text = self.grid.coded_texts(column, self.start)[1][i]
                for row in np.flatnonzero((codes == i) & ~self.refused):
                    self.sheet.report_cell(cell, int(self.lines[row]), self.heading(column), text, name)

    def amplitudes_in_place(self, block: Block) -> None:
        """An amplitude under the unit of the other kind of study may be either; it is refused."""
        codes, names = block.text["study"]
        for name, kinds, unit in (
            ("amplitude_mv", ("sensory", "mixed"), "mV"),
            ("amplitude_uv", ("motor", "h_reflex", "f_wave"), "µV"),
        ):
            of_kind = np.array([*(kind in kinds for kind in names), False], bool)[codes]
            wrong = of_kind & ~self.refused & np.isfinite(block.values[name]) & (block.values[name] != 0)
            other = "amplitude_uv" if name == "amplitude_mv" else "amplitude_mv"
            in_place = of_kind & np.isfinite(block.values[other])
            if wrong.any() and (wrong & ~in_place).sum() < in_place.sum():
                self.report_slid(wrong, self.mapped[name][0])
                self.slid |= wrong
                continue
            for row in np.flatnonzero(wrong):
                value = block.values[name][row]
                message = (
                    f"A {names[codes[row]].replace('_', ' ')} amplitude of {value:g} under {unit} may be mV or µV."
                )
                heading = self.heading(self.mapped[name][0])
                self.sheet.report("amplitude-unit", message, int(self.lines[row]), heading, f"{value:g}")
            block.values[name][of_kind] = np.nan
            block.unreadable[wrong] |= BIT[other]

    # -------------------------------------------------------- studies

    def studies(self) -> Codes:
        """The study of every row, and the demographics of every study; contradictions become unknown and are said."""
        keys = [self.study_column(name) for name in ("patient_id", "study_id", "study_date")]
        keys[1:] = [(np.where(self.above, filled_down(codes), codes), texts) for codes, texts in keys[1:]]
        code = np.zeros(self.n, np.int64)
        for codes, distinct in keys:
            code = code * (len(distinct) + 1) + codes
        filled = np.flatnonzero(~self.refused)
        _, first, of_filled = np.unique(code[filled], return_index=True, return_inverse=True)
        study = np.zeros(self.n, np.int64)
        study[filled], first = of_filled, filled[first]
        slid = np.flatnonzero(self.slid)
        at = np.minimum(np.searchsorted(code[first], code[slid]), max(len(first) - 1, 0))
        self.slid[slid] = code[first][at] == code[slid] if len(first) else False
        study[slid] = at
        self.sheet.studies = [{"line": int(self.lines[row])} for row in first]
        ids, names = keys[0]
        for s, row in enumerate(first):
            self.sheet.studies[s]["patient_id"] = names[ids[row]] if ids[row] >= 0 else None
        skip = {"patient_id", *VALUES, *LIMITS, *CATEGORIES, "temperature_c"}
        for name in [n for n in self.mapped if n not in skip]:
            self.fact(name, self.mapped[name][0], study)
            for again in self.again.get(name, ()):
                self.fact_again(name, again, study)
        self.undated(keys[2], first)
        for c in self.covariates():
            several = read_label(self.headings[c])
            for label in several if len(several) > 1 else ():
                if label.role not in self.mapped and label.role not in ("patient_name", "other"):
                    self.fact(label.role, c, study, several=several)
            self.fact(covariate_name(self.headings[c]), c, study, covariate=True)
        return study.astype(np.int32)

    def undated(self, dates: tuple[Codes, list[str]], first: Rows) -> None:
        """Dates that cannot be read still tell studies apart."""
        codes, texts = dates
        for facts, row in zip(self.sheet.studies, first, strict=True):
            if facts.get("study_date") is None and codes[row] >= 0:
                facts["when"] = texts[codes[row]]

    def study_column(self, name: str) -> tuple[Codes, list[str]]:
        if name not in self.mapped:
            return np.zeros(self.n, np.int32) - 1, []
        codes, texts = self.grid.coded_texts(self.mapped[name][0], self.start)
        names: dict[str, int] = {}
        of = np.array([names.setdefault(t, len(names)) if t and not is_error(t) else -1 for t in texts], np.int32)
        coded = of[codes]
        if name == "patient_id":
            self.refuse_errors(codes, texts)
            self.compare_ids(coded, list(names))
        if name == "patient_id" and (coded < 0).any() and (coded >= 0).any():
            return self.as_above(coded), list(names)
        return coded, list(names)

    def compare_ids(self, codes: Codes, names: list[str]) -> None:
        """Refuse rows whose further ids are another patient's."""
        for other in self.again.get("patient_id", ()):
            theirs, texts = self.grid.coded_texts(other, self.start)
            blank = np.array([not text for text in texts], bool)[theirs]
            ids = np.where(blank, -1, theirs).astype(np.int32)
            same_heading = normalise(self.headings[other]) == "patient id"
            wrong = ids_apart((codes, names), (ids, texts), same_heading)
            self.refuse_apart(self.mapped["patient_id"][0], other, wrong)

    def refuse_errors(self, codes: Rows, texts: list[str]) -> None:
        """An error of the spreadsheet instead of an id: nobody knows whose row it is."""
        heading = self.heading(self.mapped["patient_id"][0])
        for i in (i for i, text in enumerate(texts) if is_error(text)):
            rows = np.flatnonzero((codes == i) & ~self.refused)
            for row in rows:
                message = f"The cell holds {texts[i]} instead of a patient id."
                self.sheet.report("error-cell", message, int(self.lines[row]), heading, texts[i])
            self.refused[rows] = True

    def as_above(self, coded: Codes) -> Codes:
        """A blank patient id below a given one means the same patient, as in merged cells; where ids stand on every
        other row, it is an omission, and the row is refused."""
        blank = (coded < 0) & ~self.refused
        if not blank.any():
            return coded
        given = coded[(coded >= 0) & ~self.refused]
        if (given[1:] == given[:-1]).any():
            heading = self.heading(self.mapped["patient_id"][0])
            for row in np.flatnonzero(blank):
                self.sheet.report(
                    "row-without-patient",
                    "The row names no patient; nothing of it was used.",
                    int(self.lines[row]),
                    heading,
                )
            self.refused = self.refused | blank
            return coded
        self.above = blank
        self.sheet.report("id-as-above", f"{int(blank.sum())} rows have no patient id; the one above was taken.")
        return filled_down(coded)

    def covariates(self) -> list[int]:
        """Columns the program has no use for; names of people are not kept."""
        return [c for c in self.spare() if c not in self.shares and not _private(self.headings[c])]

    def fact(
        self, name: str, column: int, study: Rows, covariate: bool = False, several: tuple[Demographic, ...] = ()
    ) -> None:
        """What a column says of the studies; `several`: all that it names, where one column says more than one fact."""
        if not self.sheet.studies:
            return
        codes, distinct = self.grid.coded(column, self.start)
        if several:
            distinct = [shared_values(several, as_text(raw)).get(name) for raw in distinct]
        facts = read_facts(
            "" if covariate else name,
            distinct,
            codes=_sex_codes(self.grid, self.headings[column]),
            order=self.grid.definitions.date_order,
        )
        if len(facts) == 1 and facts[0].problem is None and not self.refused.any():
            if facts[0].value is not None:
                for study_facts in self.sheet.studies:
                    study_facts[name] = facts[0].value
            return
        self.unreadable_facts(name, column, study, codes, distinct, facts)
        given = np.array([f.value is not None for f in facts], bool)[codes] & ~self.refused
        first = np.full(len(self.sheet.studies), -1, np.int64)
        rows = np.flatnonzero(given)
        first[study[rows[::-1]]] = rows[::-1]
        differs = given & (codes != codes[first[study]])
        other = np.full(len(first), -1, np.int64)
        if differs.any():
            value = np.array([str(f.value) for f in facts], object)
            rows = np.flatnonzero(differs & (value[codes] != value[codes[first[study]]]))
            other[study[rows[::-1]]] = rows[::-1]
        if covariate and (other >= 0).any():
            words = f"{name} differs between the rows of {int((other >= 0).sum())} studies, for which it is not carried along."
            self.sheet.report("column-ignored", words, column=self.heading(column))
        seen = np.flatnonzero(first >= 0)
        of = codes[first[seen]]
        plain = (other[seen] < 0) & np.array([(s, name) not in self.disputed for s in seen.tolist()], bool)
        for s, code in zip(seen[plain].tolist(), of[plain].tolist(), strict=True):
            self.sheet.studies[s][name] = facts[code].value
        for s in seen[other[seen] >= 0].tolist():
            if not covariate:
                self.disputed.add((s, name))
                line, differing = int(self.lines[first[s]]), int(self.lines[other[s]])
                message = f"{name} of one study differs between row {line} and row {differing}."
                self.sheet.report("demographics-conflict", message, differing, self.heading(column))

    def once(self, wanted: Mask, study: Rows, codes: Rows) -> Rows:
        """The first of the wanted rows of each study with each of its cells."""
        rows = np.flatnonzero(wanted & ~self.refused)
        _, first = np.unique(np.stack([study[rows], codes[rows]]), axis=1, return_index=True)
        return np.sort(rows[first])

    def unreadable_facts(
        self, name: str, column: int, study: Rows, codes: Rows, distinct: Sequence[Raw], facts: Sequence[Fact]
    ) -> None:
        """Cells that cannot be read as a fact; it is then not known of their study, whatever other rows say."""
        bad = np.array([f.problem is not None for f in facts], bool)[codes]
        for row in self.once(bad, study, codes):
            self.disputed.add((int(study[row]), name))
            text, line, heading = as_text(distinct[codes[row]]), int(self.lines[row]), self.heading(column)
            self.sheet.report(
                str(facts[codes[row]].problem), f"{text!r} cannot be read as {name}.", line, heading, text
            )

    def fact_again(self, name: str, column: int, study: Rows) -> None:
        """A further column of a fact: where it contradicts the first, the fact is not known."""
        codes, distinct = self.grid.coded(column, self.start)
        order, sexes = self.grid.definitions.date_order, _sex_codes(self.grid, self.headings[column])
        facts = read_facts(name, distinct, codes=sexes, order=order)
        self.unreadable_facts(name, column, study, codes, distinct, facts)
        given = np.array([f.value is not None for f in facts], bool)[codes]
        for row in self.once(given, study, codes):
            own, value = self.sheet.studies[study[row]], facts[codes[row]].value
            if facts_differ(own.get(name), value):
                message = (
                    f"{self.heading(self.mapped[name][0])!r} says {own[name]} and {self.heading(column)!r} {value}."
                )
                self.sheet.report("demographics-conflict", message, int(self.lines[row]), self.heading(column))
                own[name] = None
                self.disputed.add((int(study[row]), name))
            elif own.get(name) is None and (int(study[row]), name) not in self.disputed:
                own[name] = value

    def describe(self) -> None:
        by_column = {c: name for name, (c, _) in self.mapped.items()}
        by_column |= {c: name for name, columns in self.again.items() for c in columns}
        self.sheet.mark(Use.HEADING, slice(self.start))
        for c, text in enumerate(self.headings):
            name = by_column.get(c)
            use = Use.WITH_ROW if name else Use.PERSON if _private(text) else Use.COVARIATE
            if c in self.shares:
                message = f"{text!r} holds percentages of a limit, which are no measurements; it was not read."
                self.sheet.report("percent-of-limit", message, int(self.grid.lines[self.start - 1]), text)
                self.sheet.columns.append(Column(text, letter(c), "percentages of a limit", "ignored"))
                self.sheet.mark(Use.REPORTED, slice(self.start, None), [c])
                continue
            if text:
                self.sheet.mark(use, slice(self.start, None), [c])
            if name:
                self.sheet.columns.append(Column(text, letter(c), name, "limit" if name in LIMITS else "used"))
            elif text and _private(text):
                self.sheet.columns.append(Column(text, letter(c), "not kept (a name)", "ignored"))
            elif text:
                self.sheet.columns.append(Column(text, letter(c), text, "covariate"))


def _is_strange(name: str, raw: Raw, comma: bool) -> bool:
    """Whether a cell cannot stand under its heading: a number for a word, a nerve or a side for a number."""
    text = as_text(raw)
    if not text:
        return False
    number = read_cell(raw, comma).state is State.VALUE
    if name in VALUES:
        return not number and any(lexicon(table)(text) is not None for table in ("nerves", "places", "side", "study"))
    if name == "response":
        return number and not text.isdigit()
    if name in _NEEDED:
        own = lexicon(_LEXICON[name])(text)
        return number or (own is None and any(lexicon(_LEXICON[other])(text) for other in _NEEDED))
    return number


def filled_down(codes: Codes) -> Codes:
    """Every -1 replaced by the code above it; -1 only before the first code."""
    last = np.maximum.accumulate(np.where(codes >= 0, np.arange(len(codes)), -1))
    return np.where(last >= 0, codes[np.maximum(last, 0)], -1).astype(np.int32)


def _sex_codes(grid: Grid, heading: str) -> Mapping[str, str]:
    """What the numbers of a column of sex stand for: as its heading says, else as the file explains it elsewhere."""
    named = demographic_heading(heading)
    return (named.codes if named else None) or grid.definitions.sexes


def _private(text: str) -> bool:
    return any(label.role == "patient_name" for label in read_label(text))
