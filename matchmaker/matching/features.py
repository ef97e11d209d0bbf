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
from matchmaker.matching.lexical import LENGTH_POWER, Bag, Vocabulary, Weights
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
        return cls(
            weights.bag(demand.title),
            weights.bag(demand.content),
            weights.shares(demand.title),
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
    return _compared(query, outcomes, *_weighed(outcomes, weights))


def _weighed(outcomes: Found, weights: Weights) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The weights of the entries of titles, and what sets each title back by its length."""
    values, lengths = outcomes.columns.titles.weights(weights)
    return values, np.maximum(lengths, np.float32(1e-6)) ** np.float32(-LENGTH_POWER)


def _compared(
    query: Query, outcomes: Found, values: NDArray[np.float32], scale: NDArray[np.float32]
) -> Features:
    columns = outcomes.columns
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
    weighed = _weighed(alone, weights)
    found = np.zeros((len(demands.columns), len(NAMES)), dtype=np.float32)
    comparable = np.zeros(len(found), dtype=np.bool_)
    for row, (demand, of) in enumerate(zip(demands.columns.records, demands.vectors, strict=True)):
        query = Query.of(demand, of, weights)
        pair = _compared(query, alone, *weighed)
        found[row], comparable[row] = pair.values[0], pair.comparable[0]
        found[row, _SAID] = _said(query, alone.columns.texts)[0]
    return Features(found, comparable)


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
    values, scale = _weighed(others, weights)
    alike = others.columns.titles.overlaps(values, bag) * scale
    return alike.astype(np.float32), cosines(others.vectors, vector)
