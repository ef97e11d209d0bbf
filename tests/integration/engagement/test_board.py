"""The board and an engagement's page, as each reader sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from matchmaker.domain.permissions import may
from matchmaker.services import engagement, introduction
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.queries.party import listed, party
from matchmaker.web.engagement import views
from tests import builders, engaged
from tests.client import Client
from tests.conftest import Clock
from tests.integration.engagement.pair import PEOPLE, Pair

Browse = Callable[..., Client]


@pytest.mark.parametrize("who", [*PEOPLE, "visitor"])
def test_the_table_and_its_sql_say_the_same(pair: Pair, who: str) -> None:
    pair.engage()
    actor = pair.actor(who)
    with pair.platform.reading() as uow:
        for (noun, model), rule in product(
            (("introduction", Introduction), ("engagement", Engagement)), ("view",)
        ):
            stored = uow.session.scalars(select(model)).all()
            expected = [one.id for one in stored if may(actor, noun, rule, one)]
            assert (
                list(uow.session.scalars(select(model.id).where(party(actor, model)))) == expected
            )
        overseen = bool(uow.session.scalar(select(Engagement.id).where(listed(actor, Engagement))))
        assert overseen == any(
            may(actor, "engagement", action, pair.engagement()) for action in ("view", "oversee")
        )


def test_each_role_reaches_its_engagements_from_the_navigation(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    for who in ("company", "researcher", "manager", "broker", "bureau"):
        reader = browser()
        reader.log_in(pair.users[who])
        assert 'href="/engagements/"' in reader.get("/").text
        board = reader.get("/engagements/")
        assert (f"/engagements/{public_id}" in board.links()) is (who != "bureau")
        assert "储氢气瓶用快速固化树脂" in board.words
    administrator = browser()
    administrator.log_in(pair.users["administrator"])
    administrator.get("/engagements/", status=403)


def test_a_card_says_what_is_next_whose_turn_it_is_and_what_is_late(
    pair: Pair, browser: Browse, clock: Clock
) -> None:
    pair.engage()
    firm, broker = browser(), browser()
    firm.log_in(pair.users["company"])
    broker.log_in(pair.users["broker"])
    assert "your turn" in firm.get("/engagements/").words
    assert "your turn" not in broker.get("/engagements/").words
    clock.advance(days=12)
    words = broker.get("/engagements/").words
    assert "overdue since 2026-03-09" in words
    assert "12 days without a step" in words


def test_mine_leaves_out_what_colleagues_look_after(pair: Pair, browser: Browse) -> None:
    pair.engage()
    for who, own in (("company", True), ("colleague", False), ("researcher", True)):
        reader = browser()
        reader.log_in(pair.users[who])
        assert "储氢气瓶" in reader.get("/engagements/").words
        assert ("储氢气瓶" in reader.get("/engagements/?scope=mine").words) is own


def test_closed_ones_move_to_their_own_view(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    with pair.platform.unit_of_work() as uow:
        engagement.lose(uow, pair.actor("company"), engagement_id=public_id, reason="price")
    firm = browser()
    firm.log_in(pair.users["company"])
    assert "储氢气瓶" not in firm.get("/engagements/").words
    assert "Price or cost" in firm.get("/engagements/?view=closed").words


def test_empty_boards_say_what_to_do(pair: Pair, browser: Browse) -> None:
    for who, link in (
        ("company", "/matches/mine"),
        ("researcher", "/matches/mine"),
        ("broker", "/match-review/?view=accepted"),
        ("bureau", "/"),
    ):
        reader = browser()
        reader.log_in(pair.users[who])
        assert link in reader.get("/engagements/").links()
        reader.get("/engagements/?view=closed")


def test_contacts_open_at_mutual_interest_and_not_before(pair: Pair, browser: Browse) -> None:
    asked = pair.ask()
    firm, professor = browser(), browser()
    firm.log_in(pair.users["company"])
    professor.log_in(pair.users["researcher"])
    secrets = {
        firm: (pair.users["researcher"].email, "0631-5550202"),
        professor: (pair.users["company"].email, "0631-5550101"),
    }
    for reader, words in secrets.items():
        for address in (f"/introductions/{asked}", "/engagements/", "/calendar/"):
            text = reader.get(address).text
            assert not [word for word in words if word in text]
    for who in ("company", "researcher"):
        with pair.platform.unit_of_work() as uow:
            introduction.accept(
                uow, pair.actor(who), introduction_id=asked, calendar=pair.platform.calendar
            )
    for reader, words in secrets.items():
        text = reader.get(f"/engagements/{pair.engagement().public_id}").text
        assert [word for word in words if word in text] == list(words)


def test_the_page_leads_through_agreement_steps_and_end(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    address = f"/engagements/{public_id}"
    firm, professor, broker = browser(), browser(), browser()
    firm.log_in(pair.users["company"])
    professor.log_in(pair.users["researcher"])
    broker.log_in(pair.users["broker"])
    assert f"{address}/agreement" in firm.get(address).links()
    page = firm.post_form(f"{address}/agreement", {"name": ""}, status=422)
    assert page.errors() == ["This is needed."]
    firm.post_form(f"{address}/agreement", {"name": "林书越"})
    assert not firm.get(f"{address}/agreement").forms()
    assert "林书越" in broker.get(f"{address}/agreement").words
    assert not broker.get(f"{address}/agreement").forms()
    stale = {"name": "沈知微", "version": "2019-1"}
    professor.press(f"{address}/agreement", stale, status=409)
    professor.post_form(f"{address}/agreement", {"name": "沈知微"})
    professor.post_form(address, form="/steps/disclose")
    assert "Needs a meeting that was held" in broker.get(address).words
    broker.press(f"{address}/steps/meet", status=409)
    broker.press(f"{address}/steps/rest", status=404)
    broker.press(f"{address}/steps/unheard-of", status=404)
    broker.post_form(
        address, {"text": "寄样", "side": "company", "due": "2026-03-20"}, form="/next"
    )
    assert "寄样" in firm.get(address).words
    page = broker.post_form(address, {"due": "2020-01-01"}, form="/next", status=422)
    assert page.errors() == ["Name a day that is not over."]
    page = firm.post_form(address, {"reason": "other"}, form="/lose", status=422)
    assert page.errors() == ["This is needed."]
    firm.post_form(address, {"reason": "timing"}, form="/lose")
    assert "This engagement has ended" in professor.get(address).words
    broker.press(f"{address}/wake", status=409)


def test_a_skipped_stage_asks_why(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    with pair.platform.unit_of_work() as uow:
        found = uow.session.scalars(select(Engagement)).one()
        found.state = "meeting"
    broker = browser()
    broker.log_in(pair.users["broker"])
    address = f"/engagements/{public_id}"
    broker.post_form(address, {"note": ""}, form="/steps/agree_terms", status=422)
    broker.post_form(address, {"note": "无需试验"}, form="/steps/agree_terms")
    assert "无需试验" in broker.get(address).words


def test_a_dormant_engagement_is_woken_from_its_page(
    pair: Pair, browser: Browse, clock: Clock
) -> None:
    public_id = pair.engage()
    clock.advance(days=31)
    firm = browser()
    firm.log_in(pair.users["company"])
    assert "Dormant" in firm.get("/engagements/").words
    firm.post_form(f"/engagements/{public_id}", form="/wake")
    assert pair.engagement().state == "mutual"


def test_the_agreement_stands_in_both_languages(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    for language, word in (("zh_Hans", "保密信息"), ("en", "Confidential information")):
        reader = browser(language=language)
        reader.log_in(pair.users["company"])
        assert word in reader.get(f"/engagements/{public_id}/agreement").words


def test_no_query_is_added_by_further_engagements(
    pair: Pair, browser: Browse, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    firm = browser()
    firm.log_in(pair.users["company"])
    first = pair.engage()
    firm.get("/engagements/")
    one = count_queries(lambda: firm.get("/engagements/"))
    month = count_queries(lambda: firm.get("/calendar/"))
    with pair.platform.unit_of_work() as uow:
        engagement.lose(uow, pair.actor("company"), engagement_id=first, reason="price")
    pair.engage()
    closed = count_queries(lambda: firm.get("/engagements/?view=closed"))
    assert (count_queries(lambda: firm.get("/engagements/")), closed) == (one, one)
    assert count_queries(lambda: firm.get("/calendar/")) == month


def test_a_long_board_says_how_much_is_shown_and_leads_on(
    pair: Pair, browser: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_SHOWN", 2)
    with pair.platform.database.unit_of_work() as uow:
        company, researcher, broker = (
            pair.users[one] for one in ("company", "researcher", "broker")
        )
        for title, due in (("无日期", None), ("最急", 1), ("其次", 2), ("再次", 3)):
            demand = builders.demand(uow, company, title=title)
            outcome = builders.outcome(uow, researcher)
            day = None if due is None else uow.now.date() + timedelta(days=due)
            engaged.engagement(uow, demand, outcome, broker, company, next_due=day)
        for number in range(3):
            engaged.introduction(
                uow,
                builders.demand(uow, company, title=f"待答{number}"),
                builders.outcome(uow, researcher),
                broker,
                company,
                state="asked",
                closed_at=None,
                company_answer=None,
                company_answered_by=None,
                company_answered_at=None,
                institution_answer=None,
                institution_answered_by=None,
                institution_answered_at=None,
            )
    reader = browser()
    reader.log_in(pair.users["broker"])
    first, second = reader.get("/engagements/"), reader.get("/engagements/?page=2")
    assert "The first 2 of 4 are shown." in first.words
    assert "The first 2 of 3 are shown." in first.words
    assert "Interest 4" in first.words
    assert "Introductions that wait for an answer 3" in first.words
    assert "/engagements/?page=2" in first.links()
    assert first.words.index("最急") < first.words.index("其次")
    assert "再次" not in first.words
    assert "无日期" not in first.words
    assert second.words.index("再次") < second.words.index("无日期")
    assert "3 to 4 of 4 are shown." in second.words
    assert "待答2" in second.words
    assert "No engagement yet" not in reader.get("/engagements/?page=9").words
    assert "are shown." not in reader.get("/engagements/?view=closed").words
