"""The figures that a bureau answers for: which there are, and what one counted event looks like.

What each counts is written once, in ``figure_count.py``: a function from the events of one thread
to entries. Pages show sums of entries, and every sum opens the list of its entries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from matchmaker.domain.vocabulary import LADDER_LEVELS

# A quarter, or a year alone.
PERIOD: Final = re.compile(r"(19|20)\d\d(-Q[1-4])?")
TARGET_HIGHEST: Final = Decimal(100_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. ``money``: its entries carry amounts. ``timed``: they carry how long it took.

    ``present``: it counts what is open now, which nobody can say of a day that is over.
    """

    code: str
    group: str  # plan | funnel | fresh | response
    money: bool = False
    timed: bool = False
    present: bool = False
    targeted: bool = False


def firms_of(level: str | None) -> str:
    """The figure that counts the firms of a ladder level."""
    return f"firms_{level if level in LADDER_LEVELS else 'none'}"


# The plan's indicators, in the order of the page.
_PLAN: Final = (
    Figure(code="turnover", group="plan", money=True, targeted=True),
    Figure(code="turnover_out", group="plan", money=True, targeted=True),
    Figure(code="turnover_in", group="plan", money=True, targeted=True),
    Figure(code="conversions", group="plan", money=True, targeted=True),
    Figure(code="cooperation", group="plan", money=True, targeted=True),
    Figure(code="firms", group="plan", targeted=True),
    *(Figure(code=firms_of(level), group="plan", targeted=True) for level in LADDER_LEVELS),
    Figure(code="institutions", group="plan", targeted=True),
    Figure(code="brokers", group="plan", targeted=True),
    Figure(code="related", group="plan"),
)
# The steps of the funnel: each demand once at each, under the quarter in which it was submitted.
STEPS: Final = ("submitted", "triaged", "introduced", "mutual", "signed", "registered")
_FUNNEL: Final = tuple(
    Figure(code=code, group="funnel", timed=code != STEPS[0], money=False) for code in STEPS
)
_FRESH: Final = tuple(
    Figure(code=code, group="fresh")
    for code in ("demands_published", "demands_expired", "outcomes_published", "outcomes_expired")
)
_RESPONSE: Final = (
    Figure(code="demands_waiting", group="response", present=True),
    Figure(code="outcomes_waiting", group="response", present=True),
    Figure(code="reviews_overdue", group="response"),
    Figure(code="introductions_answered", group="response", timed=True),
    Figure(code="introductions_declined", group="response"),
    Figure(code="introductions_waiting", group="response", present=True),
    Figure(code="introductions_lapsed", group="response"),
    Figure(code="questions_answered", group="response", timed=True),
    Figure(code="questions_waiting", group="response", present=True),
    Figure(code="questions_lapsed", group="response"),
    Figure(code="none_found", group="response"),
    Figure(code="requests_waiting", group="response", present=True),
    Figure(code="talks_dormant", group="response"),
    Figure(code="talks_lost", group="response"),
)
FIGURES: Final[Mapping[str, Figure]] = {
    one.code: one for one in (*_PLAN, *_FUNNEL, *_FRESH, *_RESPONSE)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event that a figure counts.

    ``quarter`` is the one that it counts in; ``waited`` are seconds since what came before.
    """

    figure: str
    event_id: int
    day: date
    quarter: str
    region: str = ""
    chains: tuple[str, ...] = ()
    amount: Decimal = Decimal(0)
    waited: int | None = None


def quarter_of(day: date) -> str:
    """The quarter of a day as ``2026-Q1``."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def quarters_of(period: str) -> tuple[str, str]:
    """The first and the last quarter of a quarter or a year; empty for no bounds."""
    if not period or "Q" in period:
        return period, period
    return f"{period}-Q1", f"{period}-Q4"


def days_of(period: str) -> tuple[date, date]:
    """The first day of a quarter or of a year, and the first day after it."""
    year, _, number = period.partition("-Q")
    first = 3 * int(number or 1) - 2
    after = first + (3 if number else 12)
    return date(int(year), first, 1), date(int(year) + after // 13, (after - 1) % 12 + 1, 1)


def reached(actual: Decimal, baseline: Decimal | None, target: Decimal | None) -> int | None:
    """How much of the way from baseline to target is done, in per cent; None without a target.

    Without a baseline the way begins at nothing. It may lie below 0 or above 100.
    """
    if target is None:
        return None
    start = baseline or Decimal(0)
    way = target - start
    if not way:
        return 100 if actual >= target else 0
    return int(100 * (actual - start) / way)
