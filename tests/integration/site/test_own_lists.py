"""Searching inside one's own things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]
People = dict[str, User]


def test_own_records_are_found_by_words_of_title_and_keywords_and_by_state(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        own = people["company"]
        soon = (uow.now + timedelta(days=3)).date()
        builders.demand(uow, own, title="船用防污涂层", keywords=["海洋"], expires_on=soon)
        builders.demand(uow, own, title="电机轴承降噪", keywords=["100%", "轴承"], state="draft")
        builders.demand(uow, builders.organisation(uow), title="别家的涂层")
    reader = browser()
    reader.log_in(people["company"])
    cases = {
        "text=涂层": ["船用防污涂层"],
        "text=海洋": ["船用防污涂层"],
        "text=轴承+电机": ["电机轴承降噪"],
        "text=100%25": ["电机轴承降噪"],
        "text=_": [],
        "text=%00%07": ["船用防污涂层", "电机轴承降噪"],
        "state=draft": ["电机轴承降噪"],
        "state=expiring": ["船用防污涂层"],
        "state=magic": ["船用防污涂层", "电机轴承降噪"],
        "text=涂层&state=draft": [],
    }
    for query, wanted in cases.items():
        words = reader.get(f"/demands/mine?{query}").words
        found = [title for title in ("船用防污涂层", "电机轴承降噪") if title in words]
        assert found == wanted, query
        assert "别家" not in words
    assert "None of your records" in reader.get("/demands/mine?text=zzz").words


def test_own_suggestions_are_found_by_a_title(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        builders.demand(uow, people["company"], title="海带耐高温新品系选育")
        builders.outcome(uow, people["researcher"], title="海带耐高温分子标记育种")
    reader = browser()
    reader.log_in(people["company"])
    assert "分子标记" in reader.get("/matches/mine?text=海带").words
    assert "分子标记" not in reader.get("/matches/mine?text=轴承").words


def test_a_long_list_of_own_records_has_pages(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        for number in range(51):
            builders.demand(uow, people["company"], title=f"第{number:03}条需求")
    reader = browser()
    reader.log_in(people["company"])
    first, second = reader.get("/demands/mine"), reader.get("/demands/mine?page=2")
    titles = [
        [f"第{number:03}条" in page.words for number in range(51)] for page in (first, second)
    ]
    assert [sum(found) for found in titles] == [50, 1]
    assert all(here != there for here, there in zip(*titles, strict=True))
    assert "/demands/mine?page=2" in first.links()
    assert "No demand yet" not in reader.get("/demands/mine?page=3").words


def test_a_reviewer_is_told_how_much_waits_beyond_what_is_shown(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        for number in range(51):
            builders.demand(uow, people["company"], title=f"第{number:03}条", state="submitted")
    reader = browser()
    reader.log_in(people["bureau"])
    words = reader.get("/to-review").words
    assert sum(f"第{number:03}条" in words for number in range(51)) == 50
    assert "Demands 51" in words
    assert "The oldest 50 are shown" in words
