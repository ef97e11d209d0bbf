"""A firm posts an anonymous demand from what it has: one paragraph, or a filled-in Word form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import documents
from tests.browser.soundness import sound

Visit = Callable[..., Page]

WORDS = {
    "zh-CN": {
        "fill": "自动填表",
        "check": "自动填入，请核对",
        "submit": "保存并提交",
        "leak": "以下内容会暴露身份",
        "clean": "没有发现暴露身份的词语",
        "saved": "草稿已于",
        "offer": "冲击韧性 ≥67 %",
        "state": "待审核",
        "anonymous": "匿名",
        "return": "说明原因并退回",
        "changed": "退回后的修改",
        "text": (
            "我公司目前采用热压罐成型风电叶片碳纤维构件，单件成型周期25分钟，合格率只有七成。"
            "希望寻求一种大尺寸碳纤维构件快速模压成型技术，成型周期缩短到8分钟以内，孔隙率不高于1%。"
            "设备购自青岛晨星机械有限公司。可与高校合作研发，预算80-120万元。联系电话13812345678。"
        ),
        "company": "青岛晨星机械有限公司",
        "more": "抗冲击韧性≥67%。",
    },
    "en-GB": {
        "fill": "Fill the form from it",
        "check": "filled from your text: please check",
        "submit": "Save and submit",
        "leak": "This would tell who you are",
        "clean": "Nothing was found in the public text",
        "saved": "Draft saved at",
        "offer": "impact toughness ≥67 %",
        "state": "Awaiting review",
        "anonymous": "Anonymous",
        "return": "Return with reasons",
        "changed": "Changed since it was returned",
        "text": (
            "Our press line for carbon fibre parts is too slow today: 25 minutes a part. "
            "We are looking for a fast-curing resin system for large parts with a cycle time of at "
            "most 8 minutes. The press comes from Northwind Machines Co., Ltd. in Qingdao."
        ),
        "company": "Northwind Machines Co., Ltd.",
        "more": " An impact toughness ≥ 67 % is needed.",
    },
}
both_languages = pytest.mark.parametrize("language", WORDS)


def _complete(page: Page) -> None:
    """What the text did not say."""
    for name, value in (
        ("kind", "key_technology"),
        ("field", "materials"),
        ("solution_mode", "joint"),
        ("disclosure", "anonymous"),
    ):
        page.select_option(f"#{name}", value)
    page.locator("input[name=chains][value=carbon-fibre]").check()
    if not page.input_value("#target"):
        page.fill("#target", page.input_value("#title"))


@both_languages
def test_a_firm_posts_an_anonymous_demand_from_one_paragraph(visit: Visit, language: str) -> None:
    words = WORDS[language]
    page = visit("company", language)
    page.goto("/demands/start")
    page.fill("#text", words["text"])
    page.get_by_role("button", name=words["fill"]).click()
    page.wait_for_url("**/edit*")
    expect(page.get_by_text(words["check"]).first).to_be_visible()
    assert "13812345678" not in page.content()

    target = page.locator("#target")
    target.fill(target.input_value() + words["more"])
    offer = page.locator("#assist-offers button", has_text=words["offer"])
    offer.click()
    expect(offer).to_have_count(0)
    assert "67" in [
        page.input_value(f"#indicators-{row}-value")
        for row in range(page.locator("[name^=indicators-][name$=-value]").count())
    ]
    _complete(page)
    expect(page.locator("#assist-check")).to_contain_text(words["leak"])
    expect(page.locator("#assist-check")).to_contain_text(words["company"])
    expect(page.locator("#autosave")).to_contain_text(words["saved"])

    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("#error-summary")).to_be_visible()
    for name in ("problem", "target", "description", "constraints", "key_technology"):
        text = page.input_value(f"#{name}")
        if words["company"] in text:
            page.fill(f"#{name}", text.replace(words["company"], "…"))
    expect(page.locator("#assist-check")).to_contain_text(words["clean"])
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("main")).to_contain_text(words["state"])
    expect(page.locator("main")).to_contain_text(words["anonymous"])
    address = page.url

    broker = visit("broker", language)
    broker.goto(address)
    broker.fill("#note", "请补充 TRL")
    broker.get_by_role("button", name=words["return"]).click()
    page.goto(f"{address}/edit")
    expect(page.locator("main")).to_contain_text("请补充 TRL")
    page.select_option("#lowest_trl", "5")
    page.get_by_role("button", name=words["submit"]).click()
    page.wait_for_url(address)
    broker.goto(address)
    expect(broker.locator("#changes")).to_contain_text(words["changed"])
    expect(broker.locator("#changes ins")).to_contain_text("TRL 5")


@both_languages
def test_a_firm_posts_an_anonymous_demand_from_a_word_form(visit: Visit, language: str) -> None:
    words = WORDS[language]
    page = visit("company", language)
    page.goto("/demands/start")
    page.set_input_files(
        "#document",
        {
            "name": "form.docx",
            "mimeType": "application/octet-stream",
            "buffer": documents.docx_form(),
        },
    )
    page.get_by_role("button", name=words["fill"]).click()
    page.wait_for_url("**/edit*")
    assert page.input_value("#title") == "大尺寸碳纤维构件快速模压成型"
    assert page.input_value("#budget_max") == "80"
    page.fill("#title", f"大尺寸碳纤维构件快速模压成型 {language}")
    _complete(page)
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.locator("main")).to_contain_text(words["state"])


def test_the_form_works_without_javascript(visit: Visit, site: str) -> None:
    page = visit("company")
    browser = page.context.browser
    assert browser
    context = browser.new_context(
        base_url=site,
        locale="zh-CN",
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )
    plain = context.new_page()
    plain.goto("/demands/new")
    plain.fill("#title", "没有脚本也能填写")
    plain.fill("#target", "孔隙率不高于1%。")
    plain.locator("[data-check]").click()
    plain.locator("#assist-offers button").click()
    assert plain.input_value("#indicators-0-name") == "孔隙率"
    plain.locator("#title").press("Enter")
    expect(plain.locator("h1")).to_have_text("没有脚本也能填写")
    context.close()


def test_a_lost_race_is_told_while_typing(visit: Visit) -> None:
    page = visit("company")
    page.goto("/demands/new")
    page.fill("#title", "两人同时修改")
    expect(page.locator("#autosave")).to_contain_text("草稿已于")
    page.wait_for_url(re.compile(r"/demands/[^/]+/edit"))
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("#problem", "同事写的问题")
    other.locator(".button[name=then][value=save]").click()
    other.wait_for_url(re.compile(r"/demands/[^/]+$"))
    page.fill("#problem", "我写的问题")
    expect(page.locator("#autosave")).to_contain_text("其他人已修改")
    page.locator(".button[name=then][value=save]").click()
    expect(page.locator("main")).to_contain_text("同事写的问题")
    assert page.input_value("#problem") == "我写的问题"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_start_and_a_filled_form_are_accessible_and_fit(visit: Visit, width: str) -> None:
    page = visit("company", width=width)
    page.goto("/demands/start")
    sound(page)
    page.fill("#text", WORDS["zh-CN"]["text"])
    page.locator("main form").first.locator("button").click()
    page.wait_for_url("**/edit*")
    page.select_option("#disclosure", "anonymous")
    expect(page.locator("#assist-check mark").first).to_be_visible()
    sound(page)
