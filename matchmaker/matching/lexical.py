"""Lexical similarity: cosine of character 1–2-gram TF-IDF, exact over a changing collection.

Latin words count as wholes, without those that every sentence has: two English texts share most of
their letter pairs whatever they are about.

Weights are those of scikit-learn's ``TfidfVectorizer(analyzer="char", ngram_range=(1, 2))``: raw
counts times ``ln((1 + n) / (1 + df)) + 1``, rows scaled to unit length. Counts are kept; weights
follow from them whenever the collection has changed, so that a collection grown record by record
scores exactly like one built at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# What a query's n-gram that no text holds adds to the query's length, as a share of the weight of
# the rarest: 0 is scikit-learn's cosine, and makes every overlap look large in a small collection.
UNSEEN_SHARE: Final = 0.5

_LETTERS: Final = r"a-z\u00c0-\u024f"
_PIECES: Final = re.compile(rf"(?P<word>[{_LETTERS}][{_LETTERS}0-9]*)|[^\s{_LETTERS}]+")
_FUNCTION_WORDS: Final = frozenset(
    """
    a an and are as at be by can for from has have in is it its less more not of on or per than
    that the their this to under was we were which with without you your
    """.split()  # noqa: SIM905 - a list of words reads best as a text
)

_Counts = tuple[NDArray[np.int32], NDArray[np.float32]]


def folded(text: str) -> str:
    """A text as letters are compared: full-width forms narrowed, lower case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def grams(text: str) -> Counter[str]:
    """Counts of a folded text's characters and character pairs, Latin words counting as one."""
    counted: Counter[str] = Counter()
    for match in _PIECES.finditer(folded(text)):
        piece = match.group()
        if match["word"]:
            if piece not in _FUNCTION_WORDS:
                counted[_stem(piece)] += 1
        else:
            counted.update(piece)
            counted.update(map("".join, pairwise(piece)))
    return counted


def _stem(word: str) -> str:
    """A word without the commonest English endings, so that fibre meets fibres."""
    for ending in ("ing", "es", "s", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word.removesuffix(ending).rstrip("e")
    return word.rstrip("e") if len(word) > 4 else word  # noqa: PLR2004 - short words keep their form


class LexicalIndex:
    """Texts by id, searched by character n-grams.

    Not to be searched while it changes: :meth:`copy` it, change the copy, :meth:`settle`, and swap.
    A settled index is only read by its searches.
    """

    def __init__(
        self,
        columns: Mapping[str, int] | None = None,
        documents: Mapping[int, _Counts] | None = None,
        frequency: NDArray[np.int64] | None = None,
    ) -> None:
        """Start empty, or with the column of each n-gram, the counts by id and by column."""
        self._columns = dict(columns or {})
        self._documents = dict(documents or {})
        self._frequency = np.zeros(1_024, np.int64) if frequency is None else frequency.copy()
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._matrix: sparse.csr_array | None = None
        self._idf: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def __len__(self) -> int:
        """The number of texts."""
        return len(self._documents)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids in ascending order: the order of the scores of :meth:`scores`."""
        self.settle()
        return self._ids

    def copy(self) -> LexicalIndex:
        """An index of the same texts that changes by itself."""
        return LexicalIndex(self._columns, self._documents, self._frequency)

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
        matrix = self.settle()
        query = np.zeros(matrix.shape[1], dtype=np.float32)
        length = 0.0
        for gram, count in grams(text).items():
            column = self._columns.get(gram)
            if column is None or not self._frequency[column]:
                length += (count * UNSEEN_SHARE * self._rarest) ** 2
            else:
                query[column] = count * self._idf[column]
                length += float(query[column]) ** 2
        if not length or not len(self):
            return np.zeros(len(self), dtype=np.float32)
        return np.asarray(matrix @ (query / np.float32(np.sqrt(length))), dtype=np.float32)

    def rarity(self, text: str) -> float:
        """How rare a text's character pairs are on average: near 0 in every text, 1 in none.

        A share of the largest weight, so that it means the same in small and large collections.
        """
        self.settle()
        pairs = [gram for gram in grams(text) if len(gram) > 1] or list(grams(text))
        if not pairs:
            return 0.0
        found = [
            float(self._idf[self._columns[gram]]) if gram in self._columns else self._rarest
            for gram in pairs
        ]
        return sum(found) / len(found) / self._rarest

    def settle(self) -> sparse.csr_array:
        """Make the weights follow the counts, if anything has changed."""
        if self._matrix is not None:
            return self._matrix
        keys = sorted(self._documents)
        width = len(self._columns)
        self._ids = np.array(keys, dtype=np.int64)
        frequency = self._frequency[:width]
        self._idf = (np.log((1 + len(keys)) / (1 + frequency)) + 1).astype(np.float32)
        documents = [self._documents[key] for key in keys]
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

    @property
    def _rarest(self) -> float:
        """The inverse document frequency of what stands nowhere."""
        return float(np.log(1 + len(self)) + 1)

    def _column(self, gram: str) -> int:
        column = self._columns.setdefault(gram, len(self._columns))
        if column >= len(self._frequency):
            self._frequency = np.concatenate([self._frequency, np.zeros_like(self._frequency)])
        return column

    def _forget(self, key: int) -> None:
        if key in self._documents:
            self._frequency[self._documents.pop(key)[0]] -= 1
