"""Pages of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.store.queries.event import Candidate, EventRow, PartyRow
from matchmaker.store.queries.event_meeting import MeetingRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """An event as its pages show it; ``times`` are the beginnings of its slots."""

    public_id: str
    title: str
    place: str
    about: str
    state: str
    starts_at: datetime
    slot_minutes: int
    slots: int
    tables: int
    most: int
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A meeting with the next step that the reader could take about it: a link or a button."""

    row: MeetingRow
    step: str  # introduce, decide, propose or empty
    href: str


@dataclass(frozen=True, kw_only=True)
class EventsPage(Page):
    """The events that one organises or is invited to."""

    template: ClassVar = "event/list.html"

    rows: tuple[EventRow, ...]
    organises: bool
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class EventFormPage(Page):
    """A new event, or one to be changed."""

    template: ClassVar = "event/form.html"

    public_id: str
    version: int
    values: Mapping[str, str]
    filled: Filled


@dataclass(frozen=True, kw_only=True)
class EventPage(Page):
    """An event for who organises it.

    ``gap`` is by how much the best plan is better at most, in percent; ``stale``: answers came
    after the plan. ``said`` are the meetings of which both sides said whether they want to talk on,
    ``agreed`` those of which both do.
    """

    template: ClassVar = "event/show.html"

    event: EventView
    actions: tuple[str, ...]
    parties: tuple[PartyRow, ...]
    sittings: tuple[Sitting, ...]
    said: int
    agreed: int
    gap: str
    stale: bool
    begun: bool
    error: str


@dataclass(frozen=True, kw_only=True)
class CandidatesPage(Page):
    """Whom the platform would invite."""

    template: ClassVar = "event/candidates.html"

    event: EventView
    firms: tuple[Candidate, ...]
    teams: tuple[Candidate, ...]
    chosen: int
    error: str


@dataclass(frozen=True, kw_only=True)
class TablesPage(Page):
    """The table plan to hang on the wall: slots by tables."""

    template: ClassVar = "event/tables.html"

    event: EventView
    tables: tuple[int, ...]
    grid: tuple[tuple[str, tuple[MeetingRow | None, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class InvitationPage(Page):
    """One's own invitation: the answer, the calendar, one's meetings.

    ``may_take_back``: the plan is announced, and one comes so far.
    """

    template: ClassVar = "event/invitation.html"

    public_id: str
    event: EventView
    side: str
    state: str
    free: tuple[int, ...]
    answerable: bool
    may_take_back: bool
    rows: tuple[MeetingRow, ...]
    rateable: bool
    error: str
