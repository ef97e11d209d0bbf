"""A confidential part: written, opened under an agreement, read against a receipt, closed again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.soundness import sound

Visit = Callable[..., Page]

WORDS = {
    "zh-CN": {
        "ours": "我方保密内容",
        "theirs": "对方保密内容",
        "save": "保存",
        "open": "开放",
        "read": "查阅保密内容",
        "summary": "收回",
        "close": "立即收回",
        "gone": "对方已收回",
        "ask": "请求查阅",
    },
    "en-GB": {
        "ours": "Your confidential part",
        "theirs": "Their confidential part",
        "save": "Save",
        "open": "Open it",
        "read": "Open the confidential part",
        "summary": "Close it again",
        "close": "Close at once",
        "gone": "The owner has closed it",
        "ask": "Ask for access",
    },
}


def _confidential(visit: Visit, who: str, language: str, link: str) -> Page:
    """From somebody's board of engagements to a confidential part."""
    page = visit(who, language)
    page.goto("/engagements/")
    page.locator(".board-card a").first.click()
    page.get_by_role("link", name=link).click()
    return page


@pytest.mark.parametrize("language", WORDS)
def test_a_confidential_part_is_opened_read_and_closed_again(visit: Visit, language: str) -> None:
    words = WORDS[language]
    secret = f"固化剂配比与升温曲线，{language}"
    owner = _confidential(visit, "company", language, words["ours"])
    owner.fill("#current_state", secret)
    owner.get_by_role("button", name=words["save"], exact=True).click()
    institution = owner.locator("#counterparts option").first.get_attribute("value")
    assert institution
    owner.fill("#organisation", institution)
    owner.fill("#reason", "已签保密约定，便于准备试样")
    sound(owner)
    owner.locator("#give").get_by_role("button", name=words["open"], exact=True).click()
    expect(owner.locator("#grants .badge-good")).to_be_visible()

    reader = _confidential(visit, "researcher", language, words["theirs"])
    expect(reader.locator("main")).not_to_contain_text(secret)
    sound(reader)
    reader.get_by_role("button", name=words["read"]).click()
    expect(reader.locator(".watermarked")).to_contain_text(secret)
    name = reader.locator(".account-nav summary").first.inner_text().split()[0]
    expect(reader.locator(".watermark-line").first).to_contain_text(name)
    sound(reader)

    owner.reload()
    expect(owner.locator("#receipts table")).to_contain_text(name)
    owner.locator("#grants summary", has_text=words["summary"]).first.click()
    owner.locator("#grants details[open] textarea").fill("资料有更新")
    owner.get_by_role("button", name=words["close"]).click()
    expect(owner.locator("#grants .badge-good")).to_have_count(0)

    address = owner.url
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text(words["gone"])
    expect(reader.get_by_role("button", name=words["read"])).to_have_count(0)
    expect(reader.get_by_role("button", name=words["ask"])).to_be_visible()
    stranger = visit("broker", language)
    refused = stranger.goto(address)
    assert refused is not None
    assert refused.status == 403
