"""The broker's queue as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from matchmaker.domain.permissions import Actor
from matchmaker.domain.record import UNDO_WINDOW
from matchmaker.domain.working_days import start_of_day
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import review_queue
from matchmaker.store.queries.review_queue import VIEWS, QueueFilters
from matchmaker.store.queries.statement import row_of, rows_of
from matchmaker.store.queries.visibility import pair_opened

# A longer gap between two decisions was a break.
_BREAK_SECONDS: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One line of the queue; ``place`` is 0 for one that does not stand in it."""

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
    due_at: datetime | None
    assigned_to: str | None
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A window of the queue and how long the whole of it is."""

    rows: tuple[QueueRow, ...]
    total: int
    by_view: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A broker's latest decision while it can still be taken back, with those made with it."""

    public_id: str
    demand_title: str
    outcome_title: str
    state: str
    at: datetime
    count: int
    verb: str  # undo a decision, or release what was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How far a broker has come today; ``pace`` is the median of seconds between decisions."""

    decided: int
    left: int
    pace: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry in the history of a match."""

    at: datetime
    action: str
    name: str | None
    changes: Mapping[str, Any] = field(default_factory=dict)


def queue(uow: UnitOfWork, filters: QueueFilters, *, limit: int, offset: int = 0) -> Queue:
    """A window of the queue: what is due first, then the most promising demand, best pair first.

    Decided views list the latest decision first.
    """
    found = uow.session.execute(review_queue.beginning(filters, limit, offset), {"now": uow.now})
    counts = count_views(uow, filters)
    return Queue(rows=rows_of(QueueRow, found), total=counts[filters.view], by_view=counts)


def around(uow: UnitOfWork, filters: QueueFilters, public_id: str, *, limit: int) -> Queue:
    """The window around a match; where it does not stand in the queue, the window's beginning."""
    values = {"now": uow.now, "here": public_id}
    found = uow.session.execute(review_queue.window(filters, limit), values)
    counts = count_views(uow, filters)
    return Queue(rows=rows_of(QueueRow, found), total=counts[filters.view], by_view=counts)


def neighbours(
    uow: UnitOfWork, filters: QueueFilters, public_id: str
) -> tuple[str | None, str | None, int]:
    """The public ids before and after a match in the queue, and its place from 1 (0: not in it)."""
    values = {"now": uow.now, "here": public_id}
    found = uow.session.execute(review_queue.neighbours(filters), values).all()
    ids = [row.public_id for row in found]
    if public_id not in ids:
        return None, ids[0] if ids else None, 0
    at = ids.index(public_id)
    before = ids[at - 1] if at else None
    after = ids[at + 1] if at + 1 < len(ids) else None
    return before, after, int(found[at].place)


def line_of(uow: UnitOfWork, public_id: str) -> QueueRow | None:
    """The line of a match that does not stand in the queue."""
    row = uow.session.execute(review_queue.line(), {"here": public_id}).one_or_none()
    return row_of(QueueRow, row) if row else None


def count_views(uow: UnitOfWork, filters: QueueFilters) -> dict[str, int]:
    """How much each view holds, in one statement."""
    found = uow.session.execute(review_queue.counted(filters), {"now": uow.now})
    counts = {where: count for where, count in found if where is not None}
    counts["open"] = sum(counts.get(where, 0) for where in ("pool", "mine", "held"))
    return {view: counts.get(view, 0) for view in VIEWS}


def count_own(uow: UnitOfWork, reader: Actor) -> int:
    """How much stands in a broker's own queue."""
    return int(uow.session.scalars(review_queue.own(reader), {"now": uow.now}).one())


def day(uow: UnitOfWork, user_id: int, *, left: int) -> Day:
    """What a broker has decided today and how quickly; decisions of one moment count as one."""
    moments = list(
        uow.session.scalars(
            select(Match.decided_at)
            .where(
                Match.decided_by == user_id,
                Match.decided_at >= start_of_day(uow.now),
                Match.state != "snoozed",
            )
            .order_by(Match.decided_at)
        )
    )
    distinct = sorted({moment for moment in moments if moment is not None})
    gaps = [(b - a).total_seconds() for a, b in pairwise(distinct)]
    working = [gap for gap in gaps if gap <= _BREAK_SECONDS]
    return Day(decided=len(moments), left=left, pace=median(working) if working else None)


def one(uow: UnitOfWork, actor: Actor, public_id: str) -> Match | None:
    """A match with both records and their organisations; None where it does not open to the actor.

    Whoever decided a match sees no more of it once he may not see one of its records.
    """
    return uow.session.scalars(
        opened(actor)
        .where(Match.public_id == public_id)
        .options(
            contains_eager(Match.demand).joinedload(Demand.organisation),
            contains_eager(Match.outcome).joinedload(Outcome.organisation),
        )
    ).one_or_none()


def opened(actor: Actor) -> Select[Match]:
    """Every match that opens to the actor, joined with both records."""
    return select(Match).join(Match.demand).join(Match.outcome).where(pair_opened(actor))


def revocable(uow: UnitOfWork, actor: Actor) -> Decision | None:
    """The broker's latest decision, or matches taken, if that can still be taken back."""
    since = uow.now - UNDO_WINDOW
    taken = and_(
        Match.state == "suggested",
        Match.assigned_to == actor.user_id,
        Match.assigned_by == actor.user_id,
        Match.assigned_at > since,
    )
    decided = and_(Match.decided_by == actor.user_id, Match.decided_at > since)
    at = func.coalesce(Match.decided_at, Match.assigned_at)
    row = uow.session.execute(
        review_queue.joined(
            select(
                Match.public_id,
                Demand.title.label("demand_title"),
                Outcome.title.label("outcome_title"),
                Match.state,
                at.label("at"),
                func.count().over(partition_by=(at, Match.state)).label("count"),
                case((Match.state == "suggested", "release"), else_="undo").label("verb"),
            )
        )
        .where(or_(decided, taken), pair_opened(actor))
        .order_by(at.desc(), Match.id.desc())
        .limit(1)
    ).one_or_none()
    return row_of(Decision, row) if row else None


def history(uow: UnitOfWork, match_id: int) -> tuple[Step, ...]:
    """Who did what to a match and when, oldest first."""
    rows = uow.session.execute(
        select(AuditEvent.at, AuditEvent.action, User.name, AuditEvent.changes)
        .outerjoin(User, AuditEvent.actor_id == User.id)
        .where(AuditEvent.noun == "match", AuditEvent.record_id == match_id)
        .order_by(AuditEvent.id)
    )
    return tuple(Step(at=at, action=action, name=name, changes=c) for at, action, name, c in rows)
