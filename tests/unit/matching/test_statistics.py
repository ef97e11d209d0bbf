"""Intervals and tests, against values by hand and by SciPy."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from matchmaker.matching.statistics import (
    Figure,
    compare,
    interval,
    mean_figure,
    resamples,
    sign_flip,
    wilson,
)


def test_every_resample_draws_as_many_demands_as_there_are() -> None:
    drawn = resamples(30)
    assert drawn.shape == (2_000, 30)
    assert (drawn.sum(axis=1) == 30).all()
    assert drawn.mean() == pytest.approx(1)
    assert (resamples(30) == drawn).all()


def test_the_interval_of_a_mean_is_that_of_scipy() -> None:
    values = np.random.default_rng(1).beta(2, 3, size=80)
    ours = mean_figure(values, resamples(80, 9_999))
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=9_999, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours.value == pytest.approx(values.mean())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.003)


def test_demands_that_do_not_count_are_left_out() -> None:
    values = np.array([0.2, np.nan, 0.4, np.nan, 0.6])
    figure = mean_figure(values, resamples(5))
    assert figure.value == pytest.approx(0.4)
    assert figure.demands == 3
    assert 0.2 <= figure.low <= 0.4 <= figure.high <= 0.6


def test_nothing_counted_gives_no_number() -> None:
    nothing = mean_figure(np.full(3, np.nan), resamples(3))
    assert nothing.demands == 0
    assert math.isnan(nothing.value)
    assert all(map(math.isnan, interval(np.array([np.nan]))))


def test_a_figure_that_never_varies_has_no_width() -> None:
    assert mean_figure(np.full(9, 0.5), resamples(9)) == Figure(0.5, 0.5, 0.5, 9)


def test_the_permutation_test_is_the_exact_one_up_to_chance() -> None:
    differences = np.array([0.3, 0.1, -0.05, 0.2, 0.15, 0.02, -0.1, 0.25])
    exact = np.mean(
        [
            abs(np.dot(signs, differences)) >= abs(differences.sum()) - 1e-12
            for signs in itertools.product((-1, 1), repeat=len(differences))
        ]
    )
    assert sign_flip(differences) == pytest.approx(exact, abs=0.01)


def test_the_permutation_test_agrees_with_scipy_on_many_demands() -> None:
    differences = np.random.default_rng(3).normal(0.02, 0.1, size=117)
    theirs = stats.permutation_test(
        (differences, np.zeros(117)),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        n_resamples=9_999,
        vectorized=True,
        rng=np.random.default_rng(4),
    )
    assert sign_flip(differences) == pytest.approx(theirs.pvalue, abs=0.015)


def test_equal_rankings_differ_by_nothing() -> None:
    values = np.random.default_rng(5).random(20)
    same = compare(values, values)
    assert same.difference == Figure(0.0, 0.0, 0.0, 20)
    assert same.p == 1.0
    assert not same.significant
    assert sign_flip(np.zeros(0)) == 1.0


def test_only_demands_that_count_for_both_are_compared() -> None:
    told = compare(np.array([1.0, 0.5, np.nan, 0.7]), np.array([0.5, np.nan, 0.2, 0.6]))
    assert told.difference.demands == 2
    assert (told.first, told.second) == pytest.approx((0.85, 0.55))
    assert told.difference.value == pytest.approx(0.3)


@given(st.lists(st.floats(-1, 1, allow_nan=False), min_size=1, max_size=30))
def test_which_ranking_is_named_first_changes_the_sign_and_nothing_else(found: list[float]) -> None:
    first, second = np.array(found), np.zeros(len(found))
    one, other = compare(first, second), compare(second, first)
    assert one.p == other.p
    assert one.difference.value == -other.difference.value
    assert one.difference.low == pytest.approx(-other.difference.high)
    assert 0 < one.p <= 1
    assert not (one.lost and other.lost)


def test_a_clear_loss_is_told_from_chance() -> None:
    numbers = np.random.default_rng(6)
    better = numbers.random(60)
    worse = better - numbers.uniform(0.0, 0.2, size=60)
    assert compare(worse, better).lost
    assert not compare(better, worse).lost
    noise = better + numbers.normal(0, 0.1, size=60)
    assert not compare(noise, better).lost


def test_the_test_calls_chance_significant_about_one_time_in_twenty() -> None:
    numbers = np.random.default_rng(7)
    called = [sign_flip(numbers.normal(0, 1, size=25), 999) < 0.05 for _ in range(400)]
    assert 0.02 < np.mean(called) < 0.09


@pytest.mark.parametrize(("successes", "count"), [(0, 10), (10, 10), (3, 10), (1, 400), (250, 400)])
def test_the_interval_of_a_share_is_that_of_scipy(successes: int, count: int) -> None:
    theirs = stats.binomtest(successes, count).proportion_ci(0.95, method="wilson")
    assert wilson(successes, count) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_share_of_nothing_may_be_anything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
