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
from matchmaker.matching.lexical import LENGTH_POWER, Bag, Shares, Vocabulary, Weights
from matchmaker.matching.script import script_of

NAMES: Final = ("title", "content", "said", "meaning")
_SAID: Final = NAMES.index("said")


@dataclass(frozen=True, slots=True)
class Query:
    """A demand as its counterparts are compared with it."""

    title: Bag
    content: Bag
    said: Shares
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
    features.values[:, _SAID] = _said(query.said, outcomes.columns.texts)
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
    features.values[:, _SAID] = _said(query.said, outcomes.columns.texts)
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
    values, scale = _weighed(alone, weights)
    title, compared = alone.columns.titles, demands.columns
    titles = [weights.bag(demand.title) for demand in compared.records]
    contents = [weights.bag(demand.content) for demand in compared.records]
    found = np.zeros((len(compared), len(NAMES)), dtype=np.float32)
    found[:, 0] = title.overlaps_of_one(values, titles) * scale
    found[:, 1] = title.overlaps_of_one(values, contents) * scale
    for row, demand in enumerate(compared.records):
        found[row, _SAID] = _said(weights.shares(demand.title), alone.columns.texts)[0]
    found[:, 3] = cosines(demands.vectors, _stored(vector))
    return Features(found, compared.scripts == alone.columns.scripts[0])


def _stored(vector: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """A vector as collections hold it, so that it does not matter where it was taken from."""
    return vector.astype(np.float16).astype(np.float32)


def _said(title: Shares, texts: list[str]) -> NDArray[np.float32]:
    """The share of a demand's title that each text holds."""
    wanted = title.grams
    held = np.array([list(map(text.__contains__, wanted)) for text in texts], dtype=np.float32)
    held = held.reshape(len(texts), len(wanted))
    said: NDArray[np.float32] = np.einsum("ij,j->i", held, title.values)
    return said


def title_features(
    bag: Bag, vector: NDArray[np.float32], others: Found, weights: Weights
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``title`` and ``meaning`` (n,) of any text with some records: what a search goes by."""
    values, scale = _weighed(others, weights)
    alike = others.columns.titles.overlaps(values, bag) * scale
    return alike.astype(np.float32), cosines(others.vectors, vector)
