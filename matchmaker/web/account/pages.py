"""Pages of the account feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.web.account.forms import LogInForm
from matchmaker.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class LogInPage(Page):
    """The log-in page."""

    template: ClassVar = "account/log_in.html"

    form: LogInForm
    next: str
