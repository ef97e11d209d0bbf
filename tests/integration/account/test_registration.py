"""Registering, with an organisation that exists or is new."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.client import Client, Page

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
Events = Callable[[str], list[AuditEvent]]
GIVEN = {
    "role": "company",
    "name": "虚构某人",
    "email": "Newcomer@Example.org",
    "password": "seven green umbrellas",
    "organisation": "虚构新材料公司",
    "region": "huancui",
}


def _register(client: Client, status: int = 200, **changed: Any) -> Page:
    return client.post_form("/register", GIVEN | changed, status=status)


def _user(platform: Matchmaker, email: str = "newcomer@example.org") -> User | None:
    with platform.reading() as uow:
        found = uow.session.scalars(select(User).where(User.email == email)).one_or_none()
        if found is not None and found.organisation is not None:
            uow.session.expunge_all()
        return found


def test_the_first_of_a_new_organisation_manages_it_while_it_is_pending(
    platform: Matchmaker, client: Client, events: Events
) -> None:
    page = _register(client)
    assert page.heading == "Look into your mail"
    user = _user(platform)
    assert user
    assert user.organisation
    assert (user.role, user.is_manager, user.approved) == ("company", True, True)
    assert (user.organisation.state, user.organisation.region_code) == ("pending", "huancui")
    assert {event.noun for event in events("register")} == {"user", "organisation"}


def test_whoever_joins_an_existing_organisation_waits_for_its_manager(
    platform: Matchmaker, client: Client, mails: Mails
) -> None:
    with platform.unit_of_work() as uow:
        place = builders.organisation(uow, name=GIVEN["organisation"])
        manager = builders.user(uow, platform.passwords, "company", place, is_manager=True)
    _register(client)
    user = _user(platform)
    assert user
    assert (user.is_manager, user.approved) == (False, False)
    told = {mail.recipient: mail for mail in mails()}
    assert set(told) == {"newcomer@example.org", manager.email}
    assert f"/organisations/{place.public_id}/members" in told[manager.email].body
    client.log_in(user, GIVEN["password"])
    client.get(f"/organisations/{place.public_id}/members", 403)


def test_the_bureau_is_asked_where_an_organisation_has_no_manager(
    platform: Matchmaker, client: Client, mails: Mails
) -> None:
    with platform.unit_of_work() as uow:
        builders.organisation(uow, name=GIVEN["organisation"])
        officer = builders.user(uow, platform.passwords, "bureau")
    _register(client)
    assert officer.email in {mail.recipient for mail in mails()}


def test_an_unconfirmed_person_acts_for_nobody(platform: Matchmaker, client: Client) -> None:
    with platform.unit_of_work() as uow:
        place = builders.organisation(uow, name=GIVEN["organisation"])
        secret = builders.demand(uow, place, state="draft").public_id
    _register(client)
    client.log_in("newcomer@example.org", GIVEN["password"])
    client.get(f"/demands/{secret}", 404)
    page = client.post_form("/demands/new", {"title": "一项技术需求"}, status=422)
    assert "Your membership of an organisation has to be confirmed first." in page.words


@pytest.mark.parametrize("state", ["pending", "verified"])
def test_a_broker_reviews_nothing_before_being_confirmed_in_a_verified_agency(
    platform: Matchmaker, client: Client, state: str
) -> None:
    with platform.unit_of_work() as uow:
        company = builders.organisation(uow)
        waiting = builders.demand(uow, company, state="submitted").public_id
        hidden = builders.demand(uow, company, disclosure="anonymous").public_id
        directed = builders.demand(uow, company, disclosure="directed").public_id
        if state == "verified":
            builders.organisation(uow, "agency", name=GIVEN["organisation"])
    _register(client, role="broker")
    client.log_in("newcomer@example.org", GIVEN["password"])
    assert "Your role takes effect" in client.get("/").words
    for address in ("/match-review/", "/to-review"):
        client.get(address, 403)
    client.get(f"/demands/{waiting}", 404)
    client.get(f"/demands/{directed}", 404)
    client.press(f"/demands/{waiting}/publish", status=403)
    assert company.name not in client.get(f"/demands/{hidden}").text
    assert company.name not in client.get("/demands").text


@pytest.mark.parametrize("role", ["bureau", "administrator"])
def test_nobody_registers_as_an_officer_or_administrator(
    platform: Matchmaker, client: Client, role: str
) -> None:
    _register(client, 422, role=role)
    assert _user(platform) is None


def test_a_registered_address_gets_a_mail_and_the_same_answer(
    platform: Matchmaker, client: Client, people: dict[str, User], mails: Mails
) -> None:
    fresh = _register(client)
    known = _register(client, email=people["company"].email, organisation="虚构另一公司")
    assert known.words == fresh.words
    (mail,) = [mail for mail in mails() if mail.recipient == people["company"].email]
    assert "registered already" in mail.subject or "已注册" in mail.subject
    with platform.reading() as uow:
        names = uow.session.scalars(select(Organisation.name)).all()
    assert "虚构另一公司" not in names


def test_the_kind_of_the_organisation_is_judged_before_the_address(
    client: Client, people: dict[str, User], platform: Matchmaker
) -> None:
    with platform.unit_of_work() as uow:
        builders.organisation(uow, "institution", name="虚构研究院")
    for email in (people["company"].email, "nobody@example.org"):
        page = _register(client, 422, email=email, organisation="虚构研究院")
        assert len(page.errors()) == 1


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "You are registered"), ("zh_Hans", "注册成功")]
)
def test_the_welcome_comes_in_the_language_of_the_page_and_repeats_nothing_typed(
    browser: Browser, mails: Mails, language: str, subject: str
) -> None:
    _register(browser(language=language), name="Buy at http://spam.example")
    (mail,) = mails()
    assert mail.subject == subject
    assert "spam" not in mail.body
    assert GIVEN["organisation"] not in mail.body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", ""),
        ("name", "\u200b "),
        ("name", "a\x07b"),
        ("organisation", "   "),
        ("organisation", "x" * 201),
        ("password", "short"),
        ("region", "atlantis"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_what_was_typed_stays(
    platform: Matchmaker, client: Client, field: str, value: str
) -> None:
    page = _register(client, 422, **{field: value})
    assert page.errors()
    if field != "email":
        assert GIVEN["email"] in page.text
    assert GIVEN["password"] not in page.text
    with platform.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(User)) == 0


def test_typed_markup_is_shown_as_text(client: Client) -> None:
    page = _register(client, 422, name='"><script>alert(1)</script>', password="short")
    assert "<script>alert" not in page.text


def test_the_page_offers_the_names_of_verified_organisations(
    platform: Matchmaker, client: Client
) -> None:
    with platform.unit_of_work() as uow:
        builders.organisation(uow, name="虚构已核验公司")
        builders.organisation(uow, name="虚构待核验公司", state="pending")
    page = client.get("/register")
    assert "虚构已核验公司" in page.text
    assert "虚构待核验公司" not in page.text
    assert "What happens next" in page.words
