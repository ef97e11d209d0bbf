"""Pages about engagements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from matchmaker.store.queries.contract import ContractCard
from matchmaker.store.queries.engagement import (
    AcceptanceRow,
    EngagementRow,
    MeetingRow,
    MessageRow,
)
from matchmaker.store.queries.introduction import IntroductionRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of the board; ``href`` is empty for readers that the page does not open to."""

    row: EngagementRow
    href: str
    next_text: str
    idle_days: int
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A group of stages and its cards on this page; ``total`` are those on all pages."""

    label: str
    cards: tuple[Card, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class BoardPage(Page):
    """The board: what waits for an answer, and the engagements by stage.

    ``first`` is the place of the page's first row in either list.
    """

    template: ClassVar = "engagement/board.html"

    introductions: tuple[IntroductionRow, ...]
    introduction_total: int
    columns: tuple[Column, ...]
    cards: tuple[Card, ...]
    total: int
    first: int
    tabs: tuple[Tab, ...]
    scopes: tuple[Tab, ...]
    closed: bool
    counts_only: bool
    side: str
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach somebody of a side; only parties get to see it."""

    side: str
    organisation: str
    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A step the reader may take: its label, what it still lacks, the stages it jumps over."""

    action: str
    label: str
    lacks: str
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of the way: passed, present, or to come."""

    label: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """A step that was taken."""

    at: datetime
    text: str
    note: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """A record's title; the address is empty where the reader may no longer open it."""

    title: str
    href: str


@dataclass(frozen=True, kw_only=True)
class EngagementPage(Page):
    """One engagement for one of its parties."""

    template: ClassVar = "engagement/show.html"

    card: Card
    demand: RecordLink
    outcome: RecordLink
    side: str
    stages: tuple[Stage, ...]
    actions: frozenset[str]
    steps: tuple[NextStep, ...]
    timeline: tuple[TimelineItem, ...]
    contacts: tuple[Contact, ...]
    confidential: tuple[RecordLink, ...]
    acceptances: tuple[AcceptanceRow, ...]
    meetings: tuple[MeetingRow, ...]
    contract: ContractCard | None
    drafts_contract: bool
    messages: tuple[MessageRow, ...]
    reasons: tuple[tuple[str, str], ...]
    filled: Filled
    default_due: date
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class NdaPage(Page):
    """The confidentiality agreement, to read, accept and print."""

    template: ClassVar = "engagement/nda.html"

    card: Card
    version: str
    paragraphs: tuple[str, ...]
    acceptances: tuple[AcceptanceRow, ...]
    may_accept: bool
    filled: Filled
    name: str
