"""Pages of the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.user import PersonRow, UserRow
from matchmaker.web.pages import Page
from matchmaker.web.user.forms import RoleForm


@dataclass(frozen=True, kw_only=True)
class UsersPage(Page):
    """Users by name or address."""

    template: ClassVar = "user/list.html"

    rows: tuple[UserRow, ...]
    total: int
    text: str
    role: str
    roles: tuple[str, ...]
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class UserPage(Page):
    """One person: role, managing, barring."""

    template: ClassVar = "user/edit.html"

    person: PersonRow
    own: bool
    form: RoleForm
