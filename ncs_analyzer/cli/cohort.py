"""`ncs-analyzer cohort`: tables over all studies."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from ncs_analyzer.cli import options, work
from ncs_analyzer.cli.output import Refused

if TYPE_CHECKING:
    from ncs_analyzer.cohort.results import Results


@click.command()
@options.reading
@options.judging
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for the result; made if need be.")
@click.option("--by", metavar="COLUMN", help="A column of the input: tables by its values too.")
@click.option("--label", metavar="COLUMN", help="A column of the input with the diagnosis: accuracy of every set.")
@click.option(
    "--positive",
    metavar="VALUE",
    multiple=True,
    help="With --label: what counts as the disease, for every set; repeatable. Default: yes, or the set's own disease.",
)
@click.option("--first-only", is_flag=True, help="Count each patient's first study, but for changes between studies.")
@click.option("--deidentify", is_flag=True, help="Codes for ids, days for dates, 90 for ages from 90 on.")
@click.option(
    "--key",
    metavar="PATH",
    help="With --deidentify: the file of the codes, kept apart; one that exists is used again. Default: DIR.key.csv.",
)
@click.option(
    "--min-cell",
    metavar="N",
    type=click.IntRange(1),
    default=1,
    help="Hide counts below N, and others that would tell them.",
)
@click.option("--force", is_flag=True, help="Overwrite a cohort that is there.")
@click.option("--workers", metavar="N", type=click.IntRange(1), help="Processes; default: one per processor.")
def cohort(
    inputs: tuple[str, ...],
    output: str,
    by: str | None,
    label: str | None,
    positive: tuple[str, ...],
    first_only: bool,
    deidentify: bool,
    key: str | None,
    min_cell: int,
    force: bool,
    workers: int | None,
    quiet: bool,
    no_progress: bool,
    **judging: Any,
) -> int:
    """Tables over all studies, for a paper: who, what was abnormal, every verdict, agreement, accuracy, change, missing
    data; the data set for R, Stata, SPSS and REDCap; figures; one page and one workbook with it all.

    INPUT: files and folders, or the folder that ncs-analyzer batch wrote.
    """
    from ncs_analyzer.batch.outputs import OutputError
    from ncs_analyzer.cohort.results import is_batch, load
    from ncs_analyzer.cohort.run import Wishes, check_folder, missing_columns, write_cohort

    if key and not deidentify:
        raise Refused("--key needs --deidentify.")
    if positive and not label:
        raise Refused("--positive needs --label.")
    folder = Path(output)
    kept_apart = Path(key or f"{folder}.key.csv") if deidentify else None
    if kept_apart is not None and folder.resolve() in kept_apart.resolve().parents:
        raise Refused("The key must not lie in the folder of the result; name another file with --key.")
    try:
        check_folder(folder, force)
        if len(inputs) == 1 and is_batch(Path(inputs[0])):
            results, status = load(Path(inputs[0])), work.OK
        else:
            results, status = _analysed(inputs, folder, workers, quiet, no_progress, judging)
        unknown = missing_columns(results, (by, label))
        if unknown:
            known = ", ".join(map(str, results.studies.columns))
            raise Refused(f"The studies have no column {', '.join(unknown)}. Columns: {known}.")
        if not len(results.studies):
            click.echo("Nothing could be analysed.", err=True)
            return work.NOTHING
        names = write_cohort(results, folder, Wishes(by, label, positive, kept_apart, min_cell, first_only), force)
    except OutputError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{error.filename or folder} cannot be written: {error.strerror or error}.") from error
    if not quiet:
        click.echo(f"{len(results.studies)} studies; {len(names)} files in {output}", err=True)
        if kept_apart is not None:
            click.echo(f"The key of the codes is {kept_apart}; keep it apart.", err=True)
    return status


def _analysed(
    inputs: tuple[str, ...], folder: Path, workers: int | None, quiet: bool, no_progress: bool, judging: dict[str, Any]
) -> "tuple[Results, int]":
    """The results of the files, and the exit status they call for."""
    from ncs_analyzer.batch.run import Choices, run
    from ncs_analyzer.cohort.results import load

    files = work.files_of(inputs, leave_out=folder)
    choices = Choices(
        work.reference_tables(judging["references"]),
        work.settings(judging["criteria_ids"], judging["compression_sites"], judging["nerve_counting"]),
        profile=work.chosen_profile(),
    )
    with TemporaryDirectory() as room, work.progress_bar(quiet, no_progress) as progress:
        summary = run(files, Path(room) / "batch", choices, workers or work.workers_for(files), None, progress)
        results = load(Path(room) / "batch")
    work.say_issues(summary.issues, quiet)
    return results, work.SOME_UNUSED if any(i.severity == "error" for i in summary.issues) else work.OK
