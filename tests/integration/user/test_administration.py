"""The administrator's list: roles, managers, barring."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.vocabulary import ROLES
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
Events = Callable[[str], list[AuditEvent]]
People = dict[str, User]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_only_administrators_reach_people(client: Client, people: People, role: str) -> None:
    client.log_in(people[role])
    address = f"/users/{people['company'].public_id}"
    client.get("/users/", 403)
    client.get(address, 403)
    for action in ("", "/deactivate", "/activate"):
        client.press(address + action, {"role": "administrator"}, 403)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_people_are_found_by_name_address_organisation_and_role(
    browser: Browser, people: People, language: str
) -> None:
    client = browser(language=language)
    client.log_in(people["administrator"])
    assert people["company"].email in client.get("/users/").words
    for wanted in (people["company"].name, people["company"].email):
        words = client.get(f"/users/?text={wanted}").words
        assert people["company"].email in words
        assert people["broker"].email not in words
    words = client.get("/users/?role=broker").words
    assert people["broker"].email in words
    assert people["company"].email not in words
    client.get("/users/?text=nobody-is-called-so")


def test_a_barred_person_is_logged_out_at_once_and_can_be_let_in_again(
    browser: Browser, people: People, events: Events
) -> None:
    administrator, person = browser(), browser()
    person.log_in(people["researcher"])
    administrator.log_in(people["administrator"])
    address = f"/users/{people['researcher'].public_id}"
    administrator.post_form(address, form="/deactivate")
    person.get("/account", 303)
    person.log_in(people["researcher"], status=422)
    administrator.post_form(address, form="/activate")
    person.get("/account", 303)
    person.log_in(people["researcher"])
    assert len(events("deactivate")) == len(events("activate")) == 1


def test_a_role_is_changed_within_the_kind_of_the_organisation(
    platform: Matchmaker, browser: Browser, people: People, events: Events
) -> None:
    administrator, person = browser(), browser()
    person.log_in(people["company"])
    administrator.log_in(people["administrator"])
    address = f"/users/{people['company'].public_id}"
    page = administrator.get(address)
    assert 'value="broker"' not in page.text
    administrator.submit(page, {"role": "broker"}, status=422)
    administrator.submit(page, {"manager": "y"})
    person.get("/account", 303)
    with platform.reading() as uow:
        assert uow.session.get_one(User, people["company"].id).is_manager
    (event,) = events("set_role")
    assert event.changes == {"is_manager": [False, True]}


def test_of_two_administrators_the_second_sees_a_conflict(
    platform: Matchmaker, browser: Browser, people: People
) -> None:
    with platform.unit_of_work() as uow:
        other = builders.user(uow, platform.passwords, "administrator")
    first, second = browser(), browser()
    first.log_in(people["administrator"])
    second.log_in(other)
    address = f"/users/{people['company'].public_id}"
    opened = second.get(address)
    first.post_form(address, {"manager": "y"})
    second.submit(opened, {"role": "administrator"}, status=409)


def test_administrators_leave_their_own_account_alone(client: Client, people: People) -> None:
    own = people["administrator"]
    client.log_in(own)
    assert not client.get(f"/users/{own.public_id}").forms()
    client.press(f"/users/{own.public_id}/deactivate")
    client.press(f"/users/{own.public_id}", {"role": "administrator", "version": "1"}, 422)
    client.get("/account")


def test_an_unknown_person_is_not_found(client: Client, people: People) -> None:
    client.log_in(people["administrator"])
    client.get("/users/nobody", 404)
    client.press("/users/nobody/deactivate", status=404)
