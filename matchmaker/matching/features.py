"""How alike a demand and an outcome are: four numbers for each pair, more meaning more alike.

* ``title`` – the cosine of the titles' n-grams, a long outcome title set back by less than its
  length (pivoted length normalisation, Singhal et al. 1996).
* ``content`` – the same between all that the demand says and the outcome's title.
* ``said`` – the share of the demand's title, by weight, that the outcome says anywhere.
* ``meaning`` – the cosine of the encoder's vectors.

Letters of different scripts are not compared: there ``meaning`` alone is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.collection import Columns, Found
from matchmaker.matching.dense import cosines
from matchmaker.matching.lexical import LENGTH_POWER, Bag, Vocabulary, Weights, grams
from matchmaker.matching.script import script_of

NAMES: Final = ("title", "content", "said", "meaning")
_SAID: Final = NAMES.index("said")


@dataclass(frozen=True, slots=True)
class Query:
    """A demand as its counterparts are compared with it."""

    title: Bag
    content: Bag
    said: tuple[tuple[str, float], ...]
    script: str
    vector: NDArray[np.float32]

    @classmethod
    def of(cls, demand: Matchable, vector: NDArray[np.floating[Any]], weights: Weights) -> Query:
        """Weigh a demand's words."""
        told = {gram: weights.telling(gram) for gram in grams(demand.title)}
        total = sum(told.values()) or 1.0
        return cls(
            weights.bag(demand.title),
            weights.bag(demand.content),
            tuple((gram, value / total) for gram, value in told.items()),
            script_of(demand.title),
            _stored(vector),
        )


@dataclass(frozen=True, slots=True)
class Features:
    """One row a pair: values (n, 4) in the order of ``NAMES``, and whether letters compare (n,)."""

    values: NDArray[np.float32]
    comparable: NDArray[np.bool_]


Weigh = Callable[[Features], NDArray[np.float64]]


def compare(query: Query, outcomes: Found, weights: Weights) -> Features:
    """The features of a demand with each of some outcomes."""
    features = compare_titles(query, outcomes, weights)
    features.values[:, _SAID] = _said(query, outcomes.columns.texts)
    return features


def compare_best(
    query: Query, outcomes: Found, weights: Weights, weigh: Weigh, best: int
) -> tuple[Found, Features]:
    """:func:`compare` for the ``best`` of some outcomes, weighed by all but what their texts say.

    Reading the texts takes longer than everything else.
    """
    features = compare_titles(query, outcomes, weights)
    if len(features.comparable) > best:
        likeness = weigh(features)
        rows = np.sort(np.argpartition(-likeness, best - 1)[:best])
        outcomes = outcomes.take(rows)
        features = Features(features.values[rows], features.comparable[rows])
    features.values[:, _SAID] = _said(query, outcomes.columns.texts)
    return outcomes, features


def compare_titles(query: Query, outcomes: Found, weights: Weights) -> Features:
    """The features of a demand with each of some outcomes, but for what their texts say."""
    columns = outcomes.columns
    values, lengths = columns.titles.weights(weights)
    scale = np.maximum(lengths, np.float32(1e-6)) ** np.float32(-LENGTH_POWER)
    found = np.zeros((len(columns), len(NAMES)), dtype=np.float32)
    found[:, 0] = columns.titles.overlaps(values, query.title) * scale
    found[:, 1] = columns.titles.overlaps(values, query.content) * scale
    found[:, 3] = cosines(outcomes.vectors, query.vector)
    return Features(found, columns.scripts == query.script)


def compare_outcome(
    outcome: Matchable,
    vector: NDArray[np.float32],
    demands: Found,
    weights: Weights,
    vocabulary: Vocabulary,
) -> Features:
    """The features of an outcome with each of some demands: those of each demand with it."""
    alone = Found(Columns.of([outcome], vocabulary), vector.astype(np.float16)[None])
    rows = [
        compare(Query.of(demand, of, weights), alone, weights)
        for demand, of in zip(demands.columns.records, demands.vectors, strict=True)
    ]
    if not rows:
        return Features(np.zeros((0, len(NAMES)), np.float32), np.zeros(0, np.bool_))
    return Features(
        np.concatenate([row.values for row in rows]),
        np.concatenate([row.comparable for row in rows]),
    )


def _stored(vector: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """A vector as collections hold it, so that it does not matter where it was taken from."""
    return vector.astype(np.float16).astype(np.float32)


def _said(query: Query, texts: list[str]) -> NDArray[np.float32]:
    """The share of a demand's title that each text holds."""
    if not texts or not query.said:
        return np.zeros(len(texts), dtype=np.float32)
    wanted = [gram for gram, _ in query.said]
    held = np.array([list(map(text.__contains__, wanted)) for text in texts], dtype=np.float32)
    shares = np.array([share for _, share in query.said], dtype=np.float32)
    said: NDArray[np.float32] = np.einsum("ij,j->i", held.reshape(-1, len(wanted)), shares)
    return said


def title_features(
    bag: Bag, vector: NDArray[np.float32], others: Found, weights: Weights
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``title`` and ``meaning`` (n,) of any text with some records: what a search goes by."""
    columns = others.columns
    values, lengths = columns.titles.weights(weights)
    scale = np.maximum(lengths, np.float32(1e-6)) ** np.float32(-LENGTH_POWER)
    alike = columns.titles.overlaps(values, bag) * scale
    return alike.astype(np.float32), cosines(others.vectors, vector)
