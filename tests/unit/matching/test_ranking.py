from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.features import NAMES, Features
from matchmaker.matching.fitting import LabelledDemand, fit_ranking, folds
from matchmaker.matching.lexical import Background
from matchmaker.matching.ranking import (
    SHIPPED,
    THRESHOLDS,
    Ranking,
    RankingError,
    level_of,
    ranking_of,
    read_ranking,
)

shares = st.floats(-0.5, 1.5, width=32)


def features(*rows: list[float], comparable: bool = True) -> Features:
    values = np.array(rows, dtype=np.float32)
    return Features(values, np.full(len(values), comparable))


@given(
    st.lists(shares, min_size=4, max_size=4),
    st.integers(0, 3),
    st.floats(0, 1, width=32),
    st.booleans(),
)
def test_more_likeness_never_lowers_the_probability(
    row: list[float], which: int, more: float, comparable: bool
) -> None:
    ranking = read_ranking(SHIPPED)
    raised = [value + more * (place == which) for place, value in enumerate(row)]
    low, high = ranking.weigh(features(row, raised, comparable=comparable))
    assert high >= low
    probabilities = ranking.at_least(np.array([low, high]))
    assert np.all(probabilities[1] >= probabilities[0])
    assert np.all(np.diff(probabilities, axis=1) <= 0)
    assert ranking.expected_gain(np.array([high])) >= ranking.expected_gain(np.array([low]))


def test_a_pair_is_weighed_alike_whatever_stands_beside_it() -> None:
    numbers = np.random.default_rng(1).random((50, 4)).astype(np.float32)
    ranking = read_ranking(SHIPPED)
    together = ranking.weigh(Features(numbers, np.ones(50, dtype=bool)))
    for row in range(50):
        assert ranking.weigh(Features(numbers[[row]], np.ones(1, dtype=bool)))[0] == together[row]


def test_across_scripts_meaning_stands_for_what_letters_cannot_say() -> None:
    ranking = read_ranking(SHIPPED)
    alike = [0.0, 0.0, 0.0, 0.7]
    same, across = (
        ranking.usable(ranking.weigh(features(alike, comparable=flag)))[0] for flag in (True, False)
    )
    assert across > same


def test_levels_begin_at_their_thresholds() -> None:
    assert level_of(0.0) == 0
    for level, threshold in enumerate(THRESHOLDS, start=1):
        assert level_of(threshold) == level
        assert level_of(threshold - 1e-6) == level - 1


def test_a_ranking_is_read_as_it_was_written(tmp_path: Path) -> None:
    ranking = dataclasses.replace(read_ranking(SHIPPED), background=Background(9, {"碳纤": 3.0}))
    ranking.write(tmp_path)
    again = read_ranking(tmp_path)
    assert again == ranking
    assert again.checksum == ranking.checksum
    assert ranking_of(str(tmp_path)) == ranking
    assert ranking_of("no-such-folder") == read_ranking(SHIPPED)


def test_another_number_is_another_version() -> None:
    ranking = read_ranking(SHIPPED)
    other = dataclasses.replace(ranking, weights=(*ranking.weights[:3], 0.5))
    assert other.checksum != ranking.checksum


@pytest.mark.parametrize("text", ["", "{}", '{"features": {}}', "[1]"])
def test_a_damaged_ranking_is_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "ranking.json").write_text(text, encoding="utf-8")
    with pytest.raises(RankingError, match=r"embeddings\.recipe\.rank"):
        read_ranking(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": (1.0, -0.1, 0.0, 0.0)},
        {"weights": (1.0,)},
        {"evidence": (3.0, 2.0, 1.0, 0.0, -1.0)},
        {"cuts": (3.0, 2.0, 1.0)},
    ],
)
def test_numbers_under_which_more_would_count_less_are_refused(wrong: dict[str, object]) -> None:
    ranking = read_ranking(SHIPPED)
    values = {one.name: getattr(ranking, one.name) for one in dataclasses.fields(ranking)}
    with pytest.raises(RankingError):
        Ranking(**values | wrong)


def demand_of(numbers: np.random.Generator, scale: float = 1.0) -> LabelledDemand:
    """Outcomes whose level follows the sum of their features, with noise."""
    values = numbers.random((40, len(NAMES))).astype(np.float32)
    values[:, 0] *= scale
    wish = 3 * (values.sum(axis=1) - values[:, 0] + values[:, 0] / scale) - 7
    levels = np.digitize(wish + numbers.logistic(0, 1, 40), [-1, 0, 1]).astype(np.int64)
    return LabelledDemand(Features(values, np.ones(40, dtype=bool)), levels)


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
def test_fitting_states_true_probabilities_whatever_a_feature_is_measured_in(scale: float) -> None:
    numbers = np.random.default_rng(4)
    ranking = fit_ranking([demand_of(numbers, scale) for _ in range(60)], Background(), "made up")
    assert ranking.weights[0] * scale == pytest.approx(ranking.weights[1], rel=0.05)
    fresh = [demand_of(numbers, scale) for _ in range(100)]
    stated = np.concatenate([ranking.usable(ranking.weigh(one.features)) for one in fresh])
    usable = np.concatenate([one.levels >= 2 for one in fresh])
    order = np.argsort(stated)
    for rows in np.array_split(order, 5):
        assert stated[rows].mean() == pytest.approx(usable[rows].mean(), abs=0.06)


def test_fitting_gives_the_same_numbers_for_the_same_labels() -> None:
    demands = [demand_of(np.random.default_rng(seed)) for seed in range(12)]
    assert fit_ranking(demands, Background(), "a") == fit_ranking(demands, Background(), "a")


def test_folds_hold_every_demand_once() -> None:
    held = folds(5, 23)
    assert sorted(itertools.chain(*(part.tolist() for part in held))) == list(range(23))
