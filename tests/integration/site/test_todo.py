"""The home page begins with what waits, counted, with the next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import Actor
from matchmaker.services import introduction, meeting, next_step, question
from matchmaker.store.database import UnitOfWork
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.engagement import Engagement
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.match import Match
from matchmaker.store.next_step import NextStep
from matchmaker.store.organisation import User
from matchmaker.store.queries import next_step as next_step_query
from matchmaker.store.queries import todo
from tests import builders
from tests.client import Client
from tests.conftest import Clock
from tests.integration.engagement.pair import OUTSIDERS, make_pair

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


def test_what_the_reader_may_not_see_is_not_counted(platform: Matchmaker, people: People) -> None:
    with platform.unit_of_work() as uow:
        own = people["company"]
        shown = builders.demand(uow, own)
        withdrawn = builders.demand(uow, own, state="withdrawn")
        waiting = builders.demand(uow, own, state="submitted")
        for demand in (shown, withdrawn):
            for kind in ("expert", "challenge"):
                step = NextStep(demand_id=demand.id, kind=kind, asked_by=own.id, asked_at=uow.now)
                uow.session.add(step)
        for first, second in ((shown, withdrawn), (shown, waiting)):
            pair = Duplicate(
                noun="demand",
                first_id=first.id,
                second_id=second.id,
                likeness=0.9,
                found_at=uow.now,
            )
            uow.session.add(pair)
    with platform.reading() as uow:
        found = {who: counted(uow, people[who]) for who in ("broker", "bureau", "administrator")}
        reviewer = Actor(user_id=people["bureau"].id, role="bureau", verified=True)
        listed = next_step_query.counts(uow, reviewer)
    assert found["broker"] == {"demands_to_review": 1, "questions": 1, "duplicates": 1}
    assert found["bureau"] == found["broker"] | {"proposals": 1}
    assert found["administrator"].get("duplicates", 0) == 0
    assert listed == {False: 2}


def test_a_role_that_is_not_in_force_counts_nothing(platform: Matchmaker, people: People) -> None:
    with platform.reading() as uow:
        assert todo.counts(uow, Actor(user_id=people["broker"].id)) == {}


def test_an_administrator_sees_what_is_stuck_and_how_to_send_it(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    from matchmaker.store.outbox import OutboxMail

    with platform.database.unit_of_work() as uow:
        for due in (None, uow.now + timedelta(days=1)):
            uow.session.add(
                OutboxMail(
                    recipient="a@b.example", subject="S", body="B", created_at=uow.now, due_at=due
                )
            )
    with platform.reading() as uow:
        assert counted(uow, people["administrator"]) == {"mail_stuck": 1}
    own = browser()
    own.log_in(people["administrator"])
    assert "python -m matchmaker deliver-mail --given-up" in own.get("/").words


def test_what_waits_between_two_sides_comes_first(
    platform: Matchmaker, browser: Browser, clock: Clock
) -> None:
    pair = make_pair(platform)
    manager = {"researcher": False, "manager": True, "company": False, "broker": False}

    def waiting(who: str) -> dict[str, int]:
        with platform.reading() as uow:
            found = counted(uow, pair.users[who], manager=manager.get(who, False))
        return {code: number for code, number in found.items() if code != "unread"}

    asked = pair.ask()
    for who in ("company", "researcher", "manager"):
        assert waiting(who) == {"introductions": 1}
    for who in OUTSIDERS:
        assert "introductions" not in waiting(who)
    with platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("company"), introduction_id=asked, calendar=platform.calendar
        )
    assert waiting("company") == {}
    with platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("researcher"), introduction_id=asked, calendar=platform.calendar
        )
        match = uow.session.scalars(select(Match)).one()
        for side in ("demand", "outcome"):
            question.ask(
                uow,
                pair.actor("broker"),
                match,
                side=side,
                text="何时？",
                calendar=platform.calendar,
                base_url="",
            )
        meeting.plan(
            uow,
            pair.actor("broker"),
            engagement_id=uow.session.scalars(select(Engagement.public_id)).one(),
            plan=meeting.Plan(starts_at=uow.now + timedelta(days=6), minutes_long=60, place="线上"),
        )
        stored = uow.session.scalars(select(Engagement)).one()
        stored.next_due = uow.now.date()
    assert waiting("company") == {"questions_to_answer": 1, "engagements_due": 1, "meetings": 1}
    assert waiting("researcher") == {"questions_to_answer": 1, "meetings": 1}
    assert waiting("broker") == {"engagements_due": 1, "meetings": 1}
    for who in ("company", "researcher", "broker"):
        reader = browser()
        reader.log_in(pair.users[who])
        home = reader.get("/")
        assert "Meetings within seven days" in home.words
        for href in home.links():
            if href.startswith("/"):
                reader.get(href)
    clock.advance(days=8)
    assert "meetings" not in waiting("broker")


def test_a_broker_sees_what_of_their_queue_is_due(platform: Matchmaker) -> None:
    pair = make_pair(platform, state="suggested")
    with platform.unit_of_work() as uow:
        match = uow.session.scalars(select(Match)).one()
        match.assigned_to, match.assigned_at = pair.users["broker"].id, uow.now
        match.due_at = uow.now + timedelta(days=3)
    with platform.reading() as uow:
        assert counted(uow, pair.users["broker"]) == {"matches": 1}
    with platform.unit_of_work() as uow:
        uow.session.scalars(select(Match)).one().due_at = uow.now - timedelta(hours=1)
    with platform.reading() as uow:
        assert counted(uow, pair.users["broker"]) == {"queue_due": 1, "matches": 1}
        assert counted(uow, pair.users["other_broker"]) == {"matches": 1}


def test_events_wait_for_an_answer_a_result_and_an_introduction(
    platform: Matchmaker, people: People, clock: Clock
) -> None:
    with platform.unit_of_work() as uow:
        demand = builders.demand(uow, people["company"])
        outcome = builders.outcome(uow, people["researcher"])
        event = Event(
            organisation_id=people["broker"].organisation_id,
            author_id=people["broker"].id,
            title="对接会",
            place="会场",
            about="",
            starts_at=uow.now + timedelta(days=3),
            slot_minutes=20,
            slots=3,
            tables=2,
            most=2,
            state="inviting",
            created_at=uow.now,
        )
        uow.session.add(event)
        uow.flush()
        parties = {
            side: EventParty(
                event_id=event.id,
                side=side,
                home_id=people[who].organisation_id,
                contact_id=people[who].id,
                state="invited",
                free=[0, 1, 2],
                invited_at=uow.now,
            )
            for side, who in (("firm", "company"), ("team", "researcher"))
        }
        uow.session.add_all(parties.values())

    def waiting(who: str) -> dict[str, int]:
        with platform.reading() as uow:
            found = counted(uow, people[who])
            return {code: n for code, n in found.items() if code.startswith("event")}

    assert waiting("company") == waiting("researcher") == {"event_invitations": 1}
    with platform.unit_of_work() as uow:
        for party in uow.session.query(EventParty):
            party.state, party.answered_at = "coming", uow.now
            party.free = [] if party.side == "firm" else [0]
    assert waiting("company") == {"event_calendars": 1}
    assert waiting("researcher") == {}
    with platform.unit_of_work() as uow:
        stored = uow.session.get_one(Event, event.id)
        stored.state, stored.planned_at, stored.plan_value, stored.plan_bound = (
            *("announced", uow.now),
            *(500, 500),
        )
        uow.session.add(
            EventMeeting(
                event_id=event.id,
                firm_id=parties["firm"].id,
                team_id=parties["team"].id,
                slot=0,
                table_number=1,
                value=500,
                demand_id=demand.id,
                outcome_id=outcome.id,
            )
        )
    assert waiting("company") == waiting("broker") == {}  # it has not begun
    clock.advance(days=4)
    assert waiting("company") == waiting("researcher") == {"event_results": 1}
    assert waiting("broker") == {"events_to_close": 1, "event_results_to_note": 1}
    assert waiting("bureau") == {}
    with platform.unit_of_work() as uow:
        meeting_row = uow.session.query(EventMeeting).one()
        meeting_row.firm_interested = meeting_row.team_interested = True
        uow.session.get_one(Event, event.id).state = "held"
    assert waiting("company") == waiting("researcher") == {}
    assert waiting("broker") == {"event_wishes": 1}


def test_a_pair_that_a_broker_has_accepted_waits_until_both_sides_are_asked(
    platform: Matchmaker,
) -> None:
    pair = make_pair(platform)
    with platform.reading() as uow:
        assert counted(uow, pair.users["broker"])["pairs_to_introduce"] == 1
        assert "pairs_to_introduce" not in counted(uow, pair.users["other_broker"])
    pair.ask()
    with platform.reading() as uow:
        assert "pairs_to_introduce" not in counted(uow, pair.users["broker"])
