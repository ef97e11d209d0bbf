"""What somebody did, read off the audit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from matchmaker.domain.work_record import LINES, Deed
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction


def deeds(uow: UnitOfWork, user_id: int, since: datetime) -> tuple[Deed, ...]:
    """Everything that a line of the record counts, oldest first, in one statement.

    What the sides and the platform do in somebody's introductions and engagements is among it.
    """
    actions = {action for line in LINES for action in {*line.actions, line.undone} - {""}}
    brokered = [
        and_(
            AuditEvent.noun == noun,
            AuditEvent.record_id.in_(select(model.id).where(model.broker_id == user_id)),
        )
        for noun, model in (("introduction", Introduction), ("engagement", Engagement))
    ]
    rows = uow.session.execute(
        select(AuditEvent.at, AuditEvent.noun, AuditEvent.action, AuditEvent.state_from)
        .where(
            or_(AuditEvent.actor_id == user_id, *brokered),
            AuditEvent.at >= since,
            AuditEvent.noun.in_({line.noun for line in LINES}),
            AuditEvent.action.in_(actions),
        )
        .order_by(AuditEvent.id)
    )
    return tuple(Deed(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name
