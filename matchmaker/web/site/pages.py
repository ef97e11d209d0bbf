"""Home pages: one for visitors, one for each role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.association import MemberDemand, ReferralRow
from matchmaker.store.queries.contract import Totals
from matchmaker.store.queries.home import Figures, IndexStatus, OwnRecord, WaitingList
from matchmaker.store.queries.match import Suggestion
from matchmaker.store.queries.match_review import QueueRow
from matchmaker.store.queries.secondment import FirmDemand, SecondmentRow
from matchmaker.web.pages import Page
from matchmaker.web.site.todo import TodoItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterBar:
    """A cluster's counts, and the lengths of its two bars in hundredths of the longest."""

    code: str
    label: str
    demands: int
    outcomes: int
    demand_length: int
    outcome_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBlock:
    """One of one's own records with its best suggestions."""

    record: OwnRecord
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """What the platform is and what it has to show; for visitors."""

    template: ClassVar = "site/home.html"

    figures: Figures
    clusters: tuple[ClusterBar, ...]
    pairs: tuple[Suggestion, ...]


@dataclass(frozen=True, kw_only=True)
class CompanyHomePage(Page):
    """The company's demands, their best suggestions, and what waits for the company."""

    template: ClassVar = "site/company_home.html"

    todo: tuple[TodoItem, ...]
    verified: bool
    blocks: tuple[OwnBlock, ...]
    waiting: tuple[OwnRecord, ...]


@dataclass(frozen=True, kw_only=True)
class ResearcherHomePage(Page):
    """The researcher's outcomes, the demands that look for them, and what waits for approval."""

    template: ClassVar = "site/researcher_home.html"

    todo: tuple[TodoItem, ...]
    verified: bool
    blocks: tuple[OwnBlock, ...]
    waiting: tuple[OwnRecord, ...]
    to_review: WaitingList


@dataclass(frozen=True, kw_only=True)
class BrokerHomePage(Page):
    """The top of the queue and the demands that wait for review."""

    template: ClassVar = "site/broker_home.html"

    todo: tuple[TodoItem, ...]
    queue: tuple[QueueRow, ...]
    queue_total: int
    to_review: WaitingList


@dataclass(frozen=True, kw_only=True)
class AssociationHomePage(Page):
    """What waits for an association, its members' unmatched demands, and its latest referrals."""

    template: ClassVar = "site/association_home.html"

    todo: tuple[TodoItem, ...]
    demands: tuple[MemberDemand, ...]
    referrals: tuple[ReferralRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmBlock:
    """A firm that a specialist is placed with, and its demands."""

    row: SecondmentRow
    demands: tuple[FirmDemand, ...]


@dataclass(frozen=True, kw_only=True)
class SpecialistHomePage(Page):
    """The desk of a specialist: what waits, and his firms with their demands."""

    template: ClassVar = "site/specialist_home.html"

    todo: tuple[TodoItem, ...]
    firms: tuple[FirmBlock, ...]


@dataclass(frozen=True, kw_only=True)
class BureauHomePage(Page):
    """What waits for the bureau, and how the clusters stand."""

    template: ClassVar = "site/bureau_home.html"

    todo: tuple[TodoItem, ...]
    organisations: WaitingList
    to_review: WaitingList
    figures: Figures
    contracts: Totals
    clusters: tuple[ClusterBar, ...]


@dataclass(frozen=True, kw_only=True)
class AdministratorHomePage(Page):
    """The state of the index and of the accounts."""

    template: ClassVar = "site/administrator_home.html"

    todo: tuple[TodoItem, ...]
    index: IndexStatus
    users: Mapping[str, int]
    figures: Figures
