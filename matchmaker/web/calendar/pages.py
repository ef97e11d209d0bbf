"""The page of what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that is due, in words."""

    kind: str
    label: str
    title: str
    href: str
    day: date
    time: str
    starts_at: datetime | None
    own: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A square of the month."""

    day: date
    inside: bool
    today: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class CalendarPage(Page):
    """A month, as a table and as a list."""

    template: ClassVar = "calendar/show.html"

    month: str
    weeks: tuple[tuple[Day, ...], ...]
    weekdays: tuple[str, ...]
    entries: tuple[Entry, ...]
    previous: str
    next: str
    this_month: str
    has_feed: bool
    feed: str
