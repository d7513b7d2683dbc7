"""`ncs-analyzer batch`: many files and folders into tables."""

import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from ncs_analyzer.cli import options, work
from ncs_analyzer.cli.output import Refused


@click.command()
@options.reading
@options.judging
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for the result tables; made if need be.")
@click.option(
    "--format",
    "forms",
    type=click.Choice(["csv", "parquet"]),
    multiple=True,
    help="csv, or parquet beside it; repeatable. Without it: csv, and parquet where the extra 'parquet' is installed.",
)
@click.option("--force", is_flag=True, help="Overwrite tables that are there.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted run of the same input and options.")
@click.option("--workers", metavar="N", type=click.IntRange(1), help="Processes; default: one per processor.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where the work is done: processes of this machine, or a Dask cluster (extra 'dask').",
)
@click.option("--scheduler", metavar="ADDRESS", help="With --engine dask: the cluster; default: a local one.")
def batch(
    inputs: tuple[str, ...],
    output: str,
    forms: tuple[str, ...],
    force: bool,
    resume: bool,
    workers: int | None,
    engine: str,
    scheduler: str | None,
    quiet: bool,
    no_progress: bool,
    **judging: Any,
) -> int:
    """Analyse many files and folders and write the result as tables into a folder.

    Tables: readings, nerves, verdicts, conduction_block, changes, studies, items, issues, files; each with a
    .meta.json that says what it was made from. A table appears only when it is whole. One bad file never stops the rest.
    """
    from ncs_analyzer.batch import engines
    from ncs_analyzer.batch.outputs import OutputError
    from ncs_analyzer.batch.run import Choices, run

    start = time.monotonic()
    if scheduler and engine != "dask":
        raise Refused("--scheduler needs --engine dask.")
    if engine == "dask" and find_spec("distributed") is None:
        raise Refused('--engine dask needs the extra: pip install "ncs-analyzer[dask]".')
    folder = Path(output)
    files = work.files_of(inputs, leave_out=folder)
    choices = Choices(
        work.reference_tables(judging["references"]),
        work.settings(judging["criteria_ids"], judging["compression_sites"], judging["nerve_counting"]),
        parquet=_wants_parquet(forms),
        resume=resume,
        force=force,
        profile=work.chosen_profile(),
    )
    number = workers or work.workers_for(files)
    where = engines.dask(scheduler, number) if engine == "dask" else None
    try:
        with work.progress_bar(quiet, no_progress) as progress:
            summary = run(files, folder, choices, number, where, progress)
    except OutputError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        why = f"{folder} cannot be written: {error.strerror or error}."
        raise Refused(f"{why} What is done is kept there; --resume goes on.") from error
    work.say_issues(summary.issues, quiet)
    if not quiet:
        rows = summary.rows
        click.echo(
            f"{summary.studies} studies; {rows['read']} rows read, {rows['used']} used, {rows['reported']} reported; "
            f"tables in {output}",
            err=True,
        )
        click.echo(f"{time.monotonic() - start:.1f} s", err=True)  # never in a table: the same input, the same bytes
    if not summary.studies:
        click.echo("Nothing could be analysed.", err=True)
        return work.NOTHING
    return work.SOME_UNUSED if any(issue.severity == "error" for issue in summary.issues) else work.OK


def _wants_parquet(forms: tuple[str, ...]) -> bool:
    there = find_spec("pyarrow") is not None
    if "parquet" in forms and not there:
        raise Refused('--format parquet needs the extra: pip install "ncs-analyzer[parquet]".')
    return "parquet" in forms or (there and not forms)
