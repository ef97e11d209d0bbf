"""What a company can do when nothing fits, from the page to the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.next_step import AlertSent
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
TITLE = "核级密封件耐辐照老化评价"


@pytest.fixture
def demand(platform: Matchmaker, people: dict[str, User]) -> Demand:
    """A published demand that no outcome answers."""
    with platform.unit_of_work() as uow:
        return builders.demand(uow, people["company"], title=TITLE)


def page_of(demand: Demand) -> str:
    return f"/demands/{demand.public_id}"


def steps_of(demand: Demand, what: str) -> str:
    return f"/next-steps/demands/{demand.public_id}/{what}"


def test_a_demand_without_a_usable_match_says_so_and_offers_the_next_steps(
    people: dict[str, User], browser: Browser, demand: Demand
) -> None:
    own = browser(language="zh_Hans")
    own.log_in(people["company"])
    words = own.get(page_of(demand)).words
    for text in ("暂无匹配", "下一步", "咨询", "揭榜挂帅"):
        assert text in words
    assert "next-steps" not in browser().get(page_of(demand)).text


def test_an_expert_is_asked_answers_and_the_company_is_mailed(
    people: dict[str, User], browser: Browser, demand: Demand, mails: Mails
) -> None:
    own, broker = browser(), browser()
    own.log_in(people["company"])
    own.press(steps_of(demand, "ask"), {"kind": "expert", "note": "Seals above 150 °C."})
    own.press(steps_of(demand, "ask"), {"kind": "expert", "note": ""})
    assert "asked already" in own.get(page_of(demand)).words
    broker.log_in(people["broker"])
    listed = broker.get("/next-steps/")
    assert "Seals above 150 °C." in listed.words
    place = re.search(r"/next-steps/([^/\"]+)/answer", listed.text)
    assert place is not None
    empty = broker.press(place.group(), {"answer": "  "}, status=422)
    assert "Write an answer" in empty.words
    broker.press(place.group(), {"answer": "Ask the institute of nuclear materials."})
    told = mails()[-1]
    assert told.recipient == people["company"].email
    assert "institute of nuclear materials" in told.body
    assert "institute of nuclear materials" in own.get(page_of(demand)).words
    assert broker.get("/next-steps/").words.count("Seals above") == 0
    assert "Seals above" in broker.get("/next-steps/?state=closed").words


def test_a_proposal_is_decided_by_the_bureau_alone(
    people: dict[str, User],
    browser: Browser,
    demand: Demand,
    mails: Mails,
    events: Callable[[str], list[AuditEvent]],
) -> None:
    own, broker, bureau = browser(), browser(), browser()
    own.log_in(people["company"])
    own.press(steps_of(demand, "ask"), {"kind": "challenge", "note": ""})
    broker.log_in(people["broker"])
    seen = broker.get("/next-steps/")
    assert TITLE in seen.words
    assert "Accept the proposal" not in seen.words
    bureau.log_in(people["bureau"])
    place = re.search(r"/next-steps/([^/\"]+)/decline", bureau.get("/next-steps/").text)
    assert place is not None
    broker.press(place.group(), {"answer": "no"}, status=403)
    bureau.press(place.group(), {"answer": "Too narrow for a challenge."})
    assert "Too narrow" in mails()[-1].body
    assert [event.actor_id for event in events("decline")] == [people["bureau"].id]


def test_an_anonymous_company_is_named_to_those_who_answer_but_to_nobody_else(
    platform: Matchmaker, people: dict[str, User], browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        hidden = builders.demand(uow, people["company"], title=TITLE, disclosure="anonymous")
    own, other = browser(), browser()
    own.log_in(people["company"])
    own.press(steps_of(hidden, "ask"), {"kind": "expert", "note": ""})
    other.log_in(people["researcher"])
    other.get("/next-steps/", status=403)
    other.press(steps_of(hidden, "ask"), {"kind": "expert"}, status=403)


def test_what_turns_up_is_mailed_once_and_never_again(
    platform: Matchmaker, people: dict[str, User], browser: Browser, demand: Demand, mails: Mails
) -> None:
    own = browser()
    own.log_in(people["company"])
    own.press(steps_of(demand, "alert"), {"on": "1"})
    before = len(mails())
    with platform.unit_of_work() as uow:
        institution = builders.organisation(uow, "institution")
        builders.outcome(uow, institution, title="核级密封件耐辐照老化评价装置")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: platform.send_alerts(), range(4)))
    platform.catch_up()
    told = mails()[before:]
    assert [mail.recipient for mail in told] == [people["company"].email]
    assert "核级密封件耐辐照老化评价装置" in told[0].body
    with platform.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(AlertSent)) == 1


def test_what_was_known_when_the_alert_was_switched_on_is_not_mailed(
    platform: Matchmaker, people: dict[str, User], browser: Browser, demand: Demand, mails: Mails
) -> None:
    with platform.unit_of_work() as uow:
        builders.outcome(uow, builders.organisation(uow, "institution"), title=TITLE)
    own = browser()
    own.log_in(people["company"])
    own.press(steps_of(demand, "alert"), {"on": "1"})
    assert platform.send_alerts() == 0
    assert mails() == []


def test_the_link_in_the_mail_switches_the_alert_off_without_logging_in(
    platform: Matchmaker, people: dict[str, User], browser: Browser, demand: Demand, mails: Mails
) -> None:
    own, mailed = browser(), browser()
    own.log_in(people["company"])
    own.press(steps_of(demand, "alert"), {"on": "1"})
    with platform.unit_of_work() as uow:
        builders.outcome(uow, builders.organisation(uow, "institution"), title=TITLE)
    link = re.search(r"/next-steps/alerts/\S+", mails()[-1].body)
    assert link is not None
    mailed.get(link.group())
    assert "alert is on" in own.get(page_of(demand)).words
    mailed.post_form(link.group(), form=-1, status=200)
    assert "alert is on" not in own.get(page_of(demand)).words
    with platform.unit_of_work() as uow:
        builders.outcome(uow, builders.organisation(uow, "institution"), title=TITLE + "方法")
    assert len(mails()) == 1
    mailed.get("/next-steps/alerts/unknown", status=404)
