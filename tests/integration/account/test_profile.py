"""What people say of themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
Events = Callable[[str], list[AuditEvent]]
People = dict[str, User]


def test_name_telephone_and_language_are_edited(
    client: Client, people: People, events: Events
) -> None:
    client.log_in(people["company"])
    fields = {
        "profile-name": "  某 甲 ",
        "profile-phone": "+86 631 0000000",
        "profile-locale": "zh_Hans",
    }
    client.post_form("/account", fields)
    page = client.get("/account")
    assert page.heading == "我的账号"
    assert 'value="某 甲"' in page.text
    (event,) = events("edit")
    assert event.changes["phone"] == ["…", "…"]
    assert "0000000" not in str(event.changes)


def test_what_was_saved_in_another_browser_is_not_overwritten(
    browser: Browser, people: People
) -> None:
    here, elsewhere = browser(), browser()
    here.log_in(people["company"])
    opened = here.get("/account")
    elsewhere.log_in(people["company"])
    elsewhere.post_form("/account", {"profile-phone": "+86 631 1111111"})

    refused = here.submit(opened, {"profile-name": "某甲"}, status=409)
    assert "You have changed this elsewhere" in refused.words
    assert "Telephone+86 631 1111111—" in refused.words
    assert "Language of mail" not in refused.words.split("Save again")[0]
    assert "+86 631 1111111" in elsewhere.get("/account").text
    here.submit(refused, {"profile-phone": "+86 631 2222222"})
    kept = elsewhere.get("/account").text
    assert "某甲" in kept
    assert "+86 631 2222222" in kept


def test_logging_in_elsewhere_changes_nothing_of_a_profile(
    browser: Browser, people: People
) -> None:
    here, elsewhere = browser(), browser()
    here.log_in(people["company"])
    opened = here.get("/account")
    elsewhere.log_in(people["company"])
    here.submit(opened, {"profile-name": "某甲"})


def test_a_name_of_spaces_or_with_control_characters_is_refused(
    client: Client, people: People
) -> None:
    client.log_in(people["company"])
    blank = client.post_form("/account", {"profile-name": " \u3000 "}, status=422)
    assert blank.errors() == ["This is missing."]
    unclean = client.post_form("/account", {"profile-name": "a\x07b"}, status=422)
    assert len(unclean.errors()) == 1


@pytest.mark.parametrize("phone", ["碳纤维复合材料", "2026-03-02", "123456", "1" * 21, "problem"])
def test_what_is_no_telephone_number_is_refused(client: Client, people: People, phone: str) -> None:
    client.log_in(people["company"])
    page = client.post_form("/account", {"profile-phone": phone}, status=422)
    assert page.errors() == [
        "A telephone number has at least seven digits; blanks and + - ( ) may stand between."
    ]


def test_a_telephone_number_may_be_typed_in_wide_characters_and_taken_away(
    client: Client, people: People
) -> None:
    client.log_in(people["company"])
    client.post_form("/account", {"profile-phone": "（０６３１） 5200-000"})
    assert 'value="(0631) 5200-000"' in client.get("/account").text
    client.post_form("/account", {"profile-phone": ""})
    assert "5200-000" not in client.get("/account").text


def test_contact_data_stands_on_no_public_page(
    platform: Matchmaker, client: Client, people: People
) -> None:
    with platform.unit_of_work() as uow:
        person = uow.session.get_one(User, people["company"].id)
        person.phone = "13900001111"
        assert person.organisation
        demand = builders.demand(uow, person).public_id
        place = person.organisation.public_id
    for address in ("/", "/demands", f"/demands/{demand}", f"/organisations/{place}"):
        text = client.get(address).text
        assert "13900001111" not in text
        assert people["company"].email not in text


def test_an_unconfirmed_person_reads_that_they_wait(platform: Matchmaker, client: Client) -> None:
    with platform.unit_of_work() as uow:
        person = builders.user(uow, platform.passwords, "company", approved=False)
    client.log_in(person)
    assert "membership not confirmed yet" in client.get("/account").words
