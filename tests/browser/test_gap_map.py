"""A visitor reads the gap map by keyboard; the bureau asks firms, one agrees and is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {
        "map": "产业链缺口图",
        "heat": "热力图：产业链 × 区市",
        "chain": "龙头企业与新业态",
        "district": "文登区",
        "file": "下载表格（CSV）",
        "named": "同意公开名称的企业",
        "own": "归入共性需求的本企业需求",
        "agree": "同意公开企业名称",
        "refuse": "不公开企业名称",
    },
    "en-GB": {
        "map": "Gap map",
        "heat": "Heat map: chains by districts",
        "chain": "Leading firms and new business forms",
        "district": "Wendeng District",
        "file": "Table as CSV",
        "named": "Firms that agree to be named",
        "own": "My demands in common needs",
        "agree": "Agree to be named",
        "refuse": "Do not name us",
    },
}
both_languages = pytest.mark.parametrize("language", WORDS)


@both_languages
def test_a_visitor_reads_the_map_by_keyboard_and_takes_the_table_away(
    visit: Visit, language: str
) -> None:
    words = WORDS[language]
    page = visit(None, language)
    page.goto("/")
    page.get_by_role("link", name=words["map"], exact=True).click()
    region = page.get_by_role("region", name=words["heat"])
    row = region.get_by_role("row", name=words["chain"])
    expect(row.get_by_role("rowheader")).to_have_text(words["chain"])
    expect(region.get_by_role("columnheader", name=words["district"])).to_be_visible()
    # The field says in words what it shows, and opens by the keyboard.
    field = row.get_by_role("link", name=f"{words['chain']} · {words['district']}")
    shown = field.locator(".heat-number").inner_text()
    field.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"{words['chain']} · {words['district']}")
    unmet, asked = (int(part) for part in shown.split("/"))
    demands = page.locator("a[href*='/demands/']")
    assert demands.count() == asked
    assert page.locator("li strong").count() == unmet
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name=words["file"]).click()
    assert "wellness-business" in download.value.path().read_text(encoding="utf-8-sig")


@both_languages
def test_a_firm_agrees_to_be_named_and_thinks_again(visit: Visit, language: str) -> None:
    words = WORDS[language]
    firm = visit("company3", language)
    firm.goto("/gap-map/")
    firm.get_by_role("link", name=words["own"]).click()
    firm.get_by_role("button", name=words["agree"]).click()
    title = firm.locator(".rows .row-title a").first.inner_text()
    assert title == "呼吸器气瓶在役声发射检测装置"
    visitor = visit(None, language)
    visitor.goto("/gap-map/")
    visitor.get_by_role("link", name="气瓶在役声发射检测").click()
    agreed = visitor.locator(f"h2:has-text('{words['named']}') + ul")
    expect(agreed).to_contain_text("泓康医用器材有限公司")
    firm.get_by_role("button", name=words["refuse"]).click()
    expect(firm.locator(".notice, [role=status]").first).to_be_visible()
    visitor.reload()
    expect(agreed).not_to_contain_text("泓康医用器材有限公司")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_page_of_the_map_is_accessible_and_fits(visit: Visit, width: str) -> None:
    public, officer = visit(None, width=width), visit("bureau", width=width)
    firm = visit("company", width=width)
    public.goto("/gap-map/")
    need = public.locator("a[href^='/common-needs/']").first.get_attribute("href") or ""
    for page, name, path in (
        (public, "gap-map", "/gap-map/"),
        (officer, "gap-map-bureau", "/gap-map/"),
        (officer, "gap-map-place", "/gap-map/wellness-business/wendeng"),
        (officer, "common-need", need),
        (firm, "need-consents", "/common-needs/consents"),
    ):
        page.goto(path)
        sound(page, f"{name}-{width}")
