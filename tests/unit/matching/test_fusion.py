from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.fusion import MEASURED, THRESHOLDS, Similarities, fuse, level_of, scored
from matchmaker.matching.script import script_of

cosines = st.floats(-1, 1, width=32)


def fused(title: float, content: float, dense: float, *, comparable: bool = True) -> float:
    arrays = [np.array([value], dtype=np.float32) for value in (title, content, dense)]
    return float(fuse(Similarities(*arrays, np.array([comparable])))[0])


@given(st.tuples(cosines, cosines, cosines), st.tuples(cosines, cosines, cosines), st.booleans())
def test_the_score_grows_with_every_similarity(
    one: tuple[float, float, float], other: tuple[float, float, float], comparable: bool
) -> None:
    low = [min(pair) for pair in zip(one, other, strict=True)]
    high = [max(pair) for pair in zip(one, other, strict=True)]
    assert fused(*low, comparable=comparable) <= fused(*high, comparable=comparable)


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_what_people_see_grows_with_what_was_measured(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= scored(low) <= scored(high) <= 1


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_level_begins_where_it_was_measured(level: int) -> None:
    mean = MEASURED[level - 1]
    assert scored(mean) == THRESHOLDS[level - 1]
    assert level_of(scored(mean)) == level
    assert level_of(scored(mean - 1e-4)) == level - 1


def test_across_scripts_meaning_alone_can_make_a_pair_usable() -> None:
    assert level_of(scored(fused(0, 0, 0.7))) == 0
    assert level_of(scored(fused(0, 0, 0.7, comparable=False))) == 2


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("碳纤维钓竿", "han"),
        ("基于 PLC 与 SCADA 的 MES 系统 SINUMERIK OPC", "han"),
        ("carbon fibre fishing rod", "latin"),
        ("タイヤ用ゴム組成物", "kana"),
        ("해삼 가공 기술", "hangul"),
        ("3.5 %", "latin"),
        ("", "latin"),
    ],
)
def test_the_script_of_a_title_is_told(text: str, script: str) -> None:
    assert script_of(text) == script
