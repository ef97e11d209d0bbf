"""The audit as frozen rows.

It tells its readers no more of a record than the record's own page would: who of a company acted on
an anonymous demand, and what a record said that they may not see, stays out; that something was
done, when and by which role, is always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from matchmaker.domain.permissions import Actor
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User
from matchmaker.store.queries.visibility import MODELS, named, seen

# Nouns whose events concern accounts and the installation, not what is confidential between people.
_OPEN: Final = frozenset(
    {"user", "organisation", "plan", "demo", "index", "evaluation", "model", "match", "duplicate"}
)
# What a record's reviewers and its people write to each other, and where it was imported from.
_REVIEWED: Final = frozenset({"note", "state_note", "source_id"})
_SIDES: Final = ("company", "researcher")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event: who did what to which record, and what changed."""

    id: int
    at: datetime
    name: str | None
    withheld: bool  # somebody acted whom the reader may not know
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
    uow: UnitOfWork, actor: Actor, filters: EventFilters, *, limit: int, offset: int
) -> tuple[tuple[EventRow, ...], int]:
    """Events, the latest first, and how many there are, as the actor may read them."""
    conditions = _conditions(actor, filters)
    rows = uow.session.execute(
        select(
            AuditEvent.id,
            AuditEvent.at,
            case((_who_shown(actor), User.name), else_=None).label("name"),
            (AuditEvent.actor_id.is_not(None) & ~_who_shown(actor)).label("withheld"),
            AuditEvent.actor_role,
            AuditEvent.noun,
            AuditEvent.record_id,
            AuditEvent.action,
            AuditEvent.state_from,
            AuditEvent.state_to,
            AuditEvent.changes,
            _values_shown(actor).label("readable"),
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
    return tuple(_event(actor, row) for row in rows), total or 0


def _event(actor: Actor, row: Row[Any]) -> EventRow:
    """The event; of values that may not be read it says only that they changed."""
    withheld = _REVIEWED if actor.role != "bureau" else frozenset()
    changes = {
        name: values if row.readable and name not in withheld else ["…", "…"]
        for name, values in row.changes.items()
    }
    return EventRow(
        id=row.id,
        at=row.at,
        name=row.name,
        withheld=bool(row.withheld),
        actor_role=row.actor_role,
        noun=row.noun,
        record_id=row.record_id,
        action=row.action,
        state_from=row.state_from,
        state_to=row.state_to,
        changes=changes,
    )


def _who_shown(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may read the name of whoever acted.

    The bureau may name every company. For the administrator, somebody of a company or institution
    is named on accounts, and on records whose organisation anybody in his place may learn.
    """
    if actor.role == "bureau":
        return true()
    return or_(
        AuditEvent.noun.in_(_OPEN),
        func.coalesce(User.role, "").not_in(_SIDES),
        *(_about(noun, named(actor, noun)) for noun in MODELS),
    )


def _values_shown(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may read what changed: never of a demand or outcome that he may not see."""
    others = AuditEvent.noun.not_in(MODELS) if actor.role == "bureau" else false()
    return or_(
        AuditEvent.noun.in_(_OPEN), others, *(_about(noun, seen(actor, noun)) for noun in MODELS)
    )


def _about(noun: str, wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an event is about a record that fulfils a condition; not, when it is deleted."""
    model = MODELS[noun]
    found = exists().where(model.id == AuditEvent.record_id, wanted).correlate(AuditEvent)
    return and_(AuditEvent.noun == literal(noun), found)


def _conditions(actor: Actor, filters: EventFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.noun:
        found.append(AuditEvent.noun == filters.noun)
    if filters.action:
        found.append(AuditEvent.action == filters.action)
    if filters.person:
        found.append(_who_shown(actor))
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
