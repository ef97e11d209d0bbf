from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchmaker.matching import dense
from matchmaker.matching.dense import DenseIndex, cosines

DIMENSION = 8


def vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> NDArray[np.float16]:
    made = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float16)


def textual(count: int, seed: int = 3, dimension: int = 256) -> NDArray[np.float16]:
    """Vectors that mix a few directions, as texts mix a few subjects, each with its own noise."""
    subjects = np.random.default_rng(2).standard_normal((16, dimension))
    numbers = np.random.default_rng(seed)
    made = numbers.standard_normal((count, 16)) @ subjects
    made += numbers.normal(0, 0.5, (count, dimension))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float16)


@given(
    st.integers(0, 30),
    st.integers(0, 35),
    st.integers(0, 1_000),
    st.sets(st.integers(0, 29)) | st.none(),
)
def test_the_index_finds_what_comparing_everything_finds(
    count: int, top: int, seed: int, permitted: set[int] | None
) -> None:
    held, query = vectors(count), vectors(1, seed + 1)[0].astype(np.float32)
    allowed = None
    if permitted is not None:
        allowed = np.isin(np.arange(count), list(permitted))
    found = DenseIndex(held).nearest(query, top, allowed)
    rows = [row for row in range(count) if permitted is None or row in permitted]
    expected = sorted(rows, key=lambda row: (-cosines(held[[row]], query)[0], row))[:top]
    assert found.tolist() == expected


def test_a_cosine_does_not_depend_on_its_neighbours() -> None:
    held, query = vectors(100, dimension=64), vectors(1, 9, 64)[0].astype(np.float32)
    together = cosines(held, query)
    alone = [cosines(held[[row]], query)[0] for row in range(100)]
    np.testing.assert_array_equal(together, alone)


@pytest.fixture(scope="module")
def many() -> tuple[NDArray[np.float16], DenseIndex]:
    held = textual(dense.EXACT + 10_000)
    return held, DenseIndex(held)


@pytest.mark.parametrize("share", [1.0, 0.3, 0.02, 0.001])
def test_beyond_exact_search_codes_lose_little_however_selective_a_filter(
    many: tuple[NDArray[np.float16], DenseIndex], share: float
) -> None:
    held, index = many
    allowed = np.random.default_rng(5).random(len(held)) < share
    found, wanted = 0, 0
    for query in textual(40, seed=8).astype(np.float32):
        nearness = np.where(allowed, cosines(held, query), -2)
        truth = set(np.argsort(-nearness)[: min(50, allowed.sum())].tolist())
        rows = index.nearest(query, 50, None if share == 1 else allowed)
        assert allowed[rows].all() or share == 1
        found, wanted = found + len(truth & set(rows.tolist())), wanted + len(truth)
    assert found / wanted >= 0.97


def test_an_index_grows_without_learning_its_codes_anew(
    many: tuple[NDArray[np.float16], DenseIndex],
) -> None:
    held, index = many
    more = vectors(50, 7, 256)
    grown = index.plus(more)
    for row in (0, 17, 49):
        assert grown.nearest(more[row].astype(np.float32), 1).tolist() == [len(held) + row]
    assert len(index.vectors) == len(held)
