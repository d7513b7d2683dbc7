"""Rows that stand in one cell whole: parted by another sign than the rows around them, or quoted from end to end."""

from dataclasses import replace
from typing import Final

import numpy as np

from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.places import place_named
from ncs_analyzer.vocabulary.match import lexicon

_SIGNS: Final = (";", "\t", "|", ",", "，")
_FEWEST: Final = 4
"""Cells from which on a text is a row and no remark."""
_COLUMNS: Final = 3
"""The first columns of a sheet, where rows begin."""
_SHORTEST: Final = 12
_NAMES: Final = ("nerves", "side", "study")


def without_packed_rows(grid: Grid) -> Grid:
    """The grid without rows that stand in one cell, which are refused: what they measured belongs to nobody otherwise."""
    packed: list[int] = []
    for c in range(min(grid.width, _COLUMNS) if grid.width > 1 else 0):
        codes, texts = grid.coded_texts(c, 0)
        rows = np.flatnonzero(np.isin(codes, [i for i, text in enumerate(texts) if is_row(text)]))
        packed += [int(r) for r in rows if {t for t in grid.row(int(r)) if t} == {grid.text(int(r), c)}]
    if not packed:
        return grid
    refused = {**grid.refused, **{grid.line(r): "row-in-one-cell" for r in packed}}
    kept = np.setdiff1d(np.arange(grid.height), packed)
    return replace(grid.take(kept), refused=refused, lost=grid.lost + len(packed))


def is_row(text: str) -> bool:
    """Whether a text falls into the cells of a row of measurements: numbers, and names of what was measured."""
    if len(text) < _SHORTEST or "\n" in text:
        return False
    sign = max(_SIGNS, key=text.count)
    if text.count(sign) + 1 < _FEWEST:
        return False
    parts = [part for p in text.split(sign) if (part := p.strip(' "'))]
    numbers = sum(read_cell(part).state is State.VALUE for part in parts)
    return numbers > 1 and (2 * numbers > len(parts) or any(map(_is_name, parts)))


def _is_name(text: str) -> bool:
    return place_named(text) is not None or any(lexicon(table)(text) for table in _NAMES)
