"""Past decisions on pairs like one: sharing its demand or outcome, or among which to look for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, bindparam, or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.statement import kept, rows_of
from matchmaker.store.queries.visibility import seen

_DECIDED: Final = ("accepted", "dismissed")
_DEMAND: Final[ColumnElement[int]] = bindparam("demand", type_=Integer)
_OUTCOME: Final[ColumnElement[int]] = bindparam("outcome", type_=Integer)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarDecision:
    """What was decided about a pair like this one."""

    public_id: str
    demand_title: str
    outcome_title: str
    state: str
    reason: str | None
    note: str
    decided_by: str | None
    decided_at: datetime
    same: str  # demand, outcome, or empty where it is only near


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPair:
    """A decided pair by its keys, to measure how near it lies."""

    id: int
    demand_id: int
    outcome_id: int


def sharing(
    uow: UnitOfWork, actor: Actor, match: Match, *, limit: int
) -> tuple[SimilarDecision, ...]:
    """The latest decisions on pairs with the same demand or outcome."""
    rows = uow.session.execute(_sharing(actor, limit), _keys_of(match))
    return tuple(_similar(row, match) for row in rows)


def latest_pairs(
    uow: UnitOfWork, actor: Actor, match: Match, *, limit: int
) -> tuple[DecidedPair, ...]:
    """The keys of the latest decided pairs that share neither record."""
    return rows_of(DecidedPair, uow.session.execute(_latest(actor, limit), _keys_of(match)))


def by_keys(
    uow: UnitOfWork, actor: Actor, match: Match, keys: list[int]
) -> tuple[SimilarDecision, ...]:
    """Decisions by the keys of their matches, in that order."""
    if not keys:
        return ()
    rows = uow.session.execute(_with_keys(actor), {"keys": keys}).all()
    found = {row.id: _similar(row, match) for row in rows}
    return tuple(found[key] for key in keys if key in found)


def _keys_of(match: Match) -> dict[str, int]:
    return {"match": match.id, "demand": match.demand_id, "outcome": match.outcome_id}


@kept
def _sharing(actor: Actor, limit: int) -> Select[*tuple[Any, ...]]:
    shared = or_(Match.demand_id == _DEMAND, Match.outcome_id == _OUTCOME)
    statement = _decided(actor).where(shared, Match.id != bindparam("match"))
    return statement.order_by(Match.decided_at.desc(), Match.id.desc()).limit(limit)


@kept
def _latest(actor: Actor, limit: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Match.id, Match.demand_id, Match.outcome_id)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(*_readable(actor), Match.demand_id != _DEMAND, Match.outcome_id != _OUTCOME)
        .order_by(Match.decided_at.desc(), Match.id.desc())
        .limit(limit)
    )


@kept
def _with_keys(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _decided(actor).where(Match.id.in_(bindparam("keys", expanding=True)))


def _readable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Decided pairs of which the actor may see both records."""
    return (Match.state.in_(_DECIDED), seen(actor, "demand"), seen(actor, "outcome"))


def _decided(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Match.id,
            Match.public_id,
            Match.demand_id,
            Match.outcome_id,
            Demand.title.label("demand_title"),
            Outcome.title.label("outcome_title"),
            Match.state,
            Match.reason,
            Match.note,
            User.name.label("decided_by"),
            Match.decided_at,
        )
        .select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .outerjoin(User, Match.decided_by == User.id)
        .where(*_readable(actor))
    )


def _similar(row: Any, match: Match) -> SimilarDecision:
    same = "demand" if row.demand_id == match.demand_id else ""
    same = "outcome" if row.outcome_id == match.outcome_id else same
    return SimilarDecision(
        public_id=row.public_id,
        demand_title=row.demand_title,
        outcome_title=row.outcome_title,
        state=row.state,
        reason=row.reason,
        note=row.note,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        same=same,
    )
