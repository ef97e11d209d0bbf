"""The engine: two collections of records that search each other."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching import fusion, rules
from matchmaker.matching.collection import RecordCollection
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.explanation import Explanation, explain
from matchmaker.matching.fusion import THRESHOLDS, fuse, level_of, scored
from matchmaker.matching.lexical import UNSEEN_SHARE, folded
from matchmaker.matching.rules import facts, shift

Kind = Literal["demand", "outcome"]
OTHER: Final[dict[Kind, Kind]] = {"demand": "outcome", "outcome": "demand"}
ENGINE_VERSION: Final = "1"
# From this weighted mean on, two records of one kind say nearly the same.
NEARLY_THE_SAME: Final = 0.6
_CANDIDATES: Final = 100
_EXPLAINED_AT_ONCE: Final = 64
# A text that holds the query word for word stands before all others: the mean is at most 1.
_EXACT_HIT: Final = 2.0
_NOISE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record suggested for another: score in [0, 1], level 0–3, and why."""

    id: int
    score: float
    level: int
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found by a search."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class _State:
    """What readers see: both collections, and the change of the database that they follow."""

    sequence: int
    collections: Mapping[Kind, RecordCollection]


class Engine:
    """Demands and outcomes in memory, searched exactly.

    Safe to use from several threads: readers never wait, because a change is prepared beside the
    state that they read and then put in its place; whoever reads sees all of a change or nothing.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Start empty with an encoder."""
        self.encoder = encoder
        self.version = f"{ENGINE_VERSION}-{encoder.checksum[:12]}-{_ranking_checksum()}"
        self._state = _State(
            0,
            {
                "demand": RecordCollection.empty(encoder.dimension),
                "outcome": RecordCollection.empty(encoder.dimension),
            },
        )
        self._writing = threading.Lock()

    @property
    def sequence(self) -> int:
        """The change of the database that this follows."""
        return self._state.sequence

    def apply(
        self,
        upserts: Sequence[tuple[Kind, Matchable, NDArray[np.float32]]],
        removals: Sequence[tuple[Kind, int]],
        sequence: int,
    ) -> None:
        """Put records with their vectors in, take records out, and note how far this follows."""
        with self._writing:
            collections: dict[Kind, RecordCollection] = dict(self._state.collections)
            for kind, collection in self._state.collections.items():
                fresh = [(record, vector) for of, record, vector in upserts if of == kind]
                gone = [key for of, key in removals if of == kind]
                if fresh or gone:
                    changed = collection.copy()
                    changed.put([record for record, _ in fresh], [vector for _, vector in fresh])
                    changed.remove(gone)
                    changed.settle()
                    collections[kind] = changed
            self._state = _State(sequence, collections)

    def count(self, kind: Kind) -> int:
        """The number of records of a kind."""
        return len(self._state.collections[kind])

    def contents(self) -> tuple[int, dict[Kind, list[tuple[Matchable, NDArray[np.float32]]]]]:
        """How far this follows, and every record with its vector, by kind and id."""
        state = self._state
        return state.sequence, {kind: held.items() for kind, held in state.collections.items()}

    def entry(self, kind: Kind, key: int) -> tuple[Matchable, NDArray[np.float32]] | None:
        """A record with its vector, or ``None`` when it is not among the published."""
        return self._state.collections[kind].entry(key)

    def suggest(
        self,
        record: Matchable,
        kind: Kind,
        *,
        vector: NDArray[np.float32],
        top: int = 10,
        allowed: Collection[int] | None = None,
        explained: bool = True,
        floor: float = THRESHOLDS[0],
    ) -> list[Suggestion]:
        """The best counterparts of a record of ``kind``, best first, ties by id.

        Records of the same organisation are left out, and those under ``floor``: an empty list says
        that there is no suitable counterpart. ``allowed`` limits the counterparts to some ids.
        """
        collections = self._state.collections
        found = _ranked(collections[OTHER[kind]], record, kind, vector, (top, floor), allowed)
        return self._explained(collections, [(record, found)], kind)[0] if explained else found

    def suggest_many(
        self,
        queries: Sequence[tuple[Matchable, NDArray[np.float32]]],
        kind: Kind,
        *,
        top: int = 10,
        explained: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> list[list[Suggestion]]:
        """:meth:`suggest` for many records of one kind; sentences are encoded in batches."""
        collections = self._state.collections
        others = collections[OTHER[kind]]
        made: list[list[Suggestion]] = []
        for start in range(0, len(queries), _EXPLAINED_AT_ONCE):
            ranked = []
            for record, vector in queries[start : start + _EXPLAINED_AT_ONCE]:
                found = _ranked(others, record, kind, vector, (top, THRESHOLDS[0]), None)
                ranked.append((record, found))
                if progress:
                    progress(1)
            if explained:
                made += self._explained(collections, ranked, kind)
            else:
                made += [found for _, found in ranked]
        return made

    def similar(
        self, kind: Kind, record: Matchable, *, vector: NDArray[np.float32], top: int = 5
    ) -> list[Hit]:
        """Records of the same kind that say nearly the same, the nearest first; not itself."""
        collection = self._state.collections[kind]
        if not len(collection):
            return []
        alike = fuse(collection.similarities(record.title, record.content, vector))
        ids = collection.ids
        alike = np.where(ids == record.id, np.float32(-1), alike)
        order = np.lexsort((ids, -alike))[:top]
        return [
            Hit(int(ids[row]), round(float(alike[row]), 6))
            for row in order
            if alike[row] >= NEARLY_THE_SAME
        ]

    def search(
        self, kind: Kind, text: str, *, top: int, allowed: Collection[int] | None = None
    ) -> list[Hit]:
        """Records whose text holds a query or means it, best first.

        Lexical and semantic similarity count together; a record that holds the query word for word
        stands before all others.
        """
        wanted = folded(text)
        collection = self._state.collections[kind]
        if not wanted or not len(collection):
            return []
        vector = self.encoder.encode([wanted])[0]
        similarities = collection.similarities(wanted, wanted, vector)
        scores = fuse(similarities) + _EXACT_HIT * collection.holding(wanted)
        ids = collection.ids
        scores = _masked(scores, ids, allowed)
        order = np.lexsort((ids, -scores))[:top]
        return [
            Hit(int(ids[row]), round(float(scores[row]), 6))
            for row in order
            if scores[row] > _NOISE
        ]

    def _explained(
        self,
        collections: Mapping[Kind, RecordCollection],
        ranked: Sequence[tuple[Matchable, list[Suggestion]]],
        kind: Kind,
    ) -> list[list[Suggestion]]:
        others = collections[OTHER[kind]]
        pairs = [
            (record, others.record(one.id)) if kind == "demand" else (others.record(one.id), record)
            for record, found in ranked
            for one in found
        ]
        explanations = iter(explain(pairs, self.encoder, collections["outcome"].rarity))
        return [
            [Suggestion(one.id, one.score, one.level, next(explanations)) for one in found]
            for _, found in ranked
        ]


def _ranked(
    others: RecordCollection,
    record: Matchable,
    kind: Kind,
    vector: NDArray[np.float32],
    limits: tuple[int, float],
    allowed: Collection[int] | None,
) -> list[Suggestion]:
    """Fuse all similarities, then let facts decide among the best hundred.

    ``limits`` are the most suggestions wanted and the lowest score.
    """
    if not len(others):
        return []
    top, floor = limits
    means = fuse(others.similarities(record.title, record.content, vector))
    ids = others.ids
    means = _masked(means, ids, allowed)
    suggestions = []
    for row in np.lexsort((ids, -means))[: max(_CANDIDATES, top)].tolist():
        other, mean = others.record(int(ids[row])), float(means[row])
        if other.organisation_id == record.organisation_id or mean <= 0:
            continue
        pair = (record, other) if kind == "demand" else (other, record)
        score = scored(mean + shift(facts(*pair)))
        if score >= floor:
            suggestions.append(Suggestion(other.id, score, level_of(score)))
    suggestions.sort(key=lambda one: (-one.score, one.id))
    return suggestions[:top]


def _masked(
    scores: NDArray[np.float32], ids: NDArray[np.int64], allowed: Collection[int] | None
) -> NDArray[np.float32]:
    """Scores with -1 for every id that is not allowed."""
    if allowed is None:
        return scores
    keep = np.isin(ids, np.fromiter(allowed, dtype=np.int64, count=len(allowed)))
    return np.where(keep, scores, np.float32(-1))


def _ranking_checksum() -> str:
    """Eight hex digits over everything that decides an order besides the encoder."""
    told = repr(
        (
            UNSEEN_SHARE,
            *(fusion.TITLE_WEIGHT, fusion.CONTENT_WEIGHT, fusion.DENSE_WEIGHT),
            *(fusion.ACROSS_SCRIPTS, fusion.MEASURED, fusion.THRESHOLDS),
            *(rules.LARGEST_SHIFT, sorted(rules.WEIGHTS.items())),
        )
    )
    return hashlib.sha256(told.encode()).hexdigest()[:8]
