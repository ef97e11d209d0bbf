"""How quickly people answer: what counts as a question, what as its answer, and when it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

# Fewer answers say nothing about anybody, and might tell of a single one.
FEWEST_RESPONSES: Final = 5
LOOKED_AT: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One way in which somebody is asked and somebody answers, as actions in the audit."""

    noun: str
    asked: frozenset[str]
    answered: frozenset[str]


# A further way to be asked is one row here: badge, page and record follow.
EXCHANGES: Final = (
    Exchange(noun="demand", asked=frozenset({"submit"}), answered=frozenset({"publish", "return"})),
    Exchange(
        noun="outcome",
        asked=frozenset({"submit"}),
        answered=frozenset({"approve", "request_changes"}),
    ),
    Exchange(
        noun="next_step",
        asked=frozenset({"ask"}),
        answered=frozenset({"answer", "adopt", "decline"}),
    ),
    Exchange(
        noun="introduction", asked=frozenset({"ask"}), answered=frozenset({"accept", "decline"})
    ),
    Exchange(noun="question", asked=frozenset({"ask"}), answered=frozenset({"answer"})),
)


def middle(times: Sequence[timedelta]) -> timedelta:
    """The median of some response times, at least one."""
    return timedelta(seconds=median(one.total_seconds() for one in times))


def usual(times: Sequence[timedelta]) -> timedelta | None:
    """The median of response times, or None where there are too few to be told."""
    return middle(times) if len(times) >= FEWEST_RESPONSES else None
