"""The people on each side of an introduction or an engagement, and on which side somebody acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from matchmaker.domain.errors import NotAllowed
from matchmaker.domain.permissions import Actor, Parties, Relation, relations
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.organisation import User

Between = Introduction | Engagement
_SIDES: Final = {
    Relation.PARTY_COMPANY: "company",
    Relation.PARTY_INSTITUTION: "institution",
    Relation.OWN_BROKER: "broker",
}


def side_of(actor: Actor, subject: Between) -> str:
    """The side the actor stands on; ``NotAllowed`` when on none."""
    found = relations(actor, subject)
    for relation, side in _SIDES.items():
        if relation in found:
            return side
    msg = "Only the two sides and their broker have a part in this."
    raise NotAllowed(msg)


def people(uow: UnitOfWork, parties: Parties, side: str, author_id: int | None) -> list[User]:
    """Whom to tell on a side: its record's author while he is there, else managers, else members.

    ``author_id`` wrote the side's record. An institution's side has no other members than the
    author and the managers.
    """
    if side == "broker":
        return _active(uow, User.id == parties.broker_id)
    if side == "company":
        return of_company(uow, parties.company_id, author_id)
    return _first_of(_at_home(uow, parties.institution_id, "researcher"), author_id)


def of_company(uow: UnitOfWork, company_id: int, author_id: int | None) -> list[User]:
    """Whom to tell of a company's record: likewise."""
    at_home = _at_home(uow, company_id, "company")
    return _first_of(at_home, author_id) or at_home


def bureau(uow: UnitOfWork) -> Sequence[User]:
    """The officers, who are told of what has come to a halt."""
    return _active(uow, User.role == "bureau")


def staff(uow: UnitOfWork, organisation_id: int, role: str) -> list[int]:
    """The keys of an organisation's people of a role: its managers where it has any, else all."""
    at_home = _at_home(uow, organisation_id, role)
    leading = [user.id for user in at_home if user.is_manager]
    return leading or [user.id for user in at_home]


def _at_home(uow: UnitOfWork, organisation_id: int, role: str) -> list[User]:
    return _active(uow, User.organisation_id == organisation_id, User.role == role, User.approved)


def _first_of(at_home: Sequence[User], author_id: int | None) -> list[User]:
    return [user for user in at_home if user.id == author_id] or [
        user for user in at_home if user.is_manager
    ]


def _active(uow: UnitOfWork, *wanted: object) -> list[User]:
    statement = select(User).where(User.active, *wanted).order_by(User.id)  # type: ignore[arg-type]  # column expressions
    return list(uow.session.scalars(statement))
