"""An erased person leaves no trace of who they were; what they did stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import JSON, String, Text, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.errors import Invalid, NotAllowed
from matchmaker.services import (
    account,
    audit,
    calendar,
    engagement,
    engagement_message,
    erasure,
    introduction,
    mail,
    meeting,
    notification,
    organisation,
)
from matchmaker.services.account import actor_of
from matchmaker.store.assignment import BrokerProfile
from matchmaker.store.audit import AuditEvent
from matchmaker.store.base import Base
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import (
    Attachment,
    CalendarToken,
    EngagementMessage,
    NdaAcceptance,
)
from matchmaker.store.match import Match
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import LoginSession, Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome
from matchmaker.store.question import Question
from tests import builders
from tests.builders import PASSWORD
from tests.client import Client
from tests.integration.engagement.pair import Pair, make_pair

Browser = Callable[..., Client]
People = dict[str, User]
NAME, EMAIL, PHONE = "欧阳明远", "ouyang.mingyuan@lab.example", "139-0000-1111"


@pytest.fixture
def person(platform: Matchmaker, people: People) -> User:
    """A researcher whose name, address and telephone stand wherever the platform may put them."""
    with platform.unit_of_work() as uow:
        manager = uow.session.get_one(User, people["researcher"].id)
        home = manager.organisation
        manager.is_manager = True
        user = builders.user(
            uow, platform.passwords, "researcher", home, name=NAME, email=EMAIL, phone=PHONE
        )
    with platform.unit_of_work() as uow:
        stored = uow.session.get_one(User, user.id)
        builders.outcome(
            uow,
            stored,
            team=[NAME, "别人"],
            description=f"联系人{NAME}，电话{PHONE}。",
            ownership=NAME,
            ip=[{"kind": "invention", "number": "ZL1", "status": "granted", "owners": NAME}],
        )
        bureau = actor_of(uow.session.get_one(User, people["bureau"].id))
        audit.record(
            uow,
            bureau,
            "user",
            stored.id,
            "edit",
            before={"name": NAME, "note": f"{EMAIL} 与 {PHONE}"},
            after={"name": "新名", "note": ""},
        )
        notification.notify(
            uow,
            kind="organisation_joined",
            readers=[manager.id],
            noun="organisation",
            record=stored.organisation,
            values={"name": NAME},
        )
        mail.queue(uow, EMAIL, f"致{NAME}", f"您好{NAME}")
        mail.queue(uow, "other@example.org", f"有人申请加入：{NAME}", f"{NAME} <{EMAIL}> {PHONE}")
        account.request_reset(uow, email=EMAIL, base_url="http://x.example")
    return user


def places(platform: Matchmaker, *words: str) -> Iterator[str]:
    """Every column of every table that holds one of the words, JSON decoded."""
    with platform.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if not isinstance(column.type, JSON | String | Text):
                    continue
                for value in connection.scalars(select(column)):
                    text = json.dumps(value, ensure_ascii=False) if value is not None else ""
                    yield from (f"{table.name}.{column.name}" for word in words if word in text)


def audited(platform: Matchmaker) -> list[tuple[object, ...]]:
    """What the audit says, texts of changes aside."""
    columns = (AuditEvent.id, AuditEvent.actor_id, AuditEvent.action, AuditEvent.record_id)
    with platform.reading() as uow:
        return [tuple(row) for row in uow.session.execute(select(*columns).order_by(AuditEvent.id))]


def run(platform: Matchmaker, *words: str) -> Result:
    return CliRunner().invoke(cli, ["users", "erase", *words], obj=platform)


def test_after_erasure_no_text_column_holds_the_person(
    platform: Matchmaker, people: People, browser: Browser, person: User
) -> None:
    own = browser()
    own.log_in(EMAIL)
    own.press("/saved-searches/", {"noun": "outcome", "name": f"{NAME}的订阅", "arguments": ""})
    own.post_form("/account", {"profile-name": NAME, "profile-phone": PHONE + "2"})
    own.post_form("/account", {"profile-name": NAME, "profile-phone": PHONE})
    before = set(places(platform, NAME, EMAIL, PHONE))
    assert {"outcome.team", "audit_event.changes", "outbox_mail.body", "user.email"} <= before
    answer = own.post_form("/account/erase", {"password": PASSWORD})
    assert answer.location == "/"
    assert set(places(platform, NAME, EMAIL, PHONE)) == set()
    with platform.reading() as uow:
        stored = uow.session.get_one(User, person.id)
        assert (stored.active, stored.phone, stored.name) == (False, "", "已注销用户")
        outcome = uow.session.scalars(select(Outcome)).one()
        assert outcome.author_id == person.id
        assert outcome.team == ["…", "别人"]
        for model in (LoginSession, Notification):
            assert uow.session.scalars(select(model).where(model.user_id == person.id)).all() == []
        (event,) = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "erase"))
        assert (event.actor_id, event.record_id) == (person.id, person.id)
        # It tells which events it cleaned, by the hashes of their words alone.
        (cleaned,) = uow.session.scalars(
            select(AuditEvent.id).where(AuditEvent.actor_id == people["bureau"].id)
        )
        assert event.changes.keys() == {str(cleaned)}
        assert {len(one) for one in event.changes[str(cleaned)]} == {64}


def test_an_erased_person_is_logged_out_and_cannot_log_in_or_be_let_in(
    platform: Matchmaker, people: People, browser: Browser, person: User
) -> None:
    first, second = browser(), browser()
    first.log_in(EMAIL)
    second.log_in(EMAIL)
    first.post_form("/account/erase", {"password": PASSWORD})
    assert "erased" in first.get("/").words
    assert second.get("/account", status=303).location.startswith("/log-in")
    first.log_in(EMAIL, status=422)
    with platform.reading() as uow:
        address = uow.session.get_one(User, person.id).email
    first.log_in(address, status=422)
    operator = browser()
    operator.log_in(people["administrator"])
    operator.press(f"/users/{person.public_id}/activate")
    with platform.reading() as uow:
        assert not uow.session.get_one(User, person.id).active


def test_erasure_needs_the_right_password(
    platform: Matchmaker, browser: Browser, person: User
) -> None:
    own = browser()
    own.log_in(EMAIL)
    page = own.post_form("/account/erase", {"password": "something else"}, status=422)
    assert "wrong" in page.words
    with platform.reading() as uow:
        assert uow.session.get_one(User, person.id).active


@pytest.mark.usefixtures("person")
def test_the_audit_and_other_people_keep_what_is_theirs(
    platform: Matchmaker, people: People
) -> None:
    with platform.unit_of_work() as uow:
        namesake = builders.user(uow, platform.passwords, name=NAME)
        longer = builders.user(
            uow, platform.passwords, name="Lithium Li", email="xouyang.mingyuan@lab.example"
        )
        builders.demand(uow, people["company"], problem=f"另一家单位的{NAME}工艺。")
        mail.queue(uow, longer.email, "S", "Lithium")
    before = audited(platform)
    assert run(platform, EMAIL, "--yes").exit_code == 0
    with platform.reading() as uow:
        assert uow.session.get_one(User, namesake.id).name == NAME
        kept = uow.session.scalars(select(OutboxMail).where(OutboxMail.recipient == longer.email))
        assert kept.one().body == "Lithium"
    assert set(places(platform, NAME)) == {"user.name", "demand.problem"}
    assert audited(platform)[: len(before)] == before


def test_a_short_latin_name_is_not_cut_out_of_words(platform: Matchmaker) -> None:
    with platform.unit_of_work() as uow:
        li = builders.user(uow, platform.passwords, "broker", name="Li", email="li@a.example")
        builders.user(uow, platform.passwords, "broker", li.organisation, email="b@a.example")
        mail.queue(uow, "b@a.example", "Li asks", "Lithium for Li.")
    with platform.unit_of_work() as uow:
        user = uow.session.get_one(User, li.id)
        erasure.erase(uow, actor_of(user), user)
    with platform.reading() as uow:
        (stored,) = uow.session.scalars(
            select(OutboxMail).where(OutboxMail.recipient == "b@a.example")
        )
        assert (stored.subject, stored.body) == ("… asks", "Lithium for ….")


def test_mail_that_has_not_left_yet_does_not_leave(platform: Matchmaker, person: User) -> None:
    with platform.database.unit_of_work() as uow:
        mail.queue(uow, EMAIL, "S", "B")
    with platform.database.unit_of_work() as uow:
        user = uow.session.get_one(User, person.id)
        erasure.erase(uow, actor_of(user), user)
    with platform.reading() as uow:
        assert (
            uow.session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))).all() == []
        )


def test_the_last_manager_names_a_successor_first(
    platform: Matchmaker, people: People, browser: Browser, person: User
) -> None:
    manager = browser()
    manager.log_in(people["researcher"])
    manager.post_form("/account/erase", {"password": PASSWORD}, status=422)
    stranger = people["company"].public_id
    form = {"password": PASSWORD, "successor": person.public_id}
    page = manager.get("/account/erase")
    assert stranger not in page.text
    assert NAME in page.words
    manager.submit(page, form)
    with platform.reading() as uow:
        assert uow.session.get_one(User, person.id).is_manager
        assert not uow.session.get_one(User, people["researcher"].id).active


def test_a_manager_without_colleagues_and_the_last_administrator_stay(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["company"].id).is_manager = True
    for role in ("company", "administrator"):
        own = browser()
        own.log_in(people[role])
        assert "the last who manages here" in own.get("/account/erase").words
        with platform.unit_of_work() as uow:
            user = uow.session.get_one(User, people[role].id)
            with pytest.raises(Invalid):
                erasure.erase(uow, actor_of(user), user)
    refused = run(platform, people["administrator"].email, "--yes")
    assert isinstance(refused.exception, Invalid)
    done = run(
        platform, people["administrator"].email, "--yes", "--successor", people["bureau"].email
    )
    assert done.exit_code == 0, done.output
    with platform.reading() as uow:
        assert uow.session.get_one(User, people["bureau"].id).role == "administrator"
        assert uow.session.scalars(select(Organisation)).all()


def test_nobody_erases_another(platform: Matchmaker, people: People) -> None:
    with platform.unit_of_work() as uow:
        administrator = actor_of(uow.session.get_one(User, people["administrator"].id))
        broker = uow.session.get_one(User, people["broker"].id)
        with pytest.raises(NotAllowed):
            erasure.erase(uow, administrator, broker)


def test_the_command_asks_first_and_refuses_strangers(platform: Matchmaker, person: User) -> None:
    assert run(platform, EMAIL).exit_code == 1
    assert run(platform, "nobody@example.org", "--yes").exit_code == 1
    with platform.reading() as uow:
        assert uow.session.get_one(User, person.id).email == EMAIL


@pytest.mark.parametrize(
    ("name", "phone"),
    [("高强", "碳纤维复合材料"), ("anonymous", "2026-03-02"), ("高强", "problem"), ("某人", PHONE)],
)
def test_whoever_registers_and_leaves_cuts_no_word_out_of_what_is_others(
    platform: Matchmaker, people: People, name: str, phone: str
) -> None:
    with platform.unit_of_work() as uow:
        firm = uow.session.get_one(User, people["company"].id)
        demand = builders.demand(
            uow,
            firm,
            title="高强碳纤维复合材料",
            problem=f"anonymous 2026-03-02 problem 高强 {PHONE}",
        )
        seen = actor_of(uow.session.get_one(User, people["bureau"].id))
        changes = {"problem": demand.problem, "高强": "碳纤维复合材料", "anonymous": "anonymous"}
        audit.record(uow, seen, "demand", demand.id, "edit", before={}, after=changes)
        mail.queue(uow, "b@a.example", demand.title, demand.problem)
        asks = builders.user(
            *(uow, platform.passwords, "company", firm.organisation),
            name=name,
            phone=phone,
            approved=False,
        )

    def kept() -> list[object]:
        with platform.reading() as uow:
            event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "edit")).one()
            stored = uow.session.scalars(select(Demand)).one()
            letter = uow.session.scalars(select(OutboxMail)).one()
            return [event.changes, stored.title, stored.problem, letter.subject, letter.body]

    before = kept()
    with platform.unit_of_work() as uow:
        user = uow.session.get_one(User, asks.id)
        erasure.erase(uow, actor_of(user), user)
    assert kept() == before


def test_a_telephone_goes_and_a_key_of_its_digits_stays(
    platform: Matchmaker, people: People, person: User
) -> None:
    with platform.unit_of_work() as uow:
        seen = actor_of(uow.session.get_one(User, people["bureau"].id))
        after = {PHONE: PHONE, NAME: NAME}
        audit.record(uow, seen, "user", person.id, "approve_member", before={}, after=after)
        user = uow.session.get_one(User, person.id)
        erasure.erase(uow, actor_of(user), user)
    with platform.reading() as uow:
        event = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "approve_member")
        ).one()
        assert event.changes.keys() == {PHONE, NAME}
        assert {new for _old, new in event.changes.values()} == {"…"}


def test_the_name_of_a_request_to_join_goes_though_it_was_never_confirmed(
    platform: Matchmaker, people: People
) -> None:
    with platform.unit_of_work() as uow:
        manager = uow.session.get_one(User, people["company"].id)
        manager.is_manager = True
        assert manager.organisation
        asks = builders.user(
            *(uow, platform.passwords, "company", manager.organisation), name=NAME, approved=False
        )
        organisation.joined(uow, manager.organisation, asks, base_url="http://x.example")
    assert set(places(platform, NAME)) == {
        *("user.name", "notification.values", "outbox_mail.subject", "outbox_mail.body")
    }
    with platform.unit_of_work() as uow:
        user = uow.session.get_one(User, asks.id)
        erasure.erase(uow, actor_of(user), user)
    assert set(places(platform, NAME)) == set()


TYPED = "欧阳老师（中试）"


def test_nothing_of_the_person_is_left_in_talks_and_the_talks_are_kept(
    platform: Matchmaker,
) -> None:
    pair = make_pair(platform)
    key, public_id = _talk(pair)
    before = set(places(platform, NAME, EMAIL, PHONE, TYPED))
    assert {
        *("nda_acceptance.name", "meeting.participants", "meeting.agenda", "question.answer"),
        *("engagement_message.body", "attachment.file_name", "introduction.company_message"),
    } <= before
    with platform.unit_of_work() as uow:
        user = uow.session.get_one(User, key)
        erasure.erase(uow, actor_of(user), user)
    # What others say of somebody of that name in a talk of their own is left alone.
    assert set(places(platform, NAME, EMAIL, PHONE, TYPED)) == {"question.text"}
    with platform.reading() as uow:
        signed = uow.session.scalars(select(NdaAcceptance).order_by(NdaAcceptance.id)).all()
        assert [(one.side, one.name) for one in signed] == [
            ("company", "某人"),
            ("institution", "已注销用户"),
        ]
        assert signed[1].accepted_by == key
        message = uow.session.scalars(select(EngagementMessage)).one()
        assert (message.author_id, message.body) == (key, "我是…，电话…，下周寄样。")
        assert uow.session.scalars(select(Attachment)).one().file_name == "…简历.txt"
        assert uow.session.get(CalendarToken, key) is None
    assert pair.engagement().public_id == public_id


def test_a_brokers_profile_goes_with_the_broker(platform: Matchmaker) -> None:
    pair = make_pair(platform)
    with platform.unit_of_work() as uow:
        key = pair.users["broker"].id
        uow.session.add(
            BrokerProfile(
                user_id=key,
                level="junior",
                fields=[],
                clusters=[],
                regions=[],
                weekly_capacity=5,
                updated_at=uow.now,
            )
        )
    pair.ask()
    with platform.unit_of_work() as uow:
        user = uow.session.get_one(User, key)
        erasure.erase(uow, actor_of(user), user)
    with platform.reading() as uow:
        assert uow.session.get(BrokerProfile, key) is None
    assert pair.introduction().broker_id == key


def _talk(pair: Pair) -> tuple[int, str]:
    """An engagement in which the researcher's name stands wherever it may; key and public id."""
    key = pair.users["researcher"].id
    with pair.platform.unit_of_work() as uow:
        user = uow.session.get_one(User, key)
        user.name, user.email, user.phone = NAME, EMAIL, PHONE
    asked = pair.ask(company_message=f"{NAME}老师的成果值得一谈")
    for who in ("company", "researcher"):
        with pair.platform.unit_of_work() as uow:
            introduction.accept(
                uow, pair.actor(who), introduction_id=asked, calendar=pair.platform.calendar
            )
    public_id = pair.engagement().public_id
    for who, name in (("company", "某人"), ("researcher", TYPED)):
        with pair.platform.unit_of_work() as uow:
            engagement.accept_nda(
                uow,
                pair.actor(who),
                engagement_id=public_id,
                name=name,
                version=NDA_VERSION,
                calendar=pair.platform.calendar,
            )
    with pair.platform.unit_of_work() as uow:
        engagement_message.write(
            uow,
            pair.actor("researcher"),
            pair.platform.attachments,
            engagement_id=public_id,
            body=f"我是{NAME}，电话{PHONE}，下周寄样。",
            uploads=[engagement_message.Upload(f"{NAME}简历.txt", "简历".encode())],
        )
        meeting.plan(
            uow,
            pair.actor("broker"),
            engagement_id=public_id,
            plan=meeting.Plan(
                starts_at=uow.now + timedelta(days=2),
                minutes_long=60,
                place="线上",
                participants=f"{NAME}、某人",
                agenda=f"联系 {EMAIL}",
            ),
        )
        calendar.make_address(uow, pair.actor("researcher"))
        for at, text, answer in (("researcher", "谁负责？", NAME), ("other_company", NAME, "有。")):
            uow.session.add(
                Question(
                    match_id=uow.session.scalars(select(Match.id)).one(),
                    side="outcome" if at == "researcher" else "demand",
                    organisation_id=pair.users[at].organisation_id,
                    state="answered",
                    text=text,
                    asked_by=pair.users["other_broker"].id,
                    asked_at=uow.now,
                    lapses_at=uow.now,
                    answer=answer,
                    answered_by=pair.users[at].id,
                    answered_at=uow.now,
                )
            )
    return key, public_id
