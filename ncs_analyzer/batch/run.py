"""A whole batch: draft all files, cut by patient, analyse partition by partition, write the tables."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ncs_analyzer import __version__
from ncs_analyzer.batch.alone import alone_in
from ncs_analyzer.batch.engines import ByFile, in_order, local
from ncs_analyzer.batch.outputs import TABLES, Journal, OutputError, Outputs
from ncs_analyzer.batch.parquet import arrow_bytes, write_parquet
from ncs_analyzer.batch.partition import (
    DraftedFile,
    Outcome,
    Task,
    analyse_partition,
    draft_file,
    draft_files,
)
from ncs_analyzer.batch.plan import ROWS_AT_ONCE, Plan, plan
from ncs_analyzer.criteria.registry import choose_sets
from ncs_analyzer.ingest.assemble import sorted_issues
from ncs_analyzer.ingest.found import Found
from ncs_analyzer.ingest.profile import Profile
from ncs_analyzer.ingest.split import Drafts, merged, merged_found
from ncs_analyzer.issues import CODES, Issue
from ncs_analyzer.pipeline import Settings
from ncs_analyzer.reference.tables import Reference
from ncs_analyzer.report.as_csv import issues_table, write_table

Progress = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and of how many."""


def _silent(_what: str, _at: int, _of: int) -> None:
    """Progress that nobody is told."""


_FILES_AT_ONCE: Final = 8
_LARGE_FILE: Final = 8_000_000
"""Bytes of a file that this process reads itself: what it holds is too much to hand over."""


@dataclass(frozen=True)
class Choices:
    """What a batch is run with."""

    reference: Reference
    settings: Settings
    parquet: bool = False
    resume: bool = False
    force: bool = False
    rows_at_once: int = ROWS_AT_ONCE
    profile: Profile | None = None


@dataclass(frozen=True)
class Summary:
    """What a batch came to: every issue, rows read, used and reported, studies, and partitions taken over from an
    interrupted run."""

    issues: tuple[Issue, ...]
    rows: dict[str, int]
    studies: int
    taken_over: int


def run(
    files: Sequence[str],
    folder: Path,
    choices: Choices,
    workers: int = 1,
    engine: AbstractContextManager[Executor] | None = None,
    progress: Progress = _silent,
) -> Summary:
    """Analyse all files and write the tables into a folder. `engine`: where the work is done; default: `workers`
    processes of this machine. Raises OutputError, before any work if possible, where the folder cannot be used."""
    with alone_in(folder):
        return _run(files, Outputs(folder, choices.parquet), choices, workers, engine, progress)


def _run(
    files: Sequence[str],
    outputs: Outputs,
    choices: Choices,
    workers: int,
    engine: AbstractContextManager[Executor] | None,
    progress: Progress,
) -> Summary:
    outputs.check(choices.force, choices.resume)
    with local(workers) if engine is None else engine as executor:
        drafted = []
        for file in _drafted(files, executor, workers, choices.profile):
            drafted.append(file)
            progress("Reading", len(drafted), len(files))
        if choices.resume and not choices.force:
            outputs.refuse_other(_made_from(drafted, choices))
        cut = plan([table for file in drafted for table in file.drafts.tables], choices.rows_at_once)
        journal = outputs.begin(_fingerprint(drafted, choices), choices.resume)
        taken_over = journal.done
        tasks = _tasks(cut, choices, journal.done)
        ahead = workers + 1
        if engine is None and workers > 1:
            by_file = ByFile(analyse_partition, outputs.work)
            outcomes: Iterator[Outcome] = map(by_file.take, in_order(executor, by_file, tasks, ahead))
        else:
            outcomes = in_order(executor, analyse_partition, tasks, ahead)
        try:
            for outcome in outcomes:
                outputs.add(journal, outcome)
                progress("Analysing", journal.done, len(cut))
        except BrokenProcessPool as error:
            raise OutputError(
                "A worker process was ended by the system, perhaps for want of memory. What is done is kept: --resume "
                "goes on; try it with --workers 1."
            ) from error
    return _finish(outputs, journal, drafted, choices, taken_over)


def _tasks(cut: Plan, choices: Choices, done: int) -> Iterator[Task]:
    for number in range(done, len(cut)):
        yield Task(cut.parts(number), choices.reference, choices.settings, choices.parquet, choices.profile)


# ---------------------------------------------------------------- files


def _drafted(files: Sequence[str], executor: Executor, workers: int, profile: Profile | None) -> Iterator[DraftedFile]:
    """Every input file in order. Small files are read by the workers, some at a time; a file that brings a worker down
    is reported, and the rest is read."""
    seen: set[str] = set()
    here = {name for name in files if workers <= 1 or _again_or_large(name, seen)}
    seen.clear()
    groups: list[list[str]] = []
    for name in files:
        if name in here:
            groups.append([name])
        elif groups and len(groups[-1]) < _FILES_AT_ONCE and groups[-1][0] not in here:
            groups[-1].append(name)
        else:
            groups.append([name])
    waiting = [None if g[0] in here else executor.submit(draft_files, g, profile) for g in groups]
    for group, future in zip(groups, waiting, strict=True):
        if future is None:
            yield draft_file(group[0], seen, profile)
            continue
        try:
            yield from future.result()
        except BrokenProcessPool:
            yield from (_alone(name, profile) for name in group)
        seen.update(map(os.path.realpath, group))


def _again_or_large(name: str, seen: set[str]) -> bool:
    """Whether a file is given twice, is no plain file, or is large."""
    path = os.path.realpath(name)
    again, plain = path in seen, Path(name).is_file()
    seen.add(path)
    return again or not plain or Path(name).stat().st_size > _LARGE_FILE


def _alone(name: str, profile: Profile | None) -> DraftedFile:
    """One file in a process of its own."""
    with local(2) as pool:
        try:
            found: list[DraftedFile] = pool.submit(draft_files, [name], profile).result()
            return found[0]
        except BrokenProcessPool:
            issue = Issue(CODES["file-unreadable"], "Reading the file brought the program down; it was left out.", name)
            return DraftedFile(name, Drafts([], [issue], [Found(name, None, None, 0.0)]))


def _fingerprint(drafted: Iterable[DraftedFile], choices: Choices) -> str:
    """What must be the same for an interrupted run to go on: program, input, reference, settings, formats."""
    parts = {
        "program": __version__,
        "input": [[file.name, file.sha256 or _once_only(file)] for file in drafted],
        "reference": [[source.id, source.hash] for source in choices.reference.sources],
        "settings": asdict(choices.settings),
        "profile": choices.profile.stamp if choices.profile else None,
        "parquet": choices.parquet,
        "rows_at_once": choices.rows_at_once,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _once_only(file: DraftedFile) -> str | None:
    """What was read from a stream cannot be read again, and is never the same input."""
    return secrets.token_hex() if file.drafts.tables else None


# ---------------------------------------------------------------- the end


def _finish(
    outputs: Outputs, journal: Journal, drafted: list[DraftedFile], choices: Choices, taken_over: int
) -> Summary:
    studies, items, issues, found = [], [], [], []
    for own_studies, own_items, own_issues, own_found in outputs.rest(journal.done):
        studies.append(own_studies)
        items.append(own_items)
        issues.extend(own_issues)
        found.extend(own_found)
    for file in drafted:
        issues.extend(file.drafts.issues)
        found.extend(file.drafts.unread)
    said, sheets = sorted_issues(merged(issues)), merged_found(found)
    small = {
        "studies": _below_each_other(studies),
        "items": _summed(items),
        "issues": issues_table(said),
        "files": _files_table(drafted, sheets, said),
    }
    for name, table in small.items():
        with (outputs.work / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            write_table(table, stream)
        if choices.parquet:
            write_parquet([arrow_bytes(table)], outputs.work / f"{name}.parquet")
    rows = {key: sum(getattr(sheet, key) for sheet in sheets) for key in ("read", "used", "reported")}
    stamp = _stamp(drafted, choices, rows)
    lengths = journal.rows | {name: len(table) for name, table in small.items()}
    outputs.finish(journal.done, {name: {"table": name, "rows": lengths[name], **stamp} for name in TABLES})
    return Summary(tuple(said), rows, len(small["studies"]), taken_over)


def _below_each_other(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Tables of partitions put together; a covariate that one does not have is missing there."""
    columns = dict.fromkeys(name for part in parts for name in part.columns)
    return pd.concat([_plain(part) for part in parts], ignore_index=True)[list(columns)]


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in table.columns if isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.astype(dict.fromkeys(texts, object))


def _summed(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Counts by item, added up; the rows are the same in every part."""
    total = parts[0].copy()
    numbers = total.columns[4:]
    for part in parts[1:]:
        total[numbers] += part[numbers]
    return total


def _files_table(drafted: list[DraftedFile], sheets: list[Found], issues: list[Issue]) -> pd.DataFrame:
    """One row per file and sheet: what it is, how it was read, and how many issues it has."""
    file_of = {("<stdin>" if file.name == "-" else file.name): file for file in drafted}
    order = {name: i for i, name in enumerate(file_of)}
    counts: dict[tuple[str, str | None, str], int] = {}
    for issue in issues:
        key = (issue.file, issue.sheet, issue.severity)
        counts[key] = counts.get(key, 0) + 1
    records = []
    for sheet in sorted(sheets, key=lambda s: (order[s.file], s.sheet or "")):
        file = file_of[sheet.file]
        records.append(
            {
                "file": sheet.file,
                "sheet": sheet.sheet,
                "sha256": file.sha256,
                "bytes": file.size,
                "modified": file.modified,
                "layout": sheet.layout,
                "fit": round(sheet.fit, 3),
                "rows_read": sheet.read,
                "rows_used": sheet.used,
                "rows_reported": sheet.reported,
                "errors": counts.get((sheet.file, sheet.sheet, "error"), 0),
                "warnings": counts.get((sheet.file, sheet.sheet, "warning"), 0),
            }
        )
    table = pd.DataFrame(records, dtype=object)
    numbers = dict.fromkeys(("bytes", "rows_read", "rows_used", "rows_reported", "errors", "warnings"), "Int64")
    return table.astype(numbers | {"fit": float}) if records else table


def _stamp(drafted: list[DraftedFile], choices: Choices, rows: dict[str, int]) -> dict[str, Any]:
    made_from = _made_from(drafted, choices)
    files = made_from.pop("input")
    return {**made_from, "rows_of_input": rows, "input": files}


def _made_from(drafted: list[DraftedFile], choices: Choices) -> dict[str, Any]:
    """Program, settings, limits and files: what the same bytes come from."""
    settings = choices.settings
    return {
        "program": f"ncs-analyzer {__version__}",
        "settings": {
            "criteria": [s.id for s in choose_sets(settings.criteria)],
            "compression_sites": settings.compression_sites or "as each set asks",
            "nerve_counting": settings.nerve_counting,
        },
        "reference": [{"id": s.id, "title": s.title, "hash": s.hash} for s in choices.reference.sources],
        **({"profile": choices.profile.stamp} if choices.profile else {}),
        "input": [{"file": f.name, "sha256": f.sha256, "bytes": f.size} for f in drafted],
    }
