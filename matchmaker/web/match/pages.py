"""Pages of single matches and of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from matchmaker.store.queries.match import Suggestion
from matchmaker.store.queries.match_review import Step
from matchmaker.web.match.marking import Paragraph
from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One record of the pair as the desk shows it."""

    noun: str
    public_id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    organisation_name: str | None
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


@dataclass(frozen=True, kw_only=True)
class MatchPage(Page):
    """One suggested pair."""

    template: ClassVar = "match/show.html"

    pair: Pair
    reviews: bool
    briefs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OwnMatchesPage(Page):
    """The suggestions of one's own records."""

    template: ClassVar = "match/mine.html"

    side: str
    rows: tuple[Suggestion, ...]
    tabs: tuple[Tab, ...]
    text: str
    state: str
    number: int
    count: int
    previous: str
    next: str
