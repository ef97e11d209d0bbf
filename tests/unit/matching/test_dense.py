from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchmaker.matching.dense import DenseIndex

DIMENSION = 8


def vector(seed: int) -> NDArray[np.float32]:
    made = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made), dtype=np.float32)


changes = st.lists(
    st.tuples(st.sampled_from(("put", "remove")), st.integers(0, 12), st.integers(0, 10_000)),
    max_size=40,
)


def grown(steps: list[tuple[str, int, int]]) -> tuple[DenseIndex, dict[int, NDArray[np.float32]]]:
    """An index and a plain dictionary that went through the same changes."""
    index, plain = DenseIndex(DIMENSION), {}
    for step, key, seed in steps:
        if step == "put":
            index.put([key], vector(seed)[None, :])
            plain[key] = vector(seed)
        else:
            index.remove([key])
            plain.pop(key, None)
    return index, plain


@given(changes, st.integers(0, 10_000), st.integers(0, 15), st.sets(st.integers(0, 12)) | st.none())
def test_the_index_finds_what_comparing_everything_finds(
    steps: list[tuple[str, int, int]], seed: int, top: int, allowed: set[int] | None
) -> None:
    index, plain = grown(steps)
    query = vector(seed)
    candidates = plain if allowed is None else {key: plain[key] for key in allowed & plain.keys()}
    expected = sorted((-float(one @ query), key) for key, one in candidates.items())[:top]
    filtered = None if allowed is None else np.array(sorted(allowed), dtype=np.int64)
    keys, cosines = index.search(query, top, filtered)
    np.testing.assert_allclose(cosines, [-cosine for cosine, _ in expected], atol=1e-6)
    for key, cosine in zip(keys.tolist(), cosines.tolist(), strict=True):
        np.testing.assert_allclose(float(plain[key] @ query), cosine, atol=1e-6)
    assert len(set(keys.tolist())) == len(expected)


@given(changes, st.integers(0, 10_000))
def test_all_cosines_come_in_the_order_of_ids(steps: list[tuple[str, int, int]], seed: int) -> None:
    index, plain = grown(steps)
    expected = [float(plain[key] @ vector(seed)) for key in sorted(plain)]
    np.testing.assert_allclose(index.all_cosines(vector(seed)), expected, atol=1e-6)


def test_a_copy_changes_by_itself() -> None:
    index = DenseIndex(DIMENSION)
    index.put([1, 2], np.stack([vector(1), vector(2)]))
    twin = index.copy()
    twin.remove([1])
    twin.put([3], vector(3)[None, :])
    index.put([2], vector(4)[None, :])
    assert index.search(vector(1), 5)[0].tolist()[0] == 1
    assert sorted(index.search(vector(1), 5)[0].tolist()) == [1, 2]
    assert sorted(twin.search(vector(1), 5)[0].tolist()) == [2, 3]
    np.testing.assert_array_equal(twin.vectors([2])[0], vector(2))


def test_vectors_come_back_as_they_were_put() -> None:
    index = DenseIndex(DIMENSION)
    index.put([7, 5], np.stack([vector(7), vector(5)]))
    np.testing.assert_array_equal(index.vectors([5, 7]), np.stack([vector(5), vector(7)]))
    assert index.vectors([]).shape == (0, DIMENSION)
