"""Consortia 产学研联合体: several outcomes that together answer what no single one does.

A demand is split into parts. What each part weighs and what may be called covered is said here; who
covers what is found by ``matching/consortium.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from matchmaker.domain.indicator import Indicator

# How much of a demand a part is. No labels tell; the key technology is what is asked for.
PART_WEIGHTS: Final = {
    "key_technology": 3,
    "problem": 2,
    "target": 2,
    "indicator": 2,
    "description": 2,
    "constraint": 1,
}
# From this P(usable) on, an outcome is taken to cover a part in words: docs/decisions/0018.
COVERS: Final = 0.25
# An indicator counts where its outcome belongs to the matter at all: as the demand's whole.
BELONGS: Final = 0.15
MOST_PARTS: Final = 16
# A consortium of more partners than this is not put together in practice.
MOST_MEMBERS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that a demand asks for: a sentence, or an indicator."""

    kind: str  # a key of PART_WEIGHTS
    text: str
    indicator: Indicator | None = None

    @property
    def weight(self) -> int:
        """How much of the demand it is."""
        return PART_WEIGHTS[self.kind]


class Standing(StrEnum):
    """How an outcome stands to a part."""

    COVERS = "covers"
    MISSES = "misses"  # names the indicator with a value that is not enough
    DIFFERS = "differs"  # names it under other conditions
    NONE = "none"
