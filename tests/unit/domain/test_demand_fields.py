"""Raw values of a demand become clean ones, or every problem is told at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.demand import NAMES, DemandFields, clean_demand
from matchmaker.domain.errors import Invalid
from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.indicator import Indicator

CHAINS = {"carbon-fibre", "tyres"}
REGIONS = {"huancui", "japan"}


def clean(**raw: Any) -> DemandFields:
    return clean_demand({"title": "题目"} | raw, chains=CHAINS, regions=REGIONS)


def problems(**raw: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidFields) as caught:
        clean(**raw)
    found: dict[str, list[str]] = {}
    for problem in caught.value.problems:
        found.setdefault(problem.field, []).append(problem.code)
    return found


def test_a_title_alone_is_a_draft() -> None:
    made = clean()
    assert made.title == "题目"
    assert made.disclosure == "public"
    assert made.chains == ()
    assert made.budget_min is None


@pytest.mark.parametrize("title", [None, "", "   ", "\u3000\u3000", "\u200b\u200d \ufeff", "\n\t"])
def test_a_title_of_nothing_visible_is_missing(title: str | None) -> None:
    assert problems(title=title) == {"title": ["missing"]}


def test_every_problem_is_told_at_once() -> None:
    assert problems(
        title="x" * 101,
        kind="flying",
        chains=["carbon-fibre", "warp"],
        budget_min="50",
        budget_max="20",
        lowest_trl="10",
        period_months="soon",
        keywords="a;b;c;d;e;f",
        expires_on="31.12.2026",
        industry="steel",
        indicators="hard",
        colour="red",
    ) == {
        "title": ["too_long"],
        "kind": ["unknown_code"],
        "chains": ["unknown_code"],
        "budget_max": ["not_in_order"],
        "lowest_trl": ["out_of_range"],
        "period_months": ["not_a_number"],
        "keywords": ["too_many"],
        "expires_on": ["not_a_date"],
        "industry": ["wrong_shape"],
        "indicators": ["not_an_indicator"],
        "colour": ["unknown_field"],
    }


def test_the_message_lists_the_codes_that_are_allowed() -> None:
    with pytest.raises(Invalid, match="commissioned, joint, transfer"):
        clean(solution_mode="theft")


@pytest.mark.parametrize(
    ("text", "offset", "shown"),
    [("ab\x00c", 3, "U+0000"), ("\x07", 1, "U+0007"), ("好\x1b[31m", 2, "U+001B")],
)
@pytest.mark.parametrize("name", ["title", "problem", "description", "constraints"])
def test_control_characters_are_refused_with_their_place(
    name: str, text: str, offset: int, shown: str
) -> None:
    with pytest.raises(InvalidFields) as caught:
        clean(**{name: text})
    problem = next(one for one in caught.value.problems if one.code == "unclean")
    assert problem.field == name
    assert problem.values == {"character": shown, "position": offset}


@pytest.mark.parametrize("written", ["keywords", "recipients"])
@pytest.mark.parametrize(
    "parts", ["甲;乙;丙", "甲；乙、丙", "甲\n乙\n丙\n", ["甲", "乙", "丙", "甲"]]
)
def test_lists_are_read_from_texts_and_from_json(written: str, parts: Any) -> None:
    made = clean(**{"disclosure": "directed", written: parts})
    assert getattr(made, written) == ("甲", "乙", "丙")


@pytest.mark.parametrize("written", ["joint", "合作研发", " Joint development ", "JOINT"])
def test_codes_are_read_from_terms_of_both_languages(written: str) -> None:
    assert clean(solution_mode=written).solution_mode == "joint"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("30", "30"),
        (30, "30"),
        (12.5, "12.5"),
        ("1,200.5", "1200.5"),
        ("80万元", "80"),
        ("80 万", "80"),
    ],
)
def test_money_is_read_as_people_write_it(written: Any, amount: str) -> None:
    assert clean(budget_max=written).budget_max == Decimal(amount)


@pytest.mark.parametrize("written", ["-1", "99999999999", "1e400"])
def test_money_below_nothing_or_beyond_reason_is_refused(written: str) -> None:
    assert set(problems(budget_max=written)) == {"budget_max"}


@pytest.mark.parametrize("written", ["abc", "NaN", "Infinity", "十", True, [], {}])
def test_money_that_is_no_number_is_refused(written: Any) -> None:
    if written in ([], {}):
        assert problems(budget_max=written) == {"budget_max": ["not_text"]}
    else:
        assert set(problems(budget_max=written)) == {"budget_max"}


@pytest.mark.parametrize("written", ["C", "C38", "3829", "C3829", "38"])
def test_industry_codes_have_the_shape_of_the_standard(written: str) -> None:
    assert clean(industry=written).industry == written


def test_indicators_are_read_from_text_and_from_objects() -> None:
    wanted = (
        Indicator(name="抗拉强度", comparator="ge", value=Decimal(4900), unit="MPa"),
        Indicator(
            name="温度", comparator="between", value=Decimal(120), value_high=Decimal(150), unit="℃"
        ),
    )
    assert clean(indicators="抗拉强度≥4900 MPa；温度 120–150 ℃").indicators == wanted
    rows = [
        {"name": "抗拉强度", "comparator": "≥", "value": "4900", "unit": "MPa"},
        {"name": "温度", "comparator": "between", "value": 120, "value_high": 150, "unit": "℃"},
    ]
    assert clean(indicators=rows).indicators == wanted


def test_a_problem_of_an_indicator_names_its_entry_and_column() -> None:
    with pytest.raises(InvalidFields) as caught:
        clean(indicators=[{"name": "a", "value": "1"}, {"name": "b", "value": "x"}])
    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == ("indicators", "not_a_number")
    assert problem.values == {"number": 2, "column": "value"}


def test_a_range_needs_both_ends_in_order() -> None:
    row = {"name": "a", "comparator": "between", "value": "5", "value_high": "3"}
    assert problems(indicators=[row]) == {"indicators": ["not_in_order"]}
    assert problems(indicators=[row | {"value_high": ""}]) == {"indicators": ["not_in_order"]}


def test_recipients_belong_to_directed_demands_only() -> None:
    assert problems(recipients=["甲大学"]) == {"recipients": ["not_directed"]}
    assert clean(recipients=["甲大学"], disclosure="directed").recipients == ("甲大学",)


def test_html_is_kept_as_the_text_it_is() -> None:
    assert clean(problem="<b>&amp;</b>").problem == "<b>&amp;</b>"


def test_text_is_another_name_of_the_description() -> None:
    assert clean(text="正文").description == "正文"
    assert clean(text="甲", description="乙").description == "乙"


def test_dates_are_iso_dates() -> None:
    assert clean(expires_on="2027-01-31").expires_on == date(2027, 1, 31)
    assert problems(expires_on="2027-02-30") == {"expires_on": ["not_a_date"]}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(NAMES)) | st.text(max_size=10), _JSON, max_size=8))
def test_whatever_comes_is_cleaned_or_refused_and_cleaning_again_changes_nothing(
    raw: dict[str, Any],
) -> None:
    try:
        made = clean_demand(raw, chains=CHAINS, regions=REGIONS)
    except InvalidFields:
        return
    again = {
        name: [
            {key: str(part) for key, part in _parts(one).items() if part is not None}
            for one in value
        ]
        if name == "indicators"
        else list(value)
        if isinstance(value, tuple)
        else value
        if isinstance(value, str | int) or value is None
        else str(value)
        for name, value in _parts(made).items()
    }
    assert clean_demand(again, chains=CHAINS, regions=REGIONS) == made


def _parts(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
