"""The table plan of an event: made by the solver, told to everybody, followed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete

from matchmaker.domain.errors import Conflict, NotFound, WrongState
from matchmaker.domain.event import LEAST_VALUE, seated
from matchmaker.domain.event_vocabulary import EVENT_SIDES
from matchmaker.domain.permissions import Actor, require
from matchmaker.matching.engine import Engine
from matchmaker.matching.event_plan import NOT_MET, Calendar, make_plan
from matchmaker.services import event_notice
from matchmaker.services.event import load, parties, require_both, write_down
from matchmaker.services.index import EngineFollower
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.queries import event as query
from matchmaker.store.queries import event_meeting


@dataclass(frozen=True, slots=True)
class Values:
    """What each firm and team are worth to each other, and their best pair of records.

    All (firms, teams): thousandths of P(usable), demand ids, outcome ids.
    """

    worth: NDArray[np.int64]
    demand: NDArray[np.int64]
    outcome: NDArray[np.int64]


def plan(uow: UnitOfWork, actor: Actor, follower: EngineFollower, *, event_id: str) -> Event:
    """Make the table plan of those who come, in place of any made before."""
    event = load(uow, actor, event_id, lock=True)
    require(actor, "event", "plan", event)
    coming = parties(uow, event, "coming")
    firms = [one for one in coming if one.side == "firm"]
    teams = [one for one in coming if one.side == "team"]
    if not firms or not teams:
        msg = "A plan needs at least one firm and one team that come."
        raise WrongState(msg, noun="event", action="plan", state=event.state)
    values = values_between(uow, follower.current(), firms, teams)
    made = make_plan(
        Calendar(
            values=values.worth,
            firms=_free(firms, event.slots),
            teams=_free(teams, event.slots),
            most_of_firm=np.full(len(firms), event.most),
            most_of_team=np.full(len(teams), event.most),
            tables=np.full(event.slots, event.tables),
        )
    )
    _write(uow, event, (firms, teams), values, made.slot)
    event.planned_at, event.plan_value, event.plan_bound = uow.now, made.value, made.bound
    noted: dict[str, object] = {"value": made.value, "bound": made.bound}
    noted["meetings"] = int((made.slot != NOT_MET).sum())
    transition(uow, actor, "event", event, "plan", noted=noted)
    return event


def announce(uow: UnitOfWork, actor: Actor, *, event_id: str, base_url: str = "") -> Event:
    """Tell everybody who comes their own plan; from now on it stands."""
    event = load(uow, actor, event_id, lock=True)
    require(actor, "event", "announce", event)
    if query.answers_since(uow, event):
        msg = "Answers have changed since the plan was made; plan once more."
        raise WrongState(msg, noun="event", action="announce", state=event.state)
    transition(uow, actor, "event", event, "announce")
    event_notice.tell(uow, event, parties(uow, event, "coming"), "announced", base_url=base_url)
    return event


def note(
    uow: UnitOfWork,
    actor: Actor,
    *,
    event_id: str,
    meeting_id: str,
    wishes: Mapping[str, bool | None],
    version: int,
) -> None:
    """Write down whether the sides want to talk on; ``None`` is what a side has not said.

    What a side has said itself meanwhile is not overwritten: ``Conflict``.
    """
    event = load(uow, actor, event_id)
    require(actor, "event", "note", event)
    meeting = event_meeting.meeting(uow, event.id, meeting_id)
    if meeting is None:
        msg = "There is no such meeting at this event."
        raise NotFound(msg, noun="event_meeting")
    if event.starts_at > uow.now:
        msg = "What came of a meeting can be said once the event has begun."
        raise WrongState(msg, noun="event", action="note", state=event.state)
    if meeting.version != version:
        msg = "One of the sides has answered meanwhile."
        raise Conflict(msg, noun="event_meeting")
    require_both(uow, meeting)
    changed: dict[str, object] = {
        name: wishes[side]
        for side in EVENT_SIDES
        if wishes[side] is not getattr(meeting, name := f"{side}_interested")
    }
    if changed:
        write_down(uow, actor, meeting, changed)


def values_between(
    uow: UnitOfWork, engine: Engine, firms: Sequence[EventParty], teams: Sequence[EventParty]
) -> Values:
    """The best pair of public records of each firm with each team, as the engine states it now.

    Anonymous and directed demands are left out: at a table, the firm has a name.
    """
    offered = query.records_of(uow, "demand", [one.home_id for one in firms])
    answers = query.records_of(uow, "outcome", [one.contact_id for one in teams])
    rows = {one.home_id: row for row, one in enumerate(firms)}
    columns = {one.contact_id: column for column, one in enumerate(teams)}
    shape = (len(firms), len(teams))
    worth, demand, outcome = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    entries = [(key, owner, engine.entry("demand", key)) for key, owner in offered.items()]
    asked = [(key, owner, entry) for key, owner, entry in entries if entry is not None]
    outcomes, usable = engine.likely(
        [entry for _, _, entry in asked], top=max(len(answers), 1), allowed=answers
    )
    for (key, owner, _entry), stated in zip(asked, usable, strict=True):
        for found, probability in zip(outcomes, stated.tolist(), strict=True):
            row, column = rows[owner], columns[answers[found.id]]
            value = min(1000, round(1000 * probability))
            if value >= LEAST_VALUE and value > worth[row, column]:
                worth[row, column], demand[row, column] = value, key
                outcome[row, column] = found.id
    return Values(worth, demand, outcome)


def _free(side: Sequence[EventParty], slots: int) -> NDArray[np.bool_]:
    found = np.zeros((len(side), slots), dtype=np.bool_)
    for row, party in enumerate(side):
        found[row, [slot for slot in party.free if slot < slots]] = True
    return found


def _write(
    uow: UnitOfWork,
    event: Event,
    sides: tuple[Sequence[EventParty], Sequence[EventParty]],
    values: Values,
    slot: NDArray[np.int64],
) -> None:
    """Put meetings in place of those planned before."""
    firms, teams = sides
    uow.session.execute(delete(EventMeeting).where(EventMeeting.event_id == event.id))
    rows, columns = np.nonzero(slot != NOT_MET)
    placed = [
        (int(slot[row, column]), row, column)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    for (when, row, column), table in zip(placed, seated(placed), strict=True):
        uow.session.add(
            EventMeeting(
                event_id=event.id,
                firm_id=firms[row].id,
                team_id=teams[column].id,
                slot=when,
                table_number=table,
                value=int(values.worth[row, column]),
                demand_id=int(values.demand[row, column]),
                outcome_id=int(values.outcome[row, column]),
            )
        )
    uow.flush()
