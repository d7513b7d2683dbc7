"""`ncs-analyzer check`: what was read and what was not."""

import json

import click

from ncs_analyzer.cli import options, work


@click.command()
@options.reading
@options.formats("text", "json", "csv")
@options.output
def check(
    inputs: tuple[str, ...],
    form: str,
    output: str | None,
    force: bool,
    quiet: bool,
    no_progress: bool,
) -> int:
    """Read only: the layout found, what each column became, rows read, used and reported, and every issue."""
    from ncs_analyzer.cli.output import check_free, text_output

    check_free(output, force)
    readings = work.read_inputs(inputs, quiet, no_progress)
    with text_output(output) as stream:
        if form == "json":
            from ncs_analyzer.report.record import reading_record

            json.dump(reading_record(readings), stream, indent=2, ensure_ascii=False, allow_nan=False)
            stream.write("\n")
        elif form == "csv":
            from ncs_analyzer.report.as_csv import write_issues

            write_issues(readings, stream)
        else:
            from ncs_analyzer.report.check import write_check

            write_check(readings, stream, options.colour(stream), quiet)
    return work.status(readings)
