"""The audit as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

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


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilters:
    """Which events are wanted; empty or None: all."""

    noun: str = ""
    action: str = ""
    person: str = ""  # part of a name or of an address
    since: datetime | None = None
    until: datetime | None = None  # not itself


def events(
    uow: UnitOfWork, filters: EventFilters, *, limit: int, offset: int
) -> tuple[tuple[EventRow, ...], int]:
    """Events, the latest first, and how many there are."""
    conditions = _conditions(filters)
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
    total = uow.session.scalar(
        select(func.count())
        .select_from(AuditEvent)
        .outerjoin(User, AuditEvent.actor_id == User.id)
        .where(*conditions)
    )
    return tuple(EventRow(**row._mapping) for row in rows), total or 0  # noqa: SLF001 - SQLAlchemy's public name


def _conditions(filters: EventFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.noun:
        found.append(AuditEvent.noun == filters.noun)
    if filters.action:
        found.append(AuditEvent.action == filters.action)
    if filters.person:
        found.append(
            or_(
                User.name.icontains(filters.person, autoescape=True),
                User.email.icontains(filters.person, autoescape=True),
            )
        )
    if filters.since:
        found.append(AuditEvent.at >= filters.since)
    if filters.until:
        found.append(AuditEvent.at < filters.until)
    return found


def kinds(uow: UnitOfWork) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The nouns and the actions that occur."""
    nouns = uow.session.scalars(select(AuditEvent.noun).distinct().order_by(AuditEvent.noun))
    actions = uow.session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action))
    return tuple(nouns), tuple(actions)
