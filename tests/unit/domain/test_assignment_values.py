"""What a match is worth in whose hands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.assignment import Reviewer, Task, difficulty, urgency, value, why_unassigned
from matchmaker.services.assignment import Limits, _network, solve
from matchmaker.store.queries.assignment import Situation

_CODES = st.frozensets(st.sampled_from("abcd"), max_size=3)
_NOW = datetime(2026, 3, 2, tzinfo=UTC)


def _task(number: int = 1, **fields: object) -> Task:
    values: dict[str, object] = {
        "match_id": number,
        "company_id": 1,
        "institution_id": 2,
        "outcome_id": number,
        "worth": 0.8,
        "fields": frozenset({"materials"}),
        "clusters": frozenset(),
        "region": "wendeng",
        "difficulty": 1,
        "urgency": 0.0,
    }
    return Task(**(values | fields))  # type: ignore[arg-type]


def _reviewer(number: int = 1, **fields: object) -> Reviewer:
    values: dict[str, object] = {
        "user_id": number,
        "organisation_id": 100 + number,
        "level": "middle",
        "fields": frozenset(),
        "clusters": frozenset(),
        "regions": frozenset(),
        "free": 5,
    }
    return Reviewer(**(values | fields))  # type: ignore[arg-type]


def test_knowing_the_field_beats_knowing_everything_a_little_and_another_field_excludes() -> None:
    expert = value(_task(), _reviewer(fields=frozenset({"materials"})))
    generalist = value(_task(), _reviewer())
    assert expert > generalist > 0
    assert value(_task(), _reviewer(fields=frozenset({"energy"}))) == 0
    by_cluster = _reviewer(fields=frozenset({"energy"}), clusters=frozenset({"carbon"}))
    assert value(_task(clusters=frozenset({"carbon"})), by_cluster) == expert


def test_near_by_and_experienced_brokers_are_preferred() -> None:
    assert value(_task(), _reviewer(regions=frozenset({"wendeng"}))) > value(_task(), _reviewer())
    hard = _task(difficulty=3)
    by_level = [value(hard, _reviewer(level=one)) for one in ("junior", "middle", "senior")]
    assert by_level == sorted(by_level)
    assert by_level[0] < by_level[2]
    easy = [value(_task(), _reviewer(level=one)) for one in ("junior", "senior")]
    assert easy[0] == easy[1]


def test_urgent_matches_come_first_but_never_outweigh_a_certain_one() -> None:
    assert value(_task(urgency=1.0), _reviewer()) > value(_task(), _reviewer())
    assert value(_task(worth=0.6, urgency=1.0), _reviewer()) < value(_task(), _reviewer())
    assert urgency(_NOW, _NOW, None) == 0
    assert urgency(_NOW, _NOW - timedelta(days=15), None) == 0.5
    assert urgency(_NOW, _NOW, date(2026, 3, 2)) == 1
    assert urgency(_NOW, _NOW - timedelta(days=90), date(2027, 1, 1)) == 1


def test_a_side_of_ones_own_and_a_match_one_had_are_worth_nothing() -> None:
    assert value(_task(company_id=101), _reviewer()) == 0
    assert value(_task(institution_id=101), _reviewer()) == 0
    assert value(_task(barred=frozenset({1})), _reviewer()) == 0


def test_money_asks_for_experience() -> None:
    budgets = (None, Decimal(99), Decimal(100), Decimal(499), Decimal(500))
    assert [difficulty(one) for one in budgets] == [1, 1, 2, 2, 3]


def test_reasons_come_in_the_order_in_which_something_could_be_done() -> None:
    room, full = {1: 1}, {1: 0}
    task = _task()
    reasons = [
        why_unassigned(task, fitting=False, company_room=full, outcome_room=full),
        why_unassigned(task, fitting=True, company_room=full, outcome_room=full),
        why_unassigned(task, fitting=True, company_room=room, outcome_room=full),
        why_unassigned(task, fitting=True, company_room=room, outcome_room=room),
    ]
    assert reasons == ["no_broker", "company_flooded", "outcome_flooded", "capacity"]


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Brokers and matches of every kind."""
    reviewers = tuple(
        _reviewer(
            number,
            organisation_id=draw(st.sampled_from([1, 2, 50, None])),
            level=draw(st.sampled_from(["junior", "middle", "senior"])),
            fields=draw(_CODES),
            clusters=draw(_CODES),
            regions=draw(_CODES),
            free=draw(st.integers(0, 3)),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    )
    tasks = tuple(
        _task(
            number,
            company_id=draw(st.sampled_from([1, 3, 4])),
            outcome_id=draw(st.integers(1, 3)),
            worth=draw(st.floats(0, 1)),
            fields=draw(_CODES),
            clusters=draw(_CODES),
            region=draw(st.sampled_from(["a", "b", None])),
            difficulty=draw(st.integers(1, 3)),
            urgency=draw(st.floats(0, 1)),
            barred=draw(st.frozensets(st.integers(1, 4), max_size=2)),
        )
        for number in range(1, draw(st.integers(1, 6)) + 1)
    )
    return Situation(reviewers=reviewers, tasks=tasks, of_company={}, of_outcome={1: 1})


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_network_holds_the_rules_values_and_everything_left_has_a_true_reason(
    situation: Situation,
) -> None:
    room = {task.company_id: 2 for task in situation.tasks}
    outcomes = {task.outcome_id: 2 for task in situation.tasks}
    network = _network(situation, room, outcomes)
    for row, task in enumerate(situation.tasks):
        for place, reviewer in enumerate(situation.reviewers):
            assert network.values[row, place] == value(task, reviewer)
    found = solve(situation, Limits(of_company=2, of_outcome=2))
    assert set(found.given) | set(found.left) == {task.match_id for task in situation.tasks}
    assert not set(found.given) & set(found.left)
    for task in situation.tasks:
        if found.left.get(task.match_id) == "no_broker":
            assert not any(value(task, one) for one in situation.reviewers)
