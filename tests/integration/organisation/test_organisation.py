"""Verifying and editing organisations, and their public pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
Events = Callable[[str], list[AuditEvent]]
People = dict[str, User]


@pytest.fixture
def applicant(platform: Matchmaker) -> User:
    """The manager of a company that waits to be verified."""
    with platform.unit_of_work() as uow:
        place = builders.organisation(uow, name="虚构待核验公司", state="pending")
        return builders.user(
            uow, platform.passwords, "company", place, is_manager=True, locale="en"
        )


def _place(platform: Matchmaker, user: User) -> Organisation:
    with platform.reading() as uow:
        found = uow.session.get_one(Organisation, user.organisation_id)
        uow.session.expunge_all()
        return found


@pytest.mark.parametrize("role", ["company", "researcher", "broker", "administrator"])
def test_only_the_bureau_lists_and_decides(
    platform: Matchmaker, client: Client, people: People, applicant: User, role: str
) -> None:
    address = f"/organisations/{_place(platform, applicant).public_id}"
    client.log_in(people[role])
    client.get("/organisations/", 403)
    client.press(f"{address}/verify", status=403)
    client.press(f"{address}/reject", {"note": "no"}, 403)
    assert _place(platform, applicant).state == "pending"


def test_a_visitor_is_led_to_the_log_in(client: Client) -> None:
    assert client.get("/organisations/", 303).location.startswith("/log-in")


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_bureau_verifies_and_the_manager_is_told(
    platform: Matchmaker,
    browser: Browser,
    people: People,
    applicant: User,
    mails: Mails,
    events: Events,
    language: str,
) -> None:
    client = browser(language=language)
    client.log_in(people["bureau"])
    page = client.get("/organisations/?state=pending")
    assert "虚构待核验公司" in page.words
    place = _place(platform, applicant)
    client.post_form(f"/organisations/{place.public_id}", form="/verify")
    assert _place(platform, applicant).state == "verified"
    (mail,) = mails()
    assert (mail.recipient, mail.subject) == (
        applicant.email,
        "Organisation verified: 虚构待核验公司",
    )
    (event,) = events("verify")
    assert (event.state_from, event.state_to) == ("pending", "verified")
    assert event.actor_id == people["bureau"].id


def test_a_rejection_needs_a_reason_and_the_manager_reads_it(
    platform: Matchmaker, browser: Browser, people: People, applicant: User, mails: Mails
) -> None:
    officer, manager = browser(), browser()
    officer.log_in(people["bureau"])
    address = f"/organisations/{_place(platform, applicant).public_id}"
    page = officer.post_form(address, {"note": " "}, form="/reject", status=422)
    assert page.errors() == ["Say why, so that the organisation can correct it."]
    officer.post_form(address, {"note": "The name is not registered."}, form="/reject")
    assert "The name is not registered." in mails()[-1].body
    manager.log_in(applicant)
    assert "The name is not registered." in manager.get(address).words


def test_a_rejected_organisation_that_corrects_itself_waits_again(
    platform: Matchmaker, browser: Browser, people: People, applicant: User, events: Events
) -> None:
    officer, manager = browser(), browser()
    officer.log_in(people["bureau"])
    address = f"/organisations/{_place(platform, applicant).public_id}"
    officer.post_form(address, {"note": "The name is misspelt."}, form="/reject")
    manager.log_in(applicant)
    manager.post_form(f"{address}/edit", {"name": "虚构更名公司"})
    place = _place(platform, applicant)
    assert (place.state, place.name, place.decided_at) == ("pending", "虚构更名公司", None)
    assert [event.state_to for event in events("resubmit")] == ["pending"]


def test_a_verified_organisation_keeps_its_name_but_the_bureau_may_correct_it(
    platform: Matchmaker, browser: Browser, people: People
) -> None:
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["company"].id).is_manager = True
    place = _place(platform, people["company"])
    manager, officer = browser(), browser()
    manager.log_in(people["company"])
    address = f"/organisations/{place.public_id}/edit"
    manager.post_form(address, {"name": "虚构冒名公司", "summary": "造船。"})
    after = _place(platform, people["company"])
    assert (after.name, after.summary) == (place.name, "造船。")
    officer.log_in(people["bureau"])
    officer.post_form(address, {"name": "虚构正名公司"})
    assert _place(platform, people["company"]).name == "虚构正名公司"


def test_a_name_that_is_taken_is_refused(
    platform: Matchmaker, client: Client, people: People, applicant: User
) -> None:
    taken = _place(platform, people["company"]).name
    client.log_in(applicant)
    address = f"/organisations/{_place(platform, applicant).public_id}/edit"
    page = client.post_form(address, {"name": taken, "summary": "kept"}, status=422)
    assert page.errors() == ["Another organisation is registered under this name."]
    assert "kept" in page.text


def test_of_two_editors_the_second_sees_a_conflict_and_nothing_is_lost(
    platform: Matchmaker, browser: Browser, people: People, applicant: User
) -> None:
    first, second = browser(), browser()
    first.log_in(applicant)
    second.log_in(people["bureau"])
    address = f"/organisations/{_place(platform, applicant).public_id}/edit"
    opened = second.get(address)
    first.post_form(address, {"summary": "what the first wrote"})
    page = second.submit(opened, {"summary": "what the second wrote"}, status=409)
    assert page.heading == "This has changed in the meantime"
    assert _place(platform, applicant).summary == "what the first wrote"


@pytest.mark.parametrize("role", ["company", "researcher", "broker", "administrator"])
def test_strangers_and_plain_members_cannot_edit(
    platform: Matchmaker, client: Client, people: People, role: str
) -> None:
    client.log_in(people[role])
    own = _place(platform, people["company"]).public_id
    client.get(f"/organisations/{own}/edit", 403)
    client.get(f"/organisations/{own}/members", 403)


def test_an_edit_is_audited_with_what_changed(
    platform: Matchmaker, client: Client, applicant: User, events: Events
) -> None:
    client.log_in(applicant)
    address = f"/organisations/{_place(platform, applicant).public_id}/edit"
    client.post_form(address, {"summary": "造船。"})
    client.post_form(address, {})
    (event,) = events("edit")
    assert event.changes == {"summary": ["", "造船。"]}


def test_a_pending_organisation_has_no_public_page(
    platform: Matchmaker, browser: Browser, applicant: User
) -> None:
    address = f"/organisations/{_place(platform, applicant).public_id}"
    browser().get(address, 404)
    manager = browser()
    manager.log_in(applicant)
    manager.get(address)


def test_an_anonymous_demand_neither_appears_nor_counts_on_its_companys_page(
    platform: Matchmaker, browser: Browser, people: People
) -> None:
    with platform.unit_of_work() as uow:
        person = uow.session.get_one(User, people["company"].id)
        shown = builders.demand(uow, person).title
        hidden = builders.demand(uow, person, disclosure="anonymous").title
        directed = builders.demand(uow, person, disclosure="directed").title
        draft = builders.demand(uow, person, state="draft").title
    address = f"/organisations/{_place(platform, people['company']).public_id}"
    outsider = browser()
    outsider.log_in(people["researcher"])
    for client in (browser(), outsider):
        words = client.get(address).words
        assert shown in words
        assert "Published demands 1" in words
        assert not [title for title in (hidden, directed, draft) if title in words]
    own = browser()
    own.log_in(people["company"])
    assert "Published demands 3" in own.get(address).words


def test_names_are_found_by_a_part_and_percent_signs_are_plain(
    client: Client, people: People, applicant: User
) -> None:
    client.log_in(people["bureau"])
    assert "虚构待核验公司" in client.get("/organisations/?text=待核验").words
    assert "No organisation found" in client.get("/organisations/?text=%25").words
    client.get("/organisations/?state=nonsense&page=abc&text=%00")
    assert applicant
