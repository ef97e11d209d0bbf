"""The page of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.association import ReferralRow
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralEntry:
    """A referral with what the reader may do about it.

    ``underway``: both sides are asked already, or are talking.
    """

    row: ReferralRow
    underway: bool
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReferralsPage(Page):
    """Pairs put forward: by the association, to the firm, or to brokers."""

    template: ClassVar = "referral/list.html"

    role: str
    entries: tuple[ReferralEntry, ...]
    error: str
