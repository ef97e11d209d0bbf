"""The audit's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.audit import EventRow
from matchmaker.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class AuditPage(Page):
    """Events, the latest first."""

    template: ClassVar = "audit/list.html"

    rows: tuple[EventRow, ...]
    total: int
    noun: str
    action: str
    nouns: tuple[str, ...]
    actions: tuple[str, ...]
    number: int
    count: int
    previous: str
    next: str
