from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.matching.lexical import LexicalIndex, folded, grams
from tests.unit.matching.conftest import TITLES

texts = st.text(alphabet="碳纤维轮胎AaB 3", max_size=12)
changes = st.lists(st.tuples(st.sampled_from(("put", "remove")), st.integers(0, 6), texts))


def index_of(documents: dict[int, str]) -> LexicalIndex:
    index = LexicalIndex()
    index.put(documents.items())
    return index


def test_scores_are_those_of_scikit_learn() -> None:
    documents = dict(enumerate(TITLES))
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    matrix = vectorizer.fit_transform(documents.values())
    index = index_of(documents)
    for title in (*TITLES, "碳纤维", "激光"):
        expected = (matrix @ vectorizer.transform([title]).T).toarray()[:, 0]
        np.testing.assert_allclose(index.scores(title), expected, atol=1e-6)


@given(changes, texts)
def test_an_index_grown_step_by_step_scores_exactly_like_one_built_at_once(
    steps: list[tuple[str, int, str]], query: str
) -> None:
    index, documents = LexicalIndex(), {}
    for step, key, text in steps:
        if step == "put":
            index.put([(key, text)])
            documents[key] = text
        else:
            index.remove([key])
            documents.pop(key, None)
        index.settle()
    whole = index_of(dict(sorted(documents.items())))
    assert index.ids.tolist() == whole.ids.tolist()
    np.testing.assert_array_equal(index.scores(query), whole.scores(query))
    assert index.rarity(query) == pytest.approx(whole.rarity(query))


@given(st.lists(texts, min_size=1, max_size=8), texts)
def test_scores_are_cosines(documents: list[str], query: str) -> None:
    scores = index_of(dict(enumerate(documents))).scores(query)
    assert np.all(scores >= 0)
    assert np.all(scores <= 1 + 1e-6)


def test_what_no_text_holds_makes_every_overlap_count_less() -> None:
    index = index_of({1: "碳纤维钓竿", 2: "轮胎"})
    assert index.scores("碳纤维钓竿未知之物")[0] < index.scores("碳纤维钓竿")[0]


def test_a_gram_whose_last_text_is_gone_counts_as_never_seen() -> None:
    index = index_of({1: "碳纤维", 2: "轮胎"})
    index.remove([2])
    np.testing.assert_array_equal(index.scores("碳轮胎"), index_of({1: "碳纤维"}).scores("碳轮胎"))


def test_width_case_and_blanks_make_no_difference() -> None:
    assert folded("ＰＬＣ　Control\n 系统") == "plc control 系统"
    assert grams("ＡＢ系统") == grams("ab系统") == {"ab": 1, "系": 1, "统": 1, "系统": 1}


def test_latin_words_count_as_wholes_and_function_words_not_at_all() -> None:
    assert grams("The fibres of a fibre") == {"fibr": 2}


def test_a_copy_changes_by_itself() -> None:
    index = index_of({1: "碳纤维", 2: "轮胎"})
    before = index.scores("碳纤维")
    twin = index.copy()
    twin.put([(1, "海参"), (3, "海带")])
    twin.settle()
    np.testing.assert_array_equal(index.scores("碳纤维"), before)
    assert twin.ids.tolist() == [1, 2, 3]
    assert twin.scores("碳纤维")[0] == 0


def test_an_empty_index_has_no_scores() -> None:
    assert LexicalIndex().scores("碳纤维").shape == (0,)
