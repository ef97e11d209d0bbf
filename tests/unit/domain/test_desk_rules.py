"""Shares make up the whole, and secondments hold on their days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.errors import Invalid
from matchmaker.domain.secondment import holds, require_period
from matchmaker.domain.share import divided, portions, require_percent

_DAY = date(2026, 3, 2)


@given(
    amount=st.decimals(min_value=0, max_value=10**9, places=6),
    percent=st.integers(min_value=0, max_value=99),
)
def test_parts_of_an_amount_make_up_the_whole(amount: Decimal, percent: int) -> None:
    parts = portions(1, 2 if percent else None, percent)
    assert sum(one.percent for one in parts) == 100
    money = divided(amount, parts)
    assert sum(money.values(), Decimal(0)) == amount
    if percent:
        assert abs(money[2] - amount * percent / 100) <= Decimal("0.0000005")


@pytest.mark.parametrize("percent", [-1, 0, 100, 101])
def test_a_share_leaves_something_to_both(percent: int) -> None:
    with pytest.raises(Invalid):
        require_percent(percent)


@pytest.mark.parametrize(
    ("state", "begins", "ends", "expected"),
    [
        ("active", 0, 0, True),
        ("active", -5, 5, True),
        ("active", 1, 5, False),
        ("active", -5, -1, False),
        ("proposed", -5, 5, False),
        ("ended", -5, 5, False),
    ],
)
def test_a_secondment_holds_from_its_first_to_its_last_day(
    state: str, begins: int, ends: int, expected: bool
) -> None:
    first, last = _DAY + timedelta(days=begins), _DAY + timedelta(days=ends)
    assert holds(state, first, last, _DAY) is expected


def test_a_secondment_that_begins_and_ends_today_is_a_period() -> None:
    require_period(_DAY, _DAY, _DAY)
