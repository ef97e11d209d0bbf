"""Secondments of technology specialists: how long they may be, and whether one holds today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from matchmaker.domain.errors import Invalid

LONGEST: Final = timedelta(days=3 * 366)
NOTE_LENGTH: Final = 500
VISIT_LENGTH: Final = 2000


def require_period(begins_on: date, ends_on: date, today: date) -> None:
    """Refuse a period that is over, runs backwards, or begins or lasts beyond three years."""
    problems = {}
    if begins_on - today > LONGEST:
        problems["begins_on"] = "too_far"
    if ends_on < today:
        problems["ends_on"] = "in_the_past"
    elif ends_on < begins_on:
        problems["ends_on"] = "before_begin"
    elif ends_on - begins_on > LONGEST:
        problems["ends_on"] = "too_far"
    if problems:
        msg = "A secondment needs a period of at most three years that is not over."
        raise Invalid(msg, problems)


def holds(state: str, begins_on: date, ends_on: date, today: date) -> bool:
    """Whether a secondment gives its specialist access on a day, its last day included."""
    return state == "active" and begins_on <= today <= ends_on
