"""A table as lines of text: columns as wide as their cells, decimal points under each other, the rest wrapped."""

import textwrap
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, chop_cells
from rich.text import Text

from ncs_analyzer.report.tables import Align, Cell, Row, Table
from ncs_analyzer.report.values import Tone
from ncs_analyzer.wording import safe

STYLES: Final[dict[Tone, str]] = {
    "abnormal": "bold red",
    "unsure": "yellow",
    "muted": "dim",
    "heading": "bold",
    "": "",
}

NARROWEST: Final = 10
REMARK: Final = 24
"""No column of words is wrapped below the first; the last column gives way alone until it is as narrow as the second."""


def table_lines(table: Table, width: int) -> Iterator[Text]:
    """The headings and rows of a table in at most `width` columns, as long as its numbers leave room for its words."""
    rows = list(_aligned(table))
    headings = [heading.split("\n") for heading, _ in table.headings]
    deepest = max(len(parts) for parts in headings)
    stacked = [[*[""] * (deepest - len(parts)), *parts] for parts in headings]
    head = [tuple(Cell(parts[line], "muted") for parts in stacked) for line in range(deepest)]
    widths = _widths([*head, *rows], [align for _, align in table.headings], width)
    for row in head:
        yield from _row(row, widths, table)
    for row in rows:
        yield from _spanning(row[0], width) if len(row) == 1 else _row(row, widths, table)


def _aligned(table: Table) -> Iterator[Row]:
    """The rows with blanks behind the numbers of decimal columns, so that right-aligned points stand in one line."""
    columns = [i for i, (_, align) in enumerate(table.headings) if align == "decimal"]
    behind = {i: max((_decimals(row[i].text) for row in table.rows if len(row) > 1), default=0) for i in columns}
    for row in table.rows:
        if len(row) == 1:
            yield row
            continue
        yield tuple(
            Cell(cell.text + " " * (behind[i] - _decimals(cell.text)), cell.tone)
            if i in behind and _is_number(cell.text)
            else cell
            for i, cell in enumerate(row)
        )


def _is_number(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _decimals(text: str) -> int:
    """How many characters stand behind the place of the units."""
    digits = text.rstrip("*")
    return len(text) - len(digits.split(".")[0])


def _widths(rows: list[Row], aligns: list[Align], width: int) -> list[int]:
    """The width of each column; columns of words give way, the last of them first, where there is no room."""
    widths = [max((cell_len(safe(row[i].text)) for row in rows if len(row) > 1), default=0) for i in range(len(aligns))]
    while sum(widths) + len(widths) - 1 > width:
        words = [i for i, align in enumerate(aligns) if align == "left" and widths[i] > NARROWEST]
        if not words:
            break
        last = words[-1]
        widths[last if widths[last] > REMARK else max(words, key=widths.__getitem__)] -= 1
    return widths


def _row(row: Row, widths: list[int], table: Table) -> Iterator[Text]:
    """The lines of one row."""
    wrapped = [_wrapped(safe(cell.text), width) for cell, width in zip(row, widths, strict=True)]
    for line in range(max(len(parts) for parts in wrapped)):
        out = Text(no_wrap=True, overflow="ignore")
        for cell, parts, width, (_, align) in zip(row, wrapped, widths, table.headings, strict=True):
            part = parts[line] if line < len(parts) else ""
            blanks = " " * max(0, width - cell_len(part))
            out.append(" " if out.plain else "")
            out.append(part + blanks if align == "left" else blanks + part, STYLES[cell.tone])
        out.rstrip()
        yield out


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines; those after the first are indented a little more than it."""
    if cell_len(text) <= width:
        return [text]
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    if cell_len(text) != len(text):  # wide characters have no blanks to wrap at
        return chop_cells(text, width)
    return textwrap.wrap(text, width, subsequent_indent=indent, drop_whitespace=True) or [""]


def _spanning(cell: Cell, width: int) -> Iterator[Text]:
    for part in _wrapped(safe(cell.text), width):
        yield Text(part, STYLES[cell.tone], no_wrap=True, overflow="ignore")
