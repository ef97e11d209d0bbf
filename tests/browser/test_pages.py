"""Every main page at both widths: accessible, no wider than the screen, pictures to look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.soundness import sound

Visit = Callable[..., Page]

PAGES = [
    (None, "home", "/"),
    (None, "demands", "/demands"),
    (None, "outcomes", "/outcomes?q=碳纤维"),
    (None, "nothing-found", "/demands?q=zzzzqqq&trl=1-3"),
    (None, "log-in", "/log-in"),
    (None, "register", "/register"),
    (None, "missing", "/demands/nowhere"),
    ("company", "company-home", "/"),
    ("company", "my-demands", "/demands/mine"),
    ("company", "demand-form", "/demands/new"),
    ("company", "my-suggestions", "/matches/mine"),
    ("company", "account", "/account"),
    ("researcher", "researcher-home", "/"),
    ("researcher", "outcome-form", "/outcomes/new"),
    ("manager", "manager-home", "/"),
    ("broker", "broker-home", "/"),
    ("broker", "desk", "/match-review/"),
    ("broker", "waiting", "/to-review"),
    ("broker", "near-duplicates", "/duplicates/"),
    ("broker", "requests", "/next-steps/"),
    ("bureau", "bureau-home", "/"),
    ("bureau", "organisations", "/organisations/"),
    ("bureau", "audit", "/audit/"),
    ("administrator", "administrator-home", "/"),
    ("administrator", "users", "/users/"),
    ("administrator", "evaluation", "/evaluation/"),
]


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize(("who", "name", "path"), PAGES, ids=[name for _, name, _ in PAGES])
def test_a_page_is_accessible_and_fits(
    visit: Visit, who: str | None, name: str, path: str, width: str
) -> None:
    page = visit(who, width=width)
    page.goto(path)
    sound(page, f"{name}-{width}")


@pytest.mark.parametrize("noun", ["demand", "outcome"])
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_records_page_is_accessible_and_fits(visit: Visit, noun: str, width: str) -> None:
    page = visit(width=width)
    page.goto(f"/{noun}s")
    page.locator(".rows .row-title a").first.click()
    page.wait_for_url(f"**/{noun}s/*")
    sound(page, f"{noun}-{width}")
