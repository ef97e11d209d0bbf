"""The time, as an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def system_clock() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(UTC)
