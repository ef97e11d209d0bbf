"""Two versions of a text are told apart word by word, and hidden tiers stay hidden."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.revision import Piece, changes, compare

TEXT = st.text(alphabet="孔隙率高于1% \nabc。", max_size=60)


def test_only_the_words_that_changed_are_marked() -> None:
    assert compare("孔隙率不高于3%", "孔隙率不高于1%，合格率95%") == (
        Piece("same", "孔隙率不高于"),
        Piece("removed", "3"),
        Piece("added", "1"),
        Piece("same", "%"),
        Piece("added", "，合格率95%"),
    )
    assert compare("cycle time is slow", "cycle time is long") == (
        Piece("same", "cycle time is "),
        Piece("removed", "slow"),
        Piece("added", "long"),
    )


@settings(deadline=None)
@given(TEXT, TEXT)
def test_the_pieces_read_as_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_very_long_texts_are_compared_by_sentences() -> None:
    before = "".join(f"第{number}句说明一种情况。" for number in range(900))
    pieces = compare(before, before.replace("第500句说明", "第500句改写"))
    assert [piece.kind for piece in pieces] == ["same", "removed", "added", "same"]
    assert pieces[1].text == "第500句说明一种情况。"


def test_hidden_tiers_are_compared_for_nobody_who_may_not_read_them() -> None:
    before = {"title": "甲", "principle": "原理一", "know_how": "诀窍一"}
    after = {"title": "乙", "principle": "原理二", "know_how": "诀窍二"}
    assert [one.field for one in changes(before, after, redacted=False)] == ["title"]
    assert [one.field for one in changes(before, after, redacted=True)] == ["title", "principle"]


def test_an_emptied_field_and_a_new_one_are_changes() -> None:
    found = changes({"target": "快"}, {"problem": "慢"}, redacted=False)
    assert [(one.field, one.pieces[0].kind) for one in found] == [
        ("problem", "added"),
        ("target", "removed"),
    ]
