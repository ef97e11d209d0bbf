"""The audit as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event: who did what to which record, and what changed."""

    id: int
    at: datetime
    name: str | None
    actor_role: str
    noun: str
    record_id: int | None
    action: str
    state_from: str | None
    state_to: str | None
    changes: Mapping[str, Any]


def events(
    uow: UnitOfWork, *, noun: str, action: str, limit: int, offset: int
) -> tuple[tuple[EventRow, ...], int]:
    """Events, the latest first, and how many there are."""
    conditions = []
    if noun:
        conditions.append(AuditEvent.noun == noun)
    if action:
        conditions.append(AuditEvent.action == action)
    rows = uow.session.execute(
        select(
            AuditEvent.id,
            AuditEvent.at,
            User.name,
            AuditEvent.actor_role,
            AuditEvent.noun,
            AuditEvent.record_id,
            AuditEvent.action,
            AuditEvent.state_from,
            AuditEvent.state_to,
            AuditEvent.changes,
        )
        .outerjoin(User, AuditEvent.actor_id == User.id)
        .where(*conditions)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
        .offset(offset)
    )
    total = uow.session.scalar(select(func.count()).select_from(AuditEvent).where(*conditions))
    return tuple(EventRow(**row._mapping) for row in rows), total or 0  # noqa: SLF001 - SQLAlchemy's public name


def kinds(uow: UnitOfWork) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The nouns and the actions that occur."""
    nouns = uow.session.scalars(select(AuditEvent.noun).distinct().order_by(AuditEvent.noun))
    actions = uow.session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action))
    return tuple(nouns), tuple(actions)
