"""Pages of the broker's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.introduction import AskedMatch
from matchmaker.store.queries.match_review import Decision, QueueFilters, QueueRow
from matchmaker.web.match.pages import Pair
from matchmaker.web.match_review.forms import DecisionForm
from matchmaker.web.pages import Page


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
    asked: AskedMatch | None
