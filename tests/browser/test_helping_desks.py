"""An association for its member, and a technology specialist for his firm."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.services.demo import DEMO_PASSWORD, DOMAIN
from matchmaker.store.organisation import Organisation, User
from tests import builders
from tests.browser.soundness import sound

Visit = Callable[..., Page]
WORDS = {
    "zh-CN": {
        "firm": "企业",
        "invite": "发出邀请",
        "accept": "同意入会",
        "unmatched": "暂无可用匹配",
        "address": "成果页面的网址",
        "recommend": "荐给企业",
        "want": "请经纪人对接",
        "waits": "待经纪人受理",
        "specialist": "科技专员",
        "first": "开始日期",
        "last": "结束日期",
        "ask": "征求企业同意",
        "consent": "同意",
        "draft": "代企业起草需求",
        "save": "保存",
        "diagnosis": "科技专员的诊断意见",
        "advice": "哪里含糊、缺什么、需要补充什么",
        "ready": "可以提交：请企业确认后提交",
        "give": "告知企业",
        "waiting": "专员认为可以提交的需求",
        "submit": "确认并提交",
    },
    "en-GB": {
        "firm": "Firm",
        "invite": "Invite it",
        "accept": "Accept the membership",
        "unmatched": "Without a usable match",
        "address": "Address of its page",
        "recommend": "Recommend to the firm",
        "want": "A broker shall look into it",
        "waits": "Waiting for a broker",
        "specialist": "Specialist",
        "first": "First day",
        "last": "Last day",
        "ask": "Ask the firm for its consent",
        "consent": "We consent",
        "draft": "Draft a demand for the firm",
        "save": "Save",
        "diagnosis": "Diagnosis by the technology specialist",
        "advice": "What is vague, what is missing, what to add",
        "ready": "It is ready: the firm is asked to submit it",
        "give": "Give it to the firm",
        "waiting": "Demands that your specialist finds ready",
        "submit": "Confirm and submit",
    },
}


def _sound(page: Page, name: str) -> None:
    sound(page, f"desks-{name}")


def _firm(world: Matchmaker, who: str) -> tuple[str, str]:
    """A new firm with a demand: its name and the demand's title."""
    with world.database.unit_of_work() as uow:
        home = builders.organisation(uow, "company", name=f"虚构{who}装备有限公司")
        user = builders.user(
            uow,
            world.passwords,
            "company",
            home,
            email=f"{who}@{DOMAIN}",
            password_hash=world.passwords.hash(DEMO_PASSWORD),
            is_manager=True,
        )
        return home.name, builders.demand(uow, user, title=f"{who} 水下缆绳防磨护套").title


@pytest.mark.parametrize("language", WORDS)
def test_an_association_brings_an_outcome_to_its_member(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words, who = WORDS[language], f"member-{language[:2]}"
    name, title = _firm(world, who)
    with world.database.unit_of_work() as uow:
        outcome = builders.outcome(
            uow, builders.user(uow, world.passwords, "researcher"), title=f"{who} 缆绳防磨涂层"
        )
        address = f"/outcomes/{outcome.public_id}"
    chair = visit("association", language)
    _sound(chair, f"association-home-{language}")
    chair.goto("/memberships/")
    chair.get_by_label(words["firm"]).fill(name)
    chair.get_by_role("button", name=words["invite"]).click()
    expect(chair.get_by_role("main")).to_contain_text(name)
    firm = visit(who, language, "phone")
    firm.goto("/memberships/")
    _sound(firm, f"memberships-{language}")
    accept = firm.get_by_role("button", name=words["accept"])
    accept.click()
    expect(accept).to_have_count(0)

    chair.goto("/association/?view=unmatched")
    _sound(chair, f"association-{language}")
    chair.get_by_role("link", name=title).click()
    _sound(chair, f"association-demand-{language}")
    chair.get_by_label(words["address"]).fill(address)
    chair.locator("#refer").get_by_role("button", name=words["recommend"]).click()

    firm.goto("/referrals/")
    _sound(firm, f"referrals-{language}")
    wanted = firm.get_by_role("button", name=words["want"])
    wanted.click()
    expect(wanted).to_have_count(0)
    chair.goto("/referrals/")
    row = chair.get_by_role("listitem").filter(has_text=title).first
    expect(row).to_contain_text(words["waits"])


@pytest.mark.parametrize("language", WORDS)
def test_a_specialist_drafts_for_his_firm_which_submits(
    visit: Visit, world: Matchmaker, language: str
) -> None:
    words, who = WORDS[language], f"placed-{language[:2]}"
    name, _title = _firm(world, who)
    officer = visit("bureau", language)
    officer.goto("/secondments/")
    form = officer.locator("#propose")
    form.get_by_label(words["firm"]).fill(name)
    with world.reading() as uow:
        person = uow.session.scalars(select(User).where(User.email == f"specialist@{DOMAIN}")).one()
        firm_id = uow.session.scalars(
            select(Organisation.public_id).where(Organisation.name == name)
        ).one()
        today = uow.now.date()
    form.get_by_label(words["specialist"]).select_option(person.public_id)
    form.get_by_label(words["first"]).fill(today.replace(day=1).isoformat())
    form.get_by_label(words["last"]).fill(today.replace(year=today.year + 1, day=1).isoformat())
    form.get_by_role("button", name=words["ask"]).click()
    expect(officer.get_by_role("listitem").filter(has_text=name).first).to_be_visible()
    _sound(officer, f"secondments-{language}")
    firm = visit(who, language, "phone")
    firm.goto("/secondments/")
    consent = firm.get_by_role("button", name=words["consent"], exact=True)
    consent.click()
    expect(consent).to_have_count(0)

    specialist = visit("specialist", language)
    _sound(specialist, f"specialist-home-{language}")
    specialist.get_by_role("link", name=name, exact=True).click()
    _sound(specialist, f"secondment-{language}")
    specialist.get_by_role("link", name=words["draft"]).click()
    assert f"firm={firm_id}" in specialist.url
    specialist.locator("#title").fill(f"{who} 缆绳护套耐磨寿命提升")
    specialist.get_by_role("button", name=words["save"], exact=True).last.click()
    specialist.get_by_role("link", name=words["diagnosis"]).click()
    _sound(specialist, f"diagnosis-{language}")
    specialist.get_by_label(words["advice"]).fill("请补充现有寿命与目标寿命。")
    specialist.get_by_label(words["ready"]).check()
    specialist.get_by_role("button", name=words["give"]).click()
    expect(specialist.get_by_role("main")).to_contain_text("请补充现有寿命与目标寿命。")

    firm.goto("/")
    expect(firm.get_by_role("main")).to_contain_text(words["waiting"])
    firm.goto(specialist.url)
    _sound(firm, f"diagnosis-firm-{language}")
    expect(firm.get_by_role("button", name=words["submit"])).to_be_visible()
    expect(firm.get_by_role("main")).to_contain_text("请补充现有寿命与目标寿命。")
