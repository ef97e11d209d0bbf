"""The bureau reads its figures down to their events, and everybody takes the open data away."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {
        "figures": "指标",
        "funnel": "从需求到合同登记",
        "submitted": "提交的需求",
        "targets": "基期值与目标值",
        "save": "保存",
        "report": "生成报告（PDF）",
        "open": "开放数据",
    },
    "en-GB": {
        "figures": "Figures",
        "funnel": "From demand to registered contract",
        "submitted": "Demands submitted",
        "targets": "Baselines and targets",
        "save": "Save",
        "report": "Report as PDF",
        "open": "Open data",
    },
}
both_languages = pytest.mark.parametrize("language", WORDS)


@both_languages
def test_the_bureau_follows_a_figure_to_its_events_and_sets_a_target(
    visit: Visit, language: str
) -> None:
    words = WORDS[language]
    page = visit("bureau", language)
    page.get_by_role("link", name=words["figures"], exact=True).click()
    # The picture says in words what it shows.
    picture = page.get_by_role("img", name=words["funnel"])
    described = page.locator(f"#{picture.get_attribute('aria-labelledby').split()[1]}")  # type: ignore[union-attr]
    expect(described).to_contain_text(words["submitted"])
    row = page.locator("tr", has=page.get_by_role("rowheader", name=words["submitted"]))
    figure = row.locator("a.figure")
    count = int(figure.inner_text())
    assert count > 0
    figure.click()
    expect(page.locator("h1")).to_contain_text(words["submitted"])
    rows = page.locator("#events tbody tr").count()
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        rows += page.locator("#events tbody tr").count()
    assert rows == count
    page.locator(".breadcrumbs a").click()
    page.get_by_role("link", name=words["targets"]).click()
    page.fill("#target-firms", "40" if language == "en-GB" else "50")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.locator(".reached", has_text="%").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=words["report"]).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


@both_languages
def test_a_visitor_reads_the_counters_and_takes_the_records_away(
    visit: Visit, language: str
) -> None:
    words = WORDS[language]
    page = visit(None, language)
    page.goto("/")
    page.get_by_role("link", name=words["open"], exact=True).click()
    expect(page.locator("h1")).to_have_text(words["open"])
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON", exact=True).first.click()
    rows = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert len(rows) > 10
    page.goto(rows[0]["address"])
    expect(page.locator("h1")).to_have_text(rows[0]["title"])


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_page_of_figures_is_accessible_and_fits(visit: Visit, width: str) -> None:
    page = visit("bureau", width=width)
    for name, path in {
        "figures": "/figures/?period=",
        "figure-events": "/figures/submitted?period=",
        "targets": "/figures/targets",
        "open-data": "/open-data/",
    }.items():
        page.goto(path)
        sound(page, f"{name}-{width}")
