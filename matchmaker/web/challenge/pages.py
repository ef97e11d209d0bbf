"""Pages of challenges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from matchmaker.store.queries.challenge import (
    ChallengeRow,
    DemandRow,
    ObjectionRow,
    OwnBidRow,
)
from matchmaker.store.queries.challenge_expert import ExpertRow
from matchmaker.store.queries.challenge_judging import BidRow, TaskRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeView:
    """A challenge as everybody reads it; ``state`` is as the clock has it."""

    public_id: str
    title: str
    problem: str
    target: str
    indicators: tuple[str, ...]
    conditions: str
    chains: tuple[str, ...]
    amount: Decimal | None
    months: int
    weights: tuple[tuple[str, int], ...]
    scores_needed: int
    publicity_days: int
    state: str
    published_at: datetime | None
    bids_until: datetime | None
    scores_until: datetime | None
    publicity_until: datetime | None
    contract_amount: Decimal | None
    end_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A step of a challenge's life: reached, being at, or to come."""

    text: str
    at: datetime | None
    stage: str  # done, now or later


@dataclass(frozen=True, slots=True, kw_only=True)
class CallItem:
    """A challenge in the list, with the time that is left for bids in words."""

    row: ChallengeRow
    state: str
    left: str


@dataclass(frozen=True, kw_only=True)
class ChallengesPage(Page):
    """The list, for everybody; with it what is one's own in challenges."""

    template: ClassVar = "challenge/list.html"

    items: tuple[CallItem, ...]
    tabs: tuple[Tab, ...]
    creates: bool
    bids: tuple[OwnBidRow, ...]
    tasks: tuple[tuple[str, str, int], ...]
    consents: tuple[tuple[str, str], ...]
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class ChallengeFormPage(Page):
    """A challenge to be drafted or changed."""

    template: ClassVar = "challenge/form.html"

    public_id: str
    version: int
    values: Mapping[str, str]
    chosen: frozenset[str]
    groups: Mapping[str, list[tuple[str, str]]]
    criteria: tuple[str, ...]
    demands: tuple[tuple[str, str, bool], ...]
    filled: Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The bid that is announced as the one chosen: what everybody may read of it."""

    bidder: str
    total: Decimal
    scores: int
    barred: bool
    own: bool


@dataclass(frozen=True, kw_only=True)
class ChallengePage(Page):
    """A challenge as everybody reads it."""

    template: ClassVar = "challenge/show.html"

    challenge: ChallengeView
    left: str
    milestones: tuple[Milestone, ...]
    demands: tuple[DemandRow, ...]
    announced: Announced | None
    manages: bool
    judges: bool
    bids: bool
    bid_id: str
    bid_state: str
    objects: bool
    objections: tuple[ObjectionRow, ...]
    filled: Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRow:
    """A bid after the scores were opened: its place, each criterion's mean, the whole."""

    place: int
    public_id: str
    bidder: str
    leader: str
    state: str
    proposed: bool
    scores: int
    means: tuple[tuple[str, Decimal], ...]
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What the bureau has noted on the way: argument, contract, midterm."""

    opinion: str
    argued_by: str
    argued_at: datetime | None
    contract_number: str
    contract_amount: str  # as people write it in the form
    version: int
    report: str
    reported_at: datetime | None
    midterm_verdict: str | None
    midterm_note: str


@dataclass(frozen=True, kw_only=True)
class ManagePage(Page):
    """The bureau's desk of one challenge: what comes next, and everything so far."""

    template: ClassVar = "challenge/manage.html"

    challenge: ChallengeView
    actions: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    course: Course
    demands: tuple[DemandRow, ...]
    experts: tuple[ExpertRow, ...]
    candidates: tuple[ExpertRow, ...]
    wanted: str
    bids: tuple[BidRow, ...]
    ranking: tuple[RankingRow, ...]
    objections: tuple[ObjectionRow, ...]
    closable: bool
    publicity_over: bool
    announced: bool
    verdicts: tuple[tuple[str, str], ...]
    filled: Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class BidView:
    """A bid for who may open it."""

    public_id: str
    bidder: str
    leader: str
    state: str
    state_note: str
    plan: str
    base: str
    indicators: str
    effect: str
    funds: Decimal | None
    team: tuple[Mapping[str, str], ...]
    submitted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BidPage(Page):
    """A bid to be read: by its own people, and after the deadline by bureau and judges."""

    template: ClassVar = "challenge/bid.html"

    challenge: ChallengeView
    bid: BidView
    actions: tuple[str, ...]
    left: str
    mine: bool
    means: tuple[tuple[str, Decimal], ...]
    total: Decimal | None
    comments: tuple[str, ...]
    may_bar: bool
    standing: str
    contract_number: str
    report: str
    verdict: str
    verdict_note: str
    report_due: date | None
    filled: Filled


@dataclass(frozen=True, kw_only=True)
class BidFormPage(Page):
    """A bid to be written, in four short parts."""

    template: ClassVar = "challenge/bid_form.html"

    challenge: ChallengeView
    public_id: str
    version: int
    state: str
    left: str
    values: Mapping[str, str]
    team: tuple[Mapping[str, str], ...]
    late: str
    filled: Filled


@dataclass(frozen=True, kw_only=True)
class TasksPage(Page):
    """An expert's bids of one challenge."""

    template: ClassVar = "challenge/tasks.html"

    challenge: ChallengeView
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, kw_only=True)
class ScorePage(Page):
    """A bid with the expert's own points, criterion by criterion."""

    template: ClassVar = "challenge/score.html"

    challenge: ChallengeView
    bid: BidView
    values: Mapping[str, str]
    submitted: bool
    filled: Filled


@dataclass(frozen=True, kw_only=True)
class ConsentPage(Page):
    """What a firm is asked to consent to."""

    template: ClassVar = "challenge/consent.html"

    link_id: str
    state: str
    demand_id: str
    demand: str
    anonymous: bool
    challenge: ChallengeView
    answerable: bool
