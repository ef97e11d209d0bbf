"""Pages of the broker's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.introduction import AskedMatch
from matchmaker.store.queries.match_review import Day, Decision, QueueRow
from matchmaker.store.queries.question import QuestionRow
from matchmaker.store.queries.review_queue import QueueFilters
from matchmaker.store.queries.similar_decision import SimilarDecision
from matchmaker.web.match.pages import Pair
from matchmaker.web.match_review.clocks import Clock
from matchmaker.web.match_review.forms import BulkForm, DecisionForm, QuestionForm
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the pair stands in the queue, with the addresses beside it; 0: it has left it."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """In whose queue the pair stands, what was asked about it, what was decided on pairs like it.

    ``left_because`` is why the last assignment left it in the pool.
    """

    name: str | None
    own: bool
    clock: Clock | None
    left_because: str | None
    questions: tuple[QuestionRow, ...]
    similar: tuple[SimilarDecision, ...]


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """The desk: the queue, the pair under review, the decision to make."""

    template: ClassVar = "match_review/desk.html"

    pair: Pair | None
    holding: Holding | None
    place: Place
    rows: tuple[QueueRow, ...]
    links: Mapping[str, str]
    clocks: Mapping[str, Clock]
    tabs: tuple[Tab, ...]
    filters: QueueFilters
    clusters: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    queue: str
    form: DecisionForm
    question: QuestionForm
    bulk: BulkForm
    reasons: tuple[tuple[str, str, str], ...]
    revocable: Decision | None
    day: Day
    error: str
    asked: AskedMatch | None
    wrong: str
