"""Conditions of filing and evaluation: just below, exactly at and just above each threshold."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from matchmaker.domain.pack import MEASURES, Threshold, ThresholdSet, judge, read_sets

DATA = Path(__file__).resolve().parents[3] / "data" / "pack" / "thresholds.toml"
SETS = read_sets(tomllib.loads(DATA.read_text(encoding="utf-8")))
NUMBERED = [
    one
    for group in SETS
    for one in group.thresholds
    if one.least is not None and one.measure in MEASURES
]


def _step(threshold: Threshold) -> Decimal:
    """The smallest difference there is: one yuan, or one of what is counted."""
    return Decimal("0.0001") if threshold.money else Decimal(1)


@pytest.mark.parametrize("threshold", NUMBERED, ids=lambda one: one.code)
@pytest.mark.parametrize(("steps", "standing"), [(-1, "not_met"), (0, "met"), (1, "met")])
def test_a_threshold_is_met_from_exactly_its_least_on(
    threshold: Threshold, steps: int, standing: str
) -> None:
    assert threshold.least is not None
    value = threshold.least + steps * _step(threshold)
    verdict = judge(threshold, {threshold.measure: value})
    assert (verdict.standing, verdict.value) == (standing, value)
    assert verdict.lacking == (_step(threshold) if steps < 0 else None)


def test_amounts_are_added_up_exactly() -> None:
    """Ten times a tenth is one: binary fractions would stay below."""
    threshold = Threshold(code="t", measure="turnover", zh="", en="", least=Decimal(300))
    parts = [Decimal("299.9")] + [Decimal("0.01")] * 10
    assert judge(threshold, {"turnover": sum(parts, Decimal(0))}).standing == "met"
    assert judge(threshold, {"turnover": sum(parts[:-1], Decimal(0))}).standing == "not_met"
    assert judge(threshold, {"turnover": sum(parts[:-1], Decimal(0))}).lacking == Decimal("0.01")


def test_what_the_platform_does_not_know_is_neither_met_nor_missed() -> None:
    income = next(
        one for group in SETS for one in group.thresholds if one.measure == "service_income"
    )
    assert judge(income, {"turnover": Decimal(1)}).standing == "unmeasured"
    assert judge(income, {}).lacking is None


def test_a_condition_without_a_number_is_only_told() -> None:
    bare = next(one for group in SETS for one in group.thresholds if one.least is None)
    assert judge(bare, {bare.measure: Decimal(0)}).standing == "open"


def test_the_data_says_where_it_is_from_and_that_nobody_has_verified_it() -> None:
    assert {group.code for group in SETS} >= {"provincial-filing", "evaluation"}
    codes = [one.code for group in SETS for one in group.thresholds]
    assert len(codes) == len(set(codes))
    assert all(group.source and not group.verified for group in SETS)
    assert [group.text("zh_Hans") for group in SETS] != [group.text("en") for group in SETS]


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"measure": "luck"}, ValueError), ({"least": 300}, TypeError), ({"least": 0.1}, TypeError)],
)
def test_a_threshold_that_would_be_read_wrongly_is_refused(
    changed: dict[str, object], error: type[Exception]
) -> None:
    row = {"code": "t", "measure": "turnover", "least": "300", "zh": "甲", "en": "a"} | changed
    group = {"code": "s", "zh": "", "en": "", "source": "", "verified": False, "thresholds": [row]}
    with pytest.raises(error):
        read_sets({"sets": [group]})


def test_a_set_says_whether_it_was_verified() -> None:
    group = {"code": "s", "zh": "", "en": "", "source": "", "verified": "no", "thresholds": []}
    with pytest.raises(TypeError):
        read_sets({"sets": [group]})
    made = read_sets({"sets": [group | {"verified": True}]})
    assert made == (ThresholdSet(code="s", zh="", en="", source="", verified=True, thresholds=()),)
