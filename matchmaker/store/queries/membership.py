"""Members of associations as frozen rows, and which of them confide in an association."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.membership import Membership
from matchmaker.store.organisation import Organisation

_ASSOCIATION, _FIRM = aliased(Organisation), aliased(Organisation)


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """A membership in a list, with what permissions look at."""

    public_id: str
    association: str
    association_public_id: str
    firm: str
    firm_public_id: str
    state: str
    opens_anonymous: bool
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None

    organisation_id: int
    association_id: int
    author_id: None = None
    recipient_ids: frozenset[int] = frozenset()


def confided_by(uow: UnitOfWork, association_id: int) -> frozenset[int]:
    """The members that have opened their anonymous demands to an association."""
    return frozenset(
        uow.session.scalars(
            select(Membership.organisation_id).where(
                Membership.association_id == association_id,
                Membership.state == "active",
                Membership.opens_anonymous,
            )
        )
    )


def member_of(association_id: int) -> Select[int]:
    """The keys of an association's members, for a condition."""
    return select(Membership.organisation_id).where(
        Membership.association_id == association_id, Membership.state == "active"
    )


def may_be_host_of(home_id: int | None, firm_id: Any) -> ColumnElement[bool]:
    """Whether whose event it is may ask a firm: an association asks its members alone."""
    association = exists().where(Organisation.id == home_id, Organisation.kind == "association")
    return or_(~association, firm_id.in_(member_of(home_id or 0)))


def shown(actor: Actor) -> ColumnElement[bool]:
    """The memberships that the actor may know of: of one's own side, for the bureau all."""
    if actor.role == "bureau":
        return true()
    if actor.organisation_id is not None:
        if actor.role == "company":
            return Membership.organisation_id == actor.organisation_id
        if actor.role == "association" and actor.verified:
            return Membership.association_id == actor.organisation_id
    return false()


def listing(uow: UnitOfWork, actor: Actor, *, limit: int, offset: int) -> tuple[MembershipRow, ...]:
    """Memberships, those that wait for an answer first, then by name."""
    waiting = Membership.state.in_(("requested", "invited"))
    rows = uow.session.execute(
        select(
            Membership.public_id,
            _ASSOCIATION.name.label("association"),
            _ASSOCIATION.public_id.label("association_public_id"),
            _FIRM.name.label("firm"),
            _FIRM.public_id.label("firm_public_id"),
            Membership.state,
            Membership.opens_anonymous,
            Membership.asked_at,
            Membership.answered_at,
            Membership.ended_at,
            Membership.organisation_id,
            Membership.association_id,
        )
        .join(_ASSOCIATION, Membership.association_id == _ASSOCIATION.id)
        .join(_FIRM, Membership.organisation_id == _FIRM.id)
        .where(shown(actor))
        .order_by(
            waiting.desc(),
            (Membership.state == "active").desc(),
            _ASSOCIATION.name,
            _FIRM.name,
            Membership.id,
        )
        .limit(limit)
        .offset(offset)
    )
    return tuple(MembershipRow(**_values(row)) for row in rows)


def count(uow: UnitOfWork, actor: Actor, *states: str) -> int:
    """How many memberships the actor may know of, all or those in some states."""
    wanted = select(func.count()).select_from(Membership).where(shown(actor))
    if states:
        wanted = wanted.where(Membership.state.in_(states))
    return uow.session.scalar(wanted) or 0


def _values(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
