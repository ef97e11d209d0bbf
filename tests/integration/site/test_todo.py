"""The home page begins with what waits, counted, with the next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import Actor
from matchmaker.services import next_step
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User
from matchmaker.store.queries import todo
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
People = dict[str, User]


def counted(uow: UnitOfWork, user: User, *, manager: bool = False) -> dict[str, int]:
    actor = Actor(
        user_id=user.id,
        role=user.role,
        organisation_id=user.organisation_id,
        verified=True,
        manager=manager,
    )
    return {code: number for code, number in todo.counts(uow, actor).items() if number}


def test_a_company_sees_drafts_returned_expired_and_expiring_demands(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        own = people["company"]
        for state in ("draft", "draft", "expired", "submitted"):
            builders.demand(uow, own, state=state)
        builders.demand(uow, own, state="returned", state_note="请补充。", title="被退回的一条")
        builders.demand(uow, own, expires_on=(uow.now + timedelta(days=5)).date())
        builders.demand(uow, own)
        builders.demand(uow, builders.organisation(uow), state="draft")
    with platform.reading() as uow:
        assert counted(uow, people["company"]) == {
            "demand_returned": 1,
            "demand_draft": 2,
            "demand_expired": 1,
            "demand_expiring": 1,
        }
    reader = browser()
    reader.log_in(people["company"])
    home = reader.get("/")
    assert "What waits for you" in home.words
    assert "/demands/mine?state=returned" in home.links()
    assert "被退回的一条" in reader.get("/demands/mine?state=returned").words
    for href in home.links():
        if "state=" in href:
            reader.get(href)


def test_a_researcher_sees_their_own_outcomes_and_a_manager_those_to_approve(
    platform: Matchmaker, people: People
) -> None:
    with platform.unit_of_work() as uow:
        own = uow.session.get_one(User, people["researcher"].id)
        colleague = builders.user(uow, platform.passwords, "researcher", own.organisation)
        builders.outcome(uow, own, state="draft")
        builders.outcome(uow, colleague, state="draft")
        builders.outcome(uow, colleague, state="institution_review")
        builders.user(uow, platform.passwords, "researcher", own.organisation, approved=False)
    with platform.reading() as uow:
        assert counted(uow, own) == {"outcome_draft": 1}
        assert counted(uow, own, manager=True) == {
            "outcomes_to_approve": 1,
            "outcome_draft": 2,
            "members": 1,
        }


def test_brokers_and_the_bureau_see_what_they_are_to_decide(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        demand = builders.demand(uow, people["company"], title="碳纤维快速模压成型")
        builders.demand(uow, people["company"], state="submitted")
        builders.outcome(uow, people["researcher"], title="碳纤维快速模压成型技术")
        builders.organisation(uow, state="pending")
        actor = Actor(
            user_id=people["company"].id,
            role="company",
            organisation_id=people["company"].organisation_id,
            verified=True,
        )
        next_step.ask(uow, actor, demand, kind="expert", note="")
        next_step.ask(uow, actor, demand, kind="challenge", note="")
    with platform.reading() as uow:
        broker, bureau = counted(uow, people["broker"]), counted(uow, people["bureau"])
    assert broker == {"matches": 1, "demands_to_review": 1, "questions": 1}
    assert bureau == {
        "organisations": 1,
        "demands_to_review": 1,
        "proposals": 1,
        "questions": 1,
    }
    for role in ("broker", "bureau"):
        reader = browser()
        reader.log_in(people[role])
        home = reader.get("/")
        for href in home.links():
            if href.startswith("/"):
                reader.get(href)


def test_a_role_that_is_not_in_force_counts_nothing(platform: Matchmaker, people: People) -> None:
    with platform.reading() as uow:
        assert todo.counts(uow, Actor(user_id=people["broker"].id)) == {}


def test_an_administrator_sees_what_is_stuck(platform: Matchmaker, people: People) -> None:
    from matchmaker.store.outbox import OutboxMail

    with platform.database.unit_of_work() as uow:
        uow.session.add(
            OutboxMail(
                recipient="a@b.example", subject="S", body="B", created_at=uow.now, attempts=8
            )
        )
    with platform.reading() as uow:
        assert counted(uow, people["administrator"]) == {"mail_stuck": 1}
