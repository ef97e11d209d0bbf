"""A challenge: the bureau opens it, a researcher bids, experts score, the result is public."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import challenge_score
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DOMAIN
from matchmaker.store.challenge import Challenge, ChallengeBid
from matchmaker.store.organisation import User
from tests import builders
from tests.browser.soundness import sound

Visit = Callable[..., Page]
POINTS = {"drive": "80", "base": "70", "technical": "90", "financial": "60"}
WORDS = {
    "zh-CN": {
        "draft": "保存草稿",
        "argue": "记录论证意见",
        "publish": "发布",
        "bid": "我要揭榜",
        "submit": "提交方案",
        "close": "截止并开启方案",
        "begin": "开始评审",
        "give": "正式提交",
        "announce": "开启评分并公示",
        "object": "提交异议",
    },
    "en-GB": {
        "draft": "Save the draft",
        "argue": "Record the opinion",
        "publish": "Publish",
        "bid": "Bid for it",
        "submit": "Submit the bid",
        "close": "Close the call and open the bids",
        "begin": "Begin scoring",
        "give": "Submit for good",
        "announce": "Open the scores and announce",
        "object": "Send the objection",
    },
}


def _sound(page: Page, name: str) -> None:
    sound(page, f"challenge-{name}")


def _local(**later: float) -> str:
    """A time in China, as the form's field holds it."""
    return (datetime.now(UTC) + timedelta(hours=8, **later)).strftime("%Y-%m-%dT%H:%M")


def _over(world: Matchmaker, title: str) -> None:
    """Let the deadline pass, and have a second expert beside the broker."""
    with world.database.unit_of_work() as uow:
        call = uow.session.scalars(select(Challenge).where(Challenge.title == title)).one()
        call.bids_until = uow.now - timedelta(seconds=1)
        officer = uow.session.scalars(select(User).where(User.email == f"bureau@{DOMAIN}")).one()
        uow.session.refresh(officer, ["organisation"])
        broker = uow.session.scalars(select(User).where(User.email == f"broker@{DOMAIN}")).one()
        second = builders.user(uow, world.passwords, "researcher")
        for person in (broker, second):
            challenge_score.appoint(
                uow, actor_of(officer), challenge_id=call.public_id, user_id=person.public_id
            )


def _second_scores(world: Matchmaker, title: str) -> None:
    """The other expert gives the same points."""
    with world.database.unit_of_work() as uow:
        call = uow.session.scalars(select(Challenge).where(Challenge.title == title)).one()
        bid = uow.session.scalars(
            select(ChallengeBid.public_id).where(ChallengeBid.challenge_id == call.id)
        ).one()
        second = uow.session.scalars(select(User).order_by(User.id.desc()).limit(1)).one()
        uow.session.refresh(second, ["organisation"])
        points = {name: int(value) for name, value in POINTS.items()}
        challenge_score.save(
            uow, actor_of(second), bid_id=bid, points=points, comment="", submit=True
        )


def _published(bureau: Page, words: dict[str, str], title: str, language: str) -> str:
    """Draft, argue and publish a call; the address of its desk."""
    bureau.goto("/challenges/new")
    bureau.fill("#challenge-title", title)
    bureau.fill("#challenge-problem", "台风季后浮架开裂，两年更换三成。")
    bureau.fill("#challenge-target", "耐弯折、耐老化，完成一个养殖季的海上验证。")
    bureau.fill("#challenge-indicators", "弯曲疲劳寿命≥100万次\n老化2000 h强度保持率≥90 %")
    bureau.fill("#challenge-amount", "300")
    bureau.fill("#challenge-scores_needed", "2")
    _sound(bureau, f"form-{language}")
    bureau.get_by_role("button", name=words["draft"]).click()
    expect(bureau).to_have_url(re.compile("/manage"))
    desk = bureau.url
    bureau.fill("#argue-opinion", "问题真实，指标可检测，建议张榜。")
    bureau.fill("#argue-argued_by", "五位专家")
    bureau.get_by_role("button", name=words["argue"]).click()
    bureau.fill("#publish-bids_until", _local(days=9))
    _sound(bureau, f"argued-{language}")
    bureau.get_by_role("button", name=words["publish"], exact=True).click()
    expect(bureau.locator("#extend")).to_be_visible()
    return desk


def _bid(bidder: Page, words: dict[str, str], title: str, language: str) -> None:
    """Find the call, write a bid on a telephone, submit it."""
    bidder.goto("/challenges/")
    _sound(bidder, f"list-{language}-phone")
    bidder.get_by_role("link", name=title).click()
    _sound(bidder, f"open-{language}-phone")
    bidder.get_by_role("button", name=words["bid"]).click()
    for name in ("plan", "indicators", "base", "effect"):
        bidder.fill(f"#bid-{name}", "连续纤维缠绕，耐候树脂，三步验证。")
    bidder.fill("#name-1", "沈知微")
    bidder.fill("#organisation-1", "东屿理工大学")
    bidder.fill("#bid-funds", "260")
    _sound(bidder, f"bid-form-{language}-phone")
    bidder.get_by_role("button", name=words["submit"]).click()
    expect(bidder).to_have_url(re.compile(r"/bids/[^/]+$"))
    _sound(bidder, f"bid-{language}-phone")


@pytest.mark.parametrize("language", WORDS)
def test_a_call_is_answered_scored_and_announced(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words, title = WORDS[language], f"耐海水老化的碳纤维浮架 {language}"
    bureau = visit("bureau", language)
    desk = _published(bureau, words, title, language)
    _bid(visit("researcher", language, width="phone"), words, title, language)

    _over(world, title)
    bureau.goto(desk)
    bureau.get_by_role("button", name=words["close"]).click()
    expect(bureau.locator("#bids tbody tr")).to_have_count(1)
    bureau.fill("#scoring-scores_until", _local(days=5))
    _sound(bureau, f"closed-{language}")
    bureau.get_by_role("button", name=words["begin"]).click()

    expert = visit("broker", language)
    expert.goto(f"{desk.removesuffix('/manage')}/scoring")
    expert.locator("main ul.rows a").first.click()
    for name, value in POINTS.items():
        expert.fill(f"#score-{name}", value)
    _sound(expert, f"score-{language}")
    expert.get_by_role("button", name=words["give"]).click()
    expect(expert).to_have_url(re.compile("/scoring"))
    _sound(expert, f"tasks-{language}")
    _second_scores(world, title)

    bureau.goto(desk)
    expect(bureau.locator("#bids")).to_contain_text("2/2")
    bureau.get_by_role("button", name=words["announce"]).click()
    # 25 % of 80, 20 % of 70, 35 % of 90, 20 % of 60
    expect(bureau.locator("#ranking")).to_contain_text("77.50")
    _sound(bureau, f"ranking-{language}")
    firm = visit("company", language, width="phone")
    firm.goto(desk.removesuffix("/manage"))
    expect(firm.locator("#result")).to_contain_text("77.50")
    firm.fill("#objection-reason", "该试线并非其所有。")
    _sound(firm, f"publicity-{language}-phone")
    firm.get_by_role("button", name=words["object"]).click()
    expect(firm.locator("#objections")).to_be_visible()
    phone = visit("bureau", language, width="phone")
    phone.goto(desk)
    _sound(phone, f"objection-{language}-phone")
