"""The records of one kind with their dense and lexical indexes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.dense import DenseIndex
from matchmaker.matching.fusion import Similarities
from matchmaker.matching.lexical import LexicalIndex
from matchmaker.matching.script import script_of


class RecordCollection:
    """Records by id. Not thread-safe by itself: the engine guards it."""

    def __init__(self, dimension: int) -> None:
        """Start empty."""
        self._records: dict[int, Matchable] = {}
        self._vectors: dict[int, NDArray[np.float32]] = {}
        self._scripts: dict[int, str] = {}
        self._dense = DenseIndex(dimension)
        self._titles = LexicalIndex()
        self._contents = LexicalIndex()

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
        return None if found is None else (found, self._vectors[key])

    def items(self) -> list[tuple[Matchable, NDArray[np.float32]]]:
        """Every record with its vector, by id."""
        return [(self._records[key], self._vectors[key]) for key in sorted(self._records)]

    def put(self, records: Sequence[Matchable], vectors: Sequence[NDArray[np.float32]]) -> None:
        """Add records or replace those of known ids."""
        if not records:
            return
        self._dense.put([record.id for record in records], np.stack(vectors))
        self._titles.put((record.id, record.title) for record in records)
        self._contents.put((record.id, record.content) for record in records)
        for record, vector in zip(records, vectors, strict=True):
            self._records[record.id] = record
            self._vectors[record.id] = vector
            self._scripts[record.id] = script_of(record.title)

    def remove(self, keys: Sequence[int]) -> None:
        """Take records out; unknown ids are ignored."""
        if not keys:
            return
        self._dense.remove(keys)
        self._titles.remove(keys)
        self._contents.remove(keys)
        for key in keys:
            self._records.pop(key, None)
            self._vectors.pop(key, None)
            self._scripts.pop(key, None)

    def settle(self) -> None:
        """Bring the lexical weights up to date now rather than at the next query."""
        _ = self._titles.ids, self._contents.ids

    def similarities(self, title: str, content: str, vector: NDArray[np.float32]) -> Similarities:
        """Title, content and dense cosines with every record, in the order of :attr:`ids`."""
        script = script_of(title)
        keys, cosines = self._dense.search(vector, len(self))
        order = np.argsort(keys)
        return Similarities(
            title=self._titles.scores(title),
            content=self._contents.scores(content),
            dense=cosines[order],
            comparable=np.array([self._scripts[key] for key in keys[order].tolist()]) == script,
        )

    def holding(self, wanted: str) -> NDArray[np.float32]:
        """1 for every record whose title holds a folded text, 0.5 where its text does, else 0."""
        return np.array(
            [
                1.0
                if wanted in (record := self._records[int(key)]).title.lower()
                else 0.5 * (wanted in record.text.lower())
                for key in self.ids
            ],
            dtype=np.float32,
        )

    def rarity(self, text: str) -> float:
        """How telling a text is: mean inverse document frequency of its character pairs."""
        return self._contents.rarity(text)
