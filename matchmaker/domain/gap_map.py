"""The gap map 建链补链延链强链: what stands on a chain, and what that calls for.

The plan names the four and leaves open when each is due; the rule here is the platform's, told on
the page: docs/decisions/0021.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# Below this share of demands with a usable outcome, a chain with local supply is still weak.
_ANSWERED_SHARE: Final = 0.5
# Where a record is counted that has no district, or whose district the reader may not learn.
NO_REGION: Final = "none"
# Where a record is counted that stands on no chain.
NO_CHAIN: Final = ""
_DISTRICTS: Final = frozenset({"district", "zone"})
# From how many open demands without a usable outcome on a cell of the heat map is darker.
HEAT_STEPS: Final = (1, 3, 6, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Open demands and outcomes of one place of the map.

    ``answered`` are demands with a usable outcome; outcomes are split by provenance.
    """

    demands: int = 0
    answered: int = 0
    local: int = 0
    outside: int = 0
    collected: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together; of different records."""
        return Counts(
            demands=self.demands + other.demands,
            answered=self.answered + other.answered,
            local=self.local + other.local,
            outside=self.outside + other.outside,
            collected=self.collected + other.collected,
        )

    @property
    def unmet(self) -> int:
        """Demands that nothing fits."""
        return self.demands - self.answered

    @property
    def supply(self) -> int:
        """Outcomes from anywhere."""
        return self.local + self.outside + self.collected

    @property
    def share(self) -> int | None:
        """Demands with a usable outcome, in hundredths; None without demands."""
        return round(100 * self.answered / self.demands) if self.demands else None

    @property
    def heat(self) -> int:
        """How dark the place is, 0 to 4, by its unmet demands."""
        return sum(self.unmet >= step for step in HEAT_STEPS)


def together(counts: Iterable[Counts]) -> Counts:
    """All of some counts of different records."""
    whole = Counts()
    for one in counts:
        whole = whole.plus(one)
    return whole


def call_for(here: Counts, chain: Counts | None = None) -> str:
    """What a place calls for: a ``CHAIN_CALLS`` code.

    ``chain`` is the whole chain that a district is a part of: a firm draws on the outcomes of the
    whole city, and an outcome serves firms anywhere in it. So supply lies idle only where nobody on
    the whole chain asks.
    """
    reach = chain or here
    if not here.demands:
        if not here.supply:
            return "none"
        return "serves" if reach.demands else "extend"
    if not reach.supply:
        return "build"
    if not reach.local:
        return "fill"
    return "strengthen" if here.answered < _ANSWERED_SHARE * here.demands else "balanced"


def is_district(kind: str) -> bool:
    """Whether a region of the plan is a column of the map."""
    return kind in _DISTRICTS
