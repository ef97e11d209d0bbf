"""Who belongs to an organisation, and who says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import organisation as query
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
Events = Callable[[str], list[AuditEvent]]


@dataclass
class House:
    """A company with its manager, a member, and somebody who asks to join."""

    address: str
    manager: User
    member: User
    joiner: User
    officer: User


@pytest.fixture
def house(platform: Matchmaker) -> House:
    with platform.unit_of_work() as uow:
        place = builders.organisation(uow, name="虚构船厂")
        made = [
            builders.user(uow, platform.passwords, "company", place, **fields)
            for fields in ({"is_manager": True}, {}, {"approved": False})
        ]
        officer = builders.user(uow, platform.passwords, "bureau")
        return House(f"/organisations/{place.public_id}/members", *made, officer)


def _stored(platform: Matchmaker, user: User) -> User:
    with platform.reading() as uow:
        found = uow.session.get_one(User, user.id)
        uow.session.expunge_all()
        return found


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_the_manager_or_the_bureau_confirms_a_person_who_is_told(
    platform: Matchmaker, browser: Browser, house: House, mails: Mails, who: str
) -> None:
    client, joiner = browser(), browser()
    joiner.log_in(house.joiner)
    joiner.get("/demands/mine")
    client.log_in(getattr(house, who))
    client.post_form(house.address, form=f"{house.joiner.public_id}/approve")
    assert _stored(platform, house.joiner).approved
    (mail,) = mails()
    assert mail.recipient == house.joiner.email
    assert "虚构船厂" in mail.body
    joiner.post_form("/demands/new", {"title": "一项技术需求"})


def test_confirming_twice_tells_once(
    client: Client, house: House, mails: Mails, events: Events
) -> None:
    client.log_in(house.manager)
    for _time in range(2):
        client.press(f"{house.address}/{house.joiner.public_id}/approve")
    assert len(mails()) == len(events("approve_member")) == 1


def test_a_removed_person_acts_for_the_organisation_no_more_from_the_next_click(
    platform: Matchmaker, browser: Browser, house: House, events: Events
) -> None:
    with platform.unit_of_work() as uow:
        draft = builders.demand(
            uow, uow.session.get_one(User, house.manager.id), state="draft"
        ).public_id
    manager, member = browser(), browser()
    member.log_in(house.member)
    member.get(f"/demands/{draft}")
    manager.log_in(house.manager)
    manager.post_form(house.address, form=f"{house.member.public_id}/remove")
    member.get(f"/demands/{draft}", 404)
    (event,) = events("remove_member")
    assert (event.actor_id, event.record_id) == (house.manager.id, house.member.id)


def test_a_request_is_refused_and_nobody_waits_any_more(
    platform: Matchmaker, browser: Browser, house: House, mails: Mails
) -> None:
    manager, joiner, officer = browser(), browser(), browser()
    manager.log_in(house.manager)
    joiner.log_in(house.joiner)
    officer.log_in(house.officer)
    waits, todo = "waits for confirmation", "/members"
    assert any(one.endswith(todo) for one in manager.get("/").links())
    page = manager.get(house.address)
    assert waits in page.words
    assert "Refuse" in page.words
    manager.submit(page, {}, form=f"{house.joiner.public_id}/remove")
    page = manager.get(house.address)
    assert waits not in page.words
    assert "not a member" in page.words
    assert "Refuse" not in page.words
    assert not any(one.endswith(todo) for one in manager.get("/").links())
    assert mails()[-1].recipient == house.joiner.email
    assert "虚构船厂" in mails()[-1].body
    assert "not a member" in joiner.get("/account").words
    assert _row(platform).waiting == 0
    # A refusal by mistake is mended by confirming.
    manager.post_form(house.address, form=f"{house.joiner.public_id}/approve")
    assert _stored(platform, house.joiner).approved


def test_people_who_were_removed_barred_or_erased_do_not_wait(
    platform: Matchmaker, client: Client, house: House
) -> None:
    client.log_in(house.manager)
    client.post_form(house.address, form=f"{house.member.public_id}/remove")
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, house.joiner.id).active = False
    row = _row(platform)
    assert (row.people, row.waiting) == (3, 0)
    assert "waits for confirmation" not in client.get(house.address).words
    with platform.unit_of_work() as uow:
        gone = uow.session.get_one(User, house.joiner.id)
        gone.active, gone.erased_at = True, uow.now
    row = _row(platform)
    assert (row.people, row.waiting) == (2, 0)


def _row(platform: Matchmaker) -> query.OrganisationRow:
    with platform.reading() as uow:
        rows, _total = query.organisations(uow, state=None, text="虚构船厂", limit=1, offset=0)
    return rows[0]


def test_a_manager_is_made_and_can_then_confirm_others(
    platform: Matchmaker, browser: Browser, house: House, mails: Mails
) -> None:
    manager, member = browser(), browser()
    manager.log_in(house.manager)
    member.log_in(house.member)
    member.get(house.address, 403)
    manager.post_form(house.address, form=f"{house.member.public_id}/make-manager")
    assert mails()[-1].recipient == house.member.email
    member.post_form(house.address, form=f"{house.joiner.public_id}/approve")
    assert _stored(platform, house.joiner).approved


def test_nobody_becomes_manager_unconfirmed(
    platform: Matchmaker, client: Client, house: House
) -> None:
    client.log_in(house.manager)
    client.press(f"{house.address}/{house.joiner.public_id}/make-manager")
    assert not _stored(platform, house.joiner).is_manager


def test_managers_cannot_remove_themselves(
    platform: Matchmaker, client: Client, house: House
) -> None:
    client.log_in(house.manager)
    client.press(f"{house.address}/{house.manager.public_id}/remove")
    assert _stored(platform, house.manager).approved
    assert "You cannot remove yourself" in client.get(house.address).words


@pytest.mark.parametrize("action", ["approve", "remove", "make-manager"])
def test_plain_members_joiners_and_strangers_change_nobody(
    platform: Matchmaker, browser: Browser, house: House, action: str
) -> None:
    with platform.unit_of_work() as uow:
        stranger = builders.user(uow, platform.passwords, "company", is_manager=True)
    for person in (house.member, house.joiner, stranger):
        client = browser()
        client.log_in(person)
        client.press(f"{house.address}/{house.joiner.public_id}/{action}", status=403)
    joiner = _stored(platform, house.joiner)
    assert not joiner.approved
    assert not joiner.is_manager


def test_a_manager_reaches_no_person_of_another_organisation(
    platform: Matchmaker, client: Client, house: House
) -> None:
    with platform.unit_of_work() as uow:
        stranger = builders.user(uow, platform.passwords, "company", approved=False)
    client.log_in(house.manager)
    client.press(f"{house.address}/{stranger.public_id}/approve", status=404)
    assert not _stored(platform, stranger).approved
