"""What a cohort is made of: the tables of a batch, read back."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ncs_analyzer.readings import STUDY_NUMBERS, USUAL_RECORDING
from ncs_analyzer.vocabulary.anatomy import USUAL_MOTOR_SITE
from ncs_analyzer.wording import LIVE

_TEXT: Final = ("patient_id", "study_id", "study_date", "before", "sheet", "group")
_STUDY_NUMBERS: Final = (*STUDY_NUMBERS, "motor_nerves", "sensory_nerves", "responses")
_REPEATED: Final = ("study_date", "sex", "unit", "response", "limit_source", "limit_for", "limit_note")
"""Text of the readings that is handed on as it is; as categories it takes little room."""
_NOT_USED: Final = {
    "readings": frozenset(("file", "sheet", "row", "column")),
    "verdicts": frozenset(("items_counted", "items_met", "items_not_evaluable", "details")),
}
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
    """The result of a batch. The readings come without distances and without their cells, and with the usual recording
    and F wave site where the file names none, as they were judged."""
    tables = {name: _read(folder / f"{name}.csv") for name in NEEDED}
    readings = tables["readings"]
    tables["readings"] = _at_usual_places(readings[readings["measure"] != "distance"].reset_index(drop=True))
    if tables["studies"]["study_id"].duplicated().any():
        tables = {name: _with_patient(table) for name, table in tables.items()}
    stamp = json.loads((folder / "verdicts.meta.json").read_text("utf-8"))
    return Results(**tables, stamp={k: v for k, v in stamp.items() if k not in ("table", "rows")})


def _with_patient(table: pd.DataFrame) -> pd.DataFrame:
    """The ids of the studies with the patient's before them: two patients have studies of one id."""
    ids = [name for name in ("study_id", "before") if name in table]
    return table.assign(**{name: table["patient_id"] + "_" + table[name] for name in ids})


def _at_usual_places(readings: pd.DataFrame) -> pd.DataFrame:
    recording, stimulation = readings["recording"].astype(object), readings["stimulation"].astype(object)
    for kinds, usual in USUAL_RECORDING:
        own = recording.isna() & readings["study"].isin(kinds)
        recording[own] = readings["nerve"][own].map(usual)
    own = stimulation.isna() & (readings["study"] == "f_wave")
    stimulation[own] = readings["nerve"][own].map(USUAL_MOTOR_SITE)
    return readings.assign(recording=recording, stimulation=stimulation)


def _read(path: Path) -> pd.DataFrame:
    head = pd.read_csv(path, nrows=0).columns
    unwanted = _NOT_USED.get(path.stem, frozenset())
    repeated = dict.fromkeys(_REPEATED, "category") if path.stem == "readings" else {}
    # covariates are text: 007 and 7 are two centres
    texts = [name for name in head if name in _TEXT or (path.stem == "studies" and name not in _STUDY_NUMBERS)]
    table = pd.read_csv(
        path,
        usecols=[name for name in head if name not in unwanted],
        dtype={name: kind for name, kind in (dict.fromkeys(texts, "str") | repeated).items() if name in head},
        keep_default_na=False,
        na_values=[""],
        low_memory=False,
    )
    return table.assign(
        **{name: _all_as_given(table[name]) for name in texts if name in table and name not in repeated}
    )


def _all_as_given(column: pd.Series) -> pd.Series:
    changed = {text: given for text in column.dropna().unique() if (given := as_given(text)) != text}
    return column.replace(changed) if changed else column


def as_given(text: str) -> str:
    """Text without the apostrophe that made it inert."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(LIVE) else text


def first_studies(results: Results) -> Results:
    """Each patient's first study alone: the first in the table that has none before it, which is the earliest."""
    studies = results.studies[results.studies["before"].isna()].drop_duplicates("patient_id").reset_index(drop=True)
    kept = set(studies["study_id"])

    def own(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["study_id"].isin(kept)].reset_index(drop=True)

    return replace(
        results,
        studies=studies,
        verdicts=own(results.verdicts),
        readings=own(results.readings),
        changes=own(results.changes),
    )


WHOLE: Final = "all"
"""Stands for all studies among the groups."""


def with_groups(results: Results, by: str | None) -> pd.Series:
    """The group of every study by its id: the values of a column of the studies, `not known` where it is blank; without
    a column, one group. Raises KeyError for a column that is not there."""
    studies = results.studies
    values = pd.Series(WHOLE, index=studies.index) if by is None else studies[by].map(_word, na_action="ignore")
    values.index = pd.Index(studies["study_id"])
    return values.fillna("not known").astype(str)


def _word(value: Any) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return f"{value} (group)" if value == WHOLE else str(value)
