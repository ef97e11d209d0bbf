"""The audit, as officers and administrators read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import VISITOR
from matchmaker.services import audit
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import User
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
People = dict[str, User]


@pytest.mark.parametrize("role", ["company", "researcher", "broker"])
def test_others_do_not_read_the_audit(client: Client, people: People, role: str) -> None:
    client.log_in(people[role])
    client.get("/audit/", 403)


@pytest.mark.parametrize(
    ("role", "language", "words"),
    [("bureau", "en", "logged in"), ("administrator", "zh_Hans", "登录")],
)
def test_who_did_what_stands_there_in_words(
    browser: Browser, people: People, role: str, language: str, words: str
) -> None:
    client = browser(language=language)
    client.log_in(people[role])
    shown = client.get("/audit/").words
    assert people[role].name in shown
    assert words in shown


def test_events_are_filtered_by_record_action_person_and_day(
    platform: Matchmaker, client: Client, people: People, clock: Clock
) -> None:
    clock.advance(days=-3)
    with platform.unit_of_work() as uow:
        audit.record(uow, VISITOR, "organisation", 1, "register", states=(None, "pending"))
    clock.advance(days=3)
    client.log_in(people["bureau"])
    day = clock.now.date().isoformat()

    def count(query: str) -> str:
        return client.get(f"/audit/?{query}").heading

    assert count("noun=organisation") == "Audit 1"
    assert count("action=log_in") == "Audit 1"
    assert count(f"person={people['bureau'].email}") == "Audit 1"
    assert count("person=nobody") == "Audit 0"
    assert count(f"since={day}&until={day}") == "Audit 1"
    assert count(f"until={day}") == "Audit 2"
    assert count("until=2026-02-27") == "Audit 1"
    assert count("noun=nonsense&since=nonsense&until=9999-12-31&page=99999") == count("")


def test_a_day_begins_at_midnight_in_the_platforms_zone(
    platform: Matchmaker, client: Client, people: People, clock: Clock
) -> None:
    clock.now = clock.now.replace(hour=16, minute=0)  # midnight in Shanghai, 3 March begins
    with platform.unit_of_work() as uow:
        audit.record(uow, VISITOR, "organisation", 1, "register")
    clock.advance(minutes=-1)
    with platform.unit_of_work() as uow:
        audit.record(uow, VISITOR, "organisation", 2, "register")
    client.log_in(people["bureau"])
    assert client.get("/audit/?action=register&since=2026-03-03").heading == "Audit 1"
    assert client.get("/audit/?action=register&until=2026-03-02").heading == "Audit 1"


def test_hidden_tiers_never_show_whatever_was_stored(
    platform: Matchmaker, client: Client, people: People
) -> None:
    with platform.unit_of_work() as uow:
        audit.record(
            uow, VISITOR, "outcome", 1, "edit", before={"know_how": "x"}, after={"know_how": "秘诀"}
        )
        uow.session.add(
            AuditEvent(
                at=uow.now,
                actor_role="visitor",
                noun="demand",
                record_id=1,
                action="edit",
                changes={"current_state": [None, "试过热压罐"], "principle": ["原理甲", "原理乙"]},
            )
        )
    client.log_in(people["administrator"])
    text = client.get("/audit/").text
    assert not [word for word in ("秘诀", "试过热压罐", "原理甲", "原理乙") if word in text]
    assert "Current state and what was tried" in text


def test_a_long_audit_has_pages(platform: Matchmaker, client: Client, people: People) -> None:
    with platform.unit_of_work() as uow:
        for number in range(60):
            audit.record(uow, VISITOR, "plan", number, "install")
    client.log_in(people["bureau"])
    first = client.get("/audit/?action=install")
    following = [link for link in first.links() if "page=2" in link]
    assert following
    assert "action=install" in following[0]
    assert client.get(following[0]).words.count("installed") >= 10
