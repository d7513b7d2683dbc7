"""Research sheets with several rows of headings (family F): LEFT / RIGHT over nerves over measures, often merged.

The rows are joined to one heading per column; what a joined heading means is for the wide layout to say.
"""

import re
from dataclasses import replace
from typing import Final

import numpy as np

from ncs_analyzer.ingest.cells import State, read_cell
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import MEASURING_ROLES, read_heading
from ncs_analyzer.ingest.layouts import wide
from ncs_analyzer.ingest.places import read_place
from ncs_analyzer.vocabulary.match import lexicon, split_words
from ncs_analyzer.vocabulary.units import unit as known_unit

NAME: Final = "stacked"

_MOST_ROWS: Final = 5
_OF_UNIT: Final = {"uV": "amplitude", "mV": "amplitude", "m/s": "velocity", "ms": "latency", "mm": "distance"}
"""What a column holds whose last heading is only a unit."""

_ENDS: Final = re.compile(
    r"\b([dp])[ .\-]?(?=(?:CMAP|MAP|amp)\b)|\b(dist(?:al)?|prox(?:imal)?)[ .\-]+(?=(?:CMAP|amp))", re.IGNORECASE
)
"""Distal and proximal before an amplitude: the first and second position."""


def fit(grid: Grid) -> float:
    """How well the joined headings read as measures of nerves, if side or nerve stand above the measures."""
    joined = join(grid)
    if joined is None:
        return 0.0
    found = wide.fit(joined)
    return min(1.0, found + 0.02) if found else 0.0


def read(grid: Grid, fitted: float) -> Sheet:
    """One study per row, as in the wide layout."""
    joined = join(grid)
    assert joined is not None
    return replace(wide.read(joined, fitted), layout=NAME)


def join(grid: Grid) -> Grid | None:
    """The grid with its rows of headings made one; None where there is only one such row."""
    last = _last_heading_row(grid)
    if last is None:
        return None
    first = last
    while first > 0 and last - first < _MOST_ROWS - 1 and _is_heading_row(grid, first - 1):
        first -= 1
    if first == last:
        return None
    levels = _levels(grid, first, last)
    texts = [heading(parts) for parts in zip(*levels, strict=True)]
    above = " ".join(t for level in levels[:-1] for t in level if t)
    place = read_place(above[:400])
    if not (place.nerve or place.rest or place.side) or not _names_nerves(levels[:-1]):
        return None
    columns = []
    for c, text in enumerate(texts):
        column = np.empty(grid.height - last, dtype=object)
        column[0] = text or None
        column[1:] = np.asarray(grid.columns[c], dtype=object)[last + 1 :]
        columns.append(column)
    return Grid(grid.file, grid.sheet, tuple(columns), grid.lines[last:], grid.comma)


def _names_nerves(levels: list[list[str]]) -> bool:
    """Whether nerves stand above the last row."""
    named = {read_place(t).nerve for level in levels for t in level if t and len(t) < 60}
    return bool(named - {None})


def _last_heading_row(grid: Grid) -> int | None:
    """The row above the first row of numbers or of limits."""
    for row in range(1, min(grid.height, 15)):
        texts = [t for t in grid.row(row) if t]
        numbers = sum(read_cell(t, grid.comma).state is State.VALUE for t in texts)
        limits = (h := read_heading(texts[0]) if texts else None) is not None and h.role == "norm"
        if numbers >= 3 or (limits and len(texts) >= 3):
            return row - 1 if _is_heading_row(grid, row - 1) else None
    return None


def _is_heading_row(grid: Grid, row: int) -> bool:
    """Several different texts without a number among them."""
    texts = [t for t in grid.row(row) if t]
    return len(set(texts)) >= 2 and not any(read_cell(t, grid.comma).state is State.VALUE for t in texts)


def _levels(grid: Grid, first: int, last: int) -> list[list[str]]:
    """The headings of each row by column; above the last row a heading holds until the next one of its row or of a row
    above it."""
    levels: list[list[str]] = []
    ends: set[int] = set()
    for row in range(first, last + 1):
        own = grid.row(row)
        if row == last or _is_units(own):
            levels.append(list(own))
            continue
        spread, current = [], ""
        for c, text in enumerate(own):
            current = text or ("" if c in ends else current)
            spread.append(current)
        ends |= {c for c, text in enumerate(own) if text and (c == 0 or own[c - 1] != text)}
        levels.append(spread)
    empty = [not any(grid.text(row, c) for row in range(first, last + 1)) for c in range(grid.width)]
    levels = [["" if empty[c] else text for c, text in enumerate(level)] for level in levels]
    return levels


def _is_units(texts: list[str]) -> bool:
    given = [t for t in texts if t]
    return len(given) >= 2 and all(known_unit(t) is not None for t in given)


def heading(parts: tuple[str, ...]) -> str:
    """One heading of what stands above one another: repeated words once, a unit in brackets, no names of limbs."""
    words = [p for p in dict.fromkeys(parts) if p and lexicon("limb")(p) is None]
    units = [p for p in words if known_unit(p) is not None]
    words = [_numbered(p) for p in words if p not in units]
    if units and not any(_is_measure(p) for p in words):
        measure = _OF_UNIT.get((known_unit(units[0]) or ("", 0))[0])
        words += [measure] if measure and words else []
    return " ".join(words) + (f" ({units[0]})" if units else "")


def _is_measure(text: str) -> bool:
    heading = read_heading(text)
    if heading is not None and heading.role in MEASURING_ROLES:
        return True
    found = lexicon("heading").find(split_words(text))
    return found is not None and found[0] in MEASURING_ROLES


def _numbered(text: str) -> str:
    found = _ENDS.match(text)
    if found is None:
        return text
    position = 1 if (found[1] or found[2])[0].casefold() == "d" else 2
    return f"{text[found.end() :]}{position}"
