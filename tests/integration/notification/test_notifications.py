"""People are told in the application and by mail, as they chose, and only what they may see."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.vocabulary import MAIL_PACES
from matchmaker.services import notification, record
from matchmaker.services.account import actor_of
from matchmaker.services.notification_kinds import KINDS, PATHS
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries.notification import SUBJECTS
from tests import builders
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
People = dict[str, User]
TITLE = "叶片前缘防雨蚀涂层"


def returned(platform: Matchmaker, people: People, note: str = "请补充指标。") -> Demand:
    """A demand of the company that the bureau has just returned."""
    with platform.unit_of_work() as uow:
        demand = builders.demand(uow, people["company"], state="submitted", title=TITLE)
    with platform.unit_of_work() as uow:
        bureau = actor_of(uow.session.get_one(User, people["bureau"].id))
        found = record.load(uow, bureau, "demand", demand.public_id)
        record.act(uow, bureau, found, "return", note=note)
    return demand


def choose(platform: Matchmaker, user: User, **paces: str) -> None:
    with platform.unit_of_work() as uow:
        notification.choose(uow, actor_of(uow.session.get_one(User, user.id)), paces)


def test_a_returned_demand_is_told_counted_opened_and_read(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    demand = returned(platform, people)
    own = browser(language="zh_Hans")
    own.log_in(people["company"])
    home = own.get("/")
    assert "未读通知" in home.words
    assert re.search(r'class="bell"[^>]*>通知 <span class="count">1<', home.text)
    listed = own.get("/notifications/")
    assert f"需求已退回：{TITLE}" in listed.words
    assert "请补充指标。" in listed.words
    opened = own.submit(listed, form="/open")
    assert opened.location.endswith(f"/demands/{demand.public_id}")
    assert 'class="count">1<' not in own.get("/").text.split("<main")[0]
    assert own.get("/notifications/?show=unread").words.count(TITLE) == 0


def test_everything_can_be_marked_as_read_at_once(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    returned(platform, people)
    returned(platform, people)
    own = browser()
    own.log_in(people["company"])
    own.post_form("/notifications/", form="read-all")
    assert "Nothing new" in own.get("/notifications/?show=unread").words


def test_nobody_reads_or_opens_what_another_was_told(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    returned(platform, people)
    with platform.reading() as uow:
        told = uow.session.scalars(
            select(Notification.public_id).where(Notification.user_id == people["company"].id)
        ).one()
    other = browser()
    other.log_in(people["researcher"])
    assert TITLE not in other.get("/notifications/").text
    other.press(f"/notifications/{told}/open", status=404)
    browser().get("/notifications/", status=303)


def test_a_record_that_may_no_longer_be_seen_shows_neither_title_nor_reasons(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    demand = returned(platform, people, "请勿写客户名称。")
    with platform.unit_of_work() as uow:
        elsewhere = builders.organisation(uow)
        uow.session.get_one(Demand, demand.id).organisation_id = elsewhere.id
    own = browser()
    own.log_in(people["company"])
    page = own.get("/notifications/")
    assert "a record that you may not see" in page.words
    assert TITLE not in page.text
    assert "请勿写客户名称。" not in page.text
    told = re.search(r"/notifications/([^/]+)/read", page.text)
    assert told is not None
    assert own.press(told.group().replace("/read", "/open")).location == "/notifications/"


def test_whoever_may_not_see_a_record_is_not_told_of_it(
    platform: Matchmaker, people: People, mails: Mails
) -> None:
    with platform.unit_of_work() as uow:
        hidden = builders.demand(uow, people["company"], state="draft", title=TITLE)
        readers = [people["researcher"].id, people["company"].id, 10_000]
        told = notification.notify(
            uow,
            kind="record_publish",
            readers=readers,
            noun="demand",
            record=hidden,
            values={"note": ""},
        )
    assert told == 1
    assert [mail.recipient for mail in mails()] == [people["company"].email]


def test_a_barred_person_is_not_told(platform: Matchmaker, people: People, mails: Mails) -> None:
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["company"].id).active = False
    returned(platform, people)
    assert mails() == []


def test_nothing_is_told_where_the_cause_fails(platform: Matchmaker, people: People) -> None:
    def fail() -> None:
        with platform.unit_of_work() as uow:
            demand = builders.demand(uow, people["company"])
            notification.notify(
                uow,
                kind="record_expire",
                readers=[people["company"].id],
                noun="demand",
                record=demand,
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with platform.reading() as uow:
        assert uow.session.scalars(select(Notification)).all() == []
        assert uow.session.scalars(select(OutboxMail)).all() == []


def test_a_mail_has_the_links_and_headers_that_end_it(
    platform: Matchmaker, people: People, browser: Browser, mails: Mails
) -> None:
    returned(platform, people)
    file = max((platform.settings.var_dir / "mail").glob("*.eml"))
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip("<>")
    assert address.startswith(platform.settings.base_url + "/notifications/off/")
    assert address in mails()[-1].body
    path = address.removeprefix(platform.settings.base_url)
    stranger = browser()
    assert "My demands and outcomes" in stranger.get(path).words  # looking switches nothing off
    returned(platform, people)
    assert len(mails()) == 2
    # As a mail program does it: no cookie, no token of a form.
    stranger.post(path, {"List-Unsubscribe": "One-Click"}, status=200)
    stranger.post(path, {"List-Unsubscribe": "One-Click"}, status=200)
    ended = stranger.get(path)
    assert "Done: no more mail" in ended.words
    assert ended.forms() == []
    returned(platform, people)
    assert len(mails()) == 2
    with platform.reading() as uow:
        assert len(uow.session.scalars(select(Notification)).all()) == 3
        events = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "set_mail"))
        assert [event.changes for event in events] == [{"record": ["at_once", "off"]}]


def test_a_link_ends_the_mail_of_its_person_and_group_alone(
    platform: Matchmaker, people: People, browser: Browser, mails: Mails
) -> None:
    returned(platform, people)
    path = mails()[-1].unsubscribe.removeprefix(platform.settings.base_url)
    _, _, _, person, group, signature = path.split("/")
    reader = browser()
    for wrong in (
        f"/notifications/off/{person}/review/{signature}",
        f"/notifications/off/{people['broker'].public_id}/{group}/{signature}",
        f"/notifications/off/{person}/{group}/{signature[:-1]}",
        f"/notifications/off/{person}/{group}/" + "é" * 22,
        f"/notifications/off/{person}/nothing/{signature}",
    ):
        reader.get(wrong, status=404)
        reader.post(wrong, {"List-Unsubscribe": "One-Click"}, status=404)
    # The exemption is this one address's: its neighbours still demand a token.
    reader.log_in(people["company"])
    reader.post("/notifications/settings", {"record": "off"}, status=400)


@pytest.mark.parametrize("pace", MAIL_PACES)
def test_settings_decide_when_mail_leaves(
    platform: Matchmaker, people: People, browser: Browser, mails: Mails, clock: Clock, pace: str
) -> None:
    own = browser()
    own.log_in(people["company"])
    own.post_form("/notifications/settings", {"record": pace})
    returned(platform, people)
    assert len(mails()) == (1 if pace == "at_once" else 0)
    sent = []
    for _day in range(8):
        clock.advance(days=1)
        before = len(mails())
        platform.tell_news()
        platform.tell_news()
        sent.append(len(mails()) - before)
    expected = {"daily": [1] + [0] * 7, "weekly": [0] * 6 + [1, 0]}.get(pace, [0] * 8)
    assert sent == expected  # the clock begins on a Monday


def test_a_digest_names_what_was_told_and_leaves_out_what_was_read(
    platform: Matchmaker, people: People, browser: Browser, mails: Mails, clock: Clock
) -> None:
    choose(platform, people["company"], record="daily")
    first = returned(platform, people)
    second = returned(platform, people)
    own = browser()
    own.log_in(people["company"])
    own.submit(own.get("/notifications/"), form=1)
    clock.advance(days=1)
    platform.tell_news()
    (digest,) = [mail for mail in mails() if mail.recipient == people["company"].email]
    assert digest.subject == "今日摘要：1 条通知"
    assert sum(one.public_id in digest.body for one in (first, second)) == 1
    path = digest.unsubscribe.removeprefix(platform.settings.base_url)
    own.post(path, {"List-Unsubscribe": "One-Click"}, status=200)
    returned(platform, people)
    clock.advance(days=1)
    assert platform.tell_news() == (0, 0)


@pytest.mark.parametrize(
    ("told", "now", "days"),
    [
        ("daily", "at_once", [1, 0, 0, 0, 0, 0, 0]),
        ("weekly", "at_once", [1, 0, 0, 0, 0, 0, 0]),
        ("weekly", "daily", [1, 0, 0, 0, 0, 0, 0]),
        ("daily", "weekly", [0, 0, 0, 0, 0, 0, 1]),
    ],
)
def test_what_waits_for_a_digest_is_mailed_as_its_reader_chose_since(
    platform: Matchmaker,
    people: People,
    mails: Mails,
    clock: Clock,
    told: str,
    now: str,
    days: list[int],
) -> None:
    choose(platform, people["company"], record=told, match=told)
    demand = returned(platform, people)
    choose(platform, people["company"], record=now, match=now)
    sent = []
    for _day in days:  # the clock begins on a Monday
        clock.advance(days=1)
        before = len(mails())
        platform.tell_news()
        sent.append(len(mails()) - before)
    assert sent == days
    (digest,) = mails()
    assert demand.public_id in digest.body


def test_a_digest_leaves_out_what_was_switched_off_since(
    platform: Matchmaker, people: People, mails: Mails, clock: Clock
) -> None:
    choose(platform, people["company"], record="daily", organisation="daily")
    demand = returned(platform, people)
    choose(platform, people["company"], record="off")
    clock.advance(days=1)
    assert platform.tell_news() == (0, 0)
    choose(platform, people["company"], record="daily")
    shown = returned(platform, people)
    clock.advance(days=1)
    platform.tell_news()
    (digest,) = mails()
    assert digest.subject == "今日摘要：1 条通知"
    assert shown.public_id in digest.body
    assert demand.public_id not in digest.body


def test_what_takes_rights_away_is_mailed_whatever_was_chosen(
    platform: Matchmaker, people: People, mails: Mails
) -> None:
    choose(platform, people["company"], organisation="off")
    with platform.unit_of_work() as uow:
        member = uow.session.get_one(User, people["company"].id)
        for kind in ("organisation_approved", "organisation_removed"):
            notification.notify(
                uow,
                kind=kind,
                readers=[member.id],
                noun="organisation",
                record=member.organisation,
            )
    assert [mail.subject for mail in mails()] == ["成员身份已取消"]
    assert mails()[0].unsubscribe == ""


def test_every_kind_has_texts_in_both_languages_that_can_be_filled() -> None:
    assert PATHS.keys() == SUBJECTS.keys()
    for name, kind in KINDS.items():
        assert kind.texts.keys() == {"zh_Hans", "en"}, name
        for locale in kind.texts:
            shown = set(re.findall(r"\{(\w+)\}", kind.subject(locale)))
            assert shown <= kind.kept | {"title"}, name
        assert not kind.detail or kind.detail in kind.kept


def test_the_number_of_statements_does_not_grow_with_the_list(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    own = browser()
    own.log_in(people["company"])
    numbers = []
    for count in (1, 12):
        for _ in range(count):
            returned(platform, people)
        numbers.append(statements(platform, lambda: own.get("/notifications/")))
        numbers.append(statements(platform, lambda: own.get("/")))
    assert numbers[:2] == numbers[2:]


def statements(platform: Matchmaker, visit: Callable[[], object]) -> int:
    """How many statements a visit sends."""
    from sqlalchemy import event

    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(platform.database.engine, "before_cursor_execute", note)
    try:
        visit()
    finally:
        event.remove(platform.database.engine, "before_cursor_execute", note)
    return len([one for one in seen if one.lstrip().upper().startswith("SELECT")])
