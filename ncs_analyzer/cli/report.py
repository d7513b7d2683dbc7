"""`ncs-analyzer report`: a summary per patient."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ncs_analyzer.cli import options, output, work

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis
    from ncs_analyzer.report.labels import Language
    from ncs_analyzer.settings import Laboratory


@click.command()
@options.reading
@options.judging
@options.formats("text", "html", "json", "csv", "xlsx", "fhir")
@options.output
@click.option("--settings", "settings_file", metavar="FILE", help="A laboratory's settings (TOML); options outrank it.")
@click.option("--patient", "patients", metavar="ID", multiple=True, help="Report this patient only; repeatable.")
@click.option("--brief", is_flag=True, help="One line per study (text).")
@click.option("--only-abnormal", is_flag=True, help="List only the values beyond their limits (text).")
def report(
    inputs: tuple[str, ...],
    form: str,
    output: str | None,
    force: bool,
    settings_file: str | None,
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
    from ncs_analyzer.cli.output import check_free

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads for matrices, of which a report has none
    check_free(output, force)
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError("A workbook needs -o FILE.xlsx.")
    laboratory = _laboratory(settings_file) if settings_file else None
    if laboratory:
        judging |= {
            option: value
            for option, value in (
                ("references", laboratory.reference),
                ("criteria_ids", laboratory.criteria),
                ("compression_sites", laboratory.compression_sites),
                ("nerve_counting", laboratory.nerve_counting),
            )
            if click.get_current_context().get_parameter_source(option) is not click.core.ParameterSource.COMMANDLINE
        }
    readings = work.read_inputs(inputs, quiet, no_progress)
    work.say_issues(readings.issues, quiet)
    chosen = _only(readings, patients)
    analysis = work.analyse(chosen, judging.pop("references"), **judging)
    if form != "json" and form != "csv" and not len(analysis):
        click.echo("Nothing could be analysed.", err=True)
        return work.NOTHING
    language: Language = laboratory.language if laboratory else "en"
    if form == "text":
        _print(analysis, output, language, brief, only_abnormal)
    else:
        _write(analysis, form, output, laboratory.laboratory if laboratory else "", language)
    return work.status(readings)


def _laboratory(path: str) -> "Laboratory":
    from pathlib import Path

    from ncs_analyzer.settings import SettingsError, load_settings

    try:
        return load_settings(Path(path))
    except SettingsError as error:
        raise output.Refused(str(error)) from error


def _print(analysis: "Analysis", path: str | None, language: "Language", brief: bool, only_abnormal: bool) -> None:
    from ncs_analyzer.report.labels import labels
    from ncs_analyzer.report.terminal import write_text

    with output.text_output(path) as stream:
        write_text(analysis, stream, options.colour(stream), brief, only_abnormal, labels(language))


def _write(analysis: "Analysis", form: str, path: str | None, name: str, language: "Language") -> None:
    """Every format but text. `name`: of the laboratory, for the head of a page."""
    if form == "xlsx":
        from ncs_analyzer.report.workbook import write_workbook

        with output.binary_output(path) as raw:
            write_workbook(analysis, raw)
        return
    with output.text_output(path) as stream:
        if form == "json":
            from ncs_analyzer.report.as_json import write_json

            write_json(analysis, stream)
        elif form == "csv":
            from ncs_analyzer.report.as_csv import write_readings

            write_readings(analysis, stream)
        elif form == "html":
            from ncs_analyzer.report.html.page import write_html
            from ncs_analyzer.report.labels import labels

            write_html(analysis, stream, name, labels(language))
        else:
            from ncs_analyzer.report.fhir import write_fhir

            write_fhir(analysis, stream)


def _only(readings: Any, patients: tuple[str, ...]) -> Any:
    if not patients:
        return readings
    own = readings.studies["patient_id"].astype(str)
    missing = [name for name in patients if not (own == name).any()]
    if missing:
        raise output.Refused(f"No patient {', '.join(missing)} in the input.")
    return readings.only(own.isin(patients).to_numpy())
