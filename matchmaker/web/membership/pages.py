"""The page of memberships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.membership import MembershipRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEntry:
    """A membership with what the reader may do about it."""

    row: MembershipRow
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MembershipsPage(Page):
    """The memberships of a firm or an association; for the bureau, all of them."""

    template: ClassVar = "membership/list.html"

    role: str
    entries: tuple[MembershipEntry, ...]
    total: int
    names: tuple[str, ...]  # who can be asked
    asks: bool
    filled: Filled
    error: str
    number: int
    count: int
    previous: str
    next: str
