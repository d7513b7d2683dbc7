"""Agreement between criteria sets, and who moves where."""

from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.cohort.describe import places_of_verdicts, set_names
from ncs_analyzer.cohort.intervals import kappa
from ncs_analyzer.cohort.results import Results
from ncs_analyzer.cohort.table import CohortTable
from ncs_analyzer.criteria.registry import criteria_sets

INSUFFICIENT: Final = "insufficient_data"
_GRADES: Final = 2
"""Verdicts in common; sets that share more grade alike, and their verdicts are compared one by one."""


def _side_by_side(results: Results, column: str) -> pd.DataFrame:
    """One row per study, one column per set."""
    return results.verdicts.pivot(index="study_id", columns="criteria", values=column)[set_names(results)]


def agreement(results: Results) -> CohortTable:
    """One row per pair of sets for the same disease with the same verdicts (`verdict`), and per pair of any sets
    (`fulfilled`, yes or no): studies both could be applied to, percent agreement, Cohen's kappa with interval."""
    verdict, fulfilled = _side_by_side(results, "verdict"), _side_by_side(results, "fulfilled").astype(bool)
    disease = dict(zip(results.verdicts["criteria"], results.verdicts["disease"], strict=True))
    possible = {s.id: set(s.names) - {INSUFFICIENT} for s in criteria_sets().values()}
    records = []
    for one, other in combinations(set_names(results), 2):
        both = (verdict[one] != INSUFFICIENT) & (verdict[other] != INSUFFICIENT)
        a, b = fulfilled.loc[both, one], fulfilled.loc[both, other]
        pairs = {"fulfilled": np.array([[(a & b).sum(), (a & ~b).sum()], [(~a & b).sum(), (~a & ~b).sum()]], float)}
        names = sorted({*verdict.loc[both, one], *verdict.loc[both, other]})
        if disease[one] == disease[other] and len(possible[one] & possible[other]) > _GRADES:
            table = pd.crosstab(verdict.loc[both, one], verdict.loc[both, other])
            pairs["verdict"] = table.reindex(index=names, columns=names, fill_value=0).to_numpy(float)
        for what, square in pairs.items():
            n, found = int(square.sum()), kappa(square)
            agreed = int(np.trace(square))
            records.append(
                {"set_1": one, "set_2": other, "compared": what, "studies": n, "agreed": agreed, "disagreed": n - agreed,
                 "percent_agreement": 100.0 * agreed / n if n else np.nan,
                 "kappa": found.value, "kappa_low": found.low, "kappa_high": found.high}
            )  # fmt: skip
    derived = dict.fromkeys(("percent_agreement", "kappa", "kappa_low", "kappa_high"), ("studies", "agreed"))
    columns = ["set_1", "set_2", "compared", "studies", "agreed", "disagreed", *derived]
    note = "Studies with insufficient data for either set are left out. kappa: Cohen; 95 % interval (Fleiss 1969)."
    frame = pd.DataFrame(records, columns=columns)
    return CohortTable("agreement", "Agreement between sets", frame, ("studies", "agreed", "disagreed"), derived, note)


def cross_tables(results: Results) -> CohortTable:
    """Who moves where: one row per pair of sets for the same disease and pair of verdicts, insufficient data included,
    with the percent of those with the first verdict and of those with the second."""
    verdict = _side_by_side(results, "verdict")
    disease = dict(zip(results.verdicts["criteria"], results.verdicts["disease"], strict=True))
    parts = []
    for one, other in combinations(set_names(results), 2):
        if disease[one] == disease[other]:
            counted = verdict.groupby([one, other]).size().rename("n").reset_index()
            counted.columns = pd.Index(["verdict_1", "verdict_2", "n"])
            for name in ("verdict_1", "verdict_2"):
                counted[f"percent_of_{name}"] = 100.0 * counted["n"] / counted.groupby(name)["n"].transform("sum")
            counted = counted.assign(set_1=one, set_2=other)
            for k in ("1", "2"):
                counted[f"place_{k}"] = places_of_verdicts(counted[f"set_{k}"], counted[f"verdict_{k}"])
            parts.append(counted.sort_values(["place_1", "place_2"]))
    percents = ("percent_of_verdict_1", "percent_of_verdict_2")
    columns = ["set_1", "set_2", "verdict_1", "verdict_2", "n", *percents]
    frame = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    return CohortTable("cross_tables", "Who moves where between sets", frame, ("n",), dict.fromkeys(percents, ("n",)))
