"""Working days of the platform's place, for the clocks that people answer by.

Saturdays and Sundays do not count. Public holidays and the working weekends in exchange are fixed
anew each year by the State Council and are not known here: a clock is then shorter than it says.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Final

# China keeps one time without daylight saving.
LOCAL: Final = timezone(timedelta(hours=8))
_SATURDAY: Final = 5


def end_of_working_day(start: datetime, days: int) -> datetime:
    """The end of the ``days``-th working day after the day of ``start``."""
    day = start.astimezone(LOCAL).date()
    left = days
    while left:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            left -= 1
    return datetime.combine(day, time(23, 59, 59), LOCAL)
