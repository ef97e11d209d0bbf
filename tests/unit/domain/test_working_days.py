"""Working days follow the State Council's announcement for 2026."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.working_days import WorkingDays, days_left, start_of_week

_FILES = sorted((Path(__file__).resolve().parents[3] / "data" / "calendar").glob("*.json"))
CALENDAR = WorkingDays.from_data(json.loads(one.read_text(encoding="utf-8")) for one in _FILES)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-02-13", True),  # the Friday before the Spring Festival
        ("2026-02-14", True),  # a Saturday that is worked
        ("2026-02-15", False),
        ("2026-02-23", False),  # a Monday, the festival's last day
        ("2026-02-28", True),
        ("2026-03-07", False),  # an ordinary Saturday
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2031-01-01", True),  # nobody has announced that year: weekends alone
    ],
)
def test_holidays_and_worked_weekends(day: str, worked: bool) -> None:
    assert CALENDAR.is_worked(date.fromisoformat(day)) is worked


def test_three_working_days_reach_over_the_spring_festival() -> None:
    assert CALENDAR.after(date(2026, 2, 13), 3) == date(2026, 2, 25)
    due = CALENDAR.due(datetime(2026, 2, 13, 2, tzinfo=UTC), 3)
    assert due == datetime(2026, 2, 25, 16, tzinfo=UTC)


@given(st.dates(date(2025, 12, 1), date(2027, 2, 1)), st.integers(1, 30))
def test_what_is_added_is_what_lies_between(day: date, count: int) -> None:
    later = CALENDAR.after(day, count)
    assert CALENDAR.is_worked(later)
    assert CALENDAR.between(day, later) == count
    assert CALENDAR.between(later, day) == -count


def test_days_left_count_down_to_today_and_below() -> None:
    due = CALENDAR.due(datetime(2026, 3, 2, 1, tzinfo=UTC), 3)
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    counted = [days_left(CALENDAR, start + timedelta(days=n), due) for n in range(8)]
    assert counted == [3, 2, 1, 0, -1, -1, -1, -2]  # Saturday and Sunday are no working days


def test_a_week_begins_on_monday_in_china() -> None:
    sunday_evening = datetime(2026, 3, 8, 15, 59, tzinfo=UTC)
    assert start_of_week(sunday_evening) == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert start_of_week(sunday_evening + timedelta(minutes=1)) == datetime(
        2026, 3, 8, 16, tzinfo=UTC
    )
