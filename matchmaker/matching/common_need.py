"""Grouping demands that ask for nearly the same, and how far the groups can be trusted.

Likeness is half what titles share in telling words, half nearness of meaning. Groups are joined by
average linkage as long as two of them are alike enough on average: no chain of neighbours runs from
one topic to another, and no number of groups has to be guessed. Which of the clusterings tried is
the most stable is told in docs/decisions/0021.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score

from matchmaker.matching.terms import shared_terms, side

if TYPE_CHECKING:
    from matchmaker.domain.matchable import Matchable
    from matchmaker.matching.collection import Found
    from matchmaker.matching.encoder import Encoder
    from matchmaker.matching.lexical import Weights

# Two groups are one while their records are this far apart on average: measured, see the decision.
APART: Final = 0.65
DRAWS: Final = 50
_SEED: Final = 20_261_126
# Demands on different chains are never one need.
_NEVER: Final = 2.0
_TERMS: Final = 3
# A longer term tells more, up to this many characters.
_TELLING_LENGTH: Final = 6

Distances = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Records that ask for nearly the same, by row, the one nearest to all others first.

    ``stability`` is how much of it samples drawn anew find again: the mean of the best Jaccard
    index with one of their groups.
    """

    rows: tuple[int, ...]
    stability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Groups of two and more, and how well samples drawn anew agree: the mean adjusted Rand index.

    Without any group everything stands alone in each sample too: the index is 1.
    """

    groups: tuple[Group, ...]
    agreement: float


def distances(found: Found, weights: Weights) -> Distances:
    """How unalike any two records are (n, n), 0 to 1; 2 where both stand on different chains."""
    count = len(found.columns)
    titles = found.columns.titles
    values, lengths = titles.weights(weights)
    scaled = values / np.repeat(np.where(lengths > 0, lengths, 1), np.diff(titles.starts))
    width = int(titles.columns.max(initial=0)) + 1
    rows = csr_matrix((scaled, titles.columns, titles.starts), shape=(count, width))
    words = (rows @ rows.T).toarray()
    meaning = found.vectors @ found.vectors.T
    apart: Distances = 1 - (np.clip(words, 0, 1) + np.clip(meaning, 0, 1)) / 2
    apart = (apart + apart.T) / 2
    apart[_on_other_chains(found.columns.records)] = _NEVER
    np.fill_diagonal(apart, 0)
    return apart.astype(np.float64)


def group(apart: Distances, *, draws: int = DRAWS) -> Grouping:
    """Group records by their distances and measure how stable that is under resampling.

    Each sample draws as many records as there are, with repetition, and is compared on those drawn.
    """
    count = len(apart)
    labels = cut(apart)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    members = [rows for rows in members if len(rows) > 1]
    numbers = np.random.default_rng(_SEED)
    agreed: list[float] = []
    again: list[list[float]] = [[] for _ in members]
    for _ in range(draws if members else 0):
        drawn = np.unique(numbers.integers(0, count, count))
        other = np.full(count, -1)
        other[drawn] = cut(apart[np.ix_(drawn, drawn)])
        agreed.append(float(adjusted_rand_score(labels[drawn], other[drawn])))
        for rows, indices in zip(members, again, strict=True):
            held = rows[other[rows] >= 0]
            if len(held) > 1:
                indices.append(_best_jaccard(held, other))
    return Grouping(
        groups=tuple(
            Group(rows=_nearest_first(rows, apart), stability=float(np.mean(indices or [0.0])))
            for rows, indices in zip(members, again, strict=True)
        ),
        agreement=float(np.mean(agreed or [1.0])),
    )


def cut(apart: Distances) -> Labels:
    """The label of each record's group by average linkage; a record alone is its own group."""
    if len(apart) < 2:  # noqa: PLR2004 - nothing to join
        return np.zeros(len(apart), dtype=np.int64)
    tree = linkage(squareform(apart, checks=False), method="average")
    return np.asarray(fcluster(tree, APART, criterion="distance"), dtype=np.int64)


def telling_terms(records: Sequence[Matchable], encoder: Encoder, weights: Weights) -> list[str]:
    """What a group is called: telling terms of its first record's title that others share.

    Without any, the title.
    """
    first = side(records[0].title, encoder.words(records[0].title))
    worth: dict[str, float] = {}
    for other in records[1:]:
        there = side(other.content, encoder.words(other.content))
        for term in shared_terms(first, there, weights.rarity):
            length = min(len(term.text), _TELLING_LENGTH) ** 0.5
            worth[term.text] = worth.get(term.text, 0) + weights.rarity(term.text) * length
    chosen: list[str] = []
    for text in sorted(worth, key=lambda one: (-worth[one], one)):
        if not any(text in other or other in text for other in chosen):
            chosen.append(text)
    return chosen[:_TERMS] or [records[0].title]


def _best_jaccard(held: Labels, other: Labels) -> float:
    """How much of a group's drawn records the best group of a sample is."""
    best = 0.0
    for label in np.unique(other[held]):
        inside = int(np.count_nonzero(other[held] == label))
        whole = len(held) + int(np.count_nonzero(other == label)) - inside
        best = max(best, inside / whole)
    return best


def _nearest_first(rows: Labels, apart: Distances) -> tuple[int, ...]:
    within = apart[np.ix_(rows, rows)].sum(axis=1)
    return tuple(rows[np.lexsort((rows, within))].tolist())


def _on_other_chains(records: Sequence[Matchable]) -> NDArray[np.bool_]:
    """Which pairs (n, n) are both placed and share no chain."""
    codes = sorted({code for one in records for code in one.chains})
    on = np.zeros((len(records), len(codes)), dtype=np.float32)
    for row, one in enumerate(records):
        on[row, [codes.index(code) for code in one.chains]] = 1
    placed = on.sum(axis=1) > 0
    other: NDArray[np.bool_] = (on @ on.T == 0) & placed[:, None] & placed[None, :]
    return other
