"""Users as frozen rows, for the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, true

from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.organisation import waits
from matchmaker.store.queries.statement import row_of, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A user in the administrator's list."""

    public_id: str
    name: str
    email: str
    role: str
    organisation_name: str | None
    is_manager: bool
    waits: bool  # for their organisation to confirm them
    active: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One user on the administrator's page."""

    public_id: str
    name: str
    email: str
    role: str
    is_manager: bool
    active: bool
    version: int
    organisation_name: str | None
    organisation_kind: str | None


def person(uow: UnitOfWork, public_id: str) -> PersonRow | None:
    """The user of a public id."""
    row = uow.session.execute(
        select(
            User.public_id,
            User.name,
            User.email,
            User.role,
            User.is_manager,
            User.active,
            User.version,
            Organisation.name.label("organisation_name"),
            Organisation.kind.label("organisation_kind"),
        )
        .outerjoin(Organisation, User.organisation_id == Organisation.id)
        .where(User.public_id == public_id)
    ).one_or_none()
    return row_of(PersonRow, row) if row else None


def users(
    uow: UnitOfWork, *, text: str, role: str, limit: int, offset: int
) -> tuple[tuple[UserRow, ...], int]:
    """Users by a part of their name, address or organisation, and how many there are."""
    condition = and_(
        or_(
            *(
                column.icontains(text, autoescape=True)
                for column in (User.name, User.email, Organisation.name)
            )
        )
        if text
        else true(),
        User.role == role if role else true(),
    )
    rows = uow.session.execute(
        select(
            User.public_id,
            User.name,
            User.email,
            User.role,
            Organisation.name.label("organisation_name"),
            User.is_manager,
            waits().label("waits"),
            User.active,
            User.seen_at,
        )
        .outerjoin(Organisation, User.organisation_id == Organisation.id)
        .where(condition)
        .order_by(User.name, User.id)
        .limit(limit)
        .offset(offset)
    )
    total = uow.session.scalar(
        select(func.count())
        .select_from(User)
        .outerjoin(Organisation, User.organisation_id == Organisation.id)
        .where(condition)
    )
    return rows_of(UserRow, rows), total or 0
