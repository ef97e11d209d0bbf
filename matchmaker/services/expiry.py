"""What happens by the calendar: records expire, and their authors are reminded before."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.working_days import day_of
from matchmaker.services import audit, record, record_notice
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork


def expire_due(uow: UnitOfWork) -> int:
    """Expire every published record whose last day is over; returns how many."""
    today = day_of(uow.now)
    count = 0
    for model in record.MODELS.values():
        statement = (
            select(model)
            .where(model.state == "published", model.expires_on < today)
            .options(joinedload(model.organisation))
        )
        over = cast("list[record.Record]", uow.session.scalars(statement).all())
        for one in over:
            record.act(uow, SYSTEM, one, "expire")
        count += len(over)
    return count


def remind(uow: UnitOfWork) -> int:
    """Remind once of records that expire within two weeks; returns of how many.

    Where nobody can be told the record stays due: there may be a manager tomorrow.
    """
    today = day_of(uow.now)
    count = 0
    for noun, model in record.MODELS.items():
        reminded = select(AuditEvent.record_id).where(
            AuditEvent.noun == noun,
            AuditEvent.action == "remind",
            AuditEvent.at > uow.now - EXPIRY_REMINDER - timedelta(days=1),
        )
        statement = select(model).where(
            model.state == "published",
            model.expires_on.between(today, today + EXPIRY_REMINDER),
            model.id.not_in(reminded),
        )
        soon = cast("list[record.Record]", uow.session.scalars(statement).all())
        for one in soon:
            if record_notice.tell(uow, SYSTEM, one, "remind", str(one.expires_on)):
                audit.record(uow, SYSTEM, noun, one.id, "remind")
                count += 1
    return count
