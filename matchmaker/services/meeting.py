"""Meetings of an engagement: planned, moved, held with minutes, or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.engagement import MEETING_LONGEST, MINUTES_LENGTH, NOTE_LENGTH
from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.permissions import SYSTEM, Actor, may, require
from matchmaker.services import audit, engagement_notice
from matchmaker.services.clean_text import clean
from matchmaker.services.engagement import load as load_engagement
from matchmaker.services.engagement import require_open, touch
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement, Meeting

PLACE_LENGTH: Final = 200
REMIND_BEFORE: Final = timedelta(hours=24)
_FURTHEST: Final = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When and where a meeting is, who takes part and what it is about."""

    starts_at: datetime
    minutes_long: int
    place: str
    participants: str = ""
    agenda: str = ""


def plan(
    uow: UnitOfWork, actor: Actor, *, engagement_id: str, plan: Plan, base_url: str = ""
) -> Meeting:
    """Plan a meeting; the other parties are told."""
    engagement = load_engagement(uow, actor, engagement_id, lock=True)
    require(actor, "meeting", "plan", engagement)
    require_open(engagement, "plan")
    made = Meeting(
        engagement_id=engagement.id,
        state="planned",
        planned_by=actor.user_id or 0,
        planned_at=uow.now,
    )
    made.engagement = engagement
    _write(uow, made, plan)
    uow.session.add(made)
    touch(uow, engagement)
    uow.flush()
    audit.record(
        uow,
        actor,
        "meeting",
        made.id,
        "plan",
        states=(None, "planned"),
        after={"starts_at": made.starts_at.isoformat()},
    )
    engagement_notice.tell(
        uow, engagement, "meeting_planned", actor=actor, meeting=made, base_url=base_url
    )
    return made


def move(
    uow: UnitOfWork,
    actor: Actor,
    *,
    meeting_id: str,
    plan: Plan,
    version: int | None = None,
    base_url: str = "",
) -> Meeting:
    """Change when, where or what a planned meeting is."""
    found = load(uow, actor, meeting_id, lock=True)
    require(actor, "meeting", "move", found)
    require_open(found.engagement, "move")
    if version is not None and version != found.version:
        msg = "Somebody else changed this meeting since you opened it."
        raise Conflict(msg, noun="meeting")
    before = found.starts_at
    _write(uow, found, plan)
    found.reminded_at = None
    noted: dict[str, object] = {"starts_at": found.starts_at.isoformat()}
    transition(uow, actor, "meeting", found, "move", noted=noted)
    touch(uow, found.engagement)
    uow.flush()
    if before != found.starts_at:
        engagement_notice.tell(
            uow, found.engagement, "meeting_planned", actor=actor, meeting=found, base_url=base_url
        )
    return found


def hold(
    uow: UnitOfWork, actor: Actor, *, meeting_id: str, minutes: str, base_url: str = ""
) -> Meeting:
    """Write the minutes of a meeting that has begun."""
    found = load(uow, actor, meeting_id, lock=True)
    require(actor, "meeting", "hold", found)
    require_open(found.engagement, "hold")
    if found.starts_at > uow.now:
        msg = "A meeting has minutes once it has begun; move it if it took place earlier."
        raise WrongState(msg, noun="meeting", action="hold", state=found.state)
    found.minutes = clean("minutes", minutes, MINUTES_LENGTH, required=True)
    _close(uow, actor, found, "hold", base_url)
    return found


def cancel(
    uow: UnitOfWork, actor: Actor, *, meeting_id: str, note: str = "", base_url: str = ""
) -> Meeting:
    """Cancel a planned meeting, also one of an engagement that is over."""
    found = load(uow, actor, meeting_id, lock=True)
    require(actor, "meeting", "cancel", found)
    found.note = clean("note", note, NOTE_LENGTH)
    _close(uow, actor, found, "cancel", base_url)
    return found


def load(uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False) -> Meeting:
    """The meeting of a public id; ``NotFound`` unless the actor is a party of its engagement."""
    engagement = joinedload(Meeting.engagement)
    statement = (
        select(Meeting)
        .where(Meeting.public_id == public_id)
        .options(
            engagement.joinedload(Engagement.demand), engagement.joinedload(Engagement.outcome)
        )
    )
    if lock:
        statement = statement.with_for_update(of=Meeting)
    found = uow.session.scalars(statement).one_or_none()
    if found is None or not may(actor, "engagement", "view", found.engagement):
        msg = "There is no such meeting, or none that you take part in."
        raise NotFound(msg, noun="meeting")
    return found


def remind_due(uow: UnitOfWork, *, base_url: str = "") -> int:
    """Remind the parties, once, of a meeting within a day; returns how many."""
    engagement = joinedload(Meeting.engagement)
    soon = uow.session.scalars(
        select(Meeting)
        .where(
            Meeting.state == "planned",
            Meeting.reminded_at.is_(None),
            Meeting.starts_at.between(uow.now, uow.now + REMIND_BEFORE),
        )
        .options(
            engagement.joinedload(Engagement.demand), engagement.joinedload(Engagement.outcome)
        )
        .order_by(Meeting.id)
        .with_for_update(of=Meeting)
    ).all()
    for one in soon:
        one.reminded_at = uow.now
        audit.record(uow, SYSTEM, "meeting", one.id, "remind")
        engagement_notice.tell(
            uow, one.engagement, "meeting_reminded", actor=SYSTEM, meeting=one, base_url=base_url
        )
    uow.flush()
    return len(soon)


def _write(uow: UnitOfWork, meeting: Meeting, plan: Plan) -> None:
    if plan.starts_at > uow.now + _FURTHEST or plan.starts_at < uow.now - _FURTHEST:
        msg = "The meeting lies too far away."
        raise Invalid(msg, {"starts_at": "too_far"})
    if not 1 <= plan.minutes_long <= MEETING_LONGEST:
        msg = "A meeting takes between a minute and a day."
        raise Invalid(msg, {"minutes_long": "out_of_range"})
    meeting.starts_at, meeting.minutes_long = plan.starts_at, plan.minutes_long
    meeting.place = clean("place", plan.place, PLACE_LENGTH, required=True, single_line=True)
    meeting.participants = clean("participants", plan.participants, NOTE_LENGTH)
    meeting.agenda = clean("agenda", plan.agenda, NOTE_LENGTH)


def _close(uow: UnitOfWork, actor: Actor, meeting: Meeting, action: str, base_url: str) -> None:
    meeting.closed_at, meeting.closed_by = uow.now, actor.user_id
    transition(uow, actor, "meeting", meeting, action)
    touch(uow, meeting.engagement)
    uow.flush()
    event = "meeting_held" if action == "hold" else "meeting_cancelled"
    engagement_notice.tell(
        uow, meeting.engagement, event, actor=actor, meeting=meeting, base_url=base_url
    )
