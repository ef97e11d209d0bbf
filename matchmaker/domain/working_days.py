"""Chinese working days: weekends, public holidays, and the weekend days that are worked instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
# Clocks of the platform run in China, whatever zone pages are shown in.
CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """Which days are worked. A year that nobody has announced has weekends alone."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def from_data(cls, years: Iterable[Mapping[str, Any]]) -> WorkingDays:
        """From the files of ``data/calendar``."""
        holidays: set[date] = set()
        worked: set[date] = set()
        for year in years:
            for one in year["holidays"]:
                day, last = date.fromisoformat(one["first"]), date.fromisoformat(one["last"])
                while day <= last:
                    holidays.add(day)
                    day += _DAY
            worked |= {date.fromisoformat(one) for one in year["working_weekend_days"]}
        return cls(holidays=frozenset(holidays), worked=frozenset(worked))

    def is_worked(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self.worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def after(self, day: date, count: int) -> date:
        """The working day that is ``count`` working days after a day."""
        while count > 0:
            day += _DAY
            count -= self.is_worked(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and with ``end``; negative backwards."""
        if end < start:
            return -self.between(end, start)
        days = (end - start).days
        return sum(self.is_worked(start + _DAY * number) for number in range(1, days + 1))

    def due(self, now: datetime, count: int) -> datetime:
        """The end of the ``count``-th working day after now, in China."""
        day = self.after(day_of(now), count)
        return datetime.combine(day + _DAY, time(), CHINA).astimezone(UTC)

    def last_second(self, now: datetime, count: int) -> datetime:
        """The last second of the ``count``-th working day after now, as time in China.

        For what is shown as a day: the end itself is the beginning of the next one.
        """
        return (self.due(now, count) - timedelta(seconds=1)).astimezone(CHINA)


def day_of(moment: datetime) -> date:
    """The day in China on which a moment falls."""
    return moment.astimezone(CHINA).date()


def start_of_day(moment: datetime) -> datetime:
    """The midnight before a moment, in China."""
    return datetime.combine(day_of(moment), time(), CHINA).astimezone(UTC)


def start_of_week(moment: datetime) -> datetime:
    """The midnight before the Monday of a moment's week, in China."""
    day = day_of(moment)
    monday = day - _DAY * day.weekday()
    return datetime.combine(monday, time(), CHINA).astimezone(UTC)


def days_left(calendar: WorkingDays, now: datetime, due: datetime) -> int:
    """How many working days are left: 0 is today; negative is how many days it is overdue."""
    last = day_of(due - timedelta(microseconds=1))
    today = day_of(now)
    if due > now:
        return calendar.between(today, last)
    return min(-1, calendar.between(today, last))
