"""Two brokers share an introduction, and nothing counts twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matchmaker.services import contract_registration, engagement
from matchmaker.services import share as service
from matchmaker.services.account import actor_now
from matchmaker.store.audit import AuditEvent
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import agency
from matchmaker.store.queries.share import portions
from matchmaker.store.share import Share
from tests import builders, engaged
from tests.client import Client
from tests.conftest import Clock
from tests.integration.contract import engaged as contracts

Browser = Callable[..., Client]
People = dict[str, User]


@pytest.fixture
def partner(platform: Matchmaker) -> User:
    with platform.database.unit_of_work() as uow:
        return builders.user(uow, platform.passwords, "broker", is_manager=True)


@pytest.fixture
def talks(platform: Matchmaker, people: People) -> Engagement:
    with platform.database.unit_of_work() as uow:
        made = contracts.engagement(uow, people["company"], people["researcher"], people["broker"])
        for noun, key, action in (
            ("introduction", made.introduction_id, "ask"),
            ("introduction", made.introduction_id, "conclude"),
            ("engagement", made.id, "complete"),
        ):
            uow.session.add(
                AuditEvent(
                    at=uow.now, actor_id=people["broker"].id, actor_role="broker", noun=noun,
                    record_id=key, action=action, changes={},
                )
            )  # fmt: skip
        uow.session.refresh(made, ["introduction"])
        return made


def agree(platform: Matchmaker, people: People, partner: User, talks: Engagement) -> str:
    with platform.database.unit_of_work() as uow:
        lead, other = (
            actor_now(uow, uow.session.get_one(User, one.id)) for one in (people["broker"], partner)
        )
        made = service.propose(
            uow, lead, introduction_id=talks.introduction.public_id,
            partner_id=partner.public_id, percent=40,
        )  # fmt: skip
        service.answer(uow, other, share_id=made.public_id, action="accept")
        return made.public_id


def sign(platform: Matchmaker, people: People, talks: Engagement) -> str:
    """Sign the contract and take the engagement's step; returns the contract's public id."""
    with platform.database.unit_of_work() as uow:
        where = uow.session.get_one(Engagement, talks.id)
        made = contracts.signed(uow, people, contracts.drafted(uow, people, where))
        engagement.step(
            uow, contracts.actor(people["broker"]), engagement_id=where.public_id, action="sign",
            note="约定免公示", calendar=platform.calendar,
        )  # fmt: skip
        return made.public_id


def test_a_share_is_proposed_agreed_and_fixed_by_the_signature(
    platform: Matchmaker, people: People, partner: User, talks: Engagement, browser: Browser
) -> None:
    lead, other = browser(), browser()
    lead.log_in(people["broker"])
    other.log_in(partner)
    address = f"/introductions/{talks.introduction.public_id}"
    assert f"/shares{address}" in lead.get(address).links()
    for percent in ("0", "100", "x"):
        lead.post_form(
            f"/shares{address}", {"partner": partner.public_id, "percent": percent}, status=422
        )
    lead.post_form(f"/shares{address}", {"partner": partner.public_id, "percent": "40"})
    assert "Introductions that another broker would share" in other.get("/").words
    other.get(address, status=404)  # thread and contacts stay with the broker who asked
    other.post_form("/shares/", form="/accept")
    sign(platform, people, talks)
    page = lead.get("/shares/")
    assert "fixed by the signature" in page.words
    assert page.forms() == []
    lead.press(f"/shares{address}", {"partner": partner.public_id, "percent": "1"}, status=409)


def require_fixed(
    platform: Matchmaker, people: People, partner: User, talks: Engagement, reader: Client
) -> None:
    """The agreed parts count, and no page or service lets them be changed."""
    page = reader.get("/shares/")
    assert "fixed by the signature" in page.words
    assert "Propose other parts" not in page.words
    form = reader.get(f"/shares/introductions/{talks.introduction.public_id}")
    assert "shares can no longer be agreed or changed" in form.words
    with platform.database.unit_of_work() as uow:
        lead = actor_now(uow, uow.session.get_one(User, people["broker"].id))
        with pytest.raises(WrongState):
            service.propose(
                uow, lead, introduction_id=talks.introduction.public_id,
                partner_id=partner.public_id, percent=1,
            )  # fmt: skip
        part = portions()
        assert {row.percent for row in uow.session.execute(part.select())} == {60, 40}


@pytest.mark.parametrize("end", ["dormant", "lost", "lost after a rest"])
def test_a_share_stays_fixed_when_signed_talks_rest_or_are_lost(
    platform: Matchmaker, people: People, partner: User, talks: Engagement, browser: Browser,
    clock: Clock, end: str,
) -> None:  # fmt: skip
    lead = browser()
    agree(platform, people, partner, talks)
    sign(platform, people, talks)
    if end != "lost":
        clock.advance(days=31)
        with platform.database.unit_of_work() as uow:
            assert engagement.rest_due(uow) == 1
    if end != "dormant":
        with platform.database.unit_of_work() as uow:
            broker = contracts.actor(people["broker"])
            engagement.lose(uow, broker, engagement_id=talks.public_id, reason="price")
    lead.log_in(people["broker"])
    require_fixed(platform, people, partner, talks, lead)


def test_a_signed_contract_fixes_a_share_before_the_stage_follows_and_when_it_is_void(
    platform: Matchmaker, people: People, partner: User, talks: Engagement, browser: Browser
) -> None:
    lead = browser()
    lead.log_in(people["broker"])
    agree(platform, people, partner, talks)
    with platform.database.unit_of_work() as uow:
        where = uow.session.get_one(Engagement, talks.id)
        made = contracts.signed(uow, people, contracts.drafted(uow, people, where))
    require_fixed(platform, people, partner, talks, lead)
    broker = contracts.actor(people["broker"])
    with platform.database.unit_of_work() as uow:
        contract_registration.abandon(
            uow, broker, contract_id=made.public_id, reason="企业放弃立项"
        )
    require_fixed(platform, people, partner, talks, lead)
    with platform.database.unit_of_work() as uow:
        contract_registration.reopen(uow, broker, contract_id=made.public_id, reason="双方重新商定")
    assert "Propose other parts" in lead.get("/shares/").words  # nothing is signed any more


def test_only_the_two_brokers_agree(
    platform: Matchmaker, people: People, partner: User, talks: Engagement
) -> None:
    public_id = agree(platform, people, partner, talks)
    with platform.database.unit_of_work() as uow:
        third = builders.user(uow, platform.passwords, "broker")
        lead, other, stranger = (
            actor_now(uow, uow.session.get_one(User, one.id))
            for one in (people["broker"], partner, third)
        )
        with pytest.raises(NotFound):
            service.answer(uow, stranger, share_id=public_id, action="decline")
        with pytest.raises(NotFound):  # the introduction is not his
            service.propose(
                uow, other, introduction_id=talks.introduction.public_id,
                partner_id=third.public_id, percent=50,
            )  # fmt: skip
        again = {"introduction_id": talks.introduction.public_id, "percent": 30}
        with pytest.raises(Invalid):
            service.propose(uow, lead, partner_id=people["company"].public_id, **again)
        changed = service.propose(uow, lead, partner_id=third.public_id, **again)
        assert (changed.state, changed.lead_percent, changed.partner_percent) == (
            "proposed",
            70,
            30,
        )
        with pytest.raises(WrongState):
            service.propose(uow, lead, partner_id=third.public_id, **again)
        with pytest.raises(NotAllowed):
            service.answer(uow, lead, share_id=public_id, action="accept")
        service.answer(uow, stranger, share_id=public_id, action="decline")
        with pytest.raises(IntegrityError, match="whole"):
            uow.session.execute(update(Share).values(lead_percent=80))
        uow.session.rollback()


def test_records_and_agencies_count_parts_that_make_up_the_whole(
    platform: Matchmaker, people: People, partner: User, talks: Engagement, browser: Browser
) -> None:
    agree(platform, people, partner, talks)
    with platform.database.unit_of_work() as uow:
        where = uow.session.get_one(Engagement, talks.id)
        contracts.registered(uow, people, contracts.drafted(uow, people, where))
        uow.session.execute(update(Engagement).values(state="registered"))
        builders.user(
            uow, platform.passwords, "broker",
            uow.session.get_one(Organisation, partner.organisation_id), name="同事",
        )  # fmt: skip
    counted = []
    for person in (people["broker"], partner):
        reader = browser()
        reader.log_in(person)
        table = reader.get("/my-record/table.csv").text.lstrip("\ufeff")
        counted.append(list(csv.reader(io.StringIO(table)))[-1][5:8])
    assert counted == [["0.6", "0.6", "0.6"], ["0.4", "0.4", "0.4"]]
    with platform.reading() as uow:
        part = portions()
        assert {row.percent for row in uow.session.execute(part.select())} == {60, 40}
        lead, other = (
            agency.brokers(uow, actor_now(uow, uow.session.get_one(User, one.id)))
            for one in (people["broker"], partner)
        )
    (mine,), theirs = lead, {row.name: row for row in other}
    assert (mine.contracts, mine.amount) == (Decimal("0.6"), Decimal(72))
    assert theirs[partner.name].amount == Decimal(48)
    assert theirs["同事"].contracts == 0
    assert mine.amount + theirs[partner.name].amount == Decimal(contracts.TERMS["amount_total"])
    manager = browser()
    manager.log_in(partner)
    page = manager.get("/agency/")
    assert "同事" in page.words
    assert people["broker"].name not in page.words
    assert "/agency/" in manager.get("/").text


def test_only_who_manages_an_agency_has_its_desk(
    people: People, browser: Browser, platform: Matchmaker
) -> None:
    plain = browser()
    plain.log_in(people["broker"])
    plain.get("/agency/", status=403)
    with platform.database.unit_of_work() as uow:
        home = builders.organisation(uow, "association")
        there = builders.user(uow, platform.passwords, "broker", home, is_manager=True)
        assert engaged
    at_association = browser()
    at_association.log_in(there)
    at_association.get("/agency/", status=404)
