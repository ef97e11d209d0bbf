"""A broker's decisions: who may, when, what is remembered, and how they are taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from matchmaker.domain.assignment import DECISION_DAYS
from matchmaker.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.domain.vocabulary import ROLES
from matchmaker.services import match_review
from matchmaker.services.account import actor_of
from matchmaker.store.audit import AuditEvent
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.queries.match_review import queue, revocable
from matchmaker.store.queries.review_queue import QueueFilters
from tests.conftest import Clock
from tests.integration.match_review.conftest import Desk


def _actor(desk: Desk, role: str = "broker") -> Actor:
    with desk.platform.reading() as uow:
        return actor_of(uow.session.get_one(User, desk.people[role].id))


def test_accepting_remembers_who_and_when(desk: Desk, clock: Clock) -> None:
    with desk.platform.unit_of_work() as uow:
        match_review.accept(uow, _actor(desk), match_id=desk.matches[0], note="电话确认")
    match = desk.match()
    assert (match.state, match.note) == ("accepted", "电话确认")
    assert match.decided_by == desk.people["broker"].id
    assert match.decided_at == clock()
    with desk.platform.reading() as uow:
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.noun == "match")).one()
        assert (event.action, event.state_from, event.state_to) == (
            "accept",
            "suggested",
            "accepted",
        )


@pytest.mark.parametrize("reason", ["", "nonsense"])
def test_a_dismissed_match_needs_a_reason_of_the_list(desk: Desk, reason: str) -> None:
    with pytest.raises(Invalid) as caught, desk.platform.unit_of_work() as uow:
        match_review.dismiss(uow, _actor(desk), match_id=desk.matches[0], reason=reason)
    assert caught.value.fields == {"reason": "unknown"}
    assert desk.match().state == "suggested"


def test_another_reason_needs_a_note(desk: Desk) -> None:
    with pytest.raises(Invalid), desk.platform.unit_of_work() as uow:
        match_review.dismiss(uow, _actor(desk), match_id=desk.matches[0], reason="other")
    with desk.platform.unit_of_work() as uow:
        match_review.dismiss(
            uow, _actor(desk), match_id=desk.matches[0], reason="other", note="设备不合适"
        )
    assert desk.match().reason == "other"


def test_the_database_refuses_a_dismissal_without_a_reason(desk: Desk, clock: Clock) -> None:
    with pytest.raises(IntegrityError), desk.platform.database.unit_of_work() as uow:
        uow.session.execute(update(Match).values(state="dismissed", decided_at=clock()))


def test_a_snoozed_match_comes_back_after_a_week_and_can_be_snoozed_again(
    desk: Desk, clock: Clock
) -> None:
    with desk.platform.unit_of_work() as uow:
        match_review.snooze(uow, _actor(desk), match_id=desk.matches[0])
    with desk.platform.reading() as uow:
        assert queue(uow, QueueFilters(), limit=50).total == 3
    clock.advance(days=7)
    with desk.platform.reading() as uow:
        found = queue(uow, QueueFilters(), limit=50)
        assert found.total == 4
        assert found.by_view["snoozed"] == 0
    with desk.platform.unit_of_work() as uow:
        match_review.snooze(uow, _actor(desk), match_id=desk.matches[0])
    assert desk.match().state == "snoozed"


@pytest.mark.parametrize("decision", ["accept", "dismiss", "snooze"])
def test_a_decision_can_be_taken_back_within_a_minute(
    desk: Desk, clock: Clock, decision: str
) -> None:
    options = {"reason": "timing"} if decision == "dismiss" else {}
    broker = _actor(desk)
    with desk.platform.unit_of_work() as uow:
        getattr(match_review, decision)(uow, broker, match_id=desk.matches[0], **options)
    clock.advance(seconds=60)
    with desk.platform.unit_of_work() as uow:
        match_review.undo(uow, broker, match_id=desk.matches[0])
    match = desk.match()
    assert (match.state, match.reason, match.decided_by) == ("suggested", None, None)


def test_after_a_minute_or_by_somebody_else_nothing_is_taken_back(desk: Desk, clock: Clock) -> None:
    broker = _actor(desk)
    with desk.platform.unit_of_work() as uow:
        match_review.accept(uow, broker, match_id=desk.matches[0])
        other = Actor(user_id=desk.people["bureau"].id, role="broker", verified=True)
    with pytest.raises(NotAllowed), desk.platform.unit_of_work() as uow:
        match_review.undo(uow, other, match_id=desk.matches[0])
    clock.advance(seconds=61)
    with pytest.raises(WrongState), desk.platform.unit_of_work() as uow:
        match_review.undo(uow, broker, match_id=desk.matches[0])
    with desk.platform.reading() as uow:
        assert revocable(uow, broker) is None


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"broker"}))
def test_only_brokers_decide(desk: Desk, role: str) -> None:
    with pytest.raises(NotAllowed), desk.platform.unit_of_work() as uow:
        match_review.accept(uow, _actor(desk, role), match_id=desk.matches[0])
    assert desk.match().state == "suggested"


def test_nobody_decides_twice_or_on_nothing(desk: Desk) -> None:
    broker = _actor(desk)
    with desk.platform.unit_of_work() as uow:
        match_review.accept(uow, broker, match_id=desk.matches[0])
    with pytest.raises(WrongState), desk.platform.unit_of_work() as uow:
        match_review.dismiss(uow, broker, match_id=desk.matches[0], reason="price")
    with pytest.raises(NotFound), desk.platform.unit_of_work() as uow:
        match_review.accept(uow, broker, match_id="nothing")


def test_the_queue_goes_demand_by_demand_the_best_first(desk: Desk) -> None:
    with desk.platform.reading() as uow:
        rows = queue(uow, QueueFilters(), limit=50).rows
        assert [row.public_id for row in rows] == list(desk.matches)
        strong = queue(uow, QueueFilters(level=2), limit=50)
        assert strong.total == 2
        assert queue(uow, QueueFilters(text="匿名的"), limit=50).total == 2
        assert queue(uow, QueueFilters(text="100%_"), limit=50).total == 0


@pytest.mark.parametrize("taken", ["before", "asleep"])
@pytest.mark.parametrize("decision", ["accept", "dismiss", "inquire", "wake"])
def test_a_pair_that_is_decided_before_its_week_is_over_gives_the_rest_back(
    desk: Desk, clock: Clock, decision: str, taken: str
) -> None:
    broker, calendar, match_id = _actor(desk), desk.platform.calendar, desk.matches[0]
    options: dict[str, object] = {"match_id": match_id}
    if decision == "dismiss":
        options["reason"] = "timing"
    if decision == "inquire":
        options |= {
            "side": "demand",
            "text": "何时？",
            "calendar": calendar,
            "base_url": "http://x",
        }
    with desk.platform.unit_of_work() as uow:
        if taken == "before":
            match_review.take(uow, broker, match_id=match_id, calendar=calendar)
        match_review.snooze(uow, broker, match_id=match_id)
    clock.advance(days=2)
    with desk.platform.unit_of_work() as uow:
        if taken == "asleep":
            match_review.take(uow, broker, match_id=match_id, calendar=calendar)
        due = desk.match().due_at if taken == "before" else calendar.due(clock(), DECISION_DAYS)
        assert due is not None
        getattr(match_review, decision)(uow, broker, **options)
    match = desk.match()
    assert match.snoozed_until is None
    assert match.due_at == (due - timedelta(days=5) if taken == "before" else due)
