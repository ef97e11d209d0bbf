"""Rules of introductions: how long each side has, and how long texts may be."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from matchmaker.domain.permissions import Relation
from matchmaker.domain.working_days import WorkingDays

ANSWER_DAYS: Final = 5
REMIND_DAYS: Final = 3
TEXT_LENGTH: Final = 500
ANSWERING: Final[dict[Relation, str]] = {
    Relation.PARTY_COMPANY: "company",
    Relation.PARTY_INSTITUTION: "institution",
}


def answer_due(calendar: WorkingDays, asked_at: datetime) -> datetime:
    """Until when the sides may answer."""
    return calendar.last_second(asked_at, ANSWER_DAYS)


def remind_from(calendar: WorkingDays, asked_at: datetime) -> datetime:
    """From when a side that has not answered is reminded."""
    return calendar.last_second(asked_at, REMIND_DAYS)
