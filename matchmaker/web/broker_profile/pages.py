"""Pages of broker profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.web.broker_profile.forms import BrokerProfileForm
from matchmaker.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class BrokerProfilePage(Page):
    """Editing a profile, one's own or as the bureau somebody's."""

    template: ClassVar = "broker_profile/form.html"

    name: str
    own: bool
    stored: bool
    form: BrokerProfileForm
