"""Derived limits: known ones are found again, the small samples are refused, the table is one that --reference takes."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from ncs_analyzer.cli import commands
from ncs_analyzer.reference.boxcox import back, transformed
from ncs_analyzer.reference.derive.central import central
from ncs_analyzer.reference.derive.enorms import e_norms, plateau
from ncs_analyzer.reference.derive.estimate import TooFewError
from ncs_analyzer.reference.derive.healthy import healthy
from ncs_analyzer.reference.measures import unit_and_side
from ncs_analyzer.reference.people import People
from ncs_analyzer.reference.tables import load_reference
from tests.reference.simulated import HEALTHY, Z97, error_in_sd, laboratory, nobody, truth

STUDY = {"minimal_f_latency": "f_wave"}
WITHIN = {200: 1.0, 1000: 0.6, 10000: 0.35}
"""Most SD of the healthy by which the fit of the central part may be off; docs/derive.md tabulates the usual error."""


def side(measure: str) -> str:
    return unit_and_side(STUDY.get(measure, "motor"), measure)[1]


@pytest.mark.parametrize("n", WITHIN)
@pytest.mark.parametrize("share", [0.1, 0.25, 0.4])
@pytest.mark.parametrize("measure", HEALTHY)
def test_known_limits_are_found_in_mixed_data(measure: str, share: float, n: int) -> None:
    rng = np.random.default_rng(7)
    values = laboratory(measure, n, share, rng)
    found = central(values, nobody(n), measure, side(measure), bootstraps=0).rows[0].limit
    assert found is not None
    upper = side(measure) == "upper"
    plain = float(np.quantile(values, 0.97 if upper else 0.03))
    assert abs(error_in_sd(measure, found)) < WITHIN[n]
    assert abs(error_in_sd(measure, found)) < abs(error_in_sd(measure, plain))


def test_the_interval_covers_the_truth_and_is_the_same_every_time() -> None:
    values = laboratory("distal_latency", 1000, 0.1, np.random.default_rng(1), "clear")
    first, second = (central(values, nobody(1000), "distal_latency", "upper", bootstraps=40, seed=3) for _ in range(2))
    assert first == second
    ci = first.rows[0].ci
    assert ci is not None
    assert ci[0] < truth("distal_latency") < ci[1]


def test_effects_of_age_and_sex_are_found() -> None:
    rng = np.random.default_rng(2)
    n = 1500
    age, man = rng.uniform(20, 80, n), rng.random(n) < 0.5
    values = (3.2 + 0.008 * age + 0.2 * man + rng.normal(0, 0.3, n)) * np.where(rng.random(n) < 0.2, 1.5, 1.0)
    blank = np.full(n, np.nan)
    people = People(age, blank, blank, np.where(man, "M", "F").astype(object), blank)
    estimate = central(values, people, "distal_latency", "upper", bootstraps=0)
    assert {row.sex for row in estimate.rows} == {"F", "M"}
    for row in estimate.rows:
        for years in (30, 50, 70):
            c = row.coefficients
            at = c["intercept"] + c["per_year"] * years + (row.sd or 0) * c["sd_multiplier"]
            limit = float(back(np.array([at]), row.power)[0])
            assert limit == pytest.approx(3.2 + 0.008 * years + 0.2 * (row.sex == "M") + Z97 * 0.3, abs=0.08)


def test_plateau_lies_between_the_inflections() -> None:
    flat = np.linspace(3.0, 4.0, 800)
    ordered = np.concatenate([np.linspace(0.0, 3.0, 100), flat, np.linspace(4.0, 12.0, 100)])
    first, last = plateau(np.sort(ordered))
    assert first == pytest.approx(100, abs=60)
    assert last == pytest.approx(900, abs=60)
    assert e_norms(ordered, "distal_latency", "upper").rows[0].limit == pytest.approx(4.1, abs=0.15)


# ---------------------------------------------------------------- labelled healthy subjects


def test_percentile_of_the_healthy_with_its_interval() -> None:
    rng = np.random.default_rng(4)
    values = laboratory("distal_latency", 150, 0.0, rng)
    found = healthy(values, nobody(150), "distal_latency", "upper")
    assert found.method == "percentile"
    assert found.rows[0].limit == pytest.approx(np.quantile(values, 0.97))
    ci = found.rows[0].ci
    assert ci is not None
    assert ci[0] < truth("distal_latency") < ci[1]


def test_few_healthy_subjects_give_mean_and_sd_of_the_logarithms() -> None:
    values = laboratory("amplitude", 80, 0.0, np.random.default_rng(5))
    found = healthy(values, nobody(80), "amplitude", "lower")
    assert found.method == "parametric"
    assert found.rows[0].limit is not None
    assert abs(error_in_sd("amplitude", found.rows[0].limit)) < 0.5


@pytest.mark.parametrize(("n", "method"), [(300, "regression"), (900, "splines")])
def test_quantile_regression_of_the_healthy(n: int, method: str) -> None:
    rng = np.random.default_rng(6)
    age, height = rng.uniform(20, 80, n), rng.normal(170, 9, n)
    values = 26 + 0.12 * (height - 170) + 0.05 * (age - 50) + rng.normal(0, 1.0, n)
    people = People(age, height, np.full(n, np.nan), np.full(n, "", object), np.full(n, np.nan))
    found = healthy(values, people, "minimal_f_latency", "upper")
    assert found.method == method
    for years, cm in ((30, 160), (50, 170), (70, 185)):
        row = next(r for r in found.rows if r.age_min is None or r.age_min <= years < (r.age_max or 0))
        c = row.coefficients
        assert row.sd is not None
        at = c["intercept"] + c.get("per_year", 0) * years + c["per_cm"] * cm + row.sd * c["sd_multiplier"]
        middle = years if row.age_min is None else row.age_min + 2.5
        assert at == pytest.approx(26 + 0.12 * (cm - 170) + 0.05 * (middle - 50) + 1.88, abs=0.7)


def test_too_few_are_refused() -> None:
    values = laboratory("distal_latency", 39, 0.0, np.random.default_rng(0))
    for call in (
        lambda: healthy(values, nobody(39), "distal_latency", "upper"),
        lambda: central(values, nobody(39), "distal_latency", "upper"),
        lambda: e_norms(values, "distal_latency", "upper"),
    ):
        with pytest.raises(TooFewError, match="39 patients"):
            call()


@pytest.mark.parametrize("power", [None, 0.0, 0.5, 1.0])
def test_the_scale_goes_there_and_back(power: float | None) -> None:
    values = np.array([0.1, 1.0, 7.5, 120.0])
    assert back(transformed(values, power), power) == pytest.approx(values)


# ---------------------------------------------------------------- the command


def test_the_table_is_one_that_reference_takes(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    dml, cmap = laboratory("distal_latency", 300, 0.2, rng), laboratory("amplitude", 300, 0.2, rng)
    lines = [
        "patient_id,age_years,sex,group,study,nerve,side,recording,stimulation,latency_ms,amplitude_mv,distance_mm"
    ]
    lines += [
        f"p{i},{30 + i % 40},{'FM'[i % 2]},{'control' if i % 2 else 'patient'},motor,median,right,APB,wrist,{a},{b},80"
        for i, (a, b) in enumerate(zip(dml, cmap, strict=True))
    ]
    export, table = tmp_path / "export.csv", tmp_path / "own.csv"
    export.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = ["reference", "derive", str(export), "-o", str(table), "--bootstrap", "20", "--quiet"]
    CliRunner().invoke(commands, run, standalone_mode=False, catch_exceptions=False)
    text = table.read_text(encoding="utf-8")
    assert text.startswith("# Limits derived by ncs-analyzer")
    limits = {limit.measure: limit for limit in load_reference([table]).sources[0].limits}
    assert set(limits) == {"distal_latency", "amplitude"}
    assert limits["distal_latency"].distance_mm == 80
    assert limits["distal_latency"].n == 300
    assert limits["amplitude"].power == 0
    CliRunner().invoke(commands, [*run, "--force"], standalone_mode=False, catch_exceptions=False)
    assert table.read_text(encoding="utf-8") == text
    CliRunner().invoke(commands, [*run, "--force", "--healthy", "control", "--plots", str(tmp_path / "plots")],
                       standalone_mode=False, catch_exceptions=False)  # fmt: skip
    assert load_reference([table]).sources[0].limits[0].n == 150
    assert len(list((tmp_path / "plots").glob("*.png"))) == 2
