"""What waits for somebody about events, counted for the home pages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from matchmaker.domain.event import ANSWERABLE, TOLD
from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.introduction import Introduction
from matchmaker.store.queries.event import own_parties
from matchmaker.store.queries.event_meeting import takes_place

_Count = Select[Any]


def of_party(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    """Invitations to answer, calendars without a slot, meetings of which the side said nothing."""
    open_still = and_(Event.state.in_(sorted(ANSWERABLE)), Event.starts_at > uow.now)
    no_slot = and_(EventParty.state == "coming", func.json_array_length(EventParty.free) == 0)
    return {
        "event_invitations": _parties(actor, open_still, EventParty.state == "invited"),
        "event_calendars": _parties(actor, open_still, no_slot),
        "event_results": _unsaid(uow, actor),
    }


def of_organiser(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    """Events of one's own that are over and not closed, meetings of them without a result.

    And, for a broker, those after which both sides want to talk on and nobody has introduced them.
    """
    own = and_(Event.author_id == (actor.user_id or 0), Event.starts_at <= uow.now)
    begun = and_(own, Event.state.in_(sorted(TOLD)))
    silent = or_(EventMeeting.firm_interested.is_(None), EventMeeting.team_interested.is_(None))
    counts = {
        "events_to_close": select(func.count().label("number"))
        .select_from(Event)
        .where(own, Event.state == "announced"),
        "event_results_to_note": _meetings(begun, silent, takes_place()),
    }
    if actor.role == "broker":
        introduced = (
            exists()
            .where(
                Introduction.demand_id == EventMeeting.demand_id,
                Introduction.outcome_id == EventMeeting.outcome_id,
            )
            .correlate(EventMeeting)
        )
        both = EventMeeting.firm_interested.is_(True) & EventMeeting.team_interested.is_(True)
        counts["event_wishes"] = _meetings(begun, both, ~introduced)
    return counts


def _parties(actor: Actor, *where: ColumnElement[bool]) -> _Count:
    return (
        select(func.count().label("number"))
        .select_from(EventParty)
        .join(Event, Event.id == EventParty.event_id)
        .where(own_parties(actor), *where)
    )


def _unsaid(uow: UnitOfWork, actor: Actor) -> _Count:
    """Meetings of one's own of which one's side has not said whether it wants to talk on."""
    mine = or_(
        and_(EventMeeting.firm_id == EventParty.id, EventMeeting.firm_interested.is_(None)),
        and_(EventMeeting.team_id == EventParty.id, EventMeeting.team_interested.is_(None)),
    )
    over = and_(Event.state.in_(sorted(TOLD)), Event.starts_at <= uow.now)
    return _parties(actor, over).join(EventMeeting, mine).where(takes_place())


def _meetings(*where: ColumnElement[bool]) -> _Count:
    return (
        select(func.count().label("number"))
        .select_from(EventMeeting)
        .join(Event, Event.id == EventMeeting.event_id)
        .where(*where)
    )
