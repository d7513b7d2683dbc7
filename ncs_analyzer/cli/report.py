"""`ncs-analyzer report`: a summary per patient."""

from typing import Any

import click

from ncs_analyzer.cli import options, output, work


@click.command()
@options.reading
@options.judging
@options.formats("text", "json", "csv")
@options.output
@click.option("--patient", "patients", metavar="ID", multiple=True, help="Report this patient only; repeatable.")
@click.option("--brief", is_flag=True, help="One line per study (text).")
@click.option("--only-abnormal", is_flag=True, help="List only the values beyond their limits (text).")
def report(
    inputs: tuple[str, ...],
    form: str,
    output: str | None,
    force: bool,
    patients: tuple[str, ...],
    brief: bool,
    only_abnormal: bool,
    quiet: bool,
    no_progress: bool,
    **judging: Any,
) -> int:
    """Analyse the studies in files and folders and print a summary per patient.

    INPUT is a CSV or Excel file in any layout the program knows, a folder of them, or - for standard input.
    """
    from ncs_analyzer.cli.output import check_free, text_output

    check_free(output, force)
    readings = work.read_inputs(inputs, quiet, no_progress)
    work.say_issues(readings.issues, quiet)
    chosen = _only(readings, patients)
    analysis = work.analyse(chosen, judging.pop("references"), **judging)
    if form == "text" and not len(analysis):
        click.echo("Nothing could be analysed.", err=True)
        return work.NOTHING
    with text_output(output) as stream:
        if form == "json":
            from ncs_analyzer.report.as_json import write_json

            write_json(analysis, stream)
        elif form == "csv":
            from ncs_analyzer.report.as_csv import write_readings

            write_readings(analysis, stream)
        else:
            from ncs_analyzer.report.terminal import write_text

            write_text(analysis, stream, options.colour(stream), brief, only_abnormal)
    return work.status(readings)


def _only(readings: Any, patients: tuple[str, ...]) -> Any:
    if not patients:
        return readings
    own = readings.studies["patient_id"].astype(str)
    missing = [name for name in patients if not (own == name).any()]
    if missing:
        raise output.Refused(f"No patient {', '.join(missing)} in the input.")
    return readings.only(own.isin(patients).to_numpy())
