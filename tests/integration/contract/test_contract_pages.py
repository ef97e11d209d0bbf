"""A contract through its pages, by each side and by the bureau."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.contract import Contract
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client, Page
from tests.integration.contract import engaged
from tests.integration.contract.engaged import NUMBER, OFFICE

Browser = Callable[..., Client]
People = dict[str, User]
FILLED = {
    "title": "快速固化技术开发合同",
    "type": "development",
    "development_kind": "commissioned",
    "subject": "快速固化树脂",
    "acceptance": "固化时间≤8分钟",
    "starts_on": "2026-04-01",
    "ends_on": "2027-03-31",
    "amount_total": "120",
    "deducted_equipment": "20",
    "deduction_note": "固化压机一台",
    "payment_mode": "instalments",
    "payments-0-label": "首付",
    "payments-0-amount": "48",
    "payments-1-label": "验收",
    "payments-1-amount": "72",
    "ip_ownership": "company",
    "related": "none",
}


@pytest.fixture
def visit(people: People, browser: Browser) -> Callable[..., Client]:
    def open_browser(role: str, language: str = "en") -> Client:
        made = browser(language=language)
        made.log_in(people[role])
        return made

    return open_browser


@pytest.fixture
def draft(platform: Matchmaker, people: People, engagement: Engagement) -> Contract:
    with platform.unit_of_work() as uow:
        return engaged.drafted(uow, people, engagement)


def filled(client: Client, engagement: Engagement, **changes: Any) -> Page:
    return client.post_form(
        f"/contracts/new/{engagement.public_id}", FILLED | changes, form="/contracts/new"
    )


def test_a_contract_goes_through_its_pages_to_the_bureaus_figures(
    visit: Callable[..., Client], engagement: Engagement
) -> None:
    broker, company, researcher = visit("broker"), visit("company"), visit("researcher")
    first = broker.get(f"/engagements/{engagement.public_id}")
    assert f"/contracts/new/{engagement.public_id}" in first.text
    page = filled(broker, engagement).location
    assert page in broker.get(f"/engagements/{engagement.public_id}").text
    assert "CNY 1,000,000" in company.get(page).words
    for side in (company, researcher):
        side.submit(side.get(page), form="/confirm")
    assert "Confirmed by both" in broker.get(page).words
    broker.submit(broker.get(page), {"signed_on": "2026-03-01"}, form="/sign")
    assert "one stage behind" in broker.get(page).words
    researcher.post_form(
        f"{page}/register",
        {"number": "2026 3710 0000 0001", "registered_on": "2026-03-02", "office": OFFICE},
    )
    assert NUMBER in company.get(page).words
    bureau = visit("bureau")
    home = bureau.get("/")
    assert "CNY 1,200,000" in home.words
    assert "/contracts/?counted=yes" in home.text
    listed = bureau.get("/contracts/?counted=yes")
    assert FILLED["title"] in listed.words
    assert "2026-Q1" in listed.words
    [link] = {link for link in listed.links() if "/contracts/registered/" in link}
    seen = bureau.get(link).words
    assert "CNY 1,000,000" in seen
    assert FILLED["acceptance"] not in seen
    bureau.get(page, status=403)


def test_what_was_typed_stays_and_is_computed_without_saving(
    visit: Callable[..., Client], engagement: Engagement
) -> None:
    broker = visit("broker")
    address = f"/contracts/new/{engagement.public_id}"
    page = broker.submit(
        broker.get(address),
        FILLED | {"payments-1-amount": "70", "then": "compute"},
        form="/contracts/new",
        status=200,
    )
    assert "CNY 1,000,000" in page.words
    assert "difference: CNY 20,000" in page.words
    wrong = broker.submit(
        broker.get(address),
        FILLED | {"deducted_other": "101", "payments-1-amount": "viel", "then": "save"},
        form="/contracts/new",
        status=422,
    )
    assert "more than the whole contract" in wrong.words
    assert "Row 2" in wrong.words
    assert "快速固化树脂" in wrong.text
    rows = broker.submit(
        broker.get(address), FILLED | {"then": "rows"}, form="/contracts/new", status=200
    )
    assert "payments-5-amount" in rows.text


def test_an_incomplete_draft_says_what_is_missing_and_where(
    visit: Callable[..., Client], engagement: Engagement
) -> None:
    broker = visit("broker", "zh_Hans")
    page = filled(broker, engagement, related="", acceptance="").location
    shown = broker.get(page)
    assert "双方确认前还需补充" in shown.words
    assert f"{page}/edit#acceptance" in shown.links()
    company = visit("company")
    assert "can be confirmed once nothing is missing" in company.get(page).words
    company.press(f"{page}/confirm", {"revision": "1"}, status=422)
    company.press(f"{page}/confirm", {"revision": "x"}, status=409)


def test_a_change_that_lost_a_race_keeps_what_was_typed(
    visit: Callable[..., Client], draft: Contract
) -> None:
    company, researcher = visit("company"), visit("researcher")
    address = f"/contracts/{draft.public_id}/edit"
    mine, theirs = company.get(address), researcher.get(address)
    researcher.submit(theirs, {"subject": "对方的标的"}, form=address)
    page = company.submit(mine, {"subject": "我方的标的"}, form=address, status=409)
    assert "我方的标的" in page.text
    assert "Somebody else changed this contract" in page.words


def test_the_pre_check_lists_what_is_missing_and_prints(
    visit: Callable[..., Client], draft: Contract
) -> None:
    company = visit("company", "zh_Hans")
    page = company.get(f"/contracts/{draft.public_id}/check")
    for text in ("缺少 2 项", "双方签章", "发票与到账凭证", "登记机构认定"):
        assert text in page.words
    sheet = company.get(f"/contracts/{draft.public_id}/summary")
    assert "签字、盖章、日期" in sheet.words
    assert "100 万元" in sheet.words


def test_registration_is_refused_until_number_and_days_are_right(
    platform: Matchmaker, people: People, visit: Callable[..., Client], draft: Contract
) -> None:
    company = visit("company")
    address = f"/contracts/{draft.public_id}/register"
    company.get(address, status=409)
    with platform.unit_of_work() as uow:
        engaged.signed(uow, people, draft)
    page = company.post_form(
        address, {"number": "12", "registered_on": "2026-02-01", "office": ""}, status=422
    )
    for text in ("16 digits", "before the day of the signatures", "missing"):
        assert text in " ".join(page.errors())
    company.post_form(
        address,
        {"number": "1999990000000000", "registered_on": "2026-03-02", "office": OFFICE},
    )
    shown = company.get(f"/contracts/{draft.public_id}")
    assert "compare the registration number" in shown.words


def test_a_correction_and_a_withdrawal_need_reasons(
    platform: Matchmaker, people: People, visit: Callable[..., Client], draft: Contract
) -> None:
    with platform.unit_of_work() as uow:
        engaged.registered(uow, people, draft)
    broker, bureau = visit("broker"), visit("bureau")
    address = f"/contracts/{draft.public_id}"
    wrong = broker.post_form(
        f"{address}/correct", {"deducted_equipment": "40"}, form="/correct", status=422
    )
    assert "missing" in " ".join(wrong.errors())
    broker.post_form(
        f"{address}/correct",
        {"deducted_equipment": "40", "reason": "核减设备费"},
        form="/correct",
    )
    words = bureau.get(f"/contracts/registered/{draft.public_id}").words
    assert "核减设备费" in words
    assert "CNY 800,000" in words
    page = broker.get(address)
    broker.submit(page, {"reason": " "}, form="/withdraw", status=422)
    broker.submit(page, {"reason": "合同解除"}, form="/withdraw")
    assert "合同解除" in broker.get(address).words
    bureau.get(f"/contracts/registered/{draft.public_id}", status=404)
    assert "No registered contract here" in bureau.get("/contracts/").words


def test_the_reward_page_is_the_institutions_alone(
    visit: Callable[..., Client], draft: Contract
) -> None:
    researcher = visit("researcher")
    address = f"/contracts/{draft.public_id}/reward"
    assert address in researcher.get(f"/contracts/{draft.public_id}").text
    wrong = researcher.post_form(address, {"share": "120"}, status=422)
    assert wrong.errors()
    researcher.post_form(address, {"share": "60", "costs": "10"})
    words = researcher.get(address).words
    assert "CNY 540,000" in words
    assert "the tax office decides" in words
    for role in ("company", "broker", "bureau"):
        other = visit(role)
        other.get(address, status=403)
        assert address not in other.get("/").text


def test_the_reward_page_says_that_the_contracts_type_excludes_what_was_entered(
    visit: Callable[..., Client], platform: Matchmaker, draft: Contract
) -> None:
    researcher = visit("researcher")
    address = f"/contracts/{draft.public_id}/reward"
    researcher.post_form(address, {"basis": "agreed", "share": "10"})
    assert "does not allow it" not in researcher.get(address).words
    with platform.database.unit_of_work() as uow:
        stored = uow.session.get_one(Contract, draft.id)
        stored.type, stored.development_kind = "transfer", None
    words = researcher.get(address).words
    assert "does not allow it" in words
    assert "CNY 500,000" in words


def test_nobody_else_reaches_any_page_of_a_contract(
    platform: Matchmaker, people: People, browser: Browser, draft: Contract
) -> None:
    with platform.unit_of_work() as uow:
        strangers = [
            builders.user(uow, platform.passwords, role)
            for role in ("company", "researcher", "broker")
        ]
        strangers.append(
            builders.user(uow, platform.passwords, "researcher", engaged.home(uow, strangers[1]))
        )
    base = f"/contracts/{draft.public_id}"
    for person in (*strangers, people["bureau"], people["administrator"]):
        reader = browser()
        reader.log_in(person)
        status = 403 if person.role in ("bureau", "administrator") else 404
        for path in ("", "/edit", "/check", "/summary", "/register", "/correct"):
            reader.get(f"{base}{path}", status=status)
        for action in ("sign", "withdraw", "abandon", "reopen"):
            reader.press(f"{base}/{action}", {"signed_on": "2026-03-01"}, status=status)
        if person.role != "bureau":
            reader.get("/contracts/", status=403)
            reader.get("/contracts/export.csv", status=403)
            reader.get(f"/contracts/registered/{draft.public_id}", status=403)
    assert "/log-in" in browser().get(base, status=303).location


def test_the_table_to_take_away_has_no_contact_data_and_no_formula(
    platform: Matchmaker, people: People, visit: Callable[..., Client], engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        engaged.home(uow, people["company"]).region_code = "rongcheng"
        made = engaged.drafted(uow, people, engagement, title="=HYPERLINK(1)技术开发合同")
        engaged.registered(uow, people, made)
    bureau = visit("bureau", "zh_Hans")
    answer = bureau.get("/contracts/export.csv?quarter=2026-Q1")
    assert answer.headers["Content-Type"].startswith("text/csv")
    heading, row = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    found = dict(zip(heading, row, strict=True))
    assert found["合同登记编号"] == NUMBER
    assert found["合同名称"].startswith("'=")
    assert (found["合同成交额（万元）"], found["技术交易额（万元）"]) == ("120", "100")
    assert found["区域"] == "荣成市"
    for person in people.values():
        assert person.email not in answer.text
        assert person.name not in answer.text


def test_a_related_contract_is_listed_as_not_counted(
    platform: Matchmaker, people: People, visit: Callable[..., Client], engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement, related="related", related_note="控股")
        engaged.registered(uow, people, made)
    bureau = visit("bureau")
    assert "related parties, not counted" in bureau.get("/contracts/").words
    assert made.title not in bureau.get("/contracts/?counted=yes").words
    assert "CNY 1,200,000" not in bureau.get("/").words
    for strange in ("quarter=2026-Q9", "type=x", "region=x", "counted=x", "page=99"):
        bureau.get(f"/contracts/?{strange}")


def test_the_bureaus_list_asks_no_question_for_each_row(
    platform: Matchmaker,
    people: People,
    visit: Callable[..., Client],
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    bureau = visit("bureau")

    def register(place: int) -> None:
        with platform.unit_of_work() as uow:
            where = engaged.engagement(
                uow, people["company"], people["researcher"], people["broker"]
            )
            made = engaged.drafted(uow, people, where)
            engaged.registered(
                uow, people, made, number=f"20263710{place:08d}", on=date(2026, 3, 1)
            )

    register(1)
    one = count_queries(lambda: bureau.get("/contracts/"))
    for place in range(2, 8):
        register(place)
    assert count_queries(lambda: bureau.get("/contracts/")) == one
