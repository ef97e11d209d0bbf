"""Pages about records that are nearly the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.duplicate import PairRow
from matchmaker.web.duplicate.comparison import Part
from matchmaker.web.pages import Page, Tab
from matchmaker.web.record.pages import RecordView


@dataclass(frozen=True, kw_only=True)
class DuplicatesPage(Page):
    """Pairs of one noun, still open or decided."""

    template: ClassVar = "duplicate/list.html"

    noun: str
    decided: bool
    tabs: tuple[Tab, ...]
    rows: tuple[PairRow, ...]
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class ComparisonPage(Page):
    """Two records side by side with what differs marked, and the decision to make."""

    template: ClassVar = "duplicate/compare.html"

    first: RecordView
    second: RecordView
    parts: tuple[Part, ...]
    differing: int
    likeness: float | None
    pair: PairRow | None
    actions: tuple[str, ...]
    reviews: bool
