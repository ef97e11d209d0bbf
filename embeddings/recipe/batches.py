"""The batches that training sees: what stands in one is told apart.

Texts are lists of word ids. Two things make a batch teach more. Words that both texts of a pair
share are often taken out of one of them: the lexical ranker sees those anyway, and the encoder is
to learn what it cannot see. And from the second epoch on batches hold pairs that lie near each
other already: against random texts everything is told apart after one epoch.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Ids = list[int]
IdPair = tuple[Ids, Ids]
Encode = Callable[[list[Ids]], NDArray[np.float32]]

OVERLAP_DROPOUT = 0.8
_NEAR_TOGETHER = 16  # pairs of a cluster, on average
_CLUSTER_ROUNDS = 4


def without_overlap(pair: IdPair, rng: random.Random) -> IdPair:
    """Remove shared words from one side or the other, each with a probability."""
    a, b = pair
    for word in set(a) & set(b):
        if rng.random() < OVERLAP_DROPOUT:
            if rng.random() < 0.5:  # noqa: PLR2004 - either side
                a = [index for index in a if index != word]
            else:
                b = [index for index in b if index != word]
    return a, b


def neighbours_together(pairs: list[IdPair], encode: Encode, epoch: int) -> list[IdPair]:
    """The pairs in an order in which those with near first texts stand together."""
    import faiss

    vectors = encode([first for first, _ in pairs])
    count = max(8, len(pairs) // _NEAR_TOGETHER)
    clusters = faiss.Kmeans(
        vectors.shape[1],
        count,
        niter=_CLUSTER_ROUNDS,
        seed=epoch,
        max_points_per_centroid=64,
        spherical=True,
    )
    clusters.train(vectors)
    found = clusters.index.search(vectors, 1)[1][:, 0]
    order = random.Random(epoch).sample(range(count), count)  # noqa: S311 - reproducible, not secret
    rank = np.argsort(order)
    return [pairs[row] for row in np.argsort(rank[found], kind="stable")]


def cut(pairs: list[IdPair], size: int) -> Iterator[list[IdPair]]:
    """Full batches of pairs; what is left over comes in another epoch."""
    for start in range(0, len(pairs) - size + 1, size):
        yield pairs[start : start + size]


def of_subjects(
    families: list[dict[str, list[Ids]]], size: int, rng: random.Random
) -> tuple[list[IdPair], list[str]]:
    """Pairs of texts of one subject each, and the subjects' names."""
    family = rng.choices(families, weights=_FAMILY_WEIGHTS[: len(families)])[0]
    names = list(family)
    pairs, told = [], []
    for _ in range(size):
        name = rng.choice(names)
        a, b = without_overlap((rng.choice(family[name]), rng.choice(family[name])), rng)
        if a and b:
            pairs.append((a, b))
            told.append(name)
    return pairs, told


_FAMILY_WEIGHTS = (3, 2, 1)  # disciplines are the cleanest, categories the coarsest
