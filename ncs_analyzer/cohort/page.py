"""Everything on one HTML page, and in one workbook. No scripts, nothing from elsewhere, the same bytes every time."""

import io
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

import jinja2
import pandas as pd
import xlsxwriter

from ncs_analyzer.cohort.table import CohortTable
from ncs_analyzer.wording import number, plain, safe

NO_CLOCK: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the bytes of a workbook must not depend on the time
MOST_ROWS: Final = 2000
"""Rows of one table that the page shows; the rest stands in its CSV."""


def page(title: str, tables: Sequence[CohortTable], pictures: Sequence[tuple[str, bytes]], methods: str) -> str:
    """The page. `pictures`: name and SVG."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(cell=shown, plain=plain)
    template = environment.from_string(files("ncs_analyzer.cohort").joinpath("page.html.j2").read_text("utf-8"))
    drawn = [(name, svg.decode()[svg.decode().index("<svg") :]) for name, svg in pictures]
    paragraphs = [block for block in methods.split("\n\n") if block.strip()]
    rows = {t.name: list(t.frame.head(MOST_ROWS).itertuples(index=False, name=None)) for t in tables}
    return template.render(title=title, tables=tables, rows=rows, pictures=drawn, methods=paragraphs, most=MOST_ROWS)


def shown(value: Any) -> str:
    """One cell as text."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    return number(value) if isinstance(value, float) else safe(str(value))


def workbook(tables: Sequence[CohortTable], methods: str) -> bytes:
    """One sheet per table, and one for the methods. Text is never a formula."""
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": "Nerve conduction cohort", "created": NO_CLOCK})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            sheet.freeze_panes(1, 0)
            for c, name in enumerate(table.frame.columns):
                sheet.write_string(0, c, str(name), bold)
                sheet.set_column(c, c, min(max(len(str(name)) + 2, 10), 40))
            for r, row in enumerate(table.frame.itertuples(index=False, name=None), start=1):
                for c, value in enumerate(row):
                    _write(sheet, r, c, value)
        sheet = book.add_worksheet("methods")
        sheet.set_column(0, 0, 120)
        for r, line in enumerate([line for line in methods.split("\n") if line]):
            sheet.write_string(r, 0, line, wrapped)
    return stream.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, safe(value))
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif value is not None and value is not pd.NA and value == value:
        sheet.write_number(row, column, float(value))
