"""The page of an activity record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.web.pack.pages import Period
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLine:
    """One event; ``about`` and ``href`` are empty where the reader may not see or open it."""

    id: int
    at: datetime
    what: str
    about: str
    role: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCount:
    """How often something happened."""

    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ActivityPage(Page):
    """Everything of a period, in order."""

    template: ClassVar = "activity/show.html"

    whose: str
    agency: bool
    has_agency: bool
    period: str
    periods: tuple[Period, ...]
    counts: tuple[ActivityCount, ...]
    total: int
    lines: tuple[ActivityLine, ...]
    document: str
    table: str
    number: int
    count: int
    previous: str
    next: str
