"""The choice of a consortium is the best there is, in the order of its aims."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.consortium_choice import (
    Cover,
    choose,
    covered,
    single_best,
    strengths,
    weight,
)


def cover_of(
    rows: list[str], organisations: list[int] | None = None, weights: list[int] | None = None
) -> Cover:
    """One row a part, an x where the outcome of a column covers it."""
    covers = np.array([[mark == "x" for mark in row] for row in rows])
    return Cover(
        weights=np.array(weights or [1] * len(rows)),
        covers=covers,
        evidence=np.full(covers.shape, 0.5),
        organisations=np.array(organisations or range(covers.shape[1])),
    )


@st.composite
def covers(draw: st.DrawFn) -> Cover:
    parts, outcomes = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    shape = (parts, outcomes)
    marks = st.lists(st.booleans(), min_size=parts * outcomes, max_size=parts * outcomes)
    told = st.lists(st.integers(0, 20), min_size=parts * outcomes, max_size=parts * outcomes)
    each = st.lists(st.integers(1, 3), min_size=parts, max_size=parts)
    houses = st.lists(st.integers(1, 4), min_size=outcomes, max_size=outcomes)
    return Cover(
        weights=np.array(draw(each)),
        covers=np.array(draw(marks)).reshape(shape),
        evidence=np.array(draw(told)).reshape(shape) / 20,
        organisations=np.array(draw(houses)),
    )


def worth(cover: Cover, columns: list[int]) -> tuple[int, int, int, int]:
    """What choices are ordered by, more being better."""
    houses = {int(cover.organisations[column]) for column in columns}
    strength = int(strengths(cover)[columns].sum())
    return weight(cover, columns), -len(houses), -len(columns), strength


def every_choice(cover: Cover, most: int) -> list[list[int]]:
    columns = range(cover.covers.shape[1])
    return [list(one) for size in range(most + 1) for one in combinations(columns, size)]


def greedy(cover: Cover, most: int) -> list[int]:
    taken: list[int] = []
    while len(taken) < most:
        gains = [weight(cover, [*taken, column]) for column in range(cover.covers.shape[1])]
        if max(gains) == weight(cover, taken):
            break
        taken.append(int(np.argmax(gains)))
    return taken


@given(cover=covers(), most=st.integers(1, 4))
def test_no_other_choice_is_better_by_any_of_the_aims(cover: Cover, most: int) -> None:
    chosen = choose(cover, most)
    assert len(chosen) <= most
    assert worth(cover, chosen) == max(worth(cover, other) for other in every_choice(cover, most))


@given(cover=covers(), most=st.integers(1, 4))
def test_it_covers_no_less_than_a_greedy_choice_or_the_single_best(cover: Cover, most: int) -> None:
    reached = weight(cover, choose(cover, most))
    best = single_best(cover)
    assert reached >= weight(cover, greedy(cover, most))
    assert reached >= (0 if best is None else weight(cover, [best]))
    assert best is None or weight(cover, [best]) == max(
        weight(cover, [column]) for column in range(cover.covers.shape[1])
    )


@given(cover=covers())
def test_the_same_question_gets_the_same_answer(cover: Cover) -> None:
    assert choose(cover, 3) == choose(cover, 3)


def test_a_greedy_choice_would_take_the_widest_first_and_need_a_third() -> None:
    trap = cover_of(["x.x", "x.x", ".xx", ".xx", "x..", ".x."])
    assert weight(trap, greedy(trap, 2)) == 5
    assert choose(trap, 2) == [0, 1]
    assert covered(trap, [0, 1]).all()


def test_one_institution_with_two_outcomes_comes_before_two_institutions() -> None:
    assert choose(cover_of(["x..", ".xx"], [7, 8, 7]), 5) == [0, 2]


def test_heavier_parts_come_first_where_not_all_fit() -> None:
    assert choose(cover_of(["x..", ".x.", "..x"], weights=[1, 3, 2]), 2) == [1, 2]


def test_of_equals_the_stronger_evidence_and_then_the_older_record_is_chosen() -> None:
    cover = cover_of(["xxx"])
    assert choose(cover, 5) == [0]
    cover.evidence[0, 1] = 0.9
    assert choose(cover, 5) == [1]
    assert single_best(cover) == 1


def test_where_nothing_is_covered_nothing_is_chosen() -> None:
    nothing = cover_of(["..", ".."])
    assert choose(nothing, 5) == []
    assert single_best(nothing) is None
