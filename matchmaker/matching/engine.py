"""The engine: two collections of records that search each other."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching import lexical, ranking, rules, vectors
from matchmaker.matching.collection import Found, RecordCollection
from matchmaker.matching.dense import Rows, one_thread
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.explanation import Explanation, explain
from matchmaker.matching.features import (
    Features,
    Query,
    compare,
    compare_best,
    compare_outcome,
    title_features,
)
from matchmaker.matching.lexical import Vocabulary, Weights, folded
from matchmaker.matching.ranking import THRESHOLDS, Ranking, level_of, ranking_of
from matchmaker.matching.rules import facts, shift

Kind = Literal["demand", "outcome"]
OTHER: Final[dict[Kind, Kind]] = {"demand": "outcome", "outcome": "demand"}
ENGINE_VERSION: Final = "2"
# Candidates by words and as many by meaning, and those whose titles answer what else is said …
_CANDIDATES: Final = 150
_BY_CONTENT: Final = 100
# … the best of them, whose texts are read …
_READ: Final = 150
# … and the best of these, whose facts are looked at. Facts move evidence by little, so that what
# lies deeper cannot come first.
_LOOKED_AT: Final = 100
# Demands compare more slowly with an outcome than outcomes with a demand.
_DEMANDS_COMPARED: Final = 60
# To scan so many vectors takes so long that words are looked up meanwhile.
_SCANNED_BESIDE: Final = 200_000
# So many of a shortlist may come from one organisation while there are others.
OF_ONE_ORGANISATION: Final = 3
_EXPLAINED_AT_ONCE: Final = 64
# A text that holds the query word for word stands before all others, a title before a text.
_IN_TITLE: Final = 4.0
_IN_TEXT: Final = 2.0
_NOISE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record suggested for another: P(usable), the level it is called, and why."""

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
    weights: Weights


class Engine:
    """Demands and outcomes in memory.

    Safe to use from several threads: readers never wait, because a change makes a new state beside
    the one that they read and then puts it in its place; whoever reads sees all of a change or
    nothing.
    """

    def __init__(self, encoder: Encoder, ranking: Ranking | None = None) -> None:
        """Start empty with an encoder and the ranking fitted for it, or another."""
        self.encoder = encoder
        self.ranking = ranking or ranking_of(encoder.name)
        told = f"{encoder.checksum[:12]}-{self.ranking.checksum}-{_checksum_of_rules()}"
        self.version = f"{ENGINE_VERSION}-{told}"
        self._vocabulary = Vocabulary(self.ranking.background)
        empty = RecordCollection.empty(encoder.dimension, self._vocabulary)
        self._state = self._state_of(0, {"demand": empty, "outcome": empty})
        self._writing = threading.Lock()
        self._beside = ThreadPoolExecutor(thread_name_prefix="scan", initializer=one_thread)

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
                gone = {key for of, key in removals if of == kind}
                if fresh or gone:
                    collections[kind] = collection.changed(
                        [record for record, _ in fresh],
                        [vector for _, vector in fresh],
                        gone,
                        self._vocabulary,
                    )
            self._state = self._state_of(sequence, collections)

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

    def cosines(self, kind: Kind, key: int, others: Collection[int]) -> dict[int, float]:
        """How near other records of a kind lie to one, by id, of those among the published."""
        return self._state.collections[kind].cosines(key, others)

    def found(self, kind: Kind, keys: Sequence[int]) -> tuple[Found, Weights]:
        """Those of some records that are there, by id, and what words tell at this moment."""
        state = self._state
        return state.collections[kind].of(keys), state.weights

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

        Records of the same organisation are left out, and those less likely to be usable than
        ``floor``: an empty list says that there is no suitable counterpart. ``allowed`` limits the
        counterparts to some ids. No organisation takes more than ``OF_ONE_ORGANISATION`` places
        while others have something to suggest.
        """
        state = self._state
        found = self._ranked(state, record, kind, vector, (top, floor), allowed)
        return self._explained(state, [(record, found)], kind)[0] if explained else found

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
        state = self._state
        made: list[list[Suggestion]] = []
        for start in range(0, len(queries), _EXPLAINED_AT_ONCE):
            ranked = []
            for record, vector in queries[start : start + _EXPLAINED_AT_ONCE]:
                found = self._ranked(state, record, kind, vector, (top, THRESHOLDS[0]), None)
                ranked.append((record, found))
                if progress:
                    progress(1)
            if explained:
                made += self._explained(state, ranked, kind)
            else:
                made += [found for _, found in ranked]
        return made

    def likely(
        self,
        queries: Sequence[tuple[Matchable, NDArray[np.float32]]],
        *,
        top: int,
        allowed: Collection[int] | None = None,
    ) -> tuple[list[Matchable], NDArray[np.float64]]:
        """The ``top`` outcomes by text of each of some demands, and P(usable) of all with all.

        Outcomes by id; probabilities (queries, outcomes) by text alone, without facts.
        """
        state = self._state
        outcomes, weights = state.collections["outcome"], state.weights
        brought: set[int] = set()
        if len(outcomes):
            companies = {record.organisation_id for record, _ in queries}
            masks = {company: outcomes.mask(allowed, company) for company in companies}
            for record, vector in queries:
                limits = (masks[record.organisation_id], top)
                found, features = self._compared(state, record, "demand", vector, limits)
                order = np.lexsort((found.columns.ids, -self.ranking.weigh(features)))[:top]
                brought.update(found.columns.ids[order].tolist())
        found = outcomes.of(sorted(brought))
        usable = np.zeros((len(queries), len(found.columns)))
        for row, (record, vector) in enumerate(queries):
            features = compare(Query.of(record, vector, weights), found, weights)
            usable[row] = self.ranking.usable(self.ranking.weigh(features))
        return found.columns.records, usable

    def search(
        self, kind: Kind, text: str, *, top: int, allowed: Collection[int] | None = None
    ) -> list[Hit]:
        """Records whose text holds a query or means it, best first.

        Lexical and semantic similarity count together; a record that holds the query word for word
        stands before all others.
        """
        wanted = folded(text)
        state = self._state
        collection = state.collections[kind]
        if not wanted or not len(collection):
            return []
        vector = self.encoder.encode([wanted])[0]
        mask = collection.mask(allowed, None)
        bag = state.weights.bag(wanted)
        scores: dict[int, float] = {}
        asked = max(top, _CANDIDATES)
        near = collection.near(vector, asked, mask)
        sharing = collection.sharing(bag, state.weights, asked, mask)
        for found, word_for_word in (
            (collection.at(near, sharing), False),
            (collection.holding(wanted, mask), True),
        ):
            title, meaning = title_features(bag, vector, found, state.weights)
            alike = np.clip(title, 0, 1) + np.clip(meaning, 0, 1)
            for row, record in enumerate(found.columns.records):
                score = float(alike[row]) / 2
                if word_for_word:
                    score += _IN_TITLE if wanted in folded(record.title) else _IN_TEXT
                scores[record.id] = score
        order = sorted(scores, key=lambda key: (-scores[key], key))[:top]
        return [Hit(key, round(scores[key], 6)) for key in order if scores[key] > _NOISE]

    def _state_of(self, sequence: int, collections: Mapping[Kind, RecordCollection]) -> _State:
        """A state in which words are weighed by the outcomes' titles."""
        outcomes = collections["outcome"]
        weights = Weights(self._vocabulary, outcomes.frequency, len(outcomes))
        return _State(sequence, collections, weights)

    def _ranked(
        self,
        state: _State,
        record: Matchable,
        kind: Kind,
        vector: NDArray[np.float32],
        limits: tuple[int, float],
        allowed: Collection[int] | None,
    ) -> list[Suggestion]:
        """Find candidates, weigh the evidence, then let facts decide among the best.

        ``limits`` are the most suggestions wanted and the lowest probability.
        """
        others = state.collections[OTHER[kind]]
        if not len(others):
            return []
        top, floor = limits
        mask = others.mask(allowed, record.organisation_id)
        found, features = self._compared(state, record, kind, vector, (mask, top))
        evidence = self.ranking.weigh(features)
        ids = found.columns.ids
        best = np.lexsort((ids, -evidence))[: max(_LOOKED_AT, top)].tolist()
        counterparts = found.columns.records
        moved = np.array(
            [
                shift(facts(record, other) if kind == "demand" else facts(other, record))
                for other in (counterparts[row] for row in best)
            ]
        )
        usable = self.ranking.usable(evidence[best] + moved)
        listed = []
        for row, probability in zip(best, usable.tolist(), strict=True):
            score = round(probability, 6)
            if score >= floor:
                listed.append((Suggestion(int(ids[row]), score, level_of(score)), row))
        listed.sort(key=lambda one: (-one[0].score, one[0].id))
        organisations = found.columns.organisations
        return _spread([(one, int(organisations[row])) for one, row in listed], top)

    def _compared(
        self,
        state: _State,
        record: Matchable,
        kind: Kind,
        vector: NDArray[np.float32],
        limits: tuple[NDArray[np.bool_], int],
    ) -> tuple[Found, Features]:
        """Candidates with their features; ``limits`` are the rows allowed and how many are wanted.

        An outcome's best demands by title and meaning alone are compared in full.
        """
        mask, top = limits
        weights = state.weights
        others = state.collections[OTHER[kind]]
        bag = weights.bag(record.title)
        wanted = max(top, _CANDIDATES)
        near = self._near(others, vector, wanted, mask)
        sharing = others.sharing(bag, weights, wanted, mask)
        if kind == "demand":
            query = Query.of(record, vector, weights)
            answering = others.sharing(query.content, weights, _BY_CONTENT, mask)
            found = others.at(near(), sharing, answering)
            return compare_best(query, found, weights, self.ranking.weigh, max(top, _READ))
        found = others.at(near(), sharing)
        title, meaning = title_features(bag, vector, found, weights)
        order = np.argsort(-(title + meaning), kind="stable")[: max(top, _DEMANDS_COMPARED)]
        found = found.take(np.sort(order))
        return found, compare_outcome(record, vector, found, weights, self._vocabulary)

    def _near(
        self,
        others: RecordCollection,
        vector: NDArray[np.float32],
        top: int,
        mask: NDArray[np.bool_],
    ) -> Callable[[], Rows]:
        """The rows nearest by meaning, found in another thread where there are very many."""
        if len(others) < _SCANNED_BESIDE:
            rows = others.near(vector, top, mask)
            return lambda: rows
        return self._beside.submit(others.near, vector, top, mask).result

    def _explained(
        self, state: _State, ranked: Sequence[tuple[Matchable, list[Suggestion]]], kind: Kind
    ) -> list[list[Suggestion]]:
        others = state.collections[OTHER[kind]]
        pairs = [
            (record, other) if kind == "demand" else (other, record)
            for record, found in ranked
            for other in others.records([one.id for one in found])
        ]
        explanations = iter(explain(pairs, self.encoder, state.weights.rarity))
        return [
            [Suggestion(one.id, one.score, one.level, next(explanations)) for one in found]
            for _, found in ranked
        ]


def _spread(listed: Sequence[tuple[Suggestion, int]], top: int) -> list[Suggestion]:
    """The best ``top``, those beyond an organisation's share only where places are left.

    ``listed`` are suggestions, best first, each with its organisation.
    """
    taken: Counter[int] = Counter()
    chosen: list[int] = []
    over: list[int] = []
    for place, (_, organisation) in enumerate(listed):
        taken[organisation] += 1
        (chosen if taken[organisation] <= OF_ONE_ORGANISATION else over).append(place)
    kept = sorted([*chosen[:top], *over[: max(0, top - len(chosen))]])
    return [listed[place][0] for place in kept]


def _checksum_of_rules() -> str:
    """Eight hex digits over everything that decides an order besides encoder and ranking."""
    told = repr(
        (
            *(lexical.POWER, lexical.PAIR_SHARE, lexical.LENGTH_POWER, lexical.BACKGROUND_TITLES),
            *(ranking.THRESHOLDS, vectors.TITLE_SHARE),
            *(_CANDIDATES, _BY_CONTENT, _READ, _LOOKED_AT, _DEMANDS_COMPARED, OF_ONE_ORGANISATION),
            *(rules.LARGEST_SHIFT, sorted(rules.WEIGHTS.items())),
        )
    )
    return hashlib.sha256(told.encode()).hexdigest()[:8]
