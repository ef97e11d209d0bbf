"""What brokers said comes back to the author in kind words, and never who said it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.vocabulary import REASONS
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from tests import builders
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
People = dict[str, User]
HEADING = "What brokers said"


def dismissed(
    platform: Matchmaker, outcome: Outcome, owner: User, broker: User, reason: str
) -> None:
    """A pair of the outcome that a broker has just dismissed."""
    with platform.database.unit_of_work() as uow:
        demand = builders.demand(uow, owner)
        uow.session.add(
            Match(
                demand_id=demand.id,
                outcome_id=outcome.id,
                score=0.4,
                level=1,
                rank=1,
                explanation={},
                engine_version="t",
                state="dismissed",
                reason=reason,
                note="张三说价格太高",
                decided_by=broker.id,
                decided_at=uow.now,
                created_at=uow.now,
            )
        )


@pytest.fixture
def outcome(platform: Matchmaker, people: People) -> Outcome:
    with platform.database.unit_of_work() as uow:
        return builders.outcome(uow, people["researcher"])


def test_one_brokers_reasons_come_back_after_a_week(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock, outcome: Outcome
) -> None:
    dismissed(platform, outcome, people["company"], people["broker"], "price")
    dismissed(platform, outcome, people["company"], people["broker"], "price")
    author = browser()
    author.log_in(people["researcher"])
    address = f"/outcomes/{outcome.public_id}"
    assert HEADING not in author.get(address).words
    clock.advance(days=7)
    page = author.get(address)
    assert HEADING in page.words
    assert "2 times" in page.words
    assert "The two ideas of the price lay far apart." in page.words
    assert f"{address}/edit#price_mode" in page.links()
    assert 'id="price_mode"' in author.get(f"{address}/edit").text
    for hidden in (people["broker"].name, "张三"):
        assert hidden not in page.text


def test_several_brokers_reasons_come_back_at_once(
    platform: Matchmaker, people: People, browser: Browser, outcome: Outcome
) -> None:
    with platform.database.unit_of_work() as uow:
        second = builders.user(uow, platform.passwords, "broker")
    dismissed(platform, outcome, people["company"], people["broker"], "immature")
    dismissed(platform, outcome, people["company"], second, "price")
    author = browser(language="zh_Hans")
    author.log_in(people["researcher"])
    words = author.get(f"/outcomes/{outcome.public_id}").words
    assert "经纪人的意见与改进建议" in words
    assert "成熟度不足" in words


def test_nobody_else_reads_the_reasons(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock, outcome: Outcome
) -> None:
    dismissed(platform, outcome, people["company"], people["broker"], "price")
    clock.advance(days=30)
    for role in ("company", "broker", "bureau"):
        reader = browser()
        reader.log_in(people[role])
        assert HEADING not in reader.get(f"/outcomes/{outcome.public_id}").text
    assert HEADING not in browser().get(f"/outcomes/{outcome.public_id}").text


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_reason_has_kind_words_for_both_sides_and_leads_to_a_field_that_exists(
    people: People, browser: Browser, language: str
) -> None:
    from matchmaker.web.advice.wording import improvement, sentence
    from matchmaker.web.i18n import speaking

    author, company = browser(language=language), browser(language=language)
    author.log_in(people["researcher"])
    company.log_in(people["company"])
    forms = {
        "outcome": author.get("/outcomes/new").text,
        "demand": company.get("/demands/new").text,
    }
    with author.flask.application.test_request_context(), speaking(language):
        for reason in REASONS:
            assert len(sentence(reason)) > 8
            assert sentence(reason).isascii() is (language == "en")
            for noun, form in forms.items():
                text, field = improvement(noun, reason)
                assert text
                assert text.isascii() is (language == "en")
                assert not field or f'id="{field}' in form, (noun, field)
