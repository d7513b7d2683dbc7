"""Parts printed one below the other: on a terminal with colour and its full width, plain in a pipe."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from ncs_analyzer.report.layout import table_lines
from ncs_analyzer.report.tables import Table
from ncs_analyzer.wording import safe

PIPE_WIDTH: Final = 80
"""Columns of the report where there is no terminal, unless COLUMNS says otherwise."""
_BLANKS: Final = re.compile(r"[ ]+(?=(?:\x1b\[[\d;]*m)*$)")
"""Blanks at the end of a line, before what ends its colour."""


def console(stream: TextIO, colour: bool) -> Console:
    """A console that prints text as it is: no markup, no emoji, no guessing at numbers."""
    asked = os.environ.get("COLUMNS", "")
    width = int(asked) if asked.isdecimal() and int(asked) else None if stream.isatty() else PIPE_WIDTH
    return Console(
        file=stream,
        width=width,
        color_system="auto" if colour else None,
        no_color=not colour,
        force_terminal=colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )


def print_parts(out: Console, parts: Iterable[RenderableType]) -> None:
    """Print without blanks at the ends of lines."""
    out.file.write(printed(out, parts))


def printed(out: Console, parts: Iterable[RenderableType]) -> str:
    """What `print_parts` prints."""
    return "".join(f"{_BLANKS.sub('', line)}\n" for part in parts for line in _lines(out, part))


def _lines(out: Console, part: RenderableType) -> list[str]:
    """A part in lines. Plain words that fit into one line are spared the layout."""
    text = part.plain if isinstance(part, Text) else part
    plain = isinstance(text, str) and text.isascii() and text.isprintable() and len(text) <= out.width
    if plain and out.color_system is None:
        return [str(text)]
    with out.capture() as captured:
        out.print(part)
    return captured.get().split("\n")[:-1]


def listed(lines: Iterable[Text]) -> Iterator[RenderableType]:
    """Lines with a dash and a hanging indent."""
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3, justify="right")
    grid.add_column()
    for line in lines:
        grid.add_row("-", line)
    yield grid


@dataclass(frozen=True)
class _Printed:
    """A table that takes the width it is given."""

    table: Table

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        yield from table_lines(self.table, options.max_width)


def printed_table(table: Table) -> Iterator[RenderableType]:
    """A table under its title."""
    yield Text(table.title, "bold")
    yield _Printed(table)
    if table.note:
        yield Text(safe(table.note), "dim")
