"""How well the sets agree with a label given for each study (STARD 2015, BMJ 2015;351:h5527)."""

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.cohort.agreement import INSUFFICIENT
from ncs_analyzer.cohort.describe import set_names
from ncs_analyzer.cohort.intervals import Estimate, ratio_of_proportions, wilson
from ncs_analyzer.cohort.results import Results
from ncs_analyzer.cohort.table import CohortTable

_YES: Final = frozenset(("yes", "y", "true", "1", "1.0", "positive", "case"))
_NO: Final = frozenset(("no", "n", "false", "0", "0.0", "negative", "control"))
_FOUR: Final = ("true_positive", "false_negative", "false_positive", "true_negative")
MEASURES: Final = {
    "sensitivity": ("true_positive", "false_negative"),
    "specificity": ("true_negative", "false_positive"),
    "positive_predictive_value": ("true_positive", "false_positive"),
    "negative_predictive_value": ("true_negative", "false_negative"),
    "positive_likelihood_ratio": _FOUR,
    "negative_likelihood_ratio": _FOUR,
}
"""What is computed, and from which cells."""


def is_case(labels: pd.Series, disease: str, positive: Collection[str]) -> pd.Series:
    """Whether each study has the disease by its label: one of `positive` if given; in a column of yes and no, yes;
    otherwise, the name of the disease. Missing where the label is."""
    words = labels.map(lambda v: str(v).strip().casefold(), na_action="ignore")
    if positive:
        wanted = {name.strip().casefold() for name in positive}
    else:
        wanted = set(_YES) if set(words.dropna()) <= _YES | _NO else {disease.casefold()}
    return words.isin(wanted).astype(object).where(words.notna(), None)


def accuracy(results: Results, label: str, positive: Collection[str] = ()) -> CohortTable:
    """One row per set and basis. `settled`: only verdicts that no untested measure could change; `as decided`: these and
    the unsettled ones as they stand. Unsettled and insufficient studies have cells of their own, by label."""
    labels = results.studies.set_index("study_id")[label]
    records = []
    for name in set_names(results):
        own = results.verdicts[results.verdicts["criteria"] == name].set_index("study_id")
        case = is_case(labels.reindex(own.index), own["disease"].iloc[0], positive)
        known = case.notna()
        case, own = case[known].astype(bool), own[known.to_numpy()]
        insufficient = own["verdict"] == INSUFFICIENT
        settled, fulfilled = own["settled"].astype(bool) & ~insufficient, own["fulfilled"].astype(bool)
        unsettled = ~settled & ~insufficient
        cells = {
            "cases": int(case.sum()),
            "others": int((~case).sum()),
            "unlabelled": int((~known).sum()),
            "cases_unsettled": int((case & unsettled).sum()),
            "others_unsettled": int((~case & unsettled).sum()),
            "cases_insufficient": int((case & insufficient).sum()),
            "others_insufficient": int((~case & insufficient).sum()),
        }
        for basis, used in (("settled", settled), ("as decided", ~insufficient)):
            four = {
                "true_positive": int((used & case & fulfilled).sum()),
                "false_negative": int((used & case & ~fulfilled).sum()),
                "false_positive": int((used & ~case & fulfilled).sum()),
                "true_negative": int((used & ~case & ~fulfilled).sum()),
            }
            records.append({"criteria": name, "basis": basis, **four, **cells, **_measures(*four.values())})
    derived = {f"{m}{end}": rests_on for m, rests_on in MEASURES.items() for end in ("", "_low", "_high")}
    frame = pd.DataFrame(records, columns=["criteria", "basis", *_CELLS, *derived])
    note = (
        f"Label: {label}. cases = true_positive + false_negative (+ cases_unsettled where the basis is settled) + "
        "cases_insufficient; others alike. Proportions with Wilson intervals, likelihood ratios with log intervals (95 %)."
    )
    return CohortTable("accuracy", "Accuracy against the label", frame, _CELLS, derived, note)


_CELLS: Final = (
    *_FOUR, "cases", "others", "unlabelled",
    "cases_unsettled", "others_unsettled", "cases_insufficient", "others_insufficient",
)  # fmt: skip


def _measures(tp: int, fn: int, fp: int, tn: int) -> dict[str, float]:
    found: dict[str, Estimate] = dict(
        zip(
            MEASURES,
            (
                wilson(tp, tp + fn),
                wilson(tn, tn + fp),
                wilson(tp, tp + fp),
                wilson(tn, tn + fn),
                ratio_of_proportions(tp, tp + fn, fp, fp + tn),
                ratio_of_proportions(fn, tp + fn, tn, fp + tn),
            ),
            strict=True,
        )
    )
    record: dict[str, float] = {}
    for name, estimate in found.items():
        record |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return record


def stard(label: str) -> CohortTable:
    """The items of STARD 2015 that the program can fill in, and those that the authors must."""
    items = (
        ("10a", "Index test", "Criteria sets as listed in the methods paragraph, applied by ncs-analyzer."),
        ("10b", "Reference standard", f"Column {label!r}; its definition is to be given by the authors."),
        ("12a", "Positivity of the index test", "A verdict that fulfils the set; see the documentation of each set."),
        ("13a", "Blinding", "The program does not see the label when it judges."),
        ("15", "Indeterminate results", "Unsettled verdicts and insufficient data have cells of their own."),
        ("16", "Missing data", "See the tables of missing data and of items that could not be evaluated."),
        ("19", "Flow", "See the tables of the flow and of the labels."),
        ("20", "Characteristics", "See the table of characteristics."),
        ("23", "Cross tabulation", "See the table of accuracy."),
        ("24", "Estimates and precision", "See the table of accuracy (95 % intervals)."),
        ("1-9, 11, 14, 17, 18, 21, 22, 25-30", "Design, sampling, ethics, discussion", "To be given by the authors."),
    )
    return CohortTable("stard", "STARD 2015", pd.DataFrame(items, columns=["item", "topic", "text"]))


def label_flow(results: Results, label: str) -> CohortTable:
    """How many studies carry each label."""
    counted = results.studies[label].fillna(NO_LABEL).astype(str).value_counts().sort_index()
    frame = counted.rename("n").rename_axis("label").reset_index().astype({"n": np.int64})
    return CohortTable("labels", f"Studies by {label}", frame, ("n",))


NO_LABEL: Final = "not known"
