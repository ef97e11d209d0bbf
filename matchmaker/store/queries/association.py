"""An association's desk: its members' demands, and what came of the pairs it put forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true

from matchmaker.domain.permissions import Actor
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.working_days import day_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.membership import Referral
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.membership import member_of
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import listed, matched, named, seen

USABLE: Final = 2  # the level from which on a pair is usable
VIEWS: Final = ("all", "unmatched", "expiring", "engaged")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDemand:
    """A member's demand: how many usable pairs stand, and how far it has come."""

    public_id: str
    title: str
    firm: str
    state: str
    disclosure: str
    expires_on: date | None
    usable: int
    expires_soon: bool
    reminded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """A pair that an association put forward, and what came of it, as the reader may see it."""

    public_id: str
    association: str
    demand_id: str
    demand: str
    outcome_id: str
    outcome: str
    firm: str | None
    state: str
    note: str
    answer: str
    referred_at: datetime
    introduction_state: str | None
    engagement_state: str | None
    match_id: str | None

    organisation_id: int
    association_id: int
    author_id: None = None
    recipient_ids: frozenset[int] = frozenset()


def demands(
    uow: UnitOfWork, actor: Actor, *, view: str, again: datetime, limit: int, offset: int
) -> tuple[MemberDemand, ...]:
    """Members' listed demands that the association may connect with them, the soonest over first.

    ``again``: a reminder before it is long enough ago for another.
    """
    usable = _usable()
    reminded = exists().where(
        Notification.kind == "membership_remind",
        Notification.noun == "demand",
        Notification.record_id == Demand.id,
        Notification.created_at > again,
    )
    rows = uow.session.execute(
        _of_members(
            actor,
            Demand.public_id,
            Demand.title,
            Organisation.name.label("firm"),
            Demand.state,
            Demand.disclosure,
            Demand.expires_on,
            usable.label("usable"),
            reminded.label("reminded"),
        )
        .where(_view(view, day_of(uow.now)))
        .order_by(Demand.expires_on, Demand.id)
        .limit(limit)
        .offset(offset)
    )
    soon = day_of(uow.now) + EXPIRY_REMINDER
    return tuple(
        MemberDemand(
            **row._mapping,  # noqa: SLF001 - SQLAlchemy's public name
            expires_soon=row.state == "published"
            and row.expires_on is not None
            and row.expires_on <= soon,
        )
        for row in rows
    )


def counts(uow: UnitOfWork, actor: Actor) -> Mapping[str, int]:
    """How many of the members' demands each view of the desk holds."""
    today = day_of(uow.now)
    row = uow.session.execute(
        _of_members(
            actor,
            *(func.sum(case((_view(view, today), 1), else_=0)).label(view) for view in VIEWS),
        )
    ).one()
    return {view: getattr(row, view) or 0 for view in VIEWS}


def demand_count(actor: Actor, view: str, today: date) -> Select[Any]:
    """Counts a view of the desk, for what waits."""
    return _of_members(actor, func.count().label("number")).where(_view(view, today))


def referrals(
    uow: UnitOfWork, actor: Actor, *, limit: int = 200, demand_id: int | None = None
) -> tuple[ReferralRow, ...]:
    """The pairs put forward that concern the actor, those that wait for them first."""
    talks = (
        select(Introduction.match_id, func.max(Introduction.id).label("id"))
        .group_by(Introduction.match_id)
        .subquery()
    )
    association = select(Organisation.id, Organisation.name).subquery()
    rows = uow.session.execute(
        select(
            Referral.public_id,
            association.c.name.label("association"),
            Demand.public_id.label("demand_id"),
            Demand.title.label("demand"),
            Outcome.public_id.label("outcome_id"),
            Outcome.title.label("outcome"),
            case((named(actor, "demand"), Organisation.name), else_=None).label("firm"),
            Referral.state,
            Referral.note,
            Referral.answer,
            Referral.referred_at,
            Introduction.state.label("introduction_state"),
            Engagement.state.label("engagement_state"),
            Match.public_id.label("match_id"),
            Referral.organisation_id,
            Referral.association_id,
        )
        .join(association, Referral.association_id == association.c.id)
        .join(Demand, Referral.demand_id == Demand.id)
        .join(Outcome, Referral.outcome_id == Outcome.id)
        .join(Organisation, Referral.organisation_id == Organisation.id)
        .outerjoin(Match, and_(Match.demand_id == Demand.id, Match.outcome_id == Outcome.id))
        .outerjoin(talks, talks.c.match_id == Match.id)
        .outerjoin(Introduction, Introduction.id == talks.c.id)
        .outerjoin(Engagement, Engagement.introduction_id == Introduction.id)
        .where(
            referrals_of(actor),
            seen(actor, "demand"),
            seen(actor, "outcome"),
            true() if demand_id is None else Referral.demand_id == demand_id,
        )
        .order_by(
            (Referral.state == ("wanted" if actor.role == "broker" else "recommended")).desc(),
            Referral.referred_at.desc(),
            Referral.id.desc(),
        )
        .limit(limit)
    )
    return rows_of(ReferralRow, rows)


def referrals_of(actor: Actor) -> ColumnElement[bool]:
    """The referrals that concern the actor; an association's while the firm is its member."""
    if actor.organisation_id is None:
        return false()
    if actor.role == "company":
        return Referral.organisation_id == actor.organisation_id
    if actor.role == "association" and actor.verified:
        members = member_of(actor.organisation_id)
        return and_(
            Referral.association_id == actor.organisation_id,
            Referral.organisation_id.in_(members),
            or_(
                Demand.disclosure != "anonymous",
                Demand.organisation_id.in_(sorted(actor.confided_by)),
            ),
        )
    if actor.role == "broker":
        return or_(Referral.state == "wanted", Referral.taken_by == actor.user_id)
    return false()


def _of_members(actor: Actor, *columns: Any) -> Select[Any]:
    """Members' listed demands under whose title the association may read the firm's name."""
    return (
        select(*columns)
        .select_from(Demand)
        .join(Organisation, Demand.organisation_id == Organisation.id)
        .where(
            Demand.organisation_id.in_(member_of(actor.organisation_id or 0)),
            listed("demand"),
            named(actor, "demand"),
        )
    )


def _usable() -> Any:
    """How many usable pairs stand for the demand of the row around it."""
    return (
        select(func.count())
        .select_from(Match)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(
            Match.demand_id == Demand.id,
            Match.level >= USABLE,
            Match.state != "dismissed",
            Match.current,
            matched("outcome"),
        )
        .correlate(Demand)
        .scalar_subquery()
    )


def _view(view: str, today: date) -> ColumnElement[bool]:
    open_ones = matched("demand")
    return {
        "all": true(),
        "unmatched": and_(open_ones, _usable() == 0),
        "expiring": and_(Demand.state == "published", Demand.expires_on <= today + EXPIRY_REMINDER),
        "engaged": Demand.state.in_(("engaged", "contracted")),
    }[view]
