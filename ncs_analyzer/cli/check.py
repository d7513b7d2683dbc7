"""`ncs-analyzer check`: what was read and what was not."""

import json
from typing import TYPE_CHECKING, TextIO

import click

from ncs_analyzer.cli import options, work

if TYPE_CHECKING:
    from ncs_analyzer.readings import Readings


@click.command()
@options.reading
@options.formats("text", "json", "csv")
@options.output
@click.option(
    "--suggest-profile",
    is_flag=True,
    help="Write a profile (TOML) of what was understood, doubtful lines marked, instead of the check.",
)
def check(
    inputs: tuple[str, ...],
    form: str,
    suggest_profile: bool,
    output: str | None,
    force: bool,
    quiet: bool,
    no_progress: bool,
) -> int:
    """Read only: the layout found, what became of every column, row and cell, and every issue."""
    from ncs_analyzer.cli.output import check_free, text_output

    check_free(output, force)
    readings = work.read_inputs(inputs, quiet, no_progress)
    with text_output(output) as stream:
        if suggest_profile:
            from ncs_analyzer.report.profile import suggested_profile

            stream.write(suggested_profile(readings))
        else:
            _write(readings, form, stream, quiet)
    return work.status(readings)


def _write(readings: "Readings", form: str, stream: TextIO, quiet: bool) -> None:
    if form == "json":
        from ncs_analyzer.report.record import reading_record

        json.dump(reading_record(readings), stream, indent=2, ensure_ascii=False, allow_nan=False)
        stream.write("\n")
    elif form == "csv":
        from ncs_analyzer.report.check import write_check_table

        write_check_table(readings, stream)
    else:
        from ncs_analyzer.report.check import write_check

        write_check(readings, stream, options.colour(stream), quiet)
