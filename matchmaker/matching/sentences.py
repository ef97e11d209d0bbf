"""Cutting texts into sentences with their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# A full stop ends a sentence only before white space: 3.5 and e.g. keep together.
_END: Final = re.compile(r"[。！？；!?;\n]+|\.(?=\s|$)")
_SHORTEST: Final = 4
_LONGEST: Final = 160
_SOFT_END: Final = re.compile(r"[，,、：:]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands in its text: ``text == content[start:end]``."""

    text: str
    start: int
    end: int


def sentences(content: str) -> list[Sentence]:
    """The sentences of a text in order; very long ones are cut at commas, very short ones left out.

    A text of nothing but short ones keeps its longest.
    """
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(content):
        found += _pieces(content, start, match.end())
        start = match.end()
    found += _pieces(content, start, len(content))
    kept = [sentence for sentence in found if len(sentence.text) >= _SHORTEST]
    return kept or ([max(found, key=lambda sentence: len(sentence.text))] if found else [])


def _pieces(content: str, start: int, end: int) -> list[Sentence]:
    """A stretch without blank edges, cut at commas where it is too long to be read at a glance."""
    text = content[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    if start >= end:
        return []
    if end - start <= _LONGEST:
        return [Sentence(content[start:end], start, end)]
    cuts = [match.end() + start for match in _SOFT_END.finditer(content[start:end])]
    middle = (start + end) / 2
    cut = min(cuts, key=lambda place: abs(place - middle), default=0)
    if not start < cut < end:
        return [Sentence(content[start:end], start, end)]
    return _pieces(content, start, cut) + _pieces(content, cut, end)
