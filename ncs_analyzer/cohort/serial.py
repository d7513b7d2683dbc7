"""Several studies of one patient: change beside repeat error, verdict trajectories, reversible conduction failure."""

from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.cohort.agreement import INSUFFICIENT
from ncs_analyzer.cohort.describe import places_of_verdicts, set_names
from ncs_analyzer.cohort.results import Results
from ncs_analyzer.cohort.table import CohortTable

_CODES: Final = ("better", "unchanged", "worse", "not_comparable")


def changes(results: Results) -> CohortTable:
    """One row per kind of nerve, nerve and measure: how many nerves of follow-up studies became better, worse, stayed
    within repeat error, or cannot be compared, with quartiles of the change in percent."""
    table = results.changes
    keys = ["study", "nerve", "measure", "unit"]
    columns = [*keys, "compared", *_CODES, "median_change_pct", "q1_change_pct", "q3_change_pct"]
    if not len(table):
        return _table(pd.DataFrame(columns=columns))
    counted = pd.crosstab([table[k] for k in keys], table["change"]).reindex(columns=list(_CODES), fill_value=0)
    quartiles = table.groupby(keys)["change_pct"].quantile(np.array([0.25, 0.5, 0.75])).unstack()
    counted["compared"] = counted[["better", "unchanged", "worse"]].sum(axis=1)
    for q, name in ((0.5, "median_change_pct"), (0.25, "q1_change_pct"), (0.75, "q3_change_pct")):
        counted[name] = quartiles[q]
    return _table(counted.reset_index()[columns])


def _table(frame: pd.DataFrame) -> CohortTable:
    note = (
        "Against the patient's study before. Repeat error: 20 % for amplitudes, 10 % for latencies, durations, velocities "
        "and F waves. compared = better + unchanged + worse."
    )
    derived = dict.fromkeys(("median_change_pct", "q1_change_pct", "q3_change_pct"), ("compared",))
    return CohortTable("changes", "Change since the study before", frame, ("compared", *_CODES), derived, note)


def trajectories(results: Results) -> CohortTable:
    """One row per set and pair of consecutive verdicts of one patient: how many such steps there are."""
    before = results.studies.set_index("study_id")["before"].dropna()
    own = results.verdicts[["study_id", "criteria", "verdict"]]
    steps = own[own["study_id"].isin(before.index)].assign(earlier=lambda v: v["study_id"].map(before))
    steps = steps.merge(
        own.rename(columns={"study_id": "earlier", "verdict": "before"}), on=["earlier", "criteria"], how="left"
    )
    columns = ["criteria", "verdict_before", "verdict_after", "n", "percent_of_before"]
    counted = steps.groupby(["criteria", "before", "verdict"]).size().rename("n").reset_index()
    counted["percent"] = 100.0 * counted["n"] / counted.groupby(["criteria", "before"])["n"].transform("sum")
    counted.columns = pd.Index(columns)
    order = pd.DataFrame(
        {
            "set": counted["criteria"].map({name: i for i, name in enumerate(set_names(results))}),
            "before": places_of_verdicts(counted["criteria"], counted["verdict_before"]),
            "after": places_of_verdicts(counted["criteria"], counted["verdict_after"]),
        }
    ).sort_values(["set", "before", "after"])
    counted = counted.loc[order.index].reset_index(drop=True)
    note = "Consecutive studies of one patient, by date, or by days since onset; studies of unknown time are left out."
    derived = {"percent_of_before": ("n",)}
    return CohortTable("trajectories", "Verdicts from study to study", counted, ("n",), derived, note)


def reversible(results: Results) -> CohortTable:
    """One row per set and verdict of the follow-up study: in how many reversible conduction failure was seen."""
    follow = results.studies[results.studies["reversible_conduction_failure"].notna()]
    seen = follow.set_index("study_id")["reversible_conduction_failure"] == "yes"
    own = results.verdicts[
        results.verdicts["study_id"].isin(seen.index) & (results.verdicts["verdict"] != INSUFFICIENT)
    ]
    found = own["study_id"].map(seen)
    counted = own.assign(seen=found.astype(float)).groupby(["criteria", "verdict"])["seen"].agg(["size", "sum"])
    frame = counted.reset_index().rename(columns={"size": "follow_up_studies", "sum": "reversible_conduction_failure"})
    frame = frame.astype({"reversible_conduction_failure": np.int64})
    note = "A CMAP or SNAP that rose by at least half, or a block that resolved (Muscle Nerve 2017;56:919)."
    counts = ("follow_up_studies", "reversible_conduction_failure")
    return CohortTable("reversible_conduction_failure", "Reversible conduction failure", frame, counts, {}, note)
