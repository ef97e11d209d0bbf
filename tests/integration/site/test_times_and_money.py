"""Pages write times in the platform's zone and money with separators."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import match_review, next_step, record
from matchmaker.services.account import actor_of
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
People = dict[str, User]
TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")


@pytest.fixture
def clock() -> Clock:
    """It is evening in UTC and the next day in Shanghai."""
    made = Clock()
    made.now = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    return made


@pytest.fixture
def busy(platform: Matchmaker, people: People) -> dict[str, list[str]]:
    """A world in which everything happened at once; pages by reader."""
    with platform.unit_of_work() as uow:
        money = {"budget_min": Decimal("12345.5"), "budget_max": Decimal(23456)}
        demand = builders.demand(uow, people["company"], title="碳纤维快速模压成型", **money)
        outcome = builders.outcome(
            uow,
            people["researcher"],
            title="碳纤维快速模压成型技术",
            price_mode="range",
            price_min=Decimal(12345),
            price_max=Decimal(34567),
        )
        waiting = builders.demand(uow, people["company"], state="submitted")
    with platform.unit_of_work() as uow:
        actors = {
            role: actor_of(uow.session.get_one(User, user.id)) for role, user in people.items()
        }
        match = uow.session.query(Match).one()
        match_review.accept(uow, actors["broker"], match_id=match.public_id)
        stored = record.load(uow, actors["company"], "demand", demand.public_id)
        next_step.ask(uow, actors["company"], stored, kind="expert", note="")
        returned = record.load(uow, actors["bureau"], "demand", waiting.public_id)
        record.act(uow, actors["bureau"], returned, "return", note="请补充。")
    both = [f"/demands/{demand.public_id}", f"/outcomes/{outcome.public_id}"]
    pair = f"/matches/{match.public_id}"
    lists = ["/", "/demands", "/outcomes", "/demands?money=over-1000"]
    return {
        "": [*lists, *both],
        "company": [*lists, *both, pair, "/demands/mine", "/matches/mine", "/account",
                    "/notifications/", "/saved-searches/", f"/demands/{waiting.public_id}"],
        "researcher": [*lists, *both, pair, "/outcomes/mine", "/matches/mine"],
        "broker": [*lists, *both, pair, f"/match-review/{match.public_id}", "/next-steps/",
                   "/to-review", "/my-record/", "/match-review/?view=accepted"],
        "bureau": [*lists, *both, "/audit/", "/organisations/", "/to-review"],
        "administrator": ["/", "/users/", "/audit/"],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_time_is_local_and_every_amount_has_separators(
    people: People, browser: Browser, busy: dict[str, list[str]], language: str
) -> None:
    amounts = "12,345.5 万元" if language == "zh_Hans" else "CNY 123,455,000"
    times, priced = 0, 0
    for role, addresses in busy.items():
        reader = browser(language=language)
        if role:
            reader.log_in(people[role])
        for address in addresses:
            words = reader.get(address).words
            # The plan was installed by the real clock, at another time.
            shown = [time for time in TIME.findall(words) if time.startswith("2026-03")]
            assert set(shown) <= {"2026-03-03 01:30"}, (role, address, shown)
            assert "2026-03-02" not in words, (role, address)
            assert not re.search(r"(?<![\d,])(12345|23456|34567|123455000)", words), address
            times += len(shown)
            priced += amounts in words
    assert times >= 10
    assert priced >= 6
