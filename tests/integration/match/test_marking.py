"""Marking aligned sentences loses no character and invents none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.web.match.marking import Span, paragraphs

_SPANS = st.lists(
    st.builds(
        lambda start, length, number: Span(start=start, end=start + length, number=number),
        st.integers(0, 60),
        st.integers(0, 40),
        st.integers(1, 4),
    ),
    max_size=5,
)


@given(st.text(alphabet="碳纤维\n 。<b>", max_size=50), _SPANS)
def test_the_pieces_put_together_are_the_lines_of_the_text(text: str, spans: list[Span]) -> None:
    made = ["".join(piece.text for piece in paragraph) for paragraph in paragraphs(text, spans)]
    assert made == [line for line in text.split("\n") if line.strip()]


@given(st.text(alphabet="abc\n", min_size=1, max_size=50), _SPANS)
def test_what_is_marked_is_what_the_spans_cover(text: str, spans: list[Span]) -> None:
    covered = "".join(
        character
        for place, character in enumerate(text)
        if character != "\n" and any(span.start <= place < span.end for span in spans)
    )
    marked = "".join(
        piece.text
        for paragraph in paragraphs(text, spans)
        for piece in paragraph
        if piece.number is not None
    )
    assert marked == covered


def test_a_span_over_two_lines_is_marked_on_both() -> None:
    made = paragraphs("标题一\n第二行", [Span(start=2, end=5, number=1)])
    assert [[(piece.text, piece.number) for piece in line] for line in made] == [
        [("标题", None), ("一", 1)],
        [("第", 1), ("二行", None)],
    ]


def test_where_spans_overlap_the_lower_number_wins() -> None:
    made = paragraphs("abcdef", [Span(start=2, end=6, number=2), Span(start=0, end=4, number=1)])
    assert [(piece.text, piece.number) for piece in made[0]] == [("abcd", 1), ("ef", 2)]
