"""Records that are nearly the same: found at entry and in bulk, decided by a person.

Nothing is ever merged or deleted here. A decision stays whatever a later search finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from matchmaker.domain.errors import NotFound
from matchmaker.domain.permissions import SYSTEM, Actor, Bare, require
from matchmaker.matching.duplicate_index import find_pairs
from matchmaker.matching.duplicates import Content, likeness
from matchmaker.services import audit
from matchmaker.services.duplicate_follower import DuplicateFollower
from matchmaker.services.record import MODELS, Record, load, noun_of
from matchmaker.services.transition import transition
from matchmaker.store.base import new_public_id
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.queries import duplicate as query
from matchmaker.store.queries.match import PairSide
from matchmaker.store.queries.matching import pair_sides
from matchmaker.store.queries.visibility import comparable

SHOWN: Final = 5
_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A record that is nearly the same as another, as its reader may see it."""

    other: PairSide
    likeness: float
    state: str  # of the stored pair; open while nobody has decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search of everything did."""

    noun: str
    records: int
    pairs: int
    new: int
    gone: int
    decided: int


def near(
    uow: UnitOfWork, actor: Actor, follower: DuplicateFollower, record: Record
) -> tuple[Near, ...]:
    """The published or submitted records nearly the same as one, those the actor may see.

    The record itself may be a draft. Those that somebody has declared different are left out.
    """
    noun = noun_of(record)
    found = _found(uow, follower, record)
    if not found:
        return ()  # the usual case; a query without keys would read the whole table
    sides = pair_sides(uow, actor, noun, list(found))
    states = {
        pair.first_id + pair.second_id - record.id: pair.state
        for pair in query.stored(uow, noun, record.id)
    }
    rows = [
        Near(other=sides[key], likeness=value, state=states.get(key, "open"))
        for key, value in found.items()
        if key in sides and states.get(key) != "different"
    ]
    rows.sort(key=lambda one: (-one.likeness, one.other.id))
    return tuple(rows[:SHOWN])


def note(uow: UnitOfWork, follower: DuplicateFollower, record: Record) -> int:
    """Keep the pairs of a record that has just been submitted; returns how many are new."""
    noun = noun_of(record)
    found = {
        (min(record.id, key), max(record.id, key)): value
        for key, value in _found(uow, follower, record).items()
    }
    known = {(pair.first_id, pair.second_id) for pair in query.stored(uow, noun, record.id)}
    fresh = {pair: value for pair, value in found.items() if pair not in known}
    _keep(uow, noun, fresh)
    if fresh:
        audit.record(uow, SYSTEM, noun, record.id, "find_duplicates", after={"pairs": len(fresh)})
    return len(fresh)


def find_all(
    database: Database, noun: str, *, progressed: Callable[[int], None] | None = None
) -> Search:
    """Search every published or submitted record and keep what was found.

    New pairs are added open. Open pairs that are no longer alike go; what a person has decided
    stays. ``progressed`` is told of every record twice.
    """
    require(SYSTEM, "duplicate", "find")
    with database.reading() as uow:
        records = query.public_texts(uow, noun, comparable(noun))
    pairs = find_pairs([(one.title, one.text) for one in records], progressed=progressed)
    found = {(records[pair.first].id, records[pair.second].id): pair.likeness for pair in pairs}
    searched = {one.id for one in records}
    with database.unit_of_work() as uow:
        known = {(pair.first_id, pair.second_id): pair for pair in query.stored(uow, noun)}
        still = query.versions(uow, noun, comparable(noun)).keys()
        fresh = {
            pair: value for pair, value in found.items() if pair not in known and still >= set(pair)
        }
        gone = [
            pair.id
            for key, pair in known.items()
            if pair.state == "open" and key not in found and searched >= set(key)
        ]
        _keep(uow, noun, fresh)
        _remove(uow, gone)
        _update(uow, {known[pair].id: value for pair, value in found.items() if pair in known})
        if fresh or gone:
            audit.record(
                uow,
                SYSTEM,
                "duplicate",
                None,
                "find",
                after={"noun": noun, "new": len(fresh), "gone": len(gone)},
            )
        decided = sum(pair in known and known[pair].state != "open" for pair in found)
    return Search(
        noun=noun,
        records=len(records),
        pairs=len(found),
        new=len(fresh),
        gone=len(gone),
        decided=decided,
    )


def separate(uow: UnitOfWork, actor: Actor, noun: str, *, first: str, second: str) -> Duplicate:
    """Decide that two records are different ones."""
    return _decide(uow, actor, noun, (first, second), "separate")


def equate(uow: UnitOfWork, actor: Actor, noun: str, *, first: str, second: str) -> Duplicate:
    """Decide that two records are the same one. The records themselves are left as they are."""
    return _decide(uow, actor, noun, (first, second), "equate")


def both(uow: UnitOfWork, actor: Actor, noun: str, one: str, other: str) -> tuple[Record, Record]:
    """Two records by public id; ``NotFound`` unless they differ and the actor may see both."""
    if noun not in MODELS or one == other:
        msg = "There is no such pair of records."
        raise NotFound(msg)
    return load(uow, actor, noun, one), load(uow, actor, noun, other)


def likeness_of(one: Record, other: Record) -> float | None:
    """How nearly the same two records are by their public texts, or ``None``."""
    return likeness(_content(one), _content(other))


def _decide(
    uow: UnitOfWork, actor: Actor, noun: str, ids: tuple[str, str], action: str
) -> Duplicate:
    """Decide about a pair that is stored, or that would be found now."""
    records = both(uow, actor, noun, *ids)
    first, second = sorted(one.id for one in records)
    wanted = (Duplicate.noun == noun, Duplicate.first_id == first, Duplicate.second_id == second)
    statement = select(Duplicate).where(*wanted).with_for_update()
    pair = uow.session.scalars(statement).one_or_none()
    if pair is None:
        value = likeness_of(*records)
        if value is None:
            msg = "These two records are not nearly the same."
            raise NotFound(msg)
        require(actor, "duplicate", action, Bare(state="open"))
        _keep(uow, noun, {(first, second): value})
        pair = uow.session.scalars(statement).one()
    pair.decided_by, pair.decided_at = actor.user_id, uow.now
    named = f"{noun} {first}, {second}"
    transition(uow, actor, "duplicate", pair, action, noted={"records": named})
    uow.flush()
    return pair


def _content(record: Record) -> Content:
    """A record's title and public texts, prepared for comparison."""
    texts = (getattr(record, column.key) for column in query.TEXTS[noun_of(record)])
    return Content(record.title, query.joined(texts))


def _found(uow: UnitOfWork, follower: DuplicateFollower, record: Record) -> dict[int, float]:
    """The keys of the records nearly the same as one, with their likeness."""
    noun, content = noun_of(record), _content(record)
    keys = [key for key in follower.candidates(noun, content) if key != record.id]
    others = query.public_texts(uow, noun, comparable(noun), keys) if keys else []
    values = {one.id: likeness(content, Content(one.title, one.text)) for one in others}
    return {key: value for key, value in values.items() if value is not None}


def _keep(uow: UnitOfWork, noun: str, pairs: Mapping[tuple[int, int], float]) -> None:
    rows = [
        {
            "public_id": new_public_id(),
            "noun": noun,
            "first_id": first,
            "second_id": second,
            "likeness": value,
            "found_at": uow.now,
            "state": "open",
            "version": 1,
        }
        for (first, second), value in pairs.items()
    ]
    for start in range(0, len(rows), _BATCH):
        uow.session.execute(insert(Duplicate), rows[start : start + _BATCH])


def _remove(uow: UnitOfWork, ids: list[int]) -> None:
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        uow.session.execute(
            delete(Duplicate).where(Duplicate.id.in_(part), Duplicate.state == "open")
        )


def _update(uow: UnitOfWork, values: Mapping[int, float]) -> None:
    """Set likenesses anew; versions stay, so that nobody who is deciding loses a race."""
    statement = (
        update(Duplicate)
        .where(Duplicate.id == bindparam("key"))
        .values(likeness=bindparam("value"))
    )
    rows = [{"key": key, "value": value} for key, value in values.items()]
    for start in range(0, len(rows), _BATCH):
        uow.session.connection().execute(statement, rows[start : start + _BATCH])
