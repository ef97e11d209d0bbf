"""The short meetings of an event: the table plan, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.event import EventMeeting, EventParty
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A short meeting and what came of it; what may not be told of a record any more is empty.

    It falls out where one of the two, ``firm_comes`` or ``team_comes``, has taken its answer back.
    """

    public_id: str
    slot: int
    table_number: int
    value: int
    firm_id: int
    team_id: int
    firm: str
    team: str
    firm_comes: bool
    team_comes: bool
    demand_id: str
    demand: str
    outcome_id: str
    outcome: str
    firm_interested: bool | None
    team_interested: bool | None
    version: int
    match_id: str | None
    match_state: str | None

    @property
    def stands(self) -> bool:
        """Whether both come."""
        return self.firm_comes and self.team_comes


def meeting_rows(
    uow: UnitOfWork, event_id: int, party_id: int | None = None
) -> tuple[MeetingRow, ...]:
    """The table plan in order of slots and tables; whole, or one party's."""
    statement = _meetings().where(EventMeeting.event_id == event_id)
    if party_id is not None:
        own = or_(EventMeeting.firm_id == party_id, EventMeeting.team_id == party_id)
        statement = statement.where(own)
    rows = uow.session.execute(statement.order_by(EventMeeting.slot, EventMeeting.table_number))
    return rows_of(MeetingRow, rows)


def _meetings() -> Select[*tuple[Any, ...]]:
    firm, team = aliased(EventParty), aliased(EventParty)
    company, institution = aliased(Organisation), aliased(Organisation)
    # Beside the name of its company, a demand is told only while it is public.
    told = and_(listed("demand"), Demand.disclosure == "public")
    return (
        select(
            EventMeeting.public_id,
            EventMeeting.slot,
            EventMeeting.table_number,
            EventMeeting.value,
            EventMeeting.firm_id,
            EventMeeting.team_id,
            company.name.label("firm"),
            institution.name.label("team"),
            (firm.state == "coming").label("firm_comes"),
            (team.state == "coming").label("team_comes"),
            case((told, Demand.public_id), else_="").label("demand_id"),
            case((told, Demand.title), else_="").label("demand"),
            Outcome.public_id.label("outcome_id"),
            case((listed("outcome"), Outcome.title), else_="").label("outcome"),
            EventMeeting.firm_interested,
            EventMeeting.team_interested,
            EventMeeting.version,
            Match.public_id.label("match_id"),
            Match.state.label("match_state"),
        )
        .join(firm, EventMeeting.firm_id == firm.id)
        .join(team, EventMeeting.team_id == team.id)
        .join(company, firm.home_id == company.id)
        .join(institution, team.home_id == institution.id)
        .join(Demand, EventMeeting.demand_id == Demand.id)
        .join(Outcome, EventMeeting.outcome_id == Outcome.id)
        .outerjoin(
            Match,
            and_(
                Match.demand_id == EventMeeting.demand_id,
                Match.outcome_id == EventMeeting.outcome_id,
            ),
        )
    )


def meeting(uow: UnitOfWork, event_id: int, public_id: str) -> EventMeeting | None:
    """A meeting of an event, locked."""
    wanted = select(EventMeeting).where(
        EventMeeting.event_id == event_id, EventMeeting.public_id == public_id
    )
    return uow.session.scalars(wanted.with_for_update()).one_or_none()


def meeting_of(uow: UnitOfWork, party_id: int, public_id: str) -> EventMeeting | None:
    """A meeting of a party, locked."""
    own = or_(EventMeeting.firm_id == party_id, EventMeeting.team_id == party_id)
    wanted = select(EventMeeting).where(own, EventMeeting.public_id == public_id)
    return uow.session.scalars(wanted.with_for_update()).one_or_none()


def partners_of(uow: UnitOfWork, party_id: int) -> list[EventParty]:
    """The parties that come and have a meeting with one."""
    met = or_(
        and_(EventMeeting.firm_id == party_id, EventMeeting.team_id == EventParty.id),
        and_(EventMeeting.team_id == party_id, EventMeeting.firm_id == EventParty.id),
    )
    wanted = select(EventParty).where(exists().where(met), EventParty.state == "coming")
    return list(uow.session.scalars(wanted.order_by(EventParty.id)))


def both_come(uow: UnitOfWork, meeting: EventMeeting) -> bool:
    """Whether neither side of a meeting has taken back that it comes."""
    stands = select(EventMeeting.id).where(EventMeeting.id == meeting.id, takes_place())
    return uow.session.scalar(stands) is not None


def takes_place() -> ColumnElement[bool]:
    """Of meetings: neither side has taken back that it comes."""
    side = aliased(EventParty)
    of_it = or_(side.id == EventMeeting.firm_id, side.id == EventMeeting.team_id)
    return ~exists().where(of_it, side.state != "coming").correlate(EventMeeting)
