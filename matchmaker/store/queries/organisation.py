"""Organisations and their members as frozen rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from matchmaker.domain.permissions import Actor
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import MODELS, listed, named, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """One organisation in the bureau's list."""

    public_id: str
    name: str
    kind: str
    region_code: str | None
    state: str
    origin: str
    created_at: datetime
    people: int
    waiting: int  # people who wait to be confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """A published record of an organisation."""

    public_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRecords:
    """How many records an organisation has published, and the latest of them."""

    total: int
    rows: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A person of an organisation."""

    public_id: str
    name: str
    email: str
    role: str
    is_manager: bool
    approved: bool
    waits: bool  # asked to join, and nobody has answered
    active: bool


def organisations(
    uow: UnitOfWork, *, state: str | None, text: str, limit: int, offset: int
) -> tuple[tuple[OrganisationRow, ...], int]:
    """Organisations, those that wait first, and how many there are."""
    conditions = []
    if state:
        conditions.append(Organisation.state == state)
    if text:
        conditions.append(Organisation.name.icontains(text, autoescape=True))
    people = _people().scalar_subquery()
    waiting = _people().where(waits()).scalar_subquery()
    rows = uow.session.execute(
        select(
            Organisation.public_id,
            Organisation.name,
            Organisation.kind,
            Organisation.region_code,
            Organisation.state,
            Organisation.origin,
            Organisation.created_at,
            people.label("people"),
            waiting.label("waiting"),
        )
        .where(*conditions)
        .order_by(
            case((Organisation.state == "pending", 0), (waiting > 0, 1), else_=2),
            case((people > 0, 0), else_=1),
            Organisation.created_at.desc(),
            Organisation.id,
        )
        .limit(limit)
        .offset(offset)
    )
    total = uow.session.scalar(select(func.count()).select_from(Organisation).where(*conditions))
    return rows_of(OrganisationRow, rows), total or 0


def _people() -> Select[int]:
    """Counts the people of the organisation of the row around it."""
    at_home = (User.organisation_id == Organisation.id, User.erased_at.is_(None))
    return select(func.count()).select_from(User).where(*at_home)


def waits() -> ColumnElement[bool]:
    """Whether a user asks to join and nobody has answered: neither confirmed, refused nor removed.

    Who is barred or erased does not wait either.
    """
    answered = exists().where(
        AuditEvent.noun == "user",
        AuditEvent.record_id == User.id,
        AuditEvent.action == "remove_member",
    )
    return and_(
        User.approved.is_(False), User.active.is_(True), User.erased_at.is_(None), ~answered
    )


def names(uow: UnitOfWork, kinds: Collection[str], *, limit: int) -> tuple[str, ...]:
    """Names of verified organisations of some kinds, to choose from."""
    return tuple(
        uow.session.scalars(
            select(Organisation.name)
            .where(Organisation.state == "verified", Organisation.kind.in_(kinds))
            .order_by(Organisation.name)
            .limit(limit)
        )
    )


def published(
    uow: UnitOfWork, actor: Actor, organisation_id: int, *, limit: int
) -> dict[str, PublishedRecords]:
    """By noun, the published records that the actor may connect with the organisation.

    Anonymous demands neither appear nor count for whoever may not learn whose they are.
    """
    return {
        noun: _published(uow, actor, noun, organisation_id, limit) for noun in ("demand", "outcome")
    }


def _published(
    uow: UnitOfWork, actor: Actor, noun: str, organisation_id: int, limit: int
) -> PublishedRecords:
    model = MODELS[noun]
    conditions = (
        model.organisation_id == organisation_id,
        listed(noun),
        seen(actor, noun),
        named(actor, noun),
    )
    rows = uow.session.execute(
        select(model.public_id, model.title)
        .where(*conditions)
        .order_by(model.published_at.desc(), model.id)
        .limit(limit)
    )
    total = uow.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
    return PublishedRecords(
        total=total,
        rows=tuple(RecordLink(public_id=public_id, title=title) for public_id, title in rows),
    )


def members(uow: UnitOfWork, organisation_id: int) -> tuple[MemberRow, ...]:
    """The people of an organisation, those that wait for confirmation first, no members last."""
    waiting = waits()
    rows = uow.session.execute(
        select(
            User.public_id,
            User.name,
            User.email,
            User.role,
            User.is_manager,
            User.approved,
            waiting.label("waits"),
            User.active,
        )
        .where(User.organisation_id == organisation_id, User.erased_at.is_(None))
        .order_by(waiting.desc(), User.approved.desc(), User.is_manager.desc(), User.name, User.id)
    )
    return rows_of(MemberRow, rows)
