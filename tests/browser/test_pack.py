"""An agency takes its material along, and a researcher a profile for partners abroad."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services.demo import DOMAIN
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {
        "pack": "备案与评价材料",
        "turnover": "成交额",
        "pdf": "生成 PDF",
        "csv": "表格",
        "activity": "活动记录",
        "profile": "英文简介",
        "write": "填写英文文本",
        "save": "保存",
        "held": "以上由规则",
    },
    "en-GB": {
        "pack": "Material for filing and evaluation",
        "turnover": "Contract amount",
        "pdf": "As PDF",
        "csv": "As a table",
        "activity": "Activity record",
        "profile": "Profile in English",
        "write": "Write the English texts",
        "save": "Save",
        "held": "Found by rules",
    },
}
both_languages = pytest.mark.parametrize("language", WORDS)


def _agency(world: Matchmaker) -> str:
    with world.reading() as uow:
        return uow.session.scalars(
            select(Organisation.public_id)
            .join(User, User.organisation_id == Organisation.id)
            .where(User.email == f"broker@{DOMAIN}")
        ).one()


def _outcome(world: Matchmaker) -> str:
    with world.reading() as uow:
        return uow.session.scalars(
            select(Outcome.public_id)
            .join(User, User.id == Outcome.author_id)
            .where(User.email == f"researcher@{DOMAIN}", Outcome.state == "published")
            .order_by(Outcome.id)
        ).first()  # type: ignore[return-value]


def _downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    return download.value.path().read_bytes()


@both_languages
def test_an_agencys_manager_follows_a_condition_to_its_events_and_takes_the_files(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words = WORDS[language]
    page = visit("broker", language)
    page.goto(f"/organisations/{_agency(world)}")
    page.get_by_role("link", name=words["pack"]).click()
    expect(page.locator("h1")).to_have_text(words["pack"])
    page.locator("tr", has_text=words["turnover"]).first.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text(words["turnover"])
    assert page.locator("#events tbody tr").count() >= 1
    page.locator(".breadcrumbs a").click()
    assert _downloaded(page, words["pdf"]).startswith(b"%PDF")
    assert words["turnover"] in _downloaded(page, words["csv"]).decode("utf-8-sig")
    page.locator(".site-nav summary").click()
    page.get_by_role("link", name=words["activity"]).click()
    expect(page.locator("h1")).to_have_text(words["activity"])
    assert page.locator("#events tbody tr").count() >= 3
    assert _downloaded(page, words["pdf"]).startswith(b"%PDF")


@both_languages
def test_a_researcher_writes_english_and_takes_a_profile_along(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words = WORDS[language]
    page = visit("researcher", language)
    page.goto(f"/outcomes/{_outcome(world)}")
    page.get_by_role("link", name=words["profile"]).click()
    page.get_by_role("link", name=words["write"]).click()
    page.fill("#title_en", f"Prepreg that cures in five minutes ({language})")
    page.get_by_role("button", name=words["save"], exact=True).last.click()
    page.get_by_role("link", name=words["profile"]).click()
    expect(page.locator("#sheet h2")).to_have_text(
        f"Prepreg that cures in five minutes ({language})"
    )
    expect(page.locator("main")).to_contain_text(words["held"])
    assert _downloaded(page, words["pdf"]).startswith(b"%PDF")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_page_is_accessible_and_fits(visit: Visit, world: Matchmaker, width: str) -> None:
    agency, outcome = _agency(world), _outcome(world)
    page = visit("broker", width=width)
    for name, path in {
        "pack": f"/packs/{agency}/",
        "pack-events": f"/packs/{agency}/contracts",
        "activity": "/activity/?whose=agency",
        "profile": f"/profiles/outcome/{outcome}",
        "home-broker": "/",
        "events-demo": "/events/",
    }.items():
        page.goto(path)
        sound(page, f"{name}-{width}")
    # The demo world has an event that was held and one that is planned.
    assert page.locator("main a", has_text="示例").count() >= 2
