"""The whole path once in each language: from one paragraph to a contract that the bureau counts.

And where it is refused: each refusal met in the browser, readable, and nothing half-written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.working_days import CHINA
from tests.browser import path_refusals as refusals
from tests.browser import path_steps as path
from tests.browser.conftest import accepted_match
from tests.browser.path_words import (
    BROKER,
    FIRM,
    FIRM_NAME,
    FIRM_PERSON,
    REFUSALS,
    REFUSED_SIDES,
    SCHOOL,
    TEXTS,
    WORDS,
    Words,
)
from tests.browser.test_contract import WORDS as CONTRACT_WORDS
from tests.browser.test_contract import drafting, enter_terms, register, sign, write
from tests.browser.test_return import command

Visit = Callable[..., Page]
both_languages = pytest.mark.parametrize("language", WORDS)


@both_languages
def test_a_paragraph_becomes_a_contract_that_the_bureau_counts(
    visit: Visit, world: Matchmaker, environment: dict[str, str], language: str
) -> None:
    words = WORDS[language] | TEXTS[language]
    bureau = visit("bureau", language)
    before = figures(bureau)
    broker_name = BROKER[language]
    firm, school, broker = (visit(who, language) for who in (FIRM, SCHOOL, broker_name))
    demand = path.post_demand(firm, words, language)
    path.publish(broker, demand, words["publish"])
    outcome = path.list_outcome(school, words)
    path.publish(visit("manager", language), outcome, words["approve"])

    pair = path.find_pair(broker, words)
    path.look(broker, f"{language}-desk")
    counted = path.tally(world, broker_name)
    made = path.decide_twenty(broker, words)
    assert path.tally(world, broker_name) - counted == made
    assert sum(made.values()) == 21  # twenty decided, one asleep
    broker.goto("/match-review/?view=accepted&mine=1")
    expect(broker.locator(".desk-queue .rows")).to_contain_text(words["outcome"])

    asked = path.introduce(broker, pair, words)
    mail = Path(environment["MATCHMAKER_VAR_DIR"]) / "mail"
    why = pair.split("?")[0].replace("/match-review/", "/matches/")
    seen = [demand, asked, why, f"/matches/mine?text={words['title']}"]

    def unnamed() -> None:
        path.expect_unnamed(school, seen, words)
        assert not path.mails_naming(mail, SCHOOL, words["title"], FIRM_NAME, FIRM_PERSON)

    unnamed()
    talks = path.both_accept(firm, school, asked, words, unnamed)
    for side in (firm, school):
        side.goto(talks)
        expect(side.locator("main")).to_contain_text(FIRM_NAME)
        for who in (FIRM, SCHOOL):
            expect(side.locator(".column-side")).to_contain_text(f"{who}@")
    path.look(school, f"{language}-mutual")

    path.agree_on_confidence(firm, school, talks, words)
    disclose(firm, school, words)
    path.look(school, f"{language}-receipt")
    path.look(firm, f"{language}-opened")
    school.goto(talks)
    school.locator("form[action$='/steps/disclose'] button").click()
    negotiate(broker, school, talks, words)
    path.look(broker, f"{language}-drafting")
    terms = CONTRACT_WORDS[language] | {"title": words["contract"]}
    contract = write(broker, talks.rsplit("/", 1)[1], terms, related="none")
    number = f"2026371000{51 if language == 'zh-CN' else 52:06d}"
    register(sign(visit, contract, terms, language, (FIRM, SCHOOL)), terms, number)
    finish(broker, talks, words)
    path.look(broker, f"{language}-registered")
    expect_counted(bureau, before, number, words)
    path.look(bureau, f"{language}-counted")


def disclose(firm: Page, school: Page, words: Words) -> None:
    """The owner writes what is confidential and opens it; the other side reads, with a receipt."""
    school.get_by_role("link", name=words["ours"]).click()
    school.fill("#know_how", words["know_how"])
    school.get_by_role("button", name=words["save"], exact=True).click()
    address = school.url
    firm.get_by_role("link", name=words["theirs"]).click()
    assert firm.url == address
    expect(firm.locator("main")).to_contain_text(words["closed"])
    school.fill("#organisation", FIRM_NAME)
    school.fill("#reason", words["to_firm"])
    school.locator("#give").get_by_role("button", name=words["open"], exact=True).click()
    expect(school.locator("#grants .badge-good")).to_be_visible()
    expect(school.locator("#receipts table")).to_have_count(0)

    firm.reload()
    expect(firm.locator("main")).not_to_contain_text(words["know_how"])
    firm.get_by_role("button", name=words["read"]).click()
    expect(firm.locator(".watermarked")).to_contain_text(words["know_how"])
    school.reload()
    expect(school.locator("#receipts tbody tr")).to_have_count(1)
    expect(school.locator("#receipts tbody")).to_contain_text(FIRM_PERSON)


def negotiate(broker: Page, school: Page, talks: str, words: Words) -> None:
    """A meeting is planned and held with minutes; on to drafting, past a validation of its own."""
    broker.goto(talks)
    broker.locator("#meetings .toolbar a").click()
    begun = datetime.now(CHINA) - timedelta(minutes=90)
    broker.fill("#meeting-starts_at", begun.strftime("%Y-%m-%dT%H:%M"))
    broker.fill("#meeting-place", "https://meeting.example/path")
    broker.get_by_role("button", name=words["plan"], exact=True).click()
    broker.fill("#hold-minutes", words["minutes"])
    broker.get_by_role("button", name=words["keep"]).click()
    school.goto(talks)
    expect(school.locator("#meetings")).to_contain_text(words["minutes"])
    school.get_by_role("button", name=words["met"]).click()
    skip(broker, talks, "agree_terms", words["skips"], words["note"])
    broker.locator("form[action$='/steps/draft'] button").click()
    expect(broker.locator("[aria-current=step]")).to_have_text(words["drafting"])


def skip(page: Page, talks: str, action: str, skipped: str, note: str) -> None:
    """A step that jumps over a stage is taken with a note, and not without one."""
    page.goto(talks)
    stage = page.locator("[aria-current=step]").inner_text()
    form = page.locator(f"form[action$='/steps/{action}']")
    fold = page.locator(f"details:has(form[action$='/steps/{action}']) summary")
    expect(fold).to_contain_text(skipped)
    fold.click()
    form.locator("button").click()
    expect(page.locator("[aria-current=step]")).to_have_text(stage)
    form.locator("textarea").fill(note)
    form.locator("button").click()
    expect(page.locator(".timeline")).to_contain_text(note)
    expect(page.locator("[aria-current=step]")).not_to_have_text(stage)


def finish(broker: Page, talks: str, words: Words) -> None:
    """The engagement follows its contract: signed, without a public notice, and registered."""
    skip(broker, talks, "sign", words["skips_notice"], words["note"])
    broker.locator("form[action$='/steps/register'] button").click()
    expect(broker.locator("[aria-current=step]")).to_have_text(words["stage"])


def figures(bureau: Page) -> list[Decimal]:
    """How many contracts the bureau counts, their amounts and technical amounts, in 万元."""
    found: list[list[Decimal]] = []
    for address in ("/", "/contracts/?counted=yes"):
        bureau.goto(address)
        cells = bureau.locator("#contract-figures dd").all_inner_texts()
        count, *amounts = (Decimal(re.sub(r"[^\d.]", "", cell)) for cell in cells)
        yuan = 10_000 if "CNY" in cells[1] else 1
        found.append([count, *(amount / yuan for amount in amounts)])
    assert found[0] == found[1]
    return found[0]


def expect_counted(bureau: Page, before: list[Decimal], number: str, words: Words) -> None:
    """The bureau's counters rose by exactly this contract: 120 万元, of them 100 technical."""
    after = figures(bureau)
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 120, 100]
    bureau.goto("/contracts/")
    row = bureau.locator(".contract-table tr", has_text=number)
    expect(row).to_contain_text(FIRM_NAME)
    row.locator("a").click()
    expect(bureau.locator("main")).to_contain_text(words["counted"])


@both_languages
def test_where_each_refusal_happens(
    visit: Visit, world: Matchmaker, environment: dict[str, str], language: str
) -> None:
    told = REFUSALS[language]
    sides = REFUSED_SIDES[language]
    firm, school = (visit(who, language) for who in sides)
    broker = visit("broker", language)
    form = refusals.unfit_demands(firm, world, told, f"吸塑盒热封虚封的在线判定 {language}")
    refusals.stale_edit(firm, world, told, form)
    refusals.expired_form(firm, world, told, form)
    refusals.own_approval(visit("researcher", language), world, told)
    refusals.dismissal_without_reason(broker, world, told)

    first, second = (
        accepted_match(world, *sides, disclosure="anonymous").public_id for _each in range(2)
    )
    asked = refusals.named_in_an_introduction(broker, world, told, first)
    refusals.answered_twice(firm, world, told, asked)
    late = refusals.named_in_an_introduction(broker, world, told, second)
    refusals.answered_too_late(school, world, told, late, lambda: command(environment, "follow-up"))
    school.goto(asked)
    school.get_by_role("button", name=told["yes"]).click()
    talks = path.to_talks(school)
    refusals.outsider(visit("company", language), world, told, asked, late, talks)
    refusals.confidential_too_early(firm, school, world, told, talks)
    path.agree_on_confidence(firm, school, talks, WORDS[language])
    school.locator("form[action$='/steps/disclose'] button").click()
    refusals.step_without_meeting(broker, world, told, talks)
    refuse_contracts(visit, world, language, told)


def refuse_contracts(visit: Visit, world: Matchmaker, language: str, told: Words) -> None:
    """A contract that is incomplete, was changed meanwhile, or is registered wrongly."""
    terms = CONTRACT_WORDS[language]
    broker, firm = (visit(who, language) for who in ("broker", "company"))
    broker.goto(f"/engagements/{drafting(world)}")
    broker.locator("#contract a").click()
    save = broker.locator("button[name=then][value=save]")
    assert refusals.sends(broker, save.click) == 200
    contract = broker.url
    refusals.confirmed_incomplete(firm, world, told, contract)
    broker.goto(f"{contract}/edit")
    enter_terms(broker, terms, related="none")

    def change() -> None:
        broker.goto(f"{contract}/edit")
        broker.fill("#acceptance", "固化时间不超过7分钟")
        assert refusals.sends(broker, save.click) == 200

    refusals.confirmed_stale(firm, world, told, contract, change)
    signed = sign(visit, contract, terms, language)
    refusals.wrong_numbers(signed, world, told, contract)
