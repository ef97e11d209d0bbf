"""Events as frozen rows: lists, whom the platform would invite, invitations and their answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.event_meeting import takes_place
from matchmaker.store.queries.membership import may_be_host_of
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import matched

# Pairs from which on two sides have something to talk about, and how many are looked at.
_WORTH: Final = 0.45
_PAIRS_READ: Final = 20_000
# What more partners would add beyond these is not counted: nobody meets more.
_PARTNERS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event in a list; ``party_id`` leads to one's own invitation, if any, and its answer."""

    public_id: str
    title: str
    place: str
    starts_at: datetime
    state: str
    coming: int
    invited: int
    party_id: str | None
    party_state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A firm or team worth inviting, with how many partners it would have."""

    side: str
    home_id: int
    home: str
    contact_id: int
    contact_public_id: str
    title: str  # of its record with the best pair
    partners: int
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """Somebody invited."""

    id: int
    public_id: str
    side: str
    state: str
    home: str
    title: str  # of one of its records: what tells teams of one institution apart
    free: tuple[int, ...]
    meetings: int


def listing(uow: UnitOfWork, actor: Actor, *, limit: int, offset: int) -> tuple[EventRow, ...]:
    """The events that the actor organises or is invited to, the latest first."""
    counted = (
        select(
            EventParty.event_id,
            func.count().label("invited"),
            func.count().filter(EventParty.state == "coming").label("coming"),
        )
        .group_by(EventParty.event_id)
        .subquery()
    )
    own, answer = (
        select(func.min(column))
        .where(EventParty.event_id == Event.id, own_parties(actor))
        .correlate(Event)
        .scalar_subquery()
        for column in (EventParty.public_id, EventParty.state)
    )
    rows = uow.session.execute(
        select(
            Event.public_id,
            Event.title,
            Event.place,
            Event.starts_at,
            Event.state,
            func.coalesce(counted.c.coming, 0).label("coming"),
            func.coalesce(counted.c.invited, 0).label("invited"),
            own.label("party_id"),
            answer.label("party_state"),
        )
        .outerjoin(counted, counted.c.event_id == Event.id)
        .where(_shown(actor))
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return rows_of(EventRow, rows)


def count(uow: UnitOfWork, actor: Actor) -> int:
    """How many events the actor organises or is invited to."""
    return uow.session.scalar(select(func.count()).select_from(Event).where(_shown(actor))) or 0


def candidates(
    uow: UnitOfWork, event_id: int, *, most: int, home_id: int | None = None
) -> tuple[Candidate, ...]:
    """Firms and teams between whom usable pairs stand, not invited yet, the best first.

    Of public demands alone, and of outcomes whose author can be written to. ``home_id`` is whose
    event it is: an association's is for its members.
    """
    firm, team = aliased(Organisation), aliased(Organisation)
    asker, author = aliased(User), aliased(User)
    rows = uow.session.execute(
        select(
            Match.score,
            Demand.title.label("demand"),
            firm.id.label("firm_id"),
            firm.name.label("firm"),
            asker.id.label("asker_id"),
            asker.public_id.label("asker_public_id"),
            Outcome.title.label("outcome"),
            team.id.label("team_id"),
            team.name.label("team"),
            author.id.label("author_id"),
            author.public_id.label("author_public_id"),
        )
        .select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .join(firm, Demand.organisation_id == firm.id)
        .join(team, Outcome.organisation_id == team.id)
        .join(asker, and_(Demand.author_id == asker.id, _reachable(asker, firm, "company")))
        .join(author, and_(Outcome.author_id == author.id, _reachable(author, team, "researcher")))
        .where(
            Match.score >= _WORTH,
            Match.state != "dismissed",
            matched("demand"),
            matched("outcome"),
            Demand.disclosure == "public",
            may_be_host_of(home_id, firm.id),
        )
        .order_by(Match.score.desc(), Match.id)
        .limit(_PAIRS_READ)
    ).all()
    taken = {
        (home, contact)
        for home, contact in uow.session.execute(
            select(EventParty.home_id, EventParty.contact_id).where(EventParty.event_id == event_id)
        )
    }
    firms_taken = {home for home, _contact in taken}
    firms = _ranked(rows, "firm", most)
    teams = _ranked(rows, "team", most)
    return (
        *(one for one in firms if one.home_id not in firms_taken),
        *(one for one in teams if (one.home_id, one.contact_id) not in taken),
    )


def _ranked(rows: Any, side: str, most: int) -> list[Candidate]:
    """One side of pairs that come best first, by what its best partners are worth together."""
    best: dict[Any, dict[Any, float]] = defaultdict(dict)
    first: dict[Any, Any] = {}
    for row in rows:
        mine, other = (
            (row.firm_id, row.author_id) if side == "firm" else (row.author_id, row.firm_id)
        )
        best[mine].setdefault(other, row.score)
        first.setdefault(mine, row)
    made = []
    for key, partners in best.items():
        row = first[key]
        of_firm = side == "firm"
        made.append(
            Candidate(
                side=side,
                home_id=row.firm_id if of_firm else row.team_id,
                home=row.firm if of_firm else row.team,
                contact_id=row.asker_id if of_firm else row.author_id,
                contact_public_id=row.asker_public_id if of_firm else row.author_public_id,
                title=row.demand if of_firm else row.outcome,
                partners=len(partners),
                worth=sum(sorted(partners.values(), reverse=True)[:_PARTNERS]),
            )
        )
    made.sort(key=lambda one: (-one.worth, one.home_id, one.contact_id))
    return made[:most]


def party_rows(uow: UnitOfWork, event_id: int) -> tuple[PartyRow, ...]:
    """Who is invited, firms first, by name, with how many meetings each has."""
    held = (
        select(func.count())
        .where(
            or_(EventMeeting.firm_id == EventParty.id, EventMeeting.team_id == EventParty.id),
            takes_place(),
        )
        .correlate(EventParty)
        .scalar_subquery()
    )
    rows = uow.session.execute(
        select(
            EventParty.id,
            EventParty.public_id,
            EventParty.side,
            EventParty.state,
            Organisation.name.label("home"),
            _title().label("title"),
            EventParty.free,
            held.label("meetings"),
        )
        .join(Organisation, EventParty.home_id == Organisation.id)
        .where(EventParty.event_id == event_id)
        .order_by(EventParty.side, Organisation.name, EventParty.id)
    )
    return tuple(PartyRow(**{**row._mapping, "free": tuple(row.free)}) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


def _title() -> Any:
    """A title that tells what a party is there for: the first of those that are matched."""
    demand = (
        select(func.min(Demand.title))
        .where(
            Demand.organisation_id == EventParty.home_id,
            Demand.disclosure == "public",
            matched("demand"),
        )
        .correlate(EventParty)
        .scalar_subquery()
    )
    outcome = (
        select(func.min(Outcome.title))
        .where(Outcome.author_id == EventParty.contact_id, matched("outcome"))
        .correlate(EventParty)
        .scalar_subquery()
    )
    found = case((EventParty.side == "firm", demand), else_=outcome)
    return func.coalesce(found, "")


def records_of(uow: UnitOfWork, noun: str, owners: Collection[int]) -> dict[int, int]:
    """The records that may be talked about at a table, with whose they are.

    Of demands the public ones of companies, of outcomes those of authors.
    """
    wanted: Any
    if noun == "demand":
        wanted = select(Demand.id, Demand.organisation_id).where(
            matched("demand"),
            Demand.disclosure == "public",
            Demand.organisation_id.in_(owners),
        )
        model: Any = Demand
    else:
        wanted = select(Outcome.id, Outcome.author_id).where(
            matched("outcome"), Outcome.author_id.in_(owners)
        )
        model = Outcome
    rows = uow.session.execute(wanted.order_by(model.id))
    return {key: owner for key, owner in rows}  # noqa: C416 - a row is no pair to dict()


def answers_since(uow: UnitOfWork, event: Event) -> bool:
    """Whether anybody has answered, or taken an answer back, since the plan was made."""
    later = exists().where(
        EventParty.event_id == event.id, EventParty.answered_at > event.planned_at
    )
    return bool(uow.session.scalar(select(later)))


def own_parties(actor: Actor) -> ColumnElement[bool]:
    """The invitations that are the actor's to answer, as the permission table has it."""
    if not actor.signed_in or actor.organisation_id is None:
        return false()
    own = or_(EventParty.side == "firm", EventParty.contact_id == actor.user_id)
    return and_(EventParty.home_id == actor.organisation_id, own)


def _shown(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "bureau":
        return Event.id > 0
    invited = exists().where(EventParty.event_id == Event.id, own_parties(actor)).correlate(Event)
    return or_(Event.author_id == (actor.user_id or 0), invited)


def _reachable(person: Any, home: Any, role: str) -> ColumnElement[bool]:
    """Whether somebody can be written to as a member of a verified organisation."""
    return and_(
        person.active,
        person.approved,
        person.role == role,
        person.organisation_id == home.id,
        home.state == "verified",
    )
