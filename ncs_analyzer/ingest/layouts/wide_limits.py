"""Limits of a wide sheet for all its patients: a row of them above or below ("<4.2" under a latency, ">5" under an
amplitude), or each in the heading of its column."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ncs_analyzer.ingest.cells import Cell, State, read_cell, read_limit
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.wide_columns import Measured
from ncs_analyzer.ingest.layouts.wide_headings import bound_in
from ncs_analyzer.ingest.layouts.wide_places import limit_of
from ncs_analyzer.ingest.layouts.wide_top import Top

_ENOUGH: Final = 2
"""Bounds that make a row one of limits."""


def limit_row(grid: Grid, top: Top, others: Iterable[int]) -> int | None:
    """The only row of bounds among those that hold no patient; None where there is none, or several for different
    people."""
    found = []
    for row in others:
        cells = [read_cell(grid.raw(row, c)) for c in top.about_nerves]
        bounds = sum(cell.problem == "censored-number" for cell in cells)
        if bounds >= _ENOUGH and bounds == sum(cell.state is not State.NOT_TESTED for cell in cells):
            found.append(row)
    return found[0] if len(found) == 1 else None


def limits_for_all(
    grid: Grid, row: int | None, columns: Sequence[Measured], headings: Sequence[str]
) -> Iterable[Measured]:
    """The bound under each column, or in its heading, as a limit of all its patients, where no column of limits gives
    one."""
    own = {(c.target.place, c.target.column) for c in columns}
    for column in columns:
        name = limit_of(column.target.column)
        if name is None or (column.target.place, name) in own:
            continue
        raw = bound_in(headings[column.column]) or (None if row is None else grid.raw(row, column.column))
        cell = (
            read_limit(raw, name.endswith("upper_limit"), grid.comma)
            if isinstance(raw, str)
            else Cell(State.NOT_TESTED)
        )
        if cell.state is State.VALUE and cell.unit is None:
            n = len(column.values)
            target = replace(column.target, column=name)
            limit = cell.number * column.target.factor
            yield Measured(column.column, target, np.full(n, limit), np.full(n, State.VALUE, np.int8), column.label)
