"""Lists of demands and outcomes for their owners and reviewers, as frozen rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.standing import ACTIONS as STANDING
from matchmaker.domain.visibility import REVIEW_STATES, may_know_person
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
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
class Step:
    """One step of a record's life."""

    at: datetime
    action: str
    state_to: str | None
    name: str | None
    changes: Mapping[str, Any]


def own(
    uow: UnitOfWork, actor: Actor, noun: str, *, state: str | None = None, text: str = ""
) -> tuple[OwnRow, ...]:
    """The records of the actor's organisation, the latest change first.

    ``state`` may also be ``expiring``; every word of ``text`` stands in title or keywords.
    """
    model = MODELS[noun]
    mine: ColumnElement[bool] = false()
    if actor.organisation_id is not None:
        mine = model.organisation_id == actor.organisation_id
    if state == "expiring":
        today = uow.now.date()
        soon = model.expires_on.between(today, today + EXPIRY_REMINDER)
        mine = and_(mine, model.state == "published", soon)
    elif state:
        mine = and_(mine, model.state == state)
    for word in text.split():
        mine = and_(mine, _mentions(model, word))
    return _rows(uow, actor, noun, mine, model.updated_at.desc())


def waiting(uow: UnitOfWork, actor: Actor, noun: str) -> tuple[OwnRow, ...]:
    """The records that wait for this reviewer, the oldest first."""
    model = MODELS[noun]
    in_review = model.state.in_(REVIEW_STATES[noun])
    if actor.role == "bureau" or (actor.role == "broker" and noun == "demand"):
        return _rows(uow, actor, noun, in_review, model.updated_at)
    if noun == "outcome" and actor.manager and actor.organisation_id is not None:
        at_home = model.organisation_id == actor.organisation_id
        return _rows(uow, actor, noun, and_(in_review, at_home), model.updated_at)
    return ()


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


def _rows(
    uow: UnitOfWork, actor: Actor, noun: str, wanted: ColumnElement[bool], order: Any
) -> tuple[OwnRow, ...]:
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
    rows = uow.session.execute(
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
        .order_by(order, model.id)
        .limit(500)
    )
    return tuple(_own_row(actor, row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


def _own_row(actor: Actor, values: Mapping[Any, Any]) -> OwnRow:
    """The row; its author is named to colleagues and to the bureau."""
    row = OwnRow(**values)
    known = may_know_person(actor, user_id=row.author_id, organisation_id=row.organisation_id)
    return row if known else replace(row, author_name=None)
