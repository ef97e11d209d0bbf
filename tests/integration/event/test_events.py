"""An event from the first invitation to the introductions that come of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.services import event as service
from matchmaker.services import event_party, event_plan
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import event as query
from tests import builders
from tests.client import Client
from tests.integration.event.scene import (
    Scene,
    actor,
    announce,
    come,
    invitations,
    meetings,
)

Browser = Callable[..., Client]
Events = Callable[..., list[AuditEvent]]
Mails = Callable[[], list[OutboxMail]]


def test_the_platform_proposes_who_has_something_to_talk_about_and_invites_by_mail(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, mails: Mails, events: Events
) -> None:
    found = invitations(platform)
    assert found.keys() == {one.id for one in (*scene.firms, *scene.teams)}
    sent = {mail.recipient: mail for mail in mails()}
    assert sent.keys() == {one.email for one in (*scene.firms, *scene.teams)}
    mail = sent[scene.firms[0].email]
    assert "先进制造对接会" in mail.subject
    assert "2026-03-05 09:00" in mail.body
    assert found[scene.firms[0].id].public_id in mail.body
    assert len(events("invite")) == 1
    again = organiser.get(f"/events/{begun}/candidates")
    assert "Nobody to propose" in again.words


def test_anonymous_directed_and_dismissed_do_not_count(
    platform: Matchmaker, scene: Scene, people: dict[str, User]
) -> None:
    with platform.database.unit_of_work() as uow:
        for demand, disclosure in zip(scene.demands, ("anonymous", "directed"), strict=False):
            uow.session.get_one(Demand, demand.id).disclosure = disclosure
        gone = select(Match.id).where(Match.demand_id == scene.demands[2].id)
        uow.session.execute(
            update(Match)
            .where(Match.id.in_(gone))
            .values(state="dismissed", reason="immature", decided_at=uow.now)
        )
    with platform.reading() as uow:
        assert query.candidates(uow, 0, most=10) == ()
    assert people


def test_a_party_says_when_it_has_time_and_others_cannot_answer_for_it(
    platform: Matchmaker, begun: str, scene: Scene, browser: Browser
) -> None:
    found = invitations(platform)
    firm = browser()
    firm.log_in(scene.firms[0])
    address = f"/events/invitations/{found[scene.firms[0].id].public_id}"
    assert address in firm.get("/events/").links()
    page = firm.get(address)
    assert "09:20" in page.words
    firm.submit(page, {"free": ["1", "2"]}, form=address)
    with platform.reading() as uow:
        assert uow.session.scalars(select(EventParty.state)).all().count("declined") == 1
    firm.press(address, {"free": ["1", "2"], "answer": "coming"})
    stored = invitations(platform)[scene.firms[0].id]
    assert (stored.state, stored.free) == ("coming", [1, 2])
    refused = firm.press(address, {"answer": "coming"}, status=422)
    assert "at least one slot" in refused.words
    other = browser()
    other.log_in(scene.firms[1])
    other.get(address, status=404)
    other.press(address, {"free": ["0"], "answer": "coming"}, status=404)
    team = browser()
    with platform.database.unit_of_work() as uow:
        home = uow.session.get_one(User, scene.teams[0].id).organisation_id
        colleague = builders.user(uow, platform.passwords, "researcher", organisation_id=home)
    team.log_in(colleague)
    team.get(f"/events/invitations/{found[scene.teams[0].id].public_id}", status=404)
    assert begun


def test_the_plan_keeps_calendars_and_tables_and_everybody_gets_his_own(
    platform: Matchmaker,
    begun: str,
    scene: Scene,
    organiser: Client,
    browser: Browser,
    mails: Mails,
    events: Events,
) -> None:
    come(platform, scene, {scene.firms[0].id: [2], scene.teams[1].id: [0, 3]})
    before = len(mails())
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    made = meetings(platform)
    by_person = invitations(platform)
    free = {party.id: party.free for party in by_person.values()}
    assert len(made) >= 3
    assert all(one.slot in free[one.firm_id] and one.slot in free[one.team_id] for one in made)
    (own,) = [one for one in made if one.demand_id == scene.demands[0].id]
    assert (own.slot, own.outcome_id) == (2, scene.outcomes[0].id)
    page = organiser.get(f"/events/{begun}")
    assert "no plan under these calendars is better by as much as 0.1 %" in page.words
    firm = browser()
    firm.log_in(scene.firms[0])
    address = f"/events/invitations/{by_person[scene.firms[0].id].public_id}"
    assert "Your meetings" not in firm.get(address).words
    organiser.submit(page, form="/announce")
    assert len(mails()) == before + 6
    words = firm.get(address).words
    assert "09:40 · Table" in words
    assert "热敏打印头耐磨保护膜技术" in words
    assert "海参" not in words
    assert "热敏打印头耐磨保护膜需求" in organiser.get(f"/events/{begun}").words
    grid = organiser.get(f"/events/{begun}/tables")
    assert "Table 1" in grid.words
    (event,) = events("plan")
    assert event.state_to == "planned"
    month = "/calendar/?month=2026-03"
    assert address in firm.get(month).links()
    assert f"/events/{begun}" in organiser.get(month).links()
    firm.press(address, {"free": ["0"], "answer": "coming"}, status=409)


def test_who_cannot_come_after_all_says_so_and_those_concerned_are_told(
    platform: Matchmaker,
    begun: str,
    scene: Scene,
    organiser: Client,
    browser: Browser,
    mails: Mails,
    clock: Any,
) -> None:
    found = announce(platform, begun, scene, organiser)
    own = found[scene.firms[0].id]
    address = f"/events/invitations/{own.public_id}"
    lost = [one for one in meetings(platform) if one.firm_id == own.id]
    partners = {one.id: person for person, one in found.items()}
    met = {partners[one.team_id] for one in lost}
    firm, before = browser(), len(mails())
    firm.log_in(scene.firms[0])
    firm.submit(firm.get(address), form=address)
    told = mails()[before:]
    with platform.reading() as uow:
        leads = uow.session.scalars(select(User).join(Event, Event.author_id == User.id)).one()
    asked = {one.email for one in scene.teams if one.id in met}
    assert {one.recipient for one in told} == {*asked, leads.email}
    (to_organiser,) = [one for one in told if one.recipient == leads.email]
    assert f"{len(lost)} 场洽谈取消" in to_organiser.body
    assert f"/events/{begun}" in to_organiser.body
    words = firm.get(address).words
    assert "You have said that you do not come" in words
    assert "Your meetings" not in words
    assert address not in firm.get("/calendar/?month=2026-03").links()
    firm.press(address, {"free": ["0"], "answer": "coming"}, status=409)
    page = organiser.get(f"/events/{begun}")
    assert page.words.count("falls out") == len(lost)
    with platform.reading() as uow:
        counted = {one.id: one.meetings for one in query.party_rows(uow, own.event_id)}
    assert counted[own.id] == 0
    assert sum(counted.values()) == 2 * (len(meetings(platform)) - len(lost))
    assert "does not come: 先进制造对接会" in organiser.get("/notifications/").words
    assert "Answers have changed" not in page.words
    assert organiser.get(f"/events/{begun}/tables").words.count("falls out") == len(lost)
    theirs = f"/events/invitations/{found[min(met)].public_id}"
    team = browser()
    team.log_in(next(one for one in scene.teams if one.id == min(met)))
    assert "falls out" in team.get(theirs).words
    clock.advance(days=4)
    (gone,) = [one for one in lost if partners[one.team_id] == min(met)]
    assert f"{theirs}/meetings/{gone.public_id}" not in team.get(theirs).text
    team.press(f"{theirs}/meetings/{gone.public_id}", {"interested": "yes"}, status=409)
    note = f"/events/{begun}/meetings/{gone.public_id}"
    assert note not in organiser.get(f"/events/{begun}").text
    noted = {"firm": "yes", "team": "", "version": str(gone.version)}
    organiser.press(note, noted, status=409)


def test_nobody_takes_an_answer_back_once_the_event_has_begun(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, browser: Browser, clock: Any
) -> None:
    found = announce(platform, begun, scene, organiser)
    clock.advance(days=4)
    firm = browser()
    firm.log_in(scene.firms[0])
    address = f"/events/invitations/{found[scene.firms[0].id].public_id}"
    assert "We cannot come after all" not in firm.get(address).words
    firm.press(address, {"answer": "declined"}, status=409)


def test_an_answer_after_the_plan_makes_it_stale(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client, clock: Any
) -> None:
    found = come(platform, scene)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    clock.advance(minutes=5)
    with platform.database.unit_of_work() as uow:
        party = found[scene.firms[0].id].public_id
        event_party.answer(uow, actor(scene.firms[0]), party_id=party, coming=False)
    page = organiser.get(f"/events/{begun}")
    assert "Answers have changed" in page.words
    refused = organiser.press(f"/events/{begun}/announce", status=409)
    assert "plan once more" in refused.words
    organiser.submit(page, form="/plan")
    assert {one.firm_id for one in meetings(platform)}.isdisjoint({found[scene.firms[0].id].id})
    organiser.submit(organiser.get(f"/events/{begun}"), form="/announce")


@pytest.mark.usefixtures("begun")
def test_who_has_left_an_institution_has_left_its_invitation(
    platform: Matchmaker, scene: Scene
) -> None:
    leader = scene.teams[0]
    public_id = invitations(platform)[leader.id].public_id
    with platform.reading() as uow:
        assert event_party.load(uow, actor(leader), public_id).state == "invited"
    elsewhere = Actor(
        user_id=leader.id,
        role="researcher",
        organisation_id=scene.teams[1].organisation_id,
        verified=True,
    )
    with pytest.raises(NotFound), platform.reading() as uow:
        event_party.load(uow, elsewhere, public_id)
    with platform.reading() as uow:
        assert query.count(uow, elsewhere) == 0


def test_without_both_sides_there_is_no_plan(begun: str, organiser: Client) -> None:
    refused = organiser.press(f"/events/{begun}/plan", status=409)
    assert "at least one firm and one team" in refused.words


def test_what_came_of_meetings_leads_to_introductions(
    platform: Matchmaker,
    begun: str,
    scene: Scene,
    organiser: Client,
    browser: Browser,
    clock: Any,
    events: Events,
) -> None:
    found = announce(platform, begun, scene, organiser)
    (meeting,) = [one for one in meetings(platform) if one.demand_id == scene.demands[0].id]
    sides = {"firm": scene.firms[0], "team": scene.teams[0]}
    addresses = {
        side: f"/events/invitations/{found[who.id].public_id}" for side, who in sides.items()
    }
    rated = {side: f"{address}/meetings/{meeting.public_id}" for side, address in addresses.items()}
    early = browser()
    early.log_in(scene.firms[0])
    early.press(rated["firm"], {"interested": "yes"}, status=409)
    clock.advance(days=4)
    for side, who in sides.items():
        client = browser()
        client.log_in(who)
        page = client.get(addresses[side])
        assert "We want to talk on" in page.words
        client.press(rated[side], {"interested": "yes"})
        assert "wants to talk on" in client.get(addresses[side]).words
    assert len(events("note")) == 2
    (after,) = [one for one in meetings(platform) if one.id == meeting.id]
    assert (after.firm_interested, after.team_interested) == (True, True)
    page = organiser.get(f"/events/{begun}")
    assert "Both want to talk on." in page.words
    with platform.reading() as uow:
        match = uow.session.scalars(
            select(Match).where(Match.demand_id == scene.demands[0].id, Match.score == 0.8)
        ).one()
        assert f"/match-review/{match.public_id}" in page.links()
    assert "Both want to talk on1" in page.words
    note = f"/meetings/{meeting.public_id}"
    stale = page
    moved = organiser.submit(page, {"team": "no"}, form=note).location
    assert moved.endswith(f"#meeting-{meeting.public_id}")
    assert "Both want to talk on." not in organiser.get(f"/events/{begun}").words
    organiser.submit(stale, {"firm": "no"}, form=note, status=409)
    organiser.submit(organiser.get(f"/events/{begun}"), {"team": ""}, form=note)
    (after,) = [one for one in meetings(platform) if one.id == meeting.id]
    assert (after.firm_interested, after.team_interested) == (True, None)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/close")
    assert "Held" in organiser.get("/events/").words


def test_a_cancelled_event_tells_those_who_were_invited(
    platform: Matchmaker,
    begun: str,
    scene: Scene,
    organiser: Client,
    browser: Browser,
    mails: Mails,
) -> None:
    before = len(mails())
    organiser.submit(organiser.get(f"/events/{begun}"), form="/cancel")
    assert len(mails()) == before + 6
    firm = browser()
    firm.log_in(scene.firms[0])
    party_id = invitations(platform)[scene.firms[0].id].public_id
    assert "has cancelled this event" in firm.get(f"/events/invitations/{party_id}").words
    assert "your answer: Invited" in firm.get("/events/").words
    with pytest.raises(WrongState), platform.database.unit_of_work() as uow:
        event_party.answer(
            uow,
            actor(scene.firms[0]),
            party_id=invitations(platform)[scene.firms[0].id].public_id,
            coming=True,
            free=[0],
        )


def test_only_the_organiser_and_the_bureau_lead_an_event(
    platform: Matchmaker, begun: str, scene: Scene, people: dict[str, User], browser: Browser
) -> None:
    with platform.database.unit_of_work() as uow:
        other = builders.user(uow, platform.passwords, "broker")
    stranger = browser()
    stranger.log_in(other)
    stranger.get(f"/events/{begun}", status=404)
    assert begun not in stranger.get("/events/").text
    for role in ("company", "researcher"):
        with pytest.raises(NotFound), platform.reading() as uow:
            service.load(uow, actor(people[role]), begun)
        with pytest.raises(NotAllowed), platform.database.unit_of_work() as uow:
            service.create(uow, actor(people[role]), _fields(platform))
    bureau = browser()
    bureau.log_in(people["bureau"])
    assert bureau.get(f"/events/{begun}").heading == "先进制造对接会"
    assert scene.firms


def _fields(platform: Matchmaker) -> Any:
    from datetime import timedelta

    from matchmaker.domain.event import EventFields

    return EventFields(
        title="x", place="y", about="", starts_at=platform.clock() + timedelta(days=1),
        slot_minutes=20, slots=4, tables=2, most=3,
    )  # fmt: skip


def test_a_wrong_form_keeps_what_was_typed_and_a_lost_race_is_a_conflict(
    begun: str, organiser: Client
) -> None:
    page = organiser.post_form(
        f"/events/{begun}/edit", {"slots": "99", "place": "新地点"}, status=422
    )
    assert "新地点" in page.text
    assert page.errors()
    far = {"starts_at": "9999-12-31T23:59", "title": ""}
    page = organiser.post_form(f"/events/{begun}/edit", far, status=422)
    assert len(page.errors()) == 2
    unread = {"starts_at": "gestern", "slots": "viele", "title": "x" * 101, "most": "0"}
    page = organiser.post_form(f"/events/{begun}/edit", unread, status=422)
    assert len(page.errors()) == 4
    edit = organiser.get(f"/events/{begun}/edit")
    organiser.submit(edit, {"place": "甲"})
    mine = "乙，写了很久的一段话，不该因为别人先保存就要重新写一遍。"
    lost = organiser.submit(edit, {"place": mine}, status=409)
    assert mine in lost.words
    assert "甲" in organiser.get(f"/events/{begun}").words


def test_nobody_writes_to_strangers_and_nobody_twice(
    platform: Matchmaker, begun: str, organiser: Client, people: dict[str, User]
) -> None:
    stranger = people["company"].public_id
    organiser.press(f"/events/{begun}/invite", {"chosen": [stranger]}, status=422)
    chosen = [one.contact_id for one in invitations(platform).values()]
    assert len(chosen) == len(set(chosen)) == 6


def test_the_database_refuses_clashes(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client
) -> None:
    come(platform, scene)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    first = meetings(platform)[0]
    other = next(
        one for one in meetings(platform) if one.slot != first.slot and one.team_id != first.team_id
    )
    clash = {"slot": first.slot, "firm_id": first.firm_id, "table_number": 99}
    with platform.database.unit_of_work() as uow, pytest.raises(IntegrityError):
        uow.session.execute(update(EventMeeting).where(EventMeeting.id == other.id).values(clash))


def test_a_demand_that_became_anonymous_is_not_told_beside_its_company(
    platform: Matchmaker, begun: str, scene: Scene, organiser: Client
) -> None:
    come(platform, scene)
    organiser.submit(organiser.get(f"/events/{begun}"), form="/plan")
    with platform.database.unit_of_work() as uow:
        uow.session.get_one(Demand, scene.demands[0].id).disclosure = "anonymous"
    page = organiser.get(f"/events/{begun}")
    assert scene.demands[0].title not in page.text
    assert scene.demands[1].title in page.text


def test_the_values_are_what_the_engine_states_and_weak_pairs_do_not_meet(
    platform: Matchmaker, begun: str, scene: Scene
) -> None:
    come(platform, scene)
    with platform.reading() as uow:
        event = uow.session.scalars(select(Event).where(Event.public_id == begun)).one()
        coming = service.parties(uow, event, "coming")
        firms = [one for one in coming if one.side == "firm"]
        teams = [one for one in coming if one.side == "team"]
        values = event_plan.values_between(uow, platform.engine, firms, teams)
    own = {firm.id: number for number, firm in enumerate(scene.firms)}
    for row, firm in enumerate(firms):
        best = values.worth[row].argmax()
        assert values.outcome[row, best] == scene.outcomes[own[firm.contact_id]].id
        assert values.worth[row, best] >= 450
    assert ((values.worth == 0) | (values.worth >= 150)).all()
