"""What a cohort is made of: the tables of a batch, read back."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

_TEXT: Final = ("patient_id", "study_id", "study_date", "before", "sheet", "group")
NEEDED: Final = ("studies", "verdicts", "readings", "changes", "items", "files")


@dataclass(frozen=True)
class Results:
    """The tables of a batch by name, as in docs/batch.md, and the stamp of how they were made."""

    studies: pd.DataFrame
    verdicts: pd.DataFrame
    readings: pd.DataFrame
    changes: pd.DataFrame
    items: pd.DataFrame
    files: pd.DataFrame
    stamp: dict[str, Any]


def is_batch(folder: Path) -> bool:
    """Whether a folder holds the finished output of a batch."""
    return all((folder / f"{name}.csv").is_file() and (folder / f"{name}.meta.json").is_file() for name in NEEDED)


def load(folder: Path) -> Results:
    """The result of a batch. The readings come without distances and without their cells."""
    tables = {name: _read(folder / f"{name}.csv") for name in NEEDED}
    readings = tables["readings"]
    tables["readings"] = readings[readings["measure"] != "distance"].reset_index(drop=True)
    if tables["studies"]["study_id"].duplicated().any():
        tables = {name: _with_patient(table) for name, table in tables.items()}
    stamp = json.loads((folder / "verdicts.meta.json").read_text("utf-8"))
    return Results(**tables, stamp={k: v for k, v in stamp.items() if k not in ("table", "rows")})


def _with_patient(table: pd.DataFrame) -> pd.DataFrame:
    """The ids of the studies with the patient's before them: two patients have studies of one id."""
    ids = [name for name in ("study_id", "before") if name in table]
    return table.assign(**{name: table["patient_id"] + "_" + table[name] for name in ids})


def _read(path: Path) -> pd.DataFrame:
    head = pd.read_csv(path, nrows=0).columns
    unwanted = {"file", "sheet", "row", "column"} if path.stem == "readings" else set()
    return pd.read_csv(
        path,
        usecols=[name for name in head if name not in unwanted],
        dtype={name: str for name in head if name in _TEXT},
        keep_default_na=False,
        na_values=[""],
        low_memory=False,
    )


def with_groups(results: Results, by: str | None) -> pd.Series:
    """The group of every study by its id: the values of a column of the studies, `not known` where it is blank; without
    a column, one group. Raises KeyError for a column that is not there."""
    studies = results.studies
    values = pd.Series("all", index=studies.index) if by is None else studies[by].map(_word, na_action="ignore")
    values.index = pd.Index(studies["study_id"])
    return values.fillna("not known").astype(str)


def _word(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
