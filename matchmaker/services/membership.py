"""Firms in industry associations: requested or invited, accepted by the other side, left."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select

from matchmaker.domain.errors import Invalid, NotFound, WrongState
from matchmaker.domain.permissions import Actor, Relation, may, relations, require
from matchmaker.domain.visibility import LISTED_STATES, may_name_organisation
from matchmaker.services import audit, membership_notice
from matchmaker.services import record as records
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.membership import Membership
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import Organisation

REMINDED_AGAIN: Final = timedelta(days=7)  # no sooner is a firm reminded of the same demand


def request(uow: UnitOfWork, actor: Actor, *, association: str) -> Membership:
    """A firm asks to join an association, by its name."""
    require(actor, "membership", "request")
    if not actor.verified or actor.organisation_id is None:
        msg = "A firm joins associations once the bureau has verified it."
        raise Invalid(msg, {"association": "not_verified"})
    other = _named(uow, association, "association", "association")
    return _begin(uow, actor, other.id, actor.organisation_id, "request")


def invite(uow: UnitOfWork, actor: Actor, *, firm: str) -> Membership:
    """An association invites a firm, by its name."""
    require(actor, "membership", "invite")
    other = _named(uow, firm, "company", "firm")
    return _begin(uow, actor, actor.organisation_id or 0, other.id, "invite")


def answer(uow: UnitOfWork, actor: Actor, *, membership_id: str, action: str) -> Membership:
    """``admit`` a firm, ``join``, ``decline``, ``leave``: whatever leads a membership on."""
    found = load(uow, actor, membership_id, lock=True)
    require(actor, "membership", action, found)
    if action == "leave":
        found.ended_at = uow.now
    else:
        found.answered_at = uow.now
    found.opens_anonymous = False
    transition(uow, actor, "membership", found, action)
    uow.flush()
    membership_notice.tell(uow, actor, found, action)
    return found


def open_anonymous(uow: UnitOfWork, actor: Actor, *, membership_id: str, opens: bool) -> Membership:
    """Let the association read whose the firm's anonymous demands are, or no longer."""
    found = load(uow, actor, membership_id, lock=True)
    action = "open_anonymous" if opens else "close_anonymous"
    require(actor, "membership", action, found)
    before, found.opens_anonymous = found.opens_anonymous, opens
    audit.record(
        uow, actor, "membership", found.id, action,
        before={"opens_anonymous": before}, after={"opens_anonymous": opens},
    )  # fmt: skip
    return found


def remind(uow: UnitOfWork, actor: Actor, *, demand_id: str) -> Demand:
    """Remind a member of a demand, such as one that is about to expire; once a week at most."""
    demand, membership = of_member(uow, actor, demand_id)
    require(actor, "membership", "remind", membership)
    if _reminded(uow, demand):
        msg = "The firm was reminded of this demand within the last seven days."
        raise WrongState(msg, noun="membership", action="remind", state=membership.state)
    audit.record(uow, actor, "membership", membership.id, "remind", after={"demand": demand.id})
    membership_notice.remind(uow, demand, membership)
    return demand


def of_member(uow: UnitOfWork, actor: Actor, demand_id: str) -> tuple[Demand, Membership]:
    """A listed demand that the association may connect with one of its members."""
    demand = records.load(uow, actor, "demand", demand_id)
    assert isinstance(demand, Demand)
    found = uow.session.scalars(
        select(Membership).where(
            Membership.association_id == (actor.organisation_id or 0),
            Membership.organisation_id == demand.organisation_id,
            Membership.state == "active",
        )
    ).one_or_none()
    listed = demand.state in LISTED_STATES["demand"]
    named = listed and may_name_organisation(actor, "demand", demand)
    if found is None or not named or not may(actor, "membership", "remind", found):
        msg = "There is no such demand, or none of your members."
        raise NotFound(msg, noun="demand")
    return demand, found


def load(uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False) -> Membership:
    """The membership for its two sides; ``NotFound`` for everybody else."""
    statement = select(Membership).where(Membership.public_id == public_id)
    if lock:
        statement = statement.with_for_update()
    found = uow.session.scalars(statement).one_or_none()
    if found is None or not relations(actor, found) & {Relation.MEMBER, Relation.HOST}:
        msg = "There is no such membership, or none of yours."
        raise NotFound(msg, noun="membership")
    return found


def _begin(
    uow: UnitOfWork, actor: Actor, association_id: int, firm_id: int, action: str
) -> Membership:
    """Make the membership, or begin anew one that did not come about or is over."""
    found = uow.session.scalars(
        select(Membership)
        .where(Membership.association_id == association_id, Membership.organisation_id == firm_id)
        .with_for_update()
    ).one_or_none()
    if found is not None:
        found.asked_at, found.answered_at, found.ended_at = uow.now, None, None
        transition(uow, actor, "membership", found, f"{action}_again")
    else:
        state = "requested" if action == "request" else "invited"
        found = Membership(
            association_id=association_id, organisation_id=firm_id, state=state, asked_at=uow.now
        )
        uow.session.add(found)
        uow.flush()
        after = {"association_id": association_id, "organisation_id": firm_id}
        audit.record(uow, actor, "membership", found.id, action, states=(None, state), after=after)
    uow.flush()
    membership_notice.tell(uow, actor, found, action)
    return found


def _named(uow: UnitOfWork, name: str, kind: str, field: str) -> Organisation:
    found = uow.session.scalars(
        select(Organisation).where(
            Organisation.name == name.strip(),
            Organisation.kind == kind,
            Organisation.state == "verified",
        )
    ).one_or_none()
    if found is None:
        msg = "Nobody verified is registered under this name."
        raise Invalid(msg, {field: "unknown"})
    return found


def _reminded(uow: UnitOfWork, demand: Demand) -> bool:
    lately = exists().where(
        Notification.kind == "membership_remind",
        Notification.noun == "demand",
        Notification.record_id == demand.id,
        Notification.created_at > uow.now - REMINDED_AGAIN,
    )
    return bool(uow.session.scalar(select(lately)))
