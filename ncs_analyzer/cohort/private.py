"""Results without what tells who a patient is: codes for ids, days for dates, ages over 89 together."""

import csv
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from ncs_analyzer.cohort.results import Results, as_given
from ncs_analyzer.readings import STUDY_COLUMNS

OLDEST_TOLD: Final = 90.0
_DERIVED: Final = (
    "before", "motor_nerves", "sensory_nerves", "responses", "pattern", "sensory_motor", "distribution", "severity",
    "reversible_conduction_failure",
)  # fmt: skip


def read_key(path: Path) -> dict[str, str]:
    """The codes of an earlier run; none where there is no key file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {as_given(row["patient_id"]): row["code"] for row in csv.DictReader(stream)}


def extended(key: dict[str, str], patients: Sequence[str]) -> dict[str, str]:
    """The key with a code for every patient. New codes are drawn by chance, so that they tell nothing of the ids."""
    fresh = sorted(set(patients) - set(key))
    taken = set(key.values())
    free = [code for n in range(1, len(key) + len(fresh) + 1) if (code := f"P{n:06}") not in taken]
    chance = random.SystemRandom()
    return key | dict(zip(fresh, chance.sample(free[: len(fresh)], len(fresh)), strict=True))


def deidentified(results: Results, key: dict[str, str], keep: Sequence[str]) -> Results:
    """The results with codes. Dates become days since the patient's first study; ages from 90 on become 90; covariates
    are left out but for those in `keep`, and so are files."""
    studies = results.studies.copy()
    dates = pd.to_datetime(studies["study_date"], errors="coerce")
    first = dates.groupby(studies["patient_id"]).transform("min")
    codes = studies["patient_id"].map(key)
    number = studies.groupby("patient_id").cumcount() + 1
    names = dict(zip(studies["study_id"], codes + "_" + number.astype(str), strict=True))
    order = studies["study_id"].map(names)
    studies["study_day"] = (dates - first).dt.days
    studies["age_years"] = studies["age_years"].clip(upper=OLDEST_TOLD)
    columns = [c for c in STUDY_COLUMNS if c not in ("study_date", "group")]
    kept = dict.fromkeys([*columns[:2], "study_day", *columns[2:], *_DERIVED, *keep])
    studies = studies.assign(patient_id=codes, study_id=order, before=studies["before"].map(names))[list(kept)]
    return replace(
        results,
        studies=_sorted(studies),
        verdicts=_sorted(_renamed(results.verdicts, key, names)),
        readings=_sorted(_renamed(results.readings, key, names)),
        changes=_sorted(_renamed(results.changes, key, names)),
        stamp=results.stamp | {"input": [{"sha256": f["sha256"]} for f in results.stamp["input"]]},
    )


def _renamed(table: pd.DataFrame, key: dict[str, str], names: dict[str, str]) -> pd.DataFrame:
    table = table.drop(columns=[c for c in ("study_date", "group") if c in table])
    table = table.assign(patient_id=table["patient_id"].map(key), study_id=table["study_id"].map(names))
    if "before" in table:
        table["before"] = table["before"].map(names)
    if "age_years" in table:
        table["age_years"] = table["age_years"].clip(upper=OLDEST_TOLD)
    return table


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """By code: the order of the ids would tell something of them."""
    number = table["study_id"].str.rpartition("_")[2].astype(int)
    order = pd.DataFrame({"patient": table["patient_id"], "number": number}).sort_values(
        ["patient", "number"], kind="stable"
    )
    return table.loc[order.index].reset_index(drop=True)
