"""Introductions, engagements and brokers' questions are told as everything else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import assignment, engagement, introduction, notification, question, record
from matchmaker.store.assignment import BrokerProfile
from matchmaker.store.match import Match
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.client import Client
from tests.conftest import Clock
from tests.integration.engagement.pair import OUTSIDERS, Pair, make_pair

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
DEMAND, OUTCOME = "储氢气瓶用快速固化树脂", "增韧环氧树脂体系"


@pytest.fixture
def pair(platform: Matchmaker) -> Pair:
    return make_pair(platform)


def choose(pair: Pair, who: str, **paces: str) -> None:
    with pair.platform.unit_of_work() as uow:
        notification.choose(uow, pair.actor(who), paces)


def kinds(pair: Pair, who: str) -> list[str]:
    with pair.platform.reading() as uow:
        found = select(Notification.kind).where(Notification.user_id == pair.users[who].id)
        return list(uow.session.scalars(found.order_by(Notification.id)))


def to(mails: list[OutboxMail], user: User) -> list[OutboxMail]:
    return [mail for mail in mails if mail.recipient == user.email]


def ask_side(pair: Pair, side: str) -> str:
    with pair.platform.unit_of_work() as uow:
        match = uow.session.scalars(select(Match)).one()
        made = question.ask(
            uow,
            pair.actor("broker"),
            match,
            side=side,
            text="做过中试吗？",
            calendar=pair.platform.calendar,
            base_url="",
        )
        return made.public_id


def test_each_side_reads_its_own_title_and_comes_to_the_page(pair: Pair, browser: Browser) -> None:
    asked = pair.ask(company_message="给企业的话")
    for who, title in (("company", DEMAND), ("researcher", OUTCOME)):
        reader = browser(language="zh_Hans")
        reader.log_in(pair.users[who])
        page = reader.get("/notifications/")
        assert f"对接征询：{title}" in page.words
        assert "给企业的话" not in page.text
        reader.press(f"/notifications/{_last(pair, who)}/open")
        assert asked in reader.press(f"/notifications/{_last(pair, who)}/open").location
    for who in OUTSIDERS:
        assert kinds(pair, who) == []


def _last(pair: Pair, who: str) -> str:
    with pair.platform.reading() as uow:
        own = Notification.user_id == pair.users[who].id
        found = select(Notification.public_id).where(own).order_by(Notification.id.desc())
        return uow.session.scalars(found.limit(1)).one()


def test_who_wants_no_mail_is_told_on_the_site_alone(pair: Pair, mails: Mails) -> None:
    choose(pair, "company", introduction="off", match="off")
    pair.ask()
    ask_side(pair, "demand")
    assert to(mails(), pair.users["company"]) == []
    assert kinds(pair, "company") == ["introduction_side_asked", "question_ask"]
    assert len(to(mails(), pair.users["researcher"])) == 1


def test_one_click_in_such_a_mail_ends_them(pair: Pair, mails: Mails, browser: Browser) -> None:
    asked = pair.ask()
    (mail,) = to(mails(), pair.users["researcher"])
    path = mail.unsubscribe.removeprefix(pair.platform.settings.base_url)
    browser().post(path, {"List-Unsubscribe": "One-Click"}, status=200)
    for who in ("company", "researcher"):
        with pair.platform.unit_of_work() as uow:
            introduction.accept(
                uow, pair.actor(who), introduction_id=asked, calendar=pair.platform.calendar
            )
    pair.accept_nda(pair.engagement().public_id)
    assert len(to(mails(), pair.users["researcher"])) == 1
    assert kinds(pair, "researcher")[1:] == ["introduction_side_mutual", "engagement_nda_accepted"]
    assert kinds(pair, "company")[-1] == "engagement_step"


def test_a_digest_collects_them(pair: Pair, mails: Mails, clock: Clock) -> None:
    choose(pair, "company", introduction="daily")
    pair.engage()
    assert to(mails(), pair.users["company"]) == []
    clock.advance(days=1)
    pair.platform.tell_news()
    (digest,) = to(mails(), pair.users["company"])
    assert f"对接征询：{DEMAND}" in digest.body
    assert f"双方同意对接：{DEMAND}" in digest.body


def test_who_has_no_part_any_more_reads_no_title(pair: Pair, browser: Browser) -> None:
    pair.engage()
    with pair.platform.unit_of_work() as uow:
        gone = uow.session.get_one(User, pair.users["researcher"].id)
        gone.organisation_id = builders.organisation(uow, "institution").id
    reader = browser(language="zh_Hans")
    reader.log_in(pair.users["researcher"])
    page = reader.get("/notifications/")
    assert "您无权查看的记录" in page.words
    assert OUTCOME not in page.text


def test_the_bureau_is_led_to_its_board(pair: Pair, browser: Browser, clock: Clock) -> None:
    pair.accept_nda(pair.engage())
    clock.advance(days=31)
    with pair.platform.unit_of_work() as uow:
        engagement.rest_due(uow)
    assert kinds(pair, "bureau") == ["engagement_bureau_dormant"]
    officer = browser()
    officer.log_in(pair.users["bureau"])
    opened = officer.press(f"/notifications/{_last(pair, 'bureau')}/open")
    assert opened.location.endswith("/engagements/")
    assert DEMAND in officer.get("/engagements/").words


def test_a_question_leads_to_the_questions_and_its_answer_to_the_desk(
    pair: Pair, browser: Browser
) -> None:
    asked = ask_side(pair, "outcome")
    assert kinds(pair, "researcher") == ["question_ask"]
    reader = browser()
    reader.log_in(pair.users["researcher"])
    opened = reader.press(f"/notifications/{_last(pair, 'researcher')}/open")
    assert opened.location.endswith("/questions/")
    with pair.platform.unit_of_work() as uow:
        question.answer(
            uow, pair.actor("researcher"), question_id=asked, text="做过。", base_url=""
        )
    broker = browser()
    broker.log_in(pair.users["broker"])
    opened = broker.press(f"/notifications/{_last(pair, 'broker')}/open")
    assert opened.location.endswith(f"/match-review/{pair.match_id}")
    assert broker.get(opened.location).status == 200


@pytest.mark.parametrize("noun", ["demand", "outcome"])
def test_what_is_taken_down_closes_introduction_and_question(
    pair: Pair, mails: Mails, noun: str
) -> None:
    pair.ask()
    ask_side(pair, "outcome")
    owner = pair.actor("company" if noun == "demand" else "researcher")
    public_id = pair.demand_id if noun == "demand" else pair.outcome_id
    with pair.platform.unit_of_work() as uow:
        record.act(uow, owner, record.load(uow, owner, noun, public_id, lock=True), "withdraw")
    assert pair.introduction().state == "lapsed"
    with pair.platform.reading() as uow:
        assert uow.session.scalars(select(question.Question.state)).all() == ["lapsed"]
    for who in ("company", "researcher", "broker"):
        assert kinds(pair, who)[-1].endswith("_closed")
        assert "已撤回、到期或已另有合同" in to(mails(), pair.users[who])[-1].body


@pytest.mark.parametrize(("pace", "sent"), [("daily", 2), ("weekly", 1), ("off", 0)])
def test_the_mail_of_the_queue_obeys_and_ends_with_one_click(
    platform: Matchmaker, mails: Mails, clock: Clock, browser: Browser, pace: str, sent: int
) -> None:
    pair = make_pair(platform, state="suggested")
    choose(pair, "broker", review=pace)
    with platform.unit_of_work() as uow:
        uow.session.add(
            BrokerProfile(
                user_id=pair.users["broker"].id,
                level="junior",
                fields=[],
                clusters=[],
                regions=[],
                weekly_capacity=5,
                updated_at=uow.now,
            )
        )
        match = uow.session.scalars(select(Match)).one()
        match.assigned_to, match.assigned_at = pair.users["broker"].id, uow.now
        match.due_at = uow.now + timedelta(hours=1)
    for _ in range(2):
        with platform.unit_of_work() as uow:
            assignment.send_digests(uow, platform.settings.base_url)
        clock.advance(days=1)
    told = to(mails(), pair.users["broker"])
    assert len(told) == sent
    if pace == "daily":
        path = told[0].unsubscribe.removeprefix(platform.settings.base_url)
        assert path in told[0].body
        browser().post(path, {"List-Unsubscribe": "One-Click"}, status=200)
        with platform.unit_of_work() as uow:
            assert assignment.send_digests(uow, platform.settings.base_url) == 0
