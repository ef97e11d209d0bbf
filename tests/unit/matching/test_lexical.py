from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching import lexical
from matchmaker.matching.lexical import (
    Background,
    Bag,
    Postings,
    TitleRows,
    Vocabulary,
    Weights,
    folded,
    grams,
)
from tests.unit.matching.conftest import TITLES

texts = st.text(alphabet="碳纤维轮胎AaB 3", max_size=12)


def state(
    titles: list[str], background: Background | None = None
) -> tuple[TitleRows, Vocabulary, Weights]:
    vocabulary = Vocabulary(background)
    rows = TitleRows.of(titles, vocabulary)
    frequency = np.bincount(rows.columns, minlength=len(vocabulary)).astype(np.int32)
    return rows, vocabulary, Weights(vocabulary, frequency, len(titles))


def cosine(rows: TitleRows, weights: Weights, bag: Bag) -> list[float]:
    values, lengths = rows.weights(weights)
    found = rows.overlaps(values, bag) / np.maximum(lengths, 1e-6)
    return [float(value) for value in found]


def test_weights_are_idf_to_a_power_and_pairs_count_less() -> None:
    titles = list(TITLES)
    _, vocabulary, weights = state(titles)
    for gram in ("碳", "碳纤", "维"):
        held = sum(gram in title for title in titles)
        idf = np.log((1 + len(titles)) / (1 + held)) + 1
        share = idf / (np.log(1 + len(titles)) + 1)
        expected = share**lexical.POWER * (lexical.PAIR_SHARE if len(gram) == 2 else 1)
        column = vocabulary.columns([gram])
        assert column[0] >= 0
        assert weights.of(column)[0] == pytest.approx(expected, rel=1e-5)
        assert weights.telling([gram])[0] == pytest.approx(expected, rel=1e-5)


@given(st.lists(texts, min_size=1, max_size=8), texts)
def test_overlaps_by_length_are_cosines_in_the_space_of_ngrams(
    titles: list[str], query: str
) -> None:
    rows, _, weights = state(titles)

    def plain(text: str) -> dict[str, float]:
        counted = grams(text)
        told = weights.telling(counted.keys()).tolist()
        return {gram: counted[gram] * value for gram, value in zip(counted, told, strict=True)}

    asked = plain(query)
    norm = np.sqrt(sum(value**2 for value in asked.values())) or 1
    for title, found in zip(titles, cosine(rows, weights, weights.bag(query)), strict=True):
        told = plain(title)
        length = np.sqrt(sum(value**2 for value in told.values())) or 1
        expected = sum(asked.get(gram, 0) * value for gram, value in told.items())
        assert found == pytest.approx(expected / norm / length, abs=1e-5)


@given(st.lists(texts, max_size=12), texts, st.integers(1, 60), st.data())
def test_postings_find_the_rows_that_share_most(
    titles: list[str], query: str, most: int, data: st.DataObject
) -> None:
    rows, vocabulary, weights = state(titles)
    values, lengths = rows.weights(weights)
    bag = weights.bag(query)
    told = weights.of(bag.columns)
    postings = Postings(rows, len(vocabulary), lengths)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=12, max_size=12)))[: len(titles)]
    top = data.draw(st.integers(1, 5))
    scale = np.maximum(lengths, 1e-6) ** -lexical.LENGTH_POWER
    shared = np.where(allowed, rows.overlaps(values, bag) * scale, 0)
    wanted = np.sort(shared[shared > 0])[::-1][:top]

    found = postings.best(bag, told, allowed, (top, 10**6))
    assert len(set(found.tolist())) == len(found)
    np.testing.assert_allclose(np.sort(shared[found])[::-1], wanted, atol=1e-5)
    # Who may read less finds rows that share something, if not the most.
    some = postings.best(bag, told, allowed, (top, most))
    assert len(some) <= top
    assert np.all(shared[some] > 0)


@given(st.lists(texts, max_size=8), st.data())
def test_rows_are_taken_and_joined_as_lists_are(titles: list[str], data: st.DataObject) -> None:
    vocabulary = Vocabulary()
    rows = TitleRows.of(titles, vocabulary)
    cut = data.draw(st.integers(0, len(titles)))
    joined = TitleRows.of(titles[:cut], vocabulary).plus(TitleRows.of(titles[cut:], vocabulary))
    order = data.draw(st.permutations(range(len(titles))))
    taken = joined.take(np.array(order, dtype=np.int64))
    expected = TitleRows.of([titles[row] for row in order], vocabulary)
    for one, other in ((joined, rows), (taken, expected)):
        np.testing.assert_array_equal(one.starts, other.starts)
        np.testing.assert_array_equal(one.columns, other.columns)
        np.testing.assert_array_equal(one.counts, other.counts)


def test_a_background_says_what_tells_nothing_before_the_collection_can() -> None:
    background = Background(10_000, {"技": 4_000.0, "术": 4_000.0, "技术": 4_000.0})
    title = "碳纤维技术"
    _, _, alone = state([title])
    _, _, informed = state([title], background)
    common, rare = alone.telling(["技术", "碳纤"])
    assert common == pytest.approx(rare)
    common, rare = informed.telling(["技术", "碳纤"])
    assert common < rare / 2


def test_what_no_title_holds_makes_every_overlap_count_less() -> None:
    rows, _, weights = state(["碳纤维钓竿", "轮胎"])
    more = cosine(rows, weights, weights.bag("碳纤维钓竿未知之物"))[0]
    assert more < cosine(rows, weights, weights.bag("碳纤维钓竿"))[0] == pytest.approx(1, abs=1e-5)


def test_width_case_and_blanks_make_no_difference() -> None:
    assert folded("ＰＬＣ　Control\n 系统") == "plc control 系统"
    assert grams("ＡＢ系统") == grams("ab系统") == {"ab": 1, "系": 1, "统": 1, "系统": 1}


def test_latin_words_count_as_wholes_and_function_words_not_at_all() -> None:
    assert grams("The fibres of a fibre") == {"fibr": 2}


@pytest.mark.parametrize(("text", "rare"), [("", False), ("技术", False), ("薄膜", True)])
def test_rarity_is_high_for_what_few_titles_hold(text: str, *, rare: bool) -> None:
    _, _, weights = state([f"{title}技术" for title in TITLES])
    assert (weights.rarity(text) > 0.8) is rare
