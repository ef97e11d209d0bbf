"""Finding the few records of a collection that could be nearly the same as another.

A record is sketched by shingles of four characters of its text, of which those whose hash is
divisible by four are kept (Broder's modulo sketch: the same shingles are kept of every text, so
that a part is found in its whole), and by pairs of characters of its title. A short text is known
by its title. Records that share 0.38 of the sketch of the shorter one are candidates; shingles
that very many records have (本发明公开了一种…) lead nowhere and are passed over. Candidates are
then compared in full by :func:`~matchmaker.matching.duplicates.likeness`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.duplicates import Content, likeness
from matchmaker.matching.shingles import Hashes, shingles

_SIZE: Final = 4
_KEPT: Final = np.uint32(4)
_TITLE_SIZE: Final = 2
# A text with fewer shingles is looked for by its title, too.
_SHORT: Final = 64
# A shingle that more records have leads nowhere.
_COMMON: Final = 400
# Shared at least; a sample of sixty strays by 0.06 from the 0.57 that a poor copy has.
_SHARED: Final = 0.38
_TITLE_SHARED: Final = 0.6
_AT_LEAST: Final = 2
_ROWS: Final = 2_048
# So many exact copies are paired each with each; of more, all with the first.
_CROWD: Final = 8
_PREPARED: Final = 4_096
# With more records beside the postings, these are made anew.
_BESIDE: Final = 2_000

Progressed = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What candidates are found by: hashes of the text, of the title, whether the text is short."""

    text: Hashes
    title: Hashes
    short: bool


class Pair(NamedTuple):
    """Two records of a sequence by their places, the first one lower, and their likeness."""

    first: int
    second: int
    likeness: float


def sketch(content: Content) -> Sketch:
    """The sketch of a record."""
    hashes = np.unique(shingles(content.text, _SIZE)[0])
    short = len(hashes) < _SHORT
    # Short texts keep all: four of them would tell nothing.
    kept = hashes if short else hashes[hashes % _KEPT == 0]
    return Sketch(kept, np.unique(shingles(content.core, _TITLE_SIZE)[0]), short)


def find_pairs(
    records: Sequence[tuple[str, str]], *, progressed: Progressed | None = None
) -> list[Pair]:
    """All pairs that are nearly the same among ``(title, text)``, by their places, ascending.

    ``progressed`` is told of records: of each once when sketched and once when compared.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    sketches: list[Sketch] = []
    for place, (title, text) in enumerate(records):
        content = Content(title, text)
        known = groups[content.title, content.text]
        if not known:
            sketches.append(sketch(content))
        known.append(place)
        if progressed and place % _ROWS == _ROWS - 1:
            progressed(_ROWS)
    if progressed:
        progressed(len(records) % _ROWS)
    members = list(groups.values())
    found = [pair for group in members for pair in _copies(group)]

    @lru_cache(maxsize=_PREPARED)
    def prepared(row: int) -> Content:
        return Content(*records[members[row][0]])

    for block, candidates in _candidates(sketches):
        for one, other in candidates:
            value = likeness(prepared(one), prepared(other))
            if value is not None:
                found.extend(_between(members[one], members[other], value))
        if progressed:
            progressed(sum(len(members[row]) for row in block))
    return sorted(found)


class DuplicateIndex:
    """The sketches of a collection by key, to look one record up among very many.

    For one thread at a time.
    """

    def __init__(self, contents: Iterable[tuple[int, Content]] = ()) -> None:
        """Sketch a collection of ``(key, content)``."""
        self._sketches = {key: sketch(content) for key, content in contents}
        self._few: _Both | None = None  # what is beside, put together when it is asked for
        self._pack()

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> DuplicateIndex:
        """The index that :meth:`arrays` were taken from; ``ValueError`` if they do not fit."""
        made = cls()
        keys, short = arrays["keys"].tolist(), arrays["short"].tolist()
        texts, titles = _parts(arrays, "text"), _parts(arrays, "title")
        for key, text, title, one in zip(keys, texts, titles, short, strict=True):
            made._sketches[int(key)] = Sketch(text, title, bool(one))
        made._pack()
        return made

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The sketches as arrays, to be stored."""
        held = list(self._sketches.values())
        found: dict[str, NDArray[Any]] = {
            "keys": np.array(list(self._sketches), dtype=np.int64),
            "short": np.array([one.short for one in held], dtype=bool),
        }
        for name, parts in (
            ("text", [one.text for one in held]),
            ("title", [one.title for one in held]),
        ):
            found[f"{name}_lengths"] = np.array([len(part) for part in parts], dtype=np.int64)
            found[name] = np.concatenate([np.zeros(0, np.uint32), *parts])
        return found

    def __len__(self) -> int:
        """The number of records."""
        return len(self._sketches)

    def put(self, key: int, content: Content) -> None:
        """Add a record, or replace it."""
        self._sketches[key] = self._beside[key] = sketch(content)
        self._few = None
        if len(self._beside) > _BESIDE:
            self._pack()

    def drop(self, key: int) -> None:
        """Forget a record, if it is there."""
        self._sketches.pop(key, None)
        if self._beside.pop(key, None) is not None:
            self._few = None

    def candidates(self, content: Content, *, most: int = 50) -> list[int]:
        """The keys of the records that could be nearly the same, the likeliest first."""
        asked = sketch(content)
        if self._few is None:
            self._few = _Both(self._beside, _Rows)
        beside, known = self._beside, self._sketches
        found = {
            key: share
            for key, share in self._postings.candidates(asked).items()
            if key in known and key not in beside
        }
        found |= self._few.candidates(asked)
        return sorted(found, key=lambda key: (-found[key], key))[:most]

    def _pack(self) -> None:
        self._postings = _Both(self._sketches, _Postings)
        self._beside: dict[int, Sketch] = {}
        self._few = None


class _Rows:
    """The hashes of a few rows, quickly put together, every one of them looked at."""

    def __init__(self, rows: Sequence[Hashes]) -> None:
        self._sizes = np.array([len(row) for row in rows], dtype=np.int64)
        self._hashes = np.concatenate(rows) if rows else np.zeros(0, np.uint32)
        self._rows = np.repeat(np.arange(len(rows)), self._sizes)

    def shares(self, asked: Hashes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Rows that share hashes, and the part of the shorter side's hashes shared."""
        if not len(asked):
            return np.zeros(0, np.int64), np.zeros(0)
        at = np.minimum(np.searchsorted(asked, self._hashes), len(asked) - 1)
        both = np.bincount(self._rows[asked[at] == self._hashes], minlength=len(self._sizes))
        smaller = np.minimum(self._sizes, len(asked))
        rows = np.flatnonzero(both >= np.minimum(_AT_LEAST, np.maximum(smaller, 1)))
        shares: NDArray[np.float64] = both[rows] / smaller[rows]
        return rows, shares


class _Postings:
    """Which rows have each hash, those of too many rows left out."""

    def __init__(self, rows: Sequence[Hashes]) -> None:
        sizes = np.array([len(row) for row in rows], dtype=np.int64)
        hashes = np.concatenate(rows) if rows else np.zeros(0, np.uint32)
        order = np.argsort(hashes, kind="stable")
        self._hashes, starts, counts = np.unique(
            hashes[order], return_index=True, return_counts=True
        )
        self._rows = np.repeat(np.arange(len(rows)), sizes)[order].astype(np.int32)
        self._starts, self._counts = starts, counts
        common = np.repeat(counts > _COMMON, counts)
        self.told = sizes - np.bincount(self._rows[common], minlength=len(rows))

    def shares(self, asked: Hashes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Rows that share hashes, and the part of the shorter side's telling hashes shared."""
        if not len(self._hashes) or not len(asked):
            return np.zeros(0, np.int64), np.zeros(0)
        at = np.minimum(np.searchsorted(self._hashes, asked), len(self._hashes) - 1)
        known = self._hashes[at] == asked
        common = known & (self._counts[at] > _COMMON)
        told = len(asked) - int(common.sum())
        parts = [
            self._rows[self._starts[one] : self._starts[one] + self._counts[one]]
            for one in at[known & ~common]
        ]
        if not parts:
            return np.zeros(0, np.int64), np.zeros(0)
        held, counts = np.unique(np.concatenate(parts), return_counts=True)
        enough = counts >= min(_AT_LEAST, told)
        rows, counts = held[enough].astype(np.int64), counts[enough]
        shares: NDArray[np.float64] = counts / np.minimum(self.told[rows], told)
        return rows, shares


class _Both:
    """Texts and titles of a collection at one moment."""

    def __init__(self, sketches: Mapping[int, Sketch], kind: type[_Rows | _Postings]) -> None:
        self._keys = list(sketches)
        held = list(sketches.values())
        self._short = np.array([one.short for one in held], dtype=bool)
        self._texts = kind([one.text for one in held])
        self._titles = kind([one.title for one in held])

    def candidates(self, asked: Sketch) -> dict[int, float]:
        """Keys with the share that makes them candidates."""
        found: dict[int, float] = {}
        rows, shares = self._texts.shares(asked.text)
        for row, share in zip(rows[shares >= _SHARED], shares[shares >= _SHARED], strict=True):
            found[self._keys[row]] = float(share)
        rows, shares = self._titles.shares(asked.title)
        near = (shares >= _TITLE_SHARED) & (self._short[rows] | asked.short)
        for row, share in zip(rows[near], shares[near], strict=True):
            key = self._keys[row]
            found[key] = max(found.get(key, 0.0), float(share))
        return found


def _parts(arrays: Mapping[str, NDArray[Any]], name: str) -> list[Hashes]:
    """An array cut at stored lengths."""
    ends = np.cumsum(arrays[f"{name}_lengths"])
    if int(ends[-1] if len(ends) else 0) != len(arrays[name]):
        msg = f"the stored {name} sketches do not fit their lengths"
        raise ValueError(msg)
    return np.split(arrays[name], ends[:-1]) if len(ends) else []


def _copies(group: Sequence[int]) -> Iterator[Pair]:
    """The pairs of exact copies."""
    firsts = group if len(group) <= _CROWD else group[:1]
    for place, one in enumerate(firsts):
        for other in group[place + 1 :]:
            yield Pair(one, other, 1.0)


def _between(ours: Sequence[int], theirs: Sequence[int], value: float) -> Iterator[Pair]:
    """The pairs between two groups of copies; of crowds, their first ones."""
    if len(ours) * len(theirs) > _CROWD:
        ours, theirs = ours[:1], theirs[:1]
    for one in ours:
        for other in theirs:
            yield Pair(min(one, other), max(one, other), value)


def _candidates(sketches: Sequence[Sketch]) -> Iterator[tuple[range, list[tuple[int, int]]]]:
    """Blocks of rows, each with its candidate pairs ``(row, higher row)``."""
    count = len(sketches)
    short = np.array([one.short for one in sketches], dtype=bool)
    texts = _Matrix([one.text for one in sketches], _SHARED)
    titles = _Matrix([one.title for one in sketches], _TITLE_SHARED)
    shorts = np.flatnonzero(short)
    by_title: dict[int, set[int]] = defaultdict(set)
    for start in range(0, len(shorts), _ROWS):
        for one, other in titles.near(shorts[start : start + _ROWS]):
            by_title[min(one, other)].add(max(one, other))
    for start in range(0, count, _ROWS):
        block = range(start, min(count, start + _ROWS))
        pairs = {
            (one, other) for one, other in texts.near(np.arange(start, block.stop)) if one < other
        }
        pairs |= {(one, other) for one in block for other in by_title.get(one, ())}
        yield block, sorted(pairs)


class _Matrix:
    """Rows of hashes as a sparse matrix, without hashes of one row and of too many."""

    def __init__(self, rows: Sequence[Hashes], least: float) -> None:
        from scipy import sparse

        sizes = np.array([len(row) for row in rows], dtype=np.int64)
        hashes = np.concatenate(rows) if len(rows) else np.zeros(0, np.uint32)
        _, columns, counts = np.unique(hashes, return_inverse=True, return_counts=True)
        frequency = counts[columns]
        row = np.repeat(np.arange(len(rows)), sizes)
        self._told = sizes - np.bincount(row[frequency > _COMMON], minlength=len(rows))
        self._least = least
        kept = (frequency > 1) & (frequency <= _COMMON)
        ones = np.ones(int(kept.sum()), dtype=np.int32)
        self._held: Any = sparse.csr_array(
            (ones, (row[kept], columns[kept])), shape=(len(rows), len(counts))
        )
        self._turned: Any = self._held.T.tocsr()

    def near(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """Pairs of one of the rows with any other that shares enough."""
        found = (self._held[rows] @ self._turned).tocoo()
        ours, theirs, both = rows[found.row], found.col, found.data
        smaller = np.minimum(self._told[ours], self._told[theirs])
        near = (ours != theirs) & (both >= np.minimum(_AT_LEAST, smaller))
        near &= both >= self._least * smaller
        yield from zip(ours[near].tolist(), theirs[near].tolist(), strict=True)
