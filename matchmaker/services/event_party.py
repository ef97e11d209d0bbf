"""Who is invited to an event, and what they answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import Invalid, NotFound, WrongState
from matchmaker.domain.event import ANSWERABLE, MOST_OF_A_SIDE, TOLD, free_slots, may_take_back
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.services import event_notice
from matchmaker.services.event import load as load_event
from matchmaker.services.event import parties, require_both, write_down
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import EventParty
from matchmaker.store.queries import event as query
from matchmaker.store.queries import event_meeting


def invite(
    uow: UnitOfWork, actor: Actor, *, event_id: str, chosen: Collection[str], base_url: str = ""
) -> int:
    """Invite candidates by the public ids of their contacts; returns how many are new.

    Only whom the platform proposes can be invited: nobody writes to strangers by this way.
    """
    event = load_event(uow, actor, event_id, lock=True)
    require(actor, "event", "invite", event)
    known = {(one.home_id, one.contact_id) for one in parties(uow, event)}
    made = []
    found = query.candidates(uow, event.id, most=MOST_OF_A_SIDE, home_id=event.organisation_id)
    for candidate in found:
        key = (candidate.home_id, candidate.contact_id)
        if candidate.contact_public_id not in chosen or key in known:
            continue
        made.append(
            EventParty(
                event_id=event.id,
                side=candidate.side,
                home_id=candidate.home_id,
                contact_id=candidate.contact_id,
                state="invited",
                free=list(range(event.slots)),
                invited_at=uow.now,
            )
        )
    if not made:
        msg = "Choose whom to invite."
        raise Invalid(msg, {"chosen": "missing"})
    uow.session.add_all(made)
    uow.flush()
    transition(uow, actor, "event", event, "invite", noted={"invited": len(made)})
    event_notice.tell(uow, event, made, "invited", base_url=base_url)
    return len(made)


def answer(
    uow: UnitOfWork,
    actor: Actor,
    *,
    party_id: str,
    coming: bool,
    free: Iterable[int] = (),
    base_url: str = "",
) -> EventParty:
    """Say whether one comes, and in which slots one has time; it can be changed until announced.

    That one comes can be taken back until the event begins: organiser and partners are told.
    """
    party = load(uow, actor, party_id, lock=True)
    event = party.event
    late = not coming and may_take_back(event.state, party.state, event.starts_at, uow.now)
    if event.state not in ANSWERABLE and not late:
        msg = "Answers are no longer taken for this event."
        raise WrongState(msg, noun="event_party", action="accept", state=event.state)
    slots = free_slots(free, event.slots)
    if coming and not slots:
        msg = "Choose at least one slot."
        raise Invalid(msg, {"free": "missing"})
    before = list(party.free)
    if coming:
        party.free = slots
    party.answered_by, party.answered_at = actor.user_id, uow.now
    action = "accept" if coming else "decline"
    noted: dict[str, object] = {"free": len(party.free)} if party.free != before else {}
    transition(uow, actor, "event_party", party, action, noted=noted)
    if late:
        partners = event_meeting.partners_of(uow, party.id)
        event_notice.tell(uow, event, partners, "freed", base_url=base_url)
        event_notice.tell_organiser(uow, party, len(partners), base_url=base_url)
    return party


def note(
    uow: UnitOfWork, actor: Actor, *, party_id: str, meeting_id: str, interested: bool
) -> None:
    """Say for one's side whether one wants to talk on."""
    party = load(uow, actor, party_id)
    require(actor, "event_party", "note", party)
    meeting = event_meeting.meeting_of(uow, party.id, meeting_id)
    if meeting is None:
        msg = "There is no such meeting of yours."
        raise NotFound(msg, noun="event_meeting")
    if party.event.state not in TOLD or party.event.starts_at > uow.now:
        msg = "What came of a meeting can be said once the event has begun."
        raise WrongState(msg, noun="event_party", action="note", state=party.event.state)
    require_both(uow, meeting)
    write_down(uow, actor, meeting, {f"{party.side}_interested": interested})


def load(uow: UnitOfWork, actor: Actor, party_id: str, *, lock: bool = False) -> EventParty:
    """The invitation for whom it is; ``NotFound`` for everybody else, and for who has left."""
    statement = (
        select(EventParty)
        .where(EventParty.public_id == party_id)
        .options(joinedload(EventParty.event))
    )
    if lock:
        statement = statement.with_for_update(of=EventParty)
    party = uow.session.scalars(statement).one_or_none()
    left = party is not None and party.home_id != actor.organisation_id
    if party is None or left or not may(actor, "event_party", "view", party):
        msg = "There is no such invitation, or none of yours."
        raise NotFound(msg, noun="event_party")
    return party
