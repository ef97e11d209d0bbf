"""Challenges as frozen rows: the public list, whose they are, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true

from matchmaker.domain.challenge import fits, may_decide, report_noticed
from matchmaker.domain.permissions import Actor
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeDemand,
    ChallengeExpert,
    ChallengeObjection,
)
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.statement import row_of, rows_of
from matchmaker.store.queries.visibility import named, seen

# The views of the list: calls that take bids, those at work, those over, those in preparation.
VIEWS: Final[Mapping[str, frozenset[str]]] = {
    "open": frozenset({"published"}),
    "running": frozenset({"closed", "scoring", "publicity", "awarded", "midterm"}),
    "over": frozenset({"accepted", "not_accepted", "failed", "withdrawn"}),
    "preparing": frozenset({"draft", "argued"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeRow:
    """A challenge in a list."""

    public_id: str
    title: str
    state: str
    chains: tuple[str, ...]
    amount: Decimal | None
    months: int
    published_at: datetime | None
    bids_until: datetime | None
    publicity_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBidRow:
    """A bid in its author's list."""

    public_id: str
    challenge_id: str
    title: str
    state: str
    challenge_state: str
    bids_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """A demand that a challenge is made of, as far as the reader may know of it.

    ``demand_id`` and ``title`` are empty where he may not see it, ``firm`` where he may not know
    it; ``fits`` says whether it can go out in the call.
    """

    link_id: str
    state: str
    demand_id: str
    title: str
    firm: str
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRow:
    """An objection; ``decides`` says whether the reader may answer it."""

    public_id: str
    bid_id: str
    state: str
    reason: str
    raised_at: datetime
    answer: str
    decided_at: datetime | None
    by: str
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOfDemand:
    """The challenge in which a demand stands, for the demand's page."""

    public_id: str
    title: str
    state: str


def known(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may know of a challenge: everybody once it went out, the bureau before."""
    if actor.role in ("bureau", "system"):
        return true()
    return or_(Challenge.published_at.is_not(None), appointed(actor))


def appointed(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor is an expert of the challenge."""
    if not actor.signed_in or not actor.verified:
        return false()
    return exists().where(
        ChallengeExpert.challenge_id == Challenge.id, ChallengeExpert.user_id == actor.user_id
    )


def own_bids(actor: Actor) -> ColumnElement[bool]:
    """Whether a bid is the actor's own, or his organisation's that he manages."""
    if not actor.signed_in:
        return false()
    own = ChallengeBid.author_id == actor.user_id
    if actor.manager and actor.organisation_id is not None:
        return or_(own, ChallengeBid.organisation_id == actor.organisation_id)
    return own


def listing(
    uow: UnitOfWork, actor: Actor, view: str, *, limit: int, offset: int
) -> tuple[ChallengeRow, ...]:
    """A view of the list: open calls by deadline, others the latest first."""
    order = Challenge.bids_until if view == "open" else Challenge.id.desc()
    statement = select(Challenge).where(known(actor), _in(uow, actor, view))
    statement = statement.order_by(order, Challenge.id)
    return tuple(
        ChallengeRow(
            public_id=one.public_id,
            title=one.title,
            state=one.state,
            chains=tuple(one.chains),
            amount=one.amount,
            months=one.months,
            published_at=one.published_at,
            bids_until=one.bids_until,
            publicity_until=one.publicity_until,
        )
        for one in uow.session.scalars(statement.limit(limit).offset(offset))
    )


def counts(uow: UnitOfWork, actor: Actor) -> dict[str, int]:
    """How many challenges each view holds."""
    row = uow.session.execute(
        select(
            *(func.count().filter(_in(uow, actor, view)).label(view) for view in VIEWS),
        )
        .select_from(Challenge)
        .where(known(actor))
    ).one()
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's way to read a row by name


def _in(uow: UnitOfWork, actor: Actor, view: str) -> ColumnElement[bool]:
    """Whether a challenge belongs into a view; a call past its deadline takes no bids any more.

    For the bureau a call is under way, however it ended, while an objection waits for its answer.
    """
    states = Challenge.state.in_(sorted(VIEWS[view]))
    if view == "open":
        return and_(states, Challenge.bids_until > uow.now)
    if view == "running":
        over = and_(Challenge.state == "published", Challenge.bids_until <= uow.now)
        unanswered = exists().where(
            ChallengeObjection.challenge_id == Challenge.id, ChallengeObjection.state == "open"
        )
        return or_(states, over, unanswered) if actor.role == "bureau" else or_(states, over)
    return states


def bids_of(uow: UnitOfWork, actor: Actor) -> tuple[OwnBidRow, ...]:
    """The actor's bids, the latest first."""
    rows = uow.session.execute(
        select(
            ChallengeBid.public_id,
            ChallengeBid.state,
            Challenge.public_id.label("challenge_id"),
            Challenge.title,
            Challenge.state.label("challenge_state"),
            Challenge.bids_until,
        )
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .where(own_bids(actor))
        .order_by(ChallengeBid.id.desc())
        .limit(50)
    )
    return rows_of(OwnBidRow, rows)


def demands_of(uow: UnitOfWork, actor: Actor, challenge_id: int) -> tuple[DemandRow, ...]:
    """The demands of a challenge that the actor may see."""
    return tuple(one for one in links_of(uow, actor, challenge_id) if one.demand_id)


def links_of(uow: UnitOfWork, actor: Actor, challenge_id: int) -> tuple[DemandRow, ...]:
    """All demands of a challenge, those without a name too that the actor may not see."""
    rows = uow.session.execute(
        select(
            ChallengeDemand.public_id.label("link_id"),
            ChallengeDemand.state,
            Demand.public_id.label("demand_id"),
            Demand.title,
            Demand.state.label("demand_state"),
            Demand.disclosure,
            Organisation.name.label("name"),
            seen(actor, "demand").label("shown"),
            named(actor, "demand").label("told"),
        )
        .join(Demand, ChallengeDemand.demand_id == Demand.id)
        .join(Organisation, Demand.organisation_id == Organisation.id)
        .where(ChallengeDemand.challenge_id == challenge_id)
        .order_by(ChallengeDemand.id)
    )
    return tuple(
        DemandRow(
            link_id=row.link_id,
            state=row.state,
            demand_id=row.demand_id if row.shown else "",
            title=row.title if row.shown else "",
            firm=row.name if row.told else "",
            fits=fits(row.demand_state, row.disclosure),
        )
        for row in rows
    )


def objections_of(uow: UnitOfWork, actor: Actor, challenge_id: int) -> tuple[ObjectionRow, ...]:
    """The objections about a challenge that the actor may read: his own; the bureau all."""
    if not actor.signed_in:
        return ()
    mine: ColumnElement[bool] = ChallengeObjection.author_id == (actor.user_id or 0)
    if actor.role == "bureau":
        mine = true()
    rows = uow.session.execute(
        select(ChallengeObjection, ChallengeBid.public_id, User.name)
        .join(ChallengeBid, ChallengeObjection.bid_id == ChallengeBid.id)
        .join(User, ChallengeObjection.author_id == User.id)
        .where(ChallengeObjection.challenge_id == challenge_id, mine)
        .order_by(ChallengeObjection.id)
    )
    return tuple(
        ObjectionRow(
            public_id=one.public_id,
            bid_id=bid_id,
            state=one.state,
            reason=one.reason,
            raised_at=one.raised_at,
            answer=one.answer,
            decided_at=one.decided_at,
            by=name,
            decides=may_decide(actor, one),
        )
        for one, bid_id, name in rows
    )


def call_of_demand(uow: UnitOfWork, actor: Actor, demand_id: int) -> CallOfDemand | None:
    """The latest challenge that a demand has become, if the actor may know of it."""
    row = uow.session.execute(
        select(Challenge.public_id, Challenge.title, Challenge.state)
        .join(ChallengeDemand, ChallengeDemand.challenge_id == Challenge.id)
        .where(
            ChallengeDemand.demand_id == demand_id,
            ChallengeDemand.state != "refused",
            known(actor),
        )
        .order_by(Challenge.id.desc())
        .limit(1)
    ).one_or_none()
    return row_of(CallOfDemand, row) if row else None


def consents_waiting(actor: Actor) -> Select[Any]:
    """How many consents the actor's firm is asked for."""
    return _of(
        ChallengeDemand.state == "asked",
        Demand.organisation_id == (actor.organisation_id or 0),
        Challenge.state.in_(("argued", "draft")),
    )


def drafts(uow: UnitOfWork, actor: Actor) -> Select[Any]:
    """How many drafts of bids the actor has for calls that are still open."""
    return (
        select(func.count(ChallengeBid.id).label("number"))
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .where(
            ChallengeBid.author_id == (actor.user_id or 0),
            ChallengeBid.state == "draft",
            Challenge.state == "published",
            Challenge.bids_until > uow.now,
        )
    )


def unreported(actor: Actor) -> ColumnElement[bool]:
    """Whether a bid of the actor has won and its midterm report is not there yet."""
    return and_(
        ChallengeBid.author_id == (actor.user_id or 0),
        ChallengeBid.state == "awarded",
        Challenge.state == "awarded",
        Challenge.reported_at.is_(None),
    )


def reports_waiting(uow: UnitOfWork, actor: Actor) -> Select[Any]:
    """How many midterm reports of the actor are due soon or overdue."""
    latest = case(dict(report_noticed(uow.now)), value=Challenge.months)
    return (
        select(func.count(ChallengeBid.id).label("number"))
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .where(unreported(actor), Challenge.awarded_at <= latest)
    )


def objections_waiting() -> Select[Any]:
    """How many objections wait for the bureau's answer."""
    return select(func.count(ChallengeObjection.id).label("number")).where(
        ChallengeObjection.state == "open"
    )


def argued_waiting() -> Select[Any]:
    """How many challenges are argued and wait to be published."""
    return select(func.count(Challenge.id).label("number")).where(Challenge.state == "argued")


def steps_waiting(uow: UnitOfWork) -> Select[Any]:
    """How many running challenges wait for the bureau's next step: closed, or over a clock."""
    return select(func.count(Challenge.id).label("number")).where(
        or_(
            Challenge.state == "closed",
            and_(Challenge.state == "published", Challenge.bids_until <= uow.now),
            and_(Challenge.state == "scoring", Challenge.scores_until <= uow.now),
            and_(Challenge.state == "publicity", Challenge.publicity_until <= uow.now),
            and_(Challenge.state == "awarded", Challenge.reported_at.is_not(None)),
        )
    )


def consent_links(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The public id and title of what the actor's firm is asked to consent to."""
    if actor.role != "company" or actor.organisation_id is None:
        return ()
    rows = uow.session.execute(
        select(ChallengeDemand.public_id, Demand.title)
        .join(Demand, ChallengeDemand.demand_id == Demand.id)
        .join(Challenge, ChallengeDemand.challenge_id == Challenge.id)
        .where(
            ChallengeDemand.state == "asked",
            Demand.organisation_id == actor.organisation_id,
            Challenge.state.in_(("argued", "draft")),
        )
        .order_by(ChallengeDemand.id)
    )
    return tuple((row.public_id, row.title) for row in rows)


def _of(*where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(func.count().label("number"))
        .select_from(ChallengeDemand)
        .join(Demand, ChallengeDemand.demand_id == Demand.id)
        .join(Challenge, ChallengeDemand.challenge_id == Challenge.id)
        .where(*where)
    )
