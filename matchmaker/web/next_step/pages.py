"""Pages about next steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.next_step import StepRow
from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """What a company can do about its demand, and what it has asked."""

    public_id: str
    nothing_usable: bool
    hints: tuple[str, ...]
    asked: tuple[StepRow, ...]
    askable: tuple[str, ...]
    alert: bool


@dataclass(frozen=True, kw_only=True)
class NextStepsPage(Page):
    """Requests of all companies, for those who answer them."""

    template: ClassVar = "next_step/list.html"

    rows: tuple[StepRow, ...]
    tabs: tuple[Tab, ...]
    may_adopt: bool
    error: str
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class AlertOffPage(Page):
    """Switching an alert off from a mail."""

    template: ClassVar = "next_step/alert_off.html"

    title: str
    done: bool
