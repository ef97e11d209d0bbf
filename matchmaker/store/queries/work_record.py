"""What somebody did, read off the audit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.domain.work_record import LINES, Deed
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork


def deeds(uow: UnitOfWork, user_id: int, since: datetime) -> tuple[Deed, ...]:
    """Everything that a line of the record counts, oldest first, in one statement."""
    actions = {action for line in LINES for action in {*line.actions, line.undone} - {""}}
    rows = uow.session.execute(
        select(AuditEvent.at, AuditEvent.noun, AuditEvent.action, AuditEvent.state_from)
        .where(
            AuditEvent.actor_id == user_id,
            AuditEvent.at >= since,
            AuditEvent.noun.in_({line.noun for line in LINES}),
            AuditEvent.action.in_(actions),
        )
        .order_by(AuditEvent.id)
    )
    return tuple(Deed(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name
