from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.exposure import gini


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([], 0), ([0, 0], 0), ([3, 3, 3], 0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25)],
)
def test_known_spreads(counts: list[int], expected: float) -> None:
    assert gini(counts) == pytest.approx(expected)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_it_is_half_the_mean_difference_over_the_mean(counts: list[int]) -> None:
    total, n = sum(counts), len(counts)
    differences = sum(abs(one - other) for one in counts for other in counts)
    expected = differences / (2 * n * total) if total else 0
    assert gini(counts) == pytest.approx(expected, abs=1e-9)
