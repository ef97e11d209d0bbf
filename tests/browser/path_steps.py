"""The whole path in steps: from one paragraph to an engagement of two sides, by its own pages."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.vocabulary import REASONS
from matchmaker.services.demo import DOMAIN
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from tests.browser.conftest import PATIENCE_MS, WIDTHS
from tests.browser.path_words import FIRM, FIRM_ENGLISH, FIRM_NAME, FIRM_PERSON, SCHOOL, Words
from tests.browser.soundness import SCREENSHOTS

# One key a decision: accept, or dismiss for the reason of that key on the panel.
DECISIONS = "a5a16a93a2w8a47ai50"
REASON_KEYS = "1234567890qwertyio"


def look(page: Page, name: str) -> None:
    """Take pictures at both widths; no page is wider than its screen."""
    SCREENSHOTS.mkdir(exist_ok=True)
    shown = page.viewport_size
    assert shown
    for label, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"path-{name}-{label}.png", full_page=True)
        fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert fits, f"{name} at {width}"
    page.set_viewport_size(shown)


def press(page: Page, key: str) -> None:
    """Press a key that leads on, and wait for where it leads."""
    with page.expect_navigation():
        page.keyboard.press(key)


# 1 A demand from a paragraph


def post_demand(page: Page, words: Words, picture: str) -> str:
    """One paragraph, corrected, completed, without what would tell the company; submitted."""
    page.goto("/demands/start")
    page.fill("#text", words["paragraph"])
    page.get_by_role("button", name=words["fill"]).click()
    page.wait_for_url("**/edit*")
    expect(page.get_by_text(words["filled"]).first).to_be_visible()
    begun = percent(page)
    page.fill("#indicators-0-name", words["corrected"])
    for name in ("title", "problem", "key_technology", "target", "constraints", "keywords"):
        page.fill(f"#{name}", words[name])
    for name in ("kind", "field", "lowest_trl", "solution_mode", "disclosure"):
        page.select_option(f"#{name}", CHOICES[name])
    for name, amount in (("budget_min", "60"), ("budget_max", "100"), ("period_months", "10")):
        page.fill(f"#{name}", amount)
    page.locator("input[name=chains][value=carbon-fibre]").check()
    expect(page.locator("#assist-check")).to_contain_text(words["leak"])
    expect(page.locator("#assist-check mark").first).to_have_text(words["short_name"])
    expect(page.locator("#assist-meter strong")).to_have_text("100 %")
    assert begun < 100
    assert words["indicator"] in [box.input_value() for box in indicator_names(page)]
    look(page, f"{picture}-form")

    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#assist-check mark").first).to_have_text(words["short_name"])
    for name in ("problem", "description", "target"):
        written = page.input_value(f"#{name}")
        page.fill(f"#{name}", written.replace(words["short_name"], words["ourselves"]))
    expect(page.locator("#assist-check")).to_contain_text(words["clean"])
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("h1")).to_have_text(words["title"])
    expect(page.locator("main")).to_contain_text(words["waiting"])
    return page.url


CHOICES = {
    "kind": "key_technology",
    "field": "materials",
    "lowest_trl": "5",
    "solution_mode": "joint",
    "disclosure": "anonymous",
}


def percent(page: Page) -> int:
    """What the meter of completeness says."""
    return int(page.locator("#assist-meter strong").inner_text().removesuffix("%"))


def indicator_names(page: Page) -> list[Locator]:
    """The boxes that hold the names of the indicators."""
    return page.locator("[name^=indicators-][name$=-name]").all()


# 2 An outcome that answers it


def list_outcome(page: Page, words: Words) -> str:
    """A professor lists an outcome and submits it to the institution."""
    page.goto("/outcomes/new")
    page.fill("#title", words["outcome"])
    for name in ("summary", "problem_solved", "advantage"):
        page.fill(f"#{name}", words[name])
    page.select_option("#stage", "middle")
    page.select_option("#trl", "6")
    page.select_option("#field", "materials")
    page.locator("input[name=chains][value=carbon-fibre]").check()
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("h1")).to_have_text(words["outcome"])
    return page.url


def publish(page: Page, address: str, button: str) -> None:
    """A reviewer reads a submitted record and publishes it."""
    page.goto(address)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".notice-success")).to_be_visible()


# 3 The pair on the desk, 4 twenty decisions


def find_pair(page: Page, words: Words) -> str:
    """The desk of a broker once the engine has suggested the pair; returns the pair's address."""
    latest = time.monotonic() + PATIENCE_MS / 1_000
    line = page.locator(".desk-queue .rows a", has_text=words["outcome"])
    while time.monotonic() < latest:
        page.goto(f"/match-review/?view=open&text={words['title']}")
        if line.count():
            return str(line.get_attribute("href"))
        page.wait_for_timeout(500)
    pytest.fail("the pair was not suggested")


def decided_today(page: Page) -> int:
    """How many the page says were decided today."""
    found = re.search(r"(\d+) (?:decided|项)", page.locator(".desk-day").inner_text())
    assert found
    return int(found.group(1))


def tally(world: Matchmaker, who: str) -> Counter[str]:
    """How many matches a broker has decided, by state and by reason."""
    with world.database.reading() as uow:
        rows = uow.session.execute(
            select(Match.state, Match.reason, func.count())
            .join(User, Match.decided_by == User.id)
            .where(User.email == f"{who}@{DOMAIN}")
            .group_by(Match.state, Match.reason)
        )
        return Counter({reason or state: count for state, reason, count in rows})


def decide_twenty(page: Page, words: Words) -> Counter[str]:
    """Twenty decisions and a snooze by keyboard alone; returns what they come to."""
    begun = decided_today(page)
    current = page.locator(".desk-queue [aria-current=true]")
    while words["outcome"] not in current.inner_text():
        press(page, "j")
    press(page, "a")  # the pair of this story
    expect(page.locator(".undo")).to_contain_text(words["outcome"])
    assert decided_today(page) == begun + 1
    page.goto("/match-review/?view=open")
    press(page, "s")
    expect(page.locator(".undo")).to_contain_text(words["snoozed"])
    assert decided_today(page) == begun + 1  # what sleeps is not decided
    for number, key in enumerate(DECISIONS, start=2):
        shown = current.inner_text()
        decide(page, key)
        assert decided_today(page) == begun + number
        if number == 7:
            press(page, "u")
            assert current.inner_text() == shown
            assert decided_today(page) == begun + number - 1
            decide(page, key)
    assert decided_today(page) == begun + 20
    reasons = list(REASONS)
    codes = [reasons[REASON_KEYS.index(key)] for key in DECISIONS if key != "a"]
    return Counter(codes) + Counter(accepted=1 + DECISIONS.count("a"), snoozed=1)


def decide(page: Page, key: str) -> None:
    """Accept, or dismiss with one key for the reason; ``other`` says in a note which."""
    if key == "a":
        press(page, "a")
        return
    page.keyboard.press("d")
    if key == "i":
        page.keyboard.press("n")
        page.keyboard.type("示例备注")
        page.keyboard.press("Escape")
        page.keyboard.press("d")
    press(page, key)


# 5 Both sides are asked


def introduce(page: Page, pair: str, words: Words) -> str:
    """The broker writes to both sides; returns the introduction's address."""
    page.goto(pair)
    page.get_by_role("link", name=words["introduce"]).click()
    page.fill("#ask-company_message", words["to_firm"])
    page.fill("#ask-institution_message", words["to_school"])
    page.get_by_role("button", name=words["ask"], exact=True).click()
    expect(page.locator("main")).to_contain_text(words["to_school"])
    return page.url


def expect_unnamed(page: Page, addresses: list[str], words: Words) -> None:
    """Nothing that the other side can open tells whose demand it is."""
    for address in addresses:
        page.goto(address)
        expect(page.locator("main")).to_contain_text(words["anonymous"])
        said = page.content()
        for name in (FIRM_NAME, FIRM_ENGLISH, FIRM_PERSON, f"{FIRM}@", words["short_name"]):
            assert name not in said, (name, address)
    page.goto("/engagements/")
    row = page.locator(".rows > li", has_text=words["title"])
    expect(row).to_contain_text(words["anonymous"])
    expect(row).not_to_contain_text(FIRM_NAME)


def mails_naming(folder: Path, reader: str, title: str, *names: str) -> list[str]:
    """The mails to a person about a record that say one of the names."""
    found = []
    for file in sorted(folder.glob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=default)
        body = message.get_body(("plain",))
        text = f"{message['Subject']}\n{body.get_content() if body else ''}"
        if message["To"] == f"{reader}@{DOMAIN}" and title in text:
            found += [file.name for name in names if name in text]
    return found


def both_accept(
    firm: Page, school: Page, asked: str, words: Words, still_unnamed: Callable[[], None]
) -> str:
    """Both sides say yes in their own sessions; returns the engagement's address."""
    for side in (school, firm):
        side.goto("/engagements/")
        side.locator(".rows > li", has_text=words["title"]).get_by_role("link").click()
        side.wait_for_url(asked)
        expect(side.locator("main")).not_to_contain_text(f"{SCHOOL}@")
        side.get_by_role("button", name=words["yes"]).click()
        expect(side.locator(".notice-success").first).to_be_visible()
        if side is school:
            still_unnamed()
    expect(firm.locator("main")).to_contain_text(words["mutual"])
    return to_talks(firm)


def to_talks(page: Page) -> str:
    """From an introduction that both sides accepted to their engagement; its address."""
    page.locator(".notice-success a").click()
    page.wait_for_url("**/engagements/*")
    return page.url


def agree_on_confidence(firm: Page, school: Page, talks: str, words: Words) -> None:
    """Both sides accept the confidentiality agreement, each by name."""
    for side in (firm, school):
        side.goto(talks)
        side.get_by_role("link", name=words["agreement"]).click()
        side.get_by_role("button", name=words["accept_nda"]).click()
        side.wait_for_url(talks)
