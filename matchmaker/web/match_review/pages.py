"""Pages of the broker's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from matchmaker.domain.plan import Cluster, Region
from matchmaker.store.queries.match_review import Decision, QueueFilters, QueueRow, Step
from matchmaker.web.match_review.forms import DecisionForm
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One record of the pair as the desk shows it."""

    noun: str
    public_id: str
    title: str
    content: str
    spans: tuple[tuple[int, int], ...]
    organisation_name: str
    disclosure: str
    region: str | None
    chains: tuple[str, ...]
    field: str | None
    trl: int | None
    modes: tuple[str, ...]
    money_min: Decimal | None
    money_max: Decimal | None
    indicators: tuple[str, ...]
    period_months: int | None
    origin: str


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
    explanation: Mapping[str, Any]
    history: tuple[Step, ...]
    actions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the pair stands in the queue, with the addresses beside it."""

    number: int
    total: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """The desk: the queue, the pair under review, the decision to make."""

    template: ClassVar = "match_review/desk.html"

    pair: Pair | None
    place: Place
    rows: tuple[QueueRow, ...]
    by_view: Mapping[str, int]
    filters: QueueFilters
    query: Mapping[str, str]
    clusters: tuple[Cluster, ...]
    regions: tuple[Region, ...]
    form: DecisionForm
    revocable: Decision | None
    undo_seconds: int
    message: str
