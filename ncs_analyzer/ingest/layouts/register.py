"""A list of patients: a row each with id, age, sex, height, date, and no measurement. It tells of whom other sheets are."""

from dataclasses import replace
from typing import Final

import numpy as np

from ncs_analyzer.ingest.cells import Raw
from ncs_analyzer.ingest.demographic_headings import Demographic, demographic_heading, read_label
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.grid import Grid, letter
from ncs_analyzer.ingest.headings import MEASURING_ROLES, read_heading
from ncs_analyzer.ingest.labelled import shared_values
from ncs_analyzer.ingest.layouts.people_columns import labels_of_people
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.people import covariate_name, read_facts
from ncs_analyzer.ingest.who import REGISTER
from ncs_analyzer.vocabulary.match import lexicon, split_words

NAME: Final = REGISTER
_ROWS: Final = 15
_WIDEST: Final = 60
_FACTS: Final = frozenset(("age_years", "sex", "height_cm", "date_of_birth", "study_date", "weight_kg"))


def _upright(grid: Grid) -> Grid:
    """The list with a row for each patient; a list with a column for each is turned, and its lines stand for rows."""
    if _top(grid) is not None or not (3 <= grid.width <= _WIDEST and 2 <= grid.height <= _WIDEST):
        return grid
    columns = []
    for row in range(grid.height):
        column = np.empty(grid.width, dtype=object)
        column[:] = [grid.raw(row, c) for c in range(grid.width)]
        columns.append(column)
    lines = np.arange(1, grid.width + 1, dtype=np.int32)
    return replace(grid, columns=tuple(columns), lines=lines)


def _top(grid: Grid) -> int | None:
    """The row of headings, if the sheet lists patients."""
    if grid.width > _WIDEST:
        return None
    for row in range(min(grid.height - 1, _ROWS)):
        texts = grid.row(row)
        columns = labels_of_people(texts)
        told = {d.role for labels in columns.values() for d in labels}
        if "patient_id" in told and told & _FACTS and sum(bool(t) for t in texts) >= 2:
            return None if any(_measures(t) for t in texts if t) else row
    return None


def _measures(text: str) -> bool:
    """Whether a heading may speak of a nerve or of what is measured."""
    heading = read_heading(text)
    named = lexicon("nerves").find(split_words(text)) or lexicon("study").find(split_words(text))
    return named is not None or (heading is not None and heading.role in MEASURING_ROLES)


def fit(grid: Grid) -> float:
    """Some, where a row of headings names patients and facts about them, and nothing that is measured."""
    return 0.0 if _top(_upright(grid)) is None else 0.4


def read(grid: Grid, fitted: float) -> Sheet:
    """The patients, one a row; no responses."""
    given, grid = grid, _upright(grid)
    sheet = Sheet(grid, NAME, fitted)
    top = _top(grid)
    assert top is not None
    headings = grid.row(top)
    columns = labels_of_people(headings)
    rows = [r for r in range(top + 1, grid.height) if any(grid.text(r, c) for c in columns)]
    sheet.lines = [grid.line(r) for r in rows] if given is grid else given.lines.tolist()
    sheet.context.update(sheet.lines)
    sheet.studies = [{"line": grid.line(r)} for r in rows]
    sheet.mark(Use.HEADING, slice(top + 1))
    for c, text in enumerate(headings):
        if c in columns:
            _column(sheet, rows, c, columns[c])
        elif text and not (read_label(text) or demographic_heading(text)):
            for facts, row in zip(sheet.studies, rows, strict=True):
                facts[covariate_name(text)] = grid.text(row, c) or None
        named = " and ".join(d.role for d in columns.get(c, ()))
        sheet.mark(Use.USED if named else Use.COVARIATE, np.array(rows, np.intp), [c])
        if text:
            sheet.columns.append(Column(text, letter(c), named or text, "used" if named else "covariate"))
    return sheet


def _column(sheet: Sheet, rows: list[int], column: int, labels: tuple[Demographic, ...]) -> None:
    grid = sheet.grid
    for named in labels:
        if named.role == "patient_name":
            continue
        raws: list[Raw] = [grid.raw(r, column) for r in rows]
        if len(labels) > 1:
            raws = [shared_values(labels, grid.text(r, column)).get(named.role) for r in rows]
        found = read_facts(
            named.role, raws, named.factor, named.codes or grid.definitions.sexes, (), grid.definitions.date_order
        )
        for facts, row, fact in zip(sheet.studies, rows, found, strict=True):
            if fact.problem:
                text = grid.text(row, column)
                message = f"{text!r} cannot be read as {named.role}."
                sheet.report(fact.problem, message, grid.line(row), grid.text(0, column) or letter(column), text)
            elif fact.value is not None:
                facts[named.role] = fact.value
