"""Pages about figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One entry of a filter."""

    code: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure in words, with the address of the events behind it."""

    code: str
    label: str
    meaning: str
    events: int
    amount: Decimal
    money: bool
    href: str
    waited: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """An indicator of the plan beside its baseline and target."""

    shown: Shown
    baseline: str
    target: str
    reached: int | None
    length: int  # of the bar, 0 to 100
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the funnel: its bar, and its shares in per cent."""

    shown: Shown
    top: int
    length: float
    of_before: int | None
    of_all: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure of a breakdown."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A row of a breakdown: a quarter, a district or a chain."""

    label: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The main figures by one thing."""

    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class FiguresPage(Page):
    """Everything that the bureau answers for."""

    template: ClassVar = "figure/overview.html"

    period_options: tuple[Option, ...]
    region_options: tuple[Option, ...]
    chain_options: tuple[Option, ...]
    scope: str
    report: str
    year: int | None
    steps: tuple[Step, ...]
    height: int
    plan: tuple[PlanLine, ...]
    related: Shown
    fresh: tuple[Shown, ...]
    response: tuple[Shown, ...]
    columns: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event behind a figure."""

    id: int
    day: date
    at: datetime
    what: str
    title: str
    href: str
    region: str
    amount: Decimal
    waited: str


@dataclass(frozen=True, kw_only=True)
class EventsPage(Page):
    """The events that a figure counts."""

    template: ClassVar = "figure/events.html"

    shown: Shown
    scope: str
    back: str
    lines: tuple[EventLine, ...]
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetField:
    """One figure of the form of targets, as typed, with what is wrong."""

    code: str
    label: str
    unit: str
    baseline: str
    target: str
    source: str
    version: int
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class TargetsPage(Page):
    """Baselines and targets of a year."""

    template: ClassVar = "figure/targets.html"

    year: int
    fields: tuple[TargetField, ...]
    failed: bool
