"""The engine: two collections of records that search each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.collection import RecordCollection
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.explanation import Explanation, explain
from matchmaker.matching.fusion import THRESHOLDS, fuse, level_of
from matchmaker.matching.rules import facts, shift

Kind = Literal["demand", "outcome"]
OTHER: Final[dict[Kind, Kind]] = {"demand": "outcome", "outcome": "demand"}
ENGINE_VERSION: Final = "1"
_CANDIDATES: Final = 100
_EXACT_HIT: Final = 0.5  # a text that holds the query word for word stands before all others


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


class Engine:
    """Demands and outcomes in memory, searched exactly; safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        """Start empty with an encoder."""
        self.encoder = encoder
        self.version = f"{ENGINE_VERSION}-{encoder.checksum[:12]}"
        self.sequence = 0
        self._collections: dict[Kind, RecordCollection] = {
            "demand": RecordCollection(encoder.dimension),
            "outcome": RecordCollection(encoder.dimension),
        }
        self._lock = threading.RLock()

    def apply(
        self,
        upserts: Sequence[tuple[Kind, Matchable, NDArray[np.float32]]],
        removals: Sequence[tuple[Kind, int]],
        sequence: int,
    ) -> None:
        """Put records with their vectors in, take records out, and note how far this follows."""
        with self._lock:
            for kind, collection in self._collections.items():
                fresh = [(record, vector) for of, record, vector in upserts if of == kind]
                collection.put([record for record, _ in fresh], [vector for _, vector in fresh])
                collection.remove([key for of, key in removals if of == kind])
                collection.settle()
            self.sequence = sequence

    def count(self, kind: Kind) -> int:
        """The number of records of a kind."""
        return len(self._collections[kind])

    def contents(self) -> tuple[int, dict[Kind, list[tuple[Matchable, NDArray[np.float32]]]]]:
        """How far this follows, and every record with its vector, by kind and id."""
        with self._lock:
            return self.sequence, {
                kind: collection.items() for kind, collection in self._collections.items()
            }

    def entry(self, kind: Kind, key: int) -> tuple[Matchable, NDArray[np.float32]] | None:
        """A record with its vector, or ``None`` when it is not among the published."""
        with self._lock:
            return self._collections[kind].entry(key)

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
        found = self._ranked(record, kind, vector, top, allowed, floor)
        return self._explained([(record, found)], kind)[0] if explained else found

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
        made: list[list[Suggestion]] = []
        for start in range(0, len(queries), 64):
            ranked = []
            for record, vector in queries[start : start + 64]:
                ranked.append(
                    (record, self._ranked(record, kind, vector, top, None, THRESHOLDS[0]))
                )
                if progress:
                    progress(1)
            made += self._explained(ranked, kind) if explained else [found for _, found in ranked]
        return made

    def search(
        self, kind: Kind, text: str, *, top: int, allowed: Collection[int] | None = None
    ) -> list[Hit]:
        """Records whose text holds a query or means it, best first.

        Lexical and semantic similarity count together; a record that holds the query word for word
        stands before all others.
        """
        wanted = " ".join(text.lower().split())
        if not wanted:
            return []
        vector = self.encoder.encode([wanted])[0]
        with self._lock:
            collection = self._collections[kind]
            if not len(collection):
                return []
            similarities = collection.similarities(wanted, wanted, vector)
            scores = fuse(similarities) + _EXACT_HIT * collection.holding(wanted)
            ids = collection.ids
        scores = _masked(scores, ids, allowed)
        order = np.lexsort((ids, -scores))[:top]
        return [Hit(int(ids[row]), float(scores[row])) for row in order if scores[row] > 0.05]  # noqa: PLR2004 - noise

    def _ranked(
        self,
        record: Matchable,
        kind: Kind,
        vector: NDArray[np.float32],
        top: int,
        allowed: Collection[int] | None,
        floor: float,
    ) -> list[Suggestion]:
        """Fuse all similarities, then let facts decide among the best hundred."""
        with self._lock:
            collection = self._collections[OTHER[kind]]
            if not len(collection):
                return []
            scores = fuse(collection.similarities(record.title, record.content, vector))
            ids = collection.ids
            scores = _masked(scores, ids, allowed)
            best = np.lexsort((ids, -scores))[: max(_CANDIDATES, top)]
            candidates = [(collection.record(int(ids[row])), float(scores[row])) for row in best]
        suggestions = []
        for other, text_score in candidates:
            if other.organisation_id == record.organisation_id or text_score <= 0:
                continue
            pair = (record, other) if kind == "demand" else (other, record)
            score = min(1.0, max(0.0, text_score + shift(facts(*pair))))
            if score >= floor:
                suggestions.append(Suggestion(other.id, round(score, 6), level_of(score)))
        suggestions.sort(key=lambda one: (-one.score, one.id))
        return suggestions[:top]

    def _explained(
        self, ranked: Sequence[tuple[Matchable, list[Suggestion]]], kind: Kind
    ) -> list[list[Suggestion]]:
        with self._lock:
            others = self._collections[OTHER[kind]]
            pairs = [
                (record, others.record(one.id))
                if kind == "demand"
                else (others.record(one.id), record)
                for record, found in ranked
                for one in found
            ]
            rarity = self._collections["outcome"].rarity
            explanations = iter(explain(pairs, self.encoder, rarity))
        return [
            [Suggestion(one.id, one.score, one.level, next(explanations)) for one in found]
            for _, found in ranked
        ]


def _masked(
    scores: NDArray[np.float32], ids: NDArray[np.int64], allowed: Collection[int] | None
) -> NDArray[np.float32]:
    """Scores with -1 for every id that is not allowed."""
    if allowed is None:
        return scores
    keep = np.isin(ids, np.fromiter(allowed, dtype=np.int64, count=len(allowed)))
    return np.where(keep, scores, np.float32(-1))
