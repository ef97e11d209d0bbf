"""The rankings that an evaluation compares, as matrices of scores over demands and outcomes.

``lexical`` and ``dense`` are the features ``title`` and ``meaning`` alone; ``default`` is what the
engine orders by, with its probabilities. On the very pairs that a ranking was fitted to, its scores
are made by rankings fitted anew without the demand that is scored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.collection import RecordCollection
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.features import NAMES, Features, Query, compare
from matchmaker.matching.fitting import LabelledDemand, fit_ranking, folds
from matchmaker.matching.lexical import Background, Vocabulary, Weights
from matchmaker.matching.ranking import Ranking
from matchmaker.matching.vectors import encode_records

_FOLDS: Final = 5
Scores = NDArray[np.float32]
# Level by outcome id, by demand id.
Labels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class System:
    """Scores (demands, outcomes), and P(usable) where a system states it.

    ``out_of_fold`` says that no demand was scored by numbers fitted to its own labels.
    """

    scores: Scores
    usable: Scores | None = None
    out_of_fold: bool = False


def compare_all(
    demands: Sequence[Matchable],
    outcomes: Sequence[Matchable],
    encoder: Encoder,
    background: Background,
) -> list[Features]:
    """The features of each demand with every outcome, in the order given.

    Ids must be 0, 1, 2 … on either side.
    """
    vocabulary = Vocabulary(background)
    empty = RecordCollection.empty(encoder.dimension, vocabulary)
    vectors = list(encode_records(encoder, outcomes))
    collection = empty.changed(outcomes, vectors, (), vocabulary)
    weights = Weights(vocabulary, collection.frequency, len(collection))
    found = collection.at(np.arange(len(outcomes)))
    return [
        compare(Query.of(demand, vector, weights), found, weights)
        for demand, vector in zip(demands, encode_records(encoder, demands), strict=True)
    ]


def feature_system(features: Sequence[Features], name: str) -> System:
    """One feature alone as a ranking."""
    return System(np.stack([one.values[:, NAMES.index(name)] for one in features]))


def ranked_system(features: Sequence[Features], ranking: Ranking) -> System:
    """What a ranking says of every pair."""
    evidence = [ranking.weigh(one) for one in features]
    return System(
        np.stack([ranking.expected_gain(one) for one in evidence]).astype(np.float32),
        np.stack([ranking.usable(one) for one in evidence]).astype(np.float32),
    )


def refitted_system(
    features: Sequence[Features], labelled: Mapping[int, LabelledDemand], background: Background
) -> System:
    """What rankings say that were fitted to the other demands' labels, five folds of demands."""
    made: dict[int, tuple[Scores, Scores]] = {}
    for held in folds(_FOLDS, len(features)):
        left = set(held.tolist())
        known = [one for row, one in labelled.items() if row not in left]
        fitted = ranked_system(
            [features[row] for row in held], fit_ranking(known, background, "folds")
        )
        for place, row in enumerate(held.tolist()):
            usable = fitted.usable if fitted.usable is not None else fitted.scores
            made[row] = fitted.scores[place], usable[place]
    ordered = [made[row] for row in range(len(features))]
    return System(
        np.stack([scores for scores, _ in ordered]),
        np.stack([usable for _, usable in ordered]),
        out_of_fold=True,
    )


def labelled_demands(
    features: Sequence[Features],
    labels: Labels,
    demand_ids: Sequence[str],
    outcome_ids: Sequence[str],
) -> dict[int, LabelledDemand]:
    """The labelled pairs of each demand that has any, by its row."""
    column = {key: place for place, key in enumerate(outcome_ids)}
    found = {}
    for row, demand in enumerate(demand_ids):
        told = labels.get(demand)
        if told:
            places = np.array([column[key] for key in told], dtype=np.int64)
            one = features[row]
            found[row] = LabelledDemand(
                Features(one.values[places], one.comparable[places]),
                np.array(list(told.values()), dtype=np.int64),
            )
    return found


def labels_checksum(labels: Labels) -> str:
    """Sixteen hex digits that tell one set of labelled pairs from another."""
    told = sorted(
        (demand, outcome, level) for demand, row in labels.items() for outcome, level in row.items()
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
