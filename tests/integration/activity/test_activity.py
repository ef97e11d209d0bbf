"""The activity record: every line is an event of the audit, told to whom it concerns alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from pypdf import PdfReader

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.activity import TOLD
from matchmaker.domain.event import EventFields
from matchmaker.domain.permission_table import RULES
from matchmaker.services import event, meeting, record
from matchmaker.services.meeting import Plan
from matchmaker.store.audit import AuditEvent
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import Organisation, User
from tests import builders
from tests.client import Client
from tests.integration.contract import engaged
from tests.integration.engagement.pair import make_pair

Browser = Callable[..., Client]
People = dict[str, User]


def lines(client: Client, query: str = "?period=2026") -> list[list[str]]:
    """The rows of the table, without headings."""
    written = client.get(f"/activity/record.csv{query}").text.removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(written)))[1:]


def opened(browser: Browser, user: User, language: str = "en") -> Client:
    client = browser(language=language)
    client.log_in(user)
    return client


def test_every_line_is_an_event_of_the_audit_and_the_three_forms_agree(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        where = engaged.engagement(uow, people["company"], people["researcher"], people["broker"])
        made = engaged.drafted(uow, people, where)
        engaged.registered(uow, people, made)
        meeting.plan(
            uow,
            engaged.actor(people["broker"]),
            engagement_id=where.public_id,
            plan=Plan(starts_at=uow.now, minutes_long=60, place="会议室"),
        )
    broker = opened(browser, people["broker"])
    rows = lines(broker)
    with platform.reading() as uow:
        events = {one.id: one for one in uow.session.query(AuditEvent)}
        title = uow.session.get_one(Engagement, where.id).demand_id
    assert title
    told = [events[int(row[-1])] for row in rows]
    assert [one.id for one in told] == sorted(one.id for one in told)
    assert {(one.noun, one.action) for one in told} == {
        *(("contract", action) for action in ("conclude", "sign", "register")),
        ("meeting", "plan"),
    }
    page = broker.get("/activity/?period=2026")
    assert f"{len(rows)} events of the audit" in page.text
    for row in rows:
        assert row[1] in page.words
    answer = broker.flask.get("/activity/record.pdf?period=2026")
    written = "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.data)).pages)
    for row in rows:
        assert row[-1] in written
    # Nothing of another period, and the other sides read the same events.
    assert lines(broker, "?period=2025") == []
    for side in ("company", "researcher"):
        assert [row[-1] for row in lines(opened(browser, people[side]))] == [
            row[-1] for row in rows
        ]
    for href in page.links():
        if href.startswith(("/contracts/", "/meetings/", "/engagements/")):
            broker.get(href)


def test_an_outsider_reads_nothing_and_the_bureau_has_no_such_page(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        where = engaged.engagement(uow, people["company"], people["researcher"], people["broker"])
        engaged.registered(uow, people, engaged.drafted(uow, people, where))
        institution = uow.session.get_one(Organisation, people["researcher"].organisation_id)
        others = [
            builders.user(uow, platform.passwords, "company"),
            builders.user(uow, platform.passwords, "researcher", institution),
            builders.user(uow, platform.passwords, "broker"),
        ]
    for other in others:
        assert lines(opened(browser, other)) == []
    for role in ("bureau", "administrator"):
        opened(browser, people[role]).get("/activity/", 403)


def test_an_agencys_manager_reads_what_its_brokers_did_and_opens_nothing_of_it(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, people["broker"].organisation_id)
        head = builders.user(uow, platform.passwords, "broker", home, is_manager=True)
        where = engaged.engagement(uow, people["company"], people["researcher"], people["broker"])
        engaged.registered(uow, people, engaged.drafted(uow, people, where))
        company = uow.session.get_one(Organisation, people["company"].organisation_id).name
    client = opened(browser, head)
    assert lines(client) == []
    assert len(lines(client, "?period=2026&whose=agency")) >= 3
    page = client.get("/activity/?period=2026&whose=agency")
    assert not [href for href in page.links() if where.public_id in href or "/contracts/" in href]
    assert company not in page.text
    # A broker who manages nothing asks in vain.
    plain = opened(browser, people["broker"])
    assert 'name="whose"' not in plain.get("/activity/?period=2026&whose=agency").text


def test_of_the_agencys_events_a_manager_opens_those_that_he_organises(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, people["broker"].organisation_id)
        head = builders.user(uow, platform.passwords, "broker", home, is_manager=True)
        made = {
            who.id: event.create(
                uow,
                engaged.actor(who),
                EventFields(title=f"对接会{who.id}", place="会展中心", about="",
                            starts_at=uow.now + timedelta(days=30), slot_minutes=20, slots=6,
                            tables=3, most=4),
            ).public_id
            for who in (head, people["broker"])
        }  # fmt: skip
    client = opened(browser, head)
    page = client.get("/activity/?period=2026&whose=agency")
    assert f"对接会{people['broker'].id}" in page.words
    links = [href for href in page.links() if href.startswith("/events/") and len(href) > 8]
    assert links == [f"/events/{made[head.id]}"]
    client.get(links[0])


def test_what_was_closed_with_its_record_is_not_told_as_silence(
    platform: Matchmaker, browser: Browser
) -> None:
    pair = make_pair(platform)
    pair.ask()
    with platform.unit_of_work() as uow:
        company = pair.actor("company")
        found = record.load(uow, company, "demand", pair.demand_id, lock=True)
        record.act(uow, company, found, "withdraw")
    broker = opened(browser, pair.users["broker"])
    told = "Introduction: closed, as a record is no longer published"
    assert [row[1] for row in lines(broker)][1:] == [told]
    assert told in broker.get("/activity/?period=2026").words


def test_an_introduction_is_told_from_the_question_to_the_answer(
    platform: Matchmaker, browser: Browser
) -> None:
    pair = make_pair(platform)
    pair.engage()
    rows = lines(opened(browser, pair.users["broker"], "zh_Hans"))
    assert len(rows) == 4  # asked, two answers, concluded
    assert {row[2] for row in rows} == {"储氢气瓶用快速固化树脂 — 增韧环氧树脂体系"}
    # Who belongs to neither side reads nothing of it.
    for outsider in ("other_company", "other_researcher", "other_broker"):
        assert lines(opened(browser, pair.users[outsider])) == []


def test_what_is_told_are_actions_that_there_are() -> None:
    known = {(rule.noun, rule.action) for rule in RULES}
    assert {(noun, action) for noun, actions in TOLD.items() for action in actions} <= known
