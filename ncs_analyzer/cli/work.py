"""What the commands do alike: read with a progress bar, say the issues, analyse, and choose the exit status."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ncs_analyzer.cli.options import PROFILE, colour, wants_progress
from ncs_analyzer.cli.output import Refused

if TYPE_CHECKING:
    from ncs_analyzer.ingest.profile import Profile
    from ncs_analyzer.issues import Issue
    from ncs_analyzer.pipeline import Analysis, Settings
    from ncs_analyzer.readings import Readings

MOST_ISSUES = 200
"""Issues that are printed one by one; the rest are counted (`check` lists all)."""

OK, SOME_UNUSED, NOTHING = 0, 1, 2


def files_of(inputs: Sequence[str], leave_out: Path | None = None) -> list[str]:
    """The files behind the inputs; those in the folder `leave_out` are our own, and so are results found in a folder."""
    from ncs_analyzer.ingest.files import input_files

    own = os.path.realpath(leave_out) + os.sep if leave_out else None
    given = list(input_files(inputs))
    found = [name for name in given if own is None or not os.path.realpath(name).startswith(own)]
    if given and not found:
        raise Refused(f"Everything given lies in {leave_out}, the folder for the result; name another one with -o.")
    results = {name for name in found if name not in inputs and _is_result(Path(name))}
    files = [name for name in found if name not in results]
    if results:
        folders = {name if name.endswith(_KEY) else str(Path(name).parent) for name in results}
        click.echo(f"Left out, results of ncs-analyzer: {', '.join(sorted(folders))}", err=True)
    if not files:
        raise Refused(f"No spreadsheet was found in {', '.join(inputs)}.")
    return files


_KEY: Final = ".key.csv"


def _is_result(path: Path) -> bool:
    """Whether `batch` or `cohort` wrote this table or key."""
    stamp, folder = path.with_suffix(".meta.json"), path.parent
    if path.name.endswith(_KEY):
        return (folder / path.name.removesuffix(_KEY) / "cohort.meta.json").is_file()
    return (folder / "cohort.meta.json").is_file() or (stamp.is_file() and (folder / "verdicts.meta.json").is_file())


def workers_for(files: Sequence[str]) -> int:
    """How many processes pay: starting them takes longer than reading a few small files."""
    from ncs_analyzer.batch.engines import processors

    size = sum(os.path.getsize(name) for name in files if os.path.isfile(name))  # noqa: PTH113, PTH202 - may be "-"
    return processors() if size > _WORTH_PROCESSES or len(files) > _MANY_FILES else 1


_WORTH_PROCESSES, _MANY_FILES = 8_000_000, 500


@contextmanager
def progress_bar(quiet: bool, no_progress: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error, told what is done and how far it is; silent where none is wanted."""
    if not wants_progress(quiet, no_progress):
        yield lambda *_: None
        return
    from rich.progress import Progress

    with Progress(console=_stderr(), transient=True) as bar:
        task = bar.add_task("")
        yield lambda what, at, of: bar.update(task, description=what, completed=at, total=of)


def read_inputs(inputs: Sequence[str], quiet: bool, no_progress: bool) -> "Readings":
    """The readings of all inputs."""
    from ncs_analyzer.ingest import read

    files = files_of(inputs)
    profile = chosen_profile()
    if len(files) > 1 and wants_progress(quiet, no_progress):
        return read(_with_bar(files), profile)
    return read(files, profile)


def chosen_profile() -> "Profile | None":
    """The profile the user named; refuses one that cannot be relied on."""
    path = click.get_current_context().meta.get(PROFILE)
    if path is None:
        return None
    from ncs_analyzer.ingest.profile import ProfileError, load_profile

    try:
        return load_profile(path)
    except (ProfileError, OSError) as error:
        raise Refused(str(error)) from error


def _with_bar(files: Sequence[str]) -> Iterator[str]:
    from rich.progress import track

    yield from track(files, description="Reading", console=_stderr(), transient=True)


def _stderr() -> Any:
    from rich.console import Console

    return Console(file=sys.stderr)


def analyse(
    readings: "Readings",
    references: Iterable[str],
    criteria_ids: tuple[str, ...],
    compression_sites: Any,
    nerve_counting: Any,
) -> "Analysis":
    """Analyse with the options of the command line."""
    from ncs_analyzer.pipeline import analyze

    chosen = settings(criteria_ids, compression_sites, nerve_counting)
    return analyze(readings, reference_tables(references), chosen)


def settings(criteria_ids: tuple[str, ...], compression_sites: Any, nerve_counting: Any) -> "Settings":
    """The settings that the options ask for; refuses an unknown set."""
    from ncs_analyzer.criteria.registry import criteria_sets
    from ncs_analyzer.pipeline import Settings

    unknown = [name for name in criteria_ids if name not in criteria_sets()]
    if unknown:
        raise Refused(f"There is no criteria set {', '.join(unknown)}. Known: {', '.join(criteria_sets())}.")
    return Settings(tuple(dict.fromkeys(criteria_ids)), compression_sites, nerve_counting)


def reference_tables(names: Iterable[str]) -> Any:
    """The reference tables of these names; refuses what cannot be relied on."""
    from ncs_analyzer.reference.tables import TableError, load_reference

    try:
        return load_reference(names)
    except (TableError, OSError) as error:
        raise Refused(str(error)) from error


def say_issues(issues: Sequence["Issue"], quiet: bool) -> None:
    """Errors and warnings on standard error, one line each; notes are counted."""
    from ncs_analyzer.wording import safe

    wanted = ("error",) if quiet else ("error", "warning")
    said = [issue for issue in issues if issue.severity in wanted]
    tones = {"error": "red", "warning": "yellow"}
    paint = colour(sys.stderr)
    for issue in said[:MOST_ISSUES]:
        word = click.style(issue.severity, fg=tones[issue.severity]) if paint else issue.severity
        click.echo(f"{word} {issue.code}: {safe(issue.where)}: {safe(issue.message)} {issue.code.remedy}", err=True)
    for code, n in Counter(str(issue.code) for issue in said[MOST_ISSUES:]).items():
        click.echo(f"... and {n} more of {code} (ncs-analyzer check lists all)", err=True)
    notes = sum(issue.severity == "info" for issue in issues)
    if notes and not quiet:
        click.echo(f"{notes} note{'s' if notes > 1 else ''} (ncs-analyzer check lists them)", err=True)


def status(readings: "Readings") -> int:
    """The exit status: 0 all used, 1 some input could not be used, 2 nothing could be analysed."""
    if not len(readings.studies) or not len(readings.responses):
        return NOTHING
    return SOME_UNUSED if any(issue.severity == "error" for issue in readings.issues) else OK
