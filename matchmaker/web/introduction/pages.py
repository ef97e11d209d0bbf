"""Pages about introductions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.web.engagement.pages import RecordLink
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.match.pages import Pair
from matchmaker.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class AskPage(Page):
    """What the broker writes to each side."""

    template: ClassVar = "introduction/ask.html"

    pair: Pair
    company: str
    institution: str
    anonymous: bool
    due: datetime
    filled: Filled
    conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideAnswer:
    """One side's answer as the reader may see it: notes are for the broker and that side."""

    side: str
    organisation: str | None
    answer: str | None
    at: datetime | None
    reason: str | None
    note: str
    message: str


@dataclass(frozen=True, kw_only=True)
class IntroductionPage(Page):
    """One introduction for one of its three sides."""

    template: ClassVar = "introduction/show.html"

    public_id: str
    state: str
    side: str
    demand: RecordLink
    outcome: RecordLink
    pair_href: str
    broker_name: str
    asked_at: datetime
    due_at: datetime
    sides: tuple[SideAnswer, ...]
    may_answer: bool
    may_withdraw: bool
    engagement_href: str
    reasons: tuple[tuple[str, str], ...]
    filled: Filled
