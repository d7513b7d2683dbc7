"""Wide research sheets (families E and F): one row per patient (or hand, or visit), one column per nerve, site and measure.

`wide_words` and `wide_headings` take a heading apart, `wide_top` finds the rows of headings, `wide_people` the patients,
`wide_places` the response a column belongs to, `wide_columns` reads the cells; this module puts them together.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Mask, Rows
from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.layouts.wide_columns import Coded, Measured, agree, missing_codes, read_column, say_customs
from ncs_analyzer.ingest.layouts.wide_headings import bound_in
from ncs_analyzer.ingest.layouts.wide_limits import limit_row, limits_for_all
from ncs_analyzer.ingest.layouts.wide_people import id_column, patient_rows, read_people
from ncs_analyzer.ingest.layouts.wide_percent import percentages, rows_of_percentages
from ncs_analyzer.ingest.layouts.wide_places import Company, Given, NotMeantError, Target, settle
from ncs_analyzer.ingest.layouts.wide_responses import add_responses
from ncs_analyzer.ingest.layouts.wide_slid import moved_rows
from ncs_analyzer.ingest.layouts.wide_top import Top, find_top
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.segments import names_place
from ncs_analyzer.vocabulary.match import lexicon, normalise

NAME: Final = "wide"
_OTHER_SHEETS: Final = frozenset(
    ("mean", "means", "average", "averages", "summary", "pivot", "limits", "limit", "norm", "norms", "normal", "normals",
     "reference", "references", "codebook", "dictionary", "legend")
)  # fmt: skip


def fit(grid: Grid) -> float:
    """How many of the headings that speak of measurements are understood. A table with a column of nerves and one of
    sites, or whose rows begin with a site, is no wide sheet."""
    top = find_top(grid)
    if top is None or _rows_are_sites(grid, top):
        return 0.0
    about = top.about_nerves.values()
    score = 0.5 + 0.45 * sum(m.understood for m in about) / len(about)
    roles = {lexicon("heading")(h.split("\n")[-1]) for h in top.headings if h}
    if "site" in roles and id_column(top) is None:
        return 0.0
    if roles & {"nerve_site"} or {"nerve", "site"} <= roles:
        return score * 0.5
    return score if not top.rows_name_nerves or id_column(top, weak=False) is not None else 0.0


def _rows_are_sites(grid: Grid, top: Top) -> bool:
    """Whether most of the first rows begin with a nerve or a stimulation site instead of a patient ("DPN-001")."""
    first, who = top.first, id_column(top, weak=False)
    rows = [grid.row(r) for r in range(first, min(grid.height, first + 8))]
    begins = [c for texts in rows if (c := next((c for c, t in enumerate(texts) if t), None)) is not None]
    sites = sum(
        c != who and names_place(next(t for t in texts if t))
        for c, texts in zip(begins, filter(any, rows), strict=True)
    )
    return 2 * sites > len(begins)


def read(grid: Grid, fitted: float) -> Sheet:
    """One study per row and visit."""
    top = find_top(grid)
    assert top is not None
    sheet = Sheet(grid, NAME, fitted)
    _Reader(sheet, top).read()
    return sheet


_MARKS: Final = {"used": Use.WITH_ROW, "limit": Use.WITH_ROW, "covariate": Use.COVARIATE, "ignored": Use.OTHER}
"""What the cells below the headings are, by the use of their column."""


class _Reader:
    def __init__(self, sheet: Sheet, top: Top) -> None:
        self.sheet, self.grid, self.top = sheet, sheet.grid, top
        self.company = Company.of(top.about_nerves.values())

    def read(self) -> None:
        below = range(self.top.first, self.grid.height)
        self.sheet.lines = self.grid.lines[[r for r in below if any(self.grid.row(r))]]
        if why := self.refused():
            self.refuse("table-ignored", why)
            return
        rows, others = patient_rows(self.grid, self.top)
        limits = limit_row(self.grid, self.top, others)
        self.account(others, limits)
        targets = self.targets_alone()
        if why := percentages(self.grid, rows, self.top, targets):
            self.refuse("percent-of-limit", why)
            return
        if not len(rows):
            self.describe({})
            return
        people = read_people(self.sheet, self.top, rows)
        uses: dict[int, tuple[str, str]] = dict(people.became)
        self.say_nerveless(uses)
        missing = missing_codes(self.grid, [(t, self.coded(c, rows)) for c, t in targets.items()])
        headings = tuple(_one_line(h) for h in self.top.headings)
        shares = rows_of_percentages(self.grid, rows, self.top, targets)
        moved = self.say_moved(rows, targets, headings)
        read_all: list[Measured] = []
        for code, given in enumerate(people.groups):
            mine = np.flatnonzero(people.given == code)
            settled = self.settle(given, rows[mine], uses)
            columns = [
                read_column(self.sheet, headings[c], c, rows[mine], self.coded(c, rows[mine]), t, missing)
                for c, t in settled.items()
                if not self.only_beyond(c, rows, uses)
            ]
            self.refuse_shares(columns, rows[mine], shares[mine], headings)
            for column in columns:
                gone = moved[mine] & (column.state == State.VALUE)
                column.values[gone], column.state[gone] = np.nan, State.UNREADABLE
            read_all += columns
            columns += list(limits_for_all(self.grid, limits, columns, self.top.headings))
            blanks = any((column.state == State.NOT_TESTED).any() for column in columns)
            for visit, study in people.study.items():
                own = [c for c in columns if self.top.meanings[c.column].visit == visit]
                own = agree(self.sheet, own, rows[mine], uses, headings)
                add_responses(self.sheet, own, rows[mine], study[mine], blanks, headings)
        unlabelled = [
            c
            for c, m in self.top.about_nerves.items()
            if m.kind == "sensory" and m.measure == "latency" and not m.onset
        ]
        say_customs(self.sheet, read_all, headings, unlabelled)
        self.drop_missed_visits(len(people.study))
        self.describe(uses)

    def account(self, others: dict[int, str], limits: int | None) -> None:
        """Report the rows that hold no patient; a row of limits is used."""
        for row, why in others.items():
            if row == limits:
                self.sheet.context.add(self.grid.line(row))
                self.sheet.mark(Use.USED, row)
            else:
                self.sheet.report("table-ignored", f"The row is {why}; it holds no patient.", self.grid.line(row))

    def say_moved(self, rows: Rows, targets: Mapping[int, Target], headings: Sequence[str]) -> Mask:
        """Which rows stand one column beside their headings, each said at the first cell that does."""
        moved = np.zeros(len(rows), bool)
        for i, c in moved_rows(self.grid, rows, self.top.first, targets).items():
            row, text = int(rows[i]), self.grid.text(int(rows[i]), c)
            message = "The cells of this row stand one column beside their headings, from here on or before."
            self.sheet.report("shifted-columns", message, self.grid.line(row), headings[c], text)
            moved[i] = True
        return moved

    def refuse_shares(self, columns: list[Measured], rows: Rows, shares: Mask, headings: Sequence[str]) -> None:
        """No number is used of a row of percentages."""
        for column in columns if shares.any() else ():
            for i in np.flatnonzero(shares & (column.state == State.VALUE)):
                row, heading = int(rows[i]), headings[column.column]
                message = "The values of this row are percentages of a limit, not measurements."
                text = self.grid.text(row, column.column)
                self.sheet.report("percent-of-limit", message, self.grid.line(row), heading, text)
                column.values[i], column.state[i] = np.nan, State.UNREADABLE

    def only_beyond(self, column: int, rows: Rows, uses: dict[int, tuple[str, str]]) -> bool:
        """Whether a column under a bound ("CMAP < 4") says only whether it was passed: 0 and 1, which are no measurements."""
        if bound_in(self.top.headings[column]) is None:
            return False
        codes, distinct = self.coded(column, rows)
        numbers = {read_cell(distinct[i], self.grid.comma).number for i in np.unique(codes)}
        numbers = {n for n in numbers if n == n}
        if not numbers or not numbers <= {0.0, 1.0}:
            return False
        uses[column] = "0 and 1 say whether a limit is passed; they are no measurements", "not understood"
        return True

    def coded(self, column: int, rows: Rows) -> Coded:
        codes, distinct = self.grid.coded(column, self.top.first)
        return codes[rows - self.top.first], distinct

    def drop_missed_visits(self, visits: int) -> None:
        """A visit that a patient did not come to is no study."""
        if visits < 2:
            return
        seen = np.unique(np.concatenate([block.study for block in self.sheet.blocks]))
        for block in self.sheet.blocks:
            block.study = np.searchsorted(seen, block.study).astype(np.int32)
        self.sheet.studies = [self.sheet.studies[i] for i in seen]

    # ------------------------------------------------------------ sheets that are none

    def refused(self) -> str | None:
        """Why the sheet holds no patients: sheets of means, limits and definitions."""
        words = set(normalise(self.grid.sheet or "").split())
        counted = any(normalise(h) in ("n", "count") for h in self.top.headings if h)
        if (words & _OTHER_SHEETS or counted) and id_column(self.top) is None:
            return "It holds means, limits or definitions, no patients."
        return None

    def refuse(self, code: str, why: str) -> None:
        self.sheet.report(code, why)
        self.sheet.notes.append(f"not read: {why}")
        for line in self.sheet.lines:
            self.sheet.report(code, f"The row was not read. {why}", int(line))
        for c, heading in enumerate(self.top.headings):
            if heading:
                self.sheet.columns.append(Column(heading, letter(c), "not read", "ignored"))

    # ------------------------------------------------------------ columns

    def targets_alone(self) -> dict[int, Target]:
        """What the columns mean by their headings alone, with any side; for a look at the numbers."""
        found = {}
        for c, meaning in self.top.about_nerves.items():
            try:
                found[c] = settle(meaning, Given(side="left"), self.company)
            except NotMeantError:
                continue
        return found

    def settle(self, given: Given, rows: Rows, uses: dict[int, tuple[str, str]]) -> dict[int, Target]:
        """The columns that hold measurements for rows of one kind; every other one is said once, if it holds anything."""
        found: dict[int, Target] = {}
        for c, meaning in self.top.about_nerves.items():
            heading = self.top.headings[c]
            try:
                target = settle(meaning, given, self.company)
            except NotMeantError as reason:
                if c in uses or not any(self.grid.text(int(r), c) for r in rows):
                    uses.setdefault(c, (str(reason), "ignored"))
                    continue
                self.sheet.report(
                    reason.code, f"The heading {_one_line(heading)!r} names no single measurement: {reason}.",
                    self.grid.line(self.top.row), _one_line(heading), _one_line(heading),
                )  # fmt: skip
                uses[c] = str(reason), "ignored" if reason.code == "column-ignored" else "not understood"
                continue
            found[c] = target
            uses[c] = _words(target), "limit" if target.column.endswith("_limit") else "used"
        return found

    def say_nerveless(self, uses: dict[int, tuple[str, str]]) -> None:
        """A heading that surely speaks of nerve conduction, and of no nerve, or of a nerve and no known measure, is said:
        its column is carried along only."""
        for c, m in self.top.meanings.items():
            electric = m.kind or m.unit in ("mv", "uv", "m/s", "mvms")
            if uses.get(c, ("", ""))[1] != "covariate":
                continue
            heading = _one_line(self.top.headings[c])
            nerveless = m.measure and m.understood and electric and not m.derived
            if nerveless or (m.nerve and m.side):
                what = "no nerve" if nerveless else "a nerve, and no measure that is known"
                why = f"The heading {heading!r} names {what}; its values were not read."
                self.sheet.report("column-not-understood", why, self.grid.line(self.top.row), heading, heading)

    def describe(self, uses: dict[int, tuple[str, str]]) -> None:
        """Say of every column what became of it; one without a heading that holds something is reported."""
        self.sheet.mark(Use.HEADING, slice(self.top.first))
        for c in range(self.grid.width):
            heading = self.top.headings[c]
            if c in uses:
                use: Any = uses[c][1]
                if (became := _MARKS.get(use)) and (use != "used" or c not in self.top.about_nerves):
                    self.sheet.mark(became, slice(self.top.first, None), [c])
                self.sheet.columns.append(Column(_one_line(heading), letter(c), uses[c][0], use))
            elif any(self.grid.text(r, c) for r in range(self.top.first, self.grid.height)):
                why = "It has no heading" if not heading else "Its heading is not understood"
                self.sheet.report(
                    "column-not-understood", f"{why}; it was not read.", self.grid.line(self.top.row), letter(c)
                )
                self.sheet.columns.append(Column(_one_line(heading), letter(c), "not read", "not understood"))


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def _words(target: Target) -> str:
    place = target.place
    parts = (place.kind, place.side, place.nerve, place.recording, place.site, target.column)
    return " ".join(p for p in parts if p)
