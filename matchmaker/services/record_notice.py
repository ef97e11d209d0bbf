"""Telling people what became of a record: whom, and of what."""

from __future__ import annotations

from sqlalchemy import or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.services.notification import notify
from matchmaker.services.notification_kinds import KINDS
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome


def tell(
    uow: UnitOfWork, actor: Actor, record: Demand | Outcome, action: str, note: str = ""
) -> int:
    """Tell those who answer for a record of somebody else's action, or its reviewers that it waits.

    Returns how many were told.
    """
    kind = f"record_{action}"
    if kind not in KINDS:
        return 0
    noun = "demand" if isinstance(record, Demand) else "outcome"
    readers = _reviewers(uow, record) if action == "submit" else answerers(uow, record)
    others = [one for one in readers if one != actor.user_id]
    return notify(uow, kind=kind, readers=others, noun=noun, record=record, values={"note": note})


def answerers(uow: UnitOfWork, record: Demand | Outcome) -> list[int]:
    """Who answers for a record: its author while active and confirmed there, else the managers."""
    people = uow.session.scalars(
        select(User.id)
        .where(
            User.organisation_id == record.organisation_id,
            User.active.is_(True),
            User.approved.is_(True),
            or_(User.id == record.author_id, User.is_manager.is_(True)),
        )
        .order_by(User.id)
    ).all()
    return [one for one in people if one == record.author_id] or list(people)


def _reviewers(uow: UnitOfWork, record: Demand | Outcome) -> list[int]:
    """The bureau for a demand, an institution's managers for an outcome.

    Brokers may publish demands too but are not told: there are hundreds, and their desk lists
    what waits. An institution without a manager of its own is reviewed by the bureau.
    """
    active = select(User.id).where(User.active, User.approved)
    bureau = active.where(User.role == "bureau")
    at_home = active.where(User.organisation_id == record.organisation_id, User.is_manager)
    found = uow.session.scalars(bureau if isinstance(record, Demand) else at_home).all()
    if not found and isinstance(record, Outcome):
        found = uow.session.scalars(bureau).all()
    return list(found)
