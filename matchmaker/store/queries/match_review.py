"""The broker's queue as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from matchmaker.domain.record import UNDO_WINDOW
from matchmaker.domain.working_days import start_of_day
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.plan import ChainRow
from matchmaker.store.queries.visibility import matched

# To decide: one's own queue, what nobody has, all of it; then what waits, sleeps or is decided.
OPEN_VIEWS: Final = ("mine", "pool", "open")
VIEWS: Final = (*OPEN_VIEWS, "waiting", "snoozed", "accepted", "dismissed")
# A longer gap between two decisions was a break.
_BREAK_SECONDS: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilters:
    """What part of the queue is wanted; empty values ask for everything.

    ``level`` is the lowest level, ``region`` the company's district, ``text`` a part of a title,
    ``mine`` the broker's own decisions; ``reader`` is whose queue the view ``mine`` is.
    """

    view: str = "open"
    cluster: str = ""
    level: int | None = None
    region: str = ""
    text: str = ""
    mine: int | None = None
    reader: int | None = None


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
    # To number the whole queue takes longer than to sort out its beginning.
    held = _held(uow, filters)
    first = held.select().order_by(*_order(filters, held)).limit(limit).offset(offset).subquery()
    place = func.row_number().over(order_by=_order(filters, first)) + offset
    rows = _rows(uow, select(first.c.id, place.label("place")).subquery(), true())
    counts = count_views(uow, filters)
    return Queue(rows=rows, total=counts[filters.view], by_view=counts)


def around(uow: UnitOfWork, filters: QueueFilters, public_id: str, *, limit: int) -> Queue:
    """The window around a match; where it does not stand in the queue, the window's beginning."""
    ordered = _ordered(uow, filters).cte().prefix_with("MATERIALIZED")
    here = _place_of(ordered, public_id)
    wanted = func.coalesce(here - limit // 3, 1)
    first = case((wanted < 1, 1), else_=wanted)
    rows = _rows(uow, ordered, ordered.c.place.between(first, first + limit - 1))
    counts = count_views(uow, filters)
    return Queue(rows=rows, total=counts[filters.view], by_view=counts)


def neighbours(
    uow: UnitOfWork, filters: QueueFilters, public_id: str
) -> tuple[str | None, str | None, int]:
    """The public ids before and after a match in the queue, and its place from 1 (0: not in it)."""
    ordered = _ordered(uow, filters).cte().prefix_with("MATERIALIZED")
    here = _place_of(ordered, public_id)
    near = ordered.c.place.between(func.coalesce(here - 1, 1), func.coalesce(here + 1, 1))
    found = uow.session.execute(
        select(ordered.c.place, ordered.c.public_id).where(near).order_by(ordered.c.place)
    ).all()
    ids = [row.public_id for row in found]
    if public_id not in ids:
        return None, ids[0] if ids else None, 0
    at = ids.index(public_id)
    before = ids[at - 1] if at else None
    after = ids[at + 1] if at + 1 < len(ids) else None
    return before, after, int(found[at].place)


def row_of(uow: UnitOfWork, public_id: str) -> QueueRow | None:
    """The line of a match that does not stand in the queue."""
    decider, holder = aliased(User), aliased(User)
    row = uow.session.execute(
        _people(_joined(select(*_columns(decider, holder))), decider, holder).where(
            Match.public_id == public_id
        )
    ).one_or_none()
    return QueueRow(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name


def count_views(uow: UnitOfWork, filters: QueueFilters) -> dict[str, int]:
    """How much each view holds, in one statement."""
    still_open = _view(uow, filters, "open")
    where = case(
        (still_open, case((Match.assigned_to.is_(None), "pool"), (_is_own(filters), "mine"))),
        (Match.state == "needs_information", "waiting"),
        (_view(uow, filters, "snoozed"), "snoozed"),
        (Match.state.in_(("accepted", "dismissed")), Match.state),
    )
    statement = _joined(select(where, still_open, func.count())).where(*_conditions(filters))
    counts = dict.fromkeys(VIEWS, 0)
    for view, is_open, count in uow.session.execute(statement.group_by(where, still_open)):
        if view is not None:
            counts[view] += count
        if is_open:
            counts["open"] += count
    return counts


def _is_own(filters: QueueFilters) -> ColumnElement[bool]:
    return Match.assigned_to == filters.reader


def count_own(uow: UnitOfWork, user_id: int | None) -> int:
    """How much stands in a broker's own queue; nothing in that of nobody."""
    filters = QueueFilters(view="mine", reader=user_id)
    statement = _joined(select(func.count())).where(_view(uow, filters, "mine"))
    return int(uow.session.scalars(statement).one())


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
    """The user's latest decision, or matches taken, if that can still be taken back."""
    since = uow.now - UNDO_WINDOW
    taken = and_(
        Match.state == "suggested",
        Match.assigned_to == user_id,
        Match.assigned_by == user_id,
        Match.assigned_at > since,
    )
    decided = and_(Match.decided_by == user_id, Match.decided_at > since)
    at = func.coalesce(Match.decided_at, Match.assigned_at)
    row = uow.session.execute(
        _joined(
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
        .where(or_(decided, taken))
        .order_by(at.desc(), Match.id.desc())
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


def _place_of(ordered: Any, public_id: str) -> Any:
    """The place of a match in the queue, asked once beside the statement that uses it."""
    statement = select(ordered.c.place).where(ordered.c.public_id == public_id)
    return statement.correlate(None).scalar_subquery()


def _ordered(uow: UnitOfWork, filters: QueueFilters) -> Select[int, str, int]:
    """Key, public id and place from 1 of every match of the queue."""
    held = _held(uow, filters)
    place = func.row_number().over(order_by=_order(filters, held)).label("place")
    return select(held.c.id, held.c.public_id, place)


def _held(uow: UnitOfWork, filters: QueueFilters) -> Subquery:
    """The matches of the queue with what they are ordered by."""
    columns: list[Any] = [Match.id, Match.public_id, Match.demand_id, Match.rank]
    columns += [Match.due_at, Match.decided_at]
    best = func.max(Match.score).over(partition_by=Match.demand_id).label("best")
    statement = _joined(select(*columns, best)).where(
        _view(uow, filters, filters.view), *_conditions(filters)
    )
    return statement.subquery()


def _order(filters: QueueFilters, held: Subquery) -> tuple[ColumnElement[Any], ...]:
    if filters.view not in OPEN_VIEWS:
        return held.c.decided_at.desc(), held.c.id.desc()
    due = (held.c.due_at.is_(None), held.c.due_at)
    return (*due, held.c.best.desc(), held.c.demand_id, held.c.rank, held.c.id)


def _rows(uow: UnitOfWork, ordered: Any, wanted: ColumnElement[bool]) -> tuple[QueueRow, ...]:
    decider, holder = aliased(User), aliased(User)
    statement = _joined(select(*_columns(decider, holder), ordered.c.place)).join(
        ordered, ordered.c.id == Match.id
    )
    found = uow.session.execute(
        _people(statement, decider, holder).where(wanted).order_by(ordered.c.place)
    )
    return tuple(QueueRow(**row._mapping) for row in found)  # noqa: SLF001 - as above


def _columns(decider: Any, holder: Any) -> tuple[Any, ...]:
    return (
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
        Match.due_at,
        holder.name.label("assigned_to"),
    )


def _people(statement: Select[*tuple[Any, ...]], decider: Any, holder: Any) -> Any:
    return statement.outerjoin(decider, Match.decided_by == decider.id).outerjoin(
        holder, Match.assigned_to == holder.id
    )


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
    )


def _view(uow: UnitOfWork, filters: QueueFilters, view: str) -> ColumnElement[bool]:
    """What a view holds; a snoozed match whose time has come is open again."""
    due = and_(Match.state == "snoozed", Match.snoozed_until <= uow.now)
    if view in OPEN_VIEWS:
        still_open = and_(
            or_(Match.state == "suggested", due),
            Match.current.is_(True),
            matched("demand"),
            matched("outcome"),
        )
        if view == "mine":
            return and_(still_open, _is_own(filters))
        if view == "pool":
            return and_(still_open, Match.assigned_to.is_(None))
        return still_open
    if view == "snoozed":
        return and_(Match.state == "snoozed", Match.snoozed_until > uow.now)
    if view == "waiting":
        return Match.state == "needs_information"
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
