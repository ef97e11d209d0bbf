"""The metrics of each demand, against values by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from matchmaker.matching.metrics import METRICS, measurable, per_demand

OUTCOMES = [f"o{number:02}" for number in range(80)]
LEVELS = [0, 3, 0, 2, 1, 0, 0, 2, 0, 0, 1, 0]


def _scores(*rows: dict[int, float]) -> np.ndarray:
    """Scores (demands, 80), 0 unless given."""
    made = np.zeros((len(rows), len(OUTCOMES)), dtype=np.float32)
    for row, values in enumerate(rows):
        for place, value in values.items():
            made[row, place] = value
    return made


def _labels(levels: list[int]) -> dict[str, int]:
    return dict(zip(OUTCOMES, levels, strict=False))


def test_a_ranking_in_the_order_of_the_labels_has_the_values_one_computes_by_hand() -> None:
    falling = _scores({place: 1 - place / 100 for place in range(12)})
    found = per_demand(falling, {"d": _labels(LEVELS)}, ["d"], OUTCOMES)
    gains = [2**level - 1 for level in LEVELS]
    discounts = [1 / math.log2(rank + 2) for rank in range(12)]
    attained = sum(g * d for g, d in zip(gains[:10], discounts, strict=False))
    best = sum(g * d for g, d in zip(sorted(gains, reverse=True)[:10], discounts, strict=False))
    assert found["ndcg@10"] == pytest.approx([attained / best])
    assert found["p@5"] == pytest.approx([2 / 5])
    assert found["mrr"] == pytest.approx([1 / 2])
    assert found["recall@50"] == pytest.approx([1.0])


@given(st.permutations(range(12)))
def test_the_gain_is_that_of_scikit_learn(order: list[int]) -> None:
    scores = _scores({place: float(score) for place, score in enumerate(order)})
    found = per_demand(scores, {"d": _labels(LEVELS)}, ["d"], OUTCOMES)["ndcg@10"][0]
    gains = np.array([[2**level - 1 for level in LEVELS]])
    assert found == pytest.approx(ndcg_score(gains, scores[:, :12], k=10))


def test_recall_counts_usable_outcomes_among_the_best_fifty_of_all() -> None:
    # The unlabelled outcomes come first, so that 12 labelled ones share the places 69 to 80.
    scores = _scores({place: float(place) for place in range(80)})
    assert per_demand(scores, {"d": _labels(LEVELS)}, ["d"], OUTCOMES)["recall@50"] == [0.0]
    # One of three usable ones among the first fifty.
    scores[0, 1] = 1_000
    found = per_demand(scores, {"d": _labels(LEVELS)}, ["d"], OUTCOMES)
    assert found["recall@50"] == pytest.approx([1 / 3])


def test_demands_count_only_where_their_labels_allow() -> None:
    labels = {
        "few": _labels([3] * 9),
        "none": _labels([0] * 12),
        "weak": _labels([1] + [0] * 11),
        "full": _labels(LEVELS),
    }
    ids = ["unlabelled", *labels]
    found = per_demand(_scores(*({} for _ in ids)), labels, ids, OUTCOMES)
    counted = {name: [bool(one) for one in np.isfinite(found[name])] for name in METRICS}
    assert counted["ndcg@10"] == [False, False, False, True, True]
    for name in ("p@5", "mrr", "recall@50"):
        assert counted[name] == [False, False, False, False, True]


def test_labels_are_measurable_with_ten_of_one_demand_and_a_usable_one_among_them() -> None:
    assert measurable({"d": _labels(LEVELS)})
    assert not measurable({"d": _labels([3] * 9)})
    assert not measurable({"d": _labels([1] * 12)})
    assert not measurable({})
