from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.indicator import Indicator, parse_indicator
from matchmaker.domain.vocabulary import CONVERSION_MODES, FIELDS, SOLUTION_MODES
from matchmaker.matching.rules import LARGEST_SHIFT, WEIGHTS, facts, meets, shift
from matchmaker.matching.units import factor_between
from tests.unit.matching.conftest import record


def stances(demand: dict[str, Any], outcome: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, one.stance) for one in facts(record(1, **demand), record(2, **outcome))]


def indicator(text: str) -> Indicator:
    made = parse_indicator(text)
    assert made is not None, text
    return made


@pytest.mark.parametrize(
    ("demand", "outcome", "expected"),
    [
        ({}, {}, []),
        ({"chains": frozenset({"tyre"})}, {}, []),
        (
            {"chains": frozenset({"tyre", "motor"})},
            {"chains": frozenset({"tyre"})},
            [("chain", "for")],
        ),
        ({"chains": frozenset({"tyre"})}, {"chains": frozenset({"laser"})}, [("chain", "against")]),
        ({"field": "materials"}, {"field": "materials"}, [("field", "for")]),
        ({"field": "materials"}, {"field": "energy"}, [("field", "against")]),
        ({"trl": 6}, {"trl": 6}, [("trl", "for")]),
        ({"trl": 6}, {"trl": 4}, [("trl", "against")]),
        ({"money_max": 50.0}, {"money_min": 50.0}, [("budget", "for")]),
        ({"money_max": 50.0}, {"money_min": 51.0, "money_max": 90.0}, [("budget", "against")]),
        ({"money_min": 50.0}, {"money_max": 20.0}, [("budget", "for")]),
        (
            {"modes": frozenset({"transfer"})},
            {"modes": frozenset({"equity"})},
            [("mode", "for")],
        ),
        (
            {"modes": frozenset({"licence"})},
            {"modes": frozenset({"own"})},
            [("mode", "against")],
        ),
        ({"preferred_region": "huancui"}, {"region": "huancui"}, [("region", "for")]),
        ({"preferred_region": "huancui"}, {"region": "wendeng"}, [("region", "against")]),
        ({"region": "huancui"}, {"region": "wendeng"}, [("region", "for")]),
        ({"region": "huancui"}, {"region": "abroad"}, [("region", "neutral")]),
    ],
)
def test_a_fact_speaks_for_or_against_only_where_both_sides_say_something(
    demand: dict[str, Any], outcome: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert stances(demand, outcome) == expected


@pytest.mark.parametrize(
    ("wanted", "offered", "stance"),
    [
        ("抗拉强度 ≥ 600 MPa", "抗拉强度 ≥ 650 MPa", "for"),
        ("抗拉强度 ≥ 600 MPa", "抗拉强度 = 590 MPa", "against"),
        ("抗拉强度 ≥ 0.6 GPa", "抗拉 强度 ≥ 650 ＭＰａ", "for"),
        ("厚度 ≤ 1 mm", "厚度 ≤ 800 μm", "for"),
        ("厚度 ≤ 1 mm", "厚度 = 0.2 cm", "against"),
        ("直径 2–5 mm", "直径 3–4 mm", "for"),
        ("直径 2–5 mm", "直径 3–6 mm", "against"),
        ("功率 > 5 kW", "功率 = 5000 W", "against"),
        ("精度 ≤ 1 μm (常温)", "精度 ≤ 0.5 μm (恒温)", "neutral"),
        ("抗拉强度 ≥ 600 MPa", "抗拉强度 ≥ 650 mm", None),
        ("抗拉强度 ≥ 600 MPa", "屈服强度 ≥ 650 MPa", None),
        ("抗拉强度 ≥ 600 MPa", "抗拉强度 ≤ 900 MPa", None),
        ("功率 ≥ 1 MW", "功率 = 100 mW", "against"),
    ],
)
def test_an_indicator_is_met_or_missed_where_name_and_unit_can_be_compared(
    wanted: str, offered: str, stance: str | None
) -> None:
    found = stances({"indicators": (indicator(wanted),)}, {"indicators": (indicator(offered),)})
    assert found == ([] if stance is None else [("indicator", stance)])


def test_an_open_range_cannot_promise_a_limit() -> None:
    wanted = Indicator(name="x", comparator="le", value=Decimal(5))
    assert meets(wanted, Indicator(name="x", comparator="ge", value=Decimal(1))) is None


@pytest.mark.parametrize(
    ("wanted", "offered", "factor"),
    [
        ("mm", "cm", "10"),
        ("h", "分钟", "1"),
        ("", "", "1"),
        ("", "mm", None),
        ("次", "次", "1"),
        ("℃", "°C", "1"),
        ("%", "％", "1"),
        ("m3", "m³", "1"),
        ("MJ", "kWh", "3.6"),
        ("Ah", "mAh", "0.001"),
    ],
)
def test_units_of_one_quantity_are_turned_into_one_another(
    wanted: str, offered: str, factor: str | None
) -> None:
    found = factor_between(wanted, offered)
    if (wanted, offered) == ("h", "分钟"):
        assert found is not None
        assert found * 60 == pytest.approx(Decimal(1))
    else:
        assert found == (None if factor is None else Decimal(factor))


levels = st.none() | st.integers(1, 9)
amounts = st.none() | st.floats(0, 1_000)


@st.composite
def records(draw: st.DrawFn, modes: list[str]) -> dict[str, Any]:
    return {
        "chains": draw(st.frozensets(st.sampled_from(("tyre", "motor", "laser")))),
        "field": draw(st.none() | st.sampled_from(list(FIELDS))),
        "region": draw(st.none() | st.sampled_from(("huancui", "abroad"))),
        "preferred_region": draw(st.none() | st.sampled_from(("huancui", "abroad"))),
        "trl": draw(levels),
        "modes": draw(st.frozensets(st.sampled_from(modes))),
        "money_min": draw(amounts),
        "money_max": draw(amounts),
        "indicators": tuple(
            indicator(f"强度 ≥ {n} MPa") for n in draw(st.lists(st.integers(1, 9)))
        ),
    }


@given(records(list(SOLUTION_MODES)), records(list(CONVERSION_MODES)))
def test_facts_never_move_a_score_far(demand: dict[str, Any], outcome: dict[str, Any]) -> None:
    found = facts(record(1, **demand), record(2, **outcome))
    assert {one.code for one in found} <= WEIGHTS.keys()
    assert abs(shift(found)) <= LARGEST_SHIFT


@given(records(list(SOLUTION_MODES)), records(list(CONVERSION_MODES)), st.integers(1, 8))
def test_a_riper_outcome_never_scores_lower(
    demand: dict[str, Any], outcome: dict[str, Any], reached: int
) -> None:
    lower = facts(record(1, **demand), record(2, **outcome | {"trl": reached}))
    higher = facts(record(1, **demand), record(2, **outcome | {"trl": reached + 1}))
    assert shift(lower) <= shift(higher)
