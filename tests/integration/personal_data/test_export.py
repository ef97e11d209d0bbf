"""A copy of one's own data: everything of one's own, nothing of others'."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import account, challenge, introduction
from matchmaker.store.audit import AuditEvent
from matchmaker.store.challenge import ChallengeDemand
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.question import Question
from tests import builders
from tests.client import Client
from tests.integration.challenge.test_challenges import FIELDS as CALL
from tests.integration.contract import engaged as contract_way
from tests.integration.engagement.pair import make_pair

Browser = Callable[..., Client]
People = dict[str, User]


def taken(reader: Client) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """The export as tables, and its files as texts."""
    page = reader.get("/account")
    form = page.forms().index(page.form("/account/export"))
    values = {"csrf_token": reader.csrf()}
    assert form >= 0
    answer = reader.flask.post("/account/export", data=values)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    tables = {
        name.removesuffix(".json"): json.loads(text)
        for name, text in texts.items()
        if name.endswith(".json")
    }
    return tables, texts


def test_an_export_holds_ones_own_things_as_json_and_as_csv(
    platform: Matchmaker, people: People, browser: Browser, events: Callable[..., list[AuditEvent]]
) -> None:
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["company"].id).phone = "13900001111"
        builders.demand(
            uow,
            people["company"],
            title="=HYPERLINK(1) 防雨蚀涂层",
            current_state="密-保密的现状",
            keywords=["涂层"],
        )
        builders.demand(uow, builders.organisation(uow), title="别家的需求")
    own = browser()
    own.log_in(people["company"])
    tables, texts = taken(own)
    assert tables["person"][0]["email"] == people["company"].email
    assert tables["person"][0]["phone"] == "13900001111"
    (demand,) = tables["demands"]
    assert demand["title"].startswith("=HYPERLINK")
    assert demand["published_at"] == "2026-03-02T09:00:00+08:00"
    assert "deeds" in tables
    assert tables["deeds"][0]["action"] == "log_in"
    rows = list(csv.DictReader(io.StringIO(texts["demands.csv"].lstrip("\ufeff"))))
    assert rows[0]["title"].startswith("'=HYPERLINK")
    whole = "".join(texts.values())
    assert "别家的需求" not in whole
    # The confidential tier is its keeper's to read, so it comes along as the rule says.
    assert demand["current_state"] == "密-保密的现状"
    assert people["company"].password_hash not in whole
    assert [event.actor_id for event in events("export")] == [people["company"].id]


def test_a_link_that_sets_a_password_is_not_handed_out(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        account.request_reset(uow, email=people["company"].email, base_url="http://x.example")
    own = browser()
    own.log_in(people["company"])
    tables, texts = taken(own)
    assert len(tables["mails"]) == 1
    assert "/account/reset/" not in "".join(texts.values())


def test_an_export_does_not_name_what_its_reader_may_no_longer_see(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        demand = builders.demand(uow, people["company"], state="draft", title="旧东家的草稿")
        demand.organisation_id = builders.organisation(uow).id
    own = browser()
    own.log_in(people["company"])
    assert "旧东家的草稿" not in "".join(taken(own)[1].values())


def test_exports_are_limited_by_person_and_a_visitor_gets_none(
    people: People, browser: Browser
) -> None:
    own, other = browser(), browser()
    own.log_in(people["company"])
    other.log_in(people["researcher"])
    for reader, expected in ((own, [200] * 5 + [429]), (other, [200])):
        values = {"csrf_token": reader.csrf()}
        codes = [reader.flask.post("/account/export", data=values).status_code for _ in expected]
        assert codes == expected
    assert browser().press("/account/export").location.endswith("/log-in")


def test_a_broker_takes_their_decisions_along(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    from matchmaker.services import match_review

    with platform.unit_of_work() as uow:
        builders.demand(uow, people["company"], title="碳纤维快速模压成型")
        builders.outcome(uow, people["researcher"], title="碳纤维快速模压成型技术")
    with platform.unit_of_work() as uow:
        broker = account.actor_of(uow.session.get_one(User, people["broker"].id))
        match_review.dismiss(
            uow, broker, match_id=uow.session.query(Match).one().public_id, reason="price"
        )
    reader = browser()
    reader.log_in(people["broker"])
    (decision,) = taken(reader)[0]["decisions"]
    assert (decision["demand"], decision["reason"]) == ("碳纤维快速模压成型", "price")


def test_an_export_holds_what_one_wrote_into_contracts(
    platform: Matchmaker, people: dict[str, User], browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        where = contract_way.engagement(
            uow, people["company"], people["researcher"], people["broker"]
        )
        contract_way.registered(uow, people, contract_way.drafted(uow, people, where))
    broker, school = browser(), browser()
    broker.log_in(people["broker"])
    (drafted,) = taken(broker)[0]["contracts"]
    assert (drafted["revision"], float(drafted["amount"])) == (1, 120)
    school.log_in(people["researcher"])
    (entered,) = taken(school)[0]["contracts"]
    assert entered["fields"] == ["number", "registered_on", "office"]


def test_an_export_holds_what_one_wrote_in_talks_and_nothing_that_others_wrote(
    platform: Matchmaker, browser: Browser
) -> None:
    from matchmaker.services import engagement_message

    pair = make_pair(platform)
    asked = pair.ask(company_message="经纪人写给企业的话")
    assert asked
    for who in ("company", "researcher"):
        with platform.unit_of_work() as uow:
            introduction.accept(
                uow, pair.actor(who), introduction_id=asked, calendar=platform.calendar
            )
    public_id = pair.engagement().public_id
    pair.accept_nda(public_id)
    for who in ("company", "researcher"):
        with platform.unit_of_work() as uow:
            engagement_message.write(
                uow,
                pair.actor(who),
                platform.attachments,
                engagement_id=public_id,
                body=f"{who} 的留言",
                uploads=[engagement_message.Upload(f"{who}.txt", b"text")],
            )
    firm, broker = browser(), browser()
    firm.log_in(pair.users["company"])
    tables, texts = taken(firm)
    (answered,) = tables["introductions"]
    assert (answered["answer"], answered["demand"]) == ("accepted", "储氢气瓶用快速固化树脂")
    assert [one["text"] for one in tables["messages"]] == ["company 的留言"]
    assert [one["file_name"] for one in tables["files"]] == ["company.txt"]
    assert [one["name"] for one in tables["agreements"]] == ["某人"]
    whole = "".join(text for name, text in texts.items() if not name.startswith("mails"))
    assert "researcher 的留言" not in whole
    assert "经纪人写给企业的话" not in whole
    broker.log_in(pair.users["broker"])
    tables, _ = taken(broker)
    assert tables["introductions"][0]["to_company"] == "经纪人写给企业的话"
    assert tables["messages"] == []


def test_who_left_takes_neither_later_titles_nor_the_other_sides_words_along(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.database.unit_of_work() as uow:
        firm = uow.session.get_one(User, people["company"].id)
        bureau = people["bureau"]
        demand = builders.demand(uow, firm, title="旧标题")
        outcome = builders.outcome(uow, people["researcher"])
        match = Match(
            demand_id=demand.id,
            outcome_id=outcome.id,
            score=0.9,
            level=3,
            rank=1,
            explanation={},
            engine_version="v",
            created_at=uow.now,
            current=True,
            state="suggested",
        )
        uow.session.add(match)
        uow.session.flush()
        uow.session.add(
            Question(
                match_id=match.id,
                side="demand",
                organisation_id=firm.organisation_id,
                state="answered",
                text="经纪人的问题",
                asked_by=people["broker"].id,
                asked_at=uow.now,
                lapses_at=uow.now,
                answer="离开者的回答",
                answered_by=firm.id,
                answered_at=uow.now,
            )
        )
        challenge.create(
            *(uow, account.actor_of(uow.session.get_one(User, bureau.id)), CALL),
            demand_ids=[demand.public_id],
        )
        link = uow.session.scalars(select(ChallengeDemand)).one()
        challenge.answer(uow, account.actor_of(firm), link_id=link.public_id, consents=True)
    own, broker = browser(), browser()
    own.log_in(people["company"])
    broker.log_in(people["broker"])
    before = taken(own)[0]
    assert before["broker_questions"][0]["text"] == "经纪人的问题"
    assert before["challenge_consents"][0]["demand"] == "旧标题"
    assert taken(broker)[0]["broker_questions"][0]["answer"] == "离开者的回答"
    with platform.database.unit_of_work() as uow:
        uow.session.get_one(User, people["company"].id).approved = False
        stored = uow.session.get_one(Demand, demand.id)
        stored.title = "后来的绝密标题"
    # Published: everybody may read the title, and nobody outside the question.
    tables, texts = taken(own)
    (question,) = tables["broker_questions"]
    assert (question["text"], question["answer"]) == ("", "离开者的回答")
    with platform.database.unit_of_work() as uow:
        uow.session.get_one(Demand, demand.id).state = "withdrawn"
        uow.session.get_one(User, people["broker"].id).role = "company"
    _tables, texts = taken(own)
    assert "后来的绝密标题" not in "".join(texts.values())
    (question,) = taken(broker)[0]["broker_questions"]
    assert (question["text"], question["answer"]) == ("经纪人的问题", "")
