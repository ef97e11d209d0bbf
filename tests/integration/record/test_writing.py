"""Writing demands and outcomes through their forms."""

from __future__ import annotations

import html
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome
from tests import builders
from tests.integration.record.conftest import People
from tests.integration.record.visitor import fields_of, public_id_in

DEMAND = {
    "title": "大尺寸碳纤维构件低成本成型",
    "kind": "key_technology",
    "problem": "单件成型 25 分钟，三分之一有气孔。",
    "key_technology": "快速固化树脂。",
    "target": "单件 8 分钟以内。",
    "constraints": "不换压机。",
    "description": "第一行\n第二行",
    "keywords": "碳纤维\n模压",
    "field": "materials",
    "industry": "C3829",
    "chains": ["carbon-fibre"],
    "solution_mode": "joint",
    "budget_min": "30",
    "budget_max": "80.5",
    "period_months": "12",
    "lowest_trl": "5",
    "region_preference": "huancui",
    "ip_expectation": "共有",
    "clarity": "clear",
    "disclosure": "public",
    "recipients": "",
    "expires_on": "2026-08-01",
    "indicators-0-name": "孔隙率",
    "indicators-0-comparator": "le",
    "indicators-0-value": "0.8",
    "indicators-0-unit": "%",
    "indicators-0-condition": "常温",
    "indicators-1-name": "固化温度",
    "indicators-1-comparator": "between",
    "indicators-1-value": "120",
    "indicators-1-value_high": "150",
    "indicators-1-unit": "℃",
}
OUTCOME = {
    "title": "五分钟固化预浸料",
    "summary": "面向模压的快速固化预浸料。",
    "problem_solved": "热固性件成型慢。",
    "advantage": "周期为热压罐的五分之一。",
    "economics": "每件省 40 元。",
    "description": "",
    "principle": "潜伏性固化剂。",
    "stage": "middle",
    "trl": "6",
    "trl_evidence": "中试报告",
    "scenes": "汽车\n无人机",
    "deployments": "",
    "keywords": "预浸料",
    "field": "materials",
    "ipc": "C08J 5/24",
    "chains": ["carbon-fibre"],
    "ownership": "虚构材料研究院",
    "conversion_modes": ["licence", "joint"],
    "licence_kind": "ordinary",
    "price_mode": "range",
    "price_min": "20",
    "price_max": "60",
    "use_before_pay": "y",
    "team": "甲\n乙",
    "registration_number": "",
    "provenance": "local",
    "expires_on": "",
    "indicators-0-name": "固化时间",
    "indicators-0-comparator": "le",
    "indicators-0-value": "5",
    "indicators-0-unit": "min",
    "ip-0-kind": "invention",
    "ip-0-number": "202310000000.0",
    "ip-0-status": "granted",
    "ip-0-owners": "虚构材料研究院",
}
CASES = [("demand", "company", DEMAND), ("outcome", "researcher", OUTCOME)]


def _only(platform: Matchmaker, model: type[Demand | Outcome] = Demand) -> Any:
    """The one record that is stored, as it stands now."""
    with platform.reading() as uow:
        found = uow.session.scalars(select(model)).one()
        uow.session.expunge_all()
    return found


@pytest.mark.parametrize(("noun", "who", "values"), CASES)
def test_what_was_saved_stands_in_the_form_again(
    people: People, noun: str, who: str, values: dict[str, object]
) -> None:
    author = people(who)
    blank = author.form(f"/{noun}s/new")
    where = author.send(f"/{noun}s/new", blank | values, then="save")
    shown = author.form(f"{where}/edit")
    for name, value in values.items():
        if name == "use_before_pay":
            assert shown[name] == ["y"]
        elif isinstance(value, list):
            assert sorted(shown[name]) == sorted(value)
        else:
            assert shown[name] == value, name
    author.send(f"{where}/edit", shown, then="save")
    again = author.form(f"{where}/edit")
    assert {key: again[key] for key in shown if key not in ("version", "csrf_token")} == {
        key: shown[key] for key in shown if key not in ("version", "csrf_token")
    }


@pytest.mark.parametrize(("noun", "who", "_values"), CASES)
def test_a_title_is_enough_for_a_draft(
    people: People, noun: str, who: str, _values: object
) -> None:
    author = people(who)
    where = author.send(f"/{noun}s/new", title="只有标题", then="save")
    page = author.get(where)
    assert "只有标题" in page
    assert "Draft" in page
    people("administrator").get(where, 404)
    people().get(where, 404)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize(("noun", "who", "values"), CASES)
def test_a_mistake_loses_nothing_that_was_typed(
    people: People, noun: str, who: str, values: dict[str, object], language: str
) -> None:
    author = people(who, language)
    blank = author.form(f"/{noun}s/new")
    wrong = values | {
        "title": "\u3000 ",
        "expires_on": "morgen",
        "keywords": "\n".join("一二三四五六"),
        "indicators-0-value": "viel",
        "description": "x" * 20_001,
    }
    page = author.send(f"/{noun}s/new", blank | wrong, 422, then="save")
    shown = fields_of(page)
    for name, value in wrong.items():
        if isinstance(value, list) or name == "use_before_pay":
            continue
        assert shown[name].strip() == str(value).strip(), name
    assert page.count('aria-invalid="true"') >= 3
    assert 'id="error-summary"' in page
    assert page.index('id="error-summary"') < page.index('name="title"')


def test_each_mistake_is_told_at_its_field(people: People) -> None:
    author = people("company")
    page = author.send(
        "/demands/new",
        DEMAND
        | {
            "budget_min": "90",
            "lowest_trl": "12",
            "industry": "carbon",
            "period_months": "a year",
            "problem": "x" * 501,
            "target": "bell \a",
            "expires_on": "2020-01-01",
            "recipients": "谁",
        },
        422,
        then="save",
    )
    for text in (
        "This must not be less than the lower value.",
        "Write a number from 1 to 9.",
        "This is not in the form that is expected here.",
        "Write a number here.",
        "501 characters are too many; at most 500 are possible.",
        "There is a control character (U+0007) at position 6. Remove it.",
        "Recipients may be named for a directed demand only.",
    ):
        assert text in page, text
    page = author.send("/demands/new", DEMAND | {"expires_on": "2020-01-01"}, 422, then="save")
    assert "This day is over. Choose a later one." in page


def test_a_mistake_in_a_row_names_the_row_as_it_stands_on_the_page(people: People) -> None:
    typed = {"title": "行", "indicators-0-name": "", "indicators-2-name": "硬度"}
    typed |= {"indicators-2-comparator": "ge", "indicators-2-value": "hard"}
    page = people("company").send("/demands/new", typed, 422, then="save")
    assert "Row 2 Value: Write a number here." in page or (
        "Row 3 Value: Write a number here." in page
    )


def test_rows_are_added_without_losing_what_was_typed(people: People) -> None:
    author = people("company")
    blank = author.form("/demands/new")
    before = [name for name in blank if name.endswith("-value")]
    page = author.send("/demands/new", blank | {"title": "未完 <b>"}, 200, then="rows")
    shown = fields_of(page)
    assert shown["title"] == "未完 <b>"
    assert len([name for name in shown if name.endswith("-value")]) == len(before) + 3


def test_submitting_asks_for_what_is_missing_and_keeps_the_draft(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    page = author.send(
        "/demands/new", {"title": "半成品", "disclosure": "public"}, 422, then="submit"
    )
    assert "This is needed before the record can be submitted." in page
    assert "Saved as a draft" in page
    stored = _only(platform)
    assert stored.state == "draft"
    shown = fields_of(page)
    assert shown["version"] == str(stored.version)
    author.send(f"/demands/{stored.public_id}/edit", shown | DEMAND, then="submit")
    assert _only(platform).state == "submitted"


def test_an_unverified_organisation_saves_drafts_but_submits_nothing(
    people: People, platform: Matchmaker
) -> None:
    author = people("pending")
    assert "Save and submit" not in author.get("/demands/new")
    page = author.send("/demands/new", DEMAND, 422, then="submit")
    assert "has not been verified yet" in page
    stored = _only(platform)
    assert stored.state == "draft"
    page = author.send(f"/demands/{stored.public_id}/submit", status=422)
    assert "has not been verified yet" in page


@pytest.mark.parametrize(("noun", "who", "values"), CASES)
def test_html_in_any_field_is_shown_as_text(
    people: People, platform: Matchmaker, noun: str, who: str, values: dict[str, object]
) -> None:
    attack = "<img src=x onerror=alert(1)>\"'&"
    short = {"industry", "expires_on", "period_months", "ipc", "provenance", "recipients"}
    choices = {"kind", "field", "stage", "trl", "lowest_trl", "region_preference", "clarity"}
    choices |= {"solution_mode", "disclosure", "licence_kind", "price_mode", "use_before_pay"}
    typed = {
        name: value
        if name in short | choices
        or isinstance(value, list)
        or name.startswith(("budget", "price"))
        or name.endswith(("-value", "-value_high", "-comparator", "-kind", "-status"))
        else attack[:30]
        if name in ("keywords", "registration_number")
        else attack
        for name, value in values.items()
    }
    author = people(who)
    where = author.send(f"/{noun}s/new", typed, then="submit")
    reviewer = people("broker" if noun == "demand" else "bureau")
    for page in (author.get(where), reviewer.get(where), reviewer.get("/to-review")):
        assert "<img src=x" not in page
        assert html.escape("<img src=x") in page
    page = author.get(f"/{noun}s/mine")
    assert "<img src=x" not in page
    assert _only(platform, Demand if noun == "demand" else Outcome).title == attack


def test_two_editors_at_once_see_what_differs_and_lose_nothing(
    people: People, platform: Matchmaker
) -> None:
    author, colleague = people("company"), people("colleague")
    where = author.send("/demands/new", DEMAND, then="save")
    mine, theirs = author.form(f"{where}/edit"), colleague.form(f"{where}/edit")
    colleague.send(
        f"{where}/edit", theirs | {"title": "同事的标题", "indicators-0-value": "0.7"}, then="save"
    )
    page = author.send(
        f"{where}/edit", mine | {"title": "我的标题", "problem": "我的问题"}, 409, then="save"
    )
    assert "同事的标题" in page
    assert "孔隙率 ≤ 0.7 % 常温" in page
    shown = fields_of(page)
    assert shown["title"] == "我的标题"
    assert shown["problem"] == "我的问题"
    assert _only(platform).title == "同事的标题"
    author.send(f"{where}/edit", shown, then="save")
    assert _only(platform).title == "我的标题"


def test_editing_keeps_confidential_values_that_no_form_shows(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    where = author.send("/demands/new", DEMAND, then="save")
    with platform.unit_of_work() as uow:
        stored = uow.session.scalars(select(Demand)).one()
        stored.current_state, stored.partner_wanted = "机密甲", "机密乙"
    form = author.form(f"{where}/edit")
    assert not CONFIDENTIAL_FIELDS & form.keys()
    forged = form | {"title": "新标题", "current_state": "forged", "partner_wanted": "forged"}
    author.send(f"{where}/edit", forged, then="save")
    stored = _only(platform)
    assert (stored.title, stored.current_state) == ("新标题", "机密甲")
    assert stored.partner_wanted == "机密乙"


def test_a_published_demand_keeps_its_last_day_when_the_field_is_emptied(
    people: People, platform: Matchmaker
) -> None:
    with platform.unit_of_work() as uow:
        author = uow.session.scalars(select(User).where(User.email == people.emails["company"]))
        made = builders.demand(uow, author.one(), chains=["carbon-fibre"])
        where, last = f"/demands/{made.public_id}", made.expires_on
    browser = people("company")
    browser.send(f"{where}/edit", browser.form(f"{where}/edit") | {"expires_on": ""}, then="save")
    stored = _only(platform)
    assert (stored.state, stored.expires_on) == ("published", last)


def test_a_directed_demand_opens_to_its_institutions_alone(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    page = author.send("/demands/new", DEMAND | {"disclosure": "directed"}, 422, then="submit")
    assert "A directed demand needs at least one institution." in page
    directed = DEMAND | {"disclosure": "directed", "recipients": "没有这家"}
    page = author.send("/demands/new", directed, 422, then="submit")
    assert "No institution is registered under this name." in page
    where = author.send("/demands/new", directed | {"recipients": "虚构材料研究院"}, then="submit")
    people("broker").send(f"{where}/publish")
    people("researcher").get(where)
    people("outsider").get(where, 404)
    people().get(where, 404)
    assert author.form(f"{where}/edit")["recipients"] == "虚构材料研究院"
    with platform.reading() as uow:
        assert {mail.recipient for mail in uow.session.scalars(select(OutboxMail))} == {
            people.emails["bureau"],
            people.emails["company"],
        }


def test_deleting_a_draft_leaves_no_page(people: People) -> None:
    author = people("company")
    where = author.send("/demands/new", DEMAND, then="save")
    assert author.send(f"{where}/delete") == "/demands/mine"
    author.get(where, 404)
    assert public_id_in(where) not in author.get("/demands/mine")
