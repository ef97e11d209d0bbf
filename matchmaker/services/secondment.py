"""Technology specialists placed with firms: proposed by the bureau, in force with consent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select

from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.domain.secondment import NOTE_LENGTH, require_period
from matchmaker.domain.working_days import day_of
from matchmaker.services import audit, secondment_notice
from matchmaker.services.clean_text import clean
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.secondment import placeable
from matchmaker.store.secondment import Secondment


def propose(
    uow: UnitOfWork,
    actor: Actor,
    *,
    firm: str,
    specialist_id: str,
    begins_on: date,
    ends_on: date,
    purpose: str = "",
) -> Secondment:
    """Place a specialist with a firm, by its name; it takes effect once the firm consents."""
    require(actor, "secondment", "propose")
    home = _firm(uow, firm)
    specialist = _specialist(uow, specialist_id)
    purpose = clean("purpose", purpose, NOTE_LENGTH)
    today = day_of(uow.now)
    require_period(begins_on, ends_on, today)
    if _overlaps(uow, home.id, specialist.id, begins_on, ends_on):
        msg = "This specialist is placed with this firm already, or has been proposed to it."
        raise Conflict(msg, noun="secondment")
    made = Secondment(
        organisation_id=home.id,
        specialist_id=specialist.id,
        begins_on=begins_on,
        ends_on=ends_on,
        purpose=purpose,
        state="proposed",
        proposed_by=actor.user_id or 0,
        proposed_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    after = {"organisation_id": home.id, "specialist_id": specialist.id}
    audit.record(
        uow, actor, "secondment", made.id, "propose", states=(None, "proposed"), after=after
    )
    secondment_notice.tell(uow, made, "propose")
    return made


def accept(uow: UnitOfWork, actor: Actor, *, secondment_id: str) -> Secondment:
    """Consent for the firm: from its first to its last day the specialist acts for it."""
    return _answer(uow, actor, secondment_id, "accept")


def decline(uow: UnitOfWork, actor: Actor, *, secondment_id: str) -> Secondment:
    """Decline for the firm."""
    return _answer(uow, actor, secondment_id, "decline")


def end(uow: UnitOfWork, actor: Actor, *, secondment_id: str) -> Secondment:
    """End it before its last day; the specialist has no access from this moment on."""
    found = load(uow, actor, secondment_id, lock=True)
    found.ended_at = uow.now
    transition(uow, actor, "secondment", found, "end")
    uow.flush()
    secondment_notice.tell(uow, found, "end", but=actor.user_id)
    return found


def load(uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False) -> Secondment:
    """The secondment for its firm, its specialist and the bureau; ``NotFound`` for others."""
    statement = select(Secondment).where(Secondment.public_id == public_id)
    if lock:
        statement = statement.with_for_update()
    found = uow.session.scalars(statement).one_or_none()
    known = found is not None and (
        may(actor, "secondment", "view", found)
        or actor.role == "bureau"
        or actor.user_id == found.specialist_id
    )
    if found is None or not known:
        msg = "There is no such secondment, or none that concerns you."
        raise NotFound(msg, noun="secondment")
    return found


def opened(uow: UnitOfWork, actor: Actor, public_id: str) -> Secondment:
    """The secondment with all that belongs to it: for its firm, and its specialist while placed."""
    found = load(uow, actor, public_id)
    if not may(actor, "secondment", "view", found):
        msg = "There is no such secondment, or none that concerns you."
        raise NotFound(msg, noun="secondment")
    return found


def _answer(uow: UnitOfWork, actor: Actor, public_id: str, action: str) -> Secondment:
    found = load(uow, actor, public_id, lock=True)
    require(actor, "secondment", action, found)
    if action == "accept":
        require_period(found.begins_on, found.ends_on, day_of(uow.now))
    found.answered_by, found.answered_at = actor.user_id, uow.now
    transition(uow, actor, "secondment", found, action)
    uow.flush()
    secondment_notice.tell(uow, found, action)
    return found


def _firm(uow: UnitOfWork, name: str) -> Organisation:
    found = uow.session.scalars(
        select(Organisation).where(
            Organisation.name == name.strip(),
            Organisation.kind == "company",
            Organisation.state == "verified",
        )
    ).one_or_none()
    if found is None:
        msg = "No verified firm is registered under this name."
        raise Invalid(msg, {"firm": "unknown"})
    return found


def _specialist(uow: UnitOfWork, public_id: str) -> User:
    found = uow.session.scalars(
        select(User)
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(User.public_id == public_id, placeable())
    ).one_or_none()
    if found is None:
        msg = "Choose a specialist from the list."
        raise Invalid(msg, {"specialist": "unknown"})
    return found


def _overlaps(uow: UnitOfWork, firm_id: int, user_id: int, begins_on: date, ends_on: date) -> bool:
    """Whether the two are placed with each other, or may come to be, in some of the days."""
    wanted = exists().where(
        Secondment.organisation_id == firm_id,
        Secondment.specialist_id == user_id,
        Secondment.state.in_(("proposed", "active")),
        Secondment.begins_on <= ends_on,
        Secondment.ends_on >= begins_on,
    )
    return bool(uow.session.scalar(select(wanted)))
