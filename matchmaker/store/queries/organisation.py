"""Organisations, their members, sessions and users as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import LoginSession, Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.visibility import named, seen


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """A published record of an organisation."""

    noun: str
    public_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A person of an organisation."""

    public_id: str
    name: str
    email: str
    role: str
    is_manager: bool
    approved: bool
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A device that is logged in."""

    public_id: str
    agent: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A user in the administrator's list."""

    public_id: str
    name: str
    email: str
    role: str
    organisation_name: str | None
    active: bool
    seen_at: datetime | None


def organisations(
    uow: UnitOfWork, *, state: str | None, text: str, limit: int, offset: int
) -> tuple[tuple[OrganisationRow, ...], int]:
    """Organisations, those that wait first, and how many there are."""
    conditions = []
    if state:
        conditions.append(Organisation.state == state)
    if text:
        conditions.append(Organisation.name.icontains(text, autoescape=True))
    people = (
        select(func.count())
        .select_from(User)
        .where(User.organisation_id == Organisation.id)
        .scalar_subquery()
    )
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
        )
        .where(*conditions)
        .order_by(
            case((Organisation.state == "pending", 0), else_=1),
            case((people > 0, 0), else_=1),
            Organisation.created_at.desc(),
            Organisation.id,
        )
        .limit(limit)
        .offset(offset)
    )
    total = uow.session.scalar(select(func.count()).select_from(Organisation).where(*conditions))
    return tuple(OrganisationRow(**row._mapping) for row in rows), total or 0  # noqa: SLF001 - SQLAlchemy's public name


def published(uow: UnitOfWork, actor: Actor, organisation_id: int) -> tuple[RecordLink, ...]:
    """The published records that the actor may connect with the organisation."""
    found = []
    for noun, model in (("demand", Demand), ("outcome", Outcome)):
        found += [
            RecordLink(noun=noun, public_id=public_id, title=title)
            for public_id, title in uow.session.execute(
                select(model.public_id, model.title)
                .where(
                    model.organisation_id == organisation_id,
                    model.state == "published",
                    seen(actor, noun),
                    named(actor, noun),
                )
                .order_by(model.published_at.desc(), model.id)
                .limit(100)
            )
        ]
    return tuple(found)


def members(uow: UnitOfWork, organisation_id: int) -> tuple[MemberRow, ...]:
    """The people of an organisation, those that wait for confirmation first."""
    rows = uow.session.execute(
        select(
            User.public_id,
            User.name,
            User.email,
            User.role,
            User.is_manager,
            User.approved,
            User.active,
        )
        .where(User.organisation_id == organisation_id)
        .order_by(User.approved, User.is_manager.desc(), User.name, User.id)
    )
    return tuple(MemberRow(**row._mapping) for row in rows)  # noqa: SLF001 - as above


def sessions(uow: UnitOfWork, user_id: int) -> tuple[SessionRow, ...]:
    """The devices on which a user is logged in, the latest used first."""
    rows = uow.session.execute(
        select(
            LoginSession.public_id,
            LoginSession.agent,
            LoginSession.created_at,
            LoginSession.seen_at,
        )
        .where(LoginSession.user_id == user_id, LoginSession.expires_at > uow.now)
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
    )
    return tuple(SessionRow(**row._mapping) for row in rows)  # noqa: SLF001 - as above


def users(
    uow: UnitOfWork, *, text: str, limit: int, offset: int
) -> tuple[tuple[UserRow, ...], int]:
    """Users by name or address, and how many there are."""
    condition = (
        or_(User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
        if text
        else User.id > 0
    )
    rows = uow.session.execute(
        select(
            User.public_id,
            User.name,
            User.email,
            User.role,
            Organisation.name.label("organisation_name"),
            User.active,
            User.seen_at,
        )
        .outerjoin(Organisation, User.organisation_id == Organisation.id)
        .where(condition)
        .order_by(User.name, User.id)
        .limit(limit)
        .offset(offset)
    )
    total = uow.session.scalar(select(func.count()).select_from(User).where(condition))
    return tuple(UserRow(**row._mapping) for row in rows), total or 0  # noqa: SLF001 - as above
