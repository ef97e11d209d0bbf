"""Asking both sides, answering, silence, and what each side learns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from matchmaker.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from matchmaker.services import follow_up, introduction, match_review, record
from matchmaker.store.audit import AuditEvent
from matchmaker.store.engagement import Engagement
from matchmaker.store.match import Match
from matchmaker.store.outbox import OutboxMail
from tests.client import Client
from tests.conftest import Clock
from tests.integration.engagement.pair import OUTSIDERS, Pair

Mails = Callable[[], list[OutboxMail]]
Events = Callable[..., list[AuditEvent]]
Browse = Callable[..., Client]


def test_the_broker_asks_and_each_side_gets_its_own_words(
    pair: Pair, mails: Mails, events: Events
) -> None:
    asked = pair.ask(company_message="给企业的话", institution_message="给院所的话")
    assert pair.introduction().state == "asked"
    by_reader = {mail.recipient: mail.body for mail in mails()}
    assert set(by_reader) == {pair.users["company"].email, pair.users["researcher"].email}
    assert "给企业的话" in by_reader[pair.users["company"].email]
    assert "给院所的话" not in by_reader[pair.users["company"].email]
    assert "给院所的话" in by_reader[pair.users["researcher"].email]
    assert [event.state_to for event in events("ask")] == ["asked"]
    assert pair.introduction().public_id == asked


@pytest.mark.parametrize("who", [*OUTSIDERS, "company", "researcher", "manager", "visitor"])
def test_nobody_but_a_broker_asks(pair: Pair, who: str) -> None:
    if who == "other_broker":
        pair.ask(who)  # any broker may: the one who accepted may be away
        return
    with pytest.raises(NotAllowed):
        pair.ask(who)


def test_only_an_accepted_match_of_published_records_is_introduced(pair: Pair) -> None:
    with pair.platform.unit_of_work() as uow:
        found = record.load(uow, pair.actor("company"), "demand", pair.demand_id, lock=True)
        record.act(uow, pair.actor("company"), found, "withdraw")
    with pytest.raises(WrongState, match="open to matching"):
        pair.ask()
    with pair.platform.unit_of_work() as uow:
        match = uow.session.scalars(select(Match)).one()
        match.state, match.decided_at, match.decided_by = "suggested", None, None
    with pytest.raises(WrongState, match="accepted"):
        pair.ask()
    with pytest.raises(NotFound), pair.platform.unit_of_work() as uow:
        introduction.ask(
            uow, pair.actor("broker"), match_id="unknown", calendar=pair.platform.calendar
        )


def test_a_directed_demand_is_not_introduced_to_an_institution_it_is_not_directed_to(
    pair: Pair,
) -> None:
    with pair.platform.unit_of_work() as uow:
        found = record.load(uow, pair.actor("company"), "demand", pair.demand_id)
        found.disclosure = "directed"  # type: ignore[misc,union-attr]
    with pytest.raises(WrongState, match="directed"):
        pair.ask()


def test_one_question_at_a_time(pair: Pair) -> None:
    pair.ask()
    with pytest.raises(Conflict):
        pair.ask()


def test_both_accepting_begins_the_engagement_and_tells_all_three(
    pair: Pair, mails: Mails, events: Events
) -> None:
    asked = pair.ask()
    with pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("colleague"), introduction_id=asked, calendar=pair.platform.calendar
        )
    assert pair.introduction().state == "asked"
    assert mails()[-1].recipient == pair.users["broker"].email
    with pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("manager"), introduction_id=asked, calendar=pair.platform.calendar
        )
    found = pair.introduction()
    assert found.state == "mutual"
    assert found.company_answered_by == pair.users["colleague"].id
    assert found.institution_answered_by == pair.users["manager"].id
    engaged = pair.engagement()
    assert (engaged.state, engaged.next_side) == ("mutual", "company")
    assert {mail.recipient for mail in mails()[-3:]} == {
        pair.users[who].email for who in ("company", "researcher", "broker")
    }
    assert [event.changes["side"][1] for event in events("accept")] == ["company", "institution"]
    assert [event.actor_role for event in events("conclude")] == ["system"]
    assert len(events("begin")) == 1
    with pytest.raises(Conflict):
        pair.ask()


@pytest.mark.parametrize("who", [*OUTSIDERS, "visitor"])
def test_an_outsider_neither_sees_nor_answers(pair: Pair, who: str) -> None:
    asked = pair.ask()
    with pytest.raises(NotFound), pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor(who), introduction_id=asked, calendar=pair.platform.calendar
        )
    with pytest.raises(NotFound), pair.platform.unit_of_work() as uow:
        introduction.withdraw(uow, pair.actor(who), introduction_id=asked)
    with pytest.raises(NotFound), pair.platform.unit_of_work() as uow:
        introduction.decline(uow, pair.actor(who), introduction_id=asked, reason="timing")


def test_a_side_withdraws_nothing_and_the_broker_answers_nothing(pair: Pair) -> None:
    asked = pair.ask()
    with pytest.raises(NotAllowed), pair.platform.unit_of_work() as uow:
        introduction.withdraw(uow, pair.actor("company"), introduction_id=asked)
    with pytest.raises(NotAllowed), pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("broker"), introduction_id=asked, calendar=pair.platform.calendar
        )
    with pytest.raises(NotAllowed), pair.platform.unit_of_work() as uow:
        introduction.decline(uow, pair.actor("broker"), introduction_id=asked, reason="timing")


def test_a_side_answers_once(pair: Pair) -> None:
    asked = pair.ask()
    with pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("company"), introduction_id=asked, calendar=pair.platform.calendar
        )
    with pytest.raises(WrongState, match="already"), pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("colleague"), introduction_id=asked, calendar=pair.platform.calendar
        )
    with pytest.raises(WrongState, match="already"), pair.platform.unit_of_work() as uow:
        introduction.decline(uow, pair.actor("colleague"), introduction_id=asked, reason="price")


def test_declining_needs_a_reason_and_keeps_the_note_for_the_broker(
    pair: Pair, mails: Mails
) -> None:
    asked = pair.ask()
    for reason, note in (("", ""), ("unheard-of", ""), ("other", ""), ("price", "字" * 501)):
        with pytest.raises(Invalid), pair.platform.unit_of_work() as uow:
            introduction.decline(
                uow, pair.actor("researcher"), introduction_id=asked, reason=reason, note=note
            )
    with pair.platform.unit_of_work() as uow:
        introduction.decline(
            uow, pair.actor("researcher"), introduction_id=asked, reason="price", note="报价太低"
        )
    found = pair.introduction()
    assert (found.state, found.institution_reason) == ("declined", "price")
    told = {mail.recipient: mail.body for mail in mails()[-2:]}
    assert "报价太低" in told[pair.users["broker"].email]
    assert "报价太低" not in told[pair.users["company"].email]
    assert "价格费用" in told[pair.users["company"].email]
    with pytest.raises(WrongState), pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("company"), introduction_id=asked, calendar=pair.platform.calendar
        )


def test_the_broker_withdraws_and_may_ask_again(pair: Pair, mails: Mails) -> None:
    asked = pair.ask()
    with pair.platform.unit_of_work() as uow:
        introduction.withdraw(uow, pair.actor("broker"), introduction_id=asked)
    assert pair.introduction().state == "withdrawn"
    assert len(mails()) == 4
    assert pair.ask() != asked


def test_silence_is_reminded_once_and_lapses_by_itself(
    pair: Pair, clock: Clock, mails: Mails, events: Events
) -> None:
    asked = pair.ask()  # a Monday
    with pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("company"), introduction_id=asked, calendar=pair.platform.calendar
        )
    before = len(mails())
    for days, lapsed, reminded in ((2, 0, 0), (2, 0, 1), (1, 0, 0)):
        clock.advance(days=days)
        with pair.platform.unit_of_work() as uow:
            done = follow_up.run(
                uow, pair.platform.attachments, calendar=pair.platform.calendar, base_url=""
            )
        assert (done.lapsed, done.reminded) == (lapsed, reminded)
    reminders = mails()[before:]
    assert [mail.recipient for mail in reminders] == [pair.users["researcher"].email]
    clock.advance(days=3)
    with pytest.raises(WrongState, match="over"), pair.platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("researcher"), introduction_id=asked, calendar=pair.platform.calendar
        )
    with pair.platform.unit_of_work() as uow:
        assert (
            follow_up.run(
                uow, pair.platform.attachments, calendar=pair.platform.calendar, base_url=""
            ).lapsed
            == 1
        )
    assert pair.introduction().state == "lapsed"
    assert [event.actor_role for event in events("lapse")] == ["system"]


def test_the_first_request_of_a_day_lapses_too(pair: Pair, clock: Clock, browser: Browse) -> None:
    pair.ask()
    clock.advance(days=9)
    browser().get("/")
    assert pair.introduction().state == "lapsed"


def test_a_side_that_let_the_days_pass_is_not_told_that_it_has_accepted(
    pair: Pair, clock: Clock, browser: Browse
) -> None:
    address = f"/introductions/{pair.ask()}"
    clock.advance(days=7)  # the last of its five working days, nine o'clock in China
    professor = browser()
    professor.log_in(pair.users["researcher"])
    assert "Yes, we want to talk" in professor.get(address).words
    clock.advance(hours=16)  # past midnight in China; the day's first request lapses it
    professor.log_in(pair.users["researcher"])
    page = professor.get(address)
    assert pair.introduction().state == "lapsed"
    assert "Not both sides answered in time" in page.words
    assert "has accepted" not in page.words
    assert not [form for form in page.forms() if "accept" in form.get("action", "")]


def test_a_record_taken_down_closes_its_open_questions(pair: Pair) -> None:
    pair.ask()
    with pair.platform.unit_of_work() as uow:
        found = record.load(uow, pair.actor("researcher"), "outcome", pair.outcome_id, lock=True)
        record.act(uow, pair.actor("researcher"), found, "withdraw")
    assert pair.introduction().state == "lapsed"


def test_a_record_that_was_introduced_is_not_deleted(pair: Pair) -> None:
    pair.ask()
    company = pair.actor("company")
    with pair.platform.unit_of_work() as uow:
        found = record.load(uow, company, "demand", pair.demand_id, lock=True)
        record.act(uow, company, found, "withdraw")
        record.act(uow, company, found, "reopen")
    with pytest.raises(WrongState), pair.platform.unit_of_work() as uow:
        record.delete(uow, company, record.load(uow, company, "demand", pair.demand_id))


def test_a_decision_that_both_sides_were_asked_about_is_not_undone(pair: Pair) -> None:
    pair.ask()
    with pytest.raises(WrongState), pair.platform.unit_of_work() as uow:
        match_review.undo(uow, pair.actor("broker"), match_id=pair.match_id)


def test_an_anonymous_company_is_not_named_before_both_accept(
    anonymous: Pair, mails: Mails, browser: Browse
) -> None:
    name = "无名密封"
    for told in ("无名密封技术有限公司", "无名密封技术", "无名 密封技术", "NAMELESS SEALS"):
        with pytest.raises(Invalid) as refused:
            anonymous.ask(institution_message=f"这是{told}的需求")
        assert refused.value.fields == {"institution_message": "names_company"}
    asked = anonymous.ask(company_message="无名密封技术有限公司，您好")
    professor = browser(language="zh_Hans")
    professor.log_in(anonymous.users["researcher"])
    for address in ("/engagements/", f"/introductions/{asked}", "/calendar/", "/"):
        page = professor.get(address)
        assert name not in page.text
        assert "Nameless" not in page.text
        assert anonymous.users["company"].email not in page.text
    to_researcher = [m for m in mails() if m.recipient == anonymous.users["researcher"].email]
    assert to_researcher
    assert not [mail for mail in to_researcher if name in mail.subject + mail.body]
    with anonymous.platform.unit_of_work() as uow:
        introduction.accept(
            uow,
            anonymous.actor("company"),
            introduction_id=asked,
            calendar=anonymous.platform.calendar,
        )
    assert "已同意" not in professor.get(f"/introductions/{asked}").words
    assert name not in professor.get(f"/introductions/{asked}").text
    with anonymous.platform.unit_of_work() as uow:
        introduction.accept(
            uow,
            anonymous.actor("researcher"),
            introduction_id=asked,
            calendar=anonymous.platform.calendar,
        )
    assert name in professor.get(f"/introductions/{asked}").text


def test_an_anonymous_company_that_declines_stays_unnamed(
    anonymous: Pair, mails: Mails, browser: Browse
) -> None:
    asked = anonymous.ask()
    with anonymous.platform.unit_of_work() as uow:
        introduction.decline(
            uow, anonymous.actor("company"), introduction_id=asked, reason="timing", note="明年再说"
        )
    professor = browser(language="zh_Hans")
    professor.log_in(anonymous.users["researcher"])
    for address in (f"/introductions/{asked}", "/engagements/?view=closed"):
        page = professor.get(address)
        assert "无名密封" not in page.text
        assert "明年再说" not in page.text
    told = [mail for mail in mails() if mail.recipient == anonymous.users["researcher"].email]
    assert "时机" in told[-1].body
    assert not [mail for mail in told if "无名密封" in mail.body or "明年再说" in mail.body]


def test_pages_lead_from_the_desk_to_the_engagement(pair: Pair, browser: Browse) -> None:
    broker = browser()
    broker.log_in(pair.users["broker"])
    ask = f"/introductions/matches/{pair.match_id}"
    assert ask in broker.get(f"/match-review/{pair.match_id}?view=accepted").links()
    page = broker.post_form(ask, {"company_message": "字" * 501}, form=ask, status=422)
    assert page.errors() == ["It is too long."]
    opened = broker.get(ask)
    shown = broker.submit(opened, {"company_message": "值得一谈"}, form=ask).location
    late = broker.submit(opened, {"company_message": "再问一次"}, form=ask, status=409)
    assert late.heading == "Introduce the two sides"
    assert "再问一次" in late.text
    assert broker.get(ask).forms() == []
    assert "值得一谈" in broker.get(shown).words
    firm, professor = browser(), browser()
    firm.log_in(pair.users["company"])
    professor.log_in(pair.users["researcher"])
    assert shown in firm.get("/engagements/").links()
    assert "值得一谈" in firm.get(shown).words
    assert "值得一谈" not in professor.get(shown).words
    firm.post_form(shown, form="/accept")
    assert "has accepted" in firm.get(shown).words
    professor.post_form(shown, {"reason": ""}, form="/decline", status=422)
    professor.post_form(shown, form="/accept")
    assert any("/engagements/" in link for link in professor.get(shown).links())
    with pair.platform.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Engagement)) == 1


def test_pages_refuse_outsiders(pair: Pair, browser: Browse) -> None:
    asked = pair.ask()
    for who in OUTSIDERS:
        other = browser()
        other.log_in(pair.users[who])
        status = 403 if who in {"bureau", "administrator"} else 404
        other.get(f"/introductions/{asked}", status=status)
    stranger = browser()
    assert "/log-in" in stranger.get(f"/introductions/{asked}", status=303).location
    firm = browser()
    firm.log_in(pair.users["company"])
    firm.get(f"/introductions/matches/{pair.match_id}", status=403)


def test_no_query_is_added_by_further_introductions(
    pair: Pair, browser: Browse, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    firm = browser()
    firm.log_in(pair.users["company"])
    firm.get("/engagements/")
    pair.ask()
    one = count_queries(lambda: firm.get("/engagements/"))
    with pair.platform.unit_of_work() as uow:
        introduction.withdraw(
            uow, pair.actor("broker"), introduction_id=pair.introduction().public_id
        )
    pair.ask()
    assert count_queries(lambda: firm.get("/engagements/")) == one
