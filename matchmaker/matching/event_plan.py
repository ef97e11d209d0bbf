"""The table plan of an event: short meetings of highest total value under everybody's calendar.

Three steps, each deterministic. Which pairs would be worth meeting if only counts mattered is a
flow (a b-matching), whose optimum is whole and bounds every plan. Those pairs are laid into slots
one slot after the other, first whoever has as many meetings left as free slots: without calendars
that is how a bipartite graph is edge-coloured. Then two slots at a time are planned anew exactly,
the others kept, until the plan is near the bound. Where calendars bind so that it does not come
near, the linear programme over pairs and slots gives a tighter bound, and few enough possible
meetings are planned all at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]

NOT_MET: Final = -1
# A plan as near to its bound as this is not improved any more; one nearer than the second is not
# worth what takes seconds.
_NEAR: Final = 0.005
_NEAR_ENOUGH: Final = 0.01
_PASSES: Final = 3
# Pairs whose value lies below the price of their places by more than this share of the highest
# value are not looked at when two slots are planned anew, unless that was not enough.
_FAR: Final = 0.2
_GAP: Final = 0.001
_NODES: Final = 50
_FEW: Final = 8_000  # possible meetings that are planned all at once
_PRESSING: Final = 1_000
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What is to be planned; a value of 0 says that a pair is not to meet."""

    values: Whole  # firm × team
    firms: NDArray[np.bool_]  # firm × slot: free
    teams: NDArray[np.bool_]  # team × slot: free
    most_of_firm: Whole  # meetings in all, of each firm
    most_of_team: Whole
    tables: Whole  # of each slot

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return len(self.tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who meets when (firm × team: a slot or ``NOT_MET``), its value, and what no plan exceeds."""

    slot: Whole
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """By how much, at most, the best plan is better, as a share of the bound."""
        return 1 - self.value / self.bound if self.bound else 0.0


def make_plan(calendar: Calendar) -> Plan:
    """A plan within a small share of the best possible; see :attr:`Plan.gap`."""
    slot: Whole = np.full(calendar.values.shape, NOT_MET, dtype=np.int64)
    meetable = calendar.values > 0
    meetable &= (calendar.firms.astype(int) @ calendar.teams.T.astype(int)) > 0
    if not meetable.any():
        return Plan(slot=slot, value=0, bound=0)
    bound, wanted, price = _by_counts(calendar, meetable)
    order = np.argsort(calendar.firms.sum(0) * calendar.teams.sum(0), kind="stable").tolist()
    slot = _laid_out(calendar, wanted, order)
    near = (price >= -_FAR * calendar.values.max()) | wanted
    for number in range(_PASSES):
        looked_at = meetable & near if number == 0 else meetable
        before = _value(calendar, slot)
        slot = _improved(calendar, slot, (looked_at, order, number), bound)
        if _is_near(calendar, slot, bound):
            break
        if number == 0 and not _is_near(calendar, slot, bound, _NEAR_ENOUGH):
            bound = min(bound, _by_slots(calendar, meetable))
            slot = _at_once(calendar, slot, meetable, bound)
        elif _value(calendar, slot) == before:
            break
    return Plan(slot=slot, value=_value(calendar, slot), bound=bound)


def _value(calendar: Calendar, slot: Whole) -> int:
    return int(calendar.values[slot != NOT_MET].sum())


def _is_near(calendar: Calendar, slot: Whole, bound: int, share: float = _NEAR) -> bool:
    return _value(calendar, slot) >= bound * (1 - share)


def _by_counts(
    calendar: Calendar, meetable: NDArray[np.bool_]
) -> tuple[int, NDArray[np.bool_], Real]:
    """The best pairs by counts alone: their value, which they are, what each is worth at prices."""
    from scipy.optimize import linprog

    firms, teams = calendar.values.shape
    firm, team = np.nonzero(meetable)
    groups = [
        (firm, np.minimum(calendar.most_of_firm, calendar.firms.sum(1))),
        (team, np.minimum(calendar.most_of_team, calendar.teams.sum(1))),
        (np.zeros(len(firm), dtype=np.int64), np.array([calendar.tables.sum()])),
    ]
    limits, most, binding = _limits(groups, len(firm))
    solved: Any = linprog(
        -calendar.values[firm, team], A_ub=limits, b_ub=most, bounds=(0, 1), method="highs-ds"
    )
    wanted = np.zeros_like(meetable)
    taken = solved.x > _HALF
    wanted[firm[taken], team[taken]] = True
    prices = np.zeros(len(binding))
    prices[binding] = -solved.ineqlin.marginals
    left = calendar.values - prices[:firms, None] - prices[None, firms : firms + teams] - prices[-1]
    return round(-solved.fun), wanted, left


def _by_slots(calendar: Calendar, meetable: NDArray[np.bool_]) -> int:
    """What the linear programme over pairs and slots says that no plan exceeds."""
    from scipy.optimize import linprog

    costs, limits, most, _places = _programme(calendar, meetable, list(range(calendar.slots)))
    solved: Any = linprog(costs, A_ub=limits, b_ub=most, bounds=(0, 1), method="highs-ipm")
    return int(np.floor(-solved.fun + 1e-6 * abs(solved.fun)))


def _at_once(calendar: Calendar, slot: Whole, meetable: NDArray[np.bool_], bound: int) -> Whole:
    """All slots planned together, where so few meetings are possible that this is quick."""
    possible = calendar.firms.astype(int) @ calendar.teams.T.astype(int)
    enough = _is_near(calendar, slot, bound, _NEAR_ENOUGH)
    if enough or possible[meetable].sum() > _FEW:
        return slot
    worth = np.where(meetable, calendar.values, 0)
    empty = np.full_like(slot, NOT_MET)
    made = _planned_anew(calendar, empty, list(range(calendar.slots)), worth)
    return made if _value(calendar, made) > _value(calendar, slot) else slot


def _laid_out(calendar: Calendar, wanted: NDArray[np.bool_], order: list[int]) -> Whole:
    """The wanted pairs in slots, the scarcest slot first, the most pressing pairs first in each."""
    slot: Whole = np.full(calendar.values.shape, NOT_MET, dtype=np.int64)
    for number, here in enumerate(order):
        rest = order[number:]
        left = wanted & (slot == NOT_MET)
        free = calendar.firms[:, rest].astype(int), calendar.teams[:, rest].astype(int)
        firm = left.sum(1) / np.maximum(free[0].sum(1), 1)
        team = left.sum(0) / np.maximum(free[1].sum(1), 1)
        common = np.maximum(free[0] @ free[1].T, 1)
        pressing = firm[:, None] ** 3 + team[None, :] ** 3 + 1 / common
        worth = calendar.values / calendar.values.max()
        urgency = np.rint(_PRESSING * (pressing + worth)).astype(np.int64)
        slot = _planned_anew(calendar, slot, [here], np.where(left, urgency, 0))
    return slot


def _improved(
    calendar: Calendar, slot: Whole, how: tuple[NDArray[np.bool_], list[int], int], bound: int
) -> Whole:
    """The plan after each slot was planned anew together with one beside it in the order."""
    looked_at, order, number = how
    for place in range(calendar.slots):
        if _is_near(calendar, slot, bound):
            break
        two = sorted({order[place], order[(place + 1 + number) % calendar.slots]})
        worth = np.where(looked_at | (slot != NOT_MET), calendar.values, 0)
        made = _planned_anew(calendar, slot, two, worth)
        if _value(calendar, made) > _value(calendar, slot):
            slot = made
    return slot


def _planned_anew(calendar: Calendar, slot: Whole, slots: list[int], worth: Whole) -> Whole:
    """The best plan of some slots for a worth of pairs, all other slots kept."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    kept = (slot != NOT_MET) & ~np.isin(slot, slots)
    costs, limits, most, places = _programme(calendar, (worth > 0) & ~kept, slots, kept)
    made = np.where(kept, slot, NOT_MET)
    if not len(costs):
        return made
    firm, team, when = places
    solved = milp(
        -worth[firm, team],
        constraints=LinearConstraint(limits, -np.inf, most),
        integrality=np.ones(len(costs), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": _GAP, "node_limit": _NODES},
    )
    if solved.x is None:
        return slot
    taken = np.asarray(solved.x) > _HALF
    made[firm[taken], team[taken]] = when[taken]
    return made


def _programme(
    calendar: Calendar,
    asked: NDArray[np.bool_],
    slots: list[int],
    kept: NDArray[np.bool_] | None = None,
) -> tuple[Real, Any, Real, tuple[Whole, Whole, Whole]]:
    """Costs and limits of meetings of the pairs asked for in some slots, beside those kept.

    Also firm, team and slot of each possible meeting.
    """
    beside = kept if kept is not None else np.zeros_like(asked)
    firm_left = calendar.most_of_firm - beside.sum(1)
    team_left = calendar.most_of_team - beside.sum(0)
    pairs = np.nonzero(asked & (firm_left > 0)[:, None] & (team_left > 0)[None, :])
    free = calendar.firms[pairs[0]][:, slots] & calendar.teams[pairs[1]][:, slots]
    pair, place = np.nonzero(free)
    firm, team = pairs[0][pair], pairs[1][pair]
    firms, teams = calendar.values.shape
    count = len(slots)
    groups = [
        (pair, np.ones(len(pairs[0]))),
        (firm * count + place, np.ones(firms * count)),
        (team * count + place, np.ones(teams * count)),
        (firm, firm_left),
        (team, team_left),
        (place, calendar.tables[slots]),
    ]
    limits, most, _binding = _limits(groups, len(pair))
    when = np.array(slots, dtype=np.int64)[place]
    return -calendar.values[firm, team].astype(np.float64), limits, most, (firm, team, when)


def _limits(groups: list[tuple[Whole, Any]], count: int) -> tuple[Any, Real, NDArray[np.bool_]]:
    """Limits as a sparse matrix over ``count`` columns: each group says whose row a column is in.

    A limit that cannot be reached is left out; returned are what the others allow, and which of
    all they are.
    """
    from scipy.sparse import coo_array

    rows, most, start = [], [], 0
    for row, allowed in groups:
        rows.append(row + start)
        most.append(np.asarray(allowed, dtype=np.float64))
        start += len(most[-1])
    allowed = np.concatenate(most)
    row = np.concatenate(rows)
    column = np.tile(np.arange(count), len(groups))
    binding = np.bincount(row, minlength=start) > allowed
    number = np.cumsum(binding) - 1
    held = binding[row]
    made = coo_array(
        (np.ones(int(held.sum())), (number[row[held]], column[held])),
        shape=(int(binding.sum()), count),
    )
    return made.tocsr(), allowed[binding], binding
