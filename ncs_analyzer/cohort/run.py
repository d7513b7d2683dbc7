"""A whole cohort: every table, the data set for other programs, figures, page, workbook and methods, in one folder."""

import csv
import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ncs_analyzer.batch.alone import alone_in, check_writable
from ncs_analyzer.batch.outputs import OutputError
from ncs_analyzer.cohort import accuracy, agreement, describe, serial
from ncs_analyzer.cohort.export import r_script, spss, stata
from ncs_analyzer.cohort.figures import figures
from ncs_analyzer.cohort.methods import methods
from ncs_analyzer.cohort.page import page, workbook
from ncs_analyzer.cohort.private import deidentified, extended, read_key
from ncs_analyzer.cohort.results import Results, first_studies, with_groups
from ncs_analyzer.cohort.small_cells import large_groups, without_small_cells
from ncs_analyzer.cohort.table import CohortTable
from ncs_analyzer.cohort.wide import DataSet, dictionary, long_table, redcap_dictionary, wide_table
from ncs_analyzer.report.as_csv import write_table
from ncs_analyzer.wording import inert

TITLE: Final = "Nerve conduction cohort"


@dataclass(frozen=True)
class Wishes:
    """What the user asks for. `by`, `label`: columns of the studies; `positive`: labels that count as the disease;
    `key`: file of the codes, given where ids are to be replaced; `min_cell`: the least count that is shown;
    `first_only`: each patient's first study alone is counted, but for what compares studies."""

    by: str | None = None
    label: str | None = None
    positive: tuple[str, ...] = ()
    key: Path | None = None
    min_cell: int = 1
    first_only: bool = False


def cohort_tables(results: Results, wishes: Wishes) -> list[CohortTable]:
    """Every table of counts, small cells hidden where that is asked for."""
    counted = first_studies(results) if wishes.first_only else results
    group = with_groups(counted, wishes.by)
    if wishes.min_cell > 1:
        group = large_groups(group, counted.studies["patient_id"], wishes.min_cell)
    tables = [
        describe.flow(counted),
        describe.characteristics(counted, group),
        describe.abnormality(counted, group),
        describe.verdict_frequency(counted, group),
        agreement.agreement(counted),
        agreement.cross_tables(counted),
    ]
    if wishes.label:
        tables += [
            accuracy.label_flow(counted, wishes.label),
            accuracy.accuracy(counted, wishes.label, wishes.positive),
            accuracy.stard(wishes.label),
        ]
    tables += [serial.changes(results), serial.trajectories(results), serial.reversible(results)]
    tables += [describe.missing_data(counted), describe.not_evaluable(results)]
    if wishes.min_cell > 1:
        return without_small_cells(tables, counted, group, wishes.label, wishes.positive, wishes.min_cell)
    return tables


def write_cohort(results: Results, folder: Path, wishes: Wishes, force: bool) -> list[str]:
    """Write everything; returns the names of the files. Raises OutputError, and leaves no half file, where the folder
    cannot be written or there are too few patients for what is asked."""
    patients = results.studies["patient_id"].nunique()
    if patients < wishes.min_cell:
        raise OutputError(f"There are {patients} patients in all, fewer than --min-cell {wishes.min_cell}.")
    key: dict[str, str] = {}
    if wishes.key is not None:
        key = extended(read_key(wishes.key), results.studies["patient_id"].tolist())
        results = deidentified(results, key, [c for c in (wishes.by, wishes.label) if c])
    tables = cohort_tables(results, wishes)
    text = methods(results, wishes.by, wishes.label, wishes.key is not None, wishes.min_cell, wishes.first_only)
    with _whole_folder(folder, force) as draft:
        for table in tables:
            _csv(draft / f"{table.name}.csv", table.frame)
        if wishes.min_cell <= 1:  # single patients are the smallest cells of all
            _data_set(draft, wide_table(results), long_table(results))
        pictures = list(figures({t.name: t for t in tables})) if find_spec("matplotlib") else []
        for name, svg, pdf in pictures:
            (draft / f"figure_{name}.svg").write_bytes(svg)
            (draft / f"figure_{name}.pdf").write_bytes(pdf)
        (draft / "methods.md").write_text(text, "utf-8")
        (draft / "cohort.html").write_text(page(TITLE, tables, [(n, svg) for n, svg, _ in pictures], text), "utf-8")
        (draft / "cohort.xlsx").write_bytes(workbook(tables, text))
        names = sorted([*(path.name for path in draft.iterdir()), STAMP])
        stamp = {**results.stamp, "cohort": _asked(wishes), "files": names}
        (draft / STAMP).write_text(json.dumps(stamp, indent=2, ensure_ascii=False) + "\n", "utf-8")
        if wishes.key is not None:
            _write_key(wishes.key, key)
    return names


def _asked(wishes: Wishes) -> dict[str, Any]:
    asked = {"by": wishes.by, "label": wishes.label, "positive": list(wishes.positive)}
    counted = "first studies" if wishes.first_only else "all studies"
    return asked | {"deidentified": wishes.key is not None, "min_cell": wishes.min_cell, "counted": counted}


def _data_set(folder: Path, data: DataSet, long: pd.DataFrame) -> None:
    _csv(folder / "readings_long.csv", long)
    _csv(folder / "studies_wide.csv", data.frame)
    _csv(folder / "data_dictionary.csv", dictionary(data))
    _csv(folder / "redcap_dictionary.csv", redcap_dictionary(data))
    (folder / "studies_wide.dta").write_bytes(stata(data))
    if find_spec("pyreadstat"):
        spss(data, str(folder / "studies_wide.sav"))
    (folder / "read_studies.R").write_text(r_script(data), "utf-8")


def _csv(path: Path, table: pd.DataFrame) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_table(table, stream)


def _write_key(path: Path, key: dict[str, str]) -> None:
    """The key, readable by its owner only; whole or not at all."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("patient_id", "code"))
    by_code = sorted((code, patient) for patient, code in key.items())
    writer.writerows((inert(patient), code) for code, patient in by_code)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)  # of a run that was killed; a new file has the owner's permissions from the start
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(stream.getvalue())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


STAMP: Final = "cohort.meta.json"
WORK: Final = ".ncs-analyzer-unfinished-cohort"
"""The hidden folder in which a cohort is written."""


@contextmanager
def _whole_folder(folder: Path, force: bool) -> Iterator[Path]:
    """A hidden folder whose files are moved to their names when all are written, the stamp last; those of an earlier
    cohort go first."""
    with alone_in(folder):
        check_folder(folder, force)
        draft = folder / WORK
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        try:
            yield draft
            for name in _of_before(folder):
                (folder / name).unlink(missing_ok=True)
            for path in sorted(draft.iterdir(), key=lambda path: path.name == STAMP):
                path.replace(folder / path.name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _of_before(folder: Path) -> list[str]:
    """The files of the cohort that is there, its stamp first: from then on it is none."""
    try:
        names = json.loads((folder / STAMP).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return []
    return [STAMP, *(Path(name).name for name in names)]


def check_folder(folder: Path, force: bool) -> None:
    """Refuse, before any work, a folder that cannot be written or holds results already."""
    check_writable(folder)
    if (folder / "verdicts.meta.json").exists():
        raise OutputError(f"{folder} holds the tables of a batch, some of the same name; name another folder.")
    if (folder / STAMP).exists() and not force:
        raise OutputError(f"{folder} holds a cohort already; --force overwrites it.")


def missing_columns(results: Results, names: Sequence[str | None]) -> list[str]:
    """Columns asked for that the studies do not have."""
    return [name for name in names if name and name not in results.studies]
