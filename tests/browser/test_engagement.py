"""From an accepted match to a held meeting, and where it ends early, as its people live it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.working_days import CHINA
from tests.browser.conftest import accepted_match
from tests.browser.soundness import sound

Visit = Callable[..., Page]

WORDS = {
    "zh-CN": {
        "introduce": "征询双方对接意愿",
        "ask": "征询双方",
        "yes": "同意对接",
        "agreement": "阅读并接受保密约定",
        "accept": "代表本方接受",
        "disclosed": "资料已披露",
        "plan": "安排",
        "keep": "保存纪要",
        "met": "首次会谈已完成",
        "send": "发送",
        "stage": "已会谈",
        "decline": "谢绝",
        "ended": "本次对接已结束",
    },
    "en-GB": {
        "introduce": "Introduce the two sides",
        "ask": "Ask both sides",
        "yes": "Yes, we want to talk",
        "agreement": "Read and accept the confidentiality agreement",
        "accept": "Accept for our side",
        "disclosed": "Documents have been disclosed",
        "plan": "Plan it",
        "keep": "Keep the minutes",
        "met": "The first talk has taken place",
        "send": "Send",
        "stage": "Met",
        "decline": "Decline",
        "ended": "This introduction has ended",
    },
}


def introduce(
    visit: Visit, language: str, world: Matchmaker, firm: str, school: str
) -> tuple[Page, str, str]:
    """The broker takes an accepted match up and asks both sides."""
    words = WORDS[language]
    match = accepted_match(world, firm, school)
    broker = visit("broker", language)
    broker.goto(f"/match-review/{match.public_id}")
    broker.get_by_role("link", name=words["introduce"]).click()
    broker.fill("#ask-company_message", "值得先谈一次试样。")
    broker.fill("#ask-institution_message", "对方指标与您的成果接近。")
    broker.get_by_role("button", name=words["ask"], exact=True).click()
    expect(broker.locator("h1")).to_be_visible()
    return broker, broker.url, match.demand.title


@pytest.mark.parametrize("language", WORDS)
def test_two_sides_are_brought_together_and_meet(
    visit: Visit, world: Matchmaker, language: str, tmp_path: Path
) -> None:
    words = WORDS[language]
    firm_name, school_name = "company3", "researcher3"
    broker, asked, title = introduce(visit, language, world, firm_name, school_name)
    firm, school = visit(firm_name, language), visit(school_name, language, "phone")
    for side in (firm, school):
        side.goto("/engagements/")
        side.get_by_role("link", name=title).first.click()
        assert side.url == asked
        side.get_by_role("button", name=words["yes"]).click()
    school.locator(".notice-success a").click()
    address = school.url
    expect(school.locator("main")).to_contain_text(f"{firm_name}@demo.matchmaker.example")
    for side in (firm, school):
        side.goto(address)
        side.get_by_role("link", name=words["agreement"]).click()
        side.get_by_role("button", name=words["accept"]).click()
        side.wait_for_url(address)
    school.get_by_role("button", name=words["disclosed"]).click()

    broker.goto(address)
    broker.locator("#meetings a").first.click()
    begun = datetime.now(CHINA) - timedelta(hours=1)
    broker.fill("#meeting-starts_at", begun.strftime("%Y-%m-%dT%H:%M"))
    broker.fill("#meeting-place", "https://meeting.example/42")
    broker.get_by_role("button", name=words["plan"], exact=True).click()
    broker.fill("#hold-minutes", "双方确认试样尺寸，两周内寄样。")
    broker.get_by_role("button", name=words["keep"]).click()
    broker.goto(address)
    broker.get_by_role("button", name=words["met"]).click()
    expect(broker.locator("[aria-current=step]")).to_have_text(words["stage"])

    report = tmp_path / "试验报告.pdf"
    report.write_bytes(b"%PDF-1.7\n%%EOF\n")
    firm.goto(address)
    firm.fill("#message-body", "试验报告见附件。")
    firm.set_input_files("#message-files", report)
    firm.get_by_role("button", name=words["send"], exact=True).click()
    school.goto(address)
    expect(school.locator("#thread")).to_contain_text("试验报告见附件。")
    with school.expect_download() as download:
        school.get_by_role("link", name="试验报告.pdf").click()
    assert download.value.suggested_filename == "试验报告.pdf"

    for outsider in ("company", "researcher", "broker2"):
        page = visit(outsider, language)
        response = page.goto(address)
        assert response
        assert response.status == 404


@pytest.mark.parametrize("language", WORDS)
def test_a_side_declines_with_a_reason(visit: Visit, world: Matchmaker, language: str) -> None:
    words = WORDS[language]
    broker, asked, _title = introduce(visit, language, world, "company2", "researcher2")
    firm = visit("company2", language)
    firm.goto(asked)
    firm.locator("#answer details summary").click()
    firm.select_option("#decline-reason", "timing")
    firm.fill("#decline-note", "明年再议")
    firm.get_by_role("button", name=words["decline"], exact=True).click()
    expect(firm.locator("main")).to_contain_text(words["ended"])
    broker.goto(asked)
    expect(broker.locator("main")).to_contain_text("明年再议")
    visitor = visit()
    visitor.goto(asked)
    assert "/log-in" in visitor.url


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("who", ["company", "broker", "bureau"])
def test_the_pages_are_accessible_and_fit(visit: Visit, who: str, width: str) -> None:
    page = visit(who, width=width)
    page.goto("/engagements/")
    addresses = [page.url]
    if who != "bureau":
        addresses += [
            f"{one.get_attribute('href')}"
            for one in page.locator(".board-card a, .rows .row-title a").all()[:2]
        ]
        addresses += ["/calendar/", f"{addresses[-1]}/agreement"]
    for address in addresses:
        response = page.goto(address)
        if response is None or response.status != 200:
            continue
        sound(page)
