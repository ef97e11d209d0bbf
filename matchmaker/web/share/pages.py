"""Pages of shared introductions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.share import ShareRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEntry:
    """A shared introduction with what the reader may do about it; ``leads``: it is his own."""

    row: ShareRow
    actions: tuple[str, ...]
    leads: bool


@dataclass(frozen=True, kw_only=True)
class SharesPage(Page):
    """The introductions that a broker shares with others."""

    template: ClassVar = "share/list.html"

    entries: tuple[ShareEntry, ...]


@dataclass(frozen=True, kw_only=True)
class SharePage(Page):
    """Proposing to share one introduction."""

    template: ClassVar = "share/form.html"

    introduction_id: str
    demand: str
    present: tuple[str, int, str]  # partner, his percent, state; empty where nobody was asked
    fixed: bool
    proposable: bool
    brokers: tuple[tuple[str, str], ...]
    filled: Filled
