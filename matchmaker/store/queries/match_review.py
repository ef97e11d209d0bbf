"""The broker's queue as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from matchmaker.domain.record import UNDO_WINDOW
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.plan import ChainRow

VIEWS: Final = ("open", "accepted", "dismissed", "snoozed")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilters:
    """What part of the queue is wanted; empty values ask for everything.

    ``level`` is the lowest level, ``region`` the company's district, ``text`` a part of a title,
    ``mine`` the broker's own decisions.
    """

    view: str = "open"
    cluster: str = ""
    level: int | None = None
    region: str = ""
    text: str = ""
    mine: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One line of the queue."""

    public_id: str
    demand_public_id: str
    demand_title: str
    outcome_title: str
    level: int
    score: float
    state: str
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A window of the queue and how long the whole of it is."""

    rows: tuple[QueueRow, ...]
    total: int
    by_view: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A broker's latest decision while it can still be taken back."""

    public_id: str
    demand_title: str
    outcome_title: str
    state: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry in the history of a match."""

    at: datetime
    action: str
    name: str | None
    changes: Mapping[str, Any] = field(default_factory=dict)


def queue(uow: UnitOfWork, filters: QueueFilters, *, limit: int, offset: int = 0) -> Queue:
    """A window of the queue, demand by demand: the most promising demand first, best pair first.

    Decided views list the latest decision first.
    """
    if filters.view == "open":
        best = func.max(Match.score).over(partition_by=Match.demand_id)
        order: tuple[Any, ...] = (best.desc(), Match.demand_id, Match.rank, Match.id)
    else:
        order = (Match.decided_at.desc(), Match.id.desc())
    rows = uow.session.execute(
        _lines()
        .where(_view(uow, filters.view), *_conditions(filters))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    counts = {view: _count(uow, filters, view) for view in VIEWS}
    return Queue(
        rows=tuple(QueueRow(**row._mapping) for row in rows),  # noqa: SLF001 - SQLAlchemy's public name
        total=counts[filters.view],
        by_view=counts,
    )


def row_of(uow: UnitOfWork, public_id: str) -> QueueRow | None:
    """The line of one match, wherever it stands."""
    row = uow.session.execute(_lines().where(Match.public_id == public_id)).one_or_none()
    return QueueRow(**row._mapping) if row else None  # noqa: SLF001 - as above


def neighbours(
    uow: UnitOfWork, filters: QueueFilters, public_id: str
) -> tuple[str | None, str | None, int]:
    """The public ids before and after a match in the queue, and its place from 1 (0: not in it)."""
    best = func.max(Match.score).over(partition_by=Match.demand_id)
    ids = list(
        uow.session.scalars(
            _joined(select(Match.public_id))
            .where(_view(uow, filters.view), *_conditions(filters))
            .order_by(best.desc(), Match.demand_id, Match.rank, Match.id)
        )
    )
    if public_id not in ids:
        return None, ids[0] if ids else None, 0
    place = ids.index(public_id)
    before = ids[place - 1] if place else None
    after = ids[place + 1] if place + 1 < len(ids) else None
    return before, after, place + 1


def one(uow: UnitOfWork, public_id: str) -> Match | None:
    """A match with both records and their organisations, for the desk to show."""
    return uow.session.scalars(
        select(Match)
        .where(Match.public_id == public_id)
        .options(
            joinedload(Match.demand).joinedload(Demand.organisation),
            joinedload(Match.outcome).joinedload(Outcome.organisation),
        )
    ).one_or_none()


def revocable(uow: UnitOfWork, user_id: int) -> Decision | None:
    """The user's latest decision if it can still be taken back."""
    row = uow.session.execute(
        _joined(
            select(
                Match.public_id,
                Demand.title.label("demand_title"),
                Outcome.title.label("outcome_title"),
                Match.state,
                Match.decided_at,
            )
        )
        .where(Match.decided_by == user_id, Match.decided_at > uow.now - UNDO_WINDOW)
        .order_by(Match.decided_at.desc(), Match.id.desc())
        .limit(1)
    ).one_or_none()
    return Decision(**row._mapping) if row else None  # noqa: SLF001 - as above


def history(uow: UnitOfWork, match_id: int) -> tuple[Step, ...]:
    """Who did what to a match and when, oldest first."""
    rows = uow.session.execute(
        select(AuditEvent.at, AuditEvent.action, User.name, AuditEvent.changes)
        .outerjoin(User, AuditEvent.actor_id == User.id)
        .where(AuditEvent.noun == "match", AuditEvent.record_id == match_id)
        .order_by(AuditEvent.id)
    )
    return tuple(Step(at=at, action=action, name=name, changes=c) for at, action, name, c in rows)


def _lines() -> Select[*tuple[Any, ...]]:
    """The columns of :class:`QueueRow`."""
    decider = aliased(User)
    return _joined(
        select(
            Match.public_id,
            Demand.public_id.label("demand_public_id"),
            Demand.title.label("demand_title"),
            Outcome.title.label("outcome_title"),
            Match.level,
            Match.score,
            Match.state,
            Match.reason,
            decider.name.label("decided_by"),
            Match.decided_at,
        )
    ).outerjoin(decider, Match.decided_by == decider.id)


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
    )


def _count(uow: UnitOfWork, filters: QueueFilters, view: str) -> int:
    statement = _joined(select(func.count(Match.id))).where(_view(uow, view), *_conditions(filters))
    return uow.session.scalar(statement) or 0


def _view(uow: UnitOfWork, view: str) -> ColumnElement[bool]:
    """What a view holds; a snoozed match whose time has come is open again."""
    due = and_(Match.state == "snoozed", Match.snoozed_until <= uow.now)
    if view == "open":
        return and_(
            or_(Match.state == "suggested", due),
            Match.current.is_(True),
            Demand.state == "published",
            Outcome.state == "published",
        )
    if view == "snoozed":
        return and_(Match.state == "snoozed", Match.snoozed_until > uow.now)
    return Match.state == view


def _conditions(filters: QueueFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.cluster:
        on_demand = exists().where(
            DemandChain.demand_id == Match.demand_id,
            DemandChain.chain_code == ChainRow.code,
            ChainRow.cluster_code == filters.cluster,
        )
        on_outcome = exists().where(
            OutcomeChain.outcome_id == Match.outcome_id,
            OutcomeChain.chain_code == ChainRow.code,
            ChainRow.cluster_code == filters.cluster,
        )
        found.append(or_(on_demand, on_outcome))
    if filters.level is not None:
        found.append(Match.level >= filters.level)
    if filters.region:
        found.append(
            exists().where(
                Organisation.id == Demand.organisation_id,
                Organisation.region_code == filters.region,
            )
        )
    if filters.text:
        found.append(
            or_(
                Demand.title.icontains(filters.text, autoescape=True),
                Outcome.title.icontains(filters.text, autoescape=True),
            )
        )
    if filters.mine is not None:
        found.append(Match.decided_by == filters.mine)
    return found
