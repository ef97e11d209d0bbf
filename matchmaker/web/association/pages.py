"""Pages of an association's desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.association import MemberDemand, ReferralRow
from matchmaker.store.queries.match import Suggestion
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, kw_only=True)
class AssociationDeskPage(Page):
    """The members' demands, by what is to be done about them."""

    template: ClassVar = "association/desk.html"

    tabs: tuple[Tab, ...]
    rows: tuple[MemberDemand, ...]
    members: int
    error: str
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An outcome that could be put forward, and whether it was already."""

    suggestion: Suggestion
    put: bool


@dataclass(frozen=True, kw_only=True)
class MemberDemandPage(Page):
    """One demand of a member: outcomes to put forward, and what came of those that were."""

    template: ClassVar = "association/demand.html"

    public_id: str
    title: str
    state: str
    firm: str
    choices: tuple[Choice, ...]
    referrals: tuple[ReferralRow, ...]
    refers: bool
    filled: Filled
    error: str
