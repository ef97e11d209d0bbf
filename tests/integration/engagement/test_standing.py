"""A demand and an outcome follow the talks about them, and leave the shortlists in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import NotAllowed, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.services import engagement as service
from matchmaker.services import introduction, record
from matchmaker.store.audit import AuditEvent
from matchmaker.store.change import Change
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.matching import matched_keys
from tests import builders, engaged
from tests.client import Client
from tests.conftest import Clock
from tests.integration.contract.engaged import actor, drafted, registered, signed
from tests.integration.contract.engaged import engagement as talks
from tests.integration.engagement.pair import Pair

People = dict[str, User]


@pytest.fixture
def engagement(platform: Matchmaker, people: People) -> Engagement:
    """Two sides who draft their contract."""
    with platform.unit_of_work() as uow:
        return talks(uow, people["company"], people["researcher"], people["broker"])


def states(platform: Matchmaker) -> tuple[str, str]:
    with platform.reading() as uow:
        return (
            uow.session.scalars(select(Demand.state).order_by(Demand.id)).first() or "",
            uow.session.scalars(select(Outcome.state).order_by(Outcome.id)).first() or "",
        )


def public_id_of(uow: UnitOfWork, engagement: Engagement) -> str:
    return uow.session.get_one(Demand, engagement.demand_id).public_id


def step(platform: Matchmaker, who: Actor, public_id: str, action: str) -> None:
    with platform.unit_of_work() as uow:
        service.step(
            uow,
            who,
            engagement_id=public_id,
            action=action,
            note="已线下公示",
            calendar=platform.calendar,
        )


def test_mutual_interest_engages_a_demand_and_a_lost_talk_lists_it_again(
    pair: Pair, events: Callable[..., list[AuditEvent]]
) -> None:
    public_id = pair.engage()
    assert states(pair.platform) == ("engaged", "published")
    with pair.platform.reading() as uow:
        assert len(matched_keys(uow, "demand")) == 1, "a better outcome may still be found"
    with pair.platform.unit_of_work() as uow:
        service.lose(uow, pair.actor("company"), engagement_id=public_id, reason="price")
    assert states(pair.platform) == ("published", "published")
    assert [event.actor_role for event in events("engage") + events("relist")] == ["system"] * 2


def test_a_demand_stays_engaged_while_other_talks_go_on(
    platform: Matchmaker, people: People
) -> None:
    with platform.unit_of_work() as uow:
        first = talks(uow, people["company"], people["researcher"], people["broker"])
        demand = uow.session.get_one(Demand, first.demand_id)
        outcome = builders.outcome(uow, people["researcher"])
        engaged.engagement(uow, demand, outcome, people["broker"], people["company"])
    with platform.unit_of_work() as uow:
        service.lose(uow, actor(people["company"]), engagement_id=first.public_id, reason="price")
    assert states(platform)[0] == "engaged"


def test_a_signed_development_contract_takes_the_demand_out_of_matching_and_not_the_outcome(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        signed(uow, people, drafted(uow, people, engagement))
    step(platform, actor(people["broker"]), engagement.public_id, "sign")
    assert states(platform) == ("contracted", "published")
    with platform.reading() as uow:
        assert matched_keys(uow, "demand") == set()
        changed = uow.session.execute(select(Change.noun, Change.record_id)).all()
        assert ("demand", engagement.demand_id) in changed


def test_a_transfer_reserves_the_outcome_and_its_registration_transfers_it(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = drafted(uow, people, engagement, type="transfer", development_kind="")
        signed(uow, people, made)
    step(platform, actor(people["broker"]), engagement.public_id, "sign")
    assert states(platform) == ("contracted", "reserved")
    with platform.unit_of_work() as uow:
        service.lose(
            uow, actor(people["company"]), engagement_id=engagement.public_id, reason="price"
        )
    assert states(platform) == ("published", "published")


def test_a_completed_engagement_resolves_the_demand_until_it_is_published_anew(
    platform: Matchmaker, people: People, engagement: Engagement, clock: Clock
) -> None:
    with platform.unit_of_work() as uow:
        registered(uow, people, drafted(uow, people, engagement))
    for action in ("sign", "register", "perform", "complete"):
        step(platform, actor(people["broker"]), engagement.public_id, action)
    assert states(platform) == ("resolved", "published")
    clock.advance(hours=1)
    with platform.unit_of_work() as uow:
        company = actor(people["company"])
        demand = record.load(uow, company, "demand", public_id_of(uow, engagement))
        demand.chains = [DemandChain(chain_code="optoelectronics")]  # type: ignore[assignment]
        record.act(uow, company, demand, "reopen")
        record.act(uow, company, demand, "submit")
        record.act(uow, actor(people["bureau"]), demand, "publish")
    assert states(platform)[0] == "published", "what was over before it was published is past"


def test_a_demand_published_again_during_its_talks_is_engaged_at_once(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        company = actor(people["company"])
        demand = record.load(uow, company, "demand", public_id_of(uow, engagement))
        demand.chains = [DemandChain(chain_code="optoelectronics")]  # type: ignore[assignment]
        for action in ("withdraw", "reopen", "submit"):
            record.act(uow, company, demand, action)
        record.act(uow, actor(people["bureau"]), demand, "publish")
    assert states(platform)[0] == "engaged"


def test_what_is_no_longer_matched_closes_its_open_introductions(
    platform: Matchmaker,
    people: People,
    engagement: Engagement,
    mails: Callable[[], list[OutboxMail]],
) -> None:
    with platform.unit_of_work() as uow:
        demand = uow.session.get_one(Demand, engagement.demand_id)
        match = engaged.match(uow, demand, builders.outcome(uow, people["researcher"]))
        asked = introduction.ask(
            uow, actor(people["broker"]), match_id=match.public_id, calendar=platform.calendar
        )
        signed(uow, people, drafted(uow, people, engagement))
    before = len(mails())
    step(platform, actor(people["broker"]), engagement.public_id, "sign")
    with platform.reading() as uow:
        assert uow.session.get_one(Introduction, asked.id).state == "lapsed"
    assert any(people["researcher"].email == mail.recipient for mail in mails()[before:])


def test_a_company_closes_a_demand_that_was_solved_elsewhere(
    platform: Matchmaker, people: People, client: Client
) -> None:
    with platform.unit_of_work() as uow:
        demand = builders.demand(uow, people["company"])
    client.log_in(people["company"])
    client.press(f"/demands/{demand.public_id}/resolve")
    assert states(platform)[0] == "resolved"
    with platform.unit_of_work() as uow, pytest.raises(NotAllowed):
        record.act(uow, actor(people["broker"]), uow.session.get_one(Demand, demand.id), "resolve")
    with platform.unit_of_work() as uow, pytest.raises(WrongState):
        record.act(uow, actor(people["company"]), uow.session.get_one(Demand, demand.id), "resolve")
