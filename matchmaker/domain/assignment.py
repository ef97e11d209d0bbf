"""Which broker suits which match, and how much: rules without any database.

Values are whole thousandths, so that equal is equal. Every match that is left without a broker has
a reason of ``UNASSIGNED_REASONS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from matchmaker.domain.vocabulary import BROKER_LEVELS
from matchmaker.domain.working_days import day_of

DECISION_DAYS: Final = 3  # working days until a broker must have decided
USABLE: Final = 2  # weaker pairs stay in the pool: cards always shown train people to ignore them
MOST_CAPACITY: Final = 200
DEFAULT_CAPACITY: Final = 40

# What a value is made of, in thousandths of a pair that is certainly usable.
_WORTH: Final = 1_000
_EXPERTISE: Final = 200
_REGION: Final = 60
_LEVEL: Final = 60
_URGENCY: Final = 150
GENERALIST: Final = 50  # whoever names no field knows a little of all
UNKNOWN: Final = 50  # nobody can tell whether a pair without field and chain fits
_LONGEST_WAIT: Final = 30  # days
_LARGE: Final = Decimal(500)  # 万元: for a senior broker
_MIDDLING: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """A broker as far as the assignment looks: what they know and how much they can still take.

    No field and no cluster means every one of them; no region likewise.
    """

    user_id: int
    organisation_id: int | None
    level: str
    fields: frozenset[str]
    clusters: frozenset[str]
    regions: frozenset[str]
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A match that waits for a broker; ``barred`` are those who had it already."""

    match_id: int
    company_id: int
    institution_id: int
    outcome_id: int
    worth: float
    fields: frozenset[str]
    clusters: frozenset[str]
    region: str | None
    difficulty: int
    urgency: float
    barred: frozenset[int] = frozenset()


def difficulty(budget: Decimal | None) -> int:
    """How senior a broker a demand asks for, 1 to 3, by the money in it."""
    if budget is None or budget < _MIDDLING:
        return 1
    return 2 if budget < _LARGE else 3


def urgency(now: datetime, suggested: datetime, expires_on: date | None) -> float:
    """0 to 1: how long a pair has waited, or how soon its demand expires."""
    waited = (now - suggested).days / _LONGEST_WAIT
    near = 0.0
    if expires_on is not None:
        near = 1 - (expires_on - day_of(now)).days / _LONGEST_WAIT
    return min(1.0, max(0.0, waited, near))


def base_value(task: Task) -> int:
    """What a match is worth whoever reviews it; never 0."""
    return max(1, round(_WORTH * task.worth + _URGENCY * task.urgency))


def share(wanted: frozenset[str], known: frozenset[str]) -> int:
    """What knowing so many of the wanted fields, or clusters, adds."""
    return round(_EXPERTISE * len(wanted & known) / len(wanted)) if wanted else 0


def is_generalist(reviewer: Reviewer) -> bool:
    """Whether a broker names nothing in particular."""
    return not reviewer.fields and not reviewer.clusters


def is_unknown(task: Task) -> bool:
    """Whether nobody can tell what a match is about."""
    return not task.fields and not task.clusters


def expertise(task: Task, reviewer: Reviewer) -> int:
    """What knowing the field or the cluster adds; 0 where the broker knows neither."""
    if is_generalist(reviewer):
        return GENERALIST
    if is_unknown(task):
        return UNKNOWN
    return max(share(task.fields, reviewer.fields), share(task.clusters, reviewer.clusters))


def closeness(region: str | None, reviewer: Reviewer) -> int:
    """What working in the company's district adds."""
    return _REGION if region is not None and region in reviewer.regions else 0


def seniority(wanted: int, reviewer: Reviewer) -> int:
    """What enough experience adds; a level too low adds less."""
    missing = max(0, wanted - 1 - list(BROKER_LEVELS).index(reviewer.level))
    return _LEVEL * max(0, 2 - missing) // 2


def is_barred(task: Task, reviewer: Reviewer) -> bool:
    """Whether the broker must not have the match: of one of the sides, or had it before."""
    return reviewer.user_id in task.barred or reviewer.organisation_id in {
        task.company_id,
        task.institution_id,
    }


def value(task: Task, reviewer: Reviewer) -> int:
    """What the match is worth in this broker's hands; 0 where it must not go there."""
    known = expertise(task, reviewer)
    if not known or is_barred(task, reviewer):
        return 0
    near = closeness(task.region, reviewer)
    return base_value(task) + known + near + seniority(task.difficulty, reviewer)


def why_unassigned(
    task: Task,
    *,
    fitting: bool,
    company_room: Mapping[int, int],
    outcome_room: Mapping[int, int],
) -> str:
    """The reason why a match was left, given what room an assignment has left."""
    if not fitting:
        return "no_broker"
    if company_room[task.company_id] <= 0:
        return "company_flooded"
    if outcome_room[task.outcome_id] <= 0:
        return "outcome_flooded"
    return "capacity"
