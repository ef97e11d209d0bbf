"""A consortium, from the demand's page to the introduction of a member."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services.demo import DOMAIN
from matchmaker.store.demand import Demand, DemandIndicator
from matchmaker.store.organisation import User
from tests import builders
from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {
        "look": "查找联合体",
        "up": "采纳并发起对接",
        "open": "仍有缺口",
    },
    "en-GB": {
        "look": "Look for a consortium",
        "up": "Take it up and introduce",
        "open": "What stays open",
    },
}


@pytest.fixture
def demand(world: Matchmaker) -> Demand:
    """A new demand of the demo company that mixes three matters of the demo world."""
    with world.unit_of_work() as uow:
        owner = uow.session.scalars(select(User).where(User.email == f"company@{DOMAIN}")).one()
        made = builders.demand(
            uow,
            owner,
            title="智能便携票据终端整机攻关",
            problem="打印头在含沙热敏纸上使用三个月后保护层磨穿。现有感光鼓在高湿环境下电位衰减快。",
            key_technology="耐磨保护膜的材料体系与低温沉积工艺；碳纤维钓竿的轻量化铺层设计。",
            target="整机在零下四十摄氏度环境连续工作一千小时。",
        )
        made.indicators = [
            DemandIndicator(
                position=0, name="打印寿命", comparator="ge", value=150, unit="km", condition=""
            )
        ]
        return made


@pytest.mark.parametrize("language", WORDS)
def test_a_consortium_is_read_by_its_company_and_taken_up_by_a_broker(
    visit: Visit, demand: Demand, language: str
) -> None:
    words = WORDS[language]
    for width in ("desk", "phone"):
        own = visit("company", language, width=width)
        own.goto(f"/demands/{demand.public_id}")
        own.get_by_role("link", name=words["look"]).click()
        expect(own.locator("table.matrix tbody tr")).not_to_have_count(0)
        expect(own.get_by_role("heading", name=words["open"])).to_be_visible()
        assert own.locator("table.matrix thead th").count() >= 3
        sound(own, f"consortium-{language}-{width}")

    broker = visit("broker", language)
    broker.goto(f"/consortia/{demand.public_id}")
    steps = broker.locator("#members .inline-form button, #members a.button")
    expect(steps.first).to_be_visible()
    sound(broker, f"consortium-broker-{language}")
    proposed = broker.get_by_role("button", name=words["up"])
    if proposed.count():
        proposed.first.click()
        expect(broker).to_have_url(re.compile("/introductions/matches/"))
        expect(broker.locator("main form button").first).to_be_visible()
