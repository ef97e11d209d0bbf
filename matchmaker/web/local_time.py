"""Days and times: as a form's fields hold them, in China's time without a zone; and local days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from matchmaker.domain.working_days import CHINA
from matchmaker.web.platform import matchmaker


def local_day(at: datetime) -> date:
    """The day of a time in the platform's zone."""
    return at.astimezone(ZoneInfo(matchmaker().settings.timezone)).date()


def read_day(written: str) -> date | None:
    """The day that a field holds, as ``YYYY-MM-DD``; None where it holds none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def read_local(written: str) -> datetime:
    """The time that a field holds; ``ValueError`` or ``OverflowError`` where it holds none."""
    found = datetime.fromisoformat(written)
    found = found.replace(tzinfo=found.tzinfo or CHINA)
    (found - timedelta(days=1)).astimezone(CHINA)  # the first days of all have no other zone
    return found


def write_local(value: datetime) -> str:
    """A time as the field is filled."""
    return value.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")
