"""A consortium on its page, for a demand's own people and for brokers, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.services import consortium as service
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand, DemandIndicator
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome, OutcomeIndicator
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
Events = Callable[..., list[AuditEvent]]
TITLES = {
    "printer": "热敏打印头耐磨保护膜沉积技术",
    "sugar": "一种海参多糖酶解提取工艺",
    "motor": "永磁同步电机转子结构",
    "kelp": "海带耐高温品系选育方法",
}
TEXTS = {
    "title": "打印头、海参与电机的三合一难题",
    "problem": "现有热敏打印头耐磨保护层磨损快。",
    "key_technology": "海参多糖的酶解提取工艺；永磁同步电机转子结构优化设计。",
    "target": "",
}
TELLING = {
    "summary": "见附件。",
    "problem_solved": "见附件。",
    "advantage": "见附件。",
}


@pytest.fixture
def demand(platform: Matchmaker, people: dict[str, User]) -> Demand:
    with platform.database.unit_of_work() as uow:
        made = builders.demand(uow, people["company"], **TEXTS)
        made.indicators = [indicator(DemandIndicator, 500)]
        return made


@pytest.fixture
def outcomes(platform: Matchmaker, demand: Demand) -> dict[str, Outcome]:
    """Published outcomes, each of an institution of its own."""
    assert demand.id
    with platform.database.unit_of_work() as uow:
        made = {
            name: builders.outcome(
                uow, builders.organisation(uow, "institution"), title=title, **TELLING
            )
            for name, title in TITLES.items()
        }
        made["printer"].indicators = [indicator(OutcomeIndicator, 300)]
        return made


def indicator(model: type[Any], value: int) -> Any:
    return model(position=0, name="使用寿命", comparator="ge", value=value, unit="h", condition="")


def actor(person: User) -> Actor:
    return Actor(
        user_id=person.id,
        role=person.role,
        organisation_id=person.organisation_id,
        verified=True,
    )


def members(platform: Matchmaker, person: User, demand: Demand) -> set[str]:
    with platform.reading() as uow:
        found = service.form(uow, actor(person), platform.index, demand.public_id)
        return {found.sides[one.id].title for one in found.found.members}


@pytest.mark.usefixtures("outcomes")
def test_the_page_shows_who_covers_what_and_what_stays_open(
    demand: Demand, people: dict[str, User], browser: Browser
) -> None:
    own = browser()
    own.log_in(people["company"])
    record = own.get(f"/demands/{demand.public_id}")
    assert f"/consortia/{demand.public_id}" in record.links()
    page = own.get(f"/consortia/{demand.public_id}")
    assert "Outcomes: 3, institutions: 3." in page.words
    assert all(TITLES[name] in page.words for name in ("printer", "sugar", "motor"))
    assert TITLES["kelp"] not in page.words
    assert "Open parts: 1." in page.words
    assert "使用寿命 ≥300 h (does not reach it)" in page.words
    assert page.forms() == []


def test_a_demand_that_nothing_serves_is_told_what_helps(
    demand: Demand, people: dict[str, User], browser: Browser
) -> None:
    own = browser()
    own.log_in(people["company"])
    page = own.get(f"/consortia/{demand.public_id}")
    assert "No outcome covers any part yet" in page.words
    assert f"/demands/{demand.public_id}/edit" in page.links()
    assert "海参多糖的酶解提取工艺" in page.words


@pytest.mark.usefixtures("outcomes")
def test_one_outcome_that_covers_all_needs_no_consortium(
    platform: Matchmaker, people: dict[str, User], browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        small = builders.demand(
            uow, people["company"], title="电机转子", problem="永磁同步电机转子结构。",
            key_technology="", target="",
        )  # fmt: skip
    own = browser()
    own.log_in(people["company"])
    assert "no consortium is needed" in own.get(f"/consortia/{small.public_id}").words


@pytest.mark.parametrize("role", ["researcher", "bureau", "administrator"])
def test_others_get_no_consortium(
    demand: Demand, people: dict[str, User], browser: Browser, role: str
) -> None:
    other = browser()
    other.log_in(people[role])
    other.get(f"/consortia/{demand.public_id}", status=403)
    assert "/consortia/" not in other.get(f"/demands/{demand.public_id}").text


def test_another_company_is_refused(
    platform: Matchmaker, demand: Demand, people: dict[str, User]
) -> None:
    with platform.unit_of_work() as uow:
        other = builders.user(uow, platform.passwords, "company")
    with pytest.raises(NotAllowed), platform.reading() as uow:
        service.form(uow, actor(other), platform.index, demand.public_id)
    with platform.unit_of_work() as uow:
        draft = builders.demand(uow, people["company"], state="draft", published_at=None)
    with pytest.raises(NotFound), platform.reading() as uow:
        service.form(uow, actor(people["broker"]), platform.index, draft.public_id)


def test_an_outcome_that_has_left_matching_is_no_member(
    platform: Matchmaker,
    demand: Demand,
    outcomes: dict[str, Outcome],
    people: dict[str, User],
) -> None:
    with platform.database.unit_of_work() as uow:
        uow.session.get_one(Outcome, outcomes["motor"].id).state = "withdrawn"
    assert members(platform, people["company"], demand) == {TITLES["printer"], TITLES["sugar"]}


def test_a_directed_demand_finds_its_recipients_alone(
    platform: Matchmaker, outcomes: dict[str, Outcome], people: dict[str, User]
) -> None:
    from matchmaker.store.demand import DemandRecipient

    with platform.unit_of_work() as uow:
        directed = builders.demand(uow, people["company"], **TEXTS, disclosure="directed")
        directed.recipients = [DemandRecipient(organisation_id=outcomes["motor"].organisation_id)]
    assert members(platform, people["company"], directed) == {TITLES["motor"]}


def test_a_broker_takes_a_member_up_and_goes_on_to_the_introduction(
    platform: Matchmaker,
    demand: Demand,
    outcomes: dict[str, Outcome],
    people: dict[str, User],
    browser: Browser,
    events: Events,
) -> None:
    broker = browser()
    broker.log_in(people["broker"])
    page = broker.get(f"/consortia/{demand.public_id}")
    wanted = outcomes["sugar"].public_id
    answer = broker.submit(page, form=f"/outcomes/{wanted}")
    with platform.reading() as uow:
        match = uow.session.scalars(select(Match)).one()
        assert (match.demand_id, match.outcome_id) == (demand.id, outcomes["sugar"].id)
        assert (match.state, match.decided_by) == ("accepted", people["broker"].id)
        public_id = match.public_id
    assert answer.location == f"/introductions/matches/{public_id}"
    assert broker.get(answer.location).heading
    (event,) = events("propose")
    assert (event.noun, event.state_to, event.actor_id) == (
        "match",
        "accepted",
        people["broker"].id,
    )
    again = broker.get(f"/consortia/{demand.public_id}")
    assert f"/introductions/matches/{public_id}" in again.links()


def test_a_pair_at_the_desk_is_decided_there(
    platform: Matchmaker,
    demand: Demand,
    outcomes: dict[str, Outcome],
    people: dict[str, User],
    browser: Browser,
) -> None:
    with platform.database.unit_of_work() as uow:
        match = Match(
            public_id="m" * 16, demand_id=demand.id, outcome_id=outcomes["sugar"].id, score=0.5,
            level=2, rank=1, explanation={}, engine_version="test", created_at=uow.now,
        )  # fmt: skip
        uow.session.add(match)
    broker = browser()
    broker.log_in(people["broker"])
    assert "/match-review/mmmmmmmmmmmmmmmm" in broker.get(f"/consortia/{demand.public_id}").links()
    address = f"/consortia/{demand.public_id}/outcomes/{outcomes['sugar'].public_id}"
    assert broker.press(address).location == "/match-review/mmmmmmmmmmmmmmmm"
    with platform.reading() as uow:
        assert uow.session.scalars(select(Match.state)).one() == "suggested"


@pytest.mark.parametrize("role", ["company", "researcher", "bureau"])
def test_only_brokers_take_members_up(
    platform: Matchmaker,
    demand: Demand,
    outcomes: dict[str, Outcome],
    people: dict[str, User],
    role: str,
) -> None:
    with pytest.raises(NotAllowed), platform.unit_of_work() as uow:
        service.propose(
            uow,
            actor(people[role]),
            platform.index,
            demand_id=demand.public_id,
            outcome_id=outcomes["sugar"].public_id,
        )


def test_a_broker_takes_nothing_up_that_has_left_matching_or_is_his_own(
    platform: Matchmaker,
    demand: Demand,
    outcomes: dict[str, Outcome],
    people: dict[str, User],
) -> None:
    broker = actor(people["broker"])
    with platform.unit_of_work() as uow:
        uow.session.get_one(Outcome, outcomes["sugar"].id).state = "reserved"
    with pytest.raises(WrongState), platform.unit_of_work() as uow:
        service.propose(
            uow, broker, platform.index,
            demand_id=demand.public_id, outcome_id=outcomes["sugar"].public_id,
        )  # fmt: skip
    own = Actor(
        user_id=broker.user_id,
        role="broker",
        organisation_id=outcomes["motor"].organisation_id,
        verified=True,
    )
    with pytest.raises(NotAllowed), platform.unit_of_work() as uow:
        service.propose(
            uow, own, platform.index,
            demand_id=demand.public_id, outcome_id=outcomes["motor"].public_id,
        )  # fmt: skip


@pytest.mark.usefixtures("outcomes")
def test_more_outcomes_need_no_more_questions_to_the_database(
    platform: Matchmaker,
    demand: Demand,
    people: dict[str, User],
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    def form() -> object:
        return members(platform, people["broker"], demand)

    form()
    before = count_queries(form)
    with platform.database.unit_of_work() as uow:
        for number in range(20):
            builders.outcome(
                uow, builders.organisation(uow, "institution"), title=f"碳纤维成型技术{number}"
            )
    form()
    assert count_queries(form) == before
