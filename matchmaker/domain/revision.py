"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS

# A Latin word or number, one Chinese character, blanks, or a sign.
_WORDS: Final = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_SENTENCES: Final = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+|[^。！？；!?;\n]+")
_MOST_WORDS: Final = 1_500


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: ``same``, ``removed`` or ``added``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that changed, in pieces that read as the old and the new text at once."""

    field: str
    pieces: tuple[Piece, ...]


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one: what stayed, what went, what came.

    Joined without what was added, the pieces are ``before``; without what was removed, ``after``.
    Very long texts are compared by sentences.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for code, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if code == "equal":
            _add(pieces, "same", old[old_from:old_to])
            continue
        _add(pieces, "removed", old[old_from:old_to])
        _add(pieces, "added", new[new_from:new_to])
    return tuple(pieces)


def replaced(before: str, after: str) -> tuple[Piece, ...]:
    """One text in place of another."""
    pieces: list[Piece] = []
    _add(pieces, "removed", [before] if before else [])
    _add(pieces, "added", [after] if after else [])
    return tuple(pieces)


def changes(
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    redacted: bool,
    chosen: Container[str] = (),
) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of ``after``; ``chosen`` ones change as a whole.

    Confidential fields are never compared; redacted ones only for whoever may read them.
    """
    hidden = CONFIDENTIAL_FIELDS if redacted else CONFIDENTIAL_FIELDS | REDACTED_FIELDS
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        FieldChange(
            name,
            (replaced if name in chosen else compare)(before.get(name, ""), after.get(name, "")),
        )
        for name in names
        if name not in hidden and before.get(name, "") != after.get(name, "")
    )


def _add(pieces: list[Piece], kind: str, words: Sequence[str]) -> None:
    if words:
        pieces.append(Piece(kind, "".join(words)))
