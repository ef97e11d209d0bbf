"""Events: made, changed, held and cancelled by who organises them."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, select

from matchmaker.domain.errors import Conflict, NotFound, WrongState
from matchmaker.domain.event import PLANNED_ON, EventFields, still_free
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.services import audit, event_notice
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.queries import event_meeting


def create(uow: UnitOfWork, actor: Actor, fields: EventFields) -> Event:
    """Begin an event; nobody is told before invitations go out."""
    require(actor, "event", "create")
    made = Event(
        **asdict(fields.checked(uow.now)),
        organisation_id=actor.organisation_id,
        author_id=actor.user_id or 0,
        state="draft",
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    audit.record(
        uow, actor, "event", made.id, "create", states=(None, "draft"), after={"title": made.title}
    )
    return made


def edit(
    uow: UnitOfWork,
    actor: Actor,
    *,
    event_id: str,
    fields: EventFields,
    version: int,
    base_url: str = "",
) -> bool:
    """Change an event that is not announced yet; returns whether its table plan fell by that.

    A plan falls where what it rests on is another, and who comes keeps the slots within the time
    given before. Whoever has not declined is told of another begin or place.
    """
    event = load(uow, actor, event_id, lock=True)
    require(actor, "event", "edit", event)
    if event.version != version:
        msg = "Somebody else has changed this event meanwhile."
        raise Conflict(msg, noun="event")
    after = fields.checked(uow.now)
    values = asdict(after)
    before = EventFields(**{name: getattr(event, name) for name in values})
    for name, value in values.items():
        setattr(event, name, value)
    audit.record(
        uow, actor, "event", event.id, "edit", before=_told(asdict(before)), after=_told(values)
    )
    told = _fit_calendars(uow, event, before, after)
    event_notice.tell(uow, event, told, "changed", base_url=base_url)
    rests = any(getattr(before, name) != values[name] for name in PLANNED_ON)
    falls = rests and event.planned_at is not None
    if falls:
        _drop_plan(uow, actor, event)
    return falls


def close(uow: UnitOfWork, actor: Actor, *, event_id: str) -> Event:
    """Say that the event was held."""
    event = load(uow, actor, event_id, lock=True)
    if event.starts_at > uow.now:
        msg = "This event has not begun yet."
        raise WrongState(msg, noun="event", action="close", state=event.state)
    transition(uow, actor, "event", event, "close")
    return event


def cancel(uow: UnitOfWork, actor: Actor, *, event_id: str, base_url: str = "") -> Event:
    """Cancel an event; whoever was invited is told."""
    event = load(uow, actor, event_id, lock=True)
    transition(uow, actor, "event", event, "cancel")
    told = [one for one in parties(uow, event) if one.state != "declined"]
    event_notice.tell(uow, event, told, "cancelled", base_url=base_url)
    return event


def load(uow: UnitOfWork, actor: Actor, event_id: str, *, lock: bool = False) -> Event:
    """The event for who organises it; ``NotFound`` for everybody else."""
    statement = select(Event).where(Event.public_id == event_id)
    if lock:
        statement = statement.with_for_update()
    event = uow.session.scalars(statement).one_or_none()
    if event is None or not may(actor, "event", "manage", event):
        msg = "There is no such event, or none that you organise."
        raise NotFound(msg, noun="event")
    return event


def parties(uow: UnitOfWork, event: Event, state: str = "") -> list[EventParty]:
    """Who is invited, by key; all or those of a state."""
    wanted = select(EventParty).where(EventParty.event_id == event.id).order_by(EventParty.id)
    if state:
        wanted = wanted.where(EventParty.state == state)
    return list(uow.session.scalars(wanted))


def require_both(uow: UnitOfWork, meeting: EventMeeting) -> None:
    """Refuse what is said of a meeting whose one side has not come."""
    if not event_meeting.both_come(uow, meeting):
        msg = "One of the two has said that it does not come: there was no such meeting."
        raise WrongState(msg, noun="event_meeting", action="note", state="declined")


def write_down(
    uow: UnitOfWork, actor: Actor, meeting: EventMeeting, wishes: dict[str, object]
) -> None:
    """Note of a meeting which sides want to talk on, by column."""
    before = {name: getattr(meeting, name) for name in wishes}
    for name, value in wishes.items():
        setattr(meeting, name, value)
    meeting.noted_at = uow.now
    audit.record(uow, actor, "event_meeting", meeting.id, "note", before=before, after=wishes)


def _fit_calendars(
    uow: UnitOfWork, event: Event, before: EventFields, after: EventFields
) -> list[EventParty]:
    """Fit everybody's free slots to a changed event; returns whom the change concerns."""
    moved = (before.starts_at, before.place) != (after.starts_at, after.place)
    told = []
    for party in parties(uow, event):
        answered = party.state != "invited"
        free = still_free(party.free, before, after) if answered else list(range(after.slots))
        concerned = moved or (answered and free != party.free)
        party.free = free
        if concerned and party.state != "declined":
            told.append(party)
    return told


def _drop_plan(uow: UnitOfWork, actor: Actor, event: Event) -> None:
    """Take back a table plan that does not fit its event any more."""
    uow.session.execute(delete(EventMeeting).where(EventMeeting.event_id == event.id))
    event.planned_at = event.plan_value = event.plan_bound = None
    if may(actor, "event", "reopen", event):
        transition(uow, actor, "event", event, "reopen")


def _told(values: dict[str, object]) -> dict[str, object]:
    return {**values, "starts_at": str(values["starts_at"])}
