"""The statements of the broker's queue, kept for each part of it that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.store.base import UtcDateTime
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.plan import ChainRow
from matchmaker.store.queries.statement import kept
from matchmaker.store.queries.visibility import matched, pair_opened

# To decide: one's own queue, what nobody has, all of it; then what waits, sleeps or is decided.
OPEN_VIEWS: Final = ("mine", "pool", "open")
VIEWS: Final = (*OPEN_VIEWS, "waiting", "snoozed", "accepted", "dismissed")
_NOW: Final[ColumnElement[datetime]] = bindparam("now", type_=UtcDateTime())


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilters:
    """What part of the queue is wanted; empty values ask for everything.

    ``level`` is the lowest level, ``region`` the company's district, ``text`` a part of a title,
    ``mine`` the broker's own decisions; ``reader`` is whose queue the view ``mine`` is, and who
    must be able to see both records of what is not open any more.
    """

    view: str = "open"
    cluster: str = ""
    level: int | None = None
    region: str = ""
    text: str = ""
    mine: int | None = None
    reader: Actor = VISITOR


@kept
def beginning(filters: QueueFilters, limit: int, offset: int) -> Select[*tuple[Any, ...]]:
    """A window of the queue, from its beginning or further on."""
    # To number the whole queue takes longer than to sort out its beginning.
    held = _held(filters)
    first = held.select().order_by(*_order(filters, held)).limit(limit).offset(offset).subquery()
    place = func.row_number().over(order_by=_order(filters, first)) + offset
    return _rows(select(first.c.id, place.label("place")).subquery(), true())


@kept
def window(filters: QueueFilters, limit: int) -> Select[*tuple[Any, ...]]:
    """The window around the match ``here``."""
    ordered = _ordered(filters).cte().prefix_with("MATERIALIZED")
    wanted = func.coalesce(_place(ordered) - limit // 3, 1)
    first = case((wanted < 1, 1), else_=wanted)
    return _rows(ordered, ordered.c.place.between(first, first + limit - 1))


@kept
def neighbours(filters: QueueFilters) -> Select[int, str]:
    """Places and public ids of the match ``here`` and of those before and after it."""
    ordered = _ordered(filters).cte().prefix_with("MATERIALIZED")
    here = _place(ordered)
    near = ordered.c.place.between(func.coalesce(here - 1, 1), func.coalesce(here + 1, 1))
    return select(ordered.c.place, ordered.c.public_id).where(near).order_by(ordered.c.place)


@kept
def counted(filters: QueueFilters) -> Select[*tuple[Any, ...]]:
    """How many matches stand in each view besides ``open``; ``held``: open, and with others."""
    holder = case((Match.assigned_to.is_(None), "pool"), (_is_own(filters), "mine"), else_="held")
    where = case(
        (_view(filters, "open"), holder),
        *((_view(filters, view), view) for view in VIEWS if view not in OPEN_VIEWS),
    )
    statement = joined(select(where.label("stands_in"), func.count())).where(*_conditions(filters))
    return statement.group_by("stands_in")


def _is_own(filters: QueueFilters) -> ColumnElement[bool]:
    return Match.assigned_to == filters.reader.user_id


@kept
def own(reader: Actor) -> Select[*tuple[Any, ...]]:
    """How much stands in a broker's own queue."""
    filters = QueueFilters(view="mine", reader=reader)
    return joined(select(func.count())).where(_view(filters, "mine"))


def _place(ordered: Any) -> Any:
    """The place of the match ``here``, asked once beside the statement that uses it."""
    statement = select(ordered.c.place).where(ordered.c.public_id == bindparam("here"))
    return statement.correlate(None).scalar_subquery()


def _ordered(filters: QueueFilters) -> Select[int, str, int]:
    """Key, public id and place from 1 of every match of the queue."""
    held = _held(filters)
    place = func.row_number().over(order_by=_order(filters, held)).label("place")
    return select(held.c.id, held.c.public_id, place)


def _held(filters: QueueFilters) -> Subquery:
    """The matches of the queue with what they are ordered by."""
    columns: list[Any] = [Match.id, Match.public_id, Match.demand_id, Match.rank]
    columns += [Match.due_at, Match.decided_at]
    best = func.max(Match.score).over(partition_by=Match.demand_id).label("best")
    statement = joined(select(*columns, best)).where(
        _view(filters, filters.view), *_conditions(filters)
    )
    return statement.subquery()


def _order(filters: QueueFilters, held: Subquery) -> tuple[ColumnElement[Any], ...]:
    if filters.view not in OPEN_VIEWS:
        return held.c.decided_at.desc(), held.c.id.desc()
    due = (held.c.due_at.is_(None), held.c.due_at)
    return (*due, held.c.best.desc(), held.c.demand_id, held.c.rank, held.c.id)


def _rows(ordered: Any, wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    decider, holder = aliased(User), aliased(User)
    statement = joined(select(*_columns(decider, holder), ordered.c.place)).join(
        ordered, ordered.c.id == Match.id
    )
    return _people(statement, decider, holder).where(wanted).order_by(ordered.c.place)


@kept
def line() -> Select[*tuple[Any, ...]]:
    """The line of the match ``here``, wherever it stands."""
    decider, holder = aliased(User), aliased(User)
    statement = joined(select(*_columns(decider, holder)))
    return _people(statement, decider, holder).where(Match.public_id == bindparam("here"))


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


def _people(
    statement: Select[*tuple[Any, ...]], decider: Any, holder: Any
) -> Select[*tuple[Any, ...]]:
    return statement.outerjoin(decider, Match.decided_by == decider.id).outerjoin(
        holder, Match.assigned_to == holder.id
    )


def joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement of matches with both records."""
    return (
        statement.select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
    )


def _view(filters: QueueFilters, view: str) -> ColumnElement[bool]:
    """What a view holds; a snoozed match whose time has come is open again.

    What is open is published; what waits, sleeps or is decided may have gone out of sight since.
    """
    due = and_(Match.state == "snoozed", Match.snoozed_until <= _NOW)
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
    held = Match.state == ("needs_information" if view == "waiting" else view)
    if view == "snoozed":
        held = and_(held, Match.snoozed_until > _NOW)
    return and_(held, pair_opened(filters.reader))


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
