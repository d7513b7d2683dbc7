"""Who was studied, what was found, what is missing: counts, percentages and quartiles."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.cohort.results import WHOLE, Results
from ncs_analyzer.cohort.table import CohortTable
from ncs_analyzer.criteria.registry import criteria_sets

NUMBERS: Final = {
    "age_years": "Age, years",
    "height_cm": "Height, cm",
    "weight_kg": "Weight, kg",
    "days_since_onset": "Days since onset",
    "motor_nerves": "Motor nerves studied",
    "sensory_nerves": "Sensory nerves studied",
}
CATEGORIES: Final = {
    "sex": "Sex",
    "pattern": "Pattern",
    "sensory_motor": "Motor or sensory",
    "distribution": "Distribution",
    "severity": "Severity",
}
KEYS: Final = ("study", "nerve", "measure", "recording", "stimulation", "unit")


def groups_in_order(group: pd.Series) -> list[str]:
    """All studies first, then each group by name; only all where there are no groups."""
    return [WHOLE, *sorted(set(group) - {WHOLE})]


def _members(group: pd.Series, name: str) -> pd.Series:
    return group == name if name != WHOLE else pd.Series(True, index=group.index)


def characteristics(results: Results, group: pd.Series) -> CohortTable:
    """Table 1. One row per variable (and level) and group: how many are known and missing; numbers as mean (SD) and
    median [Q1, Q3], levels as count and percent of the known."""
    studies = results.studies.set_index("study_id")
    records = []
    for name in groups_in_order(group):
        own = studies[_members(group, name).to_numpy()]
        head = {"group": name, "studies": len(own), "patients": own["patient_id"].nunique()}
        for column, words in NUMBERS.items():
            values = pd.to_numeric(own[column], errors="coerce").dropna()
            records.append(
                head | {"variable": words, "level": None, **_spread(values), **_known(len(own), len(values))}
            )
        for column, words in CATEGORIES.items():
            known = own[column].dropna()
            for level, n in known.value_counts().sort_index().items():
                share = {"n": int(n), "percent": 100.0 * n / len(known)}
                records.append(head | {"variable": words, "level": level, **share, **_known(len(own), len(known))})
    columns = ["group", "studies", "patients", "variable", "level", "known", "missing", "n", "percent", *_SPREAD]
    again = len(studies) - studies["patient_id"].nunique()
    unit = (
        f"Unit of counting: the study; {again} are further studies of a patient." if again else "One study a patient."
    )
    note = f"{unit} Percentages are of the studies in which the variable is known; no tests."
    frame = pd.DataFrame(records, columns=columns).astype({"n": "Int64"})
    return CohortTable(
        "characteristics",
        "Characteristics of the studies",
        frame,
        ("known", "missing", "n"),
        {"percent": ("n", "known"), **dict.fromkeys(_SPREAD, ("known",))},
        note,
    )


_SPREAD: Final = ("mean", "sd", "median", "q1", "q3", "min", "max")


def _known(n: int, known: int) -> dict[str, int]:
    return {"known": known, "missing": n - known}


def _spread(values: pd.Series) -> dict[str, float]:
    if not len(values):
        return dict.fromkeys(_SPREAD, np.nan)
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    sd = float(values.std(ddof=1)) if len(values) > 1 else np.nan
    low, high = float(values.min()), float(values.max())
    return dict(zip(_SPREAD, (float(values.mean()), sd, median, q1, q3, low, high), strict=True))


def abnormality(results: Results, group: pd.Series) -> CohortTable:
    """One row per nerve, site, measure and group, both sides together: readings tested, absent, with a limit, abnormal;
    quartiles of the values and of their percent of the limit. Abnormal is of those absent or with a limit."""
    readings = results.readings[results.readings["grade"] != "not_tested"]
    parts = []
    for name in groups_in_order(group):
        members = _members(group, name)
        own = readings[readings["study_id"].isin(members.index[members])]
        parts.append(_by_measure(own).assign(group=name))
    frame = pd.concat(parts, ignore_index=True)
    columns = ["group", *KEYS, "tested", "absent", "no_limit", "not_used", "judged", "abnormal", "percent_abnormal"]
    quartiles = ["median", "q1", "q3", "percent_of_limit_median", "percent_of_limit_q1", "percent_of_limit_q3"]
    frame = frame[columns + quartiles]
    note = (
        "tested = judged + no_limit + not_used; judged: absent, or compared with a limit; not_used: contradictory values. "
        "Counted are readings (left and right)."
    )
    return CohortTable(
        "abnormality", "Abnormality of every nerve and measure", frame,
        ("tested", "absent", "no_limit", "not_used", "judged", "abnormal"),
        {"percent_abnormal": ("abnormal", "judged"), **dict.fromkeys(quartiles, ("tested", "absent", "not_used"))}, note,
    )  # fmt: skip


def _by_measure(own: pd.DataFrame) -> pd.DataFrame:
    keys = [own[name].astype(object).where(own[name].notna(), "") for name in KEYS]
    grade = own["grade"]
    flags = pd.DataFrame(
        {
            "tested": 1,
            "absent": grade == "absent",
            "no_limit": grade == "no_limit",
            "not_used": grade.isna(),
            "judged": grade.isin(["normal", "low", "high", "absent"]),
            "abnormal": grade.isin(["low", "high", "absent"]),
        },
        index=own.index,
    ).astype(int)
    counts = flags.groupby(keys, sort=True).sum()
    usable = own[["value", "percent_of_limit"]].where(grade.notna())
    quartiles = usable.groupby(keys, sort=True).quantile(np.array([0.25, 0.5, 0.75])).unstack()
    for column, prefix in (("value", ""), ("percent_of_limit", "percent_of_limit_")):
        for q, label in ((0.25, "q1"), (0.5, "median"), (0.75, "q3")):
            counts[prefix + label] = quartiles[(column, q)] if len(quartiles) else np.nan
    counts["percent_abnormal"] = 100.0 * counts["abnormal"] / counts["judged"].where(counts["judged"] > 0)
    counts.index.names = list(KEYS)
    return counts.reset_index()


def verdict_frequency(results: Results, group: pd.Series) -> CohortTable:
    """One row per group, criteria set and verdict: how many studies, how many of them settled, percent of the group."""
    parts = []
    for name, own in _verdicts_by_group(results, group):
        counted = (
            own.groupby(["criteria", "verdict"]).agg(n=("settled", "size"), settled=("settled", "sum")).reset_index()
        )
        counted["order"] = counted["criteria"].map({criteria: i for i, criteria in enumerate(set_names(results))})
        counted["place"] = places_of_verdicts(counted["criteria"], counted["verdict"])
        counted = counted.sort_values(["order", "place"]).assign(group=name, studies=own["study_id"].nunique())
        parts.append(counted)
    frame = pd.concat(parts, ignore_index=True).astype({"settled": np.int64})
    frame["unsettled"] = frame["n"] - frame["settled"]
    frame["percent"] = 100.0 * frame["n"] / frame["studies"]
    columns = ["group", "criteria", "verdict", "n", "settled", "unsettled", "studies", "percent"]
    note = "settled: no untested measure of the tested nerves could change the verdict."
    frame = frame[columns]
    return CohortTable(
        "verdict_frequency", "Verdicts of every set", frame, ("n", "settled", "unsettled"), {"percent": ("n",)}, note
    )


def _verdicts_by_group(results: Results, group: pd.Series) -> Iterator[tuple[str, pd.DataFrame]]:
    for name in groups_in_order(group):
        members = _members(group, name)
        yield name, results.verdicts[results.verdicts["study_id"].isin(members.index[members])]


def places_of_verdicts(criteria: Iterable[str], verdicts: Iterable[str]) -> list[int]:
    """Where each verdict stands in the list of its set: the strongest first, insufficient data last."""
    sets = criteria_sets()
    return [sets[name].names.index(verdict) for name, verdict in zip(criteria, verdicts, strict=True)]


def set_names(results: Results) -> list[str]:
    """The criteria sets in the order they were applied."""
    return list(results.verdicts["criteria"].unique())


def missing_data(results: Results) -> CohortTable:
    """One row per variable of the studies: how many studies have it, how many lack it."""
    studies = results.studies
    records = [
        {"variable": name, "studies": len(studies), "known": int(known), "missing": int(len(studies) - known),
         "percent_missing": 100.0 * (1 - known / len(studies)) if len(studies) else np.nan}
        for name, known in studies.notna().sum().items()
    ]  # fmt: skip
    frame = pd.DataFrame(records, columns=["variable", "studies", "known", "missing", "percent_missing"])
    return CohortTable("missing_data", "Missing data", frame, ("known", "missing"), {"percent_missing": ("missing",)})


def not_evaluable(results: Results) -> CohortTable:
    """One row per criteria set and item: in how many motor nerves it was met, not met, not evaluable, and why."""
    frame = results.items.copy()
    counts = tuple(frame.columns[4:])
    frame["percent_not_evaluable"] = 100.0 * frame["not_evaluable"] / frame["nerves"].where(frame["nerves"] > 0)
    note = "nerves = met + not_met + not_evaluable; not_evaluable = not_recorded + no_limit + other_reason."
    return CohortTable(
        "items",
        "Items of the criteria, and why they could not be evaluated",
        frame,
        counts,
        {"percent_not_evaluable": ("not_evaluable",)},
        note,
    )


def flow(results: Results) -> CohortTable:
    """From the rows read to the studies judged."""
    rows, verdicts = results.stamp["rows_of_input"], results.verdicts
    judged = verdicts[verdicts["verdict"] != "insufficient_data"]["study_id"].nunique()
    assessable = int((results.studies["pattern"] != "insufficient_data").sum())
    steps = (
        ("files and sheets read", len(results.files)),
        ("rows read", rows["read"]),
        ("rows used", rows["used"]),
        ("rows reported with an issue", rows["reported"]),
        ("patients", results.studies["patient_id"].nunique()),
        ("studies", len(results.studies)),
        ("studies with enough to name a pattern", assessable),
        ("studies that at least one criteria set could be applied to", judged),
        ("studies that fulfil at least one set", verdicts[verdicts["fulfilled"].astype(bool)]["study_id"].nunique()),
    )
    return CohortTable("flow", "Flow", pd.DataFrame(steps, columns=["step", "n"]), ("n",))
