"""The records of one kind with their dense and lexical indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.dense import DenseIndex
from matchmaker.matching.fusion import Similarities
from matchmaker.matching.lexical import LexicalIndex, folded
from matchmaker.matching.script import script_of

# The script of a title; title and text folded, so that a search need not fold every record.
_Derived = tuple[str, str, str]


class RecordCollection:
    r"""Records by id with their indexes.

    A collection in use is only read: a change is made to a :meth:`copy`, then :meth:`settle`\ d and
    swapped, so that readers in other threads neither wait nor see half of it.
    """

    def __init__(
        self,
        dense: DenseIndex,
        titles: LexicalIndex,
        contents: LexicalIndex,
        records: Mapping[int, Matchable],
        derived: Mapping[int, _Derived],
    ) -> None:
        """Put together the records, what is derived of each, and indexes of just these."""
        self._dense = dense
        self._titles = titles
        self._contents = contents
        self._records = dict(records)
        self._derived = dict(derived)
        self._script_rows: NDArray[np.str_] = np.zeros(0, dtype="<U6")
        self._folded_rows: list[tuple[str, str]] = []

    @classmethod
    def empty(cls, dimension: int) -> RecordCollection:
        """A collection without records, for vectors of a dimension."""
        return cls(DenseIndex(dimension), LexicalIndex(), LexicalIndex(), {}, {})

    def copy(self) -> RecordCollection:
        """The same records, to be changed; not ready for use before it is settled."""
        return RecordCollection(
            self._dense.copy(),
            self._titles.copy(),
            self._contents.copy(),
            self._records,
            self._derived,
        )

    def put(self, records: Sequence[Matchable], vectors: Sequence[NDArray[np.float32]]) -> None:
        """Add records or replace those of known ids; the later of two with one id counts."""
        if not records:
            return
        latest = {record.id: row for row, record in enumerate(records)}
        fresh = [records[row] for row in latest.values()]
        self._dense.put(list(latest), np.stack([vectors[row] for row in latest.values()]))
        self._titles.put((record.id, record.title) for record in fresh)
        self._contents.put((record.id, record.content) for record in fresh)
        self._records.update((record.id, record) for record in fresh)
        self._derived.update((record.id, _derived(record)) for record in fresh)

    def remove(self, keys: Iterable[int]) -> None:
        """Take records out; unknown ids are ignored."""
        present = [key for key in dict.fromkeys(keys) if key in self._records]
        if not present:
            return
        self._dense.remove(present)
        self._titles.remove(present)
        self._contents.remove(present)
        for key in present:
            del self._records[key], self._derived[key]

    def settle(self) -> None:
        """Bring everything that follows from the records up to date: ready for use."""
        self._titles.settle()
        self._contents.settle()
        rows = [self._derived[key] for key in self.ids.tolist()]
        self._script_rows = np.array([script for script, _, _ in rows], dtype="<U6")
        self._folded_rows = [(title, text) for _, title, text in rows]

    def __len__(self) -> int:
        """The number of records."""
        return len(self._records)

    @property
    def ids(self) -> NDArray[np.int64]:
        """Every id in ascending order."""
        return self._titles.ids

    def record(self, key: int) -> Matchable:
        """The record of an id; ``KeyError`` when there is none."""
        return self._records[key]

    def entry(self, key: int) -> tuple[Matchable, NDArray[np.float32]] | None:
        """The record of an id with its vector, if there is one."""
        found = self._records.get(key)
        return None if found is None else (found, self._dense.vectors([key])[0])

    def items(self) -> list[tuple[Matchable, NDArray[np.float32]]]:
        """Every record with its vector, by id."""
        keys = sorted(self._records)
        vectors = self._dense.vectors(keys)
        return [(self._records[key], vector) for key, vector in zip(keys, vectors, strict=True)]

    def similarities(self, title: str, content: str, vector: NDArray[np.float32]) -> Similarities:
        """Title, content and dense cosines with every record, in the order of :attr:`ids`."""
        return Similarities(
            title=self._titles.scores(title),
            content=self._contents.scores(content),
            dense=self._dense.all_cosines(vector),
            comparable=self._script_rows == script_of(title),
        )

    def nearest(
        self, vector: NDArray[np.float32], top: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The ids and cosines of the nearest records by meaning alone, best first."""
        return self._dense.search(vector, top, allowed)

    def holding(self, text: str) -> NDArray[np.float32]:
        """1 for every record whose title holds a text, 0.5 where only its text does, else 0."""
        wanted = folded(text)
        return np.array(
            [
                1.0 if wanted in title else 0.5 * (wanted in text)
                for title, text in self._folded_rows
            ],
            dtype=np.float32,
        )

    def rarity(self, text: str) -> float:
        """How rare a text is among the contents: near 0 in every one, 1 in none."""
        return self._contents.rarity(text)


def _derived(record: Matchable) -> _Derived:
    return script_of(record.title), folded(record.title), folded(record.text)
