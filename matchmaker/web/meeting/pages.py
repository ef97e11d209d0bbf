"""Pages about meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.engagement import MeetingRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class MeetingPage(Page):
    """One meeting for the parties of its engagement."""

    template: ClassVar = "meeting/show.html"

    meeting: MeetingRow
    version: int
    title: str
    engagement_href: str
    actions: frozenset[str]
    begun: bool
    start: str
    filled: Filled


@dataclass(frozen=True, kw_only=True)
class NewMeetingPage(Page):
    """A meeting to be planned."""

    template: ClassVar = "meeting/new.html"

    title: str
    public_id: str
    engagement_href: str
    start: str
    filled: Filled
