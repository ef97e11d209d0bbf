from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.engine import Engine, Suggestion
from matchmaker.matching.lexical import folded
from matchmaker.matching.ranking import THRESHOLDS, level_of
from matchmaker.matching.vectors import encode_records
from tests.unit.matching.conftest import TITLES, HashEncoder, engine_of, record

ENCODER = HashEncoder()
OUTCOMES = tuple(record(key) for key in range(len(TITLES)))


def suggested(
    engine: Engine, demand: Matchable, *, top: int = 10, floor: float = THRESHOLDS[0]
) -> list[Suggestion]:
    vector = encode_records(ENCODER, [demand])[0]
    return engine.suggest(demand, "demand", vector=vector, top=top, floor=floor)


def put(engine: Engine, records: Sequence[Matchable], sequence: int = 2) -> None:
    vectors = encode_records(ENCODER, records)
    pairs = zip(records, vectors, strict=True)
    engine.apply([("outcome", one, vector) for one, vector in pairs], [], sequence)


def test_the_nearest_outcome_comes_first_with_level_and_reasons() -> None:
    first = suggested(engine_of(ENCODER, [], OUTCOMES), record(99, "碳纤维预浸料固化工艺"))[0]
    assert OUTCOMES[first.id].title == "碳纤维预浸料快速固化工艺"
    assert first.level == level_of(first.score) == 3
    assert first.explanation is not None
    assert first.explanation.terms


def test_suggestions_go_both_ways() -> None:
    demand = record(99, "碳纤维预浸料固化工艺")
    engine = engine_of(ENCODER, [demand], OUTCOMES)
    outcome, vector = engine.entry("outcome", 0) or pytest.fail("not there")
    back = engine.suggest(outcome, "outcome", vector=vector)
    there = suggested(engine, demand)
    assert back[0].id == 99
    assert there[0].id == 0


def test_nothing_is_suggested_where_nothing_fits() -> None:
    assert suggested(engine_of(ENCODER, [], OUTCOMES), record(99, "葡萄酒窖藏湿度")) == []
    assert suggested(engine_of(ENCODER, [], []), record(99, "碳纤维")) == []


def test_an_organisation_is_not_suggested_its_own_records() -> None:
    engine = engine_of(ENCODER, [], [record(1, "碳纤维钓竿", organisation_id=5)])
    assert suggested(engine, record(99, "碳纤维钓竿", organisation_id=5)) == []
    assert len(suggested(engine, record(99, "碳纤维钓竿", organisation_id=6))) == 1


def test_equal_scores_are_ordered_by_id() -> None:
    engine = engine_of(ENCODER, [], [record(key, "碳纤维钓竿") for key in (5, 3, 9, 1)])
    assert [one.id for one in suggested(engine, record(99, "碳纤维"))] == [1, 3, 5, 9]


def test_facts_decide_between_equal_texts() -> None:
    ripe, unripe = record(2, "碳纤维钓竿", trl=8), record(1, "碳纤维钓竿", trl=2)
    found = suggested(engine_of(ENCODER, [], [ripe, unripe]), record(99, "碳纤维", trl=6))
    assert [one.id for one in found] == [2, 1]


def test_only_what_is_allowed_is_suggested_and_found() -> None:
    engine = engine_of(ENCODER, [], OUTCOMES)
    demand = record(99, "碳纤维")
    vector = encode_records(ENCODER, [demand])[0]
    found = engine.suggest(demand, "demand", vector=vector, allowed={4, 7})
    assert [one.id for one in found] == [4]
    assert {one.id for one in engine.search("outcome", "碳纤维", top=9, allowed={4, 7})} == {4}
    assert engine.search("outcome", "碳纤维", top=9, allowed=()) == []


def test_many_are_suggested_as_one_by_one() -> None:
    demands = [record(100 + key, title) for key, title in enumerate(TITLES)]
    engine = engine_of(ENCODER, demands, OUTCOMES)
    done: list[int] = []
    queries = list(zip(demands, encode_records(ENCODER, demands), strict=True))
    together = engine.suggest_many(queries, "demand", top=3, progress=done.append)
    assert together == [suggested(engine, demand, top=3) for demand in demands]
    assert sum(done) == len(demands)


def test_it_is_the_same_whether_meaning_is_looked_up_beside_words_or_before_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = engine_of(ENCODER, [], OUTCOMES)
    demands = [record(100 + key, title) for key, title in enumerate(TITLES)]
    before = [suggested(engine, demand) for demand in demands]
    assert any(before)
    monkeypatch.setattr("matchmaker.matching.engine._SCANNED_BESIDE", 0)
    assert [suggested(engine, demand) for demand in demands] == before


def test_a_text_that_holds_the_query_stands_before_those_that_only_mean_it() -> None:
    outcomes = [record(1, "纤维碳化炉"), record(2, "钓具", "含ＣＦ碳纤维"), record(3, "碳纤维")]
    engine = engine_of(ENCODER, [], outcomes)
    assert engine.search("outcome", "碳 纤维", top=3)[0].id == 3
    assert [one.id for one in engine.search("outcome", "碳纤维", top=3)] == [3, 2, 1]
    assert engine.search("outcome", "cf", top=3)[0].id == 2


@given(st.lists(st.text(alphabet="碳纤维 Fib3", min_size=1, max_size=8), max_size=6), st.data())
@settings(max_examples=60)
def test_no_record_that_holds_the_query_stands_behind_one_that_does_not(
    titles: list[str], data: st.DataObject
) -> None:
    query = data.draw(st.text(alphabet="碳纤维Fib3", min_size=1, max_size=3))
    engine = engine_of(ENCODER, [], [record(key, title) for key, title in enumerate(titles)])
    holding = [
        folded(query) in folded(titles[one.id]) for one in engine.search("outcome", query, top=9)
    ]
    assert holding == sorted(holding, reverse=True)
    assert sum(holding) == sum(folded(query) in folded(title) for title in titles)


@pytest.mark.parametrize("text", ["", "  ", "\n", "鑫"])
def test_a_search_for_nothing_or_the_unknown_finds_nothing(text: str) -> None:
    assert engine_of(ENCODER, [], OUTCOMES).search("outcome", text, top=5) == []


contents = st.text(alphabet="碳纤维轮胎钓竿激光", min_size=1, max_size=6)
steps = st.lists(st.tuples(st.booleans(), st.integers(0, 5), contents), max_size=25)


@given(steps, contents)
@settings(max_examples=60)
def test_an_engine_grown_step_by_step_answers_exactly_like_one_built_at_once(
    changes: list[tuple[bool, int, str]], query: str
) -> None:
    grown, final = Engine(ENCODER), {}
    for number, (keep, key, title) in enumerate(changes, start=1):
        if keep:
            final[key] = record(key, title)
            put(grown, [final[key]], number)
        else:
            final.pop(key, None)
            grown.apply([], [("outcome", key)], number)
    built = engine_of(ENCODER, [], [final[key] for key in sorted(final)])
    assert grown.count("outcome") == len(final)
    assert suggested(grown, record(99, query), floor=0.0) == suggested(
        built, record(99, query), floor=0.0
    )
    assert grown.search("outcome", query, top=9) == built.search("outcome", query, top=9)


def test_a_change_is_seen_with_its_number() -> None:
    engine = engine_of(ENCODER, [], OUTCOMES)
    put(engine, [record(0, "海参多糖")], sequence=7)
    assert engine.sequence == 7
    assert (engine.entry("outcome", 0) or pytest.fail("gone"))[0].title == "海参多糖"
    engine.apply([], [("outcome", 0), ("outcome", 12_345)], 8)
    assert engine.entry("outcome", 0) is None
    assert engine.count("outcome") == len(OUTCOMES) - 1


def test_of_two_versions_in_one_change_the_later_counts() -> None:
    engine = Engine(ENCODER)
    put(engine, [record(1, "轮胎"), record(1, "碳纤维钓竿")])
    assert [one.id for one in suggested(engine, record(99, "碳纤维钓竿"))] == [1]
    assert suggested(engine, record(99, "轮胎")) == []


def test_readers_see_all_of_a_change_or_nothing_of_it() -> None:
    """Every state has six equal outcomes, under ids that tell the state."""
    engine = Engine(ENCODER)
    put(engine, [record(key, "碳纤维钓竿") for key in range(6)], 1)
    demand = record(999, "碳纤维钓竿")
    vector = encode_records(ENCODER, [demand])[0]
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = engine.suggest(demand, "demand", vector=vector)
            ids = [one.id for one in found]
            if len(ids) != 6 or len({key // 10 for key in ids}) != 1:
                wrong.append(ids)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for state in range(1, 25):
        fresh = [record(10 * state + key, "碳纤维钓竿") for key in range(6)]
        vectors = encode_records(ENCODER, fresh)
        engine.apply(
            [("outcome", one, found) for one, found in zip(fresh, vectors, strict=True)],
            [("outcome", 10 * (state - 1) + key) for key in range(6)],
            state + 1,
        )
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_the_version_tells_the_encoder() -> None:
    one, other = Engine(HashEncoder("a")), Engine(HashEncoder("b"))
    assert one.version != other.version
    assert one.version == Engine(HashEncoder("a")).version
    assert len(one.version) <= 80
