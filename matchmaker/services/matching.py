"""Keeping the stored shortlists in step with the records.

Shortlists follow the change sequence in two steps. Right after a change, the demands it bears on
are matched anew (``matched_through``). A new text also shifts, a little, how telling every word is
and with it every score: ranking all demands again levels that (``ranked_through``), so that
following changes one by one ends where ``match_all`` ends. Both steps are repeatable, compute
without any lock, and write only if nothing newer has arrived meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import case, delete, insert, select, update

from matchmaker.domain.permissions import SYSTEM, require
from matchmaker.matching.engine import Engine, Suggestion
from matchmaker.services import audit
from matchmaker.services.index import EngineFollower, Progressed, ensure_vectors
from matchmaker.store.base import new_public_id
from matchmaker.store.change import Progress
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.queries import matching as query
from matchmaker.store.queries.matching import StoredPair

SHORTLIST_LENGTH: Final = 10
# An outcome that enters or leaves bears on its own best demands first of all.
_NEAREST_DEMANDS: Final = 30
_BATCH: Final = 64
# Pairs (demands × outcomes) up to which all demands are ranked after each change: about 5 s of one
# core in the background. Beyond, `match --all` levels the scores when it is run.
LEVELLED_PAIRS: Final = 5_000_000
# Newer changes make a batch start over so often; then they have to wait for it.
_ATTEMPTS: Final = 5


def catch_up(
    database: Database, follower: EngineFollower, *, progressed: Progressed | None = None
) -> int:
    """Match whatever changed since the last time; returns how many demands were matched anew.

    ``progressed`` is told how many demands are done.
    """
    with database.reading() as uow:
        row = query.progress(uow)
        if row.matched_through >= row.last_change:
            return 0
        changed = query.changed_since(uow, row.matched_through)
        outcomes = [key for noun, key in changed if noun == "outcome"]
        demands = {key for noun, key in changed if noun == "demand"}
        demands |= query.demands_with_outcomes(uow, outcomes)
    ensure_vectors(database, follower.encoder, changed)
    engine = follower.current(wait=True)
    if len(outcomes) * _NEAREST_DEMANDS >= engine.count("demand"):
        demands |= {record.id for record, _ in engine.contents()[1]["demand"]}
    else:
        for key in outcomes:
            demands |= _demands_near(engine, key)
    done = {"matched_through": row.last_change}
    match_demands(database, follower, demands, progressed=progressed, done=done)
    return len(demands)


def backlog(database: Database) -> int:
    """How many changes have not been matched yet."""
    with database.reading() as uow:
        row = query.progress(uow)
    return row.last_change - row.matched_through


def is_behind(database: Database) -> bool:
    """Whether a change has not been matched, or not all demands ranked with it."""
    with database.reading() as uow:
        row = query.progress(uow)
    return min(row.matched_through, row.ranked_through) < row.last_change


def match_all(
    database: Database, follower: EngineFollower, *, progressed: Progressed | None = None
) -> int:
    """Match every published demand anew; returns how many."""
    ensure_vectors(database, follower.encoder)
    with database.reading() as uow:
        sequence = query.progress(uow).last_change
        demands = query.matched_keys(uow, "demand")
        left = query.demands_with_matches(uow) - demands
    done = {"matched_through": sequence, "ranked_through": sequence}
    match_demands(database, follower, demands | left, progressed=progressed, done=done)
    return len(demands)


def rank_all(database: Database, follower: EngineFollower) -> bool:
    """Rank all demands with all changes so far; false where there are too many for that."""
    with database.reading() as uow:
        row = query.progress(uow)
        demands = query.matched_keys(uow, "demand") | query.demands_with_matches(uow)
    if row.ranked_through >= row.last_change:
        return True
    engine = follower.current(wait=True)
    if pairs(engine) > LEVELLED_PAIRS:
        return False
    done = {"ranked_through": row.last_change}
    match_demands(database, follower, demands, done=done, anew=False)
    return True


def pairs(engine: Engine) -> int:
    """How many pairs of a demand and an outcome an engine holds."""
    return engine.count("demand") * engine.count("outcome")


def match_demands(
    database: Database,
    follower: EngineFollower,
    keys: Collection[int],
    *,
    progressed: Progressed | None = None,
    done: Mapping[str, int] | None = None,
    anew: bool = True,
) -> None:
    """Suggest outcomes for demands and store the shortlists, as often as one likes.

    Decisions are never touched; a demand that is not published any more loses its open suggestions.
    ``done`` says which columns of ``progress`` all these demands complete and up to which change:
    they are moved with the last batch. Without ``anew``, the explanations of pairs that stay are
    left as they are.
    """
    require(SYSTEM, "match", "suggest")
    ordered = sorted(keys)
    batches = [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)] or [[]]
    for number, batch in enumerate(batches, start=1):
        completed = done or {} if number == len(batches) else {}
        _match_batch(database, follower, batch, completed, anew=anew)
        if progressed:
            progressed(len(batch))


def _match_batch(
    database: Database,
    follower: EngineFollower,
    batch: Sequence[int],
    done: Mapping[str, int],
    *,
    anew: bool,
) -> None:
    """Compute without a lock and write if nothing newer has come; else start over.

    Where changes come so thick that this fails again and again, they are made to wait for once.
    """
    for _ in range(_ATTEMPTS):
        engine = follower.current(wait=True)
        # Asked before computing: another thread may bring this very engine up meanwhile.
        sequence = engine.sequence
        shortlists = _shortlists(database, engine, batch, anew=anew)
        with database.unit_of_work() as uow:
            if query.progress(uow, lock=True).last_change == sequence:
                _store(uow, shortlists, engine.version)
                _advance(uow, done)
                return
    with database.unit_of_work() as uow:
        query.progress(uow, lock=True)
        engine = follower.current(wait=True)
        _store(uow, _shortlists(database, engine, batch, anew=anew), engine.version)
        _advance(uow, done)


def _shortlists(
    database: Database, engine: Engine, batch: Sequence[int], *, anew: bool
) -> dict[int, list[Suggestion]]:
    """The suggestions of each demand; none for those that are not published.

    Each is explained, unless its pair is stored and nothing is to be explained anew.
    """
    entries = [entry for key in batch if (entry := engine.entry("demand", key)) is not None]
    found: dict[int, list[Suggestion]] = {key: [] for key in batch}
    if not anew:
        ranked = engine.suggest_many(entries, "demand", top=SHORTLIST_LENGTH, explained=False)
        found |= {record.id: listed for (record, _), listed in zip(entries, ranked, strict=True)}
        with database.reading() as uow:
            known = {
                (pair.demand_id, pair.outcome_id)
                for pair in query.stored_pairs(uow, batch)
                if pair.engine_version == engine.version
            }
        entries = [
            (record, vector)
            for record, vector in entries
            if any((record.id, one.id) not in known for one in found[record.id])
        ]
    explained = engine.suggest_many(entries, "demand", top=SHORTLIST_LENGTH)
    found |= {record.id: listed for (record, _), listed in zip(entries, explained, strict=True)}
    return found


def _demands_near(engine: Engine, outcome_id: int) -> set[int]:
    """The demands that an outcome lies nearest to: those whose shortlists it may well enter."""
    entry = engine.entry("outcome", outcome_id)
    if entry is None:
        return set()
    record, vector = entry
    near = engine.suggest(record, "outcome", vector=vector, top=_NEAREST_DEMANDS, explained=False)
    return {one.id for one in near}


def _store(uow: UnitOfWork, shortlists: Mapping[int, Sequence[Suggestion]], version: str) -> None:
    """Write shortlists: refresh what is open, keep what is decided, delete what fell out.

    Versions of rows stay: a broker who decides on a match while its score shifts loses no race.
    """
    stored = {(row.demand_id, row.outcome_id): row for row in query.stored_pairs(uow, shortlists)}
    wanted = dict(_still_published(uow, shortlists))
    added = [
        _new_row(uow, key, rank, one, version)
        for key, (rank, one) in wanted.items()
        if key not in stored
    ]
    if added:
        uow.session.execute(insert(Match), added)
    for key, (rank, one) in wanted.items():
        if key in stored:
            _refresh(uow, stored[key], rank, one, version)
    fallen = [row for key, row in stored.items() if key not in wanted]
    # What stands in a broker's queue stays until it is due: somebody may be reading it.
    free = [row for row in fallen if row.state == "suggested" and row.assigned_to is None]
    open_ones = [row.id for row in free]
    kept = [row.id for row in fallen if row.id not in open_ones and row.current]
    # The state is asked again: it may be anything by now in a row that was read above.
    if open_ones:
        uow.session.execute(
            delete(Match).where(
                Match.id.in_(open_ones), Match.state == "suggested", Match.assigned_to.is_(None)
            )
        )
    if kept:
        uow.session.execute(update(Match).where(Match.id.in_(kept)).values(current=False))
    if added or open_ones:
        counted = {"added": len(added), "removed": len(open_ones)}
        audit.record(uow, SYSTEM, "match", None, "suggest", after=counted)


def _still_published(
    uow: UnitOfWork, shortlists: Mapping[int, Sequence[Suggestion]]
) -> Iterator[tuple[tuple[int, int], tuple[int, Suggestion]]]:
    """Each pair with its rank and suggestion, leaving out records taken down a moment ago."""
    outcomes = query.matched_among(
        uow, "outcome", {one.id for listed in shortlists.values() for one in listed}
    )
    for demand_id in query.matched_among(uow, "demand", shortlists):
        listed = [one for one in shortlists[demand_id] if one.id in outcomes]
        for rank, one in enumerate(listed, start=1):
            yield (demand_id, one.id), (rank, one)


def _new_row(
    uow: UnitOfWork, key: tuple[int, int], rank: int, one: Suggestion, version: str
) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "demand_id": key[0],
        "outcome_id": key[1],
        "score": one.score,
        "level": one.level,
        "rank": rank,
        "current": True,
        "explanation": one.explanation.to_dict() if one.explanation else {},
        "engine_version": version,
        "state": "suggested",
        "note": "",
        "created_at": uow.now,
        "version": 1,
    }


def _refresh(uow: UnitOfWork, row: StoredPair, rank: int, one: Suggestion, version: str) -> None:
    """Update one stored pair where anything differs; of a decided one, only that it is current."""
    values: dict[str, Any] = {} if row.current else {"current": True}
    if row.state == "suggested":
        new = {"score": one.score, "level": one.level, "rank": rank, "engine_version": version}
        values |= {name: value for name, value in new.items() if getattr(row, name) != value}
        if one.explanation is not None:
            values["explanation"] = one.explanation.to_dict()
    if values:
        uow.session.execute(
            update(Match)
            .where(Match.id == row.id, Match.state == row.state)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _advance(uow: UnitOfWork, done: Mapping[str, int]) -> None:
    """Note which steps are done up to which change; never back."""
    for name, sequence in done.items():
        column = getattr(Progress, name)
        furthest = case((column < sequence, sequence), else_=column)
        uow.session.execute(update(Progress).values({name: furthest}))


def outdated(database: Database, version: str) -> bool:
    """Whether open matches stand that another engine suggested."""
    with database.reading() as uow:
        statement = select(Match.id).where(
            Match.state == "suggested", Match.engine_version != version
        )
        return uow.session.scalar(statement.limit(1)) is not None
