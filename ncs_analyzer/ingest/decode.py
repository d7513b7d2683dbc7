"""A table of codes with what its code book says they mean: a dump of a database, "NERVE 1" for median.

Asked only of a table that no layout understands as it stands.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from ncs_analyzer.ingest.cells import Raw, as_text
from ncs_analyzer.ingest.definitions import state_of
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.vocabulary.match import normalise

_ROWS: Final = 15
_CODED: Final = 3
"""Columns whose codes are explained, at least."""
_MOST: Final = 20_000
_REPEATED: Final = "redcap_repeat"
"""Columns that say that each row fills another form of the same project: what a column means changes from row to row."""
_SAID: Final = {"no_response": "no response", "not_tested": "not tested", "present": "present"}


def decoded(grid: Grid) -> Grid | None:
    """The table with the labels of its headings and the meanings of its codes; None where the file explains too few. Every
    cell keeps its place."""
    if not grid.definitions.codes or grid.height > _MOST:
        return None
    top = max(range(min(_ROWS, grid.height)), key=lambda r: _coded(grid, r), default=None)
    if top is None or _coded(grid, top) < _CODED or any(t.startswith(_REPEATED) for t in grid.row(top)):
        return None
    columns = []
    for c in range(grid.width):
        heading = grid.text(top, c)
        column = np.empty(grid.height, dtype=object)
        column[:] = [grid.raw(r, c) if r < top else _meaning(grid, heading, grid.raw(r, c)) for r in range(grid.height)]
        column[top] = _label(grid, heading)
        columns.append(column)
    return replace(grid, columns=tuple(columns))


def _coded(grid: Grid, row: int) -> int:
    return sum(normalise(t) in grid.definitions.codes for t in grid.row(row) if t)


def _meaning(grid: Grid, heading: str, raw: Raw) -> Raw:
    phrase = grid.definitions.phrase(heading, raw) if as_text(raw) else None
    if phrase is None:
        return raw
    state = state_of(phrase)
    return phrase if state is None else _SAID[state]


def _label(grid: Grid, heading: str) -> str:
    """The heading, or the first part of its label that is understood where it is not: "Onset latency, ms"."""
    label = grid.definitions.label(heading)
    if not label or read_heading(heading) is not None:
        return heading
    parts = (label, *(label.partition(sign)[0].strip() for sign in (";", ":", "(", ",")))
    return next((part for part in parts if read_heading(part) is not None), heading)
