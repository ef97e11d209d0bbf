"""An event that is changed after its plan was made, and people who have left who was invited."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.event import Event
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.client import Client
from tests.integration.event.scene import (
    Scene,
    announce,
    answer,
    come,
    invitations,
    meetings,
)

Browser = Callable[..., Client]
Events = Callable[..., list[AuditEvent]]
Mails = Callable[[], list[OutboxMail]]


def edit(organiser: Client, event_id: str, **changed: str) -> None:
    organiser.submit(organiser.get(f"/events/{event_id}/edit"), changed)


def stored(platform: Matchmaker) -> Event:
    with platform.reading() as uow:
        found = uow.session.scalars(select(Event)).one()
        uow.session.expunge_all()
        return found


def change(platform: Matchmaker, person: User, **fields: object) -> None:
    """Let something happen to a person's account."""
    with platform.database.unit_of_work() as uow:
        for name, value in fields.items():
            setattr(uow.session.get_one(User, person.id), name, value)


@pytest.mark.parametrize(
    "changed",
    [
        {"slots": "2", "most": "2"},
        {"tables": "1"},
        {"most": "1"},
        {"slot_minutes": "15"},
        {"starts_at": "2026-03-06T09:00"},
    ],
)
def test_a_plan_falls_with_what_it_rests_on(
    platform: Matchmaker,
    begun: str,
    scene: Scene,
    organiser: Client,
    events: Events,
    changed: dict[str, str],
) -> None:
    come(platform, scene)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    assert meetings(platform)
    edit(organiser, begun, **changed)
    page = organiser.get(f"/events/{begun}")
    assert "plan once more" in page.words
    assert f"/events/{begun}/announce" not in page.text
    assert meetings(platform) == []
    event = stored(platform)
    assert (event.state, event.planned_at, event.plan_value) == ("inviting", None, None)
    assert [(one.state_from, one.state_to) for one in events("reopen")] == [("planned", "inviting")]
    refused = organiser.press(f"/events/{begun}/announce", status=409)
    assert "There is no plan yet." in refused.words
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    assert all(one.slot < stored(platform).slots for one in meetings(platform))
    organiser.submit(organiser.get(f"/events/{begun}"), form="/announce")


def test_a_plan_stands_when_only_words_change(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, mails: Mails
) -> None:
    come(platform, scene)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    made, before = len(meetings(platform)), len(mails())
    edit(organiser, begun, title="先进制造与新材料对接会")
    assert len(meetings(platform)) == made
    assert stored(platform).state == "planned"
    assert len(mails()) == before


def test_a_plan_that_new_invitations_made_stale_falls_too(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, people: dict[str, User]
) -> None:
    come(platform, scene)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    with platform.database.unit_of_work() as uow:
        uow.session.scalars(select(Event)).one().state = "inviting"
    edit(organiser, begun, slots="1", most="1")
    organiser.get(f"/events/{begun}")
    assert meetings(platform) == []
    assert people


def test_another_begin_or_place_is_told_to_who_has_not_declined(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, mails: Mails
) -> None:
    out, coming, *_silent = scene.firms
    answer(platform, out, coming=False)
    answer(platform, coming, free=[2, 3])
    before = len(mails())
    edit(organiser, begun, starts_at="2026-03-05T09:30", place="会展中心三楼")
    told = {one.recipient: one for one in mails()[before:]}
    asked = [one for one in (*scene.firms, *scene.teams) if one.id != out.id]
    assert told.keys() == {one.email for one in asked}
    body = told[coming.email].body
    assert "2026-03-05 09:30" in body
    assert "会展中心三楼" in body
    assert "只保留了仍在您原先所选时间之内的时段" in body
    # What was said to be free is 9:40 to 10:20: the slot from 9:50 is in it, that from 10:10 not.
    found = invitations(platform)
    assert found[coming.id].free == [1]
    assert found[scene.teams[0].id].free == [0, 1, 2, 3]


def test_who_comes_is_told_of_slots_that_are_gone(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, mails: Mails
) -> None:
    early, late, *_ = scene.firms
    answer(platform, early, free=[0])
    answer(platform, late, free=[3])
    before = len(mails())
    edit(organiser, begun, slots="2", most="2")
    assert [one.recipient for one in mails()[before:]] == [late.email]
    found = invitations(platform)
    assert [found[one.id].free for one in (early, late)] == [[0], []]
    assert found[scene.teams[0].id].free == [0, 1]


def test_of_a_firm_its_contact_and_who_answered_are_told(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, mails: Mails
) -> None:
    contact = scene.firms[0]
    with platform.database.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, contact.organisation_id)
        colleague, _other = (builders.user(uow, platform.passwords, at=home) for _ in range(2))
    answer(platform, colleague, invited=contact)
    before = len(mails())
    edit(organiser, begun, place="会展中心三楼")
    told = {one.recipient for one in mails()[before:]}
    assert told == {colleague.email, *(one.email for one in (*scene.firms, *scene.teams))}
    change(platform, contact, active=False)
    before = len(mails())
    organiser.submit(organiser.get(f"/events/{begun}"), form="/cancel")
    told = {one.recipient for one in mails()[before:]}
    rest = [*scene.firms[1:], *scene.teams]
    assert told == {colleague.email, *(one.email for one in rest)}


@pytest.mark.parametrize("left", [{"active": False}, {"approved": False}])
def test_when_who_spoke_for_a_firm_has_left_its_people_are_told(
    platform: Matchmaker,
    begun: str,
    scene: Scene,
    organiser: Client,
    mails: Mails,
    left: dict[str, object],
) -> None:
    contact = scene.firms[0]
    with platform.database.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, contact.organisation_id)
        colleague = builders.user(uow, platform.passwords, at=home)
    come(platform, scene)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    change(platform, contact, **left)
    before = len(mails())
    organiser.submit(organiser.get(f"/events/{begun}"), form="/announce")
    told = {one.recipient: one for one in mails()[before:]}
    assert told.keys() == {
        colleague.email,
        *(one.email for one in (*scene.firms[1:], *scene.teams)),
    }
    assert invitations(platform)[contact.id].public_id in told[colleague.email].body


def test_the_organiser_is_told_of_a_team_whose_leader_has_left(
    platform: Matchmaker,
    begun: str,
    scene: Scene,
    organiser: Client,
    people: dict[str, User],
    mails: Mails,
) -> None:
    leader = scene.teams[0]
    announce(platform, begun, scene, organiser)
    change(platform, leader, approved=False)
    before = len(mails())
    organiser.submit(organiser.get(f"/events/{begun}"), form="/cancel")
    told = {one.recipient: one for one in mails()[before:]}
    assert leader.email not in told
    with platform.reading() as uow:
        home = uow.session.get_one(Organisation, leader.organisation_id).name
    mail = told[people["broker"].email]
    assert f"未能通知{home}" in mail.subject
    assert f"/events/{begun}" in mail.body
    assert f"{home} could not be told" in organiser.get("/notifications/").words
