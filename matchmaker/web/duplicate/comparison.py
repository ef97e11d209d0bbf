"""Two records part by part, each text cut where the other one differs; there is no HTML in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from matchmaker.web.i18n import gettext as _
from matchmaker.web.record.pages import Fact, IndicatorRow, RecordView, Text

# Longer texts are compared sentence by sentence: comparing letters takes time with their square.
_LONG: Final = 1_500
# Agreeing stretches of so few tokens between two differences only make marks hard to read.
_SHORT: Final = 2
_LETTERS: Final = re.compile(r"[A-Za-z0-9.]+|\s+|.", re.DOTALL)
_SENTENCES: Final = re.compile(r"[^。；;！!？?\n]*[。；;！!？?\n]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether the other record has something else there."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of both records under its heading."""

    heading: str
    first: tuple[Piece, ...]
    second: tuple[Piece, ...]

    @property
    def differs(self) -> bool:
        """Whether anything differs here."""
        return any(piece.differs for piece in (*self.first, *self.second))


def parts(first: RecordView, second: RecordView) -> tuple[Part, ...]:
    """The title, the texts, the indicators and the facts of two records that both can be read."""
    ours, theirs = dict(_texts(first)), dict(_texts(second))
    found = []
    for heading in dict.fromkeys((*ours, *theirs)):
        left, right = compared(ours.get(heading, ""), theirs.get(heading, ""))
        found.append(Part(heading=heading, first=left, second=right))
    return tuple(found)


def compared(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts as pieces; marks lie on what the other one does not have in that place."""
    if one == other:
        whole = (Piece(one, differs=False),) if one else ()
        return whole, whole
    pattern = _SENTENCES if max(len(one), len(other)) > _LONG else _LETTERS
    ours, theirs = pattern.findall(one), pattern.findall(other)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for same, mine, yours in _smoothed(matcher.get_opcodes(), ours, theirs):
        left.append(Piece(mine, differs=not same))
        right.append(Piece(yours, differs=not same))
    return _joined(left), _joined(right)


def _smoothed(
    codes: Sequence[tuple[str, int, int, int, int]], ours: list[str], theirs: list[str]
) -> Iterator[tuple[bool, str, str]]:
    """Stretches with whether they agree; a tiny agreement between differences counts as one."""
    for place, (kind, start, end, begin, stop) in enumerate(codes):
        between = 0 < place < len(codes) - 1
        same = kind == "equal" and not (between and end - start < _SHORT)
        yield same, "".join(ours[start:end]), "".join(theirs[begin:stop])


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind made one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].differs == piece.differs:
            found[-1] = Piece(found[-1].text + piece.text, piece.differs)
        else:
            found.append(piece)
    return tuple(found)


def _texts(record: RecordView) -> Iterator[tuple[str, str]]:
    """Every part of a record that is compared; redacted texts are not."""
    yield _("Title"), record.title
    for text in record.texts:
        yield _pair(text)
    if record.indicators:
        yield _("Indicators"), "\n".join(map(_indicator, record.indicators))
    for text in record.more:
        yield _pair(text)
    if record.keywords:
        yield _("Keywords"), "\n".join(record.keywords)
    facts = (*record.lead, *record.facts)
    if facts:
        yield _("Details"), "\n".join(map(_fact, facts))


def _pair(text: Text) -> tuple[str, str]:
    return text.heading, text.text


def _indicator(row: IndicatorRow) -> str:
    return " ".join(part for part in (row.name, row.requirement, row.condition) if part)


def _fact(fact: Fact) -> str:
    return f"{fact.label}: {fact.value}"
