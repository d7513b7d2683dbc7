"""The tables, recomputed another way; and cells that sum to their totals."""

import numpy as np
import pandas as pd
import pytest
from tableone import TableOne

from ncs_analyzer.cohort import accuracy, agreement, describe, serial
from ncs_analyzer.cohort.results import with_groups


def by_group(results):
    return with_groups(results, "group")


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")  # of tableone
def test_characteristics_agree_with_tableone(results):
    ours = describe.characteristics(results, by_group(results)).frame
    studies = results.studies
    theirs = TableOne(
        studies, columns=["age_years", "sex"], categorical=["sex"], groupby="group", continuous=["age_years"],
        nonnormal=[], pval=False, decimals=6,
    ).tableone["Grouped by group"]  # fmt: skip
    for name in studies["group"].unique():
        own = ours[(ours["group"] == name) & (ours["variable"] == "Age, years")].iloc[0]
        mean, sd = theirs.loc[("age_years, mean (SD)", ""), name].replace(")", "").split(" (")
        assert own["mean"] == pytest.approx(float(mean), abs=1e-5)
        assert own["sd"] == pytest.approx(float(sd), abs=1e-5)
        for sex in ("F", "M"):
            level = ours[(ours["group"] == name) & (ours["variable"] == "Sex") & (ours["level"] == sex)]
            n = 0 if not len(level) else level.iloc[0]["n"]
            assert theirs.loc[("sex, n (%)", sex), name].startswith(f"{n} (")


def test_levels_sum_to_the_known_and_groups_to_all(results):
    table = describe.characteristics(results, by_group(results)).frame
    levels = table[table["level"].notna()]
    for _, own in levels.groupby(["group", "variable"]):
        assert own["n"].sum() == own["known"].iloc[0]
        assert own["percent"].sum() == pytest.approx(100)
    assert (table["known"] + table["missing"] == table["studies"]).all()
    one = table.drop_duplicates("group").set_index("group")["studies"]
    assert one.drop("all").sum() == one["all"] == len(results.studies)


def test_abnormality_counts_every_reading_once(results):
    table = describe.abnormality(results, by_group(results)).frame
    assert (table["tested"] == table["judged"] + table["no_limit"] + table["not_used"]).all()
    whole = table[table["group"] == "all"]
    tested = results.readings["grade"] != "not_tested"
    assert whole["tested"].sum() == tested.sum()
    assert whole["abnormal"].sum() == results.readings["grade"].isin(["low", "high", "absent"]).sum()
    keys = ["study", "nerve", "measure", "recording", "stimulation", "unit"]
    rest = table[table["group"] != "all"].groupby(keys)["tested"].sum()
    assert (rest == whole.set_index(keys)["tested"].loc[rest.index]).all()


def test_abnormality_of_one_measure_by_hand(results):
    table = describe.abnormality(results, by_group(results)).frame
    own = table[(table["group"] == "CIDP") & (table["nerve"] == "sural") & (table["measure"] == "amplitude")].iloc[0]
    r = results.readings
    rows = r[(r["group"] == "CIDP") & (r["nerve"] == "sural") & (r["measure"] == "amplitude")]
    assert own["tested"] == len(rows)
    assert own["absent"] == (rows["grade"] == "absent").sum()
    assert own["median"] == pytest.approx(np.median(rows["value"].dropna()))
    assert own["percent_of_limit_q1"] == pytest.approx(np.percentile(rows["percent_of_limit"].dropna(), 25))
    judged = rows[rows["grade"] != "no_limit"]
    assert own["percent_abnormal"] == pytest.approx(100 * (judged["grade"] != "normal").mean())


def test_verdicts_of_a_set_sum_to_the_studies(results):
    table = describe.verdict_frequency(results, by_group(results)).frame
    for (group, _), own in table.groupby(["group", "criteria"]):
        n = len(results.studies) if group == "all" else (results.studies["group"] == group).sum()
        assert own["n"].sum() == n
        assert own["percent"].sum() == pytest.approx(100)
    assert (table["n"] == table["settled"] + table["unsettled"]).all()


def test_cross_tables_sum_to_the_frequencies(results):
    table = agreement.cross_tables(results).frame
    frequency = describe.verdict_frequency(results, with_groups(results, None)).frame.set_index(
        ["criteria", "verdict"]
    )["n"]
    for (one, _), own in table.groupby(["set_1", "set_2"]):
        assert own["n"].sum() == len(results.studies)
        for verdict, n in own.groupby("verdict_1")["n"].sum().items():
            assert n == frequency[one, verdict]


def test_hadden_against_rajabally(results):
    table = agreement.agreement(results).frame
    own = table[
        (table["set_1"] == "gbs_rajabally_2015")
        & (table["set_2"] == "gbs_hadden_1998")
        & (table["compared"] == "verdict")
    ]
    v = results.verdicts.pivot(index="study_id", columns="criteria", values="verdict")
    a, b = v["gbs_rajabally_2015"], v["gbs_hadden_1998"]
    keep = (a != "insufficient_data") & (b != "insufficient_data")
    assert own.iloc[0]["studies"] == keep.sum()
    assert own.iloc[0]["agreed"] == (a[keep] == b[keep]).sum()


def test_accuracy_by_hand(results):
    table = accuracy.accuracy(results, "diagnosis").frame
    own = table[(table["criteria"] == "cidp_ean_pns_2021") & (table["basis"] == "as decided")].iloc[0]
    v = results.verdicts[results.verdicts["criteria"] == "cidp_ean_pns_2021"].set_index("study_id")
    label = results.studies.set_index("study_id")["diagnosis"].reindex(v.index)
    assert own["unlabelled"] == label.isna().sum() > 0
    known, case = label.notna() & (v["verdict"] != "insufficient_data"), label == "CIDP"
    assert own["true_positive"] == (known & case & v["fulfilled"]).sum()
    assert own["false_positive"] == (known & ~case & v["fulfilled"]).sum()
    assert own["sensitivity"] == pytest.approx((known & case & v["fulfilled"]).sum() / (known & case).sum())


def test_accuracy_cells_sum_to_the_labels(results):
    table = accuracy.accuracy(results, "diagnosis").frame
    settled, decided = (table[table["basis"] == b].reset_index() for b in ("settled", "as decided"))
    for rows, cases in ((settled, ["cases_unsettled", "cases_insufficient"]), (decided, ["cases_insufficient"])):
        assert (rows["true_positive"] + rows["false_negative"] + rows[cases].sum(axis=1) == rows["cases"]).all()
        others = [name.replace("cases", "others") for name in cases]
        assert (rows["true_negative"] + rows["false_positive"] + rows[others].sum(axis=1) == rows["others"]).all()
    assert (table["cases"] + table["others"] + table["unlabelled"] == len(results.studies)).all()


def test_labels_of_yes_and_no_and_of_names():
    words = pd.Series(["yes", "No", None, "1"])
    assert accuracy.is_case(words, "CIDP", ()).tolist() == [True, False, None, True]
    names = pd.Series(["CIDP", "cidp ", "GBS"])
    assert accuracy.is_case(names, "CIDP", ()).tolist() == [True, True, False]
    assert accuracy.is_case(names, "CIDP", ("gbs",)).tolist() == [False, False, True]


def test_changes_and_trajectories_sum(results):
    table = serial.changes(results).frame
    codes = ["better", "unchanged", "worse", "not_comparable"]
    assert table[codes].to_numpy().sum() == len(results.changes)
    assert (table["compared"] == table[codes[:3]].sum(axis=1)).all()
    steps = serial.trajectories(results).frame
    repeats = len(results.studies) - results.studies["patient_id"].nunique()
    assert (steps.groupby("criteria")["n"].sum() == repeats).all()


def test_change_is_against_repeat_error(results):
    table = results.changes[results.changes["change_pct"].notna()]
    error = np.where(table["measure"].isin(["distal_amplitude", "snap"]), 20.0, 10.0)
    beyond = table["change_pct"].abs() > error + 1e-9
    assert (table["change"].isin(["better", "worse"]) == beyond).all()


def test_items_sum(results):
    table = describe.not_evaluable(results).frame
    assert (table["nerves"] == table["met"] + table["not_met"] + table["not_evaluable"]).all()
    assert (table["not_evaluable"] == table["not_recorded"] + table["no_limit"] + table["other_reason"]).all()
    f_waves = table[(table["criteria"] == "cidp_ean_pns_2021") & (table["item"] == "c")].iloc[0]
    assert f_waves["not_recorded"] > 0
