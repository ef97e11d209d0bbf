"""A search is kept, leads back to its list, and tells once of what is newly published."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import saved_search as service
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.saved_search import SavedSearch
from tests import builders
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
People = dict[str, User]


def keep(reader: Client, address: str, name: str, *, alert: bool = True) -> str:
    """Save the search of a page under a name; returns the saved search's address."""
    page = reader.get(address)
    form = page.form("/saved-searches/")
    fields = {"name": name} | ({} if alert else {"alert": ""})
    reader.submit(page, fields, form=page.forms().index(form))
    found = re.search(
        rf'href="(/saved-searches/[^"]+)">{name}<', reader.get("/saved-searches/").text
    )
    assert found is not None
    return found.group(1)


def told(platform: Matchmaker, user: User) -> list[str]:
    with platform.reading() as uow:
        return list(
            uow.session.scalars(
                select(Notification.kind)
                .where(Notification.user_id == user.id, Notification.kind.like("saved%"))
                .order_by(Notification.id)
            )
        )


def test_a_search_is_saved_found_again_renamed_and_deleted(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    reader = browser()
    reader.log_in(people["researcher"])
    address = "/demands?field=materials&trl=4-6&q=%E7%A2%B3%E7%BA%A4%E7%BB%B4"
    place = keep(reader, address, "Fibre")
    back = reader.get(place, status=303).location
    assert back.startswith("/demands?")
    for part in ("field=materials", "trl=4-6", "q=%E7%A2%B3"):
        assert part in back
    assert "New materials" in reader.get("/saved-searches/").words
    reader.press(f"{place}/rename", {"name": "Carbon"})
    assert "Carbon" in reader.get("/saved-searches/").words
    reader.press(f"{place}/delete")
    assert "No saved searches yet" in reader.get("/saved-searches/").words
    with platform.reading() as uow:
        events = uow.session.scalars(
            select(AuditEvent.action).where(AuditEvent.noun == "saved_search")
        )
        assert list(events) == ["create", "edit", "delete"]


def test_a_visitor_is_offered_no_saving(client: Client) -> None:
    assert "/saved-searches/" not in client.get("/demands").text
    client.press("/saved-searches/", {"noun": "demand", "name": "x"}, status=303)


@pytest.mark.parametrize("name", ["", " \u3000", "a\x07b", "x" * 81, "Fibre"])
def test_a_name_that_cannot_be_kept_is_refused(people: People, browser: Browser, name: str) -> None:
    reader = browser()
    reader.log_in(people["researcher"])
    keep(reader, "/demands", "Fibre")
    page = reader.press(
        "/saved-searches/", {"noun": "demand", "name": name, "arguments": ""}, status=422
    )
    assert 'role="alert"' in page.text


def test_what_an_address_says_wrongly_is_left_out_and_a_strange_noun_refused(
    people: People, browser: Browser
) -> None:
    reader = browser()
    reader.log_in(people["company"])
    wrong = {"noun": "demand", "name": "n", "arguments": "field=magic&page=9&q=%00x&state=draft"}
    reader.press("/saved-searches/", wrong)
    reader.press("/saved-searches/", wrong | {"noun": "user"}, status=400)
    assert "magic" not in reader.get("/saved-searches/").text


def test_others_searches_are_not_there(people: People, browser: Browser) -> None:
    own, other = browser(), browser()
    own.log_in(people["researcher"])
    place = keep(own, "/demands", "Mine")
    other.log_in(people["company"])
    other.get(place, status=404)
    for what in ("rename", "alert", "delete"):
        other.press(f"{place}/{what}", {"name": "x", "on": "0"}, status=404)
    assert "Mine" not in other.get("/saved-searches/").words


def test_fifty_are_enough(platform: Matchmaker, people: People, browser: Browser) -> None:
    with platform.unit_of_work() as uow:
        for number in range(service.MOST_SEARCHES):
            uow.session.add(
                SavedSearch(
                    user_id=people["company"].id,
                    name=f"n{number}",
                    noun="demand",
                    alert=False,
                    created_at=uow.now,
                )
            )
    reader = browser()
    reader.log_in(people["company"])
    page = reader.press("/saved-searches/", {"noun": "demand", "name": "one more"}, status=422)
    assert "delete one first" in page.words


def test_what_is_newly_published_and_matches_is_told_once(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock, mails: Mails
) -> None:
    with platform.unit_of_work() as uow:
        builders.demand(uow, people["company"], field="materials", title="早已发布")
    reader = browser()
    reader.log_in(people["researcher"])
    keep(reader, "/demands?field=materials", "材料")
    clock.advance(hours=1)
    assert platform.tell_news() == (0, 0)
    with platform.unit_of_work() as uow:
        match = builders.demand(uow, people["company"], field="materials", title="玄武岩纤维筋材")
        builders.demand(uow, people["company"], field="energy", title="储能变流器")
    assert platform.tell_news() == (1, 0)
    assert platform.tell_news() == (0, 0)
    (mail,) = [one for one in mails() if one.recipient == people["researcher"].email]
    assert mail.subject == "订阅“材料”有新内容：玄武岩纤维筋材"
    assert f"/demands/{match.public_id}" in mail.body
    page = reader.get("/notifications/")
    assert "玄武岩纤维筋材" in page.words
    assert "储能变流器" not in page.words


def test_several_are_told_in_one_and_lead_to_the_search(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    reader = browser()
    reader.log_in(people["researcher"])
    place = keep(reader, "/demands", "All")
    clock.advance(hours=1)
    with platform.unit_of_work() as uow:
        for _ in range(3):
            builders.demand(uow, people["company"])
    platform.tell_news()
    page = reader.get("/notifications/")
    assert "3 new for “All”" in page.words
    assert reader.submit(page, form="/open").location == place


def test_an_alert_that_is_off_tells_nothing_until_it_is_on_again(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    reader = browser()
    reader.log_in(people["researcher"])
    place = keep(reader, "/demands", "All")
    reader.press(f"{place}/alert", {"on": "0"})
    clock.advance(hours=1)
    with platform.unit_of_work() as uow:
        builders.demand(uow, people["company"])
    clock.advance(hours=1)
    reader.press(f"{place}/alert", {"on": "1"})
    platform.tell_news()
    assert told(platform, people["researcher"]) == []


def test_nothing_is_told_that_the_reader_may_not_see(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    reader = browser()
    reader.log_in(people["researcher"])
    keep(reader, "/demands", "All")
    keep(reader, "/demands?region=huancui", "District")
    clock.advance(hours=1)
    with platform.unit_of_work() as uow:
        house = builders.organisation(uow, region_code="huancui")
        other = builders.organisation(uow, "institution")
        directed = builders.demand(uow, house, disclosure="directed", title="定向需求")
        from matchmaker.store.demand import DemandRecipient

        directed.recipients = [DemandRecipient(organisation_id=other.id)]
        builders.demand(uow, house, state="draft", title="草稿需求")
        builders.demand(uow, house, disclosure="anonymous", title="匿名需求")
    platform.tell_news()
    page = reader.get("/notifications/")
    assert "匿名需求" in page.words
    # The district of an anonymous company is unknown: a search by district must not tell it.
    assert "District" not in page.words
    assert "定向需求" not in page.words
    assert told(platform, people["researcher"]) == ["saved_search"]


def test_ones_own_organisations_records_and_barred_readers_are_left_out(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    own, barred = browser(), browser()
    own.log_in(people["company"])
    keep(own, "/demands", "All")
    barred.log_in(people["researcher"])
    keep(barred, "/demands", "All")
    clock.advance(hours=1)
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["researcher"].id).active = False
        builders.demand(uow, people["company"])
    assert platform.tell_news() == (0, 0)


def test_a_search_for_words_tells_of_what_comes_first(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    reader = browser()
    reader.log_in(people["company"])
    keep(reader, "/outcomes?q=海带育种", "海带")
    clock.advance(hours=1)
    with platform.unit_of_work() as uow:
        house = builders.organisation(uow, "institution")
        builders.outcome(uow, house, title="海带耐高温新品系育种", summary="海带育种")
    platform.tell_news()
    assert "海带耐高温新品系育种" in reader.get("/notifications/").words


def test_a_record_that_is_withdrawn_and_published_again_is_no_news(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    reader = browser()
    reader.log_in(people["researcher"])
    keep(reader, "/demands", "All")
    clock.advance(hours=1)
    with platform.unit_of_work() as uow:
        demand = builders.demand(uow, people["company"])
    platform.tell_news()
    clock.advance(days=1)
    with platform.unit_of_work() as uow:
        uow.session.get_one(Demand, demand.id).published_at = uow.now
    platform.tell_news()
    assert told(platform, people["researcher"]) == ["saved_search"]
