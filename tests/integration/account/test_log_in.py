"""Logging in and out, and the sessions that come of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services.account import digest
from matchmaker.store.organisation import LoginSession, User
from tests.builders import PASSWORD
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
People = dict[str, User]


def _sessions(platform: Matchmaker) -> int:
    with platform.reading() as uow:
        return uow.session.scalar(select(func.count()).select_from(LoginSession)) or 0


def _token(client: Client) -> str:
    with client.flask.session_transaction() as session:
        return str(session.get("token", ""))


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_a_person_logs_in_and_out(browser: Browser, people: People, language: str) -> None:
    client = browser(language=language)
    assert client.log_in(people["company"]).location == "/"
    client.get("/account")
    client.log_out()
    assert client.get("/account", 303).location.startswith("/log-in?next=")


def test_the_address_may_be_typed_in_any_case(client: Client, people: People) -> None:
    client.log_in(f" {people['company'].email.upper()} ")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: Client, people: People
) -> None:
    wrong = client.log_in(people["company"], "not the password", status=422)
    unknown = client.log_in("nobody@example.org", "not the password", status=422)
    assert wrong.errors() == unknown.errors() == ["E-mail address or password is wrong."]
    assert not _token(client)


def test_a_barred_person_gets_the_answer_of_a_wrong_password(
    platform: Matchmaker, client: Client, people: People
) -> None:
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["company"].id).active = False
    page = client.log_in(people["company"], status=422)
    assert page.errors() == ["E-mail address or password is wrong."]


def test_a_password_is_never_sent_back(client: Client, people: People) -> None:
    page = client.log_in(people["company"], "a secret that was mistyped", status=422)
    assert "mistyped" not in page.text


def test_the_session_is_new_after_logging_in(client: Client, people: People) -> None:
    client.get("/log-in")
    with client.flask.session_transaction() as session:
        session["planted"] = "by an attacker"
        before = session["csrf_token"]
    client.log_in(people["company"])
    with client.flask.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_a_token_chosen_by_somebody_else_is_worth_nothing(client: Client, people: People) -> None:
    with client.flask.session_transaction() as session:
        session["token"] = "chosen"
    client.log_in(people["company"])
    assert _token(client) != "chosen"


def test_logging_in_again_ends_the_session_before(
    platform: Matchmaker, client: Client, people: People
) -> None:
    client.log_in(people["company"])
    first = _token(client)
    client.log_in(people["broker"])
    assert _token(client) != first
    assert _sessions(platform) == 1


def test_the_database_holds_no_token(platform: Matchmaker, client: Client, people: People) -> None:
    client.log_in(people["company"])
    with platform.reading() as uow:
        stored = uow.session.scalars(select(LoginSession.token_hash)).one()
    assert stored == digest(_token(client)) != _token(client)


def test_a_kept_cookie_is_worth_nothing_after_logging_out(
    client: Client, people: People, app: Flask
) -> None:
    client.log_in(people["company"])
    kept = client.cookie()
    client.log_out()
    thief = app.test_client()
    thief.set_cookie("matchmaker", kept)
    assert thief.get("/account").status_code == 303


def test_a_session_ends_by_itself(
    platform: Matchmaker, client: Client, people: People, clock: Clock
) -> None:
    client.log_in(people["company"])
    clock.advance(days=platform.settings.session_days, seconds=-1)
    client.get("/account")
    clock.advance(seconds=1)
    client.get("/account", 303)


def test_too_many_attempts_are_refused_for_a_while(app: Flask, people: People) -> None:
    client = Client(app, address="192.0.2.77")
    for _attempt in range(10):
        client.log_in("nobody@example.org", "not the password", status=422)
    page = client.log_in(people["company"], status=429)
    assert page.heading == "Too many attempts"
    assert "If you forgot your password" in page.text
    assert int(page.headers["Retry-After"]) > 0
    Client(app, address="192.0.2.78").log_in(people["company"])


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/demands", "/demands"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
    ],
)
def test_logging_in_leads_back_but_never_elsewhere(
    client: Client, people: People, target: str, leads: str
) -> None:
    page = client.post_form(
        "/log-in", {"email": people["company"].email, "password": PASSWORD, "next": target}
    )
    assert page.location == leads


def test_a_form_without_its_token_is_refused(client: Client, people: People) -> None:
    client.post("/log-in", {"email": people["company"].email, "password": PASSWORD}, status=400)


def test_the_session_cookie_is_hidden_from_scripts(client: Client, people: People) -> None:
    page = client.log_in(people["company"])
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_devices_are_listed_and_one_can_be_logged_out(
    browser: Browser, people: People, clock: Clock
) -> None:
    here, there = browser(), browser()
    there.log_in(people["company"])
    clock.advance(minutes=5)
    here.log_in(people["company"])
    page = here.get("/account")
    assert page.words.count("last used") == 2
    here.submit(page, form="/revoke")
    there.get("/account", 303)
    assert here.get("/account").words.count("last used") == 1


def test_nobody_logs_out_somebody_elses_device(
    platform: Matchmaker, browser: Browser, people: People
) -> None:
    victim, attacker = browser(), browser()
    victim.log_in(people["company"])
    with platform.reading() as uow:
        session_id = uow.session.scalars(select(LoginSession.public_id)).one()
    attacker.log_in(people["broker"])
    attacker.press(f"/account/sessions/{session_id}/revoke")
    victim.get("/account")
