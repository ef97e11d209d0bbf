"""Telling firms, associations and brokers of memberships and of what an association refers."""

from __future__ import annotations

from matchmaker.domain.permissions import Actor
from matchmaker.services.notification import notify
from matchmaker.services.party import staff
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.membership import Membership, Referral
from matchmaker.store.organisation import Organisation


def tell(uow: UnitOfWork, actor: Actor, found: Membership, what: str) -> None:
    """Tell the other side of what was asked, answered or ended."""
    by_firm = actor.role == "company"
    told = staff(uow, found.association_id, "association") if by_firm else _firm(uow, found)
    notify(uow, kind=f"membership_{what}", readers=told, noun="membership", record=found)


def remind(uow: UnitOfWork, demand: Demand, membership: Membership) -> None:
    """Remind a firm of its demand, in the association's name."""
    until = str(demand.expires_on or "")
    notify(
        uow,
        kind="membership_remind",
        readers=staff(uow, demand.organisation_id, "company"),
        noun="demand",
        record=demand,
        values={"association": _name(uow, membership.association_id), "until": until},
    )


def tell_referral(uow: UnitOfWork, found: Referral, what: str) -> None:
    """Tell a member of an outcome, or the association of what was answered."""
    to_firm = what == "recommend"
    told = _firm(uow, found) if to_firm else staff(uow, found.association_id, "association")
    values = {"association": _name(uow, found.association_id), "note": found.note}
    values["answer"] = found.answer
    notify(uow, kind=f"referral_{what}", readers=told, noun="referral", record=found, values=values)


def _firm(uow: UnitOfWork, found: Membership | Referral) -> list[int]:
    return staff(uow, found.organisation_id, "company")


def _name(uow: UnitOfWork, organisation_id: int) -> str:
    return uow.session.get_one(Organisation, organisation_id).name
