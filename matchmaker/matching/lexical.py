"""Lexical similarity: character 1–2-grams of titles, weighted by how much they tell.

A text is a bag of its characters and character pairs; Latin words count as wholes, without those
that every sentence has: two English texts share most of their letter pairs whatever they are about.

What an n-gram tells is its inverse document frequency among the outcomes' titles, as scikit-learn
counts it, to a power: ``(ln((1 + n) / (1 + df)) + 1) ** POWER``. A background of other titles is
counted in, so that a collection of fifty records knows that 技术 tells nothing. Weights are taken
from the counts when they are asked for: nothing has to be brought up to date after a change, and a
collection grown record by record scores exactly like one built at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Measured on labelled pairs (docs/decisions/0006): the rare tell more than their idf, pairs less
# than characters, and a long title is set back by less than its length.
POWER: Final = 1.3
PAIR_SHARE: Final = 0.6
LENGTH_POWER: Final = 0.8
# The background counts like so many titles of the collection's own.
BACKGROUND_TITLES: Final = 500.0

_LETTERS: Final = r"a-z\u00c0-\u024f"
_PIECES: Final = re.compile(rf"(?P<word>[{_LETTERS}][{_LETTERS}0-9]*)|[^\s{_LETTERS}]+")
_FUNCTION_WORDS: Final = frozenset(
    """
    a an and are as at be by can for from has have in is it its less more not of on or per than
    that the their this to under was we were which with without you your
    """.split()  # noqa: SIM905 - a list of words reads best as a text
)
_KEPT: Final = 512
_RARITIES_KEPT: Final = 4_096
# A long text is looked for by so many of its most telling n-grams.
_COLUMNS_READ: Final = 80
# The best rows of so many of them tell how little the best of all share at least.
_COLUMNS_TRIED: Final = 4
_ANYTHING: Final = np.finfo(np.float32).tiny

Columns = NDArray[np.int32]
Values = NDArray[np.float32]


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


@dataclass(frozen=True, slots=True)
class Background:
    """How many of ``texts`` titles outside the collection hold each n-gram."""

    texts: int = 0
    frequency: Mapping[str, float] | None = None


class Vocabulary:
    """A column for each n-gram, shared by all states of an engine.

    Grows by its one writer; readers of an older state know fewer columns and are not disturbed.
    """

    def __init__(self, background: Background | None = None) -> None:
        """Start without n-grams."""
        background = background or Background()
        self._share = BACKGROUND_TITLES / background.texts if background.texts else 0.0
        self._known = background.frequency or {}
        self.prior_texts = BACKGROUND_TITLES if background.texts else 0.0
        self._columns: dict[str, int] = {}
        self.prior: NDArray[np.float64] = np.zeros(1_024)
        self.share: NDArray[np.float64] = np.zeros(1_024)

    def __len__(self) -> int:
        """The number of columns."""
        return len(self._columns)

    def put(self, gram: str) -> int:
        """The column of an n-gram, made if there is none yet."""
        column = self._columns.get(gram)
        if column is not None:
            return column
        column = len(self._columns)
        if column >= len(self.prior):
            self.prior = np.concatenate([self.prior, np.zeros_like(self.prior)])
            self.share = np.concatenate([self.share, np.zeros_like(self.share)])
        self.prior[column] = self.background(gram)
        self.share[column] = _share(gram)
        # Last of all: who finds the column finds its numbers too.
        self._columns[gram] = column
        return column

    def columns(self, grams: Collection[str]) -> Columns:
        """The column (n,) of each n-gram, -1 for those that have none."""
        find = self._columns.get
        return np.array([find(gram, -1) for gram in grams], dtype=np.int32)

    def background(self, gram: str) -> float:
        """The share of the background's titles with an n-gram, as a number of own titles."""
        return self._known.get(gram, 0.0) * self._share


def _share(gram: str) -> float:
    """What an n-gram counts by its kind: a pair of characters repeats two characters."""
    return PAIR_SHARE if len(gram) == 2 and not gram.isascii() else 1.0  # noqa: PLR2004 - a pair


@dataclass(frozen=True, slots=True)
class Bag:
    """A text as columns in ascending order with their weights (m,), scaled to unit length.

    ``length`` is that of the weights before scaling; n-grams without a column count in it.
    """

    columns: Columns
    weights: Values
    length: float


@dataclass(frozen=True, slots=True)
class Shares:
    """A text's n-grams (m,) in its order, and the share of each in what all of them tell (m,)."""

    grams: tuple[str, ...]
    values: Values


class Weights:
    """What each n-gram tells, by the titles of one state of a collection."""

    def __init__(self, vocabulary: Vocabulary, frequency: NDArray[np.int32], texts: int) -> None:
        """``frequency`` (columns,): how many of ``texts`` titles hold the n-gram of a column."""
        self._vocabulary = vocabulary
        self._frequency = frequency
        self._texts = texts + vocabulary.prior_texts
        self._most = float(np.log1p(self._texts) + 1)
        # An outcome is compared with many demands, and its neighbours with the same ones.
        self.bag = lru_cache(maxsize=_KEPT)(self._bag)
        self.shares = lru_cache(maxsize=_KEPT)(self._shares)
        self.rarity = lru_cache(maxsize=_RARITIES_KEPT)(self._rarity)

    def of(self, columns: Columns) -> Values:
        """The weights (n,) of known columns, at most 1."""
        held = self._own(columns) + self._vocabulary.prior[columns]
        return self._weighed(held, self._vocabulary.share[columns])

    def telling(self, grams: Collection[str]) -> Values:
        """What each of some n-grams tells (n,), whether it has a column or not."""
        return self._told(grams, self._vocabulary.columns(grams))

    def _shares(self, text: str) -> Shares:
        """A text's n-grams and the share of each in what all of them tell."""
        counted = grams(text)
        told = self.telling(counted).tolist()
        total = sum(told) or 1.0
        return Shares(tuple(counted), np.array([one / total for one in told], dtype=np.float32))

    def _bag(self, text: str) -> Bag:
        """A text's n-grams with what each tells times how often it stands there."""
        counted = grams(text)
        columns = self._vocabulary.columns(counted)
        weights = self._told(counted, columns) * np.array([*counted.values()], dtype=np.float32)
        # In the order of the text and in double precision: which n-grams have a column, and which
        # column it is, must not be seen in a score.
        length = float(np.sqrt(np.sum(np.square(weights, dtype=np.float64))))
        order = np.argsort(columns)[np.count_nonzero(columns < 0) :]
        return Bag(columns[order], weights[order] / np.float32(length or 1.0), length)

    def _rarity(self, text: str) -> float:
        """How rare a text's character pairs are on average: near 0 in every title, 1 in none."""
        counted = grams(text)
        asked = [gram for gram in counted if len(gram) > 1] or list(counted)
        if not asked:
            return 0.0
        rarities = self._idf(self._held(asked, self._vocabulary.columns(asked)))
        return float(rarities.mean())

    def _told(self, grams: Collection[str], columns: Columns) -> Values:
        share = np.array([_share(gram) for gram in grams])
        return self._weighed(self._held(grams, columns), share)

    def _held(self, grams: Collection[str], columns: Columns) -> NDArray[np.float64]:
        """How many titles hold each n-gram, those of the background counted in."""
        background = self._vocabulary.background
        held: NDArray[np.float64] = np.array([background(gram) for gram in grams])
        return self._own(columns) + held

    def _own(self, columns: Columns) -> NDArray[np.float64]:
        """How many titles of this state hold the n-gram of each column."""
        own = np.zeros(len(columns))
        # Columns that came after this state, and -1, stand in none of its titles.
        known = (columns >= 0) & (columns < len(self._frequency))
        own[known] = self._frequency[columns[known]]
        return own

    def _idf(self, held: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse document frequency as a share of the largest."""
        idf: NDArray[np.float64] = np.log((1 + self._texts) / (1 + held)) + 1
        return idf / self._most

    def _weighed(self, held: NDArray[np.float64], share: NDArray[np.float64]) -> Values:
        # In double precision until the last: a weight must not depend on whether an n-gram that no
        # title holds any more still has a column.
        weighed: NDArray[np.float64] = self._idf(held) ** POWER * share
        return weighed.astype(np.float32)


@dataclass(frozen=True, slots=True)
class TitleRows:
    """Titles as rows of columns with counts, one after the other.

    Row ``i`` is ``columns[starts[i]:starts[i + 1]]``.
    """

    starts: NDArray[np.int64]
    columns: Columns
    counts: NDArray[np.uint8]

    @classmethod
    def of(cls, titles: Sequence[str], vocabulary: Vocabulary) -> TitleRows:
        """The rows of titles; new n-grams get columns."""
        starts = np.zeros(len(titles) + 1, dtype=np.int64)
        columns: list[int] = []
        counts: list[int] = []
        for row, title in enumerate(titles, start=1):
            counted = grams(title)
            columns.extend(map(vocabulary.put, counted))
            counts.extend(min(count, 255) for count in counted.values())
            starts[row] = len(columns)
        return cls(starts, np.array(columns, np.int32), np.array(counts, np.uint8))

    def __len__(self) -> int:
        """The number of titles."""
        return len(self.starts) - 1

    def plus(self, other: TitleRows) -> TitleRows:
        """These rows and then the other's."""
        return TitleRows(
            np.concatenate([self.starts, self.starts[-1] + other.starts[1:]]),
            np.concatenate([self.columns, other.columns]),
            np.concatenate([self.counts, other.counts]),
        )

    def take(self, rows: NDArray[np.int64]) -> TitleRows:
        """Some of the rows, in the order asked for."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], lengths)
        return TitleRows(starts, self.columns[places], self.counts[places])

    def weights(self, weights: Weights) -> tuple[Values, Values]:
        """The weight of each entry, and each row's length (len(self),)."""
        values = weights.of(self.columns) * self.counts
        return values, np.sqrt(self._sums(values * values))

    def overlaps(self, values: Values, bag: Bag) -> Values:
        """Sums (len(self),) of the products of entries' values with those of a bag."""
        if not len(bag.columns) or not len(self.columns):
            return np.zeros(len(self), dtype=np.float32)
        places = np.minimum(np.searchsorted(bag.columns, self.columns), len(bag.columns) - 1)
        shared = bag.columns[places] == self.columns
        return self._sums(np.where(shared, values * bag.weights[places], np.float32(0)))

    def overlaps_of_one(self, values: Values, bags: Sequence[Bag]) -> Values:
        """:meth:`overlaps` (len(bags),) of a single title with each of some bags."""
        if not bags or not len(self.columns):
            return np.zeros(len(bags), dtype=np.float32)
        order = np.argsort(self.columns)
        known = self.columns[order]
        columns = np.concatenate([bag.columns for bag in bags])
        weights = np.concatenate([bag.weights for bag in bags])
        rows = np.repeat(np.arange(len(bags)), [len(bag.columns) for bag in bags])
        places = np.minimum(np.searchsorted(known, columns), len(known) - 1)
        shared = known[places] == columns
        # One entry more, as `_sums` has it, so that sums are the same to the last digit.
        products = np.zeros((len(bags), len(known) + 1), dtype=np.float32)
        products[rows[shared], order[places[shared]]] = weights[shared]
        products[:, :-1] *= values
        sums: Values = np.add.reduceat(products, [0], axis=1, dtype=np.float32)[:, 0]
        return sums

    def _sums(self, values: Values) -> Values:
        """The sum of each row's entries."""
        if not len(self):
            return np.zeros(0, dtype=np.float32)
        # A sum over no entries is not 0 for `reduceat`: those rows are set afterwards.
        padded = np.append(values, np.float32(0))
        sums = np.add.reduceat(padded, self.starts[:-1], dtype=np.float32)
        return np.where(self.starts[1:] > self.starts[:-1], sums, np.float32(0))


class Postings:
    """The rows that hold each column: finds the titles that share rare n-grams with a bag."""

    def __init__(self, titles: TitleRows, width: int, lengths: Values) -> None:
        """Turn rows of ``width`` columns around; ``lengths`` are the rows' at this time."""
        from scipy import sparse

        by_row = sparse.csr_array(
            (titles.counts, titles.columns, titles.starts), shape=(len(titles), width)
        )
        by_column = by_row.tocsc()
        self._starts = by_column.indptr.astype(np.int64)
        self._rows: NDArray[np.int32] = by_column.indices.astype(np.int32)
        self._counts: NDArray[np.uint8] = by_column.data
        self._scale: Values = np.maximum(lengths, np.float32(1e-6)) ** np.float32(-LENGTH_POWER)
        self._width = width

    def best(
        self, bag: Bag, weights: Values, allowed: NDArray[np.bool_], limits: tuple[int, int]
    ) -> NDArray[np.int64]:
        """About the ``top`` allowed rows that share most with a bag, in no order.

        ``limits`` are ``top`` and how many entries may be read: the most telling n-grams come
        first, and what is left out stands in so many titles that it tells little. ``weights``
        (len(bag.columns),) are the columns' own.
        """
        from scipy import sparse

        top, left = limits
        inside = bag.columns < self._width
        told = np.where(inside, bag.weights * weights, np.float32(0))
        read, values = list[slice](), list[np.float32]()
        for place in np.argsort(-told, kind="stable")[:_COLUMNS_READ].tolist():
            if told[place] <= 0:
                break
            column = int(bag.columns[place])
            entries = slice(int(self._starts[column]), int(self._starts[column + 1]))
            if entries.stop - entries.start > left:
                continue
            left -= entries.stop - entries.start
            read.append(entries)
            values.append(told[place])
        if not read:
            return np.zeros(0, dtype=np.int64)
        rows = [self._rows[entries] for entries in read]
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int32)
        counts = np.concatenate([self._counts[entries] for entries in read])
        by_column = sparse.csc_array(
            (counts, np.concatenate(rows), starts), shape=(len(self._scale), len(read))
        )
        shared: Values = by_column @ np.array(values, dtype=np.float32)
        shared *= self._scale
        if not allowed.all():
            shared *= allowed
        best = np.flatnonzero(shared >= _least(shared, rows, top))
        if len(best) > top:
            best = best[np.argpartition(-shared[best], top - 1)[:top]]
        return best


def _least(shared: Values, columns: Sequence[Columns], top: int) -> np.float32:
    """What the ``top`` best rows share at least: few are left, and to list all takes longest.

    A row stands once in a column, so the last of one column's best is not above the last of all.
    """
    held = (column for column in columns if len(column) >= top)
    last = (np.partition(shared[rows], -top)[-top] for rows in islice(held, _COLUMNS_TRIED))
    return max(last, default=_ANYTHING) or _ANYTHING
