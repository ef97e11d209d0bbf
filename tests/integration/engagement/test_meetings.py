"""Meetings: planning, moving, minutes, cancelling, reminders, calendar files and the feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.services import engagement, follow_up, introduction, meeting
from matchmaker.store.engagement import CalendarToken
from matchmaker.store.engagement import Meeting as MeetingTable
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from tests.client import Client
from tests.conftest import Clock
from tests.integration.engagement.pair import OUTSIDERS, Pair

Mails = Callable[[], list[OutboxMail]]
Browse = Callable[..., Client]


def plan(pair: Pair, public_id: str, who: str = "broker", **fields: Any) -> str:
    with pair.platform.unit_of_work() as uow:
        values: dict[str, Any] = {
            "starts_at": uow.now + timedelta(days=2),
            "minutes_long": 90,
            "place": "东屿理工大学 3 号楼",
        }
        made = meeting.plan(
            uow, pair.actor(who), engagement_id=public_id, plan=meeting.Plan(**(values | fields))
        )
        return made.public_id


def stored(pair: Pair, public_id: str) -> MeetingTable:
    with pair.platform.reading() as uow:
        return uow.session.scalars(
            select(MeetingTable).where(MeetingTable.public_id == public_id)
        ).one()


def test_a_party_plans_and_the_others_are_told(pair: Pair, mails: Mails) -> None:
    public_id = pair.engage()
    before = len(mails())
    plan(pair, public_id, "company")
    told = mails()[before:]
    assert {mail.recipient for mail in told} == {
        pair.users["researcher"].email,
        pair.users["broker"].email,
    }
    assert "2026-03-04 09:00" in told[0].subject  # Beijing time
    assert "3 号楼" not in told[0].body


@pytest.mark.parametrize(
    "fields",
    [
        {"place": " "},
        {"place": "长" * 201},
        {"minutes_long": 0},
        {"minutes_long": 1441},
        {"agenda": "a\0b"},
        {"participants": "长" * 501},
    ],
)
def test_a_meeting_needs_a_place_and_a_length(pair: Pair, fields: dict[str, Any]) -> None:
    public_id = pair.engage()
    with pytest.raises(Invalid):
        plan(pair, public_id, **fields)


def test_minutes_are_written_once_and_after_it_began(pair: Pair, clock: Clock) -> None:
    made = plan(pair, pair.engage())

    def hold(minutes: str = "试样方案已定。") -> None:
        with pair.platform.unit_of_work() as uow:
            meeting.hold(uow, pair.actor("researcher"), meeting_id=made, minutes=minutes)

    with pytest.raises(WrongState, match="begun"):
        hold()
    clock.advance(days=3)
    with pytest.raises(Invalid):
        hold(" ")
    hold()
    assert (stored(pair, made).state, stored(pair, made).minutes) == ("held", "试样方案已定。")
    for act in (hold, lambda: cancel(pair, made)):
        with pytest.raises(WrongState):
            act()


def cancel(pair: Pair, made: str, who: str = "company", note: str = "") -> None:
    with pair.platform.unit_of_work() as uow:
        meeting.cancel(uow, pair.actor(who), meeting_id=made, note=note)


def test_a_meeting_is_moved_or_cancelled_by_any_party(pair: Pair, mails: Mails) -> None:
    made = plan(pair, pair.engage())
    version = stored(pair, made).version
    with pair.platform.unit_of_work() as uow:
        later = meeting.Plan(starts_at=uow.now + timedelta(days=5), minutes_long=60, place="线上")
        meeting.move(uow, pair.actor("manager"), meeting_id=made, plan=later, version=version)
    with pytest.raises(Conflict), pair.platform.unit_of_work() as uow:
        meeting.move(uow, pair.actor("manager"), meeting_id=made, plan=later, version=version)
    before = len(mails())
    cancel(pair, made, note="出差")
    assert stored(pair, made).state == "cancelled"
    assert len(mails()) == before + 2
    assert "出差" not in mails()[-1].body


@pytest.mark.parametrize("who", [*OUTSIDERS, "visitor"])
def test_an_outsider_reaches_no_meeting(pair: Pair, who: str) -> None:
    made = plan(pair, pair.engage())
    with pytest.raises(NotFound):
        cancel(pair, made, who)
    with pytest.raises(NotFound), pair.platform.unit_of_work() as uow:
        meeting.hold(uow, pair.actor(who), meeting_id=made, minutes="纪要")


def test_a_meeting_within_a_day_is_reminded_once(pair: Pair, clock: Clock, mails: Mails) -> None:
    plan(pair, pair.engage())
    before = len(mails())
    for expected in (0, 1, 0):
        with pair.platform.unit_of_work() as uow:
            assert (
                follow_up.run(
                    uow, pair.platform.attachments, calendar=pair.platform.calendar, base_url=""
                ).reminded
                == expected
            )
        clock.advance(hours=25)
        if expected:
            break
    clock.now -= timedelta(hours=25)
    with pair.platform.unit_of_work() as uow:
        assert (
            follow_up.run(
                uow, pair.platform.attachments, calendar=pair.platform.calendar, base_url=""
            ).reminded
            == 0
        )
    assert len(mails()) == before + 3


def test_a_meeting_goes_into_a_calendar(pair: Pair, browser: Browse) -> None:
    made = plan(pair, pair.engage(), agenda="试样；费用, 周期\n其他", place="会议室" * 40)
    firm = browser()
    firm.log_in(pair.users["company"])
    page = firm.get(f"/meetings/{made}/meeting.ics")
    assert page.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert page.headers["Cache-Control"] == "private, no-store"
    lines = page.text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = page.text.replace("\r\n ", "").split("\r\n")
    assert "DTSTART:20260304T010000Z" in unfolded
    assert "DTEND:20260304T023000Z" in unfolded
    assert "DESCRIPTION:试样；费用\\, 周期\\n其他" in unfolded
    assert f"LOCATION:{'会议室' * 40}" in unfolded
    other = browser()
    other.log_in(pair.users["other_company"])
    other.get(f"/meetings/{made}/meeting.ics", status=404)


def test_pages_plan_change_and_keep_minutes(pair: Pair, browser: Browse, clock: Clock) -> None:
    public_id = pair.engage()
    broker = browser()
    broker.log_in(pair.users["broker"])
    new = f"/meetings/engagements/{public_id}/new"
    for wrong in (
        {"starts_at": "soon"},
        {"minutes_long": "an hour"},
        {"place": ""},
        {"starts_at": "0001-01-01T00:00"},
        {"starts_at": "2099-01-01T00:00"},
    ):
        page = broker.post_form(new, {"place": "线上", **wrong}, status=422)
        assert page.errors()
    shown = broker.post_form(
        new, {"starts_at": "2026-03-02T14:00", "place": "https://meeting.example/1"}
    ).location
    assert "https://meeting.example/1" in broker.get(shown).links()
    assert "Minutes can be written once" in broker.get(shown).words
    broker.post_form(shown, {"place": "线上"}, form="/move")
    assert "https://meeting.example/1" not in broker.get(shown).words
    clock.advance(days=1)
    broker.post_form(shown, {"minutes": ""}, form="/hold", status=422)
    broker.post_form(shown, {"minutes": "都谈妥了。"}, form="/hold")
    assert "都谈妥了。" in broker.get(shown).words
    assert "都谈妥了。" in broker.get(f"/engagements/{public_id}").words
    for who in OUTSIDERS:
        other = browser()
        other.log_in(pair.users[who])
        other.get(shown, status=403 if who in {"bureau", "administrator"} else 404)


def test_the_calendar_shows_what_is_due_for_its_reader_alone(
    pair: Pair, browser: Browse, clock: Clock
) -> None:
    asked = pair.ask()
    firm, professor, other = browser(), browser(), browser()
    firm.log_in(pair.users["company"])
    professor.log_in(pair.users["researcher"])
    other.log_in(pair.users["other_company"])
    assert f"/introductions/{asked}" in firm.get("/calendar/").links()
    assert "Nothing is due" in other.get("/calendar/").words
    for who in ("company", "researcher"):
        with pair.platform.unit_of_work() as uow:
            introduction.accept(
                uow, pair.actor(who), introduction_id=asked, calendar=pair.platform.calendar
            )
    public_id = pair.engagement().public_id
    made = plan(pair, public_id)
    for somebody in (firm, professor):
        links = somebody.get("/calendar/").links()
        assert f"/meetings/{made}" in links
        assert f"/engagements/{public_id}" in links
    assert "Nothing is due" in other.get("/calendar/").words
    assert "Nothing is due" in firm.get("/calendar/?month=2026-07").words
    for odd in ("", "no", "9999-12", "0001-01", "2026-13", "2026-02"):
        firm.get(f"/calendar/?month={odd}")
    clock.advance(days=12)
    assert "overdue" in firm.get("/calendar/").words


def test_the_feed_is_for_whoever_holds_its_address_and_ends(pair: Pair, browser: Browse) -> None:
    made = plan(pair, pair.engage())
    firm = browser()
    firm.log_in(pair.users["company"])
    page = firm.post_form("/calendar/", form="/calendar/feed", status=200)
    address = next(
        one.get("value", "") for one in page._all("input") if "/feed/" in one.get("value", "")
    )
    token = address.rsplit("/", 1)[-1].removesuffix(".ics")
    with pair.platform.reading() as uow:
        kept = uow.session.scalars(select(CalendarToken.token_hash)).one()
    assert token not in kept
    path = f"/calendar/feed/{token}.ics"
    stranger = browser()
    text = stranger.get(path).text
    assert f"UID:meeting-{made}@matchmaker" in text
    stranger.get("/calendar/feed/unknown.ics", status=404)
    with pair.platform.unit_of_work() as uow:
        uow.session.get_one(User, pair.users["company"].id).approved = False
    assert "UID:meeting" not in stranger.get(path).text
    with pair.platform.unit_of_work() as uow:
        uow.session.get_one(User, pair.users["company"].id).approved = True
    firm.post_form("/calendar/", form="/feed/end")
    stranger.get(path, status=404)


def test_a_meeting_of_an_ended_engagement_can_only_be_cancelled(pair: Pair) -> None:
    public_id = pair.engage()
    made = plan(pair, public_id)
    with pair.platform.unit_of_work() as uow:
        engagement.lose(uow, pair.actor("company"), engagement_id=public_id, reason="timing")
    with pytest.raises(WrongState), pair.platform.unit_of_work() as uow:
        meeting.hold(uow, pair.actor("broker"), meeting_id=made, minutes="纪要")
    cancel(pair, made)
