"""One story a role, in Chinese and in English, as its user lives it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]

WORDS = {
    "zh-CN": {
        "post": "发布需求",
        "list": "登记成果",
        "submit": "保存并提交",
        "publish": "发布",
        "approve": "审核通过并发布",
        "accepted": "已采纳",
        "dismissed": "已排除",
        "snoozed": "稍后处理",
        "pairs": "最近推荐的匹配",
        "missing": "请更正以下内容",
    },
    "en-GB": {
        "post": "Post a demand",
        "list": "List an outcome",
        "submit": "Save and submit",
        "publish": "Publish",
        "approve": "Approve and publish",
        "accepted": "Accepted",
        "dismissed": "Dismissed",
        "snoozed": "Snoozed",
        "pairs": "Recently suggested pairs",
        "missing": "Please correct the following",
    },
}
both_languages = pytest.mark.parametrize("language", WORDS)


@both_languages
def test_a_visitor_sees_suggested_pairs_and_finds_an_outcome(visit: Visit, language: str) -> None:
    page = visit(language=language)
    page.goto("/")
    expect(page.get_by_role("heading", name=WORDS[language]["pairs"])).to_be_visible()
    assert page.locator("#pairs li .pair").count() >= 3
    page.fill("#home-search", "环氧预浸料快速固化")
    page.keyboard.press("Enter")
    first = page.locator(".rows .row-title a").first
    expect(first).to_contain_text("快速固化环氧预浸料")
    first.click()
    expect(page.locator("h1")).to_contain_text("快速固化环氧预浸料")


@both_languages
def test_a_company_posts_a_demand_and_sees_its_suggestions(visit: Visit, language: str) -> None:
    words = WORDS[language]
    title = f"客滚船舱室降噪与主机隔振改造 {language}"
    page = visit("company", language)
    page.goto("/demands/new")
    page.fill("#title", title)
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("#error-summary")).to_contain_text(words["missing"])
    expect(page.locator("#title")).to_have_value(title)
    page.fill("#problem", "主机舱上方客房噪声超标，隔振器凭经验布置，效果不稳定。")
    page.fill("#target", "客房噪声不高于50分贝，主机浮筏隔振效率达到九成。")
    page.select_option("#kind", "product_upgrade")
    page.select_option("#field", "manufacturing")
    page.select_option("#solution_mode", "joint")
    page.locator("input[name=chains][value=ships]").check()
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("h1")).to_have_text(title)
    address = page.url

    broker = visit("broker", language)
    broker.goto(address)
    broker.get_by_role("button", name=words["publish"], exact=True).click()
    expect(broker.locator("#suggestions")).to_contain_text("船舶舱室噪声预报与浮筏隔振系统")

    page.goto("/matches/mine")
    expect(page.locator(".rows")).to_contain_text(title)


@both_languages
def test_a_researcher_lists_an_outcome_and_the_institution_approves(
    visit: Visit, language: str
) -> None:
    words = WORDS[language]
    title = f"苹果贮藏用可食性保鲜涂膜 {language}"
    page = visit("researcher", language)
    page.goto("/outcomes/new")
    page.fill("#title", title)
    page.fill(
        "#summary", "以海藻多糖为基料的可食性涂膜，延缓苹果采后褐变与失水，贮藏九个月优果率高。"
    )
    page.fill("#problem_solved", "苹果贮藏后果面褐变、优果率低。")
    page.fill("#advantage", "与气调库相比投资小，不用药剂。")
    page.select_option("#stage", "middle")
    page.select_option("#trl", "6")
    page.select_option("#field", "agriculture")
    page.locator("input[name=chains][value=specialty-crops]").check()
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("h1")).to_have_text(title)
    address = page.url

    manager = visit("manager", language)
    manager.goto(address)
    manager.get_by_role("button", name=words["approve"], exact=True).click()
    expect(manager.locator("#suggestions")).to_contain_text("苹果采后虎皮病和贮藏保鲜")


@both_languages
def test_a_broker_decides_by_keyboard_and_takes_a_decision_back(
    visit: Visit, language: str
) -> None:
    words = WORDS[language]
    page = visit("broker" if language == "zh-CN" else "broker2", language)
    page.goto("/match-review/?view=open")  # other stories may have emptied one's own queue
    shown = page.locator(".desk-queue [aria-current=true]")
    # A pair is known by its address: two may bear the same titles.
    first = shown.get_attribute("href") or ""
    _press(page, "a")
    # Another story may just have accepted something too: the next pair tells that this one has.
    expect(shown).not_to_have_attribute("href", first)
    expect(page.locator(".undo")).to_contain_text(words["accepted"])
    _press(page, "u")
    expect(shown).to_have_attribute("href", first)
    _press(page, "d")
    _press(page, "5")
    expect(page.locator(".undo")).to_contain_text(words["dismissed"])
    _press(page, "s")
    expect(page.locator(".undo")).to_contain_text(words["snoozed"])
    _press(page, "j")
    page.wait_for_url(re.compile(r"/match-review/.+"))
    page.goto("/match-review/?view=dismissed&mine=1")
    expect(page.locator(".desk-queue .rows li").first).to_be_visible()


def test_the_desk_works_without_javascript(visit: Visit, site: str) -> None:
    page = visit("broker2")
    state = page.context.storage_state()
    browser = page.context.browser
    assert browser
    context = browser.new_context(base_url=site, java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto("/match-review/?view=open")
    plain.locator("#dismissal summary").click()
    plain.locator("button[name=reason][value=field_mismatch]").click()
    expect(plain.locator(".undo")).to_be_visible()
    context.close()


def test_nobody_but_a_broker_reaches_the_desk(visit: Visit) -> None:
    page = visit("company")
    response = page.goto("/match-review/")
    assert response
    assert response.status == 403
    visitor = visit()
    visitor.goto("/match-review/")
    assert "/log-in" in visitor.url


def _press(page: Page, key: str) -> None:
    """Press a key once the page and its scripts are there."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)
