"""Pairs of records that are nearly the same as frozen rows, and the public texts they come from.

A pair is listed only while its reader may see both records and both can still be taken for each
other: published or in review. A record that the reader may not see leaves no trace, not in counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.match import PairSide
from matchmaker.store.queries.matching import pair_sides
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import MODELS, comparable, seen

# The public long texts of each noun; what is redacted or confidential never stands here.
TEXTS: Final[Mapping[str, tuple[Any, ...]]] = {
    "demand": (
        Demand.problem,
        Demand.key_technology,
        Demand.target,
        Demand.constraints,
        Demand.description,
    ),
    "outcome": (
        Outcome.summary,
        Outcome.problem_solved,
        Outcome.advantage,
        Outcome.economics,
        Outcome.description,
    ),
}
_PARAMETERS: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicText:
    """A record as it is compared: its title and public texts."""

    id: int
    version: int
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPair:
    """A pair as a search compares it with what it has found."""

    id: int
    first_id: int
    second_id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """A pair in a list; permissions can look at it."""

    public_id: str
    noun: str
    first: PairSide
    second: PairSide
    likeness: float
    found_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str | None
    organisation_id: int | None = None
    author_id: int | None = None
    recipient_ids: frozenset[int] = frozenset()


def public_texts(
    uow: UnitOfWork, noun: str, where: ColumnElement[bool], keys: Collection[int] | None = None
) -> list[PublicText]:
    """The public texts of records, all that fulfil a condition or those among ``keys``, by id."""
    model = MODELS[noun]
    statement = (
        select(model.id, model.version, model.title, *TEXTS[noun]).where(where).order_by(model.id)
    )
    if keys is None:
        return [_public_text(row) for row in uow.session.execute(statement)]
    wanted = sorted(keys)
    return [
        _public_text(row)
        for start in range(0, len(wanted), _PARAMETERS)
        for row in uow.session.execute(
            statement.where(model.id.in_(wanted[start : start + _PARAMETERS]))
        )
    ]


def versions(uow: UnitOfWork, noun: str, where: ColumnElement[bool]) -> dict[int, int]:
    """The ids of records that fulfil a condition, each with its version."""
    model = MODELS[noun]
    rows = uow.session.execute(select(model.id, model.version).where(where))
    return {key: version for key, version in rows}  # noqa: C416 - a row is no pair to dict()


def stored(uow: UnitOfWork, noun: str, record_id: int | None = None) -> tuple[StoredPair, ...]:
    """Every pair of a noun, or of one record, whatever its state."""
    statement = select(
        Duplicate.id, Duplicate.first_id, Duplicate.second_id, Duplicate.state
    ).where(Duplicate.noun == noun)
    if record_id is not None:
        statement = statement.where(
            or_(Duplicate.first_id == record_id, Duplicate.second_id == record_id)
        )
    return rows_of(StoredPair, uow.session.execute(statement))


def counts(uow: UnitOfWork, actor: Actor) -> dict[tuple[str, str], int]:
    """How many pairs the actor may see, by noun and state."""
    found: dict[tuple[str, str], int] = {}
    for noun in MODELS:
        rows = uow.session.execute(
            select(Duplicate.state, func.count())
            .where(shown(actor, noun))
            .group_by(Duplicate.state)
        )
        found |= {(noun, state): number for state, number in rows}
    return found


def listing(
    uow: UnitOfWork, actor: Actor, noun: str, *, decided: bool, limit: int, offset: int
) -> tuple[PairRow, ...]:
    """A page of pairs: those still open, the likest first, or those decided, the latest first."""
    order: Any = Duplicate.decided_at.desc() if decided else Duplicate.likeness.desc()
    wanted = Duplicate.state != "open" if decided else Duplicate.state == "open"
    statement = _pairs().where(shown(actor, noun), wanted).order_by(order, Duplicate.id)
    return _rows(uow, actor, noun, statement.limit(limit).offset(offset))


def between(uow: UnitOfWork, actor: Actor, noun: str, one: int, other: int) -> PairRow | None:
    """The stored pair of two records, if there is one and the actor may see both."""
    first, second = sorted((one, other))
    statement = _pairs().where(
        Duplicate.noun == noun, Duplicate.first_id == first, Duplicate.second_id == second
    )
    found = _rows(uow, actor, noun, statement)
    return found[0] if found else None


def _pairs() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Duplicate.public_id,
        Duplicate.noun,
        Duplicate.first_id,
        Duplicate.second_id,
        Duplicate.likeness,
        Duplicate.found_at,
        Duplicate.state,
        Duplicate.decided_at,
        User.name.label("decided_by"),
    )
    return select(*columns).outerjoin(User, Duplicate.decided_by == User.id)


def shown(actor: Actor, noun: str) -> ColumnElement[bool]:
    """Whether the actor may see both records of a pair, and they can still be taken for another."""
    model = MODELS[noun]
    open_to_them = (comparable(noun), seen(actor, noun))
    # One look at the primary key for each side: a list of all records would be read for each pair.
    return and_(
        Duplicate.noun == noun,
        exists().where(model.id == Duplicate.first_id, *open_to_them),
        exists().where(model.id == Duplicate.second_id, *open_to_them),
    )


def _rows(uow: UnitOfWork, actor: Actor, noun: str, statement: Select[Any]) -> tuple[PairRow, ...]:
    """The rows with both sides, read for all of them at once."""
    pairs = uow.session.execute(statement).all()
    if not pairs:
        return ()
    keys = {key for pair in pairs for key in (pair.first_id, pair.second_id)}
    sides = pair_sides(uow, actor, noun, keys)
    return tuple(
        PairRow(
            public_id=pair.public_id,
            noun=pair.noun,
            first=sides[pair.first_id],
            second=sides[pair.second_id],
            likeness=pair.likeness,
            found_at=pair.found_at,
            state=pair.state,
            decided_at=pair.decided_at,
            decided_by=pair.decided_by,
        )
        for pair in pairs
        if pair.first_id in sides and pair.second_id in sides
    )


def joined(texts: Iterable[str]) -> str:
    """The texts of a record as one, empty ones left out."""
    return "\n".join(text for text in texts if text)


def _public_text(row: Row[Any]) -> PublicText:
    key, version, title, *texts = tuple(row)
    return PublicText(id=key, version=version, title=title, text=joined(texts))
