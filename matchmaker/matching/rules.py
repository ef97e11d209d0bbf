"""What speaks for and against a pair besides its text: chains, field, maturity, money, mode, place.

Each finding is a :class:`Fact` with a code, a stance and values; the interface words it. A fact
moves the evidence a little, all together by at most ``LARGEST_SHIFT``: the text decides what is
suggested and the facts decide between near equals. Their weights are set by judgement, because no
labelled pairs tell such facts; decisions will.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from matchmaker.domain.indicator import Indicator
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.units import factor_between, plain

# In log odds of the evidence: 0.7 doubles the odds.
LARGEST_SHIFT: Final = 0.6
WEIGHTS: Final = {
    "chain": 0.2,
    "field": 0.1,
    "trl": 0.15,
    "budget": 0.15,
    "mode": 0.05,
    "region": 0.05,
    "indicator": 0.1,
    "missing": 0.0,  # what the words lack, the features have counted already
}
# Which ways of conversion answer which wanted mode of solution.
_ANSWERS: Final = {
    "commissioned": {"joint", "other"},
    "joint": {"joint", "equity"},
    "transfer": {"transfer", "equity"},
    "licence": {"licence", "transfer"},
    "acquisition": {"transfer", "licence", "equity"},
    "other": {"own", "transfer", "licence", "joint", "equity", "other"},
}
_OUTSIDE: Final = frozenset({"shandong-other", "china-other", "japan", "korea", "abroad"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One finding: ``stance`` is ``for``, ``against`` or ``neutral``; values are JSON-able."""

    code: str
    stance: str
    values: dict[str, Any] = field(default_factory=dict)


def facts(demand: Matchable, outcome: Matchable) -> tuple[Fact, ...]:
    """Everything that can be said about a pair; what either side leaves open is left out."""
    found = [
        _chain(demand, outcome),
        _field(demand, outcome),
        _trl(demand, outcome),
        _budget(demand, outcome),
        _mode(demand, outcome),
        _region(demand, outcome),
        *indicator_facts(demand, outcome),
    ]
    return tuple(fact for fact in found if fact is not None)


def shift(found: tuple[Fact, ...]) -> float:
    """What the facts add to or take from the evidence, within ``±LARGEST_SHIFT``."""
    sign = {"for": 1.0, "against": -1.0, "neutral": 0.0}
    total = sum(sign[fact.stance] * WEIGHTS[fact.code] for fact in found)
    return max(-LARGEST_SHIFT, min(LARGEST_SHIFT, total))


def _chain(demand: Matchable, outcome: Matchable) -> Fact | None:
    if not demand.chains or not outcome.chains:
        return None
    shared = sorted(demand.chains & outcome.chains)
    values = {
        "chains": shared,
        "demand": sorted(demand.chains),
        "outcome": sorted(outcome.chains),
    }
    return Fact("chain", "for" if shared else "against", values)


def _field(demand: Matchable, outcome: Matchable) -> Fact | None:
    if not demand.field or not outcome.field:
        return None
    same = demand.field == outcome.field
    values = {"demand": demand.field, "outcome": outcome.field}
    return Fact("field", "for" if same else "against", values)


def _trl(demand: Matchable, outcome: Matchable) -> Fact | None:
    if demand.trl is None or outcome.trl is None:
        return None
    values = {"wanted": demand.trl, "reached": outcome.trl}
    return Fact("trl", "for" if outcome.trl >= demand.trl else "against", values)


def _budget(demand: Matchable, outcome: Matchable) -> Fact | None:
    """The most that is offered against the least that is asked."""
    offered = demand.money_max if demand.money_max is not None else demand.money_min
    asked = outcome.money_min if outcome.money_min is not None else outcome.money_max
    if offered is None or asked is None:
        return None
    values = {"offered": offered, "asked": asked}
    return Fact("budget", "for" if asked <= offered else "against", values)


def _mode(demand: Matchable, outcome: Matchable) -> Fact | None:
    if not demand.modes or not outcome.modes:
        return None
    answers = {answer for mode in demand.modes for answer in _ANSWERS.get(mode, ())}
    values = {"wanted": sorted(demand.modes), "offered": sorted(outcome.modes)}
    return Fact("mode", "for" if answers & outcome.modes else "against", values)


def _region(demand: Matchable, outcome: Matchable) -> Fact | None:
    """The region the company prefers, else nearness: both in one district, or both in the city."""
    if outcome.region is None:
        return None
    if demand.preferred_region:
        agrees = demand.preferred_region == outcome.region
        values = {"preferred": demand.preferred_region, "outcome": outcome.region}
        return Fact("region", "for" if agrees else "against", values)
    if demand.region is None:
        return None
    values = {"demand": demand.region, "outcome": outcome.region}
    local = not ({demand.region, outcome.region} & _OUTSIDE)
    return Fact("region", "for" if local else "neutral", values)


def indicator_facts(demand: Matchable, outcome: Matchable) -> list[Fact]:
    """Each wanted indicator that the outcome names too, in a comparable unit: met or missed.

    Under conditions that differ the two numbers stand side by side and nothing follows.
    """
    found = []
    for wanted in demand.indicators:
        for offered in outcome.indicators:
            if plain(wanted.name) != plain(offered.name):
                continue
            factor = factor_between(wanted.unit, offered.unit)
            met = None if factor is None else meets(wanted, _times(offered, factor))
            if met is None:
                continue
            stance = "for" if met else "against"
            conditions = {plain(wanted.condition), plain(offered.condition)} - {""}
            if len(conditions) > 1:
                stance = "neutral"
            values = {"wanted": wanted.text, "offered": offered.text}
            found.append(Fact("indicator", stance, values))
            break
    return found


def _times(indicator: Indicator, factor: Decimal) -> Indicator:
    """The indicator with its values in a unit that is smaller by a factor."""
    high = indicator.value_high
    return replace(
        indicator,
        value=indicator.value * factor,
        value_high=None if high is None else high * factor,
    )


def meets(wanted: Indicator, offered: Indicator) -> bool | None:
    """Whether every value that is offered satisfies what is wanted; None when it cannot be told."""
    low, high = _range(offered)
    if wanted.comparator in ("ge", "gt"):
        if low is None:
            return None
        return low >= wanted.value if wanted.comparator == "ge" else low > wanted.value
    if wanted.comparator in ("le", "lt"):
        if high is None:
            return None
        return high <= wanted.value if wanted.comparator == "le" else high < wanted.value
    if low is None or high is None:
        return None
    top = wanted.value_high if wanted.value_high is not None else wanted.value
    return wanted.value <= low and high <= top


def _range(indicator: Indicator) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest value an indicator promises; None where it is open."""
    if indicator.comparator in ("ge", "gt"):
        return indicator.value, None
    if indicator.comparator in ("le", "lt"):
        return None, indicator.value
    high = indicator.value_high if indicator.value_high is not None else indicator.value
    return indicator.value, high
