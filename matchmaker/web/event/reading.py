"""Events as pages show them, and forms as they are read."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, request, url_for

from matchmaker.domain.event import LIMITS, EventFields, slot_start
from matchmaker.domain.permissions import may
from matchmaker.domain.working_days import CHINA
from matchmaker.store.event import Event
from matchmaker.store.queries.event_meeting import MeetingRow
from matchmaker.web.engagement.problems import refuse_unread
from matchmaker.web.event.pages import EventView, Sitting
from matchmaker.web.local_time import read_local, write_local
from matchmaker.web.platform import matchmaker

_DECIDED_AT_THE_DESK = frozenset({"suggested", "snoozed", "needs_information"})


def view_of(event: Event) -> EventView:
    """The event with the beginnings of its slots, in China's time."""
    begins = [slot_start(event.starts_at, event.slot_minutes, slot) for slot in range(event.slots)]
    return EventView(
        public_id=event.public_id,
        title=event.title,
        place=event.place,
        about=event.about,
        state=event.state,
        starts_at=event.starts_at,
        slot_minutes=event.slot_minutes,
        slots=event.slots,
        tables=event.tables,
        most=event.most,
        times=tuple(one.astimezone(CHINA).strftime("%H:%M") for one in begins),
    )


def values_of(event: Event) -> Mapping[str, str]:
    """The event as its form is filled."""
    names = ("title", "place", "about", *LIMITS)
    found = {name: str(getattr(event, name)) for name in names}
    found["starts_at"] = write_local(event.starts_at)
    return found


def fields_from_form() -> EventFields:
    """What the form says; ``Invalid`` names what cannot be read."""
    problems: dict[str, str] = {}
    starts_at = now = matchmaker().clock()
    try:
        starts_at = read_local(request.form.get("starts_at", ""))
    except (ValueError, OverflowError):
        problems["starts_at"] = "no_time"
    numbers = {name: _number(request.form.get(name, "")) for name in LIMITS}
    problems |= {name: "no_whole" for name, value in numbers.items() if value is None}
    fields = EventFields(
        title=request.form.get("title", ""),
        place=request.form.get("place", ""),
        about=request.form.get("about", ""),
        starts_at=starts_at,
        **{name: value or 0 for name, value in numbers.items()},
    )
    refuse_unread(problems, lambda: fields.checked(now))
    return fields


def sitting_of(row: MeetingRow) -> Sitting:
    """A meeting with what a broker does next where both sides want to talk on."""
    step, href = "", ""
    if row.firm_interested and row.team_interested and may(g.actor, "match", "propose"):
        if row.match_state == "accepted":
            step, href = "introduce", url_for("introduction.new", match_id=row.match_id)
        elif row.match_state in _DECIDED_AT_THE_DESK:
            step, href = "decide", url_for("match_review.show", public_id=row.match_id)
        elif row.match_state is None and row.demand_id:
            step = "propose"
            href = url_for("consortium.propose", public_id=row.demand_id, outcome_id=row.outcome_id)
    return Sitting(row=row, step=step, href=href)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None  # noqa: PLR2004 - no limit has five digits
