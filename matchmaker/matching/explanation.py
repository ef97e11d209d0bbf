"""Why two records were put together: shared terms, the best-aligned sentences, facts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.rules import Fact, facts
from matchmaker.matching.sentences import Sentence, sentences

_TERMS_SHOWN: Final = 8
_SENTENCES_READ: Final = 14
_SHORTEST_TERM: Final = 2
_LONGEST_TERM: Final = 20
# Words that fill every proposal and tell nothing about a technology.
_FILLERS: Final = frozenset(
    """
    技术 研究 研发 开发 应用 系统 方法 产品 项目 企业 公司 进行 具有 实现
    提高 采用 以及 通过 需要 目前 主要 问题 解决 关键 要求 一种 及其 其他
    生产 使用 相关 能够 可以 我公司 产业化 设计 制备 装置 工艺 the and for
    with from that this are was can new use used using based
    """.split()  # noqa: SIM905 - a list of words reads best as a text
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A term that stands on both sides, with its first place in each content."""

    text: str
    demand: Span
    outcome: Span


@dataclass(frozen=True, slots=True)
class AlignedSentence:
    """A sentence of a content: ``text == content[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pair of sentences that lie nearest to each other, with their cosine."""

    demand: AlignedSentence
    outcome: AlignedSentence
    similarity: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is said about a pair; drawn from public text alone."""

    terms: tuple[SharedTerm, ...]
    alignment: Alignment | None
    facts: tuple[Fact, ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON holds it."""
        made: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return made

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Explanation:
        """The explanation that :meth:`to_dict` wrote."""
        aligned = data["alignment"]
        return cls(
            terms=tuple(
                SharedTerm(term["text"], _span(term["demand"]), _span(term["outcome"]))
                for term in data["terms"]
            ),
            alignment=Alignment(
                AlignedSentence(**aligned["demand"]),
                AlignedSentence(**aligned["outcome"]),
                aligned["similarity"],
            )
            if aligned
            else None,
            facts=tuple(Fact(**fact) for fact in data["facts"]),
        )


def explain(
    pairs: Sequence[tuple[Matchable, Matchable]],
    encoder: Encoder,
    rarity: Callable[[str], float],
) -> list[Explanation]:
    """Explain (demand, outcome) pairs; every distinct sentence is encoded once.

    ``rarity`` says how telling a term is (mean inverse document frequency).
    """
    contents = {record.content for pair in pairs for record in pair}
    cut = {content: sentences(content)[:_SENTENCES_READ] for content in contents}
    texts = sorted({one.text for found in cut.values() for one in found})
    place = {text: row for row, text in enumerate(texts)}
    vectors = encoder.encode(texts)
    return [
        Explanation(
            terms=shared_terms(demand.content, outcome.content, encoder, rarity),
            alignment=_align(cut[demand.content], cut[outcome.content], vectors, place),
            facts=facts(demand, outcome),
        )
        for demand, outcome in pairs
    ]


def shared_terms(
    demand: str, outcome: str, encoder: Encoder, rarity: Callable[[str], float]
) -> tuple[SharedTerm, ...]:
    """The most telling stretches of words that stand on both sides, the rarest first.

    Words come from the encoder's tokenizer; neighbouring words are joined as long as the other side
    holds the stretch too.
    """
    folded = _fold(outcome)
    found: dict[str, Span] = {}
    words = encoder.words(demand)
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and _holds(folded, demand, words, index, end):
            end += 1
        if end > index:
            start, stop = words[index][1], words[end - 1][2]
            found.setdefault(_fold(demand[start:stop].strip()), (start, stop))
        index = max(end, index + 1)
    telling = [text for text in found if _tells(text)]
    telling.sort(key=lambda text: (-rarity(text) * min(len(text), 6) ** 0.5, text))
    chosen: list[str] = []
    for text in telling:
        if not any(text in other or other in text for other in chosen):
            chosen.append(text)
    return tuple(
        SharedTerm(
            demand[found[text][0] : found[text][1]].strip(),
            _trimmed(demand, found[text]),
            (folded.index(text), folded.index(text) + len(text)),
        )
        for text in chosen[:_TERMS_SHOWN]
    )


def _holds(
    folded: str, demand: str, words: Sequence[tuple[str, int, int]], first: int, last: int
) -> bool:
    """Whether the other side holds the stretch from word ``first`` to word ``last``."""
    start, stop = words[first][1], words[last][2]
    stretch = _fold(demand[start:stop])
    if stop - start > _LONGEST_TERM or not stretch.strip() or "\n" in stretch:
        return False
    if not any(character.isalnum() for character in demand[words[last][1] : stop]):
        return False
    return stretch.strip() in folded


def _fold(text: str) -> str:
    """Lower case, character by character, so that offsets stay what they are."""
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _tells(text: str) -> bool:
    return (
        len(text) >= _SHORTEST_TERM
        and text not in _FILLERS
        and any(character.isalpha() for character in text)
        and not (text.isascii() and len(text) < 3)  # noqa: PLR2004 - two Latin letters are no term
    )


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())


def _align(
    demand: Sequence[Sentence],
    outcome: Sequence[Sentence],
    vectors: NDArray[np.float32],
    place: Mapping[str, int],
) -> Alignment | None:
    """The nearest pair of sentences; among equals the first."""
    if not demand or not outcome:
        return None
    left = vectors[[place[one.text] for one in demand]]
    right = vectors[[place[one.text] for one in outcome]]
    cosines = left @ right.T
    row, column = divmod(int(np.argmax(cosines)), len(outcome))
    return Alignment(
        _aligned(demand[row]),
        _aligned(outcome[column]),
        round(float(np.clip(cosines[row, column], 0, 1)), 4),
    )


def _aligned(one: Sentence) -> AlignedSentence:
    return AlignedSentence(one.text, one.start, one.end)


def _span(values: Sequence[int]) -> Span:
    return values[0], values[1]
