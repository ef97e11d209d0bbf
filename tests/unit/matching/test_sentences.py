from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.sentences import sentences


@given(st.text(alphabet="碳纤维，。；. \n!ab：3", max_size=400))
def test_every_sentence_stands_where_it_says(content: str) -> None:
    found = sentences(content)
    for one in found:
        assert content[one.start : one.end] == one.text
        assert one.text.strip() == one.text != ""
    for one, following in pairwise(found):
        assert one.end <= following.start


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("碳纤维钓竿\n强度高。重量轻，成本低；", ["碳纤维钓竿", "强度高。", "重量轻，成本低；"]),
        ("Cures in 3.5 min. Costs less.", ["Cures in 3.5 min.", "Costs less."]),
        ("炭素繊維です。軽い素材です。", ["炭素繊維です。", "軽い素材です。"]),
        ("탄소 섬유입니다. 가볍습니다.", ["탄소 섬유입니다.", "가볍습니다."]),
        ("短", ["短"]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_texts_of_four_languages_are_cut_at_their_full_stops(
    content: str, expected: list[str]
) -> None:
    assert [one.text for one in sentences(content)] == expected


def test_a_sentence_too_long_to_read_at_a_glance_is_cut_at_a_comma() -> None:
    content = "，".join(["采用高强度碳纤维预浸料"] * 30)
    found = sentences(content)
    assert len(found) > 1
    assert max(len(one.text) for one in found) <= 160
    assert "".join(one.text for one in found) == content
