"""Pages of the broker's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from matchmaker.store.queries.match_review import Decision, QueueFilters, QueueRow, Step
from matchmaker.web.match.marking import Paragraph
from matchmaker.web.match_review.forms import DecisionForm
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One record of the pair as the desk shows it."""

    noun: str
    public_id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    organisation_name: str
    disclosure: str
    region: str | None
    chains: tuple[str, ...]
    field: str | None
    trl: int | None
    modes: tuple[str, ...]
    money_min: Decimal | None
    money_max: Decimal | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fact in words, with its stance: for, against or neutral."""

    stance: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The pair under review."""

    public_id: str
    score: float
    level: int
    state: str
    reason: str | None
    note: str
    decided_by: str | None
    decided_at: datetime | None
    snoozed_until: datetime | None
    demand: Side
    outcome: Side
    terms: tuple[str, ...]
    similarity: float | None
    findings: tuple[Finding, ...]
    history: tuple[Step, ...]
    actions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the pair stands in the queue, with the addresses beside it."""

    number: int
    total: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One view of the queue."""

    code: str
    label: str
    href: str
    count: int
    current: bool


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """The desk: the queue, the pair under review, the decision to make."""

    template: ClassVar = "match_review/desk.html"

    pair: Pair | None
    place: Place
    rows: tuple[QueueRow, ...]
    links: Mapping[str, str]
    tabs: tuple[Tab, ...]
    filters: QueueFilters
    clusters: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    queue: str
    form: DecisionForm
    reasons: tuple[tuple[str, str, str], ...]
    revocable: Decision | None
    error: str
