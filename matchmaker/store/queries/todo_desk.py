"""What waits at the desks of associations, brokers who share, specialists and their firms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, exists, func, select

from matchmaker.domain.permissions import Actor
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.working_days import day_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.membership import Membership, Referral
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.association import demand_count, referrals_of
from matchmaker.store.queries.membership import shown as memberships
from matchmaker.store.queries.secondment import holds_on, latest_diagnosis
from matchmaker.store.queries.secondment import shown as secondments
from matchmaker.store.queries.visibility import member, seen
from matchmaker.store.secondment import Diagnosis, Secondment
from matchmaker.store.share import Share

_UNSUBMITTED: Final = ("draft", "returned")
_Count = Select[Any]


def company(actor: Actor) -> dict[str, _Count]:
    """What a firm's specialists and associations wait for."""
    ready = exists().where(
        Diagnosis.id == latest_diagnosis(), Diagnosis.ready, Diagnosis.demand_id == Demand.id
    )
    return {
        "demands_ready": _of(
            Demand, member(actor, "demand"), Demand.state.in_(_UNSUBMITTED), ready
        ),
        "secondments": _of(Secondment, secondments(actor), Secondment.state == "proposed"),
        "memberships": _of(Membership, memberships(actor), Membership.state == "invited"),
        "recommended": _referred(actor, "recommended"),
    }


def broker(actor: Actor) -> dict[str, _Count]:
    """Pairs that associations put to brokers, and shares that another broker proposes."""
    return {
        "shares": _of(Share, Share.partner_id == actor.user_id, Share.state == "proposed"),
        "referrals": _referred(actor, "wanted"),
    }


def association(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    """Firms that ask to join, and members' demands that end soon or have no usable match."""
    today = day_of(uow.now)
    return {
        "memberships": _of(Membership, memberships(actor), Membership.state == "requested"),
        "member_demands_expiring": demand_count(actor, "expiring", today),
        "member_demands_unmatched": demand_count(actor, "unmatched", today),
    }


def specialist(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    """Demands of the specialist's firms by what is to be done, and secondments that end soon."""
    today = day_of(uow.now)
    firms = Demand.organisation_id.in_(sorted(actor.placed_with))
    undiagnosed = ~exists().where(Diagnosis.demand_id == Demand.id)
    ending = and_(holds_on(today), Secondment.ends_on <= today + EXPIRY_REMINDER)
    soon = Demand.expires_on.between(today, today + timedelta(days=EXPIRY_REMINDER.days))
    return {
        "firm_demands_returned": _of(Demand, firms, Demand.state == "returned"),
        "firm_demands_undiagnosed": _of(
            Demand, firms, Demand.state.in_((*_UNSUBMITTED, "published")), undiagnosed
        ),
        "firm_demands_expiring": _of(Demand, firms, Demand.state == "published", soon),
        "secondments_ending": _of(Secondment, Secondment.specialist_id == actor.user_id, ending),
    }


def _referred(actor: Actor, state: str) -> _Count:
    """Referrals in a state that concern the actor, as their own page counts them."""
    return (
        _of(Referral, Referral.state == state, referrals_of(actor))
        .join(Demand, Referral.demand_id == Demand.id)
        .join(Outcome, Referral.outcome_id == Outcome.id)
        .where(seen(actor, "demand"), seen(actor, "outcome"))
    )


def _of(model: type[Any], *where: Any) -> _Count:
    return select(func.count().label("number")).select_from(model).where(*where)
