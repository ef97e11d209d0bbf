"""From a draft to a registered contract that the bureau counts, as its sides live it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.permissions import Actor
from matchmaker.services import engagement, introduction, meeting
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DOMAIN
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import User
from tests.browser.conftest import accepted_match
from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {
        "title": "海缆阻水胶快速固化技术开发合同",
        "confirm": "确认第",
        "sign": "记录为已签订",
        "register": "填报登记信息",
        "registered": "记录为已登记",
        "state": "已登记",
        "counted": "计入统计",
        "uncounted": "关联交易，不计入统计",
        "save": "保存",
        "edit": "修改合同",
        "sixteen": "16 位",
        "technical": "100 万元",
        "step": "合同已签订",
    },
    "en-GB": {
        "title": "快速固化阻水胶 Technology development contract",
        "confirm": "Confirm version",
        "sign": "Record as signed",
        "register": "Record the registration",
        "registered": "Record as registered",
        "state": "Registered",
        "counted": "counted",
        "uncounted": "related parties, not counted",
        "save": "Save",
        "edit": "Edit the contract",
        "sixteen": "16 digits",
        "technical": "CNY 1,000,000",
        "step": "The contract is signed",
    },
}
SIDES = ("company", "researcher")
both_languages = pytest.mark.parametrize("language", WORDS)


def drafting(world: Matchmaker) -> str:
    """Two demo sides brought to the drafting of their contract, every step through its use case."""
    days = world.calendar
    match = accepted_match(world, "company", "researcher")
    with world.database.unit_of_work() as uow:
        people: dict[str, User] = {
            name: uow.session.scalars(
                select(User)
                .where(User.email == f"{name}@{DOMAIN}")
                .options(joinedload(User.organisation))
            ).one()
            for name in ("company", "researcher", "broker")
        }
        actors: dict[str, Actor] = {name: actor_of(user) for name, user in people.items()}
        broker = actors["broker"]
        asked = introduction.ask(uow, broker, match_id=match.public_id, calendar=days)
        for name in ("company", "researcher"):
            introduction.accept(uow, actors[name], introduction_id=asked.public_id, calendar=days)
        talks = uow.session.scalars(
            select(Engagement.public_id).where(Engagement.introduction_id == asked.id)
        ).one()
        for name in ("company", "researcher"):
            engagement.accept_nda(
                uow,
                actors[name],
                engagement_id=talks,
                name="某人",
                version=NDA_VERSION,
                calendar=days,
            )
        engagement.step(uow, broker, engagement_id=talks, action="disclose", calendar=days)
        plan = meeting.Plan(starts_at=uow.now, minutes_long=60, place="腾讯会议")
        made = meeting.plan(uow, broker, engagement_id=talks, plan=plan)
        meeting.hold(uow, broker, meeting_id=made.public_id, minutes="已商定主要条款。")
        for action in ("meet", "agree_terms", "draft"):
            engagement.step(
                uow, broker, engagement_id=talks, action=action, note="已有试验数据", calendar=days
            )
        return talks


def write(page: Page, talks: str, words: dict[str, str], *, related: str) -> str:
    """Fill the guided form from the engagement's page; returns the contract's address."""
    page.goto(f"/engagements/{talks}")
    page.locator("#contract a").click()
    return enter_terms(page, words, related=related)


def enter_terms(page: Page, words: dict[str, str], *, related: str) -> str:
    """Fill the guided form that is open and save it; returns the contract's address."""
    page.fill("#title", words["title"])
    page.select_option("#type", "development")
    page.select_option("#development_kind", "commissioned")
    page.fill("#subject", "阻水胶配方与固化工艺")
    page.fill("#acceptance", "固化时间不超过8分钟")
    page.fill("#starts_on", "2026-12-01")
    page.fill("#ends_on", "2027-11-30")
    page.fill("#amount_total", "120")
    page.fill("#deducted_equipment", "20")
    page.fill("#deduction_note", "固化压机一台")
    page.select_option("#payment_mode", "instalments")
    for row, amount in enumerate(("48", "70")):
        page.fill(f"#payments-{row}-amount", amount)
    page.select_option("#ip_ownership", "company")
    page.select_option("#related", related)
    if related == "related":
        page.fill("#related_note", "院所持股企业三成")
    page.locator("button[name=then][value=compute]").click()
    expect(page.locator("#computed")).to_contain_text(words["technical"])
    page.fill("#payments-1-amount", "72")
    page.locator("button[name=then][value=save]").click()
    expect(page.locator("h1")).to_have_text(words["title"])
    return page.url


def sign(
    visit: Visit, address: str, words: dict[str, str], language: str, sides: tuple[str, str] = SIDES
) -> Page:
    """Both sides confirm, and one records the signatures: its page."""
    for who in sides:
        side = visit(who, language)
        side.goto(address)
        side.locator("form[action$='/confirm'] button").click()
    side.locator("#signed_on").fill("2026-11-20")
    side.get_by_role("button", name=words["sign"]).click()
    return side


def register(side: Page, words: dict[str, str], number: str) -> None:
    """What was signed is registered, after a number that is refused."""
    side.get_by_role("link", name=words["register"]).click()
    side.fill("#number", "12345")
    side.fill("#registered_on", "2026-11-24")
    side.fill("#office", "威海市技术合同登记机构")
    side.get_by_role("button", name=words["registered"]).click()
    expect(side.locator("#error-summary")).to_contain_text(words["sixteen"])
    side.fill("#number", number)
    side.get_by_role("button", name=words["registered"]).click()
    expect(side.locator(".row-meta").first).to_contain_text(words["state"])
    expect(side.locator(".lead-facts")).to_contain_text(number.replace(" ", ""))


def counted(page: Page) -> int:
    """How many contracts the bureau's home page counts."""
    page.goto("/")
    return int(page.locator("#contract-figures dd").first.inner_text())


@both_languages
def test_a_contract_is_agreed_signed_registered_and_counted(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words = WORDS[language]
    talks = drafting(world)
    bureau = visit("bureau", language)
    before = counted(bureau)
    assert before >= 1  # the demo world has one
    broker = visit("broker", language)
    address = write(broker, talks, words, related="none")
    number = f"2026 3710 0000 {1 if language == 'en-GB' else 2:04d}"
    register(sign(visit, address, words, language), words, number)
    broker.goto(f"/engagements/{talks}")
    expect(broker.locator("#next")).to_contain_text(words["step"])
    assert counted(bureau) == before + 1
    bureau.locator("#contract-figures a").first.click()
    row = bureau.locator(".contract-table tr", has_text=number.replace(" ", ""))
    expect(row).to_contain_text(words["technical"])
    row.locator("a").click()
    expect(bureau.locator("main")).to_contain_text(words["counted"])


@both_languages
def test_a_contract_between_related_parties_is_registered_and_not_counted(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words = WORDS[language]
    talks = drafting(world)
    bureau = visit("bureau", language)
    before = counted(bureau)
    address = write(visit("broker", language), talks, words, related="related")
    number = f"202637100000{3 if language == 'en-GB' else 4:04d}"
    register(sign(visit, address, words, language), words, number)
    assert counted(bureau) == before
    bureau.goto("/contracts/")
    row = bureau.locator(".contract-table tr", has_text=number)
    expect(row).to_contain_text(words["uncounted"])
    bureau.goto("/contracts/?counted=yes")
    expect(bureau.locator("main")).not_to_contain_text(number)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_page_of_a_contract_is_accessible_and_fits(
    visit: Visit, world: Matchmaker, width: str
) -> None:
    talks = drafting(world)
    page = visit("researcher", width=width)
    address = write(page, talks, WORDS["zh-CN"], related="none")
    paths = {"contract": "", "contract-form": "/edit", "contract-check": "/check"}
    for name, path in (paths | {"contract-sheet": "/summary", "reward": "/reward"}).items():
        page.goto(f"{address}{path}")
        sound(page, f"{name}-{width}")
    bureau = visit("bureau", width=width)
    bureau.goto("/contracts/")
    sound(bureau, f"contracts-{width}")
