"""What was read and what was not, for a person: per file and sheet the layout, the columns, the rows, the issues."""

from collections.abc import Iterator
from typing import Final, TextIO

import pandas as pd
from rich.console import RenderableType
from rich.text import Text

from ncs_analyzer.ingest.found import Column, Found
from ncs_analyzer.ingest.ledger import CellCount
from ncs_analyzer.issues import Issue
from ncs_analyzer.readings import Readings
from ncs_analyzer.report.as_csv import issues_table, write_table
from ncs_analyzer.report.layout import STYLES
from ncs_analyzer.report.printing import console, listed, print_parts, printed, printed_table
from ncs_analyzer.report.tables import Cell, Table
from ncs_analyzer.report.values import Tone
from ncs_analyzer.wording import safe

TONES: Final[dict[str, Tone]] = {"error": "abnormal", "warning": "unsure", "info": "muted"}


def write_check(readings: Readings, stream: TextIO, colour: bool, quiet: bool) -> None:
    """Every file and sheet in turn, then the sum."""
    out = console(stream, colour)
    named: dict[tuple[str, str | None], list[Issue]] = {(f.file, f.sheet): [] for f in readings.found}
    others: list[Issue] = []
    for issue in readings.issues:
        named.get((issue.file, issue.sheet), others).append(issue)
    columns: dict[tuple[Column, ...], str] = {}
    for found in readings.found:
        if found.columns not in columns:
            columns[found.columns] = printed(out, _columns(found.columns))
        issues = [i for i in named[found.file, found.sheet] if not quiet or i.severity == "error"]
        print_parts(out, _file(found))
        stream.write(columns[found.columns])
        print_parts(out, (*_issues(issues), ""))
    print_parts(out, _issues(others))
    rows = readings.rows
    stream.write(
        f"{rows['read']} rows read, {rows['used']} used, {rows['reported']} reported; {len(readings.studies)} studies, "
        f"{len(readings.responses)} responses.\nCells: {cells_in_words(readings.counted_cells)}.\n"
    )


def write_check_table(readings: Readings, stream: TextIO) -> None:
    """As CSV: the issues, and for each file or sheet a line `account` that says what became of its cells."""
    accounts = [
        {"severity": "account", "code": "cells", "message": cells_in_words(f.cells), "file": f.file, "sheet": f.sheet}
        for f in readings.found
    ]
    table = issues_table(readings.issues)
    write_table(pd.concat([table, pd.DataFrame(accounts, columns=table.columns).astype(table.dtypes)]), stream)


def _file(found: Found) -> Iterator[RenderableType]:
    yield Text(safe(found.file + (f", sheet {found.sheet}" if found.sheet else "")), "bold")
    if found.layout is None:
        yield "layout: not recognised"
    else:
        yield f"layout: {found.layout} (fit {found.fit:.2f})"
        yield f"rows: {found.read} read, {found.used} used, {found.reported} reported"
        yield f"cells: {cells_in_words(found.cells)}"
    yield from (Text(safe(note)) for note in found.notes)


def _columns(columns: tuple[Column, ...]) -> Iterator[RenderableType]:
    if columns:
        tones: dict[str, Tone] = {"not understood": "unsure", "ignored": "muted"}
        rows = tuple(
            (Cell(c.letter, "muted"), Cell(c.heading), Cell(_became(c), tones.get(c.use, ""))) for c in columns
        )
        yield from printed_table(Table("Columns", (("", "left"), ("heading", "left"), ("became", "left")), rows))


def cells_in_words(cells: CellCount) -> str:
    """How many cells were read, used, left out and why, and reported."""
    reasons = ", ".join(f"{count} {reason}" for reason, count in cells.ignored.items())
    left_out = f"{sum(cells.ignored.values())} left out" + (f" ({reasons})" if reasons else "")
    return f"{cells.read} read, {cells.used} used, {left_out}, {cells.reported} reported"


def _became(column: Column) -> str:
    became = column.became or column.use
    return f"limit of {became}" if column.use == "limit" and "limit" not in became else became


def _issues(issues: list[Issue]) -> Iterator[RenderableType]:
    if issues:
        yield Text("Issues", "bold")
        yield from listed(
            Text.assemble(
                (issue.severity, STYLES[TONES[issue.severity]]),
                safe(f" {issue.code}: {_where(issue)}{issue.message} {issue.code.remedy}"),
            )
            for issue in issues
        )


def _where(issue: Issue) -> str:
    parts = [f"row {issue.row}" if issue.row is not None else "", f"column {issue.column}" if issue.column else ""]
    where = ", ".join(filter(None, parts))
    return f"{where}: " if where else ""
