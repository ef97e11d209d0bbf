"""The home pages: for visitors, and for each role what waits for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.vocabulary import ROLES
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_role_has_a_sound_home_page_even_when_nothing_is_there(
    people: dict[str, User], browser: Browser, role: str | None, language: str
) -> None:
    reader = browser(language=language)
    if role:
        reader.log_in(people[role])
    assert reader.get("/").heading


def test_a_visitor_sees_suggested_pairs_of_public_records(
    platform: Matchmaker, client: Client
) -> None:
    with platform.unit_of_work() as uow:
        company = builders.organisation(uow)
        institution = builders.organisation(uow, "institution")
        builders.demand(uow, company, title="碳纤维复合材料快速模压成型")
        builders.outcome(uow, institution, title="碳纤维复合材料快速模压成型技术")
    page = client.get("/")
    assert "碳纤维复合材料快速模压成型技术" in page.words
    assert company.name in page.words


def test_a_published_edit_is_matched_at_once(platform: Matchmaker, client: Client) -> None:
    with platform.unit_of_work() as uow:
        company = builders.organisation(uow)
        institution = builders.organisation(uow, "institution")
        demand = builders.demand(uow, company, title="海带耐高温新品系选育")
        address = f"/demands/{demand.public_id}"
    assert "No match for now" in client.get(address).words
    with platform.unit_of_work() as uow:
        builders.outcome(uow, institution, title="海带耐高温分子标记育种", summary="海带新品系")
    assert "海带耐高温分子标记育种" in client.get(address).words


def test_the_language_is_kept_and_a_strange_return_address_is_not(client: Client) -> None:
    token = {"csrf_token": client.csrf()}
    answer = client.post("/language", token | {"code": "zh_Hans", "next": "/demands"})
    assert answer.location == "/demands"
    assert "技术需求" in client.get("/demands").heading
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", ""):
        assert client.post("/language", token | {"code": "en", "next": target}).location == "/"
    client.post("/language", token | {"code": "xx"}, status=400)


def test_health_answers_while_the_database_does(client: Client) -> None:
    assert client.get("/health").text == "ok\n"


def test_an_institutions_manager_finds_the_outcomes_to_approve(
    platform: Matchmaker, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        manager = builders.user(uow, platform.passwords, "researcher", is_manager=True)
        colleague = builders.user(uow, platform.passwords, "researcher", manager.organisation)
    for person, offered in ((manager, True), (colleague, False)):
        reader = browser()
        reader.log_in(person)
        assert ('href="/to-review"' in reader.get("/").text) is offered
