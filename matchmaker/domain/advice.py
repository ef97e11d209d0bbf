"""Returning to authors what brokers said when they turned pairs down, so that nobody is told on.

A dismissal is returned once it is a week old, or at once where several brokers have dismissed
pairs of the record: neither the moment nor the number then points at a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HELD_BACK: Final = timedelta(days=7)
FEWEST_BROKERS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """One pair of a record that was dismissed."""

    reason: str
    broker: int | None
    at: datetime


def returned(dismissals: Iterable[Dismissal], now: datetime) -> tuple[tuple[str, int], ...]:
    """The reasons that may be returned to the author, with their number, frequent ones first."""
    found = list(dismissals)
    several = len({one.broker for one in found}) >= FEWEST_BROKERS
    counted = Counter(one.reason for one in found if several or now - one.at >= HELD_BACK)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
