"""A whole cohort: every table, the data set for other programs, figures, page, workbook and methods, in one folder."""

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pandas as pd

from ncs_analyzer.batch.outputs import OutputError
from ncs_analyzer.cohort import accuracy, agreement, describe, serial
from ncs_analyzer.cohort.export import r_script, spss, stata
from ncs_analyzer.cohort.figures import figures
from ncs_analyzer.cohort.methods import methods
from ncs_analyzer.cohort.page import page, workbook
from ncs_analyzer.cohort.private import deidentified, extended, read_key
from ncs_analyzer.cohort.results import Results, with_groups
from ncs_analyzer.cohort.table import CohortTable
from ncs_analyzer.cohort.wide import DataSet, dictionary, long_table, redcap_dictionary, wide_table
from ncs_analyzer.report.as_csv import write_table

TITLE: Final = "Nerve conduction cohort"


@dataclass(frozen=True)
class Wishes:
    """What the user asks for. `by`, `label`: columns of the studies; `positive`: labels that count as the disease;
    `key`: file of the codes, given where ids are to be replaced; `min_cell`: the least count that is shown."""

    by: str | None = None
    label: str | None = None
    positive: tuple[str, ...] = ()
    key: Path | None = None
    min_cell: int = 1


def cohort_tables(results: Results, wishes: Wishes) -> list[CohortTable]:
    """Every table of counts, small cells hidden where that is asked for."""
    group = with_groups(results, wishes.by)
    tables = [
        describe.flow(results),
        describe.characteristics(results, group),
        describe.abnormality(results, group),
        describe.verdict_frequency(results, group),
        agreement.agreement(results),
        agreement.cross_tables(results),
    ]
    if wishes.label:
        tables += [
            accuracy.label_flow(results, wishes.label),
            accuracy.accuracy(results, wishes.label, wishes.positive),
            accuracy.stard(results, wishes.label),
        ]
    tables += [serial.changes(results), serial.trajectories(results), serial.reversible(results)]
    tables += [describe.missing_data(results), describe.not_evaluable(results)]
    return [table.suppressed(wishes.min_cell) for table in tables]


def write_cohort(results: Results, folder: Path, wishes: Wishes, force: bool) -> list[str]:
    """Write everything; returns the names of the files. Raises OutputError, and leaves no half file, where the folder
    cannot be written."""
    key: dict[str, str] = {}
    if wishes.key is not None:
        key = extended(read_key(wishes.key), results.studies["patient_id"].tolist())
        results = deidentified(results, key, [c for c in (wishes.by, wishes.label) if c])
    tables = cohort_tables(results, wishes)
    text = methods(results, wishes.by, wishes.label, wishes.key is not None, wishes.min_cell)
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
        stamp = {**results.stamp, "cohort": _asked(wishes)}
        (draft / "cohort.meta.json").write_text(json.dumps(stamp, indent=2, ensure_ascii=False) + "\n", "utf-8")
        if wishes.key is not None:
            _write_key(wishes.key, key)
        return sorted(path.name for path in draft.iterdir())


def _asked(wishes: Wishes) -> dict[str, Any]:
    asked = {"by": wishes.by, "label": wishes.label, "positive": list(wishes.positive)}
    return asked | {"deidentified": wishes.key is not None, "min_cell": wishes.min_cell}


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
    writer.writerows((patient, code) for code, patient in by_code)
    draft = path.with_name(f".{path.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(stream.getvalue())
    draft.replace(path)


@contextmanager
def _whole_folder(folder: Path, force: bool) -> Iterator[Path]:
    """A hidden folder whose files are moved to their names when all are written."""
    check_folder(folder, force)
    draft = Path(mkdtemp(prefix=".unfinished.", dir=folder))
    try:
        yield draft
        for path in sorted(draft.iterdir()):
            path.replace(folder / path.name)
    finally:
        for path in draft.iterdir():
            path.unlink()
        draft.rmdir()


def check_folder(folder: Path, force: bool) -> None:
    """Refuse, before any work, a folder that cannot be written or holds a cohort already."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be written: {error.strerror or error}.") from error
    if (folder / "cohort.meta.json").exists() and not force:
        raise OutputError(f"{folder} holds a cohort already; --force overwrites it.")


def missing_columns(results: Results, names: Sequence[str | None]) -> list[str]:
    """Columns asked for that the studies do not have."""
    return [name for name in names if name and name not in results.studies]
