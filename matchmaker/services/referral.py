"""Pairs that an association puts forward: recommended to its member, or put to brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import Conflict, NotFound, WrongState
from matchmaker.domain.permissions import Actor, Relation, may, relations, require
from matchmaker.domain.visibility import MATCHED_STATES, may_see
from matchmaker.services import audit, membership_notice
from matchmaker.services import record as records
from matchmaker.services.clean_text import clean
from matchmaker.services.membership import of_member
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.membership import Referral

if TYPE_CHECKING:
    from matchmaker.services.index import EngineFollower

NOTE_LENGTH: Final = 500
_FIRST: Final = {"recommend": "recommended", "propose": "wanted"}


def refer(
    uow: UnitOfWork,
    actor: Actor,
    *,
    demand_id: str,
    outcome_id: str,
    action: str,
    note: str = "",
) -> Referral:
    """``recommend`` an outcome to the member whose demand it is, or ``propose`` both to brokers.

    Once for each pair: what was declined is not put forward again.
    """
    demand, membership = of_member(uow, actor, demand_id)
    require(actor, "referral", action, membership)
    outcome = records.load(uow, actor, "outcome", outcome_id)
    open_ones = (
        demand.state in MATCHED_STATES["demand"] and outcome.state in MATCHED_STATES["outcome"]
    )
    if not open_ones:
        msg = "Both records must be open to matching."
        raise WrongState(msg, noun="referral", action=action, state=demand.state)
    present = select(Referral.id).where(
        Referral.association_id == membership.association_id,
        Referral.demand_id == demand.id,
        Referral.outcome_id == outcome.id,
    )
    if uow.session.scalar(present) is not None:
        msg = "This pair was put forward already."
        raise Conflict(msg, noun="referral")
    made = Referral(
        association_id=membership.association_id,
        organisation_id=membership.organisation_id,
        demand_id=demand.id,
        outcome_id=outcome.id,
        state=_FIRST[action],
        note=clean("note", note, NOTE_LENGTH),
        referred_by=actor.user_id or 0,
        referred_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    after = {"demand": demand.id, "outcome": outcome.id}
    audit.record(uow, actor, "referral", made.id, action, states=(None, made.state), after=after)
    if action == "recommend":
        membership_notice.tell_referral(uow, made, "recommend")
    return made


def answer(
    uow: UnitOfWork, actor: Actor, *, referral_id: str, action: str, answer: str = ""
) -> Referral:
    """The firm wants a broker to look into it or declines; a broker dismisses it."""
    found = load(uow, actor, referral_id, lock=True)
    require(actor, "referral", action, found)
    declines = action in ("decline", "dismiss")
    found.answer = clean("answer", answer, NOTE_LENGTH, required=action == "dismiss")
    found.answered_at = uow.now
    transition(uow, actor, "referral", found, action)
    uow.flush()
    membership_notice.tell_referral(uow, found, "decline" if declines else "want")
    return found


def take(uow: UnitOfWork, actor: Actor, follower: EngineFollower, *, referral_id: str) -> Match:
    """A broker takes the pair up: its match is made and accepted where the engine listed none."""
    from matchmaker.services import consortium  # the engine is loaded when it is asked

    found = load(uow, actor, referral_id, lock=True)
    require(actor, "referral", "take", found)
    match = consortium.propose(
        uow,
        actor,
        follower,
        demand_id=found.demand.public_id,
        outcome_id=found.outcome.public_id,
    )
    found.taken_by, found.answered_at = actor.user_id, uow.now
    transition(uow, actor, "referral", found, "take")
    uow.flush()
    membership_notice.tell_referral(uow, found, "take")
    return match


def load(uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False) -> Referral:
    """The referral for its association, its firm, and brokers once it was put to them."""
    statement = (
        select(Referral)
        .where(Referral.public_id == public_id)
        .options(joinedload(Referral.demand), joinedload(Referral.outcome))
    )
    if lock:
        statement = statement.with_for_update(of=Referral)
    found = uow.session.scalars(statement).one_or_none()
    if found is None or not _concerns(actor, found):
        msg = "There is no such referral, or none that concerns you."
        raise NotFound(msg, noun="referral")
    return found


def _concerns(actor: Actor, found: Referral) -> bool:
    if relations(actor, found) & {Relation.MEMBER, Relation.HOST}:
        return True
    put = may(actor, "referral", "take", found) or actor.user_id == found.taken_by
    return put and may_see(actor, "demand", found.demand)
