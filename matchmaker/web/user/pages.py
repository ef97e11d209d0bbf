"""Pages of the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.organisation import UserRow
from matchmaker.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class UsersPage(Page):
    """Users by name or address."""

    template: ClassVar = "user/list.html"

    rows: tuple[UserRow, ...]
    total: int
    text: str
    own_id: str
    number: int
    count: int
    previous: str
    next: str
