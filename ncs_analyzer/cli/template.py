"""`ncs-analyzer template`: an empty table to fill in."""

import sys
from pathlib import Path

import click

from ncs_analyzer.cli import options
from ncs_analyzer.cli.output import Refused, check_free, text_output, whole_file


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx"]),
    help="CSV, or a workbook with drop-downs; without it as the ending of PATH says, otherwise CSV.",
)
@options.output
def template(form: str | None, output: str | None, force: bool) -> int:
    """An empty tidy table to fill in: one row per recorded response."""
    check_free(output, force)
    if form is None:
        form = "xlsx" if output and Path(output).suffix.casefold() == ".xlsx" else "csv"
    if form == "csv":
        from ncs_analyzer.report.template import write_csv_template

        with text_output(output) as stream:
            write_csv_template(stream)
        return 0
    from ncs_analyzer.report.template import xlsx_template

    if output is not None:
        with whole_file(Path(output)) as path:
            path.write_bytes(xlsx_template())
        return 0
    if sys.stdout.isatty():
        raise Refused("A workbook is not for the terminal; name a file with -o.")
    sys.stdout.buffer.write(xlsx_template())
    return 0
