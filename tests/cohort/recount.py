"""The tables of a cohort, counted a second time from what the registry was made of; nothing of the program is used.

`python -m tests.cohort.recount ROUNDS FOLDER` makes a registry of ROUNDS times 125 studies, runs `batch` and `cohort` as
a user would, and compares every table.
"""

import json
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats.contingency import relative_risk
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from tests.cohort.registry import (
    EXPECTED,
    LIMITS,
    SENSORY_LIMITS,
    Study,
    registry,
    rows_of,
    write_limits,
    write_registry,
)

UNITS = {"latency": "ms", "duration": "ms", "velocity": "m/s", "area": "mV*ms"}


def command(*arguments, **options) -> subprocess.CompletedProcess:
    """The real command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ncs_analyzer", *map(str, arguments)], capture_output=True, text=True, **options
    )


def made(rounds: int, folder: Path) -> tuple[list[Study], dict[str, int]]:
    """A registry in its folder, and what its files hold."""
    studies = registry(rounds)
    files = write_registry(folder / "in", studies)
    write_limits(folder / "lab.csv")
    return studies, files


# ---------------------------------------------------------------- what a study holds


def readings_of(study: Study) -> list[dict]:
    """Every reading of one study with its grade and percent of the limit, by the limits of the registry."""
    found = []
    for r in rows_of(study):
        key = {
            "study": r["study"], "nerve": r["nerve"], "side": r["side"], "recording": r["recording"],
            "stimulation": r["stimulation"],
        }  # fmt: skip
        distal = r["stimulation"] in ("wrist", "ankle", "calf")
        for measure, column, unit, kind, limit in _measures(r, distal):
            value = r.get(column)
            if value is None and not (r["response"] == "absent" and column == _main(r)):
                continue
            if value is None:
                grade, percent = "absent", None
            elif limit is None:
                grade, percent = "no_limit", None
            else:
                beyond = value > limit if kind == "upper" else value < limit
                grade = ("high" if kind == "upper" else "low") if beyond else "normal"
                percent = 100.0 * value / limit
            found.append(key | {"measure": measure, "unit": unit, "value": value, "grade": grade, "percent": percent})
    return found


def _main(r):
    return {"motor": "amplitude_mv", "sensory": "amplitude_uv", "f_wave": "latency_ms"}[r["study"]]


def _measures(r, distal):
    nerve = r["nerve"]
    if r["study"] == "motor":
        dml, cmap, mcv, _ = LIMITS[nerve]
        return (
            ("distal_latency" if distal else "proximal_latency", "latency_ms", "ms", "upper", dml if distal else None),
            ("amplitude", "amplitude_mv", "mV", "lower", cmap),
            ("area", "area_mvms", "mV*ms", "lower", None),
            ("duration", "duration_ms", "ms", "upper", None),
            ("velocity", "velocity_m_per_s", "m/s", "lower", mcv),
        )
    if r["study"] == "sensory":
        snap, scv = SENSORY_LIMITS[nerve]
        return (
            ("onset_latency", "latency_ms", "ms", "upper", None),
            ("amplitude", "amplitude_uv", "uV", "lower", snap),
            ("velocity", "velocity_m_per_s", "m/s", "lower", scv),
        )
    return (("minimal_f_latency", "latency_ms", "ms", "upper", LIMITS[nerve][3]),)


# ---------------------------------------------------------------- the tables


def check_batch(folder: Path, studies: list[Study], files: dict[str, int]) -> None:
    """What `batch` wrote, against the composition."""
    listed = pd.read_csv(folder / "files.csv")
    assert {Path(name).name: n for name, n in zip(listed["file"], listed["rows_read"], strict=True)} == files
    assert (listed["rows_read"] == listed["rows_used"]).all()
    assert (listed["rows_reported"] == 0).all()
    table = pd.read_csv(folder / "studies.csv", keep_default_na=False)
    assert table["patient_id"].tolist() == [s.patient for s in studies]
    assert table["study_date"].tolist() == [s.date for s in studies]
    readings = pd.read_csv(folder / "readings.csv", low_memory=False)
    assert (readings["measure"] != "distance").sum() == sum(len(readings_of(s)) for s in studies)


def verdicts_by_study(folder: Path, studies: list[Study]) -> pd.DataFrame:
    """The verdicts of a batch, checked: by hand where EXPECTED says them, and the same for every study of a template
    and kind of file."""
    table = pd.read_csv(folder / "verdicts.csv", keep_default_na=False)
    assert len(table) == len(studies) * table["criteria"].nunique()
    assert (table["patient_id"].to_numpy()[::20] == [s.patient for s in studies]).all()
    table["template"] = np.repeat([s.template for s in studies], 20)
    table["wide"] = np.repeat([s.where == "wide" for s in studies], 20)
    kinds = table.groupby(["template", "wide", "criteria"])[["verdict", "settled", "fulfilled"]].nunique()
    assert (kinds == 1).all().all(), kinds[(kinds != 1).any(axis=1)]
    for template, verdicts in EXPECTED.items():
        own = table[table["template"] == template].groupby("criteria")["verdict"].agg(set)
        for name, verdict in verdicts.items():
            if not (name == "dads_tli" and template in ("normal", "mmn")):
                assert own[name] == {verdict}, (template, name, own[name])
    return table


def close(found, expected):
    """Equal as numbers, missing included."""
    np.testing.assert_allclose(
        np.asarray(found, float), np.asarray(expected, float), rtol=1e-9, atol=1e-12, equal_nan=True
    )


def check_cohort(out: Path, batch: Path, studies: list[Study], files: dict[str, int]) -> None:
    """Every table of a cohort by group and label."""
    verdicts = verdicts_by_study(batch, studies)
    verdicts["study"] = np.repeat(np.arange(len(studies)), 20)
    people = pd.DataFrame([vars(s) for s in studies])
    tables = {
        p.stem: pd.read_csv(p, keep_default_na=False, na_values=[""], low_memory=False) for p in out.glob("*.csv")
    }
    groups = {"all": np.ones(len(people), bool)}
    named = people["group"].fillna("not known")
    groups |= {name: (named == name).to_numpy() for name in sorted(set(named))}
    _flow(tables["flow"], people, verdicts, files)
    _characteristics(tables["characteristics"], people, groups)
    _abnormality(tables["abnormality"], studies, groups)
    _frequency(tables["verdict_frequency"], verdicts, groups)
    wide = verdicts.pivot(index="study", columns="criteria", values="verdict")
    fulfilled = verdicts.pivot(index="study", columns="criteria", values="fulfilled").astype(bool)
    settled = verdicts.pivot(index="study", columns="criteria", values="settled").astype(bool)
    disease = dict(zip(verdicts["criteria"], verdicts["disease"], strict=True))
    order = list(dict.fromkeys(verdicts["criteria"]))
    _agreement(tables["agreement"], wide, fulfilled, disease, order)
    _cross(tables["cross_tables"], wide, disease, order)
    if "accuracy" in tables:
        _accuracy(tables["accuracy"], wide, fulfilled, settled, disease, people["label"])
        counted = people["label"].fillna("not known").value_counts()
        assert dict(zip(tables["labels"]["label"], tables["labels"]["n"], strict=True)) == counted.to_dict()
    _serial(tables, people, wide)
    _missing(tables["missing_data"], people)
    _data_set(tables, people, wide, studies)


def _flow(table, people, verdicts, files):
    judged = verdicts[verdicts["verdict"] != "insufficient_data"]["study"].nunique()
    some = verdicts[verdicts["fulfilled"].astype(bool)]["study"].nunique()
    n = dict(zip(table["step"], table["n"], strict=True))
    assert n["files and sheets read"] == len(files)
    assert n["rows read"] == n["rows used"] == sum(files.values())
    assert n["rows reported with an issue"] == 0
    assert n["patients"] == people["patient"].nunique()
    assert n["studies"] == len(people)
    assert n["studies with enough to name a pattern"] == (people["template"] != "sural_only").sum()
    assert n["studies that at least one criteria set could be applied to"] == judged
    assert n["studies that fulfil at least one set"] == some


def _characteristics(table, people, groups):
    assert list(dict.fromkeys(table["group"])) == list(groups)
    motor = people["template"].map(lambda t: 0 if t == "sural_only" else 8)
    for name, own in groups.items():
        rows = table[table["group"] == name]
        assert set(rows["studies"]) == {own.sum()}
        assert set(rows["patients"]) == {people[own]["patient"].nunique()}
        for words, values in (
            ("Age, years", people["age"]),
            ("Height, cm", people["height"]),
            ("Motor nerves studied", motor),
        ):
            row, known = rows[rows["variable"] == words].iloc[0], values[own].dropna().astype(float)
            assert (row["known"], row["missing"]) == (len(known), own.sum() - len(known))
            close(
                row[["mean", "sd", "median", "q1", "q3", "min", "max"]].tolist(),
                [known.mean(), known.std(), *np.percentile(known, [50, 25, 75]), known.min(), known.max()],
            )
        sexes = rows[rows["variable"] == "Sex"]
        counted = Counter(people[own]["sex"].dropna())
        assert dict(zip(sexes["level"], sexes["n"].astype(int), strict=True)) == counted
        close(sexes["percent"], [100 * counted[s] / counted.total() for s in sexes["level"]])


def _abnormality(table, studies, groups):
    kinds = {}
    for s in studies:
        kinds.setdefault((s.template, s.turn), pd.DataFrame(readings_of(s)))
    number = pd.Series([(s.template, s.turn) for s in studies])
    keys = ["study", "nerve", "measure", "recording", "stimulation", "unit"]
    for name, own in groups.items():
        counts = Counter(number[own])
        parts = [kinds[kind].loc[kinds[kind].index.repeat(n)] for kind, n in counts.items()]
        whole = pd.concat(parts, ignore_index=True)
        rows = table[table["group"] == name].set_index(keys)
        expected = whole.groupby(keys)
        assert set(expected.groups) == set(rows.index), set(expected.groups) ^ set(rows.index)
        for key, r in expected:
            row, judged = rows.loc[key], r[r["grade"] != "no_limit"]
            assert row["tested"] == len(r)
            assert row["absent"] == (r["grade"] == "absent").sum()
            assert row["no_limit"] == (r["grade"] == "no_limit").sum()
            assert row["judged"] == len(judged)
            assert row["not_used"] == 0
            bad = judged["grade"] != "normal"
            assert row["abnormal"] == bad.sum()
            close(row["percent_abnormal"], 100 * bad.mean() if len(judged) else np.nan)
            for column, prefix in (("value", ""), ("percent", "percent_of_limit_")):
                values = r[column].dropna().astype(float)
                q = np.percentile(values, [25, 50, 75]) if len(values) else [np.nan] * 3
                close(row[[prefix + "q1", prefix + "median", prefix + "q3"]].tolist(), q)


def _frequency(table, verdicts, groups):
    for name, own in groups.items():
        rows = table[table["group"] == name].set_index(["criteria", "verdict"])
        mine = verdicts[own[verdicts["study"]]]
        counted = mine.groupby(["criteria", "verdict"])["settled"].agg(["size", "sum"])
        assert set(counted.index) == set(rows.index)
        assert (rows["n"].loc[counted.index] == counted["size"]).all()
        assert (rows["settled"].loc[counted.index] == counted["sum"]).all()
        close(rows["percent"].loc[counted.index], 100 * counted["size"] / own.sum())


def _agreement(table, wide, fulfilled, disease, order):
    found = table.set_index(["set_1", "set_2", "compared"])
    for one, other in combinations(order, 2):
        both = (wide[one] != "insufficient_data") & (wide[other] != "insufficient_data")
        for what, frame in (("fulfilled", fulfilled), ("verdict", wide)):
            if (one, other, what) not in found.index:
                assert what == "verdict"
                continue
            a, b = frame.loc[both, one], frame.loc[both, other]
            row = found.loc[(one, other, what)]
            assert (row["studies"], row["agreed"]) == (both.sum(), (a == b).sum())
            if not both.any():
                continue
            close(row["percent_agreement"], 100 * (a == b).mean())
            names = sorted({*a, *b})
            if len(names) < 2:
                assert np.isnan(row["kappa"])
                continue
            square = pd.crosstab(a, b).reindex(index=names, columns=names, fill_value=0)
            expected = cohens_kappa(square.to_numpy())
            close(row["kappa"], expected.kappa)
            if expected.var_kappa > 1e-12:  # the oracle takes a root of rounding errors
                ends = [max(expected.kappa_low, -1), min(expected.kappa_upp, 1)]
                close([row["kappa_low"], row["kappa_high"]], ends)
    assert ("gbs_rajabally_2015", "gbs_hadden_1998", "verdict") in found.index
    assert all(disease[a] == disease[b] for a, b, what in found.index if what == "verdict")


def _cross(table, wide, disease, order):
    pairs = [(a, b) for a, b in combinations(order, 2) if disease[a] == disease[b]]
    assert list(dict.fromkeys(zip(table["set_1"], table["set_2"], strict=True))) == pairs
    for (one, other), own in table.groupby(["set_1", "set_2"]):
        expected = pd.crosstab(wide[one], wide[other])
        for _, row in own.iterrows():
            n = expected.loc[row["verdict_1"], row["verdict_2"]]
            assert row["n"] == n > 0
            close(row["percent_of_verdict_1"], 100 * n / expected.loc[row["verdict_1"]].sum())
            close(row["percent_of_verdict_2"], 100 * n / expected[row["verdict_2"]].sum())
        assert own["n"].sum() == len(wide)


def _accuracy(table, wide, fulfilled, settled, disease, label):
    known = label.notna().to_numpy()
    for _, row in table.iterrows():
        name = row["criteria"]
        case = (label == disease[name]).to_numpy()
        enough, yes = (wide[name] != "insufficient_data").to_numpy(), fulfilled[name].to_numpy()
        used = enough & (settled[name].to_numpy() if row["basis"] == "settled" else True)
        tp, fn = (known & case & used & yes).sum(), (known & case & used & ~yes).sum()
        fp, tn = (known & ~case & used & yes).sum(), (known & ~case & used & ~yes).sum()
        four = ["true_positive", "false_negative", "false_positive", "true_negative"]
        assert row[four].tolist() == [tp, fn, fp, tn]
        assert row[["cases", "others", "unlabelled"]].tolist() == [
            (known & case).sum(), (known & ~case).sum(), (~known).sum()
        ]  # fmt: skip
        assert row["cases_insufficient"] == (known & case & ~enough).sum()
        assert row["others_unsettled"] == (known & ~case & enough & ~settled[name].to_numpy()).sum()
        shares = {"sensitivity": (tp, tp + fn), "specificity": (tn, tn + fp), "positive_predictive_value": (tp, tp + fp),
                  "negative_predictive_value": (tn, tn + fn)}  # fmt: skip
        for measure, (k, n) in shares.items():
            expected = [k / n, *proportion_confint(k, n, method="wilson")] if n else [np.nan] * 3
            close(row[[measure, f"{measure}_low", f"{measure}_high"]].tolist(), expected)
        if min(tp, fp, tp + fn, fp + tn):
            expected = relative_risk(int(tp), int(tp + fn), int(fp), int(fp + tn))
            interval = expected.confidence_interval()
            plr = "positive_likelihood_ratio"
            close(
                row[[plr, f"{plr}_low", f"{plr}_high"]].tolist(),
                [expected.relative_risk, interval.low, interval.high],
            )


def _serial(tables, people, wide):
    steps = Counter()
    for _, own in people.groupby("patient"):
        for a, b in zip(own.index[:-1], own.index[1:], strict=True):
            for name in wide:
                steps[name, wide.loc[a, name], wide.loc[b, name]] += 1
    table = tables["trajectories"]
    keys = zip(table["criteria"], table["verdict_before"], table["verdict_after"], strict=True)
    assert dict(zip(keys, table["n"], strict=True)) == steps
    # MMN to normal: the block of two nerves resolved, with shorter latencies
    seen = tables["reversible_conduction_failure"]
    later = people[people["visit"] > 0]
    before = people.loc[later.index - 1, "template"].to_numpy()
    recovered = pd.Series(
        [(a, b) in {("mmn", "normal"), ("cidp", "normal"), ("aman", "axonal")} for a, b in
         zip(before, later["template"], strict=True)], index=later.index
    )  # fmt: skip
    for name, own in seen.groupby("criteria"):
        mine = wide.loc[later.index, name]
        for _, row in own.iterrows():
            assert row["follow_up_studies"] == (mine == row["verdict"]).sum()
            assert row["reversible_conduction_failure"] == (recovered & (mine == row["verdict"])).sum()
    changes = tables["changes"]
    both = changes[(changes["nerve"] == "median") & (changes["measure"] == "distal_latency")].iloc[0]
    pairs = Counter(zip(before, later["template"], strict=True))
    better = pairs["cidp", "normal"]  # 8.0 to 3.5 ms; the others change by less than a tenth
    assert (both["better"], both["worse"]) == (2 * better, 0)
    assert both["unchanged"] == 2 * (len(later) - better)


def _missing(table, people):
    found = table.set_index("variable")
    for ours, theirs in (("sex", "sex"), ("height_cm", "height"), ("group", "group"), ("diagnosis", "label")):
        assert found.loc[ours, "missing"] == people[theirs].isna().sum()
        assert found.loc[ours, "known"] == people[theirs].notna().sum()


def _data_set(tables, people, wide, studies):
    data = tables["studies_wide"]
    assert data["patient_id"].tolist() == people["patient"].tolist()
    assert data["cidp_ean_pns_2021"].tolist() == wide["cidp_ean_pns_2021"].tolist()
    column = next(c for c in data if c.startswith("s_sura_r") and c.endswith("amp_uv"))
    wanted = ("sural", "right", "amplitude")
    expected = [
        next((r["value"] for r in readings_of(s) if (r["nerve"], r["side"], r["measure"]) == wanted), None)
        for s in studies
    ]  # fmt: skip
    close(data[column], expected)
    long = tables["readings_long"]
    assert len(long) == sum(len(readings_of(s)) for s in studies)


def main() -> None:
    """Make, run, compare."""
    rounds, folder = int(sys.argv[1]), Path(sys.argv[2])
    studies, files = made(rounds, folder)
    for arguments in (
        ("batch", folder / "in", "-o", folder / "batch", "--reference", folder / "lab.csv", "--quiet"),
        ("cohort", folder / "batch", "-o", folder / "cohort", "--by", "group", "--label", "diagnosis"),
    ):
        done = command(*arguments)
        print(" ".join(map(str, arguments)), done.returncode, done.stderr[-400:])
        assert done.returncode == 0
    check_batch(folder / "batch", studies, files)
    check_cohort(folder / "cohort", folder / "batch", studies, files)
    print(json.dumps({"studies": len(studies), "as made": True}))


if __name__ == "__main__":
    main()
