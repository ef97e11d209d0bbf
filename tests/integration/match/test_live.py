"""What the engine would suggest now, for a record's own people alone."""

from __future__ import annotations

from collections.abc import Callable

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]


def test_a_draft_shows_what_it_would_be_suggested(
    platform: Matchmaker, people: dict[str, User], browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        institution = builders.organisation(uow, "institution")
        builders.outcome(uow, institution, title="海带耐高温分子标记育种")
        draft = builders.demand(
            uow, people["company"], state="draft", title="海带耐高温品系选育", published_at=None
        )
    own = browser()
    own.log_in(people["company"])
    page = own.get(f"/demands/{draft.public_id}")
    assert "The engine would suggest now" in page.words
    assert "海带耐高温分子标记育种" in page.words


def test_an_outcome_shows_near_demands_but_no_hidden_name_or_directed_demand(
    platform: Matchmaker, people: dict[str, User], browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        company = builders.organisation(uow, name="不愿具名的海带公司")
        builders.demand(uow, company, title="海带耐高温品系选育", disclosure="anonymous")
        builders.demand(uow, company, title="海带耐高温苗种定向", disclosure="directed")
        draft = builders.outcome(
            uow,
            people["researcher"],
            title="海带耐高温分子标记育种",
            state="draft",
            published_at=None,
        )
    own = browser()
    own.log_in(people["researcher"])
    page = own.get(f"/outcomes/{draft.public_id}")
    assert "海带耐高温品系选育" in page.words
    assert "不愿具名的海带公司" not in page.text
    assert "海带耐高温苗种定向" not in page.text
