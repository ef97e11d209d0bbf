"""An event: made, invited to, answered, planned, announced, printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import Actor
from matchmaker.services import event_party
from matchmaker.services.demo import DOMAIN
from matchmaker.store.event import Event, EventParty
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from tests import builders
from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {
        "new": "新建对接会",
        "save": "保存",
        "invite": "邀请所选",
        "come": "参加",
        "plan": "排桌",
        "announce": "通知各方",
        "print": "打印桌次表",
        "yours": "您的洽谈安排",
    },
    "en-GB": {
        "new": "New event",
        "save": "Save",
        "invite": "Invite the chosen",
        "come": "We come",
        "plan": "Make the table plan",
        "announce": "Announce the plan",
        "print": "Table plan to print",
        "yours": "Your meetings",
    },
}


def _sound(page: Page, name: str) -> None:
    sound(page, f"event-{name}")


MATTERS = (
    "热敏打印头耐磨保护膜",
    "海参多糖酶解提取工艺",
    "永磁同步电机转子结构",
    "低温冷库节能控制",
)


@pytest.fixture
def guests(world: Matchmaker) -> None:
    """Firms and teams beside those of the demo world, all with something to talk about."""
    with world.database.unit_of_work() as uow:
        demands, outcomes = [], []
        for what in MATTERS:
            firm = builders.user(uow, world.passwords, "company")
            team = builders.user(uow, world.passwords, "researcher")
            demands.append(builders.demand(uow, firm, title=f"{what}需求"))
            outcomes.append(builders.outcome(uow, team, title=f"{what}技术"))
        for demand, outcome in product(demands, outcomes):
            uow.session.add(
                Match(
                    demand_id=demand.id, outcome_id=outcome.id, score=0.6, level=2, rank=1,
                    explanation={}, engine_version="test", created_at=uow.now,
                )
            )  # fmt: skip


def _others_come(world: Matchmaker, title: str) -> None:
    """Everybody invited says yes but the demo company, who answers by the page."""
    with world.database.unit_of_work() as uow:
        rows = uow.session.execute(
            select(EventParty, User)
            .join(Event, EventParty.event_id == Event.id)
            .join(User, EventParty.contact_id == User.id)
            .where(Event.title == title, User.email != f"company@{DOMAIN}")
        ).all()
        for party, user in rows:
            actor = Actor(
                user_id=user.id,
                role=user.role,
                organisation_id=user.organisation_id,
                verified=True,
            )
            event_party.answer(uow, actor, party_id=party.public_id, coming=True, free=range(6))


@pytest.mark.usefixtures("guests")
@pytest.mark.parametrize("language", WORDS)
def test_an_event_is_planned_and_everybody_has_his_meetings(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words, title = WORDS[language], f"先进制造对接会 {language}"
    begin = (datetime.now(UTC) + timedelta(days=10)).strftime("%Y-%m-%dT09:00")
    broker = visit("broker", language)
    broker.goto("/events/")
    broker.get_by_role("link", name=words["new"]).first.click()
    broker.fill("#event-title", title)
    broker.fill("#event-place", "国际会展中心二楼")
    broker.fill("#event-starts_at", begin)
    broker.fill("#event-slots", "6")
    _sound(broker, f"form-{language}")
    broker.get_by_role("button", name=words["save"], exact=True).click()
    expect(broker).to_have_url(re.compile("/candidates"))
    for box in broker.locator("input[name=chosen]").all():
        box.check()
    _sound(broker, f"candidates-{language}")
    broker.get_by_role("button", name=words["invite"]).click()
    expect(broker.locator("#parties tbody tr").first).to_be_visible()
    address = broker.url

    firm = visit("company", language, width="phone")
    firm.goto("/events/")
    firm.get_by_role("link", name=title).click()
    _sound(firm, f"invitation-{language}-phone")
    firm.locator("#free-0").uncheck()
    firm.get_by_role("button", name=words["come"], exact=True).click()
    expect(firm.locator("#free-0")).not_to_be_checked()
    _others_come(world, title)

    broker.goto(address)
    broker.get_by_role("button", name=words["plan"]).click()
    expect(broker.locator("#plan tbody tr").first).to_be_visible()
    broker.get_by_role("button", name=words["announce"]).click()
    expect(broker.locator("main .badge").first).to_be_visible()
    _sound(broker, f"show-{language}")
    broker.get_by_role("link", name=words["print"]).click()
    expect(broker.locator("table.seating")).to_be_visible()
    _sound(broker, f"tables-{language}")

    firm.reload()
    expect(firm.get_by_role("heading", name=words["yours"])).to_be_visible()
    _sound(firm, f"meetings-{language}-phone")
    phone = visit("broker", language, width="phone")
    phone.goto(address)
    _sound(phone, f"show-{language}-phone")
