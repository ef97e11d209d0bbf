"""Raw values of an outcome become clean ones, or every problem is told at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.outcome import NAMES, OutcomeFields, clean_outcome


def clean(**raw: Any) -> OutcomeFields:
    return clean_outcome({"title": "题目"} | raw, chains={"tyres"}, regions=())


def problems(**raw: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidFields) as caught:
        clean(**raw)
    found: dict[str, list[str]] = {}
    for problem in caught.value.problems:
        found.setdefault(problem.field, []).append(problem.code)
    return found


def test_a_title_alone_is_a_draft() -> None:
    made = clean()
    assert made.provenance == "local"
    assert made.use_before_pay is False
    assert made.ip == ()


def test_every_problem_is_told_at_once() -> None:
    assert problems(
        title=" ",
        summary="x" * 501,
        stage="nearly",
        trl=0,
        ipc=["C08J 5/24", "glue"],
        ip=[{"kind": "invention"}, {"kind": "medal"}, "text"],
        conversion_modes=["licence", "gift"],
        price_min=5,
        price_max=1,
        use_before_pay="perhaps",
        chains="tyres;moon",
        inventor="me",
    ) == {
        "title": ["missing"],
        "summary": ["too_long"],
        "stage": ["unknown_code"],
        "trl": ["out_of_range"],
        "ipc": ["wrong_shape"],
        "ip": ["unknown_code", "not_a_list"],
        "conversion_modes": ["unknown_code"],
        "price_max": ["not_in_order"],
        "use_before_pay": ["not_yes_or_no"],
        "chains": ["unknown_code"],
        "inventor": ["unknown_field"],
    }


def test_rights_are_read_with_terms_of_both_languages() -> None:
    made = clean(
        ip=[
            {"kind": "发明专利", "number": "202310000000.0", "status": "有效", "owners": "某大学"},
            {"kind": "Software copyright"},
        ]
    )
    assert made.ip[0]["kind"] == "invention"
    assert made.ip[0]["status"] == "granted"
    assert made.ip[1] == {"kind": "software", "number": "", "status": "", "owners": ""}


def test_a_right_without_a_kind_is_told_with_its_row() -> None:
    with pytest.raises(InvalidFields) as caught:
        clean(ip=[{"kind": "design"}, {"number": "1"}])
    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == ("ip", "missing")
    assert problem.values == {"number": 2, "column": "kind"}


@pytest.mark.parametrize("symbol", ["C01B", "C01B 32/05", "C01B32/05", "H04L 9/08"])
def test_ipc_symbols_are_recognised(symbol: str) -> None:
    assert clean(ipc=symbol).ipc == (symbol,)


@pytest.mark.parametrize(
    ("written", "flag"), [("是", True), ("no", False), (True, True), ("y", True)]
)
def test_yes_and_no_are_read_in_both_languages(written: Any, *, flag: bool) -> None:
    assert clean(use_before_pay=written).use_before_pay is flag


def test_modes_keep_the_order_of_the_law_and_repeat_nothing() -> None:
    assert clean(conversion_modes="许可;转让;licence").conversion_modes == ("transfer", "licence")


def test_price_is_in_ten_thousand_yuan() -> None:
    assert clean(price_min="20万元").price_min == Decimal(20)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(NAMES)) | st.text(max_size=10), _JSON, max_size=8))
def test_whatever_comes_is_cleaned_or_refused(raw: dict[str, Any]) -> None:
    try:
        made = clean_outcome(raw, chains={"tyres"}, regions=())
    except InvalidFields:
        return
    assert made.title
