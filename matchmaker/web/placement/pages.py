"""The page of proposed placements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.placement import PlacementRow
from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, kw_only=True)
class PlacementsPage(Page):
    """Placements of one noun: those to confirm, or those decided.

    ``groups`` are clusters with their chains (code, name), ``reasons`` the words that speak for the
    first proposal, by placement.
    """

    template: ClassVar = "placement/list.html"

    noun: str
    decided: bool
    tabs: tuple[Tab, ...]
    rows: tuple[PlacementRow, ...]
    reasons: Mapping[str, tuple[str, ...]]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    here: str
    number: int
    count: int
    previous: str
    next: str
