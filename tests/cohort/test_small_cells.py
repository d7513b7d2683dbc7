"""No small count is shown, and none follows from what is shown: solved for independently, by the null space."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncs_analyzer.batch.outputs import OutputError
from ncs_analyzer.cohort import run as run_module
from ncs_analyzer.cohort.describe import KEYS
from ncs_analyzer.cohort.results import load
from ncs_analyzer.cohort.run import Wishes, cohort_tables, write_cohort
from ncs_analyzer.cohort.small_cells import HIDDEN, OTHERS, large_groups
from ncs_analyzer.cohort.sums import Sums


def determined(equations, unknown):
    """The unknowns that linear equations determine, by the null space of their matrix."""
    names = sorted(unknown, key=str)
    at = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((max(len(equations), 1), len(names)))
    for row, equation in zip(matrix, equations, strict=False):
        for name, factor in equation.items():
            if name in at:
                row[at[name]] += factor
    if not names:
        return set()
    _, values, vectors = np.linalg.svd(matrix)
    rank = int((values > 1e-9).sum())
    free = np.abs(vectors[rank:]).max(axis=0, initial=0)
    return {name for name in names if free[at[name]] < 1e-9}


@settings(deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda k: st.lists(st.lists(st.integers(0, 12), min_size=k, max_size=k), min_size=2, max_size=5)
    ),
    st.integers(2, 6),
    st.booleans(),
)
def test_a_table_with_its_margins(rows, least, margins_shown):
    sums, n = Sums(), len(rows[0])
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            sums.add((i, j), value, ("t", i, str(j)))
    place = ("m", 0, "m") if margins_shown else None
    for i, row in enumerate(rows):
        sums.equal([(i, j) for j in range(n)], sums.add(("row", i), sum(row), place))
    for j in range(n):
        sums.equal([(i, j) for i in range(len(rows))], sums.add(("column", j), sum(r[j] for r in rows), place))
    sums.equal([("row", i) for i in range(len(rows))], int(np.sum(rows)))
    hidden = sums.hidden(least)
    small = {key for key, value in sums.value.items() if 0 < value < least}
    assert small & {k for k in sums.places if sums.places[k]} <= hidden
    unknown = hidden | {key for key, value in sums.value.items() if value and not sums.places.get(key)}
    if np.sum(rows) >= least and sum(1 for row in rows for v in row if v) > 1:
        told = determined(sums.equations, unknown) & small
        assert told == sums.given_away(hidden, least)
        assert not told or len(hidden) == sum(1 for key in sums.places if sums.places[key])


def test_only_what_is_needed_is_hidden():
    sums = Sums()
    for i, row in enumerate(((2, 30, 40), (25, 35, 50), (60, 70, 80))):
        for j, value in enumerate(row):
            sums.add((i, j), value, ("t", i, str(j)))
        sums.equal([(i, j) for j in range(3)], sum(row))
    for j in range(3):
        sums.equal([(i, j) for i in range(3)], sum(sums.value[i, j] for i in range(3)))
    assert sums.hidden(5) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert sums.hidden(2) == set()


@pytest.fixture(scope="module")
def shown(batch_folder):
    results = load(batch_folder)
    return {
        least: {t.name: t for t in cohort_tables(results, Wishes(by="group", label="diagnosis", min_cell=least))}
        for least in (3, 6)
    }


@pytest.mark.parametrize("least", [3, 6])
def test_no_small_count_is_shown(shown, least):
    for table in shown[least].values():
        for column in table.counts:
            numbers = pd.to_numeric(table.frame[column], errors="coerce").dropna()
            if (table.name, column) != ("flow", "n"):
                assert not ((numbers > 0) & (numbers < least)).any(), (table.name, column)


@pytest.mark.parametrize("least", [3, 6])
def test_no_small_verdict_follows_from_the_tables(results, shown, least):
    """Frequencies, their groups and the cross tables, solved together by a reader who has only these tables."""
    plain = {t.name: t.frame for t in cohort_tables(results, Wishes(by="group", label="diagnosis"))}
    tables = shown[least]
    frequency, cross, groups = (tables[name].frame for name in ("verdict_frequency", "cross_tables", "characteristics"))
    true = {
        tuple(k): n
        for *k, n in plain["verdict_frequency"][["criteria", "verdict", "group", "n"]].itertuples(index=False)
    }
    true |= {
        tuple(k): n
        for *k, n in plain["cross_tables"][["set_1", "set_2", "verdict_1", "verdict_2", "n"]].itertuples(index=False)
    }
    equations, unknown = [], set()
    for (_, _), own in frequency.groupby(["group", "criteria"]):
        equations.append({(r["criteria"], r["verdict"], r["group"]): 1 for _, r in own.iterrows()})
    for (name, verdict), own in frequency.groupby(["criteria", "verdict"]):
        parts = {(name, verdict, g): 1 for g in own["group"] if g != "all"}
        if parts:
            equations.append(parts | {(name, verdict, "all"): -1})
    for (one, other), own in cross.groupby(["set_1", "set_2"]):
        for k, name in ((1, one), (2, other)):
            for verdict, part in own.groupby(f"verdict_{k}"):
                cells = {(one, other, r["verdict_1"], r["verdict_2"]): 1 for _, r in part.iterrows()}
                equations.append(cells | {(name, verdict, "all"): -1})
    for frame, keys in (
        (frequency, ["criteria", "verdict", "group"]),
        (cross, ["set_1", "set_2", "verdict_1", "verdict_2"]),
    ):
        unknown |= {tuple(k) for k in frame[frame["n"] == HIDDEN][keys].itertuples(index=False, name=None)}
    told = {key for key in determined(equations, unknown) if 0 < true[key] < least}
    assert not told
    assert unknown
    assert set(groups["group"]) - {"all"}  # the groups that are large enough are still there


def test_what_is_derived_from_hidden_counts_is_hidden(shown):
    for table in shown[6].values():
        for column, rests_on in table.derived.items():
            gone = (table.frame[list(rests_on)] == HIDDEN).any(axis=1)
            assert table.frame.loc[gone, column].isna().all(), (table.name, column)
    assert shown[6]["characteristics"].frame[["min", "max"]].isna().all().all()


def test_groups_are_whole_or_not_there(shown):
    tables = shown[6]
    for name, keys in (("verdict_frequency", ("criteria",)), ("abnormality", KEYS)):
        frame = tables[name].frame
        groups = set(frame["group"]) - {"all"}
        for _, own in frame[frame["group"] != "all"].groupby(list(keys)):
            assert set(own["group"]) <= groups
            assert HIDDEN not in own[list(tables[name].counts)].astype(str).to_numpy()


def test_small_groups_are_put_together():
    group = pd.Series(["a"] * 9 + ["b"] * 2 + ["c"] * 3 + ["d"] * 8)
    patients = pd.Series([f"P{i}" for i in range(22)])
    found = large_groups(group, patients, 5)
    assert found.value_counts().to_dict() == {"a": 9, "d": 8, OTHERS: 5}
    found = large_groups(group, patients, 6)
    assert found.value_counts().to_dict() == {OTHERS: 13, "a": 9}
    assert set(large_groups(group, patients, 23)) == {"all"}


def test_single_patients_are_left_out_and_an_old_data_set_goes(results, monkeypatch, tmp_path):
    monkeypatch.setattr(run_module, "figures", lambda _: [])
    write_cohort(results, tmp_path / "c", Wishes(), force=False)
    assert (tmp_path / "c" / "studies_wide.csv").exists()
    names = write_cohort(results, tmp_path / "c", Wishes(min_cell=5), force=True)
    assert sorted(p.name for p in (tmp_path / "c").iterdir()) == names
    assert "studies_wide.csv" not in names


def test_too_few_patients(results, tmp_path):
    with pytest.raises(OutputError, match="fewer than --min-cell 1000"):
        write_cohort(results, tmp_path / "c", Wishes(min_cell=1000), force=False)
