"""Lexical similarity: cosine of character 1–2-gram TF-IDF, exact over a changing collection.

Weights are those of scikit-learn's ``TfidfVectorizer(analyzer="char", ngram_range=(1, 2))``: raw
counts times ``ln((1 + n) / (1 + df)) + 1``, rows scaled to unit length. Counts are kept; weights
follow from them whenever the collection has changed, so that a collection grown record by record
scores exactly like one built at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Weighted = dict[int, float]


def grams(text: str) -> Counter[str]:
    """Counts of the characters and character pairs of a text; white space runs count as one."""
    folded = " ".join(text.lower().split())
    counted = Counter(folded)
    counted.update(map("".join, pairwise(folded)))
    return counted


class LexicalIndex:
    """Texts by id, searched by character n-grams. Not thread-safe while it changes."""

    def __init__(self) -> None:
        """Start empty."""
        self._columns: dict[str, int] = {}
        self._documents: dict[int, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}
        self._frequency = np.zeros(1_024, dtype=np.int64)
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._matrix: sparse.csr_array | None = None
        self._idf: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def __len__(self) -> int:
        """The number of texts."""
        return len(self._documents)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids in ascending order: the order of the scores of :meth:`scores`."""
        self._settle()
        return self._ids

    def put(self, items: Iterable[tuple[int, str]]) -> None:
        """Add texts or replace those of known ids."""
        for key, text in items:
            self._forget(key)
            counted = grams(text)
            columns = np.fromiter(
                (self._column(gram) for gram in counted), dtype=np.int32, count=len(counted)
            )
            counts = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
            self._documents[key] = (columns, counts)
            self._frequency[columns] += 1
        self._matrix = None

    def remove(self, keys: Iterable[int]) -> None:
        """Take texts out; unknown ids are ignored."""
        for key in keys:
            self._forget(key)
        self._matrix = None

    def scores(self, text: str) -> NDArray[np.float32]:
        """Cosine (len(self),) of a text with every text, in the order of :attr:`ids`."""
        matrix = self._settle()
        query = np.zeros(matrix.shape[1], dtype=np.float32)
        length = 0.0
        unseen = np.log(1 + len(self)) + 1
        for gram, count in grams(text).items():
            column = self._columns.get(gram)
            idf = unseen if column is None else float(self._idf[column])
            length += (count * idf) ** 2
            if column is not None:
                query[column] = count * idf
        if not length or not len(self):
            return np.zeros(len(self), dtype=np.float32)
        return np.asarray(matrix @ (query / np.float32(np.sqrt(length))), dtype=np.float32)

    def rarity(self, text: str) -> float:
        """Mean inverse document frequency of the character pairs of a text."""
        self._settle()
        pairs = [gram for gram in grams(text) if len(gram) > 1] or list(grams(text))
        if not pairs:
            return 0.0
        unseen = float(np.log(1 + len(self)) + 1)
        found = [
            float(self._idf[self._columns[gram]]) if gram in self._columns else unseen
            for gram in pairs
        ]
        return sum(found) / len(found)

    def _column(self, gram: str) -> int:
        column = self._columns.setdefault(gram, len(self._columns))
        if column >= len(self._frequency):
            self._frequency = np.concatenate([self._frequency, np.zeros_like(self._frequency)])
        return column

    def _forget(self, key: int) -> None:
        if key in self._documents:
            self._frequency[self._documents.pop(key)[0]] -= 1

    def _settle(self) -> sparse.csr_array:
        """Make the weights follow the counts, if anything has changed."""
        if self._matrix is not None:
            return self._matrix
        keys = sorted(self._documents)
        width = len(self._columns)
        self._ids = np.array(keys, dtype=np.int64)
        frequency = self._frequency[:width]
        self._idf = (np.log((1 + len(keys)) / (1 + frequency)) + 1).astype(np.float32)
        documents: Sequence[tuple[NDArray[np.int32], NDArray[np.float32]]] = [
            self._documents[key] for key in keys
        ]
        lengths = [len(columns) for columns, _ in documents]
        columns = np.concatenate([c for c, _ in documents] or [np.zeros(0, dtype=np.int32)])
        weights = np.concatenate([w for _, w in documents] or [np.zeros(0, dtype=np.float32)])
        weights = weights * self._idf[columns]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        rows = np.repeat(np.arange(len(keys)), lengths)
        norms = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(keys)))
        weights /= np.maximum(norms, 1e-12)[rows].astype(np.float32)
        self._matrix = sparse.csr_array(
            (weights.astype(np.float32), columns, starts), shape=(len(keys), width)
        )
        return self._matrix
