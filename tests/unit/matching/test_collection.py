from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.matchable import Matchable
from matchmaker.matching import collection as module
from matchmaker.matching.collection import RecordCollection
from matchmaker.matching.engine import Engine
from matchmaker.matching.lexical import Vocabulary, Weights, grams
from matchmaker.matching.vectors import encode_records
from tests.unit.matching.conftest import TITLES, HashEncoder, record

ENCODER = HashEncoder()
changes = st.lists(
    st.tuples(
        st.sampled_from(("put", "put", "put", "remove")),
        st.integers(0, 11),
        st.text(alphabet="碳纤维轮胎钓竿激光ab", min_size=1, max_size=6),
    ),
    max_size=40,
)


@pytest.fixture(autouse=True, scope="module")
def _small_parts() -> Iterator[None]:
    """Parts are joined after three records, so that short histories go through everything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LATEST", 3)
        patch.setattr(module, "_LATEST_SHARE", 0.0)
        yield


def grown(
    steps: list[tuple[str, int, str]],
) -> tuple[RecordCollection, Vocabulary, dict[int, Matchable]]:
    vocabulary = Vocabulary()
    collection, plain = RecordCollection.empty(ENCODER.dimension, vocabulary), {}
    for step, key, title in steps:
        if step == "put":
            plain[key] = record(key, title)
            fresh, gone = [plain[key]], set()
        else:
            plain.pop(key, None)
            fresh, gone = [], {key}
        vectors = list(encode_records(ENCODER, fresh))
        collection = collection.changed(fresh, vectors, gone, vocabulary)
    return collection, vocabulary, plain


@given(changes)
@settings(max_examples=80)
def test_a_collection_holds_what_a_dictionary_holds(steps: list[tuple[str, int, str]]) -> None:
    collection, vocabulary, plain = grown(steps)
    assert len(collection) == len(plain)
    assert [one for one, _ in collection.items()] == [plain[key] for key in sorted(plain)]
    for key in range(12):
        entry = collection.entry(key)
        assert (entry[0] if entry else None) == plain.get(key)
    fresh = RecordCollection.empty(ENCODER.dimension, vocabulary).changed(
        list(plain.values()), list(encode_records(ENCODER, list(plain.values()))), (), vocabulary
    )
    width = len(vocabulary)
    for one in (collection, fresh):
        assert len(one.frequency) <= width
    padded = [np.pad(one.frequency, (0, width - len(one.frequency))) for one in (collection, fresh)]
    np.testing.assert_array_equal(*padded)


@given(changes)
@settings(max_examples=40)
def test_how_near_records_lie_is_the_product_of_their_vectors(
    steps: list[tuple[str, int, str]],
) -> None:
    collection, _, _ = grown(steps)
    vectors = {one.id: vector for one, vector in collection.items()}
    for key, vector in vectors.items():
        found = collection.cosines(key, [*vectors, *vectors, 99])
        assert found.keys() == vectors.keys()
        assert all(found[one] == pytest.approx(vectors[one] @ vector, abs=1e-5) for one in vectors)
    assert collection.cosines(99, vectors) == {}


@given(changes, st.sampled_from(TITLES), st.sets(st.integers(0, 11)) | st.none())
@settings(max_examples=80)
def test_candidates_are_found_in_either_part_and_behind_any_filter(
    steps: list[tuple[str, int, str]], wanted: str, allowed: set[int] | None
) -> None:
    collection, vocabulary, plain = grown(steps)
    weights = Weights(vocabulary, collection.frequency, len(collection))
    mask = collection.mask(allowed, not_of=1_003)
    near = collection.near(ENCODER.encode([wanted])[0], 50, mask)
    found = {one.id for one in collection.at(near).columns.records}
    expected = {key for key in plain if key != 3 and (allowed is None or key in allowed)}
    assert found == expected
    sharing = collection.sharing(weights.bag(wanted), weights, 50, mask)
    by_words = {one.id for one in collection.at(sharing).columns.records}
    assert by_words == {
        key for key in expected if grams(plain[key].title).keys() & grams(wanted).keys()
    }


@given(changes, st.text(alphabet="碳纤维轮胎", min_size=1, max_size=5))
@settings(max_examples=40)
def test_an_engine_that_joined_its_parts_answers_like_one_built_at_once(
    steps: list[tuple[str, int, str]], query: str
) -> None:
    engine, plain = Engine(ENCODER), {}
    for number, (step, key, title) in enumerate(steps, start=1):
        if step == "put":
            plain[key] = record(key, title)
            vector = encode_records(ENCODER, [plain[key]])[0]
            engine.apply([("outcome", plain[key], vector)], [], number)
        else:
            plain.pop(key, None)
            engine.apply([], [("outcome", key)], number)
    built = Engine(ENCODER)
    ordered = [plain[key] for key in sorted(plain)]
    vectors = encode_records(ENCODER, ordered)
    built.apply([("outcome", one, v) for one, v in zip(ordered, vectors, strict=True)], [], 1)
    demand = record(99, query)
    vector = encode_records(ENCODER, [demand])[0]
    found = [
        one.suggest(demand, "demand", vector=vector, floor=0.0, explained=False)
        for one in (engine, built)
    ]
    assert found[0] == found[1]
