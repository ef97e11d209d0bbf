"""Challenges: what is drawn from demands, who judges whom, what a ranking is, when it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.challenge import (
    TEXT_LENGTH,
    BidFields,
    ChallengeFields,
    Contender,
    Judge,
    Member,
    Source,
    check_points,
    conflict,
    drawn_from,
    ranking,
    state_at,
)
from matchmaker.domain.errors import Invalid

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WEIGHTS = {"drive": 25, "base": 20, "technical": 35, "financial": 20}
SOURCE = Source(
    title="甲", problem="周期长", target="缩短", indicators=("周期≤8 min",), chains=("motors",),
    budget=Decimal(100), months=12,
)  # fmt: skip
CALL = ChallengeFields(
    title="张榜", problem="难", target="成", indicators="周期≤8 min", conditions="", chains=(),
    amount=None, months=12, scores_needed=2, publicity_days=3, weight_drive=25, weight_base=25,
    weight_technical=25, weight_financial=25,
)  # fmt: skip
JUDGE = Judge(
    user_id=1, name="王", organisation_id=10, organisation="一所", worked_with=frozenset({"张三"})
)
BID = Contender(
    bid_id=7, author_id=2, author="李", organisation_id=20,
    team=(Member(name="赵", organisation="二所", part=""),),
)  # fmt: skip


def test_a_call_drawn_from_several_demands_says_each_thing_once() -> None:
    other = replace(SOURCE, title="乙", problem="孔隙多", budget=None, chains=("motors", "ships"))
    made = drawn_from([SOURCE, other])
    assert made.title == "甲、乙"
    assert made.problem == "1. 周期长\n2. 孔隙多"
    assert made.indicators == "周期≤8 min"
    assert made.chains == ("motors", "ships")
    assert (made.amount, made.months) == (Decimal(100), 12)
    assert made.checked() == made


@given(st.lists(st.builds(replace, st.just(SOURCE), problem=st.text(max_size=500)), max_size=10))
def test_what_is_drawn_always_fits(sources: list[Source]) -> None:
    made = drawn_from(sources)
    assert len(made.problem) <= TEXT_LENGTH
    assert sum(made.weights.values()) == 100


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"weight_drive": 30}, "weight_drive"),
        ({"weight_drive": 0, "weight_base": 50}, "weight_drive"),
        ({"scores_needed": 1}, "scores_needed"),
        ({"amount": Decimal(0)}, "amount"),
        ({"title": " "}, "title"),
        ({"problem": "字" * (TEXT_LENGTH + 1)}, "problem"),
    ],
)
def test_what_a_call_cannot_say_is_named(change: dict[str, object], field: str) -> None:
    values = {name: getattr(CALL, name) for name in CALL.__dataclass_fields__}
    with pytest.raises(Invalid) as refused:
        ChallengeFields(**(values | change)).checked()
    assert field in refused.value.fields


def test_a_draft_may_lack_what_a_submitted_bid_must_say() -> None:
    empty = BidFields(plan="", base="", indicators="", effect="", funds=None, team=())
    assert empty.checked(whole=False) == empty
    with pytest.raises(Invalid) as refused:
        empty.checked(whole=True)
    assert refused.value.fields.keys() == {
        *("plan", "base", "indicators", "effect", "funds", "team")
    }
    nameless = replace(empty, team=(Member(name="", organisation="某所", part=""),))
    with pytest.raises(Invalid):
        nameless.checked(whole=False)


def test_a_submitted_bid_stays_within_the_funds_of_the_call() -> None:
    member = Member(name="赵", organisation="某所", part="")
    bid = BidFields(
        plan="p", base="b", indicators="i", effect="e", funds=Decimal(300), team=(member,)
    )
    assert bid.checked(whole=True, most=Decimal(300)) == bid
    assert bid.checked(whole=True, most=None) == bid
    assert bid.checked(whole=False, most=Decimal(200)) == bid
    with pytest.raises(Invalid) as refused:
        bid.checked(whole=True, most=Decimal("299.99"))
    assert refused.value.fields == {"funds": "above_call"}


def test_the_second_of_the_deadline_is_late() -> None:
    until = NOW + timedelta(days=1)
    assert state_at("published", until, until - timedelta(microseconds=1)) == "published"
    assert state_at("published", until, until) == "closed"
    assert state_at("scoring", until, until) == "scoring"


@pytest.mark.parametrize(
    ("judge", "bid", "found"),
    [
        (JUDGE, BID, None),
        (replace(JUDGE, user_id=2), BID, "own_bid"),
        (replace(JUDGE, name="赵"), BID, "own_bid"),
        (replace(JUDGE, organisation_id=20), BID, "same_organisation"),
        (replace(JUDGE, organisation="二所"), BID, "same_organisation"),
        (replace(JUDGE, organisation_id=30), BID, "demander"),
        (replace(JUDGE, worked_with=frozenset({"赵"})), BID, "co_worker"),
        (replace(JUDGE, worked_with=frozenset({"李"})), BID, "co_worker"),
    ],
)
def test_whoever_is_near_a_bid_does_not_judge_it(
    judge: Judge, bid: Contender, found: str | None
) -> None:
    assert conflict(judge, bid, frozenset({30})) == found


POINTS = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, st.integers(0, 100)))


@given(st.dictionaries(st.integers(1, 9), st.lists(POINTS, min_size=1, max_size=4), max_size=6))
def test_a_ranking_holds_every_bid_in_order_between_its_extremes(
    scores: dict[int, list[dict[str, int]]],
) -> None:
    found = ranking(WEIGHTS, scores)
    assert {one.bid_id for one in found} == scores.keys()
    totals = [one.total for one in found]
    assert totals == sorted(totals, reverse=True)
    for one in found:
        given_points = [value for points in scores[one.bid_id] for value in points.values()]
        assert min(given_points) <= one.total <= max(given_points)


def test_points_lie_between_nothing_and_everything() -> None:
    check_points(dict.fromkeys(WEIGHTS), whole=False)
    with pytest.raises(Invalid):
        check_points(dict.fromkeys(WEIGHTS), whole=True)
    with pytest.raises(Invalid):
        check_points({**dict.fromkeys(WEIGHTS, 50), "base": 101}, whole=False)
    check_points({"drive": 0, "base": 100, "technical": 1, "financial": 99}, whole=True)
