"""Slots, tables and fields of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.errors import Invalid
from matchmaker.domain.event import EventFields, free_slots, seated, slot_start, still_free

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def fields(**changed: Any) -> EventFields:
    values: dict[str, Any] = {
        "title": " 碳纤维对接会 ",
        "place": "国际会展中心",
        "about": "",
        "starts_at": NOW + timedelta(days=7),
        "slot_minutes": 20,
        "slots": 8,
        "tables": 20,
        "most": 6,
    }
    return EventFields(**(values | changed))


def test_fields_are_tidied_and_nobody_meets_more_often_than_there_are_slots() -> None:
    made = fields(most=12).checked(NOW)
    assert (made.title, made.most) == ("碳纤维对接会", 8)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"title": " "}, ("title", "missing")),
        ({"place": "x" * 201}, ("place", "too_long")),
        ({"about": "\x07"}, ("about", "unclean")),
        ({"slots": 25}, ("slots", "out_of_limits")),
        ({"tables": 0}, ("tables", "out_of_limits")),
        ({"slot_minutes": 4}, ("slot_minutes", "out_of_limits")),
        ({"starts_at": NOW - timedelta(minutes=1)}, ("starts_at", "time_over")),
        ({"starts_at": NOW + timedelta(days=732)}, ("starts_at", "too_far")),
        ({"starts_at": datetime.max.replace(tzinfo=UTC)}, ("starts_at", "too_far")),
    ],
)
def test_what_cannot_be_is_named(changed: dict[str, Any], problem: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        fields(**changed).checked(NOW)
    assert refused.value.fields == dict([problem])


def test_slots_follow_each_other_and_unknown_ones_are_left_out() -> None:
    assert slot_start(NOW, 20, 3) == NOW + timedelta(hours=1)
    assert free_slots([3, 1, 1, 9, -1], 4) == [1, 3]


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({}, [1, 2, 5]),
        ({"slots": 4}, [1, 2]),
        ({"slots": 12, "tables": 1}, [1, 2, 5]),
        ({"slot_minutes": 10}, [2, 3, 4, 5]),
        ({"starts_at": NOW + timedelta(days=7, minutes=30)}, [0]),
        ({"starts_at": NOW + timedelta(days=6, hours=23, minutes=40)}, [2, 3, 6]),
        ({"starts_at": NOW + timedelta(days=8)}, []),
    ],
)
def test_of_a_changed_event_the_slots_within_the_time_given_stay_free(
    changed: dict[str, Any], kept: list[int]
) -> None:
    assert still_free([1, 2, 5], fields(), fields(**changed)) == kept


@st.composite
def meetings(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """In each slot, different firms with different teams."""
    made = []
    for slot in range(draw(st.integers(1, 5))):
        firms = draw(st.lists(st.integers(0, 9), unique=True, max_size=8))
        teams: Callable[..., Any] = st.permutations(range(10))
        made += [(slot, firm, team) for firm, team in zip(firms, draw(teams), strict=False)]
    return made


@given(placed=meetings())
def test_every_meeting_of_a_slot_has_a_table_of_its_own_and_none_is_left_between(
    placed: list[tuple[int, int, int]],
) -> None:
    tables = seated(placed)
    for slot in {one[0] for one in placed}:
        here = [table for one, table in zip(placed, tables, strict=True) if one[0] == slot]
        assert sorted(here) == list(range(1, len(here) + 1))


def test_firms_keep_their_table_and_teams_walk() -> None:
    placed = [(0, 5, 1), (0, 7, 2), (1, 5, 2), (1, 7, 1), (2, 7, 3), (2, 5, 3)]
    assert seated(placed) == [1, 2, 1, 2, 2, 1]
