"""What is due for somebody: meetings, answers, next actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import and_, or_, select

from matchmaker.domain.challenge import report_due
from matchmaker.domain.engagement import CLOSED
from matchmaker.domain.permissions import Actor
from matchmaker.domain.working_days import CHINA, day_of
from matchmaker.store.challenge import Challenge, ChallengeBid, ChallengeExpert
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement, Meeting
from matchmaker.store.event import Event, EventParty
from matchmaker.store.introduction import Introduction
from matchmaker.store.queries.challenge import unreported
from matchmaker.store.queries.event import own_parties
from matchmaker.store.queries.party import party


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One thing that is due: a meeting, an answer, a next action, a bid, a report, an event.

    ``public_id`` is that of the meeting, introduction, engagement, challenge, bid, invitation or
    event; ``text`` the next action's own words, ``state`` the stage. ``own`` says that the reader's
    side is to act.
    """

    kind: str
    public_id: str
    title: str
    day: date
    starts_at: datetime | None = None
    minutes_long: int = 0
    place: str = ""
    text: str = ""
    state: str = ""
    own: bool = True
    version: int = 1


def due(uow: UnitOfWork, actor: Actor, first: date, last: date) -> tuple[DueRow, ...]:
    """Everything due from the first to the last day, in order."""
    side = {"company": "company", "researcher": "institution"}.get(actor.role or "", "broker")
    rows = [
        *_meetings(uow, actor, first, last),
        *_answers(uow, actor, first, last, side),
        *_next_actions(uow, actor, first, last, side),
        *_bids(uow, actor, first, last),
        *_scores(uow, actor, first, last),
        *_reports(uow, actor, first, last),
        *_events(uow, actor, first, last),
    ]
    return tuple(sorted(rows, key=lambda row: (row.day, row.starts_at is None, str(row.starts_at))))


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time.min, CHINA),
        datetime.combine(last, time.max, CHINA),
    )


def _meetings(uow: UnitOfWork, actor: Actor, first: date, last: date) -> list[DueRow]:
    rows = uow.session.execute(
        select(Meeting, Demand.title)
        .join(Engagement, Meeting.engagement_id == Engagement.id)
        .join(Demand, Engagement.demand_id == Demand.id)
        .where(
            party(actor, Engagement),
            Meeting.state != "cancelled",
            Meeting.starts_at.between(*_span(first, last)),
        )
        .order_by(Meeting.id)
    )
    return [
        DueRow(
            kind="meeting",
            public_id=one.public_id,
            title=title,
            day=day_of(one.starts_at),
            starts_at=one.starts_at,
            minutes_long=one.minutes_long,
            place=one.place,
            state=one.state,
            version=one.version,
        )
        for one, title in rows
    ]


def _answers(uow: UnitOfWork, actor: Actor, first: date, last: date, side: str) -> list[DueRow]:
    rows = uow.session.execute(
        select(Introduction, Demand.title)
        .join(Demand, Introduction.demand_id == Demand.id)
        .where(
            party(actor, Introduction),
            Introduction.state == "asked",
            Introduction.due_at.between(*_span(first, last)),
        )
        .order_by(Introduction.id)
    )
    return [
        DueRow(
            kind="answer",
            public_id=one.public_id,
            title=title,
            day=day_of(one.due_at),
            own=side != "broker" and getattr(one, f"{side}_answer") is None,
            version=one.version,
        )
        for one, title in rows
    ]


def _next_actions(
    uow: UnitOfWork, actor: Actor, first: date, last: date, side: str
) -> list[DueRow]:
    rows = uow.session.execute(
        select(Engagement, Demand.title)
        .join(Demand, Engagement.demand_id == Demand.id)
        .where(
            party(actor, Engagement),
            Engagement.state.not_in(CLOSED),
            Engagement.next_due.between(first, last),
        )
        .order_by(Engagement.id)
    )
    return [
        DueRow(
            kind="next",
            public_id=one.public_id,
            title=title,
            day=one.next_due or first,
            text=one.next_action,
            state=one.state,
            own=one.next_side == side,
            version=one.version,
        )
        for one, title in rows
    ]


def _bids(uow: UnitOfWork, actor: Actor, first: date, last: date) -> list[DueRow]:
    """Deadlines of the calls for which the actor writes a bid."""
    rows = uow.session.execute(
        select(Challenge, ChallengeBid.state.label("bid"))
        .join(ChallengeBid, ChallengeBid.challenge_id == Challenge.id)
        .where(
            ChallengeBid.author_id == (actor.user_id or 0),
            ChallengeBid.state.in_(("draft", "submitted")),
            Challenge.bids_until.between(*_span(first, last)),
        )
        .order_by(Challenge.id)
    )
    return [_of_call("bid", one, one.bids_until, own=state == "draft") for one, state in rows]


def _scores(uow: UnitOfWork, actor: Actor, first: date, last: date) -> list[DueRow]:
    """Until when scores are asked of the actor."""
    rows = uow.session.scalars(
        select(Challenge)
        .join(ChallengeExpert, ChallengeExpert.challenge_id == Challenge.id)
        .where(
            ChallengeExpert.user_id == (actor.user_id or 0),
            Challenge.state == "scoring",
            Challenge.scores_until.between(*_span(first, last)),
        )
        .order_by(Challenge.id)
    )
    return [_of_call("scores", one, one.scores_until, own=True) for one in rows]


def _reports(uow: UnitOfWork, actor: Actor, first: date, last: date) -> list[DueRow]:
    """Midterm reports of the bids with which the actor has won."""
    rows = uow.session.execute(
        select(Challenge, ChallengeBid.public_id)
        .join(ChallengeBid, ChallengeBid.challenge_id == Challenge.id)
        .where(unreported(actor))
        .order_by(Challenge.id)
    )
    found = [
        DueRow(
            kind="report",
            public_id=bid_id,
            title=one.title,
            day=day_of(report_due(one.awarded_at or one.created_at, one.months)),
            version=one.version,
        )
        for one, bid_id in rows
    ]
    return [row for row in found if first <= row.day <= last]


def _events(uow: UnitOfWork, actor: Actor, first: date, last: date) -> list[DueRow]:
    """Events that the actor leads, and those to which the actor is invited and has not declined."""
    invited = and_(EventParty.event_id == Event.id, own_parties(actor))
    rows = uow.session.execute(
        select(Event, EventParty.public_id, EventParty.state)
        .outerjoin(EventParty, and_(invited, EventParty.state != "declined"))
        .where(
            or_(Event.author_id == (actor.user_id or 0), EventParty.id.is_not(None)),
            Event.state != "cancelled",
            Event.starts_at.between(*_span(first, last)),
        )
        .order_by(Event.id, EventParty.id)
    )
    return [
        DueRow(
            kind="invitation" if party_id else "event",
            public_id=party_id or one.public_id,
            title=one.title,
            day=day_of(one.starts_at),
            starts_at=one.starts_at,
            minutes_long=one.slots * one.slot_minutes,
            place=one.place,
            own=state == "invited",
            state="held",
            version=one.version,
        )
        for one, party_id, state in rows
    ]


def _of_call(kind: str, one: Challenge, at: datetime | None, *, own: bool) -> DueRow:
    at = at or one.created_at
    return DueRow(
        kind=kind,
        public_id=one.public_id,
        title=one.title,
        day=day_of(at),
        starts_at=at,
        minutes_long=1,
        own=own,
        state="held" if not own else "",
        version=one.version,
    )
