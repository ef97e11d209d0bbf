"""The records of one kind, in columns, with the indexes that find candidates among them.

A collection never changes: a change makes a new one that shares what is the same. Most records lie
in a large indexed part; the latest changes in a small one behind it that is cheap to make anew and
is joined to the large one when it has grown. A record that was changed or taken out stays where it
lies and is passed over, until so many are passed over that everything is laid out anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.dense import DenseIndex, Rows, Vectors
from matchmaker.matching.lexical import Bag, Postings, TitleRows, Vocabulary, Weights, folded
from matchmaker.matching.script import script_of

# The latest part is joined to the large one when it is longer than this, or than this share of it.
_LATEST: Final = 256
_LATEST_SHARE: Final = 1 / 64
_PASSED_OVER_SHARE: Final = 1 / 4
# Entries of the lexical index that one query may read: about 1 ms.
_ENTRIES_READ: Final = 100_000

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """Records one after the other: row ``i`` of everything is record ``i``."""

    records: list[Matchable]
    ids: Ids
    organisations: Ids
    scripts: NDArray[np.str_]
    texts: list[str]
    titles: TitleRows

    @classmethod
    def of(cls, records: Sequence[Matchable], vocabulary: Vocabulary) -> Columns:
        """The columns of records."""
        return cls(
            list(records),
            np.array([record.id for record in records], dtype=np.int64),
            np.array([record.organisation_id for record in records], dtype=np.int64),
            np.array([script_of(record.title) for record in records], dtype="<U6"),
            [folded(record.content) for record in records],
            TitleRows.of([record.title for record in records], vocabulary),
        )

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.records)

    def plus(self, other: Columns) -> Columns:
        """These rows and then the other's."""
        return Columns(
            self.records + other.records,
            np.concatenate([self.ids, other.ids]),
            np.concatenate([self.organisations, other.organisations]),
            np.concatenate([self.scripts, other.scripts]),
            self.texts + other.texts,
            self.titles.plus(other.titles),
        )

    def take(self, rows: Rows) -> Columns:
        """Some rows, in the order asked for."""
        listed = rows.tolist()
        return Columns(
            [self.records[row] for row in listed],
            self.ids[rows],
            self.organisations[rows],
            self.scripts[rows],
            [self.texts[row] for row in listed],
            self.titles.take(rows),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Columns with the indexes over them."""

    columns: Columns
    postings: Postings
    dense: DenseIndex


@dataclass(frozen=True, slots=True)
class Found:
    """Some records of a collection with their vectors (n, d)."""

    columns: Columns
    vectors: Vectors

    def take(self, rows: Rows) -> Found:
        """Some of them, in the order asked for."""
        return Found(self.columns.take(rows), self.vectors[rows])


class RecordCollection:
    """Records by id. Rows of the latest part follow those of the large one."""

    def __init__(
        self,
        large: Part,
        latest: Part,
        rows: tuple[Mapping[int, int], Mapping[int, int]],
        present: NDArray[np.bool_],
        frequency: NDArray[np.int32],
    ) -> None:
        """Put together both parts, the row of each id in either, and which rows count.

        ``frequency`` says how many titles hold the n-gram of each column.
        """
        self._large, self._latest = large, latest
        self._rows = rows
        self._present = present
        self.frequency = frequency
        self._count = int(np.count_nonzero(present))

    @classmethod
    def empty(cls, dimension: int, vocabulary: Vocabulary) -> RecordCollection:
        """A collection without records, for vectors of a dimension."""
        frequency = np.zeros(0, dtype=np.int32)
        vectors = np.zeros((0, dimension), dtype=np.float16)
        part = _indexed(Columns.of([], vocabulary), DenseIndex(vectors), vocabulary, frequency, 0)
        return cls(part, part, ({}, {}), np.zeros(0, dtype=np.bool_), frequency)

    def changed(
        self,
        records: Sequence[Matchable],
        vectors: Sequence[NDArray[np.float32]],
        removed: Collection[int],
        vocabulary: Vocabulary,
    ) -> RecordCollection:
        """With records put in, or put in place of those of known ids, and others taken out.

        The later of two records with one id counts; unknown ids to remove are ignored.
        """
        place = {record.id: row for row, record in enumerate(records)}
        kept = [row for key, row in place.items() if key not in removed]
        fresh = Columns.of([records[row] for row in kept], vocabulary)
        stacked = np.zeros((len(kept), self._large.dense.vectors.shape[1]), dtype=np.float16)
        for row, source in enumerate(kept):
            stacked[row] = vectors[source]
        gone = self._rows_of({*place, *removed})
        before = self._take(gone).columns.titles
        frequency = np.zeros(len(vocabulary), dtype=np.int32)
        frequency[: len(self.frequency)] = self.frequency
        frequency += np.bincount(fresh.titles.columns, minlength=len(frequency)).astype(np.int32)
        frequency -= np.bincount(before.columns, minlength=len(frequency)).astype(np.int32)
        present = np.concatenate([self._present, np.ones(len(fresh), dtype=np.bool_)])
        present[gone] = False
        return self._arranged(fresh, stacked, present, frequency, vocabulary)

    def _arranged(
        self,
        fresh: Columns,
        vectors: Vectors,
        present: NDArray[np.bool_],
        frequency: NDArray[np.int32],
        vocabulary: Vocabulary,
    ) -> RecordCollection:
        """Put fresh rows behind all others, in the part where they belong."""
        large, latest = self._large, self._latest
        count = int(np.count_nonzero(present))
        columns = latest.columns.plus(fresh)
        behind = np.concatenate([latest.dense.vectors, vectors])
        start = len(large.columns)
        if len(columns) <= max(_LATEST, _LATEST_SHARE * start) and count:
            part = _indexed(columns, DenseIndex(behind), vocabulary, frequency, count)
            placed = {key: start + row for row, key in enumerate(columns.ids.tolist())}
            return RecordCollection(large, part, (self._rows[0], placed), present, frequency)
        everything = large.columns.plus(columns)
        if len(present) - count > _PASSED_OVER_SHARE * len(present):
            rows = np.flatnonzero(present)
            vectors = np.concatenate([large.dense.vectors, behind])[rows]
            everything, present = everything.take(rows), present[rows]
            dense = DenseIndex(vectors)
        else:
            dense = large.dense.plus(behind)
        none = Columns.of([], vocabulary)
        nothing = DenseIndex(np.zeros((0, vectors.shape[1]), dtype=np.float16))
        return RecordCollection(
            _indexed(everything, dense, vocabulary, frequency, count),
            _indexed(none, nothing, vocabulary, frequency, count),
            ({key: row for row, key in enumerate(everything.ids.tolist())}, {}),
            present,
            frequency,
        )

    def __len__(self) -> int:
        """The number of records."""
        return self._count

    def entry(self, key: int) -> tuple[Matchable, NDArray[np.float32]] | None:
        """The record of an id with its vector, if there is one."""
        found = self._take(self._rows_of([key]))
        if not len(found.columns):
            return None
        return found.columns.records[0], found.vectors[0].astype(np.float32)

    def cosines(self, key: int, others: Collection[int]) -> dict[int, float]:
        """How near other records lie to one, by id; ids that are not here are left out."""
        entry = self.entry(key)
        if entry is None:
            return {}
        rows, found = np.unique(self._rows_of(others)), dict[int, float]()
        for part, start in self._parts():
            own = rows[(rows >= start) & (rows < start + len(part.columns))] - start
            near = part.dense.vectors[own].astype(np.float32) @ entry[1]
            found |= zip(part.columns.ids[own].tolist(), near.tolist(), strict=True)
        return found

    def items(self) -> list[tuple[Matchable, NDArray[np.float32]]]:
        """Every record with its vector, by id."""
        found = self._take(np.flatnonzero(self._present))
        order = np.argsort(found.columns.ids).tolist()
        vectors = found.vectors.astype(np.float32)
        return [(found.columns.records[row], vectors[row]) for row in order]

    def mask(self, allowed: Collection[int] | None, not_of: int | None) -> NDArray[np.bool_]:
        """Which rows may be suggested: present, among ``allowed``, of another organisation."""
        mask = self._present.copy()
        if allowed is not None:
            wanted = np.fromiter(allowed, np.int64, len(allowed))
            for part, start in self._parts():
                mask[start : start + len(part.columns)] &= np.isin(part.columns.ids, wanted)
        if not_of is not None:
            for part, start in self._parts():
                own = np.flatnonzero(part.columns.organisations == not_of)
                mask[own + start] = False
        return mask

    def near(self, vector: NDArray[np.float32], top: int, mask: NDArray[np.bool_]) -> Rows:
        """About the ``top`` rows nearest by meaning, of each part, of those in a mask."""
        found = [np.zeros(0, dtype=np.int64)]
        for part, start in self._parts():
            allowed = mask[start : start + len(part.columns)]
            rows = part.dense.nearest(vector, top, None if allowed.all() else allowed)
            found.append(rows + start)
        return np.concatenate(found)

    def sharing(self, bag: Bag, weights: Weights, top: int, mask: NDArray[np.bool_]) -> Rows:
        """About the ``top`` rows whose titles share most with a bag, of each part, in a mask."""
        told = weights.of(bag.columns)
        found = [np.zeros(0, dtype=np.int64)]
        for part, start in self._parts():
            allowed = mask[start : start + len(part.columns)]
            limits = (top, _ENTRIES_READ)
            found.append(part.postings.best(bag, told, allowed, limits) + start)
        return np.concatenate(found)

    def at(self, *rows: Rows) -> Found:
        """The records of some rows, each once."""
        return self._take(np.unique(np.concatenate(rows)))

    def of(self, keys: Sequence[int]) -> Found:
        """The records of ids that are there with their vectors, by id."""
        found = self._take(np.sort(self._rows_of(keys)))
        return found.take(np.argsort(found.columns.ids, kind="stable"))

    def records(self, keys: Sequence[int]) -> list[Matchable]:
        """The records of ids that are there, in the order asked for."""
        rows = self._rows_of(keys)
        found = self._take(np.sort(rows)).columns
        by_id = {record.id: record for record in found.records}
        return [by_id[key] for key in keys]

    def holding(self, text: str, mask: NDArray[np.bool_]) -> Found:
        """Every record in a mask whose content holds a folded text."""
        texts = self._large.columns.texts + self._latest.columns.texts
        rows = [row for row in np.flatnonzero(mask).tolist() if text in texts[row]]
        return self._take(np.array(rows, dtype=np.int64))

    def _parts(self) -> list[tuple[Part, int]]:
        """The parts that hold anything, each with its first row."""
        parts = [(self._large, 0), (self._latest, len(self._large.columns))]
        return [(part, start) for part, start in parts if len(part.columns)]

    def _rows_of(self, keys: Collection[int]) -> Rows:
        """The rows of those ids that are present."""
        large, latest = self._rows
        found = [latest.get(key, large.get(key, -1)) for key in keys]
        rows = np.array([row for row in found if row >= 0], dtype=np.int64)
        return rows[self._present[rows]]

    def _take(self, rows: Rows) -> Found:
        """Some rows, those of the large part first."""
        start = len(self._large.columns)
        first, second = rows[rows < start], rows[rows >= start] - start
        large, latest = self._large, self._latest
        if not len(second):
            return Found(large.columns.take(first), large.dense.vectors[first])
        return Found(
            large.columns.take(first).plus(latest.columns.take(second)),
            np.concatenate([large.dense.vectors[first], latest.dense.vectors[second]]),
        )


def _indexed(
    columns: Columns,
    dense: DenseIndex,
    vocabulary: Vocabulary,
    frequency: NDArray[np.int32],
    count: int,
) -> Part:
    """A part with its indexes; lengths of titles are those of this time, which suffices there."""
    lengths = columns.titles.weights(Weights(vocabulary, frequency, count))[1]
    return Part(columns, Postings(columns.titles, len(vocabulary), lengths), dense)
