"""Finding a consortium: how outcomes stand to the parts of a demand, and which are chosen.

A sentence is compared with outcomes as a small demand of its own, so that ``P(usable)`` of the
ranking says how likely the outcome is to serve it. An indicator is covered by a value that meets
it, never by likeness. Everything shown is drawn from public texts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.consortium import BELONGS, COVERS, MOST_MEMBERS, Part, Standing
from matchmaker.domain.indicator import Indicator
from matchmaker.domain.matchable import Matchable
from matchmaker.matching import consortium_choice
from matchmaker.matching.consortium_choice import Cover
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.engine import Engine
from matchmaker.matching.rules import indicator_facts
from matchmaker.matching.sentences import sentences
from matchmaker.matching.vectors import encode_records

# So many outcomes are looked at for each part, and for the demand as a whole.
_EACH: Final = 24
_SENTENCES_READ: Final = 40
_STANDINGS: Final = {
    "for": Standing.COVERS,
    "against": Standing.MISSES,
    "neutral": Standing.DIFFERS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How one outcome stands to one part; ``evidence`` is its own sentence or indicator."""

    standing: Standing
    probability: float | None  # None for indicators: they are compared, not estimated
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An outcome with how it stands to every part, and the weight that it covers alone."""

    id: int
    organisation_id: int
    cells: tuple[Cell, ...]
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consortium:
    """The outcomes that together cover most, the single best, and the weights they reach."""

    parts: tuple[Part, ...]
    members: tuple[Member, ...]
    single: Member | None
    weight: int
    whole: int

    @property
    def covered(self) -> tuple[bool, ...]:
        """Whether any member covers each part."""
        cells = [member.cells for member in self.members]
        return tuple(
            any(row[part].standing is Standing.COVERS for row in cells)
            for part in range(len(self.parts))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """How the outcomes worth looking at stand to the parts of a demand."""

    parts: tuple[Part, ...]
    outcomes: tuple[Matchable, ...]
    standing: NDArray[np.str_]  # part × outcome, codes of Standing
    probability: NDArray[np.float64]  # part × outcome, NaN for indicators

    @property
    def cover(self) -> Cover:
        """The same as the choice looks at it."""
        return Cover(
            weights=np.array([part.weight for part in self.parts], dtype=np.int64),
            covers=self.standing == Standing.COVERS,
            evidence=np.where(np.isnan(self.probability), 1.0, self.probability),
            organisations=np.array([one.organisation_id for one in self.outcomes], dtype=np.int64),
        )


def survey(
    engine: Engine,
    demand: Matchable,
    vector: NDArray[np.float32],
    parts: Sequence[Part],
    allowed: Collection[int] | None = None,
) -> Survey:
    """Compare the parts with the outcomes in ``allowed``; those of its own company are left out."""
    worded = [row for row, part in enumerate(parts) if part.indicator is None]
    asked = [_small(demand, parts[row].text) for row in worded]
    queries = [(demand, vector), *zip(asked, encode_records(engine.encoder, asked), strict=True)]
    outcomes, usable = engine.likely(queries, top=_EACH, allowed=allowed)
    probability = np.full((len(parts), len(outcomes)), np.nan)
    probability[worded] = usable[1:]
    standing = _standings(demand, parts, outcomes, usable[0], probability)
    return Survey(
        parts=tuple(parts), outcomes=tuple(outcomes), standing=standing, probability=probability
    )


def find(encoder: Encoder, seen: Survey, *, most: int = MOST_MEMBERS) -> Consortium:
    """The consortium of at most ``most`` of the outcomes surveyed, and the single best."""
    cover = seen.cover
    chosen = consortium_choice.choose(cover, most)
    best = consortium_choice.single_best(cover)
    shown = sorted({*chosen, *([] if best is None else [best])})
    told = _evidence(encoder, seen, shown)
    members = {
        column: Member(
            id=seen.outcomes[column].id,
            organisation_id=seen.outcomes[column].organisation_id,
            cells=tuple(
                _cell(seen.standing[row, column], seen.probability[row, column], text)
                for row, text in enumerate(told[column])
            ),
            weight=consortium_choice.weight(cover, [column]),
        )
        for column in shown
    }
    return Consortium(
        parts=seen.parts,
        members=tuple(sorted((members[one] for one in chosen), key=lambda m: (-m.weight, m.id))),
        single=None if best is None else members[best],
        weight=consortium_choice.weight(cover, chosen),
        whole=int(cover.weights.sum()),
    )


def _small(demand: Matchable, text: str) -> Matchable:
    """A part as a demand of its own: of the same company, which is not offered its own."""
    return Matchable(id=demand.id, title=text, text="", organisation_id=demand.organisation_id)


def _standings(
    demand: Matchable,
    parts: Sequence[Part],
    outcomes: Sequence[Matchable],
    whole: NDArray[np.float64],
    probability: NDArray[np.float64],
) -> NDArray[np.str_]:
    """How each outcome (columns) stands to each part (rows)."""
    found = np.full(probability.shape, Standing.NONE.value, dtype="<U8")
    found[probability >= COVERS] = Standing.COVERS
    serves = (whole >= BELONGS) | (probability >= COVERS).any(axis=0)
    for row, part in enumerate(parts):
        if part.indicator is None:
            continue
        asked = replace(demand, indicators=(part.indicator,))
        for column in np.flatnonzero(serves).tolist():
            for fact in indicator_facts(asked, outcomes[column]):
                found[row, column] = _STANDINGS[fact.stance]
    return found


def _cell(standing: str, probability: float, evidence: str) -> Cell:
    stated = None if np.isnan(probability) else round(float(probability), 6)
    return Cell(standing=Standing(standing), probability=stated, evidence=evidence)


def _evidence(encoder: Encoder, seen: Survey, columns: Sequence[int]) -> dict[int, list[str]]:
    """What some outcomes say nearest to each part: a sentence, or the indicator it asks for."""
    cut = {column: sentences(seen.outcomes[column].content)[:_SENTENCES_READ] for column in columns}
    texts = sorted({one.text for found in cut.values() for one in found})
    if not texts:
        return {}
    place = {text: row for row, text in enumerate(texts)}
    near = encoder.encode([part.text for part in seen.parts]) @ encoder.encode(texts).T
    told: dict[int, list[str]] = {}
    for column, found in cut.items():
        rows = [place[one.text] for one in found]
        told[column] = [
            texts[rows[int(np.argmax(near[row, rows]))]]
            if part.indicator is None
            else _stated(part.indicator, seen.outcomes[column])
            for row, part in enumerate(seen.parts)
        ]
    return told


def _stated(wanted: Indicator, outcome: Matchable) -> str:
    """The indicator of an outcome that is compared with a wanted one, if it names it."""
    asked = Matchable(id=0, title="", text="", organisation_id=0, indicators=(wanted,))
    return "；".join(str(fact.values["offered"]) for fact in indicator_facts(asked, outcome))
