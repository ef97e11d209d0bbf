"""Two brokers share an introduction: proposed by its broker, agreed by the other, then fixed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.account import KINDS_OF_ROLE
from matchmaker.domain.errors import Invalid, NotFound, WrongState
from matchmaker.domain.permissions import Actor, Relation, relations, require
from matchmaker.domain.share import WHOLE, require_percent
from matchmaker.services import audit
from matchmaker.services import introduction as introductions
from matchmaker.services.notification import notify
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.introduction import Introduction
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import share as query
from matchmaker.store.share import Share


def propose(
    uow: UnitOfWork, actor: Actor, *, introduction_id: str, partner_id: str, percent: int
) -> Share:
    """Propose that another broker has a part of an introduction; until he agrees it is one's own.

    An agreed share may be proposed anew while nothing is signed; then both have to agree again.
    """
    introduction = introductions.load(uow, actor, introduction_id, lock=True)
    require(actor, "share", "propose", introduction)
    _require_unsigned(uow, introduction)
    partner = _partner(uow, actor, introduction, partner_id)
    percent = require_percent(percent)
    found = uow.session.scalars(
        select(Share).where(Share.introduction_id == introduction.id).with_for_update()
    ).one_or_none()
    terms = {"partner_id": partner.id, "partner_percent": percent}
    if found is None:
        found = Share(
            introduction_id=introduction.id,
            lead_id=introduction.broker_id,
            lead_percent=WHOLE - percent,
            state="proposed",
            proposed_at=uow.now,
            **terms,
        )
        uow.session.add(found)
        uow.flush()
        audit.record(
            uow, actor, "share", found.id, "propose", states=(None, "proposed"), after=dict(terms)
        )
    else:
        found.partner_id, found.partner_percent = partner.id, percent
        found.lead_percent = WHOLE - percent
        found.proposed_at, found.answered_at = uow.now, None
        transition(uow, actor, "share", found, "change", noted=dict(terms))
        uow.flush()
    _tell(uow, found, "propose", found.partner_id)
    return found


def answer(uow: UnitOfWork, actor: Actor, *, share_id: str, action: str) -> Share:
    """``accept`` or ``decline`` what was proposed, or ``withdraw`` one's own proposal."""
    found = load(uow, actor, share_id)
    require(actor, "share", action, found)
    _require_unsigned(uow, uow.session.get_one(Introduction, found.introduction_id))
    found.answered_at = uow.now
    transition(uow, actor, "share", found, action)
    uow.flush()
    if action != "withdraw":
        _tell(uow, found, action, found.lead_id)
    return found


def load(uow: UnitOfWork, actor: Actor, public_id: str) -> Share:
    """The share for its two brokers, locked; ``NotFound`` for everybody else."""
    found = uow.session.scalars(
        select(Share).where(Share.public_id == public_id).with_for_update()
    ).one_or_none()
    if found is None or not relations(actor, found) & {Relation.AUTHOR, Relation.CO_BROKER}:
        msg = "There is no such share, or none of yours."
        raise NotFound(msg, noun="share")
    return found


def _require_unsigned(uow: UnitOfWork, introduction: Introduction) -> None:
    if query.is_fixed(uow, introduction.id):
        msg = "The contract is signed: shares can no longer be agreed or changed."
        raise WrongState(msg, noun="share", action="propose", state="signed")


def _partner(uow: UnitOfWork, actor: Actor, introduction: Introduction, public_id: str) -> User:
    """Another broker whose role is in force."""
    found = uow.session.scalars(
        select(User)
        .where(User.public_id == public_id, User.role == "broker", User.active, User.approved)
        .options(joinedload(User.organisation))
    ).one_or_none()
    home: Organisation | None = found.organisation if found else None
    known = home is not None and home.state == "verified" and home.kind in KINDS_OF_ROLE["broker"]
    if found is None or not known or found.id in (actor.user_id, introduction.broker_id):
        msg = "Choose another broker."
        raise Invalid(msg, {"partner": "unknown"})
    return found


def _tell(uow: UnitOfWork, found: Share, what: str, reader: int) -> None:
    values = {"percent": str(found.partner_percent)}
    notify(uow, kind=f"share_{what}", readers=[reader], noun="share", record=found, values=values)
