"""Who reviews which match: the assignment of highest total value under every limit, exactly.

Matches, brokers, companies and outcomes make a network: one unit flows from a company over a match
to a broker, each with a capacity. The second family of limits, over outcomes, crosses the first, so
the network alone would not end in whole numbers: its linear programme is solved with columns (a
match with one broker) that are made as their prices ask for them, which bounds what is possible;
a mixed-integer programme over the columns that could still matter then finds the best whole
solution. Columns whose reduced value lies below the gap between both cannot be in any better one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]

# How many columns to begin with, and the fewest of each match.
_FIRST_COLUMNS: Final = 6_000
_FEWEST_COLUMNS: Final = 3
_ADDED_COLUMNS: Final = 1  # at most so many more of a match in each round
_OF_BROKER: Final = 16  # and of a broker
# Steps of guessing prices: how many, how large at first (of the highest value), how they shrink.
_GUESSES: Final = 30
_STEP: Final = 0.5
_SHRINKING: Final = 0.88
_ROUNDS: Final = 200
_TOLERANCE: Final = 1e-6
_NOTHING_LEFT: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is to be assigned: values are whole numbers, 0 where a broker must not have a match.

    ``company`` and ``outcome`` give each match's row in the lists of what is still possible there.
    """

    values: Whole  # match × broker
    capacity: Whole  # of each broker
    company: Whole  # of each match
    company_room: Whole
    outcome: Whole  # of each match
    outcome_room: Whole


def assign(network: Network) -> Whole:
    """The broker of each match, -1 for none; the total value is the highest possible.

    Deterministic. Among solutions of equal value, low rows (the older ids) come first as far as the
    solver's precision tells them apart.
    """
    matches, brokers = network.values.shape
    found: Whole = np.full(matches, -1, dtype=np.int64)
    if not matches or not brokers or not (network.values > 0).any():
        return found
    weights = _with_ties(network.values)
    columns = _first_columns(network, weights)
    columns, parts, prices = _priced(network, weights, columns)
    chosen = columns[parts > 0.5]  # noqa: PLR2004 - the solver's ones and zeros are nearly so
    if np.abs(parts - np.rint(parts)).max() > _TOLERANCE:
        chosen = _best_whole(
            network, weights, columns, float(parts @ weights.ravel()[columns]), prices
        )
    found[chosen // brokers] = chosen % brokers
    return found


def _best_whole(
    network: Network, weights: Real, columns: Whole, bound: float, prices: Real
) -> Whole:
    """The best whole solution where the linear programme ended in fractions."""
    chosen, total = _whole(network, weights, columns)
    gap = bound - total
    reduced = _reduced(network, weights, prices)
    wider = np.flatnonzero((reduced >= -gap - _TOLERANCE) & (weights > 0).ravel())
    if len(np.setdiff1d(wider, columns)):
        chosen, _ = _whole(network, weights, np.union1d(columns, wider))
    return chosen


def _with_ties(values: Whole) -> Real:
    """Values with a bonus for low rows and columns that all together stays below one half."""
    matches, brokers = values.shape
    rows = 1 - np.arange(matches)[:, None] / matches
    places = 1 - np.arange(brokers)[None, :] / brokers
    bonus = (0.35 * rows + 0.1 * places) / matches
    return np.where(values > 0, values + bonus, 0.0)


def _first_columns(network: Network, weights: Real) -> Whole:
    """Each match's best brokers at prices guessed by a few dozen steps down the dual's slope."""
    matches, brokers = weights.shape
    ends = np.cumsum([matches, brokers, len(network.company_room)])
    prices = np.zeros(ends[-1] + len(network.outcome_room))
    everyone = np.arange(matches)
    step = _STEP * float(weights.max())
    for _guess in range(_GUESSES):
        reduced = _reduced(network, weights, prices).reshape(weights.shape)
        reduced[weights <= 0] = -np.inf
        best = reduced.argmax(axis=1)
        wanted = reduced[everyone, best] > 0
        parts = (
            (brokers, best, network.capacity, ends[0]),
            (len(network.company_room), network.company, network.company_room, ends[1]),
            (len(network.outcome_room), network.outcome, network.outcome_room, ends[2]),
        )
        for count, asked, room, start in parts:
            excess = np.bincount(asked[wanted], minlength=count) - room
            place = slice(start, start + count)
            change = step * np.clip(excess / np.maximum(room, 1), -1, 1)
            prices[place] = np.maximum(0.0, prices[place] + change)
        step *= _SHRINKING
    reduced = _reduced(network, weights, prices).reshape(weights.shape)
    reduced[weights <= 0] = -np.inf
    count = max(_FEWEST_COLUMNS, _FIRST_COLUMNS // matches)
    return _best_columns(reduced, count, _OF_BROKER, -np.inf)


def _best_columns(reduced: Real, of_match: int, of_broker: int, above: float) -> Whole:
    """The few best columns of each match and of each broker, of those that lie above a value.

    Where capacity is scarce, what a broker's best matches are decides; where it is ample, who a
    match's best brokers are.
    """
    matches, brokers = reduced.shape
    of_match, of_broker = min(of_match, brokers), min(of_broker, matches)
    by_match = np.argpartition(-reduced, of_match - 1, axis=1)[:, :of_match]
    by_broker = np.argpartition(-reduced, of_broker - 1, axis=0)[:of_broker]
    columns: Whole = np.union1d(
        np.arange(matches)[:, None] * brokers + by_match,
        by_broker * brokers + np.arange(brokers)[None, :],
    )
    return columns[reduced.ravel()[columns] > above]


def _rows(network: Network, columns: Whole) -> tuple[csr_array, Real, NDArray[np.bool_]]:
    """The limits as a sparse matrix over the columns, what each allows, and which are in it."""
    from scipy.sparse import csr_array

    matches, brokers = network.values.shape
    match, broker = columns // brokers, columns % brokers
    offsets = np.cumsum([0, matches, brokers, len(network.company_room)])
    groups = (match, broker, network.company[match], network.outcome[match])
    rows = np.concatenate([group + offset for group, offset in zip(groups, offsets, strict=True)])
    places = np.tile(np.arange(len(columns)), 4)
    allowed = np.concatenate(
        [np.ones(matches), network.capacity, network.company_room, network.outcome_room]
    )
    binding = _may_bind(network, allowed)
    number = np.cumsum(binding) - 1
    kept = binding[rows]
    shape = (int(binding.sum()), len(columns))
    matrix = csr_array((np.ones(int(kept.sum())), (number[rows[kept]], places[kept])), shape=shape)
    return matrix, allowed[binding].astype(np.float64), binding


def _may_bind(network: Network, allowed: Real) -> NDArray[np.bool_]:
    """Which limits could be reached at all; the others only slow the solver down."""
    matches, brokers = network.values.shape
    of_company = np.bincount(network.company, minlength=len(network.company_room))
    of_outcome = np.bincount(network.outcome, minlength=len(network.outcome_room))
    always = np.full(matches + brokers, matches + 1)
    binding: NDArray[np.bool_] = np.concatenate([always, of_company, of_outcome]) > allowed
    return binding


def _priced(network: Network, weights: Real, columns: Whole) -> tuple[Whole, Real, Real]:
    """Columns enough for the linear programme over all of them, its solution and its prices."""
    from scipy.optimize import linprog

    parts, prices = np.zeros(0), np.zeros(0)
    for _round in range(_ROUNDS):
        matrix, allowed, binding = _rows(network, columns)
        solved = linprog(  # type: ignore[call-overload] # the stubs know dense limits alone
            -weights.ravel()[columns],
            A_ub=matrix,
            b_ub=allowed,
            bounds=(0, None),
            method="highs-ipm",
        )
        parts, prices = np.asarray(solved.x), np.zeros(len(binding))
        prices[binding] = -np.asarray(solved.ineqlin.marginals)
        reduced = _reduced(network, weights, prices).reshape(weights.shape)
        reduced[weights <= 0] = -np.inf
        # More than the sum of what each match, or each place of a broker, could still gain is not
        # to be had. Values are whole and bonuses sum to less than a half: below that, the value
        # itself is the highest.
        gain = np.clip(reduced, 0, None)
        left = min(gain.max(axis=1).sum(), (gain.max(axis=0) * network.capacity).sum())
        if left < _NOTHING_LEFT:
            break
        new = np.setdiff1d(_best_columns(reduced, _ADDED_COLUMNS, _OF_BROKER, _TOLERANCE), columns)
        if not len(new):
            break
        columns = np.union1d(columns, new)
    return columns, parts, prices


def _reduced(network: Network, weights: Real, prices: Real) -> Real:
    """What each column is worth beyond the prices of the limits it uses."""
    matches, brokers = weights.shape
    ends = np.cumsum([matches, brokers, len(network.company_room)])
    match, broker, company, outcome = np.split(prices, ends)
    side = match + company[network.company] + outcome[network.outcome]
    reduced: Real = (weights - side[:, None] - broker[None, :]).ravel()
    return reduced


def _whole(network: Network, weights: Real, columns: Whole) -> tuple[Whole, float]:
    """The best solution in whole numbers over some columns, and its value."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, allowed, _ = _rows(network, columns)
    worth = weights.ravel()[columns]
    solved = milp(
        -worth,
        constraints=LinearConstraint(matrix, -np.inf, allowed),
        integrality=np.ones(len(columns), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    taken = np.asarray(solved.x) > 0.5  # noqa: PLR2004 - the solver's ones and zeros are nearly so
    return columns[taken], float(worth[taken].sum())
