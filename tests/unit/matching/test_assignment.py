"""The assignment is the best there is, keeps every limit, and is the same every time."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.matching.assignment import Network, assign

_MOST_MATCHES = 5
_MOST_BROKERS = 3


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Small cases, often with equal values and with limits that bind."""
    matches = draw(st.integers(0, _MOST_MATCHES))
    brokers = draw(st.integers(0, _MOST_BROKERS))
    sides = draw(st.integers(1, 3))

    def whole(count: int, low: int, high: int) -> np.ndarray:
        found = draw(st.lists(st.integers(low, high), min_size=count, max_size=count))
        return np.array(found, dtype=np.int64)

    return Network(
        values=whole(matches * brokers, 0, draw(st.sampled_from([1, 3, 1_000]))).reshape(
            matches, brokers
        ),
        capacity=whole(brokers, 0, 2),
        company=whole(matches, 0, sides - 1),
        company_room=whole(sides, 0, 2),
        outcome=whole(matches, 0, sides - 1),
        outcome_room=whole(sides, 0, 2),
    )


def _keeps_limits(network: Network, found: np.ndarray) -> bool:
    taken = found >= 0
    pairs = (
        (found[taken], network.capacity),
        (network.company[taken], network.company_room),
        (network.outcome[taken], network.outcome_room),
    )
    counted = [np.bincount(used, minlength=len(room)) <= room for used, room in pairs]
    rows = np.flatnonzero(taken)
    return all(one.all() for one in counted) and bool(
        (network.values[rows, found[taken]] > 0).all()
    )


def _total(network: Network, found: np.ndarray) -> int:
    rows = np.flatnonzero(found >= 0)
    return int(network.values[rows, found[rows]].sum())


def _best_total(network: Network) -> int:
    """By trying everything."""
    matches, brokers = network.values.shape
    tried = (np.array(one, dtype=np.int64) for one in product(range(-1, brokers), repeat=matches))
    return max(_total(network, one) for one in tried if _keeps_limits(network, one))


@settings(max_examples=400, deadline=None)
@given(networks())
def test_no_other_assignment_is_worth_more(network: Network) -> None:
    found = assign(network)
    assert _keeps_limits(network, found)
    assert _total(network, found) == _best_total(network)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 4), st.integers(1, 3))
def test_limits_hold_in_larger_cases_and_nothing_is_left_that_would_fit(
    seed: int, most: int, room: int
) -> None:
    network = _random(seed, matches=80, brokers=12, most=most, room=room)
    found = assign(network)
    assert _keeps_limits(network, found)
    for match in np.flatnonzero(found < 0):
        for broker in np.flatnonzero(network.values[match] > 0):
            more = found.copy()
            more[match] = broker
            assert not _keeps_limits(network, more)


def test_the_same_case_ends_the_same_every_time() -> None:
    network = _random(7, matches=120, brokers=10, most=3, room=2)
    first = assign(network)
    assert all((assign(network) == first).all() for _ in range(3))


def test_of_equal_matches_the_older_is_assigned() -> None:
    network = Network(
        values=np.full((3, 2), 500, dtype=np.int64),
        capacity=np.array([1, 1]),
        company=np.array([0, 1, 2]),
        company_room=np.array([1, 1, 1]),
        outcome=np.array([0, 1, 2]),
        outcome_room=np.array([1, 1, 1]),
    )
    found = assign(network)
    assert found[2] == -1
    assert sorted(found[:2]) == [0, 1]


def test_crossing_limits_that_the_network_alone_would_split_end_in_whole_matches() -> None:
    """A ring of three matches, each sharing a side with the next: halves would be worth more."""
    network = Network(
        values=np.array([[10, 0, 0], [10, 10, 0], [0, 10, 10]], dtype=np.int64),
        capacity=np.array([1, 1, 1]),
        company=np.array([0, 0, 1]),
        company_room=np.array([1, 1]),
        outcome=np.array([0, 1, 1]),
        outcome_room=np.array([1, 1]),
    )
    found = assign(network)
    assert _total(network, found) == _best_total(network)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 2)])
def test_where_nothing_can_be_assigned_nothing_is(shape: tuple[int, int]) -> None:
    matches, brokers = shape
    network = Network(
        values=np.zeros(shape, dtype=np.int64),
        capacity=np.ones(brokers, dtype=np.int64),
        company=np.zeros(matches, dtype=np.int64),
        company_room=np.array([5]),
        outcome=np.zeros(matches, dtype=np.int64),
        outcome_room=np.array([5]),
    )
    assert (assign(network) == -1).all()


def _random(seed: int, *, matches: int, brokers: int, most: int, room: int) -> Network:
    draw = np.random.default_rng(seed)
    values = draw.integers(1, 1_000, (matches, brokers))
    values[draw.random((matches, brokers)) < 0.4] = 0
    return Network(
        values=values.astype(np.int64),
        capacity=draw.integers(0, most + 1, brokers),
        company=draw.integers(0, 20, matches),
        company_room=np.full(20, room),
        outcome=draw.integers(0, 20, matches),
        outcome_room=np.full(20, room),
    )
