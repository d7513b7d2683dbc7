"""Intervals against statsmodels and scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import relative_risk
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from ncs_analyzer.cohort.intervals import kappa, ratio_of_proportions, wilson


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson(case):
    k, n = case
    found = wilson(k, n)
    assert (found.low, found.high) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-12)
    assert found.low <= found.value <= found.high


def test_wilson_of_nothing_is_unknown():
    assert np.isnan(wilson(0, 0).value)


@given(st.integers(2, 5).flatmap(lambda k: st.lists(st.integers(0, 50), min_size=k * k, max_size=k * k)))
def test_kappa(cells):
    k = round(len(cells) ** 0.5)
    table = np.array(cells, float).reshape(k, k)
    found = kappa(table)
    if table.sum() == 0 or np.isnan(found.value):
        return
    with np.errstate(all="ignore"):
        expected = cohens_kappa(table)
    assert found.value == pytest.approx(expected.kappa, abs=1e-9)
    if max(table.sum(axis=0).max(), table.sum(axis=1).max()) == table.sum():
        assert np.isnan(found.low)
        assert np.isnan(found.high)
        return
    assert found.low == pytest.approx(max(expected.kappa_low, -1), abs=1e-7)
    assert found.high == pytest.approx(min(expected.kappa_upp, 1), abs=1e-7)


@given(*(st.integers(1, 200) for _ in range(4)))
def test_likelihood_ratio(a, b, c, d):
    found = ratio_of_proportions(a, a + b, c, c + d)
    expected = relative_risk(a, a + b, c, c + d)
    interval = expected.confidence_interval()
    assert found.value == pytest.approx(expected.relative_risk)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
