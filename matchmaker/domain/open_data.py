"""What is published for everybody: which counters, and when a number is too small to be told.

Numbers below :data:`FEWEST` are told as fewer than that: with so few, whoever knows one firm could
tell the others. Zero is told. Years stand alone, without sums over years or parts that add up, and
hold what happened in closed quarters only, so that nobody learns of a single event by looking every
day; what is open at present is therefore told nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.demand import NAMES as DEMAND_NAMES
from matchmaker.domain.figure import FIGURES, STEPS
from matchmaker.domain.outcome import NAMES as OUTCOME_NAMES
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS

FEWEST: Final = 5
_HIDDEN: Final = CONFIDENTIAL_FIELDS | REDACTED_FIELDS
# Fields of public records as files tell them; whom a demand is directed to is nobody else's.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "demand": tuple(sorted(DEMAND_NAMES - _HIDDEN - {"title", "recipients"})),
    "outcome": tuple(sorted(OUTCOME_NAMES - _HIDDEN - {"title"})),
}
# No amounts, which the parties and the bureau alone read; no parts of another counter; nothing that
# is as it is at present.
COUNTERS: Final = (
    *("turnover", "firms", "institutions", "brokers"),
    *STEPS,
    *(
        one.code
        for one in FIGURES.values()
        if one.group in ("fresh", "response") and not one.present
    ),
    "related",
)


def told(count: int) -> int | None:
    """A counter as everybody may know it; None for fewer than :data:`FEWEST`, but not none."""
    return count if count == 0 or count >= FEWEST else None
