"""The page of an agency's desk."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from matchmaker.store.queries.agency import BrokerRow, TalkRow
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencySums:
    """What all brokers of the agency have together."""

    queue: int
    queue_overdue: int
    asked: Decimal
    talking: Decimal
    talks_overdue: Decimal
    contracts: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class AgencyDeskPage(Page):
    """The agency's brokers with what stands with each, and what is overdue."""

    template: ClassVar = "agency/desk.html"

    name: str
    public_id: str
    rows: tuple[BrokerRow, ...]
    sums: AgencySums
    overdue: tuple[TalkRow, ...]
