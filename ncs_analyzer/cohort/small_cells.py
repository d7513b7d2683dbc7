"""Small counts hidden in every table of a cohort, with as many others as keep them from being worked out.

The sums between the published numbers of all studies, within a table and from one to the next, are written down here;
`sums.py` chooses what to hide. Numbers by group are shown for a variable, set or measure only where none of them is small
and nothing of it is hidden for all. The number of studies in all and of each group, of patients, and of rows read stay
known.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, Final

import pandas as pd

from ncs_analyzer.cohort.accuracy import NO_LABEL, is_case
from ncs_analyzer.cohort.agreement import INSUFFICIENT
from ncs_analyzer.cohort.describe import CATEGORIES, KEYS, NUMBERS, set_names
from ncs_analyzer.cohort.results import WHOLE, Results
from ncs_analyzer.cohort.sums import Key, Sums
from ncs_analyzer.cohort.table import CohortTable

HIDDEN: Final = "hidden"
"""Stands for a number that is small, or would give a small one away; which of the two is not told."""
OTHERS: Final = "other groups"
_EXTREMES: Final = ("min", "max")


def large_groups(group: pd.Series, patients: pd.Series, least: int) -> pd.Series:
    """The groups with those of fewer than `least` patients put together; where these are too few, with the next."""
    named = group[group != WHOLE]
    if not len(named):
        return group
    sizes = patients.groupby(group.to_numpy()).nunique().sort_values(kind="stable")
    small = sizes.index[sizes < least].tolist()
    while small and len(small) < len(sizes) and patients[group.isin(small).to_numpy()].nunique() < least:
        small.append(sizes.index[len(small)])
    if len(small) == len(sizes):
        return pd.Series(WHOLE, index=group.index)
    return group.where(~group.isin(small), OTHERS)


def without_small_cells(
    tables: Sequence[CohortTable],
    results: Results,
    group: pd.Series,
    label: str | None,
    positive: Collection[str],
    least: int,
) -> list[CohortTable]:
    """The tables without counts from 1 to `least` - 1, and without what gives them away. `group`: of every study, large
    enough each."""
    whole = {t.name: t.frame[t.frame["group"] == WHOLE] if "group" in t.frame else t.frame for t in tables}
    sums = sums_of(whole, results, label, positive)
    if label is not None:
        _labels_of_groups(sums, results, group, label)
    hidden = sums.hidden(least)
    places: dict[str, set[tuple[int, str]]] = {t.name: set() for t in tables}
    for key in hidden:
        for table, row, column in sums.places[key]:
            places[table].add((row, column))
    told = {row["criteria"] for i, row in _rows(whole.get("accuracy")) if any(at == i for at, _ in places["accuracy"])}
    return [
        _without(_blocks_by_group(table, places[table.name], least, told), places[table.name], sums, hidden, least)
        for table in tables
    ]


_BLOCKS: Final = {"characteristics": ("variable",), "abnormality": KEYS, "verdict_frequency": ("criteria",)}
"""By table, what its rows by group belong together by."""


def _blocks_by_group(
    table: CohortTable, places: set[tuple[int, str]], least: int, told: Collection[str]
) -> CohortTable:
    """The table without the groups of what is small in one of them, or hidden for all; `told`: criteria sets of which
    the groups would tell what is hidden elsewhere."""
    if table.name not in _BLOCKS:
        return table
    frame = table.frame
    keys, counts = list(_BLOCKS[table.name]), list(table.counts)
    numbers = frame[counts].astype(float)
    if table.name == "abnormality":
        numbers = numbers.assign(normal=frame["judged"] - frame["abnormal"], value=frame["abnormal"] - frame["absent"])
    bad = ((numbers > 0) & (numbers < least)).any(axis=1)
    bad |= frame.index.isin({row for row, _ in places})
    if "criteria" in frame:
        bad |= frame["criteria"].isin(told)
    block = pd.Series([*zip(*(frame[name] for name in keys), strict=True)], index=frame.index)
    return replace(table, frame=frame[(frame["group"] == WHOLE) | ~block.isin(set(block[bad]))])


def _without(table: CohortTable, places: set[tuple[int, str]], sums: Sums, hidden: set[Key], least: int) -> CohortTable:
    if not table.counts:
        return table
    frame = table.frame.copy()
    for column in table.counts:
        frame[column] = frame[column].astype(object)
        frame.loc[sorted(row for row, name in places if name == column), column] = HIDDEN
    for column, rests_on in table.derived.items():
        gone = {row for row, name in places if name in rests_on} | _of_few(table, column, least)
        if table.name in ("agreement", "cross_tables"):
            gone |= _of_hidden_parts(table, column, sums, hidden, least)
        frame[column] = frame[column].astype(object)
        frame.loc[sorted(gone), column] = None
    if table.name == "characteristics":
        frame[list(_EXTREMES)] = None  # the least and the largest value are single patients
    note = f"{table.note} Numbers below {least} are hidden, and others from which they could be worked out.".strip()
    return replace(table, frame=frame.reset_index(drop=True), note=note)


def _of_few(table: CohortTable, column: str, least: int) -> set[int]:
    """Rows whose mean or quartiles are those of fewer than `least` values."""
    raw = table.frame
    if table.name == "abnormality" and column != "percent_abnormal":
        n = raw["tested"] - raw["absent"] - raw["not_used"]
        n = n - raw["no_limit"] if column.startswith("percent_of_limit") else n
    elif table.name == "changes":
        n = raw["compared"]
    elif table.name == "characteristics" and column != "percent":
        n = raw["known"]
    else:
        return set()
    return set(n.index[n < least])


def _of_hidden_parts(table: CohortTable, column: str, sums: Sums, hidden: set[Key], least: int) -> set[int]:
    """Rows of agreement whose kappa, with the rest, would tell a small number; rows of cross tables whose percentage
    would tell a hidden total."""
    found = set()
    for i, row in _rows(table.frame):
        one, other = row["set_1"], row["set_2"]
        if table.name == "cross_tables":
            k = column[-1]
            gone = ("verdict", row[f"set_{k}"], row[f"verdict_{k}"]) in hidden
        elif row["compared"] == "fulfilled":
            cells = [sums.value.get(("state", one, other, a, b), 0) for a in _SETTLED for b in _SETTLED]
            gone = any(0 < n < least for n in cells)
        else:
            gone = any(key[:3] == ("cross", one, other) for key in hidden if isinstance(key, tuple))
        if gone:
            found.add(i)
    return found


# ---------------------------------------------------------------- the sums

_SETTLED: Final = ("yes", "no")
_STATES: Final = (*_SETTLED, "insufficient")


def sums_of(tables: Mapping[str, pd.DataFrame], results: Results, label: str | None, positive: Collection[str]) -> Sums:
    """Every number published about all studies, and every equation between them."""
    sums, studies = Sums(), len(results.studies)
    _characteristics(sums, tables["characteristics"], studies)
    _missing(sums, tables["missing_data"])
    _abnormality(sums, tables["abnormality"])
    _verdicts(sums, tables["verdict_frequency"], studies)
    _flow(sums, tables["flow"], studies)
    states = _states(results)
    _cross(sums, tables["cross_tables"])
    _agreement(sums, tables["agreement"], results, states)
    if label is not None:
        _accuracy(sums, tables, results, states, label, positive)
    _changes(sums, tables["changes"])
    _serial(sums, tables)
    _items(sums, tables["items"])
    return sums


def _rows(table: pd.DataFrame | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row with its number in the table."""
    if table is not None:
        yield from zip(table.index, table.to_dict("records"), strict=True)


def _labels_of_groups(sums: Sums, results: Results, group: pd.Series, label: str) -> None:
    """Where every group is made of whole labels, its size is known."""
    words = results.studies[label].fillna(NO_LABEL).astype(str).to_numpy()
    of = pd.crosstab(words, group.to_numpy())
    if ((of > 0).sum(axis=1) == 1).all():
        for name in of.columns:
            own = [("unlabelled",) if w == NO_LABEL else ("label", w) for w in of.index[of[name] > 0]]
            sums.equal(own, int(of[name].sum()))


def _characteristics(sums: Sums, table: pd.DataFrame, studies: int) -> None:
    columns = {words: name for name, words in {**NUMBERS, **CATEGORIES}.items()}
    levels: dict[str, list[Key]] = {}
    for i, row in _rows(table):
        name = columns[row["variable"]]
        for column in ("known", "missing"):
            sums.add((column, name), row[column], ("characteristics", i, column))
        own = levels.setdefault(name, [])
        if isinstance(row["level"], str):
            own.append(sums.add(("level", name, row["level"]), row["n"], ("characteristics", i, "n")))
    for name, own in levels.items():
        sums.equal([("known", name), ("missing", name)], studies)
        if own:
            sums.equal(own, ("known", name))


def _missing(sums: Sums, table: pd.DataFrame) -> None:
    for i, row in _rows(table):
        own = [sums.add((c, row["variable"]), row[c], ("missing_data", i, c)) for c in ("known", "missing")]
        sums.equal(own, int(row["studies"]))


def _abnormality(sums: Sums, table: pd.DataFrame) -> None:
    for i, row in _rows(table):
        where = tuple(row[name] for name in KEYS)
        key = {
            column: sums.add(("readings", column, *where), row[column], ("abnormality", i, column))
            for column in ("tested", "absent", "no_limit", "not_used", "judged", "abnormal")
        }
        normal = sums.add(("readings", "normal", *where), row["judged"] - row["abnormal"])
        value = sums.add(("readings", "abnormal value", *where), row["abnormal"] - row["absent"])
        sums.equal([key["judged"], key["no_limit"], key["not_used"]], key["tested"])
        sums.equal([normal, key["abnormal"]], key["judged"])
        sums.equal([value, key["absent"]], key["abnormal"])


def _verdicts(sums: Sums, table: pd.DataFrame, studies: int) -> None:
    of_set: dict[str, list[Key]] = {}
    for i, row in _rows(table):
        where = (row["criteria"], row["verdict"])
        n = sums.add(("verdict", *where), row["n"], ("verdict_frequency", i, "n"))
        parts = [sums.add((c, *where), row[c], ("verdict_frequency", i, c)) for c in ("settled", "unsettled")]
        sums.equal(parts, n)
        of_set.setdefault(row["criteria"], []).append(n)
    for own in of_set.values():
        sums.equal(own, studies)


def _flow(sums: Sums, table: pd.DataFrame, studies: int) -> None:
    for i, (step, n) in enumerate(zip(table["step"], table["n"], strict=True)):
        if step.startswith("studies ") and n < studies:
            own = sums.add(("flow", step), n, ("flow", i, "n"))
            sums.equal([own, sums.add(("flow, the others", step), studies - n)], studies)
            if "pattern" in step and ("level", "pattern", INSUFFICIENT) in sums.value:
                sums.equal([own, ("level", "pattern", INSUFFICIENT)], studies)


def _states(results: Results) -> pd.DataFrame:
    """One row per study, one column per set: fulfilled, not, or insufficient data."""
    own = results.verdicts
    state = own["fulfilled"].astype(bool).map({True: "yes", False: "no"})
    state = state.where(own["verdict"] != INSUFFICIENT, "insufficient")
    return own.assign(state=state).pivot(index="study_id", columns="criteria", values="state")[set_names(results)]


def _verdicts_by_state(results: Results) -> dict[tuple[str, str], list[str]]:
    """By set and state, the verdicts that occur."""
    found: dict[tuple[str, str], list[str]] = {}
    own = results.verdicts[["criteria", "verdict", "fulfilled"]].astype({"fulfilled": bool}).drop_duplicates()
    for name, verdict, fulfilled in own.itertuples(index=False, name=None):
        state = "insufficient" if verdict == INSUFFICIENT else "yes" if fulfilled else "no"
        found.setdefault((name, state), []).append(verdict)
    return found


def _cross(sums: Sums, table: pd.DataFrame) -> None:
    rows: dict[tuple[Key, str], list[Key]] = {}
    for i, row in _rows(table):
        one, other, a, b = row["set_1"], row["set_2"], row["verdict_1"], row["verdict_2"]
        own = sums.add(("cross", one, other, a, b), row["n"], ("cross_tables", i, "n"))
        rows.setdefault((("verdict", one, a), other), []).append(own)
        rows.setdefault((("verdict", other, b), one), []).append(own)
    for (whole, _), cells in rows.items():
        sums.equal(cells, whole)


def _agreement(sums: Sums, table: pd.DataFrame, results: Results, states: pd.DataFrame) -> None:
    verdicts = _verdicts_by_state(results)
    for one, other in combinations(set_names(results), 2):
        counted = pd.crosstab(states[one], states[other])
        cells = {
            (a, b): sums.add(("state", one, other, a, b), counted.loc[a, b])
            for a in counted.index for b in counted.columns
        }  # fmt: skip
        for name, at in ((one, 0), (other, 1)):
            for state in _STATES:
                own = [key for pair, key in cells.items() if pair[at] == state]
                whole = [("verdict", name, v) for v in verdicts.get((name, state), [])]
                _same(sums, own, whole)
        for (a, b), key in cells.items():
            crossed = [
                k
                for v in verdicts[one, a]
                for w in verdicts[other, b]
                if (k := ("cross", one, other, v, w)) in sums.value
            ]
            if crossed:
                sums.equal(crossed, key)
    for i, row in _rows(table):
        one, other, what = row["set_1"], row["set_2"], row["compared"]
        both = sums.add(("both", one, other), row["studies"], ("agreement", i, "studies"))
        agreed = sums.add(("agreed", one, other, what), row["agreed"], ("agreement", i, "agreed"))
        not_ = sums.add(("disagreed", one, other, what), row["disagreed"], ("agreement", i, "disagreed"))
        sums.equal([agreed, not_], both)
        four = {(a, b): key for a in _SETTLED for b in _SETTLED if (key := ("state", one, other, a, b)) in sums.value}
        sums.equal(four.values(), both)
        if what == "fulfilled":
            sums.equal([key for (a, b), key in four.items() if a == b], agreed)
        else:
            same = {v for state in _SETTLED for v in verdicts.get((one, state), [])}
            sums.equal([k for v in same if (k := ("cross", one, other, v, v)) in sums.value], agreed)


def _same(sums: Sums, one: Sequence[Key], other: Sequence[Key]) -> None:
    """Two sums of the same studies."""
    if one or other:
        total = sum(sums.value[key] for key in other)
        whole = sums.add(("sum", *map(str, other)), total) if len(other) != 1 else other[0]
        if len(other) > 1:
            sums.equal(other, whole)
        sums.equal(one, whole)


def _accuracy(
    sums: Sums,
    tables: Mapping[str, pd.DataFrame],
    results: Results,
    states: pd.DataFrame,
    label: str,
    positive: Collection[str],
) -> None:
    labels = results.studies.set_index("study_id")[label]
    own = [
        sums.add(("unlabelled",) if name == NO_LABEL else ("label", name), n, ("labels", i, "n"))
        for i, (name, n) in enumerate(zip(tables["labels"]["label"], tables["labels"]["n"], strict=True))
    ]
    sums.equal(own, len(labels))
    sums.add(("unlabelled",), int(labels.isna().sum()))
    disease = dict(zip(results.verdicts["criteria"], results.verdicts["disease"], strict=True))
    settled = results.verdicts.pivot(index="study_id", columns="criteria", values="settled").reindex(states.index)
    verdicts = _verdicts_by_state(results)
    labels = labels.reindex(states.index)
    by_word = labels.dropna().drop_duplicates()
    who = {}
    for d in set(disease.values()):
        who[d] = is_case(labels, d, positive).map({True: "cases", False: "others"}).fillna("unlabelled")
        cases = sums.add(("cases", d), int((who[d] == "cases").sum()))
        others = sums.add(("others", d), int((who[d] == "others").sum()))
        sums.equal([cases, others, ("unlabelled",)], len(labels))
        words = by_word.index[who[d][by_word.index] == "cases"]
        named = [("label", str(labels[study])) for study in words]
        if named:
            sums.equal(named, cases)
    for i, row in _rows(tables["accuracy"]):
        name, basis, d = row["criteria"], row["basis"], disease[row["criteria"]]
        counted = pd.crosstab([who[d], states[name]], settled[name].astype(bool))
        part = {
            (w, s, bool(k)): sums.add(("judged", name, w, s, bool(k)), counted.loc[(w, s), k])
            for w, s in counted.index for k in counted.columns
        }  # fmt: skip

        def some(
            people: Sequence[str],
            state: Sequence[str],
            known: Sequence[bool],
            part: Mapping[tuple[str, str, bool], Key] = part,
        ) -> list[Key]:
            return [key for (w, s, k), key in part.items() if w in people and s in state and k in known]

        everyone, used = (*_WHO, "unlabelled"), (True,) if basis == "settled" else (True, False)
        for state in _STATES:
            for known, column in ((True, "settled"), (False, "unsettled")):
                _same(
                    sums, some(everyone, (state,), (known,)),
                    [(column, name, v) for v in verdicts.get((name, state), [])],
                )  # fmt: skip
        sums.equal(some(("unlabelled",), _STATES, (True, False)), ("unlabelled",))
        for column, parts in {
            "true_positive": some(("cases",), ("yes",), used),
            "false_negative": some(("cases",), ("no",), used),
            "false_positive": some(("others",), ("yes",), used),
            "true_negative": some(("others",), ("no",), used),
            "cases_unsettled": some(("cases",), _SETTLED, (False,)),
            "others_unsettled": some(("others",), _SETTLED, (False,)),
            "cases_insufficient": some(("cases",), ("insufficient",), (True, False)),
            "others_insufficient": some(("others",), ("insufficient",), (True, False)),
        }.items():
            four = column.startswith(("true", "false"))
            key = sums.add(("accuracy", name, column, basis if four else ""), row[column], ("accuracy", i, column))
            sums.equal(parts, key)
        for column in _WHO:
            sums.add((column, d), row[column], ("accuracy", i, column))
            sums.equal(some((column,), _STATES, (True, False)), (column, d))
        sums.add(("unlabelled",), row["unlabelled"], ("accuracy", i, "unlabelled"))


_WHO: Final = ("cases", "others")


def _changes(sums: Sums, table: pd.DataFrame) -> None:
    for i, row in _rows(table):
        where = (row["study"], row["nerve"], row["measure"])
        key = {
            c: sums.add(("change", *where, c), row[c], ("changes", i, c))
            for c in ("compared", "better", "unchanged", "worse", "not_comparable")
        }
        sums.equal([key["better"], key["unchanged"], key["worse"]], key["compared"])


def _serial(sums: Sums, tables: Mapping[str, pd.DataFrame]) -> None:
    """Steps from one study to the next are as many for every set; so are those with reversible conduction failure."""
    steps, seen = tables["trajectories"], tables["reversible_conduction_failure"]
    if not len(steps):
        return
    total = int(steps[steps["criteria"] == steps["criteria"].iloc[0]]["n"].sum())
    whole = sums.known(("steps",), total)
    of_set: dict[str, list[Key]] = {}
    before: dict[tuple[str, str], list[Key]] = {}
    after: dict[tuple[str, str], list[Key]] = {}
    for i, row in _rows(steps):
        name, a, b = row["criteria"], row["verdict_before"], row["verdict_after"]
        own = sums.add(("step", name, a, b), row["n"], ("trajectories", i, "n"))
        of_set.setdefault(name, []).append(own)
        before.setdefault((name, a), []).append(own)
        after.setdefault((name, b), []).append(own)
    for own_steps in of_set.values():
        sums.equal(own_steps, whole)
    for key, own_steps in before.items():
        sums.equal(own_steps, sums.known(("steps from", *key), sum(sums.value[k] for k in own_steps)))
    recovered: dict[str, list[Key]] = {}
    for i, row in _rows(seen):
        name, verdict = row["criteria"], row["verdict"]
        place = "reversible_conduction_failure"
        n = sums.add(("follow-up", name, verdict), row["follow_up_studies"], (place, i, "follow_up_studies"))
        yes = sums.add(("recovered", name, verdict), row[place], (place, i, place))
        sums.equal([yes, sums.add(("not recovered", name, verdict), sums.value[n] - sums.value[yes])], n)
        sums.equal(after[name, verdict], n)
        recovered.setdefault(name, []).append(yes)
    most = max((sum(sums.value[k] for k in own) for own in recovered.values()), default=0)
    for name, those in recovered.items():
        rest = most - sum(sums.value[k] for k in those)  # of follow-up studies with insufficient data
        parts = [*those, sums.add(("recovered", name, INSUFFICIENT), rest)]
        sums.equal(parts, sums.known(("recovered",), most))


def _items(sums: Sums, table: pd.DataFrame) -> None:
    for i, row in _rows(table):
        where = (row["criteria"], row["item"])
        parts = ("met", "not_met", "not_evaluable", "not_recorded", "no_limit", "other_reason")
        key = {c: sums.add(("item", *where, c), row[c], ("items", i, c)) for c in parts}
        sums.equal([key["met"], key["not_met"], key["not_evaluable"]], int(row["nerves"]))
        sums.equal([key["not_recorded"], key["no_limit"], key["other_reason"]], key["not_evaluable"])
