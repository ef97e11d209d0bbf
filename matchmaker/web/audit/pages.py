"""The audit's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter."""

    code: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event in words."""

    id: int
    at: datetime
    who: str
    role: str
    noun: str
    record_id: int | None
    action: str
    states: str
    changes: tuple[tuple[str, str, str], ...]  # field, old, new


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """How the audit's chain stands; what was found is told line by line."""

    verified_at: datetime | None
    whole_at: datetime | None
    problems: int
    findings: tuple[str, ...]
    root_day: date | None
    root_hash: str


@dataclass(frozen=True, kw_only=True)
class AuditPage(Page):
    """Events, the latest first."""

    template: ClassVar = "audit/list.html"

    chain: Chain
    rows: tuple[Line, ...]
    total: int
    nouns: tuple[Option, ...]
    actions: tuple[Option, ...]
    person: str
    since: str
    until: str
    number: int
    count: int
    previous: str
    next: str
