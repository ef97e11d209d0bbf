"""Matches go to the brokers they suit, within every limit, and come back when they are overdue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.errors import NotAllowed, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.services import assignment, broker_profile, match_review
from matchmaker.services.account import actor_of
from matchmaker.services.assignment import Limits
from matchmaker.store.assignment import BrokerProfile, PastAssignment
from matchmaker.store.audit import AuditEvent
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.conftest import Clock

World = Callable[..., list[User]]
WIDE = Limits(of_company=100, of_outcome=100)


@pytest.fixture
def world(platform: Matchmaker) -> World:
    """Makes brokers with profiles and as many usable matches as wanted."""

    def make(
        profiles: Sequence[dict[str, Any]],
        matches: int = 6,
        *,
        same_company: bool = False,
        same_outcome: bool = False,
        field: str = "materials",
        level: int = 3,
    ) -> list[User]:
        with platform.database.unit_of_work() as uow:
            brokers = [builders.user(uow, platform.passwords, "broker") for _ in profiles]
            for broker, given in zip(brokers, profiles, strict=True):
                values: dict[str, Any] = {
                    "level": "middle",
                    "fields": [],
                    "clusters": [],
                    "regions": [],
                    "weekly_capacity": 40,
                    "updated_at": uow.now,
                }
                uow.session.add(BrokerProfile(user_id=broker.id, **(values | given)))
            company = builders.user(uow, platform.passwords, "company")
            researcher = builders.user(uow, platform.passwords, "researcher")
            shared = builders.outcome(uow, researcher, field=field)
            for number in range(matches):
                owner = company if same_company else builders.organisation(uow, "company")
                demand = builders.demand(uow, owner, field=field)
                outcome = shared if same_outcome else builders.outcome(uow, researcher, field=field)
                uow.session.add(
                    Match(
                        demand_id=demand.id,
                        outcome_id=outcome.id,
                        score=0.9 - 0.01 * number,
                        level=level,
                        rank=1,
                        explanation={},
                        engine_version="test",
                        created_at=uow.now,
                    )
                )
        return brokers

    return make


def _run(platform: Matchmaker, limits: Limits = WIDE) -> assignment.Report:
    return assignment.run(
        platform.database, assignment.SYSTEM, limits=limits, calendar=platform.calendar
    )


def _queues(platform: Matchmaker) -> dict[int | None, list[Match]]:
    found: dict[int | None, list[Match]] = {}
    with platform.reading() as uow:
        for match in uow.session.scalars(select(Match).order_by(Match.id)):
            found.setdefault(match.assigned_to, []).append(match)
        uow.session.expunge_all()
    return found


def _actor(platform: Matchmaker, user: User) -> Actor:
    with platform.reading() as uow:
        return actor_of(uow.session.get_one(User, user.id))


def test_a_match_goes_to_the_broker_who_knows_its_field(platform: Matchmaker, world: World) -> None:
    brokers = world([{"fields": ["electronics"]}, {"fields": ["materials"]}])
    assert _run(platform).assigned == 6
    assert set(_queues(platform)) == {brokers[1].id}


def test_it_is_to_be_decided_within_three_working_days(
    platform: Matchmaker, world: World, clock: Clock
) -> None:
    brokers = world([{}], matches=1)
    clock.advance(days=3)  # Thursday, 5 March 2026: Friday, Monday, Tuesday
    _run(platform)
    match = _queues(platform)[brokers[0].id][0]
    assert match.assigned_at == clock()
    assert match.due_at is not None
    assert match.due_at.isoformat() == "2026-03-10T16:00:00+00:00"  # the end of Tuesday in China
    with platform.reading() as uow:
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "assign")).one()
        assert event.changes == {"assigned_to": [None, brokers[0].id]}


def test_nobody_gets_more_than_a_weeks_capacity_and_the_rest_has_a_reason(
    platform: Matchmaker, world: World, clock: Clock
) -> None:
    brokers = world([{"weekly_capacity": 2}, {"weekly_capacity": 1}])
    report = _run(platform)
    assert report.assigned == 3
    assert report.left == {"capacity": 3}
    queues = _queues(platform)
    assert [len(queues[one.id]) for one in brokers] == [2, 1]
    assert {one.unassigned_because for one in queues[None]} == {"capacity"}
    assert min(one.score for one in queues[brokers[0].id]) > max(one.score for one in queues[None])
    assert _run(platform).assigned == 0
    with platform.unit_of_work() as uow:
        for match in queues[brokers[0].id]:
            match_review.dismiss(
                uow, _actor(platform, brokers[0]), match_id=match.public_id, reason="timing"
            )
    assert _run(platform).assigned == 0  # deciding frees nothing in the same week
    clock.advance(days=7)
    assert _run(platform).assigned == 2


def test_no_company_and_no_outcome_is_flooded(platform: Matchmaker, world: World) -> None:
    world([{}], same_company=True)
    report = _run(platform, Limits(of_company=2, of_outcome=9))
    assert (report.assigned, report.left) == (2, {"company_flooded": 4})
    world([], same_outcome=True)
    report = _run(platform, Limits(of_company=2, of_outcome=4))
    assert report.left == {"company_flooded": 4, "outcome_flooded": 2}


def test_a_weak_pair_stays_in_the_pool(platform: Matchmaker, world: World) -> None:
    world([{}], level=1)
    assert _run(platform).assigned == 0
    assert {one.unassigned_because for one in _queues(platform)[None]} == {"weak"}


def test_a_broker_of_one_of_the_sides_never_gets_the_match(
    platform: Matchmaker, world: World
) -> None:
    brokers = world([{}], matches=1)
    with platform.unit_of_work() as uow:
        match = uow.session.scalars(select(Match)).one()
        uow.session.execute(
            update(User)
            .where(User.id == brokers[0].id)
            .values(organisation_id=_company_of(uow, match))
        )
    report = _run(platform)
    assert (report.assigned, report.left) == (0, {"no_broker": 1})
    with platform.reading() as uow:
        company = _company_of(uow, match)
    actor = Actor(user_id=brokers[0].id, role="broker", verified=True, organisation_id=company)
    with pytest.raises(NotAllowed), platform.unit_of_work() as uow:
        match_review.take(uow, actor, match_id=match.public_id, calendar=platform.calendar)


def _company_of(uow: Any, match: Match) -> int:
    from matchmaker.store.demand import Demand

    return int(uow.session.get_one(Demand, match.demand_id).organisation_id)


def test_somebody_away_gets_nothing(platform: Matchmaker, world: World, clock: Clock) -> None:
    brokers = world([{"away_until": clock().date()}], matches=1)
    assert _run(platform).assigned == 0
    clock.advance(days=1)
    assert _run(platform).assigned == 1
    assert brokers[0].id in _queues(platform)


def test_what_falls_due_while_its_broker_is_away_goes_to_others_at_once(
    platform: Matchmaker, world: World, clock: Clock
) -> None:
    brokers = world([{}], matches=2)
    _run(platform)
    one, other = _queues(platform)[brokers[0].id]
    days_off = (other.due_at - clock()).days if other.due_at else 0
    with platform.unit_of_work() as uow:
        late = uow.session.get_one(Match, other.id)
        late.due_at = clock() + timedelta(days=days_off + 30)
    with platform.unit_of_work() as uow:
        user = uow.session.get_one(User, brokers[0].id)
        profile = broker_profile.profile_of(uow, user)
        broker_profile.edit(
            uow,
            _actor(platform, brokers[0]),
            user=user,
            given=broker_profile.Profile(
                level="middle",
                fields=[],
                clusters=[],
                regions=[],
                weekly_capacity=40,
                away_until=clock().date() + timedelta(days=10),
            ),
            plan=platform.plan,
            version=profile.version,
        )
    queues = _queues(platform)
    assert [match.id for match in queues[None]] == [one.id], "due during the absence"
    assert [match.id for match in queues[brokers[0].id]] == [other.id], "due after the return"
    with platform.reading() as uow:
        ended = uow.session.scalars(select(PastAssignment)).one()
        assert (ended.match_id, ended.because) == (one.id, "released")


def test_without_profiles_nothing_is_touched(platform: Matchmaker, world: World) -> None:
    world([])
    assert _run(platform) == assignment.Report()
    assert {one.unassigned_because for one in _queues(platform)[None]} == {None}


def test_what_is_overdue_goes_to_the_next_best_and_never_back(
    platform: Matchmaker, world: World, clock: Clock
) -> None:
    first, second = world([{"fields": ["materials"]}, {}], matches=1)
    _run(platform)
    assert first.id in _queues(platform)
    clock.advance(days=4)
    with platform.unit_of_work() as uow:
        assert assignment.follow_clocks(uow, "http://x")["escalated"] == 1
    _run(platform)
    assert second.id in _queues(platform)
    clock.advance(days=7)
    with platform.unit_of_work() as uow:
        assignment.follow_clocks(uow, "http://x")
    report = _run(platform)
    assert report.left == {"no_broker": 1}
    with platform.reading() as uow:
        ends = uow.session.execute(
            select(PastAssignment.user_id, PastAssignment.because).order_by(PastAssignment.id)
        ).all()
        assert [tuple(one) for one in ends] == [(first.id, "overdue"), (second.id, "overdue")]
        count = select(func.count()).where(AuditEvent.action == "escalate")
        assert uow.session.scalar(count) == 2


def test_the_clock_stands_still_while_a_match_sleeps(
    platform: Matchmaker, world: World, clock: Clock
) -> None:
    (broker,) = world([{}], matches=1)
    _run(platform)
    match = _queues(platform)[broker.id][0]
    assert match.due_at
    actor = _actor(platform, broker)
    with platform.unit_of_work() as uow:
        match_review.snooze(uow, actor, match_id=match.public_id)
    clock.advance(days=5)
    with platform.unit_of_work() as uow:
        assert assignment.follow_clocks(uow, "http://x")["escalated"] == 0
        match_review.wake(uow, actor, match_id=match.public_id)
    assert (_queues(platform)[broker.id][0].due_at - match.due_at).days == 5  # type: ignore[operator]
    with platform.unit_of_work() as uow:
        match_review.snooze(uow, actor, match_id=match.public_id)
    clock.advance(days=7)
    with platform.unit_of_work() as uow:
        found = assignment.follow_clocks(uow, "http://x")
    assert (found["woken"], found["escalated"]) == (1, 0)
    assert (_queues(platform)[broker.id][0].due_at - match.due_at).days == 12  # type: ignore[operator]


def test_a_broker_is_told_once_a_day_and_not_of_each(
    platform: Matchmaker, world: World, clock: Clock
) -> None:
    world([{}], matches=3)
    platform.assign()
    platform.assign()
    with platform.reading() as uow:
        (mail,) = uow.session.scalars(select(OutboxMail)).all()
    assert "新增 3 项" in mail.subject
    assert "/match-review/?view=mine" in mail.body
    clock.advance(days=4)
    with platform.unit_of_work() as uow:
        assignment.follow_clocks(uow, "http://x")
    platform.assign()
    with platform.reading() as uow:
        last = uow.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert last is not None
    assert "已收回并转交他人：3 项" in last.body


def test_taking_from_the_pool_and_giving_back(
    platform: Matchmaker, world: World, clock: Clock
) -> None:
    one, two = world([{"weekly_capacity": 0}, {"weekly_capacity": 0}], matches=1)
    _run(platform)
    match = _queues(platform)[None][0]
    with platform.unit_of_work() as uow:
        match_review.take(
            uow, _actor(platform, one), match_id=match.public_id, calendar=platform.calendar
        )
    with pytest.raises(WrongState), platform.unit_of_work() as uow:
        match_review.take(
            uow, _actor(platform, two), match_id=match.public_id, calendar=platform.calendar
        )
    with pytest.raises(NotAllowed), platform.unit_of_work() as uow:
        match_review.release(uow, _actor(platform, two), match_id=match.public_id)
    clock.advance(minutes=2)
    with platform.unit_of_work() as uow:
        match_review.release(uow, _actor(platform, one), match_id=match.public_id)
    with platform.reading() as uow:
        end = uow.session.scalars(select(PastAssignment)).one()
    assert (end.user_id, end.because) == (one.id, "released")


def test_the_command_tells_what_it_did(platform: Matchmaker, world: World) -> None:
    world([{"weekly_capacity": 2}])
    done = CliRunner().invoke(cli, ["assign"], obj=platform)
    assert done.exit_code == 0, done.output
    assert "2 matches assigned." in done.output
    assert "4 left: every broker who fits is full this week." in done.output
    done = CliRunner().invoke(cli, ["assign", "--json"], obj=platform)
    assert '"assigned": 0' in done.output


@pytest.mark.parametrize("role", ["company", "researcher", "broker", "administrator"])
def test_only_the_platform_and_the_bureau_assign(
    platform: Matchmaker, people: dict[str, User], role: str
) -> None:
    with pytest.raises(NotAllowed):
        platform.assign(_actor(platform, people[role]))
    platform.assign(_actor(platform, people["bureau"]))
