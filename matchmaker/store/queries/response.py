"""Response times, read off the audit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.response import EXCHANGES, LOOKED_AT, usual
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User

_ANSWERS: Final = or_(
    *(
        and_(AuditEvent.noun == one.noun, AuditEvent.action.in_(sorted(one.answered)))
        for one in EXCHANGES
    )
)
_QUESTION: Final = aliased(AuditEvent)
# When the last question before an answer was asked, about the same record.
_ASKED_AT: Final = (
    select(func.max(_QUESTION.at))
    .where(
        _QUESTION.noun == AuditEvent.noun,
        _QUESTION.record_id == AuditEvent.record_id,
        _QUESTION.id < AuditEvent.id,
        or_(
            *(
                and_(_QUESTION.noun == one.noun, _QUESTION.action.in_(sorted(one.asked)))
                for one in EXCHANGES
            )
        ),
    )
    .correlate(AuditEvent)
    .scalar_subquery()
)


def of_organisation(uow: UnitOfWork, organisation_id: int) -> timedelta | None:
    """How quickly the people of an organisation usually answer, or None where that is not told."""
    people = AuditEvent.actor_id.in_(select(User.id).where(User.organisation_id == organisation_id))
    return usual([taken for _, taken in _responses(uow, people, uow.now - LOOKED_AT)])


def of_person(uow: UnitOfWork, user_id: int, since: datetime) -> list[tuple[datetime, timedelta]]:
    """When a person answered, and how long the question had waited."""
    return _responses(uow, AuditEvent.actor_id == user_id, since)


def _responses(
    uow: UnitOfWork, whose: ColumnElement[bool], since: datetime
) -> list[tuple[datetime, timedelta]]:
    """Each answer with the time since the last question before it about the same record."""
    found = uow.session.execute(
        select(AuditEvent.at, _ASKED_AT).where(whose, _ANSWERS, AuditEvent.at >= since)
    )
    return [(at, at - before) for at, before in found if before is not None]
