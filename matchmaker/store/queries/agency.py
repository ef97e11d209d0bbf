"""An agency's desk: what stands with each of its brokers, and what they brought about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from matchmaker.domain.engagement import CLOSED
from matchmaker.domain.permissions import Actor
from matchmaker.domain.share import WHOLE, Portion, divided, portions
from matchmaker.domain.working_days import day_of
from matchmaker.store.assignment import BrokerProfile
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.queries import share
from matchmaker.store.queries.contract import COUNTED
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import seen
from matchmaker.store.share import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerRow:
    """One broker of the agency; what two brokers share counts by its parts."""

    public_id: str
    name: str
    weekly_capacity: int | None
    away_until: date | None
    queue: int
    queue_overdue: int
    asked: Decimal
    talking: Decimal
    talks_overdue: Decimal
    contracts: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRow:
    """A talk of one of the agency's brokers with an overdue next step: its stage, no content.

    The title is empty where the reader may not see the demand.
    """

    broker: str
    demand: str
    state: str
    next_due: date


def brokers(uow: UnitOfWork, actor: Actor) -> tuple[BrokerRow, ...]:
    """The agency's brokers by name."""
    users = uow.session.execute(
        select(
            User.id, User.public_id, User.name, BrokerProfile.weekly_capacity,
            BrokerProfile.away_until,
        )
        .outerjoin(BrokerProfile, BrokerProfile.user_id == User.id)
        .where(_of_agency(actor))
        .order_by(User.name, User.id)
    ).all()  # fmt: skip
    queues, talks = _queues(uow, actor), _talks(uow, actor)
    money = _contracts(uow, [row.id for row in users])
    nothing = (Decimal(0), Decimal(0), Decimal(0))
    return tuple(
        BrokerRow(
            public_id=row.public_id,
            name=row.name,
            weekly_capacity=row.weekly_capacity,
            away_until=row.away_until,
            queue=queues.get(row.id, (0, 0))[0],
            queue_overdue=queues.get(row.id, (0, 0))[1],
            asked=talks.get(row.id, nothing)[0],
            talking=talks.get(row.id, nothing)[1],
            talks_overdue=talks.get(row.id, nothing)[2],
            contracts=money.get(row.id, (Decimal(0), Decimal(0)))[0],
            amount=money.get(row.id, (Decimal(0), Decimal(0)))[1],
        )
        for row in users
    )


def overdue(uow: UnitOfWork, actor: Actor, *, limit: int) -> tuple[TalkRow, ...]:
    """Talks that the agency's brokers lead and whose next step is overdue, the oldest first."""
    rows = uow.session.execute(
        select(
            User.name.label("broker"),
            case((seen(actor, "demand"), Demand.title), else_="").label("demand"),
            Engagement.state,
            Engagement.next_due,
        )
        .join(User, Engagement.broker_id == User.id)
        .join(Demand, Engagement.demand_id == Demand.id)
        .where(_of_agency(actor), *_late(uow))
        .order_by(Engagement.next_due, Engagement.id)
        .limit(limit)
    )
    return rows_of(TalkRow, rows)


def _of_agency(actor: Actor) -> ColumnElement[bool]:
    if actor.organisation_id is None:
        return false()
    return and_(
        User.organisation_id == actor.organisation_id,
        User.role == "broker",
        User.active,
        User.approved,
    )


def _late(uow: UnitOfWork) -> tuple[ColumnElement[bool], ...]:
    return (Engagement.state.not_in(CLOSED), Engagement.next_due < day_of(uow.now))


def _queues(uow: UnitOfWork, actor: Actor) -> Mapping[int, tuple[int, int]]:
    """By broker, the matches in their queue and how many of them are overdue."""
    late = and_(Match.state == "suggested", Match.due_at < uow.now)
    rows = uow.session.execute(
        select(Match.assigned_to, func.count(), func.sum(case((late, 1), else_=0)))
        .join(User, Match.assigned_to == User.id)
        .where(_of_agency(actor), Match.state.in_(("suggested", "snoozed", "needs_information")))
        .group_by(Match.assigned_to)
    )
    return {key: (held, overdue_ones) for key, held, overdue_ones in rows}


def _talks(uow: UnitOfWork, actor: Actor) -> Mapping[int, tuple[Decimal, ...]]:
    """By broker, open introductions, open talks, and overdue ones, by their parts."""
    part = share.portions()
    late = and_(*_late(uow))
    hundredths = [
        func.sum(case((condition, part.c.percent), else_=0))
        for condition in (
            Introduction.state == "asked",
            and_(Engagement.id.is_not(None), Engagement.state.not_in(CLOSED)),
            and_(Engagement.id.is_not(None), late),
        )
    ]
    rows = uow.session.execute(
        select(part.c.user_id, *hundredths)
        .join(Introduction, part.c.introduction_id == Introduction.id)
        .outerjoin(Engagement, Engagement.introduction_id == Introduction.id)
        .join(User, part.c.user_id == User.id)
        .where(_of_agency(actor))
        .group_by(part.c.user_id)
    )
    return {key: tuple(Decimal(one) / WHOLE for one in numbers) for key, *numbers in rows}


def _contracts(uow: UnitOfWork, keys: list[int]) -> Mapping[int, tuple[Decimal, Decimal]]:
    """By broker, how many contracts that count and how much of their amounts is theirs."""
    rows: Any = uow.session.execute(
        select(Engagement.broker_id, Share.partner_id, Share.partner_percent, Contract.amount_total)
        .select_from(Contract)
        .join(Engagement, Contract.engagement_id == Engagement.id)
        .outerjoin(
            Share,
            and_(Share.introduction_id == Engagement.introduction_id, Share.state == "agreed"),
        )
        .where(COUNTED, or_(Engagement.broker_id.in_(keys), Share.partner_id.in_(keys)))
    )
    found: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for lead_id, partner_id, percent, amount in rows:
        parts: tuple[Portion, ...] = portions(lead_id, partner_id, percent or 0)
        money = divided(amount or Decimal(0), parts)
        for one in parts:
            found[one.broker_id][0] += Decimal(one.percent) / WHOLE
            found[one.broker_id][1] += money[one.broker_id]
    return {key: (number, amount) for key, (number, amount) in found.items() if key in keys}
