"""Table plans keep every rule and lie near what is possible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matchmaker.matching.event_plan import Calendar, Plan, make_plan
from tests.event_rules import broken


@st.composite
def calendars(draw: st.DrawFn, most: int = 6) -> Calendar:
    firms, teams = draw(st.integers(1, most)), draw(st.integers(1, most))
    slots = draw(st.integers(1, 4))
    return _drawn(draw(st.integers(0, 2**32 - 1)), (firms, teams, slots))


def _drawn(seed: int, size: tuple[int, int, int]) -> Calendar:
    numbers = np.random.default_rng(seed)
    firms, teams, slots = size
    dense, free = numbers.uniform(0.2, 1, 2)
    values = numbers.integers(1, 1000, (firms, teams)) * (numbers.random((firms, teams)) < dense)
    return Calendar(
        values=values,
        firms=numbers.random((firms, slots)) < free,
        teams=numbers.random((teams, slots)) < free,
        most_of_firm=numbers.integers(0, slots + 1, firms),
        most_of_team=numbers.integers(0, slots + 1, teams),
        tables=numbers.integers(0, min(firms, teams) + 1, slots),
    )


def _best(calendar: Calendar) -> int:
    """The value of the best plan, by a programme written out limit by limit."""
    firms, teams = calendar.values.shape
    cells = [
        (firm, team, slot)
        for firm in range(firms)
        for team in range(teams)
        for slot in range(calendar.slots)
        if calendar.values[firm, team] > 0
        and calendar.firms[firm, slot]
        and calendar.teams[team, slot]
    ]
    if not cells:
        return 0
    keys: dict[Any, tuple[list[int], int]] = {}
    for number, (firm, team, slot) in enumerate(cells):
        for key, most in (
            (("pair", firm, team), 1),
            (("firm", firm, slot), 1),
            (("team", team, slot), 1),
            (("firm", firm), calendar.most_of_firm[firm]),
            (("team", team), calendar.most_of_team[team]),
            (("slot", slot), calendar.tables[slot]),
        ):
            keys.setdefault(key, ([], int(most)))[0].append(number)
    rows = np.zeros((len(keys), len(cells)))
    for row, (numbers, _most) in enumerate(keys.values()):
        rows[row, numbers] = 1
    worth = np.array([calendar.values[firm, team] for firm, team, _slot in cells])
    solved = milp(
        -worth,
        constraints=LinearConstraint(rows, -np.inf, [most for _numbers, most in keys.values()]),
        integrality=np.ones(len(cells)),
        bounds=Bounds(0, 1),
    )
    return round(-solved.fun)


@given(calendar=calendars())
def test_no_rule_is_broken_and_the_bound_is_one(calendar: Calendar) -> None:
    made = make_plan(calendar)
    assert broken(calendar, made.slot) == []
    assert made.value == int(calendar.values[made.slot >= 0].sum())
    assert made.value <= _best(calendar) <= made.bound


@given(calendar=calendars())
def test_the_same_calendar_gets_the_same_plan(calendar: Calendar) -> None:
    assert (make_plan(calendar).slot == make_plan(calendar).slot).all()


@pytest.mark.parametrize("seed", range(8))
def test_a_plan_of_a_middling_event_is_within_two_percent_of_its_bound(seed: int) -> None:
    calendar = _drawn(seed, (20, 15, 8))
    calendar = replace(
        calendar,
        most_of_firm=np.full(20, 5),
        most_of_team=np.full(15, 6),
        tables=np.full(8, 8),
    )
    made = make_plan(calendar)
    assert broken(calendar, made.slot) == []
    assert made.gap <= 0.02


def test_everybody_always_free_reaches_the_best_pairs_by_counts() -> None:
    calendar = Calendar(
        values=np.arange(1, 13).reshape(3, 4),
        firms=np.ones((3, 4), dtype=bool),
        teams=np.ones((4, 4), dtype=bool),
        most_of_firm=np.full(3, 4),
        most_of_team=np.full(4, 4),
        tables=np.full(4, 3),
    )
    made = make_plan(calendar)
    assert made.value == made.bound == 78
    assert (made.slot >= 0).all()


def test_nobody_free_or_nothing_of_value_is_an_empty_plan() -> None:
    calendar = _drawn(1, (3, 3, 2))
    nobody = make_plan(replace(calendar, firms=np.zeros((3, 2), dtype=bool)))
    nothing = make_plan(replace(calendar, values=np.zeros((3, 3), dtype=np.int64)))
    for made in (nobody, nothing):
        assert (made.value, made.bound, made.gap) == (0, 0, 0.0)
        assert (made.slot < 0).all()


def test_the_rules_of_the_test_find_what_is_wrong() -> None:
    calendar = Calendar(
        values=np.array([[5, 0], [5, 5]]),
        firms=np.array([[True, False], [True, True]]),
        teams=np.ones((2, 2), dtype=bool),
        most_of_firm=np.array([1, 1]),
        most_of_team=np.array([2, 1]),
        tables=np.array([1, 1]),
    )
    assert broken(calendar, np.array([[0, -1], [-1, 1]])) == []
    wrong = [
        [[0, 1], [-1, -1]],  # not to meet, not free, too many
        [[0, -1], [0, -1]],  # a team with two at once, too few tables
        [[-1, -1], [0, 1]],  # a firm with more meetings than it wants
    ]
    for slots in wrong:
        assert broken(calendar, np.array(slots))


def test_a_gap_is_a_share_of_the_bound() -> None:
    assert Plan(slot=np.zeros((1, 1), dtype=np.int64), value=98, bound=100).gap == pytest.approx(
        0.02
    )
