"""Pages about open data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterLine:
    """A counter by year, as everybody may know it; None: too few to be told."""

    code: str
    label: str
    meaning: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterGroup:
    """Counters under one heading."""

    heading: str
    lines: tuple[CounterLine, ...]


@dataclass(frozen=True, kw_only=True)
class OpenDataPage(Page):
    """What everybody may know and take away."""

    template: ClassVar = "open_data/show.html"

    years: tuple[str, ...]
    until: str
    groups: tuple[CounterGroup, ...]
    fewest: int
    formats: tuple[str, ...]
