"""A technology specialist from the bureau's proposal to the day on which access ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.demand import clean_demand
from matchmaker.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import Tier, may_read
from matchmaker.services import diagnosis, record, secondment, visit
from matchmaker.services.account import actor_now
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
Events = Callable[..., list[AuditEvent]]
Mails = Callable[[], list[OutboxMail]]
People = dict[str, User]
TODAY = date(2026, 3, 2)
FORM = {
    "title": "热敏打印头耐磨保护膜",
    "problem": "保护膜磨损快，打印头寿命只有五十公里，返修率高，客户投诉多。",
    "target": "打印寿命不低于一百公里，膜厚不超过五微米。",
}


def actor(uow: UnitOfWork, person: User) -> Actor:
    return actor_now(uow, uow.session.get_one(User, person.id))


def place(
    platform: Matchmaker, people: People, *, specialist: User | None = None, **days: date
) -> str:
    """A secondment to the company that it has agreed to."""
    whom = specialist or people["specialist"]
    with platform.database.unit_of_work() as uow:
        firm = uow.session.get_one(Organisation, people["company"].organisation_id)
        made = secondment.propose(
            uow,
            actor(uow, people["bureau"]),
            firm=firm.name,
            specialist_id=whom.public_id,
            **{"begins_on": TODAY, "ends_on": TODAY + timedelta(days=30), **days},
        )
        secondment.accept(uow, actor(uow, people["company"]), secondment_id=made.public_id)
        return made.public_id


def sees(platform: Matchmaker, person: User, demand: Demand) -> bool:
    with platform.reading() as uow:
        try:
            record.load(uow, actor(uow, person), "demand", demand.public_id)
        except NotFound:
            return False
        return True


@pytest.fixture
def draft(platform: Matchmaker, people: People) -> Demand:
    with platform.database.unit_of_work() as uow:
        made: Demand = builders.demand(
            uow, people["company"], state="draft", published_at=None, current_state="机密工况"
        )
        return made


def test_a_specialist_drafts_and_the_firm_submits(
    platform: Matchmaker, people: People, browser: Browser, events: Events, mails: Mails
) -> None:
    officer, firm, specialist = browser(), browser(), browser()
    officer.log_in(people["bureau"])
    firm.log_in(people["company"])
    specialist.log_in(people["specialist"])
    with platform.reading() as uow:
        home = uow.session.get_one(Organisation, people["company"].organisation_id)
        name, firm_id = home.name, home.public_id
    officer.post_form(
        "/secondments/",
        {
            "firm": name,
            "specialist": people["specialist"].public_id,
            "begins_on": "2026-03-02",
            "ends_on": "2026-06-30",
            "purpose": "梳理工艺难题",
        },
        form="/secondments/",
    )
    assert name in specialist.get("/secondments/").words
    assert specialist.get(f"/demands/new?firm={firm_id}", status=403)
    assert "Technology specialists proposed to you" in firm.get("/").words
    firm.post_form("/secondments/", form="/accept")
    assert [mail.recipient for mail in mails()].count(people["specialist"].email) == 1

    assert name in specialist.get("/").words
    page = specialist.get(f"/demands/new?firm={firm_id}")
    assert f"You are drafting for {name}" in page.words
    assert "Save and submit" not in page.words
    address = specialist.submit(page, FORM).location
    with platform.reading() as uow:
        demand = uow.session.scalars(select(Demand)).one()
        assert demand.organisation_id == people["company"].organisation_id
        assert demand.author_id == people["specialist"].id
    (created,) = [one for one in events("create") if one.noun == "demand"]
    assert created.changes["on_behalf_of"] == [None, people["company"].organisation_id]
    specialist.press(f"{address}/submit", status=403)
    page = specialist.get(f"{address}/diagnosis")
    assert "Technical field required" in page.words
    specialist.submit(page, {"note": "请补充膜厚的检测方法。", "ready": "yes"}, form="/diagnosis")
    assert "Demands that your specialist finds ready" in firm.get("/").words
    page = firm.get(f"{address}/diagnosis")
    assert "请补充膜厚的检测方法。" in page.words
    firm.submit(page, form="/submit", status=422)  # the firm completes what is missing
    with platform.database.unit_of_work() as uow:
        stored = uow.session.scalars(select(Demand)).one()
        stored.kind, stored.field, stored.solution_mode = "key_technology", "materials", "joint"
        stored.chains = [builders.DemandChain(chain_code="carbon-fibre")]
    firm.post_form(f"{address}/diagnosis", form="/submit")
    with platform.reading() as uow:
        stored = uow.session.scalars(select(Demand)).one()
        assert (stored.state, stored.author_id) == ("submitted", people["company"].id)
    (submitted,) = events("submit")
    assert submitted.changes["drafted_by"] == [None, people["specialist"].id]
    assert "Edit for the firm" not in specialist.get(address).words
    specialist.get(f"{address}/edit", status=409)


def test_firm_and_specialist_read_which_drafts_are_the_specialists(
    platform: Matchmaker, people: People, draft: Demand, browser: Browser
) -> None:
    desk = f"/secondments/{place(platform, people)}"
    with platform.unit_of_work() as uow:
        fields = clean_demand({"title": "专员代拟的需求"}, chains={}, regions={})
        firm_id = draft.organisation_id
        made = record.create(
            uow, actor(uow, people["specialist"]), "demand", fields, firm_id=firm_id
        ).public_id
    for who in ("company", "specialist"):
        reader = browser(language="en")
        reader.log_in(people[who])
        listed = reader.get(desk).words
        assert listed.count("drafted by the specialist") == 1
        before, _after = listed.split("drafted by the specialist")
        assert before.rindex("专员代拟的需求") > before.find(draft.title)
        if who == "company":
            assert "(specialist, for the firm)" in reader.get(f"/demands/{made}").words


def test_a_specialist_sees_a_firm_only_while_placed_there(
    platform: Matchmaker, people: People, draft: Demand, clock: Clock
) -> None:
    specialist = people["specialist"]
    with platform.database.unit_of_work() as uow:
        other = builders.user(uow, platform.passwords, "specialist")
    assert not sees(platform, specialist, draft)
    place(platform, people, begins_on=TODAY + timedelta(days=1))
    assert not sees(platform, specialist, draft)  # it has not begun
    clock.advance(days=1)
    assert sees(platform, specialist, draft)
    assert not sees(platform, other, draft)
    with platform.reading() as uow:
        reader, stored = actor(uow, specialist), uow.session.get_one(Demand, draft.id)
        assert not may_read(reader, "demand", stored, Tier.CONFIDENTIAL, today=TODAY)
        with pytest.raises(NotAllowed):
            record.edit(uow, actor(uow, other), stored, None, version=None)  # type: ignore[arg-type] # refused before it is read
    clock.advance(days=30)
    assert not sees(platform, specialist, draft)  # the last day is over


@pytest.mark.parametrize("who", ["company", "specialist", "bureau"])
def test_each_of_the_three_may_end_it_and_nothing_is_seen_any_more(
    platform: Matchmaker, people: People, draft: Demand, browser: Browser, who: str
) -> None:
    public_id = place(platform, people)
    reader = browser()
    reader.log_in(people["specialist"])
    reader.get(f"/demands/{draft.public_id}")
    reader.get(f"/secondments/{public_id}")
    with platform.database.unit_of_work() as uow:
        secondment.end(uow, actor(uow, people[who]), secondment_id=public_id)
    for address in (
        f"/demands/{draft.public_id}",
        f"/demands/{draft.public_id}/diagnosis",
        f"/demands/{draft.public_id}/edit",
        f"/secondments/{public_id}",
    ):
        reader.get(address, status=404)
    assert draft.title not in reader.get("/").words
    assert "ended 2026-03-02" in reader.get("/secondments/").words


def test_a_proposal_is_taken_back_or_declined_and_not_ended(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        firm = uow.session.get_one(Organisation, people["company"].organisation_id)
        secondment.propose(
            uow,
            actor(uow, people["bureau"]),
            firm=firm.name,
            specialist_id=people["specialist"].public_id,
            begins_on=TODAY,
            ends_on=TODAY + timedelta(days=30),
        )
    for who, offered in (("company", "Decline"), ("bureau", "Take it back")):
        reader = browser(language="en")
        reader.log_in(people[who])
        words = reader.get("/secondments/").words
        assert offered in words
        assert "End the secondment" not in words


def test_visit_notes_are_for_the_firm_and_their_specialist(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    public_id = place(platform, people)
    with platform.database.unit_of_work() as uow:
        second = builders.user(uow, platform.passwords, "specialist")
    place(platform, people, specialist=second)
    specialist = browser()
    specialist.log_in(people["specialist"])
    specialist.post_form(
        f"/secondments/{public_id}",
        {"visited_on": "2026-03-02", "note": "模具温控不稳，需测温。"},
        form="/visits",
    )
    specialist.post_form(
        f"/secondments/{public_id}",
        {"visited_on": "2026-03-03", "note": "明天的走访。"},
        form="/visits",
        status=422,
    )
    readers = {who: browser() for who in ("company", "bureau", "second")}
    for who, reader in readers.items():
        reader.log_in(second if who == "second" else people[who])
    assert "模具温控不稳" in readers["company"].get(f"/secondments/{public_id}").words
    assert "1 visit" in readers["bureau"].get("/secondments/").words
    readers["bureau"].get(f"/secondments/{public_id}", status=403)
    readers["second"].get(f"/secondments/{public_id}", status=404)
    with platform.database.unit_of_work() as uow, pytest.raises(NotFound):
        visit.write(
            uow, actor(uow, second), secondment_id=public_id, visited_on=TODAY, note="别人的记录"
        )


def test_what_cannot_be_proposed_or_answered_is_refused(
    platform: Matchmaker, people: People, draft: Demand
) -> None:
    with platform.reading() as uow:
        home = uow.session.get_one(Organisation, people["company"].organisation_id).name
    given = {"firm": home, "specialist_id": people["specialist"].public_id}
    days = {"begins_on": TODAY, "ends_on": TODAY + timedelta(days=30)}
    for wrong, field in (
        ({"firm": "没有这家企业"}, "firm"),
        ({"specialist_id": people["broker"].public_id}, "specialist"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"begins_on": TODAY + timedelta(days=31)}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=1200)}, "ends_on"),
        ({"begins_on": date(9000, 1, 1), "ends_on": date(9001, 1, 1)}, "begins_on"),
    ):
        with platform.database.unit_of_work() as uow, pytest.raises(Invalid) as refused:
            secondment.propose(uow, actor(uow, people["bureau"]), **(given | days | wrong))  # type: ignore[arg-type] # of the right types
        assert field in refused.value.fields
    with platform.database.unit_of_work() as uow, pytest.raises(NotAllowed):
        secondment.propose(uow, actor(uow, people["company"]), **given, **days)
    public_id = place(platform, people)
    with platform.database.unit_of_work() as uow, pytest.raises(Conflict):
        secondment.propose(uow, actor(uow, people["bureau"]), **given, **days)
    with platform.database.unit_of_work() as uow:
        firm, specialist = actor(uow, people["company"]), actor(uow, people["specialist"])
        with pytest.raises(WrongState):
            secondment.decline(uow, firm, secondment_id=public_id)
        with pytest.raises(NotAllowed):
            secondment.accept(uow, specialist, secondment_id=public_id)
        with pytest.raises(NotFound):
            secondment.end(uow, actor(uow, people["researcher"]), secondment_id=public_id)
        with pytest.raises(NotAllowed):  # of his own demand nobody is the specialist
            diagnosis.give(uow, firm, demand_id=draft.public_id, note="自评")
