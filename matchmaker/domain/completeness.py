"""How complete a record is, weighted by what readers and the engine need of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from matchmaker.domain.draft import plain_text
from matchmaker.domain.record import REQUIRED_TO_SUBMIT

# A text shorter than this counts by half: a word is not yet a description.
SHORT_TEXT: Final = 30
_TEXTS: Final = frozenset({"problem", "target", "summary", "problem_solved", "advantage"})

# What the text decides weighs most: the engine ranks by it, and readers complain of its lack.
WEIGHTS: Final[Mapping[str, Mapping[str, int]]] = {
    "demand": {
        "title": 10, "problem": 18, "key_technology": 10, "target": 14, "indicators": 12,
        "kind": 4, "field": 4, "chains": 6, "keywords": 5, "solution_mode": 5, "budget": 5,
        "period_months": 3, "lowest_trl": 2, "constraints": 2,
    },
    "outcome": {
        "title": 10, "summary": 14, "problem_solved": 12, "advantage": 14, "indicators": 12,
        "scenes": 6, "stage": 4, "trl": 5, "trl_evidence": 3, "field": 4, "chains": 6,
        "keywords": 4, "conversion_modes": 3, "ip": 3,
    },
}  # fmt: skip
_ANY_OF: Final = {"budget": ("budget_min", "budget_max")}


@dataclass(frozen=True, slots=True)
class Lack:
    """A field that is empty or too short, and what it weighs."""

    field: str
    weight: int
    required: bool
    short: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """A share from 0 to 100, and what is missing, the weightiest first."""

    percent: int
    lacks: tuple[Lack, ...]


def completeness(noun: str, values: Mapping[str, object]) -> Completeness:
    """Weigh what is there against what there could be."""
    required = frozenset(REQUIRED_TO_SUBMIT[noun])
    weights = WEIGHTS[noun]
    reached, lacks = 0.0, []
    for name, weight in weights.items():
        share = _share(name, values)
        reached += share * weight
        if share < 1:
            first = _ANY_OF.get(name, (name,))[0]
            lacks.append(Lack(first, weight, name in required, short=share > 0))
    percent = round(100 * reached / sum(weights.values()))
    if lacks:
        percent = min(percent, 99)  # complete is said of what is complete
    return Completeness(
        percent, tuple(sorted(lacks, key=lambda lack: (not lack.required, -lack.weight)))
    )


def _share(name: str, values: Mapping[str, object]) -> float:
    texts = [plain_text(values.get(key)).strip() for key in _ANY_OF.get(name, (name,))]
    longest = max(map(len, texts))
    if not longest:
        return 0.0
    return 0.5 if name in _TEXTS and longest < SHORT_TEXT else 1.0
