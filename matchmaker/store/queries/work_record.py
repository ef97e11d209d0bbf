"""What somebody did, read off the audit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, literal, select, union_all

from matchmaker.domain.work_record import LINES, Deed
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.queries.share import portions
from matchmaker.store.queries.statement import rows_of

_BROKERED = ("introduction", "engagement")


def deeds(uow: UnitOfWork, user_id: int, since: datetime) -> tuple[Deed, ...]:
    """Everything that a line of the record counts, oldest first, in one statement.

    What the sides and the platform do in the introductions and engagements that somebody has a part
    of is among it, with that part.
    """
    actions = {action for line in LINES for action in {*line.actions, line.undone} - {""}}
    part = portions()
    columns = (
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.noun,
        AuditEvent.action,
        AuditEvent.state_from,
    )
    wanted = and_(
        AuditEvent.at >= since,
        AuditEvent.noun.in_({line.noun for line in LINES}),
        AuditEvent.action.in_(actions),
    )
    own = select(*columns, literal(100).label("percent")).where(
        wanted, AuditEvent.actor_id == user_id, AuditEvent.noun.not_in(_BROKERED)
    )
    asked = (
        select(*columns, part.c.percent)
        .join(part, part.c.introduction_id == AuditEvent.record_id)
        .where(wanted, AuditEvent.noun == "introduction", part.c.user_id == user_id)
    )
    talks = (
        select(*columns, part.c.percent)
        .join(Engagement, Engagement.id == AuditEvent.record_id)
        .join(part, part.c.introduction_id == Engagement.introduction_id)
        .where(wanted, AuditEvent.noun == "engagement", part.c.user_id == user_id)
    )
    every = union_all(own, asked, talks).subquery()
    rows = uow.session.execute(
        select(
            every.c.at, every.c.noun, every.c.action, every.c.state_from, every.c.percent
        ).order_by(every.c.id)
    )
    return rows_of(Deed, rows)
