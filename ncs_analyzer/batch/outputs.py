"""The result folder: tables grow under a hidden folder and appear under their names only when they are whole.

After each partition a journal notes how far every table has come; an interrupted run is cut back to the journal and
goes on from there.
"""

import json
import pickle
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ncs_analyzer.batch.parquet import write_parquet
from ncs_analyzer.batch.partition import STREAMED, Outcome

WORK: Final = ".ncs-analyzer-unfinished"
"""The hidden folder of an unfinished run."""

TABLES: Final = ("readings", "nerves", "verdicts", "conduction_block", "changes", "studies", "items", "issues", "files")


class OutputError(Exception):
    """The result cannot be written, or is there already; the text says what to do."""


class Journal:
    """How far an unfinished run has come. `fingerprint`: what the run is made of; `done`: partitions written;
    `sizes`: bytes of each growing table then; `rows`: their rows."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.path = folder / "journal.json"
        self.fingerprint, self.done = fingerprint, 0
        self.sizes: dict[str, int] = {}
        self.rows: dict[str, int] = dict.fromkeys(STREAMED, 0)

    def load(self) -> bool:
        """Take up the journal of an earlier run; False where there is none or it was of something else."""
        try:
            found = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return False
        if found.get("fingerprint") != self.fingerprint:
            return False
        self.done, self.sizes, self.rows = found["done"], found["sizes"], found["rows"]
        return True

    def save(self) -> None:
        draft = self.path.with_suffix(".new")
        record = {"fingerprint": self.fingerprint, "done": self.done, "sizes": self.sizes, "rows": self.rows}
        draft.write_text(json.dumps(record), "utf-8")
        draft.replace(self.path)


class Outputs:
    """The result folder of one run."""

    def __init__(self, folder: Path, parquet: bool) -> None:
        self.folder, self.work, self.parquet = folder, folder / WORK, parquet

    def names(self) -> list[str]:
        """The files of a finished run."""
        kinds = ("csv", "parquet", "meta.json") if self.parquet else ("csv", "meta.json")
        return [f"{table}.{kind}" for table in TABLES for kind in kinds]

    def check(self, force: bool, resume: bool) -> None:
        """Refuse, before any work, what could not be written afterwards."""
        if force or resume:
            return
        if self.work.exists():
            raise OutputError(f"{self.folder} holds an unfinished run; --resume goes on with it, --force starts anew.")
        there = [name for name in self.names() if (self.folder / name).exists()]
        if there:
            raise OutputError(f"{self.folder / there[0]} exists; --force overwrites the tables.")

    def begin(self, fingerprint: str, resume: bool) -> Journal:
        """A journal to go on from: that of the unfinished run if it is wanted and of the same input, else a new one."""
        journal = Journal(self.work, fingerprint)
        if resume and journal.load() and self._holds(journal):
            for name, size in journal.sizes.items():
                with (self.work / name).open("r+b") as stream:
                    stream.truncate(size)
            return journal
        journal = Journal(self.work, fingerprint)
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        journal.save()
        return journal

    def _holds(self, journal: Journal) -> bool:
        """Whether there is something to go on from, and all of it: a run killed in its first partition has nothing, one
        killed while tables got their names lacks some."""
        parts = [f"{number:06}.rest" for number in range(journal.done)]
        if self.parquet:
            parts += [f"{table}.{number:06}.arrow" for table in STREAMED for number in range(journal.done)]
        whole = all((self.work / name).is_file() for name in parts)
        return (
            journal.done > 0
            and whole
            and all(
                (self.work / name).is_file() and (self.work / name).stat().st_size >= size
                for name, size in journal.sizes.items()
            )
        )

    def refuse_other(self, stamp: Mapping[str, Any]) -> None:
        """Refuse to go on where there is no unfinished run but the tables of something else."""
        finished = self.folder / "verdicts.meta.json"
        if self.work.exists() or not finished.is_file():
            return
        try:
            found = json.loads(finished.read_text("utf-8"))
        except (OSError, ValueError):
            found = {}
        if any(found.get(key) != stamp[key] for key in stamp):
            raise OutputError(f"{self.folder} holds the tables of another run; --force overwrites them.")

    def add(self, journal: Journal, outcome: Outcome) -> None:
        """Append one partition to the growing tables, and note it."""
        number = journal.done
        for table, body in outcome.csv.items():
            name = f"{table}.csv"
            with (self.work / name).open("ab") as stream:
                if number == 0:
                    stream.write(outcome.headings[table].encode())
                stream.write(body)
                journal.sizes[name] = stream.tell()
            journal.rows[table] += outcome.rows[table]
        for table, part in outcome.arrow.items():
            self._part(table, number).write_bytes(part)
        rest = (outcome.studies, outcome.items, outcome.issues, outcome.found)
        (self.work / f"{number:06}.rest").write_bytes(pickle.dumps(rest))
        journal.done += 1
        journal.save()

    def rest(self, parts: int) -> Iterator[tuple[Any, ...]]:
        """Studies, items, issues and what was found, of every partition."""
        for number in range(parts):
            yield pickle.loads((self.work / f"{number:06}.rest").read_bytes())  # noqa: S301 - our own, see `add`

    def finish(self, parts: int, stamps: Mapping[str, dict[str, Any]]) -> None:
        """Put Parquet parts together, stamp every table, and give all files their names."""
        for table in TABLES:
            if self.parquet and table in STREAMED:
                write_parquet((self._part(table, number) for number in range(parts)), self.work / f"{table}.parquet")
            text = json.dumps(stamps[table], indent=2, ensure_ascii=False) + "\n"
            (self.work / f"{table}.meta.json").write_text(text, "utf-8")
        for name in self.names():
            (self.work / name).replace(self.folder / name)
        if not self.parquet:
            for table in TABLES:  # of an earlier run
                (self.folder / f"{table}.parquet").unlink(missing_ok=True)
        shutil.rmtree(self.work)

    def _part(self, table: str, number: int) -> Path:
        return self.work / f"{table}.{number:06}.arrow"
