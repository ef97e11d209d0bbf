"""Amounts, payments and what has to be agreed; signing, registering, the pre-check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.contract import (
    NAMES,
    ContractTerms,
    Identity,
    Payment,
    clean_contract,
    is_counted,
    is_related,
    lacking,
    paid,
    schedule_problems,
)
from matchmaker.domain.contract_check import Standing, pre_check
from matchmaker.domain.contract_registration import (
    clean_registration,
    clean_signature,
    is_number,
    number_doubts,
    plain_number,
)
from matchmaker.domain.contract_vocabulary import (
    CHECK_STATES,
    CONTRACT_STATES,
    CONTRACT_TYPES,
)
from matchmaker.domain.fields import InvalidFields

TODAY = date(2026, 3, 2)
WAN = st.integers(0, 9_999_999_999).map(lambda yuan: Decimal(yuan) / 10_000)
COMPLETE: dict[str, Any] = {
    "title": "碳纤维快速固化技术开发合同",
    "type": "development",
    "development_kind": "commissioned",
    "subject": "快速固化预浸料的配方与工艺",
    "acceptance": "固化时间≤8分钟，按附件一检验",
    "ip_ownership": "company",
    "starts_on": "2026-04-01",
    "ends_on": "2027-03-31",
    "payment_mode": "instalments",
    "amount_total": "120",
    "deducted_equipment": "20",
    "deducted_materials": "4.5",
    "deduction_note": "固化设备一台及试验树脂",
    "payments": [
        {"label": "首付", "due_on": "2026-04-10", "amount": "48"},
        {"label": "验收", "due_on": "", "amount": "72"},
    ],
    "related": "none",
}


def terms(**changes: Any) -> ContractTerms:
    return clean_contract(COMPLETE | changes)


def wrong(**changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidFields) as found:
        terms(**changes)
    return found.value.fields


def absent(**changes: Any) -> dict[str, str]:
    return {problem.field: problem.code for problem in lacking(terms(**changes))}


def test_a_complete_contract_lacks_nothing_and_its_technical_amount_is_what_is_left() -> None:
    made = terms()
    assert lacking(made) == ()
    assert made.amount_technical == Decimal("95.5")


def test_a_draft_needs_its_name_alone() -> None:
    made = clean_contract({"title": "合同"})
    assert {problem.field for problem in lacking(made)} >= {"type", "amount_total", "related"}
    with pytest.raises(InvalidFields):
        clean_contract({"title": " "})


def test_more_cannot_be_deducted_than_is_paid() -> None:
    assert wrong(deducted_other="95.5001") == {"deducted_other": "more_than_total"}
    assert terms(deducted_other="95.5").amount_technical == 0
    assert wrong(amount_total="")["amount_total"] == "missing"
    assert wrong(deducted_materials="-1")["deducted_materials"] == "out_of_range"


def test_the_kind_of_development_is_kept_for_developments_only() -> None:
    assert terms(type="transfer").development_kind is None
    assert absent(development_kind="") == {"development_kind": "missing_to_confirm"}
    assert absent(type="service", development_kind="") == {}


def test_shared_ownership_needs_a_clause_and_related_parties_say_how() -> None:
    assert absent(ip_ownership="joint") == {"ip_clause": "missing_to_confirm"}
    assert absent(ip_ownership="joint", ip_clause="各占一半") == {}
    assert absent(related="related") == {"related_note": "missing_to_confirm"}
    assert absent(deduction_note="") == {"deduction_note": "missing_to_confirm"}


def test_the_period_is_in_order() -> None:
    assert wrong(ends_on="2026-03-31") == {"ends_on": "not_in_order"}


def test_a_lump_sum_without_rows_is_one_payment_and_a_royalty_without_amount_is_the_whole() -> None:
    made = terms(payment_mode="lump_sum", payments=[])
    assert made.payments == (Payment(amount=Decimal(120)),)
    royalty = terms(payment_mode="royalty", payments=[], royalty_terms="净销售额的3%")
    assert royalty.amount_royalty == 120
    assert lacking(royalty) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"payment_mode": "lump_sum"}, {"payments": "count_lump_sum"}),
        ({"payments": [{"amount": "120"}]}, {"payments": "count_instalments"}),
        ({"payments": [{"amount": "60"}, {"amount": "59.9999"}]}, {"payments": "not_adding_up"}),
        ({"payment_mode": "royalty", "royalty_terms": "3%"}, {"payments": "not_adding_up"}),
        (
            {"payment_mode": "mixed", "royalty_terms": "3%"},
            {"amount_royalty": "missing_to_confirm"},
        ),
        ({"amount_royalty": "5"}, {"amount_royalty": "no_royalty", "payments": "not_adding_up"}),
        (
            {"payment_mode": "mixed", "payments": [{"amount": "20"}], "amount_royalty": "100"},
            {"royalty_terms": "missing_to_confirm"},
        ),
    ],
)
def test_payments_fit_their_mode_and_add_up(
    changes: dict[str, Any], expected: dict[str, str]
) -> None:
    found = {problem.field: problem.code for problem in schedule_problems(terms(**changes))}
    assert found == expected


def test_a_row_without_an_amount_is_named_by_its_number() -> None:
    with pytest.raises(InvalidFields) as found:
        terms(payments=[{"label": "首付", "amount": "120"}, {"label": "验收"}])
    [problem] = found.value.problems
    assert (problem.field, problem.values["number"]) == ("payments", 2)


@given(total=WAN, equipment=WAN, materials=WAN, other=WAN)
def test_the_technical_amount_lies_between_nothing_and_the_whole(
    total: Decimal, equipment: Decimal, materials: Decimal, other: Decimal
) -> None:
    raw = {
        "title": "t",
        "amount_total": str(total),
        "deducted_equipment": str(equipment),
        "deducted_materials": str(materials),
        "deducted_other": str(other),
    }
    deducted = equipment + materials + other
    if deducted > total:
        with pytest.raises(InvalidFields):
            clean_contract(raw)
        return
    made = clean_contract(raw)
    assert made.amount_technical == total - deducted
    assert 0 <= made.amount_technical <= total


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=24), st.integers(-5, 5))
def test_instalments_stand_exactly_when_they_add_up(yuan: list[int], off: int) -> None:
    total = sum(yuan) + off
    if total <= 0:
        return
    made = ContractTerms(
        title="t",
        payment_mode="instalments",
        amount_total=Decimal(total) / 10_000,
        payments=tuple(Payment(amount=Decimal(one) / 10_000) for one in yuan),
    )
    codes = [problem.code for problem in schedule_problems(made)]
    assert codes == ([] if off == 0 else ["not_adding_up"])
    assert paid(made) == Decimal(sum(yuan)) / 10_000


def test_parties_are_related_when_they_say_so_or_are_one_and_the_same() -> None:
    one, other = Identity(organisation_id=1), Identity(organisation_id=2)
    assert not is_related(terms(), one, other)
    assert is_related(terms(related="related", related_note="控股"), one, other)
    assert is_related(terms(), one, replace(one))
    coded = Identity(organisation_id=3, credit_code="91371000MA3C0000X1")
    assert is_related(terms(), coded, replace(coded, organisation_id=4))
    assert not is_related(terms(), one, replace(other, credit_code=""))


def test_only_registered_contracts_of_unrelated_parties_count() -> None:
    for state in CONTRACT_STATES:
        assert is_counted(state, related=False) is (state == "registered")
        assert not is_counted(state, related=True)


@pytest.mark.parametrize(
    "written", ["2026370200001234", "2026-3702 0000-1234", "２０２６３７０２００００１２３４"]
)
def test_a_number_is_sixteen_digits_however_it_is_typed(written: str) -> None:
    made = clean_registration(
        {"number": written, "registered_on": "2026-03-02", "office": "威海市技术合同登记机构"},
        signed_on=date(2026, 2, 20),
        today=TODAY,
    )
    assert made.number == "2026370200001234"
    assert number_doubts(made.number, made.registered_on) == ()


@pytest.mark.parametrize("written", ["", "123", "2026370200001234X", "202637020000123", "一" * 16])
def test_what_has_not_sixteen_digits_is_refused(written: str) -> None:
    with pytest.raises(InvalidFields) as found:
        clean_registration(
            {"number": written, "registered_on": "2026-03-01", "office": "o"},
            signed_on=None,
            today=TODAY,
        )
    assert set(found.value.fields) == {"number"}


@given(st.text(max_size=24))
def test_whatever_is_typed_is_a_number_only_with_sixteen_ascii_digits(written: str) -> None:
    number = plain_number(written)
    assert is_number(number) == (len(number) == 16 and set(number) <= set("0123456789"))


def test_an_unusual_number_is_doubted_but_kept() -> None:
    made = clean_registration(
        {"number": "9999000000000000", "registered_on": "2026-03-02", "office": "o"},
        signed_on=None,
        today=TODAY,
    )
    assert number_doubts(made.number, made.registered_on) == ("year", "region")


def test_days_come_in_order_and_have_come() -> None:
    raw = {"number": "2026370200001234", "registered_on": "2026-02-19", "office": "o"}
    with pytest.raises(InvalidFields) as found:
        clean_registration(raw, signed_on=date(2026, 2, 20), today=TODAY)
    assert found.value.fields == {"registered_on": "before_signed"}
    with pytest.raises(InvalidFields) as found:
        clean_registration(raw | {"registered_on": "2026-03-03"}, signed_on=None, today=TODAY)
    assert found.value.fields == {"registered_on": "in_the_future"}
    with pytest.raises(InvalidFields) as found:
        clean_signature({"signed_on": "", "scan_sha256": "zz"}, today=TODAY)
    assert found.value.fields == {"signed_on": "missing", "scan_sha256": "wrong_shape"}
    signed = clean_signature({"signed_on": "2026-03-02", "scan_sha256": "AB" * 32}, today=TODAY)
    assert signed.scan_sha256 == "ab" * 32


def test_the_pre_check_says_what_is_met_missing_doubtful_and_to_bring() -> None:
    items = {item.code: item.state for item in pre_check(terms(), Standing())}
    assert set(items.values()) <= set(CHECK_STATES)
    assert {code for code, state in items.items() if state == "missing"} == {"confirmed", "signed"}
    assert items["purchases"] == items["invoices"] == items["scan"] == "bring"
    assert "rights" not in items
    done = Standing(
        company_confirmed=True, institution_confirmed=True, signed_on=TODAY, scan=True, related=True
    )
    later = {item.code: item.state for item in pre_check(terms(title="合作协议"), done)}
    assert later["named"] == "doubt"
    assert later["related"] == "doubt"
    assert later["signed"] == later["scan"] == later["confirmed"] == "met"
    empty = {item.code: item for item in pre_check(ContractTerms(title="t"), Standing())}
    for code in ("type", "subject", "acceptance", "period", "amounts", "payments", "ip", "related"):
        assert empty[code].state == "missing"
        assert empty[code].field in NAMES
    transfer = pre_check(terms(type="transfer"), Standing())
    assert "rights" in {item.code for item in transfer}


def test_there_are_five_types() -> None:
    assert len(CONTRACT_TYPES) == 5
