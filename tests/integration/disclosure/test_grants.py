"""A confidential tier opens to whom its keeper chose, once there is an agreement, until a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select

from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.disclosure import DisclosureGrant, DisclosureReceipt
from matchmaker.store.engagement import NdaAcceptance
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from tests import builders, engaged
from tests.client import Client
from tests.conftest import Clock
from tests.integration.disclosure.conftest import KNOW_HOW, STATE_OF_THINGS, Talks

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
UNTIL = "2026-04-30"


def _name(talks: Talks, user: User) -> str:
    with talks.platform.reading() as uow:
        return uow.session.get_one(Organisation, user.organisation_id).name


def _as(browser: Browser, user: User) -> Client:
    client = browser()
    client.log_in(user)
    return client


def _give(browser: Browser, talks: Talks, noun: str = "demand", **fields: str) -> Client:
    owner, other = ("company", "researcher") if noun == "demand" else ("researcher", "company")
    client = _as(browser, talks.people[owner])
    given = {
        "organisation": _name(talks, talks.people[other]),
        "until": UNTIL,
        "reason": "已签保密约定",
    } | fields
    client.post_form(_path(talks, noun), given, form="/give")
    return client


def _path(talks: Talks, noun: str = "demand") -> str:
    return f"/confidential/{noun}/{talks.demand if noun == 'demand' else talks.outcome}"


@pytest.mark.parametrize(
    ("noun", "reader", "text"),
    [("demand", "researcher", STATE_OF_THINGS), ("outcome", "company", KNOW_HOW)],
)
def test_what_was_opened_is_read_with_a_button_and_leaves_a_receipt(
    browser: Browser,
    talks: Talks,
    mails: Mails,
    events: Callable[..., list[AuditEvent]],
    noun: str,
    reader: str,
    text: str,
) -> None:
    owner = _give(browser, talks, noun)
    client = _as(browser, talks.people[reader])
    page = client.get(_path(talks, noun))
    assert text not in page.text
    before = len(mails())
    opened = client.submit(page, form="/open", status=200)
    assert text in opened.text
    assert talks.people[reader].name in opened.words
    assert "no-store" in opened.headers["Cache-Control"]
    again = client.submit(page, form="/open", status=200)
    assert text in again.text
    with talks.platform.reading() as uow:
        receipts = uow.session.scalars(select(DisclosureReceipt)).all()
    assert len(receipts) == 2
    assert receipts[0].text_hash == receipts[1].text_hash
    assert receipts[0].fields == [{"demand": "current_state", "outcome": "know_how"}[noun]]
    assert len(events("open")) == 2
    told = mails()[before:]
    assert len(told) == 1  # once a day
    assert text not in told[0].body
    shown = owner.get(_path(talks, noun)).words
    assert talks.people[reader].name in shown
    assert receipts[0].text_hash[:12] in shown


def test_a_look_at_the_page_leaves_nothing_behind(browser: Browser, talks: Talks) -> None:
    _give(browser, talks)
    _as(browser, talks.people["researcher"]).get(_path(talks))
    with talks.platform.reading() as uow:
        assert uow.session.scalars(select(DisclosureReceipt)).all() == []


def test_without_an_agreement_a_grant_opens_nothing_and_nobody_is_told(
    browser: Browser, talks: Talks, mails: Mails
) -> None:
    with talks.platform.unit_of_work() as uow:
        uow.session.execute(delete(NdaAcceptance).where(NdaAcceptance.side == "institution"))
    owner = _give(browser, talks)
    assert "waits for the confidentiality agreement" in owner.get(_path(talks)).words
    client = _as(browser, talks.people["researcher"])
    assert "opens only once both sides" in client.get(_path(talks)).words
    client.press(f"{_path(talks)}/open", status=403)
    assert mails() == []


def test_it_closes_at_once_and_with_its_last_day(
    browser: Browser, talks: Talks, clock: Clock, mails: Mails
) -> None:
    owner = _give(browser, talks)
    client = _as(browser, talks.people["researcher"])
    client.press(f"{_path(talks)}/open", status=200)
    owner.post_form(_path(talks), {"reason": "资料已更新"}, form="/revoke")
    client.press(f"{_path(talks)}/open", status=403)
    assert "资料已更新" in client.get(_path(talks)).words
    assert "资料已更新" in mails()[-1].body
    _give(browser, talks)
    client.press(f"{_path(talks)}/open", status=200)
    clock.advance(days=60)
    client.log_in(talks.people["researcher"])
    client.press(f"{_path(talks)}/open", status=403)


def test_the_last_day_counts_in_the_platforms_time(
    browser: Browser, talks: Talks, clock: Clock
) -> None:
    _give(browser, talks, until="2026-03-02")  # the clock says 09:00 of that day in Weihai
    client = _as(browser, talks.people["researcher"])
    clock.advance(hours=14, minutes=59)
    client.press(f"{_path(talks)}/open", status=200)
    clock.advance(minutes=2)
    client.press(f"{_path(talks)}/open", status=403)


def test_the_other_side_asks_and_the_owner_answers(
    browser: Browser, talks: Talks, mails: Mails
) -> None:
    client = _as(browser, talks.people["researcher"])
    page = client.post_form(_path(talks), {"question": " "}, form="/ask", status=422)
    assert "This is missing." in page.words
    client.post_form(_path(talks), {"question": "想了解现有工艺"}, form="/ask")
    assert mails()[-1].recipient == talks.people["company"].email
    assert "想了解现有工艺" in mails()[-1].body
    client.press(f"{_path(talks)}/ask", {"question": "再问"}, status=409)
    owner = _as(browser, talks.people["company"])
    refused = owner.post_form(_path(talks), {"reason": ""}, form="/grant", status=422)
    assert "This is missing." in refused.words
    with talks.platform.reading() as uow:
        grant = uow.session.scalars(select(DisclosureGrant)).one()
    owner.press(f"/confidential/grants/{grant.public_id}/refuse", {"reason": "时机未到"})
    assert mails()[-1].recipient == talks.people["researcher"].email
    assert "时机未到" in client.get(_path(talks)).words
    client.post_form(_path(talks), {"question": "已签保密约定"}, form="/ask")
    owner.post_form(_path(talks), {"reason": "可以", "until": UNTIL}, form="/grant")
    client.press(f"{_path(talks)}/open", status=200)


def test_only_the_other_side_of_an_engagement_may_ask(browser: Browser, talks: Talks) -> None:
    with talks.platform.unit_of_work() as uow:
        stranger = builders.user(uow, talks.platform.passwords, "researcher")
        home = uow.session.get_one(Organisation, talks.people["researcher"].organisation_id)
        colleague = builders.user(uow, talks.platform.passwords, "researcher", home)
    for person in (stranger, colleague, talks.people["broker"]):
        client = _as(browser, person)
        status = 403 if person is talks.people["broker"] else 404
        client.get(_path(talks), status)
        client.press(f"{_path(talks)}/ask", {"question": "想看"}, status=403)


def test_an_outcomes_know_how_is_kept_by_its_author_and_managers_not_by_colleagues(
    browser: Browser, talks: Talks
) -> None:
    with talks.platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, talks.people["researcher"].organisation_id)
        colleague = builders.user(uow, talks.platform.passwords, "researcher", home)
        manager = builders.user(uow, talks.platform.passwords, "researcher", home, is_manager=True)
    path = _path(talks, "outcome")
    assert KNOW_HOW in _as(browser, manager).get(path).text
    assert KNOW_HOW in _as(browser, talks.people["researcher"]).get(path).text
    client = _as(browser, colleague)
    client.get(path, 404)
    for action in ("write", "give", "open"):
        client.press(f"{path}/{action}", {"version": "1", "until": UNTIL}, status=403)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"organisation": "没有这家单位"}, "No verified company or institution"),
        ({"until": "2026-03-01"}, "This day is over"),
        ({"until": "2029-01-01"}, "At most two years ahead"),
        ({"until": "soon"}, "Write the date as"),
        ({"reason": "\u200b"}, "This is missing"),
        ({"reason": "长" * 501}, "This is too long"),
    ],
)
def test_what_is_wrong_with_a_grant_is_said_and_what_was_typed_stays(
    browser: Browser, talks: Talks, fields: dict[str, str], words: str
) -> None:
    client = _as(browser, talks.people["company"])
    given: dict[str, Any] = {
        "organisation": _name(talks, talks.people["researcher"]),
        "until": UNTIL,
        "reason": "合作需要",
    }
    page = client.post_form(_path(talks), given | fields, form="/give", status=422)
    assert words in page.words
    assert given["organisation"] in page.text or "organisation" in fields
    with talks.platform.reading() as uow:
        assert uow.session.scalars(select(DisclosureGrant)).all() == []


def test_confidential_texts_are_written_here_and_the_audit_says_only_that_they_changed(
    browser: Browser, talks: Talks, events: Callable[..., list[AuditEvent]]
) -> None:
    client = _as(browser, talks.people["company"])
    page = client.get(_path(talks))
    client.submit(page, {"partner_wanted": "新伙伴标记"}, form="/write")
    assert events("edit")[-1].changes == {"partner_wanted": ["…", "…"]}
    late = client.submit(page, {"partner_wanted": "另一份"}, form="/write", status=409)
    assert "另一份" in late.text
    assert "Somebody else changed" in late.words
    assert "新伙伴标记" in client.get(_path(talks)).text
    assert "新伙伴标记" not in client.get(f"/demands/{talks.demand}").text


def test_the_records_page_leads_there_for_those_it_concerns_alone(
    browser: Browser, talks: Talks
) -> None:
    address = f"/demands/{talks.demand}"
    for role, leads in (
        *(("company", True), ("researcher", True), ("broker", False)),
        *(("bureau", False), ("administrator", False)),
    ):
        links = _as(browser, talks.people[role]).get(address).links()
        assert (_path(talks) in links) is leads, role
    assert _path(talks) not in browser().get(address).links()


def test_colleagues_learn_nothing_of_talks_and_a_party_keeps_its_way_in(
    browser: Browser, talks: Talks
) -> None:
    with talks.platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, talks.people["researcher"].organisation_id)
        colleague = builders.user(uow, talks.platform.passwords, "researcher", home)
        demand = uow.session.scalars(select(Demand).where(Demand.public_id == talks.demand)).one()
        theirs = builders.outcome(uow, colleague, title="同事的成果")
        third = builders.user(uow, talks.platform.passwords, "researcher", home)
        engaged.engagement(uow, demand, theirs, talks.people["broker"], talks.people["company"])
    page = _as(browser, third).get(f"/demands/{talks.demand}")
    assert _path(talks) not in page.links()
    assert "Closed to your organisation" not in page.words
    for party in (talks.people["researcher"], colleague):
        client = _as(browser, party)
        assert _path(talks) in client.get(f"/demands/{talks.demand}").links()
        client.get(_path(talks))
    client = _as(browser, talks.people["researcher"])
    client.post_form(_path(talks), {"question": "想了解现状"}, form="/ask")
