"""Indicators are found in prose as a person finds them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.indicator import Indicator, parse_indicator
from matchmaker.domain.indicator_text import find_indicators, not_listed
from tests.unit.domain.indicator_sentences import SENTENCES


def _written(one: Indicator) -> str:
    high = "" if one.value_high is None else str(one.value_high)
    parts = (one.name, one.comparator, str(one.value), high, one.unit, one.condition)
    return "|".join(parts)


def _figures() -> tuple[int, int, int]:
    """How many were labelled, how many found, and how many found exactly as labelled."""
    labelled = found = right = 0
    for text, wanted in SENTENCES:
        given_back = {_written(one.indicator) for one in find_indicators(text)}
        labelled += len(wanted)
        found += len(given_back)
        right += len(given_back & set(wanted))
    return labelled, found, right


def test_sentences_labelled_by_hand_are_read_well_enough() -> None:
    assert len(SENTENCES) >= 60
    labelled, found, right = _figures()
    assert right / found >= 0.93, (labelled, found, right)
    assert right / labelled >= 0.93, (labelled, found, right)


@settings(deadline=None)
@given(
    st.text(
        alphabet="抗压强度不低于至由到在的，。；（）()1234567890.,%℃MPa~-–±≥<> \nab", max_size=200
    )
)
def test_whatever_is_typed_gives_indicators_that_could_be_kept(text: str) -> None:
    for found in find_indicators(text):
        one = found.indicator
        assert 2 <= len(one.name) <= 100
        assert (one.comparator == "between") == (one.value_high is not None)
        assert one.value_high is None or one.value_high > one.value
        assert len(one.unit) <= 40
        assert len(one.condition) <= 200
        assert 0 <= found.start < found.end <= len(text)


def test_what_is_listed_already_is_not_offered_again() -> None:
    text = "抗冲击韧性≥67%，孔隙率不高于1%。"
    listed = parse_indicator("冲击韧性≥67%")
    assert listed is not None
    assert [one.name for one in not_listed(text, (listed,))] == ["孔隙率"]
    other_value = parse_indicator("抗冲击韧性≥60%")
    assert other_value is not None
    assert len(not_listed(text, (other_value,))) == 2


@pytest.mark.parametrize("text", ["温度1" * 7000, "1" * 20_000, "由1" * 9000, "(a" * 9000 + "1"])
def test_hostile_texts_end(text: str) -> None:
    assert len(find_indicators(text)) <= 40
