"""What an agency's people have brought about as brokers, today's or former, as frozen rows.

Contracts are those that the figures count (``figure_event``), so that a pack says what the bureau's
page says; what happened to introductions is read off the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from matchmaker.domain.errors import NotFound
from matchmaker.domain.figure import days_of, quarters_of
from matchmaker.store.assignment import BrokerProfile
from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.figure import FigureEvent
from matchmaker.store.figure_log import ZONE
from matchmaker.store.introduction import Introduction
from matchmaker.store.organisation import Organisation, User

# Organisations that brokers belong to.
KINDS: Final = frozenset({"agency", "association"})
_FIGURES: Final = ("turnover", "related")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackBroker:
    """A broker of the agency today; without a profile nobody knows the level."""

    id: int
    name: str
    level: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackContract:
    """A registered contract that one of the agency's people brought about; amounts in 万元."""

    event_id: int
    day: date
    related: bool
    type: str | None
    number: str
    amount: Decimal
    technical: Decimal
    broker: str
    broker_id: int
    company_id: int
    public_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackIntroduction:
    """An introduction that was asked for, or accepted by both sides, in the period."""

    event_id: int
    day: date
    mutual: bool
    broker: str
    broker_id: int
    company_id: int


def agency(uow: UnitOfWork, public_id: str) -> Organisation:
    """The agency of a public id, or ``NotFound``."""
    found = uow.session.scalars(
        select(Organisation).where(
            Organisation.public_id == public_id, Organisation.kind.in_(sorted(KINDS))
        )
    ).one_or_none()
    if found is None:
        msg = "There is no such agency."
        raise NotFound(msg, noun="organisation")
    return found


def brokers(uow: UnitOfWork, agency_id: int) -> tuple[PackBroker, ...]:
    """Its confirmed brokers, by name."""
    rows = uow.session.execute(
        select(User.id, User.name, BrokerProfile.level)
        .outerjoin(BrokerProfile, BrokerProfile.user_id == User.id)
        .where(
            User.organisation_id == agency_id,
            User.role == "broker",
            User.approved.is_(True),
            User.active.is_(True),
        )
        .order_by(User.name, User.id)
    )
    return tuple(PackBroker(id=row.id, name=row.name, level=row.level) for row in rows)


def contracts(uow: UnitOfWork, agency_id: int, period: str) -> tuple[PackContract, ...]:
    """What the figures count, and the contracts between related parties beside it."""
    first, last = quarters_of(period)
    rows = uow.session.execute(
        select(
            FigureEvent.event_id,
            FigureEvent.day,
            FigureEvent.figure,
            Contract.type,
            Contract.number,
            Contract.amount_total,
            Contract.amount_technical,
            Contract.public_id,
            Engagement.company_id,
            Engagement.broker_id,
            User.name,
        )
        .join(AuditEvent, AuditEvent.id == FigureEvent.event_id)
        .join(Contract, Contract.id == AuditEvent.record_id)
        .join(Engagement, Engagement.id == Contract.engagement_id)
        .join(User, User.id == Engagement.broker_id)
        .where(
            FigureEvent.figure.in_(_FIGURES),
            FigureEvent.chain == "",
            FigureEvent.quarter.between(first, last),
            AuditEvent.noun == "contract",
            User.organisation_id == agency_id,
        )
        .order_by(FigureEvent.day, FigureEvent.event_id)
    )
    return tuple(
        PackContract(
            event_id=row.event_id,
            day=row.day,
            related=row.figure == "related",
            type=row.type,
            number=row.number or "",
            amount=row.amount_total or Decimal(0),
            technical=row.amount_technical or Decimal(0),
            broker=row.name,
            broker_id=row.broker_id,
            company_id=row.company_id,
            public_id=row.public_id,
        )
        for row in rows
    )


def introductions(uow: UnitOfWork, agency_id: int, period: str) -> tuple[PackIntroduction, ...]:
    """What its people asked for in the period, and what both sides accepted in it."""
    zone = uow.session.info[ZONE]
    begin, end = (datetime.combine(day, time(), zone) for day in days_of(period))
    rows = uow.session.execute(
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.action,
            Introduction.company_id,
            Introduction.broker_id,
            User.name,
        )
        .select_from(User)
        .join(Introduction, Introduction.broker_id == User.id)
        .join(
            AuditEvent,
            (AuditEvent.noun == "introduction") & (AuditEvent.record_id == Introduction.id),
        )
        .where(
            User.organisation_id == agency_id,
            AuditEvent.action.in_(("ask", "conclude")),
            AuditEvent.at >= begin,
            AuditEvent.at < end,
        )
        .order_by(AuditEvent.id)
    )
    return tuple(
        PackIntroduction(
            event_id=row.id,
            day=row.at.astimezone(zone).date(),
            mutual=row.action == "conclude",
            broker=row.name,
            broker_id=row.broker_id,
            company_id=row.company_id,
        )
        for row in rows
    )
