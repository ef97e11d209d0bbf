"""Changing and resetting passwords."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import SYSTEM
from matchmaker.services import account
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from tests.builders import PASSWORD
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
Events = Callable[[str], list[AuditEvent]]
People = dict[str, User]
NEW = "seven green umbrellas"


def _change(client: Client, present: str, new: str, status: int = 303) -> list[str]:
    page = client.post_form(
        "/account",
        {"password-present": present, "password-new": new},
        form="/account/password",
        status=status,
    )
    return page.errors() if status == 422 else []


def _link(mail: OutboxMail) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/account/reset/\S+)", mail.body)
    assert found, mail.body
    return found.group(1)


def _ask(client: Client, email: str) -> str:
    return client.post_form("/account/forgotten", {"email": email}, status=200).words


def test_changing_the_password_logs_every_other_device_out(
    browser: Browser, people: People, events: Events
) -> None:
    here, there = browser(), browser()
    here.log_in(people["researcher"])
    there.log_in(people["researcher"])
    _change(here, PASSWORD, NEW)
    here.get("/account")
    there.get("/account", 303)
    there.log_in(people["researcher"], status=422)
    there.log_in(people["researcher"], NEW)
    (event,) = events("change_password")
    assert event.actor_id == event.record_id == people["researcher"].id
    assert event.changes == {}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short", "Use at least ten characters."),
        ("1234567890", "This password is too common. Use a few words that nobody would guess."),
        ("aaabbbaaabbb", "This password is too common. Use a few words that nobody would guess."),
        ("the address", "The password must not be like the e-mail address."),
        ("x" * 201, "Field cannot be longer than 200 characters."),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(
    client: Client, people: People, new: str, said: str
) -> None:
    client.log_in(people["company"])
    new = people["company"].email if new == "the address" else new
    assert _change(client, PASSWORD, new, 422) == [said]


def test_the_present_password_is_needed(client: Client, people: People) -> None:
    client.log_in(people["company"])
    assert _change(client, "not the present one", NEW, 422) == ["The present password is wrong."]


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Set a new password"), ("zh_Hans", "重新设置密码")]
)
def test_a_forgotten_password_is_set_anew_by_mail_in_the_persons_language(
    platform: Matchmaker,
    browser: Browser,
    people: People,
    mails: Mails,
    language: str,
    subject: str,
) -> None:
    person = people["researcher"]
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, person.id).locale = language
    there, client = browser(), browser(language=language)
    there.log_in(person)
    _ask(client, person.email)
    (mail,) = mails()
    assert (mail.recipient, mail.subject) == (person.email, subject)
    written = list((platform.settings.var_dir / "mail").glob("*.eml"))
    assert len(written) == 1
    client.post_form(_link(mail), {"new": NEW})
    there.get("/account", 303)
    client.log_in(person, NEW)


def test_a_link_works_once(client: Client, people: People, mails: Mails) -> None:
    _ask(client, people["company"].email)
    link = _link(mails()[0])
    client.post_form(link, {"new": NEW})
    client.get(link, 404)
    client.press(link, {"new": "another good password"}, 404)


def test_using_one_link_ends_the_others(client: Client, people: People, mails: Mails) -> None:
    _ask(client, people["company"].email)
    _ask(client, people["company"].email)
    first, second = (_link(mail) for mail in mails())
    client.post_form(second, {"new": NEW})
    client.get(first, 404)


def test_a_change_of_password_ends_the_links(
    platform: Matchmaker, browser: Browser, people: People, mails: Mails
) -> None:
    here, person = browser(), people["company"]
    here.log_in(person)
    _ask(browser(), person.email)
    _change(here, PASSWORD, NEW)
    here.get("/account")
    browser().get(_link(mails()[0]), 404)
    _ask(browser(), person.email)
    with platform.unit_of_work() as uow:
        stored = uow.session.get_one(User, person.id)
        account.set_password(uow, platform.passwords, SYSTEM, stored, PASSWORD)
    browser().get(_link(mails()[-1]), 404)
    here.get("/account", 303)


def test_a_link_lives_an_hour(client: Client, people: People, mails: Mails, clock: Clock) -> None:
    _ask(client, people["company"].email)
    link = _link(mails()[0])
    clock.advance(minutes=59)
    client.get(link)
    clock.advance(minutes=1)
    client.get(link, 404)


def test_a_refused_password_leaves_the_link_alive(
    client: Client, people: People, mails: Mails
) -> None:
    _ask(client, people["company"].email)
    link = _link(mails()[0])
    client.post_form(link, {"new": "password123"}, status=422)
    client.post_form(link, {"new": NEW})


def test_nobody_learns_whether_an_address_is_registered(
    platform: Matchmaker, client: Client, people: People, mails: Mails
) -> None:
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["broker"].id).active = False
    known = _ask(client, people["company"].email)
    unknown = _ask(client, "nobody@example.org")
    barred = _ask(client, people["broker"].email)
    assert known == unknown == barred
    assert [mail.recipient for mail in mails()] == [people["company"].email]


def test_the_link_is_not_stored_and_not_audited(
    platform: Matchmaker, client: Client, people: People, mails: Mails, events: Events
) -> None:
    _ask(client, people["company"].email)
    token = _link(mails()[0]).rsplit("/", 1)[1]
    with platform.database.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM account_token").one()
    assert token not in [str(value) for value in stored]
    (event,) = events("request_reset")
    assert event.actor_id is None
    assert token not in str(event.changes)


def test_a_made_up_link_is_not_found(client: Client) -> None:
    client.get("/account/reset/made-up", 404)
