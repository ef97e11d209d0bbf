"""Completeness is weighed, and complaints are those of readers."""

from __future__ import annotations

import pytest

from matchmaker.domain.completeness import WEIGHTS, completeness
from matchmaker.domain.demand import NAMES as DEMAND_NAMES
from matchmaker.domain.outcome import NAMES as OUTCOME_NAMES
from matchmaker.domain.quality import complaints
from matchmaker.domain.record import REQUIRED_TO_SUBMIT

GOOD = {
    "title": "大尺寸碳纤维构件低成本成型",
    "problem": "目前热压罐成型单件要25分钟，孔隙率3%，合格率七成，用于风电叶片的产线跟不上订单。",
    "indicators": [{"name": "孔隙率", "value": "1", "unit": "%"}],
}


@pytest.mark.parametrize("noun", WEIGHTS)
def test_the_weights_are_of_fields_and_hold_what_is_required(noun: str) -> None:
    names = DEMAND_NAMES if noun == "demand" else OUTCOME_NAMES
    assert set(WEIGHTS[noun]) - {"budget"} <= names
    assert set(REQUIRED_TO_SUBMIT[noun]) - {"disclosure"} <= set(WEIGHTS[noun])


def test_an_empty_record_is_nought_and_a_full_one_a_hundred() -> None:
    assert completeness("demand", {}).percent == 0
    full = dict.fromkeys(WEIGHTS["demand"], "很长的文字" * 10) | {"budget_max": "3"}
    assert completeness("demand", full).percent == 100
    assert completeness("demand", full).lacks == ()


def test_almost_complete_is_never_called_complete() -> None:
    full = dict.fromkeys(WEIGHTS["outcome"], "很长的文字" * 10) | {"ip": ()}
    assert completeness("outcome", full).percent == 97
    assert [lack.field for lack in completeness("outcome", full).lacks] == ["ip"]


def test_what_is_required_is_named_first_and_a_short_text_counts_by_half() -> None:
    found = completeness("demand", GOOD | {"target": "快一些"})
    assert [lack.field for lack in found.lacks[:2]] == ["target", "chains"]
    assert found.lacks[0].short
    assert found.percent == 47


def test_every_part_that_is_added_raises_the_meter() -> None:
    values: dict[str, object] = {}
    last = 0
    for name in WEIGHTS["demand"]:
        values["budget_min" if name == "budget" else name] = (
            "足够长的一段文字，说明情况，不会被算作过短的内容，一共三十字以上。"
        )
        reached = completeness("demand", values).percent
        assert reached > last
        last = reached


def test_a_good_demand_draws_no_complaint() -> None:
    assert complaints("demand", GOOD) == ()


def test_nothing_is_complained_of_before_anything_is_written() -> None:
    assert complaints("demand", {"title": "只有标题"}) == ()


@pytest.mark.parametrize(
    ("noun", "values", "codes"),
    [
        ("demand", {"problem": "效率低。"},
         {"too_short", "no_comparison", "no_indicator", "no_application"}),
        ("demand", GOOD | {"indicators": []}, {"no_indicator"}),
        ("demand", GOOD | {"problem": "树脂固化太慢，里面有许多气孔，强度不稳定，成品率一直上不去，损失很大，急需解决。"},
         {"no_comparison", "no_application"}),
        ("outcome",
         {"summary": "面向模压的快速固化预浸料，五分钟固化，常温贮存期长，适合大批量生产使用。",
          "advantage": "性能优异，国内领先。", "indicators": GOOD["indicators"], "scenes": "汽车"},
         {"no_comparison"}),
        ("outcome",
         {"summary": "A prepreg that cures in five minutes at 120 °C and keeps for a year.",
          "advantage": "One fifth of the cycle of an autoclave.", "scenes": ""},
         {"no_indicator", "no_application"}),
    ],
)  # fmt: skip
def test_readers_complaints_are_foreseen(
    noun: str, values: dict[str, object], codes: set[str]
) -> None:
    assert {one.code for one in complaints(noun, values)} == codes
