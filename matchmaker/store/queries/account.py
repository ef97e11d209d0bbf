"""One's own account as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import LoginSession, Organisation, User
from matchmaker.store.queries.organisation import waits
from matchmaker.store.queries.statement import row_of, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """What a person's own page shows of them; contact data included, so it is for them alone."""

    email: str
    name: str
    phone: str
    locale: str
    role: str
    is_manager: bool
    approved: bool
    waits: bool
    version: int
    organisation_id: str | None
    organisation_name: str | None
    organisation_state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A device that is logged in."""

    public_id: str
    agent: str
    created_at: datetime
    seen_at: datetime


def profile(uow: UnitOfWork, user_id: int) -> ProfileRow:
    """A person and their organisation."""
    row = uow.session.execute(
        select(
            User.email,
            User.name,
            User.phone,
            User.locale,
            User.role,
            User.is_manager,
            User.approved,
            waits().label("waits"),
            User.version,
            Organisation.public_id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            Organisation.state.label("organisation_state"),
        )
        .outerjoin(Organisation, User.organisation_id == Organisation.id)
        .where(User.id == user_id)
    ).one()
    return row_of(ProfileRow, row)


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
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return rows_of(SessionRow, rows)
