"""Lists of demands and outcomes for their owners and reviewers, as frozen rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.standing import ACTIONS as STANDING
from matchmaker.domain.visibility import REVIEW_STATES, may_know_person
from matchmaker.domain.working_days import day_of
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import MODELS

_STEPS: Final = frozenset(
    {"create", "submit", "publish", "approve", "return", "request_changes", "withdraw", "reopen",
     "expire", "import", "load",
     *(action for actions in STANDING.values() for action in actions.values())}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRow:
    """One of one's own records, or one that waits for review; permissions can look at it."""

    public_id: str
    organisation_id: int
    author_id: int | None
    recipient_ids: frozenset[int] = frozenset()
    title: str
    state: str
    state_note: str
    organisation_name: str
    author_name: str | None
    updated_at: datetime
    expires_on: date | None
    suggestions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecords:
    """A part of a list of records, and how many the whole of it holds."""

    rows: tuple[OwnRow, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a record's life."""

    at: datetime
    action: str
    state_to: str | None
    name: str | None
    changes: Mapping[str, Any]


def own(
    uow: UnitOfWork,
    actor: Actor,
    noun: str,
    *,
    limit: int,
    offset: int = 0,
    state: str | None = None,
    text: str = "",
) -> OwnRecords:
    """The records of the actor's organisation, the latest change first.

    ``state`` may also be ``expiring``; every word of ``text`` stands in title or keywords.
    """
    model = MODELS[noun]
    mine: ColumnElement[bool] = false()
    if actor.organisation_id is not None:
        mine = model.organisation_id == actor.organisation_id
    if state == "expiring":
        today = day_of(uow.now)
        soon = model.expires_on.between(today, today + EXPIRY_REMINDER)
        mine = and_(mine, model.state == "published", soon)
    elif state:
        mine = and_(mine, model.state == state)
    for word in text.split():
        mine = and_(mine, _mentions(model, word))
    statement = _rows(noun, mine).order_by(model.updated_at.desc(), model.id)
    return _part(uow, actor, statement.limit(limit).offset(offset), _count(noun, mine))


def waiting(uow: UnitOfWork, actor: Actor, noun: str, *, limit: int) -> OwnRecords:
    """The records that wait for this reviewer, the oldest first."""
    model = MODELS[noun]
    wanted: ColumnElement[bool] = model.state.in_(REVIEW_STATES[noun])
    if noun == "outcome" and actor.manager and actor.organisation_id is not None:
        wanted = and_(wanted, model.organisation_id == actor.organisation_id)
    elif actor.role != "bureau" and (actor.role != "broker" or noun != "demand"):
        return OwnRecords()
    statement = _rows(noun, wanted).order_by(model.updated_at, model.id).limit(limit)
    return _part(uow, actor, statement, _count(noun, wanted))


def steps(uow: UnitOfWork, actor: Actor, noun: str, record_id: int) -> tuple[Step, ...]:
    """The life of a record, oldest first; people are named as far as the actor may know them."""
    rows = uow.session.execute(
        select(
            AuditEvent.at,
            AuditEvent.action,
            AuditEvent.state_to,
            AuditEvent.changes,
            User.id,
            User.organisation_id,
            User.role,
            User.name,
        )
        .outerjoin(User, AuditEvent.actor_id == User.id)
        .where(
            AuditEvent.noun == noun,
            AuditEvent.record_id == record_id,
            AuditEvent.action.in_(_STEPS),
        )
        .order_by(AuditEvent.id)
    )
    return tuple(
        Step(
            at=row.at,
            action=row.action,
            state_to=row.state_to,
            name=row.name
            if may_know_person(
                actor, user_id=row.id, organisation_id=row.organisation_id, role=row.role
            )
            else None,
            changes=row.changes,
        )
        for row in rows
    )


def _mentions(model: Any, word: str) -> ColumnElement[bool]:
    """Whether a word stands in the title or in a keyword, which are kept as JSON."""
    kept = json.dumps(word)[1:-1]
    keywords = cast(model.keywords, String)
    return or_(
        model.title.icontains(word, autoescape=True),
        keywords.icontains(word, autoescape=True),
        keywords.icontains(kept, autoescape=True),
    )


def _part(
    uow: UnitOfWork, actor: Actor, statement: Select[*tuple[Any, ...]], count: Select[int]
) -> OwnRecords:
    """The rows that a statement finds, their authors named to colleagues and to the bureau."""
    rows = tuple(
        row
        if may_know_person(actor, user_id=row.author_id, organisation_id=row.organisation_id)
        else replace(row, author_name=None)
        for row in rows_of(OwnRow, uow.session.execute(statement))
    )
    return OwnRecords(rows=rows, total=uow.session.scalars(count).one())


def _count(noun: str, wanted: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(MODELS[noun]).where(wanted)


def _rows(noun: str, wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Records with the columns of an :class:`OwnRow`."""
    model = MODELS[noun]
    key = Match.demand_id if noun == "demand" else Match.outcome_id
    suggestions = (
        select(func.count())
        .select_from(Match)
        .where(
            key == model.id,
            or_(Match.current.is_(True), Match.state == "accepted"),
            Match.state != "dismissed",
        )
        .scalar_subquery()
    )
    return (
        select(
            model.public_id,
            model.organisation_id,
            model.author_id,
            model.title,
            model.state,
            model.state_note,
            Organisation.name.label("organisation_name"),
            User.name.label("author_name"),
            model.updated_at,
            model.expires_on,
            suggestions.label("suggestions"),
        )
        .join(Organisation, model.organisation_id == Organisation.id)
        .outerjoin(User, model.author_id == User.id)
        .where(wanted)
    )
