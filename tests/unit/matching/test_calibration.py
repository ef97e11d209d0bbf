"""Calibration, against values by hand and by scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from matchmaker.matching.calibration import (
    Pairs,
    bin_of,
    calibrate,
    reliability,
    risk_coverage,
)
from matchmaker.matching.statistics import resamples


def _pairs(stated: list[float], usable: list[int], demand: list[int] | None = None) -> Pairs:
    return Pairs(
        np.array(stated),
        np.array(usable, dtype=bool),
        np.array(demand if demand is not None else [0] * len(stated)),
    )


def _sample(count: int, *, overstated: float = 0.0, seed: int = 0, demands: int = 100) -> Pairs:
    """Pairs whose outcomes follow their stated probabilities, less what these overstate."""
    numbers = np.random.default_rng(seed)
    stated = numbers.beta(1, 4, size=count)
    usable = numbers.random(count) < np.clip(stated - overstated, 0, 1)
    return Pairs(stated, usable, numbers.integers(0, demands, size=count))


def test_the_bins_are_those_of_scikit_learn() -> None:
    pairs = _sample(3_000)
    observed, stated = calibration_curve(pairs.usable, pairs.stated, n_bins=10, strategy="quantile")
    bins = reliability(pairs)
    assert [one.observed for one in bins] == pytest.approx(observed)
    assert [one.stated for one in bins] == pytest.approx(stated)
    assert {one.count for one in bins} == {300}
    assert all(one.low <= one.observed <= one.high for one in bins)


def test_the_error_is_the_mean_distance_of_the_bins() -> None:
    pairs = _sample(500, overstated=0.1, seed=1)
    bins = reliability(pairs)
    by_hand = sum(one.count * abs(one.stated - one.observed) for one in bins) / 500
    assert calibrate(pairs, resamples(100)).ece.value == pytest.approx(by_hand)


def test_four_pairs_give_the_error_that_one_computes_by_hand() -> None:
    found = calibrate(_pairs([0.0, 0.2, 0.8, 1.0], [0, 1, 1, 0], [0, 1, 2, 3]), resamples(4))
    assert found.ece.value == pytest.approx((0.0 + 0.8 + 0.2 + 1.0) / 4)
    assert found.brier.value == pytest.approx((0 + 0.64 + 0.04 + 1) / 4)
    assert found.usable == 0.5


def test_the_brier_score_is_that_of_scikit_learn() -> None:
    pairs = _sample(800, seed=2)
    found = calibrate(pairs, resamples(100)).brier
    assert found.value == pytest.approx(brier_score_loss(pairs.usable, pairs.stated))
    assert found.low < found.value < found.high


def test_true_probabilities_have_hardly_any_error_and_overstated_ones_show_it() -> None:
    drawn = resamples(100, 100)
    assert calibrate(_sample(50_000), drawn).ece.value < 0.01
    overstated = calibrate(_sample(50_000, overstated=0.1), drawn).ece
    assert overstated.value > 0.06
    assert overstated.low > 0.05
    assert overstated.low <= overstated.value <= overstated.high


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(0, 4)), min_size=1, max_size=60)
)
def test_whatever_is_stated_every_figure_is_a_share(rows: list[tuple[float, bool, int]]) -> None:
    stated, usable, demand = zip(*rows, strict=True)
    pairs = _pairs(list(stated), [int(one) for one in usable], list(demand))
    found = calibrate(pairs, resamples(5, 50))
    assert 0 <= found.ece.value <= 1
    assert 0 <= found.brier.value <= 1
    assert sum(one.count for one in found.bins) == len(rows) == found.pairs
    assert found.curve[-1].coverage == 1
    assert found.curve[-1].precision == pytest.approx(found.usable)
    coverages = [point.coverage for point in found.curve]
    assert coverages == sorted(set(coverages))
    assert all(0 <= figure.value <= 1 for _, figure in found.coverage)


def test_pairs_stated_alike_share_a_bin_and_a_point() -> None:
    pairs = _pairs([0.1] * 50 + [0.9], [0] * 40 + [1] * 11)
    assert len(set(bin_of(pairs.stated)[:50])) == 1
    points = risk_coverage(pairs)
    assert [(point.coverage, point.precision) for point in points] == [
        pytest.approx((1 / 51, 1.0)),
        pytest.approx((1.0, 11 / 51)),
    ]


def test_the_coverage_at_a_precision_is_the_largest_share_that_attains_it() -> None:
    # Surest first: usable, not, usable, not, not, usable, not, not, not, not.
    usable = [1, 0, 1, 0, 0, 1, 0, 0, 0, 0]
    pairs = _pairs([1 - place / 10 for place in range(10)], usable, list(range(10)))
    found = dict(calibrate(pairs, resamples(10), (0.5, 0.3, 0.9, 1.0)).coverage)
    assert found[0.5].value == pytest.approx(0.6)  # 3 of the first 6
    assert found[0.3].value == pytest.approx(1.0)  # 3 of 10
    assert found[0.9].value == pytest.approx(0.1)  # the first alone
    assert found[1.0].value == pytest.approx(0.1)


def test_a_precision_that_nothing_attains_covers_nothing() -> None:
    found = dict(calibrate(_pairs([0.9, 0.1], [0, 0], [0, 1]), resamples(2), (0.5,)).coverage)
    assert (found[0.5].value, found[0.5].low, found[0.5].high) == (0, 0, 0)


def test_a_long_curve_is_drawn_with_few_points_from_end_to_end() -> None:
    pairs = _sample(5_000, seed=3)
    curve, all_of_it = calibrate(pairs, resamples(100)).curve, risk_coverage(pairs)
    assert len(curve) <= 60 < len(all_of_it)
    assert (curve[0], curve[-1]) == (all_of_it[0], all_of_it[-1])


def test_pairs_of_one_demand_are_drawn_together() -> None:
    alone = _sample(2_000, seed=4, demands=2_000)
    bound = Pairs(alone.stated, alone.usable, np.repeat(np.arange(20), 100))
    together = Pairs(
        np.sort(alone.stated), alone.usable[np.argsort(alone.stated)], np.repeat(np.arange(20), 100)
    )
    widths = [
        calibrate(pairs, resamples(20)).brier.high - calibrate(pairs, resamples(20)).brier.low
        for pairs in (bound, together)
    ]
    assert widths[1] > widths[0]
