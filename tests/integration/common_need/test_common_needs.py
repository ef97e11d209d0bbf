"""Common needs are grouped from what nothing fits; firms are named only if they agree."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.errors import Conflict, NotAllowed, NotFound
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.services import need_consent as service
from matchmaker.services.account import actor_of
from matchmaker.store.audit import AuditEvent
from matchmaker.store.common_need import NeedConsent
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import common_need as query
from matchmaker.store.queries.common_need import Need
from tests import builders
from tests.client import Client
from tests.conftest import Clock

LIKE = ("养老院布草自动分拣与破损识别", "酒店布草分拣与破损识别", "租赁布草分拣线的破损识别")
Events = Callable[..., list[AuditEvent]]


@pytest.fixture
def firms(platform: Matchmaker, people: dict[str, User]) -> dict[str, User]:
    """Three firms that ask for nearly the same, the second anonymously, and others."""
    with platform.database.unit_of_work() as uow:
        second, third = (builders.user(uow, platform.passwords) for _ in range(2))
        found = {"first": people["company"], "second": second, "third": third}
        for (who, user), title in zip(found.items(), LIKE, strict=True):
            builders.demand(
                uow, user, title=title, problem="人工分拣布草慢。", key_technology="破损识别。",
                target="用工减半。", chains=["wellness-business"],
                disclosure="anonymous" if who == "second" else "public",
            )  # fmt: skip
        for title in ("热敏打印头耐磨保护膜沉积", "海参多糖酶解提取工艺"):
            builders.demand(uow, third, title=title, problem="", key_technology="", target="")
    return found


def needs(platform: Matchmaker, actor: Actor = VISITOR) -> tuple[Need, ...]:
    with platform.reading() as uow:
        return query.listing(uow, actor)


def test_the_command_groups_and_a_need_that_goes_on_keeps_its_address(
    platform: Matchmaker, firms: dict[str, User], events: Events
) -> None:
    done = CliRunner().invoke(cli, ["gaps", "--json"], obj=platform, catch_exceptions=False)
    assert json.loads(done.output) == {
        "demands": 5, "needs": 1, "grouped": 3, "agreement": 1.0,
    }  # fmt: skip
    (before,) = needs(platform)
    assert {one.title for one in before.members} == set(LIKE)
    assert before.chains == {"wellness-business"}
    with platform.database.unit_of_work() as uow:
        owner = builders.organisation(uow)
        builders.demand(uow, owner, title="民宿布草分拣与破损识别", problem="", target="")
        left = uow.session.scalars(select(Demand).where(Demand.title == LIKE[2])).one()
        outcome = builders.outcome(uow, builders.organisation(uow, "institution"))
        uow.session.add(
            Match(
                demand_id=left.id, outcome_id=outcome.id, level=2, state="suggested", score=0.5,
                rank=1, current=True, explanation={}, engine_version="test", created_at=uow.now,
            )
        )  # fmt: skip
    platform.group_needs()
    (after,) = needs(platform)
    assert after.public_id == before.public_id
    assert after.found_at == before.found_at
    titles = {one.title for one in after.members}
    assert LIKE[2] not in titles  # something fits it now
    assert "民宿布草分拣与破损识别" in titles
    assert len(events("group")) == 2
    assert firms


def test_needs_of_one_firm_directed_demands_and_closed_ones_are_not_shown(
    platform: Matchmaker, people: dict[str, User]
) -> None:
    with platform.database.unit_of_work() as uow:
        one, other = builders.organisation(uow), builders.organisation(uow)
        for title in LIKE[:2]:
            builders.demand(uow, one, title=title)
        directed = builders.demand(uow, other, title=LIKE[2], disclosure="directed")
    assert platform.group_needs().needs == 0
    with platform.database.unit_of_work() as uow:
        uow.session.get_one(Demand, directed.id).disclosure = "public"
        builders.record_changes(uow, "demand", [directed.id])
    assert platform.group_needs().needs == 1
    with platform.database.unit_of_work() as uow:
        for left in uow.session.scalars(select(Demand).where(Demand.title.in_(LIKE[:2]))):
            left.state = "withdrawn"
    assert needs(platform) == ()
    assert people


def test_a_firm_is_asked_agrees_thinks_again_and_is_named_only_meanwhile(
    platform: Matchmaker,
    people: dict[str, User],
    firms: dict[str, User],
    browser: Callable[..., Client],
    mails: Callable[[], list[OutboxMail]],
    events: Events,
) -> None:
    platform.group_needs()
    (need,) = needs(platform)
    officer, firm, visitor = browser(), browser(), browser()
    officer.log_in(people["bureau"])
    firm.log_in(firms["second"])
    page = officer.get(f"/common-needs/{need.public_id}")
    name = _name(platform, firms["second"])
    assert name in page.words
    officer.submit(page, form="/ask")
    assert {one.recipient for one in mails()} == {one.email for one in firms.values()}
    assert len(events("ask")) == 3
    assert "Every firm has been asked" not in officer.get(f"/common-needs/{need.public_id}").words

    consents = firm.get("/common-needs/consents")
    assert "readers may conclude" in consents.words  # its demand is anonymous
    firm.submit(consents, {"named": "yes"}, form="/consents/")
    told = visitor.get(f"/common-needs/{need.public_id}")
    assert name in told.words
    assert _name(platform, firms["first"]) not in told.words.split()  # 单位1 begins 单位14
    assert "not told" in told.words  # how many firms: one is anonymous
    firm.submit(firm.get("/common-needs/consents"), {"named": "no"}, form="/consents/")
    assert name not in visitor.get(f"/common-needs/{need.public_id}").words
    assert [one.state_to for one in (*events("give"), *events("decline"))] == ["given", "declined"]
    with platform.database.unit_of_work() as uow:
        again = service.ask(uow, actor_of(_stored(uow, people["bureau"])), need_id=need.public_id)
    assert again == 0  # whoever has declined is left in peace


def test_a_consent_ends_when_its_demand_is_named_openly_no_more(
    platform: Matchmaker, firms: dict[str, User], browser: Callable[..., Client], events: Events
) -> None:
    platform.group_needs()
    (need,) = needs(platform)
    firm, visitor = browser(), browser()
    firm.log_in(firms["first"])
    (demand,) = [one for one in need.members if one.title == LIKE[0]]
    firm.submit(firm.get("/common-needs/consents"), {"named": "yes"}, form="/consents/")
    assert _named(visitor, need) == [_name(platform, firms["first"])]
    edit = f"/demands/{demand.public_id}/edit"
    firm.submit(firm.get(edit), {"target": "用工减七成。"}, form="/edit")
    assert _named(visitor, need)  # as open as before
    firm.submit(firm.get(edit), {"disclosure": "anonymous"}, form="/edit")
    assert _named(visitor, need) == []
    (lapsed,) = events("lapse")
    assert (lapsed.noun, lapsed.state_from, lapsed.state_to) == ("need_consent", "given", "asked")
    page = firm.get("/common-needs/consents")
    assert "Asked" in page.words
    assert "that no longer counts: say again" in page.words
    firm.submit(page, {"named": "yes"}, form="/consents/")
    firm.submit(firm.get(edit), {"disclosure": "public"}, form="/edit")
    assert _named(visitor, need)  # agreed while anonymous: all the more while public


def test_a_firm_takes_its_word_back_while_its_demand_is_in_no_need(
    platform: Matchmaker, firms: dict[str, User], browser: Callable[..., Client]
) -> None:
    platform.group_needs()
    (need,) = needs(platform)
    link = f"/common-needs/{need.public_id}"
    firm = browser()
    firm.log_in(firms["first"])
    firm.submit(firm.get("/common-needs/consents"), {"named": "yes"}, form="/consents/")
    assert link in firm.get("/common-needs/consents").links()
    with platform.database.unit_of_work() as uow:
        for title in LIKE[1:]:
            uow.session.scalars(select(Demand).where(Demand.title == title)).one().state = "draft"
    firm.get(link, status=404)  # one open demand is left
    page = firm.get("/common-needs/consents")
    assert LIKE[0] in page.words
    assert "in no common need at present" in page.words
    assert link not in page.links()
    other = browser()
    other.log_in(firms["third"])  # has said nothing, and its demand is in no need any more
    assert "None of your demands belongs" in other.get("/common-needs/consents").words
    with platform.database.unit_of_work() as uow:
        uow.session.scalars(select(Demand).where(Demand.title == LIKE[0])).one().state = "withdrawn"
    platform.group_needs()
    firm.submit(firm.get("/common-needs/consents"), {"named": "no"}, form="/consents/")
    with platform.reading() as uow:
        assert [one.state for one in uow.session.scalars(select(NeedConsent))] == ["declined"]


def test_the_bureau_is_told_how_many_firms_were_asked_not_of_how_many_demands(
    platform: Matchmaker,
    people: dict[str, User],
    firms: dict[str, User],
    browser: Callable[..., Client],
    events: Events,
) -> None:
    with platform.database.unit_of_work() as uow:
        third = _stored(uow, firms["third"])
        builders.demand(uow, third, title="民宿布草分拣与破损识别", problem="", target="")
    platform.group_needs()
    (need,) = needs(platform)
    assert len(need.members) == 4
    officer = browser()
    officer.log_in(people["bureau"])
    officer.submit(officer.get(f"/common-needs/{need.public_id}"), form="/ask")
    assert "3 firms have been asked." in officer.get(f"/common-needs/{need.public_id}").words
    assert len(events("ask")) == 4


def test_a_firm_without_an_account_is_asked_on_paper_and_the_bureau_notes_the_answer(
    platform: Matchmaker,
    people: dict[str, User],
    firms: dict[str, User],
    browser: Callable[..., Client],
    events: Events,
) -> None:
    platform.group_needs()
    (need,) = needs(platform)
    with platform.database.unit_of_work() as uow:
        _stored(uow, firms["third"]).active = False
    officer = browser()
    officer.log_in(people["bureau"])
    page = officer.get(f"/common-needs/{need.public_id}")
    assert page.words.count("Nobody of this firm has an account here") == 1
    officer.submit(page, form="/ask")
    assert len(events("ask")) == 2
    name = _name(platform, firms["third"])
    paper = {"written_on": "2199-01-01", "reference": "文 [2026] 7 号", "named": "yes"}
    page = officer.get(f"/common-needs/{need.public_id}")
    told = officer.submit(page, paper, form="/note", status=422)
    assert told.errors() == ["This day is still to come."]
    assert "文 [2026] 7 号" in told.text
    officer.submit(told, {"written_on": "2026-02-27", "reference": "", "named": "yes"},
                   form="/note", status=422)  # fmt: skip
    assert name not in browser().get(f"/common-needs/{need.public_id}").words.split("agree")[-1]
    officer.submit(told, paper | {"written_on": "2026-02-27"}, form="/note")
    assert name in browser().get(f"/common-needs/{need.public_id}").words.split("agree")[-1]
    (noted,) = events("note_given")
    assert "文 [2026] 7 号" in str(noted.changes)
    assert "2026-02-27" in str(noted.changes)
    officer.submit(page, paper | {"written_on": "2026-02-27"}, form="/note", status=409)
    page = officer.get(f"/common-needs/{need.public_id}")
    officer.submit(
        page, {"written_on": "2026-03-01", "reference": "收回函", "named": "no"}, form="/note"
    )
    assert len(events("note_declined")) == 1
    first = next(one for one in need.members if one.title == LIKE[0])
    with platform.database.unit_of_work() as uow, pytest.raises(NotFound):  # it answers for itself
        service.note(
            uow, actor_of(_stored(uow, people["bureau"])), demand_id=first.public_id, named=True,
            written_on=uow.now.date(), reference="x", version=1,
        )  # fmt: skip


def test_one_click_leads_the_bureau_to_a_challenge_filled_in_from_the_need(
    platform: Matchmaker,
    people: dict[str, User],
    firms: dict[str, User],
    browser: Callable[..., Client],
) -> None:
    platform.group_needs()
    (need,) = needs(platform)
    officer, firm = browser(), browser()
    officer.log_in(people["bureau"])
    firm.log_in(firms["first"])
    links = officer.get(f"/common-needs/{need.public_id}").links()
    (link,) = [one for one in links if one.startswith("/challenges/new")]
    filled = officer.get(link)
    for title in LIKE:
        assert title in filled.text
    assert not [
        one for one in firm.get(f"/common-needs/{need.public_id}").links() if "/challenges" in one
    ]


def test_a_firm_may_agree_unasked_and_a_lost_race_is_told(
    platform: Matchmaker, firms: dict[str, User]
) -> None:
    platform.group_needs()
    with platform.database.unit_of_work() as uow:
        actor = actor_of(_stored(uow, firms["first"]))
        (own,) = query.own(uow, actor)
        assert own.state is None
        made = service.answer(uow, actor, demand_id=own.public_id, named=True, version=0)
        assert made.state == "given"
        with pytest.raises(Conflict):
            service.answer(uow, actor, demand_id=own.public_id, named=False, version=0)


def test_nobody_answers_for_another_firm_and_only_the_bureau_asks(
    platform: Matchmaker, people: dict[str, User], firms: dict[str, User]
) -> None:
    platform.group_needs()
    (need,) = needs(platform)
    with platform.database.unit_of_work() as uow:
        first = next(one for one in need.members if one.title == LIKE[0])
        for who in (firms["third"], people["broker"], people["bureau"]):
            with pytest.raises(NotFound):
                service.answer(
                    uow, actor_of(_stored(uow, who)), demand_id=first.public_id, named=True,
                    version=0,
                )  # fmt: skip
        for who in (firms["first"], people["broker"], people["researcher"]):
            with pytest.raises(NotAllowed):
                service.ask(uow, actor_of(_stored(uow, who)), need_id=need.public_id)
        assert uow.session.scalars(select(NeedConsent)).all() == []


def test_no_side_door_names_the_firm_behind_an_anonymous_demand(
    platform: Matchmaker, people: dict[str, User], firms: dict[str, User], browser: Any
) -> None:
    """Asked and not answered: no page of the map tells anybody but reviewers and the firm."""
    platform.group_needs()
    (need,) = needs(platform)
    with platform.database.unit_of_work() as uow:
        service.ask(uow, actor_of(_stored(uow, people["bureau"])), need_id=need.public_id)
    name = _name(platform, firms["second"])
    addresses = (
        "/gap-map/",
        "/gap-map/table.csv",
        "/gap-map/wellness-business/",
        "/gap-map/wellness-business/none",
        f"/common-needs/{need.public_id}",
    )
    for who in (None, people["researcher"], firms["first"], firms["third"]):
        client = browser()
        if who:
            client.log_in(who)
        for address in addresses:
            assert name not in client.get(address).text, (who, address)
        if who and who.role == "company":
            assert name not in client.get("/common-needs/consents").text


def test_a_copy_of_ones_data_holds_what_one_has_said(
    platform: Matchmaker, firms: dict[str, User], browser: Callable[..., Client]
) -> None:
    platform.group_needs()
    client = browser()
    client.log_in(firms["first"])
    page = client.get("/common-needs/consents")
    client.submit(page, {"named": "yes"}, form="/consents/")
    answer = client.flask.post("/account/export", data={"csrf_token": client.csrf()})
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed:
        rows = json.loads(packed.read("need_consents.json"))
    assert [(row["demand"], row["state"]) for row in rows] == [(LIKE[0], "given")]


def test_needs_are_grouped_anew_once_a_day_where_they_were_before(
    platform: Matchmaker, clock: Clock
) -> None:
    def due() -> bool:
        with platform.reading() as uow:
            return query.is_due(uow)

    assert not due()
    platform.group_needs()
    assert not due()
    clock.advance(days=1)
    assert due()


def _named(reader: Client, need: Need) -> list[str]:
    """The firms that the need's page names as having agreed."""
    page = reader.get(f"/common-needs/{need.public_id}")
    told = page.words.split("Firms that agree to be named")[1]
    return [one for one in told.split() if one.startswith("虚构单位")]


def _stored(uow: Any, user: User) -> User:
    found = uow.session.get_one(User, user.id)
    uow.session.refresh(found, ["organisation"])
    return found  # type: ignore[no-any-return]  # of a session typed loosely


def _name(platform: Matchmaker, user: User) -> str:
    with platform.reading() as uow:
        return uow.session.get_one(User, user.id).organisation.name  # type: ignore[union-attr]
