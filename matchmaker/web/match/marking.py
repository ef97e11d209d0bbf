"""Cutting a text into pieces so that aligned sentences can be marked without any HTML in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a text: offsets in characters, end excluded; ``number`` joins the two sides."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text as shown; ``number`` is None where nothing is marked."""

    text: str
    number: int | None = None


Paragraph = tuple[Piece, ...]


def paragraphs(content: str, spans: Iterable[Span]) -> tuple[Paragraph, ...]:
    """The lines of a text, each cut at the spans; blank lines are left out.

    A span may run over several lines. Where spans overlap, the one with the lower number wins.
    Offsets beyond the text, as an outdated explanation may have, mark nothing.
    """
    marks: list[int | None] = [None] * len(content)
    for span in sorted(spans, key=lambda one: one.number, reverse=True):
        for place in range(max(0, span.start), min(len(content), span.end)):
            marks[place] = span.number
    made: list[Paragraph] = []
    start = 0
    for line in content.split("\n"):
        if line.strip():
            made.append(tuple(_pieces(line, marks[start : start + len(line)])))
        start += len(line) + 1
    return tuple(made)


def _pieces(line: str, marks: list[int | None]) -> Iterable[Piece]:
    """The runs of one line that carry the same mark."""
    first = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or marks[place] != marks[first]:
            yield Piece(text=line[first:place], number=marks[first])
            first = place
