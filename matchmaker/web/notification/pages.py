"""Pages about notifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One notification in the reader's language; ``opens`` when its record may be seen."""

    public_id: str
    text: str
    detail: str
    group: str
    at: datetime
    read: bool
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A group of notifications and how the person is mailed about it."""

    code: str
    pace: str


@dataclass(frozen=True, kw_only=True)
class NotificationsPage(Page):
    """What the person was told, the latest first."""

    template: ClassVar = "notification/list.html"

    lines: tuple[Line, ...]
    tabs: tuple[Tab, ...]
    unread: int
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class SettingsPage(Page):
    """How the person wants to be mailed."""

    template: ClassVar = "notification/settings.html"

    topics: tuple[Topic, ...]
    paces: tuple[str, ...]
    email: str


@dataclass(frozen=True, kw_only=True)
class MailOffPage(Page):
    """Ending mail from the link of a mail."""

    template: ClassVar = "notification/off.html"

    group: str
    done: bool
    signed_in: bool
