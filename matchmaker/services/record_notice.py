"""Telling people what became of a record: whom, and of what."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.permissions import Actor
from matchmaker.services.notification import notify
from matchmaker.services.notification_kinds import KINDS
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome


def tell(
    uow: UnitOfWork, actor: Actor, record: Demand | Outcome, action: str, note: str = ""
) -> None:
    """Tell the record's author of an action of somebody else's, or its reviewers that it waits."""
    kind = f"record_{action}"
    if kind not in KINDS:
        return
    noun = "demand" if isinstance(record, Demand) else "outcome"
    readers = _reviewers(uow, record) if action == "submit" else [record.author_id]
    others = [one for one in readers if one is not None and one != actor.user_id]
    notify(uow, kind=kind, readers=others, noun=noun, record=record, values={"note": note})


def _reviewers(uow: UnitOfWork, record: Demand | Outcome) -> list[int | None]:
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
