"""What somebody did, or was done for them, event by event of the audit, as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import join

from matchmaker.domain.activity import TOLD
from matchmaker.domain.figure import days_of
from matchmaker.domain.permissions import Actor
from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement, Meeting
from matchmaker.store.event import Event, EventParty
from matchmaker.store.figure_log import ZONE
from matchmaker.store.introduction import Introduction
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.event import own_parties
from matchmaker.store.queries.party import Model, party
from matchmaker.store.queries.visibility import seen

# How what is told hangs on what names the pair or the event.
_LINKS: Final[Mapping[Any, ColumnElement[bool]]] = {
    Meeting: Meeting.engagement_id == Engagement.id,
    Contract: Contract.engagement_id == Engagement.id,
    EventParty: EventParty.event_id == Event.id,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose activity: the reader's own part, or for a manager that of the agency's brokers."""

    actor: Actor
    agency: bool
    period: str  # 2026-Q1, or a year alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One event: titles are empty where the reader may no longer see the record.

    ``led_by`` is the broker of a pair, or who organises an event 对接会.
    """

    event_id: int
    at: datetime
    noun: str
    action: str
    role: str
    public_id: str
    led_by: int | None
    closed: bool  # it lapsed because a record left matching, not because nobody answered
    demand: str
    outcome: str
    title: str  # of an event 对接会


def counts(uow: UnitOfWork, scope: Scope) -> dict[tuple[str, str], int]:
    """How many events of each kind, by noun and action."""
    found = _found(uow, scope)
    rows = uow.session.execute(
        select(found.c.noun, found.c.action, func.count()).group_by(found.c.noun, found.c.action)
    )
    return {(noun, action): number for noun, action, number in rows}


def listing(
    uow: UnitOfWork, scope: Scope, *, limit: int | None, offset: int = 0
) -> tuple[Activity, ...]:
    """The events in their order."""
    found = _found(uow, scope)
    page = select(found).order_by(found.c.id).limit(limit).offset(offset).subquery()
    rows = uow.session.execute(
        select(
            page,
            AuditEvent.changes,
            Demand.title.label("demand"),
            Outcome.title.label("outcome"),
        )
        .select_from(page)
        .join(AuditEvent, AuditEvent.id == page.c.id)
        .outerjoin(Demand, and_(Demand.id == page.c.demand_id, seen(scope.actor, "demand")))
        .outerjoin(Outcome, and_(Outcome.id == page.c.outcome_id, seen(scope.actor, "outcome")))
        .order_by(page.c.id)
    )
    return tuple(
        Activity(
            event_id=row.id,
            at=row.at,
            noun=row.noun,
            action=row.action,
            role=row.actor_role,
            public_id=row.public_id,
            led_by=row.led_by,
            closed=row.action == "lapse" and "because" in row.changes,
            demand=row.demand or "",
            outcome=row.outcome or "",
            title=row.title or "",
        )
        for row in rows
    )


def _found(uow: UnitOfWork, scope: Scope) -> Subquery:
    """Every event of the scope with the record that it is about."""
    parts = [
        _of("introduction", Introduction, Introduction).where(_own(scope, Introduction)),
        _of("engagement", Engagement, Engagement).where(_own(scope, Engagement)),
        _of("meeting", Meeting, Engagement).where(_own(scope, Engagement)),
        _of("contract", Contract, Engagement).where(_own(scope, Engagement)),
        _of("event", Event, Event).where(_organised(scope)),
        _of("event_party", EventParty, Event).where(own_parties(scope.actor)),
    ]
    begin, end = (
        datetime.combine(day, time(), uow.session.info[ZONE]) for day in days_of(scope.period)
    )
    within = (AuditEvent.at >= begin, AuditEvent.at < end)
    return union_all(*(one.where(*within) for one in parts)).subquery()


def _of(noun: str, model: Any, about: Any) -> Select[Any]:
    """The events of a noun; ``about`` names demand, outcome and broker, or is an event 对接会."""
    of_event = about is Event
    number, text = cast(null(), Integer), cast(null(), String)
    told = and_(
        AuditEvent.noun == noun,
        AuditEvent.record_id == model.id,
        AuditEvent.action.in_(sorted(TOLD[noun])),
    )
    tables = model if about is model else join(model, about, _LINKS[model])
    return select(
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.noun,
        AuditEvent.action,
        AuditEvent.actor_role,
        model.public_id.label("public_id"),
        (about.author_id if of_event else about.broker_id).label("led_by"),
        (number if of_event else about.demand_id).label("demand_id"),
        (number if of_event else about.outcome_id).label("outcome_id"),
        (about.title if of_event else text).label("title"),
    ).select_from(join(tables, AuditEvent, told))


def _own(scope: Scope, model: Model) -> ColumnElement[bool]:
    if not scope.agency:
        return party(scope.actor, model)
    return model.broker_id.in_(_colleagues(scope.actor))


def _organised(scope: Scope) -> ColumnElement[bool]:
    if not scope.agency:
        return Event.author_id == (scope.actor.user_id or 0)
    return Event.author_id.in_(_colleagues(scope.actor))


def _colleagues(actor: Actor) -> Select[Any]:
    at_home = User.organisation_id == (actor.organisation_id or 0)
    return select(User.id).where(at_home, User.role == "broker")
