"""Why two records were put together: shared terms, the best-aligned sentences, facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.rules import Fact, facts
from matchmaker.matching.script import script_of
from matchmaker.matching.sentences import Sentence, sentences
from matchmaker.matching.terms import Rarity, SharedTerm, Span, missing_terms, shared_terms, side

_SENTENCES_READ: Final = 40
# Both titles stand on the page anyway: a sentence of the text is shown unless a title says it
# better by more than this.
_TITLE_HANDICAP: Final = 0.04


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
        aligned = self.alignment
        return {
            "terms": [
                {"text": term.text, "demand": [*term.demand], "outcome": [*term.outcome]}
                for term in self.terms
            ],
            "alignment": {
                "demand": asdict(aligned.demand),
                "outcome": asdict(aligned.outcome),
                "similarity": aligned.similarity,
            }
            if aligned
            else None,
            "facts": [
                {"code": fact.code, "stance": fact.stance, "values": {**fact.values}}
                for fact in self.facts
            ],
        }

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
    pairs: Sequence[tuple[Matchable, Matchable]], encoder: Encoder, rarity: Rarity
) -> list[Explanation]:
    """Explain (demand, outcome) pairs; every distinct sentence is encoded once.

    ``rarity`` says how rare a text is among the records: near 0 in every one, 1 in none.
    """
    contents = {record.content for pair in pairs for record in pair}
    cut = {content: sentences(content)[:_SENTENCES_READ] for content in contents}
    sides = {content: side(content, encoder.words(content)) for content in contents}
    texts = sorted({one.text for found in cut.values() for one in found})
    place = {text: row for row, text in enumerate(texts)}
    vectors = encoder.encode(texts)
    explanations = []
    for demand, outcome in pairs:
        left, right = sides[demand.content], sides[outcome.content]
        alignment = _align(cut[demand.content], cut[outcome.content], vectors, place)
        found = facts(demand, outcome)
        if script_of(demand.title) == script_of(outcome.title):
            missing = missing_terms(left, len(demand.title), right, rarity)
            found += (Fact("missing", "against", {"terms": list(missing)}),) if missing else ()
        explanations.append(Explanation(shared_terms(left, right, rarity), alignment, found))
    return explanations


def _align(
    demand: Sequence[Sentence],
    outcome: Sequence[Sentence],
    vectors: NDArray[np.float32],
    place: Mapping[str, int],
) -> Alignment | None:
    """The nearest pair of sentences, titles set back a little; among equals the first."""
    if not demand or not outcome:
        return None
    left = vectors[[place[one.text] for one in demand]]
    right = vectors[[place[one.text] for one in outcome]]
    cosines = left @ right.T
    weighed = cosines - _handicap(demand)[:, None] - _handicap(outcome)[None, :]
    row, column = divmod(int(np.argmax(weighed)), len(outcome))
    return Alignment(
        _aligned(demand[row]),
        _aligned(outcome[column]),
        round(float(np.clip(cosines[row, column], 0, 1)), 4),
    )


def _handicap(found: Sequence[Sentence]) -> NDArray[np.float32]:
    """What each sentence is set back by: only the first line of a content is its title."""
    return np.array([_TITLE_HANDICAP * (one.start == 0) for one in found], dtype=np.float32)


def _aligned(one: Sentence) -> AlignedSentence:
    return AlignedSentence(one.text, one.start, one.end)


def _span(values: Sequence[int]) -> Span:
    return values[0], values[1]
