from __future__ import annotations

import json
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.indicator import Indicator
from matchmaker.domain.matchable import Matchable
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS
from matchmaker.matching.explanation import Explanation, explain
from matchmaker.matching.terms import missing_terms, shared_terms, side
from matchmaker.matching.units import is_measure
from tests.unit.matching.conftest import HashEncoder, record

ENCODER = HashEncoder()


def rare(text: str) -> float:
    """Everything is rare, longer texts a little more."""
    return 1 - 0.1 / (1 + len(text))


def why(demand: Matchable, outcome: Matchable) -> Explanation:
    return explain([(demand, outcome)], ENCODER, rare)[0]


texts = st.text(alphabet="碳纤维预浸料轮胎钓竿的，。\nABfibre İ3 ", max_size=80)


@given(texts, texts, texts, texts)
@settings(max_examples=200)
def test_every_offset_points_at_what_it_says(
    title: str, text: str, other_title: str, other_text: str
) -> None:
    demand, outcome = record(1, title or "碳", text), record(2, other_title or "碳", other_text)
    found = why(demand, outcome)
    for term in found.terms:
        assert demand.content[slice(*term.demand)] == term.text
        assert outcome.content[slice(*term.outcome)].lower() == term.text.lower()
    if found.alignment:
        for aligned, content in (
            (found.alignment.demand, demand.content),
            (found.alignment.outcome, outcome.content),
        ):
            assert content[aligned.start : aligned.end] == aligned.text
        assert 0 <= found.alignment.similarity <= 1


def test_the_longest_shared_stretch_is_one_term() -> None:
    found = why(record(1, "碳纤维预浸料，固化"), record(2, "快速固化碳纤维预浸料"))
    assert [term.text for term in found.terms] == ["碳纤维预浸料", "固化"]


def test_words_without_meaning_are_no_terms() -> None:
    found = why(record(1, "技术研究 and the 开发"), record(2, "技术研究 and the 开发"))
    assert found.terms == ()


def test_a_unit_is_no_term() -> None:
    found = why(record(1, "固化 8 min，强度 350 GPa"), record(2, "固化 6 min，强度 370 GPa"))
    assert {term.text for term in found.terms} == {"固化", "强度"}


@pytest.mark.parametrize("text", ["kWh", "24h", "5mm", "0.5MPa", "1,200mAh", "MW", "千瓦时", "30%"])
def test_a_number_with_its_unit_is_a_measure(text: str) -> None:
    assert is_measure(text)
    assert is_measure(text.lower())


@pytest.mark.parametrize("text", ["5G", "3D", "2205", "1060", "PVDF", "h13", "安时达", ""])
def test_what_only_resembles_a_measure_is_a_name(text: str) -> None:
    assert not is_measure(text)


def test_a_term_does_not_begin_in_the_middle_of_a_latin_word() -> None:
    found = why(record(1, "fibre rod"), record(2, "microfibre rods"))
    assert found.terms == ()


def test_common_words_are_no_terms() -> None:
    content = side("数据传输", ENCODER.words("数据传输"))
    assert shared_terms(content, content, lambda _: 0.1) == ()
    assert [one.text for one in shared_terms(content, content, rare)] == ["数据传输"]


def test_what_the_outcome_says_nowhere_speaks_against_it() -> None:
    found = why(record(1, "轮胎胎压监测"), record(2, "轮胎橡胶", "用于轮胎胎面"))
    assert [(one.code, one.stance) for one in found.facts] == [("missing", "against")]
    assert found.facts[0].values["terms"] == ["胎压监测"]


@pytest.mark.parametrize(
    ("pieces", "outcome"),
    [
        (("thermo", "graphic", " ", "test"), "thermography test"),
        (("胶接", "面的", "免", "溶剂", "活化"), "胶接溶剂活化"),
    ],
)
def test_no_piece_of_a_word_is_called_missing(pieces: tuple[str, ...], outcome: str) -> None:
    title = "".join(pieces)
    ends = list(accumulate(map(len, pieces)))
    words = [
        (piece, end - len(piece), end)
        for piece, end in zip(pieces, ends, strict=True)
        if piece.strip()
    ]
    there = side(outcome, ENCODER.words(outcome))
    assert missing_terms(side(title, words), len(title), there, rare) == ()


def test_nothing_is_missing_where_all_is_said() -> None:
    content = "轮胎胎压监测\n轮胎"
    here = side(content, ENCODER.words(content))
    assert missing_terms(here, 6, here, rare) == ()


def test_words_are_not_called_missing_across_scripts() -> None:
    assert why(record(1, "轮胎胎压监测"), record(2, "tyre pressure monitoring")).facts == ()


def test_a_sentence_of_the_text_is_preferred_to_an_equal_title() -> None:
    demand = record(1, "碳纤维钓竿", "碳纤维钓竿\n价格低")
    alignment = why(demand, record(2, "碳纤维钓竿")).alignment
    assert alignment is not None
    assert alignment.similarity == pytest.approx(1.0)
    assert alignment.demand.start == 6


def test_an_explanation_survives_json() -> None:
    strength = Indicator(name="强度", comparator="ge", value=Decimal(6), unit="MPa")
    demand = record(1, "碳纤维预浸料固化", trl=6, money_max=50.0, indicators=(strength,))
    outcome = record(2, "碳纤维预浸料", trl=4, money_min=90.0, indicators=(strength,))
    found = why(demand, outcome)
    assert found.terms
    assert found.alignment
    assert {one.code for one in found.facts} >= {"trl", "budget", "indicator", "missing"}
    assert Explanation.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_many_pairs_are_explained_as_one_by_one() -> None:
    pairs = [(record(n), record(n + 1)) for n in range(6)]
    together = explain(pairs, ENCODER, rare)
    assert together == [explain([pair], ENCODER, rare)[0] for pair in pairs]


def test_nothing_but_the_public_tier_has_a_place_in_what_is_explained() -> None:
    assert not set(Matchable.__slots__) & (CONFIDENTIAL_FIELDS | REDACTED_FIELDS)
