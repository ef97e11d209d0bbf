"""Forty decisions before lunch, half of them in one story: by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {"mine": "我的队列"},
    "en-GB": {"mine": "My queue"},
}
PEOPLE = {"zh-CN": "broker", "en-GB": "broker2"}
both_languages = pytest.mark.parametrize("language", WORDS)


@both_languages
def test_a_broker_decides_twenty_matches_by_keyboard(visit: Visit, language: str) -> None:
    page = visit(PEOPLE[language], language)
    page.goto("/match-review/")
    expect(page.locator(".tabs [aria-current=page]")).to_contain_text(WORDS[language]["mine"])
    page.goto("/match-review/?view=open")
    before = _decided(page)
    for number in range(16):
        shown = page.locator(".desk-queue [aria-current=true]")
        expect(shown).to_have_count(1)
        if number % 3 == 0:
            _press(page, "a")
        else:
            _press(page, "d")
            page.keyboard.press("1234567890"[number % 8])
        _wait_for(page, before + number + 1)
    # With a note: typed without leaving the keyboard.
    _press(page, "n")
    page.keyboard.type("已电话确认")
    page.keyboard.press("Enter")
    _wait_for(page, before + 17)
    # Several at once, then taken back, then once more.
    _choose(page, 3)
    _wait_for(page, before + 20)
    _press(page, "u")
    _wait_for(page, before + 17)
    _choose(page, 3)
    _wait_for(page, before + 20)
    page.goto("/match-review/?view=accepted&mine=1")
    expect(page.locator(".desk-queue .rows li")).not_to_have_count(0)


def test_a_key_that_is_held_decides_one_pair_and_goes_through_the_queue(visit: Visit) -> None:
    page = visit(PEOPLE["en-GB"], "en-GB")
    page.goto("/match-review/?view=open")
    before, address = _decided(page), page.url
    for key in ("a", "s", "d", "x"):
        _hold(page, key)
    assert page.url == address
    assert _decided(page) == before
    expect(page.locator("#dismissal")).not_to_have_attribute("open", "")
    expect(page.locator("#bulk input[name=chosen]:checked")).to_have_count(0)
    follows = page.locator("a[data-key=j]").get_attribute("href")
    assert follows
    _hold(page, "j")
    page.wait_for_url(f"**{follows}")


@both_languages
def test_a_question_goes_to_the_side_and_its_answer_comes_back(visit: Visit, language: str) -> None:
    broker = visit(PEOPLE[language], language)
    broker.goto("/match-review/?view=open&text=碳纤维")
    address = broker.locator(".desk-side h2 a").nth(1).get_attribute("href")
    assert address
    _press(broker, "q")
    broker.select_option("#question-side", "demand")
    broker.fill("#question-text", f"何时需要样件？{language}")
    broker.locator("#inquiry button[type=submit]").click()
    expect(broker.locator(".undo")).to_be_visible()
    broker.goto("/match-review/?view=waiting")
    expect(broker.locator(".desk")).to_contain_text(f"何时需要样件？{language}")


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("broker", "/match-review/?view=open"),
        ("broker", "/match-review/?view=waiting"),
        ("broker", "/broker-profile/"),
        ("bureau", "/assignments/"),
        ("company", "/questions/"),
    ],
)
def test_the_desks_pages_have_no_serious_finding(
    visit: Visit, who: str, path: str, width: str
) -> None:
    page = visit(who, width=width)
    page.goto(path)
    for panel in ("#dismissal", "#inquiry", "#bulk .bulk"):
        page.eval_on_selector_all(panel, "found => found.forEach(one => { one.open = true })")
    sound(page)


def _decided(page: Page) -> int:
    """How many the page says were decided today."""
    found = re.search(r"(\d+) (?:decided|项)", page.locator(".desk-day").inner_text())
    assert found
    return int(found.group(1))


def _wait_for(page: Page, count: int) -> None:
    """Until the page counts so many decisions."""
    expect(page.locator(".desk-day")).to_contain_text(re.compile(rf"(?<!\d){count} (decided|项)"))


def _choose(page: Page, count: int) -> None:
    """Choose the current line and those after it, and dismiss them with one reason."""
    page.wait_for_load_state("load")
    for _line in range(count):
        page.keyboard.press("x")
    page.keyboard.press("b")
    page.locator("#bulk-reason").select_option("field_mismatch")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def _hold(page: Page, key: str) -> None:
    """Hold a key that was down before the page came: the browser only repeats it."""
    page.wait_for_load_state("load")
    page.evaluate(
        """key => document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key, repeat: true, bubbles: true }))""",
        key,
    )


def _press(page: Page, key: str) -> None:
    """Press a key once the page and its scripts are there."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)
