"""Pages of the account feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.account import ProfileRow, SessionRow
from matchmaker.web.account.forms import (
    ChangePasswordForm,
    EraseForm,
    ForgottenForm,
    LogInForm,
    NewPasswordForm,
    ProfileForm,
    RegisterForm,
)
from matchmaker.web.pages import Page
from matchmaker.web.record.pages import Difference


@dataclass(frozen=True, kw_only=True)
class LogInPage(Page):
    """The log-in page."""

    template: ClassVar = "account/log_in.html"

    form: LogInForm
    next: str


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    """The registration page."""

    template: ClassVar = "account/register.html"

    form: RegisterForm
    organisations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SentPage(Page):
    """Says that a mail is under way, whoever asked."""

    template: ClassVar = "account/sent.html"

    registered: bool


@dataclass(frozen=True, kw_only=True)
class ForgottenPage(Page):
    """Asks where to send a link."""

    template: ClassVar = "account/forgotten.html"

    form: ForgottenForm


@dataclass(frozen=True, kw_only=True)
class ResetPage(Page):
    """Asks for a new password."""

    template: ClassVar = "account/reset.html"

    form: NewPasswordForm


@dataclass(frozen=True, kw_only=True)
class ProfilePage(Page):
    """One's own data, password and devices."""

    template: ClassVar = "account/profile.html"

    profile: ProfileForm
    password: ChangePasswordForm
    conflict: tuple[Difference, ...]
    person: ProfileRow
    sessions: tuple[SessionRow, ...]
    session_id: str


@dataclass(frozen=True, kw_only=True)
class ErasePage(Page):
    """Leaving for good."""

    template: ClassVar = "account/erase.html"

    form: EraseForm
    needs_successor: bool
    has_successors: bool
