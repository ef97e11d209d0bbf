"""What a broker's record counts: lines of actions in the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

MONTHS: Final = 12
_NONE: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the record: which actions on which noun it counts.

    ``undone`` is the action that takes one back, told apart by the state it leads away from.
    """

    code: str
    noun: str
    actions: frozenset[str]
    undone: str = ""
    state: str = ""


# A further line is one row here and its words in ``web/work_record/wording.py``. What happens in a
# broker's introductions and engagements counts for the broker, whoever took the step.
LINES: Final = (
    Line(
        code="accepted",
        noun="match",
        actions=frozenset({"accept"}),
        undone="undo",
        state="accepted",
    ),
    Line(
        code="dismissed",
        noun="match",
        actions=frozenset({"dismiss"}),
        undone="undo",
        state="dismissed",
    ),
    Line(code="reviewed", noun="demand", actions=frozenset({"publish", "return"})),
    Line(code="answered", noun="next_step", actions=frozenset({"answer"})),
    Line(code="introduced", noun="introduction", actions=frozenset({"ask"})),
    Line(code="mutual", noun="introduction", actions=frozenset({"conclude"})),
    Line(code="completed", noun="engagement", actions=frozenset({"complete"})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that somebody did, as the audit keeps it."""

    at: datetime
    noun: str
    action: str
    state_from: str | None
    percent: int = 100  # of an introduction and what comes of it, the broker's own part


def months_until(now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """The months of the record as ``2026-03``, this one last."""
    today = now.astimezone(zone)
    numbers = (today.year * 12 + today.month - 1 - back for back in reversed(range(MONTHS)))
    return tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers)


def month_of(at: datetime, zone: ZoneInfo) -> str:
    """The month of a time in the platform's zone."""
    return at.astimezone(zone).strftime("%Y-%m")


def counted(deeds: Iterable[Deed], zone: ZoneInfo) -> dict[tuple[str, str], Decimal]:
    """How often each line happened in each month; what was taken back does not count.

    What two brokers share counts for each by his part, so that nothing counts twice.
    """
    found: dict[tuple[str, str], Decimal] = {}
    for deed in deeds:
        for line in LINES:
            if deed.noun != line.noun:
                continue
            key = (line.code, month_of(deed.at, zone))
            if deed.action in line.actions:
                found[key] = found.get(key, _NONE) + Decimal(deed.percent) / 100
            elif line.undone and deed.action == line.undone and deed.state_from == line.state:
                found[key] = found.get(key, _NONE) - Decimal(deed.percent) / 100
    return found
