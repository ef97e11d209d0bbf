"""Pages about assignments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.assignment import BrokerLoad
from matchmaker.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class AssignmentsPage(Page):
    """Every broker with capacity and queue, and why matches were left in the pool."""

    template: ClassVar = "assignment/overview.html"

    brokers: tuple[BrokerLoad, ...]
    left: Mapping[str, int]
    overdue: int
