"""Pages of common needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.store.queries.common_need import OwnDemand
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A demand of a need; ``firm`` and ``state`` of the consent are for reviewers alone.

    ``silent``: nobody of the firm has an account, so that it is asked on paper.
    """

    public_id: str
    version: int
    silent: bool
    title: str
    href: str
    firm: str
    state: str


@dataclass(frozen=True, kw_only=True)
class CommonNeedPage(Page):
    """One need: its demands, and the firms that agree to be named.

    ``firms`` is None where the number is not told; ``challenge`` the address of a challenge that is
    filled in from its demands, empty for whoever cannot make one.
    """

    template: ClassVar = "common_need/show.html"

    public_id: str
    name: str
    chains: tuple[tuple[str, str], ...]
    demands: tuple[MemberLine, ...]
    firms: int | None
    fewest: int
    named: tuple[str, ...]
    reviews: bool
    asking: bool
    waiting: int
    stability: int
    found_at: datetime
    challenge: str
    filled: Filled


@dataclass(frozen=True, kw_only=True)
class ConsentsPage(Page):
    """A company's demands in common needs, and whether it agrees to be named beside each."""

    template: ClassVar = "common_need/consents.html"

    demands: tuple[OwnDemand, ...]
