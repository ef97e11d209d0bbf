"""The page of saved searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One saved search: where it leads, what it filters by, and whether news are told."""

    public_id: str
    name: str
    noun: str
    filters: tuple[str, ...]
    alert: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class SavedSearchesPage(Page):
    """One's saved searches."""

    template: ClassVar = "saved_search/list.html"

    rows: tuple[Kept, ...]
    error: str
