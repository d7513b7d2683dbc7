"""What was read, cut by patient, so that many studies can be analysed in partitions that need no other.

A large tidy table is cut before it is read in full; any other sheet after. Read part by part, a table gives the readings
and issues that it gives as a whole, but for notes on the whole sheet, which then speak of each part (`merged`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes, Mask
from ncs_analyzer.grouping import named
from ncs_analyzer.ingest.cells import as_text
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.found import Found
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts import tidy
from ncs_analyzer.ingest.people import read_facts
from ncs_analyzer.issues import Issue

LARGE_GRID: Final = 50_000
"""Rows from which a tidy table is cut before it is read in full."""


@dataclass(frozen=True)
class LargeTable:
    """A large tidy table not read yet. `patient`: code of the patient of every data row into `names`; rows before the
    first patient have -1. `start`: the first data row."""

    grid: Grid
    fit: float
    start: int
    patient: Codes
    names: tuple[str, ...]

    @classmethod
    def of(cls, grid: Grid, fit: float) -> "LargeTable | None":
        """The table, if it names patients; None otherwise."""
        top = tidy.top(grid)
        if top is None or "patient_id" not in top[1]:
            return None
        start = top[0] + 1
        codes, distinct = grid.coded(top[1]["patient_id"][0], start)
        index: dict[str, int] = {}
        of = np.array([index.setdefault(t, len(index)) if (t := as_text(raw)) else -1 for raw in distinct], np.int32)
        dates = [top[1][name][0] for name in ("study_date", "date_of_birth") if name in top[1]]
        return cls(_with_plain_dates(grid, dates, start), fit, start, tidy.filled_down(of[codes]), tuple(index))

    def rows(self) -> Codes:
        """How many rows each patient has."""
        return np.bincount(self.patient[self.patient >= 0], minlength=len(self.names))

    def part(self, wanted: Mask, first: bool) -> "Part":
        """The rows of some patients (`first`: and those of none)."""
        take = np.append(wanted, first)[self.patient]
        rows = np.concatenate([np.arange(self.start), self.start + np.flatnonzero(take)])
        return Part(grid=self.grid.take(rows), fit=self.fit, counted=0 if first else self.start)


def _with_plain_dates(grid: Grid, columns: Iterable[int], start: int) -> Grid:
    """Dates rewritten year first: day and month are told apart by the whole column, which a part does not see."""
    found = list(grid.columns)
    for c in columns:
        codes, distinct = grid.coded(c, 0)
        data = np.unique(codes[start:])
        facts = read_facts("study_date", [distinct[i] for i in data], order=grid.definitions.date_order)
        plain = [as_text(raw) for raw in distinct]
        for i, fact in zip(data.tolist(), facts, strict=True):
            plain[i] = fact.value or plain[i]
        of, names = pd.factorize(np.array(plain, object))
        found[c] = named(of[codes], list(names))
    return replace(grid, columns=tuple(found))


@dataclass(frozen=True)
class Draft:
    """A sheet as its layout read it. `patient`: code of each of its studies into `names`."""

    sheet: Sheet
    patient: Codes
    names: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Sheet) -> "Draft":
        """The sheet without what was worked out of its cells on the way, so that it travels lightly."""
        sheet.close()
        sheet = replace(sheet, grid=replace(sheet.grid))
        index: dict[str, int] = {}
        names = [facts.get("patient_id") or stand_in_name(sheet, facts) for facts in sheet.studies]
        return cls(sheet, np.array([index.setdefault(n, len(index)) for n in names], np.int32), tuple(index))

    def rows(self) -> Codes:
        """How many responses each patient has; at least one."""
        of_study = np.zeros(len(self.patient), np.int64)
        for block in self.sheet.blocks:
            of_study += np.bincount(block.study, minlength=len(self.patient))
        return np.maximum(np.bincount(self.patient, weights=of_study, minlength=len(self.names)).astype(np.int64), 1)

    def part(self, wanted: Mask, first: bool) -> "Part":
        """The studies of some patients (`first`: and all lines and issues that belong to no response)."""
        if wanted.all():
            return Part(sheet=self.sheet)
        keep = wanted[self.patient]
        number = np.cumsum(keep) - 1
        blocks, own, others = [], set(), set()
        for block in self.sheet.blocks:
            mine = keep[block.study]
            own.update(block.line[mine].tolist())
            others.update(block.line[~mine].tolist())
            part = block.take(np.flatnonzero(mine))
            blocks.append(replace(part, study=number[part.study].astype(np.int32)))
        facts = [f for f, kept in zip(self.sheet.studies, keep, strict=True) if kept]

        def belongs(line: int | None) -> bool:
            return line in own or (first and line not in others)

        sheet = replace(
            self.sheet,
            studies=facts,
            blocks=blocks,
            lines=[line for line in map(int, self.sheet.lines) if belongs(line)],
            context={line for line in self.sheet.context if belongs(line)},
            issues=[issue for issue in self.sheet.issues if belongs(issue.row)],
        )
        rows = np.flatnonzero([belongs(line) for line in sheet.grid.lines.tolist()])
        sheet.grid, sheet.ledger = sheet.grid.take(rows), self.sheet.ledger.take(rows)
        return Part(sheet=sheet)


@dataclass(frozen=True)
class Part:
    """What one partition gets of a sheet: a sheet that is read, or a grid that is still to be read as a tidy table."""

    sheet: Sheet | None = None
    grid: Grid | None = None
    fit: float = 1.0
    counted: int = 0
    """Rows at the top that another part accounts for."""

    def read(self) -> Sheet:
        """The sheet."""
        if self.sheet is not None:
            return self.sheet
        assert self.grid is not None
        sheet = tidy.read(self.grid, self.fit)
        sheet.counted = self.counted
        return sheet


@dataclass
class Drafts:
    """What one file held: its tables, issues about the file itself, and sheets without a table."""

    tables: list[Draft | LargeTable] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unread: list[Found] = field(default_factory=list)


def stand_in_name(sheet: Sheet, facts: dict[str, object]) -> str:
    """Who a patient without an id is: the file's stem, the sheet's name and, where one sheet holds several, a number."""
    stem = PurePath(sheet.grid.file).stem or sheet.grid.file
    own_sheet = None if facts.get("one_file") else sheet.grid.sheet
    return ":".join(str(x) for x in (stem, own_sheet, facts.get("unnamed")) if x)


def merged(parts: Sequence[Issue]) -> list[Issue]:
    """Issues of several parts put together: notes on a whole sheet that begin with a number of rows are added up, and
    the same note is said once."""
    counts: dict[tuple[object, ...], int] = {}
    found: dict[tuple[object, ...], Issue] = {}
    singles = []
    for issue in parts:
        if issue.row is not None:
            singles.append(issue)
            continue
        number = re.match(r"\d+ ", issue.message)
        words = issue.message[number.end() :] if number else issue.message
        key = (issue.code, issue.file, issue.sheet, issue.column, words)
        counts[key] = counts.get(key, 0) + (int(number[0]) if number else 0)
        found.setdefault(key, issue)
    whole = [
        replace(issue, message=f"{counts[key]} {key[-1]}") if counts[key] else issue for key, issue in found.items()
    ]
    return singles + whole


def merged_found(parts: Iterable[Found]) -> list[Found]:
    """What was found in each file and sheet, the rows of its parts added up."""
    found: dict[tuple[str, str | None], Found] = {}
    for part in parts:
        before = found.get((part.file, part.sheet))
        found[part.file, part.sheet] = (
            part
            if before is None
            else replace(
                before,
                read=before.read + part.read,
                used=before.used + part.used,
                reported=before.reported + part.reported,
                cells=before.cells + part.cells,
                notes=tuple(dict.fromkeys((*before.notes, *part.notes))),
            )
        )
    return list(found.values())
