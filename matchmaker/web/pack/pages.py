"""Pages of an agency's pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A year or quarter to choose."""

    code: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerLine:
    """Who is or was a broker of the agency, with what he brought about in the period."""

    name: str
    level: str
    introductions: int
    contracts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """One measure in words, with the address of the events behind it and their numbers."""

    code: str
    label: str
    meaning: str
    value: str
    href: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeLine:
    """The counted contracts of one type."""

    label: str
    contracts: int
    amount: Decimal
    technical: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdLine:
    """A condition beside what was counted."""

    label: str
    value: str
    least: str
    standing: str
    told: str
    lacking: str
    href: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdGroup:
    """The conditions of one document."""

    label: str
    source: str
    verified: bool
    lines: tuple[ThresholdLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackEventLine:
    """One event behind a measure; ``href`` is empty where the reader may not open the record."""

    id: int
    day: date
    what: str
    broker: str
    number: str
    type: str
    amount: Decimal | None
    technical: Decimal | None
    related: bool
    href: str


@dataclass(frozen=True, kw_only=True)
class PackPage(Page):
    """What an agency hands in: who it is, what it did, which conditions that meets."""

    template: ClassVar = "pack/show.html"

    name: str
    public_id: str
    particulars: tuple[tuple[str, str], ...]
    period: str
    periods: tuple[Period, ...]
    whole_year: bool
    year: str
    brokers: tuple[BrokerLine, ...]
    measures: tuple[MeasureLine, ...]
    related: MeasureLine
    types: tuple[TypeLine, ...]
    groups: tuple[ThresholdGroup, ...]


@dataclass(frozen=True, kw_only=True)
class PackEventsPage(Page):
    """The events behind one measure."""

    template: ClassVar = "pack/events.html"

    name: str
    public_id: str
    period: str
    measure: MeasureLine
    money: bool
    lines: tuple[PackEventLine, ...]
