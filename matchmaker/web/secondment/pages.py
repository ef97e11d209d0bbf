"""Pages about technology specialists and the firms that they are placed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.secondment import FirmDemand, SecondmentRow, VisitRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondmentEntry:
    """A secondment with what the reader may do about it; ``opens``: its page is there for them."""

    row: SecondmentRow
    actions: tuple[str, ...]
    opens: bool


@dataclass(frozen=True, kw_only=True)
class SecondmentsPage(Page):
    """The secondments that concern the reader; the bureau proposes new ones here."""

    template: ClassVar = "secondment/list.html"

    entries: tuple[SecondmentEntry, ...]
    proposes: bool
    firms: tuple[str, ...]
    specialists: tuple[tuple[str, str], ...]
    filled: Filled
    error: str


@dataclass(frozen=True, kw_only=True)
class SecondmentPage(Page):
    """One secondment for its firm and its specialist: the firm's demands, and visit notes."""

    template: ClassVar = "secondment/show.html"

    entry: SecondmentEntry
    demands: tuple[FirmDemand, ...]
    visits: tuple[VisitRow, ...]
    writes: bool
    today: str
    filled: Filled
