"""Who has which part of an introduction, as SQL and as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import Actor
from matchmaker.domain.share import WHOLE
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement, EngagementStep
from matchmaker.store.introduction import Introduction
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import seen
from matchmaker.store.share import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """A shared introduction as both brokers see it: what it is about, its stage, their parts.

    What the reader may not see any more of the two records is empty. ``fixed``: by a signature.
    """

    public_id: str
    introduction_id: str
    demand: str
    outcome: str
    lead: str
    lead_percent: int
    partner: str
    partner_percent: int
    state: str
    proposed_at: datetime
    introduction_state: str
    engagement_state: str | None
    fixed: bool

    lead_id: int
    partner_id: int
    organisation_id: None = None
    recipient_ids: frozenset[int] = frozenset()

    @property
    def author_id(self) -> int:
        """The lead."""
        return self.lead_id


def signed() -> ColumnElement[bool]:
    """Whether something is signed in a row of ``engagement``, whatever became of its talks.

    A contract that is void was signed all the same; of one made a draft again the stage tells.
    """
    return or_(
        exists().where(
            EngagementStep.engagement_id == Engagement.id, EngagementStep.action == "sign"
        ),
        exists().where(Contract.engagement_id == Engagement.id, Contract.signed_on.is_not(None)),
    )


def is_fixed(uow: UnitOfWork, introduction_id: int) -> bool:
    """Whether something was signed out of an introduction: its shares stay as they are."""
    found = exists().where(Engagement.introduction_id == introduction_id, signed())
    return bool(uow.session.scalar(select(found)))


def portions() -> Subquery:
    """Each broker's part of each introduction in hundredths; they make up the whole of each.

    Columns ``introduction_id``, ``user_id``, ``percent``; a share counts once both have agreed.
    """
    agreed = and_(Share.introduction_id == Introduction.id, Share.state == "agreed")
    leads = select(
        Introduction.id.label("introduction_id"),
        Introduction.broker_id.label("user_id"),
        func.coalesce(Share.lead_percent, WHOLE).label("percent"),
    ).outerjoin(Share, agreed)
    partners = select(
        Share.introduction_id, Share.partner_id.label("user_id"), Share.partner_percent
    ).where(Share.state == "agreed")
    return union_all(leads, partners).subquery("portion")


def listing(uow: UnitOfWork, actor: Actor) -> tuple[ShareRow, ...]:
    """The introductions that the actor shares with somebody, those that wait first."""
    lead, partner = aliased(User), aliased(User)
    leads = Share.lead_id == actor.user_id
    rows = uow.session.execute(
        select(
            Share.public_id,
            Introduction.public_id.label("introduction_id"),
            case((or_(leads, seen(actor, "demand")), Demand.title), else_="").label("demand"),
            case((or_(leads, seen(actor, "outcome")), Outcome.title), else_="").label("outcome"),
            lead.name.label("lead"),
            Share.lead_percent,
            partner.name.label("partner"),
            Share.partner_percent,
            Share.state,
            Share.proposed_at,
            Introduction.state.label("introduction_state"),
            Engagement.state.label("engagement_state"),
            signed().label("fixed"),
            Share.lead_id,
            Share.partner_id,
        )
        .join(Introduction, Share.introduction_id == Introduction.id)
        .join(Demand, Introduction.demand_id == Demand.id)
        .join(Outcome, Introduction.outcome_id == Outcome.id)
        .join(lead, Share.lead_id == lead.id)
        .join(partner, Share.partner_id == partner.id)
        .outerjoin(Engagement, Engagement.introduction_id == Introduction.id)
        .where(or_(leads, Share.partner_id == actor.user_id))
        .order_by((Share.state == "proposed").desc(), Share.proposed_at.desc(), Share.id.desc())
    )
    return rows_of(ShareRow, rows)


def others(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The brokers with whom one could share: public id, and name with agency."""
    rows = uow.session.execute(
        select(User.public_id, User.name, Organisation.name.label("home"))
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(
            User.role == "broker",
            User.active,
            User.approved,
            User.id != (actor.user_id or 0),
            Organisation.state == "verified",
        )
        .order_by(Organisation.name, User.name, User.id)
    )
    return tuple((row.public_id, f"{row.name}（{row.home}）") for row in rows)


def of_introduction(uow: UnitOfWork, introduction_id: int) -> Share | None:
    """The share of an introduction, if one was ever proposed."""
    return uow.session.scalars(
        select(Share).where(Share.introduction_id == introduction_id)
    ).one_or_none()


def told(uow: UnitOfWork, found: Share) -> tuple[str, int, str]:
    """The partner's name, his part, and how far it has come."""
    partner = uow.session.get_one(User, found.partner_id)
    return partner.name, found.partner_percent, found.state
