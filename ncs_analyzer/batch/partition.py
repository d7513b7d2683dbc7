"""One partition of whole patients: read to the end, analysed, turned into the text of its tables.

Runs in a worker process or on another machine: everything it needs comes with it, and nothing is written here.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from ncs_analyzer.batch.parquet import arrow_bytes
from ncs_analyzer.batch.tables import result_tables
from ncs_analyzer.ingest import draft, finish
from ncs_analyzer.ingest.files import STANDARD_INPUT
from ncs_analyzer.ingest.found import Found
from ncs_analyzer.ingest.profile import Profile
from ncs_analyzer.ingest.split import Drafts, Part
from ncs_analyzer.issues import Issue
from ncs_analyzer.pipeline import Settings, analyze
from ncs_analyzer.reference.tables import Reference
from ncs_analyzer.report.csv_lines import csv_header, csv_lines

STREAMED: Final = ("readings", "nerves", "verdicts", "conduction_block", "changes")
"""Tables whose partitions are written one after the other; the rest is put together at the end."""


@dataclass(frozen=True)
class Task:
    """What one partition is analysed with."""

    parts: tuple[Part, ...]
    reference: Reference
    settings: Settings
    parquet: bool
    profile: Profile | None = None


@dataclass(frozen=True)
class Outcome:
    """What one partition gives. `csv`, `arrow`: the streamed tables as bytes (CSV without headings; Arrow where Parquet is
    wanted); `headings`: their first line; `rows`: their length; the rest is small."""

    csv: dict[str, bytes]
    headings: dict[str, str]
    arrow: dict[str, bytes]
    rows: dict[str, int]
    studies: pd.DataFrame
    items: pd.DataFrame
    issues: tuple[Issue, ...]
    found: tuple[Found, ...]


def analyse_partition(task: Task) -> Outcome:
    """The tables of one partition."""
    readings = finish([part.read() for part in task.parts], task.profile)
    tables = result_tables(analyze(readings, task.reference, task.settings))
    streamed = {name: tables[name] for name in STREAMED}
    return Outcome(
        csv={name: "".join(csv_lines(table)).encode() for name, table in streamed.items()},
        headings={name: csv_header(table) for name, table in streamed.items()},
        arrow={name: arrow_bytes(table) for name, table in streamed.items()} if task.parquet else {},
        rows={name: len(table) for name, table in streamed.items()},
        studies=tables["studies"],
        items=tables["items"],
        issues=readings.issues,
        found=readings.found,
    )


@dataclass(frozen=True)
class DraftedFile:
    """One input file as far as it is read without the others. `sha256` None where it cannot be read again; `modified`:
    when the file was changed last (UTC), as the file system says."""

    name: str
    drafts: Drafts
    sha256: str | None = None
    size: int | None = None
    modified: str | None = None


def draft_files(names: Sequence[str], profile: Profile | None) -> list[DraftedFile]:
    """Some input files, none of them given twice."""
    return [draft_file(name, set(), profile) for name in names]


def draft_file(name: str, seen: set[str], profile: Profile | None) -> DraftedFile:
    """One input file; `seen`: those read before."""
    return DraftedFile(name, draft(name, seen, profile), *_digest(name))


def _digest(name: str) -> tuple[str | None, int | None, str | None]:
    path = Path(name)
    if name == STANDARD_INPUT or not path.is_file():
        return None, None, None
    try:
        with path.open("rb") as stream:
            digest, status = hashlib.file_digest(stream, "sha256").hexdigest(), os.fstat(stream.fileno())
    except OSError:
        return None, None, None
    when = datetime.fromtimestamp(int(status.st_mtime), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return digest, status.st_size, when
