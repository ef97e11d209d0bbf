"""Response clocks in words: how many working days are left, or since when something is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.working_days import WorkingDays, days_left
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock as a badge: its words and whether it is calm, near or over."""

    text: str
    tone: str


def clock_of(calendar: WorkingDays, now: datetime, due: datetime | None) -> Clock | None:
    """The clock of something due; None where nothing is."""
    if due is None:
        return None
    left = days_left(calendar, now, due)
    if left < 0:
        text = ngettext("Overdue by %(num)s working day", "Overdue by %(num)s working days", -left)
        return Clock(text=text, tone="bad")
    if left == 0:
        return Clock(text=_("Due today"), tone="wait")
    text = ngettext("Due in %(num)s working day", "Due in %(num)s working days", left)
    return Clock(text=text, tone="plain")
