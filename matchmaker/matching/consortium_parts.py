"""What a demand asks for, part by part: sentences of its public texts, and its indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.consortium import MOST_PARTS, Part
from matchmaker.domain.indicator import Indicator
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.sentences import sentences

# Kinds in the order in which parts are shown; a description counts where nothing else is said.
_SAID: Final = ("key_technology", "problem", "target", "constraint")
# Two sentences as near as this ask for the same.
_SAME: Final = 0.9
_EDGES: Final = " 。；;，,、．.！!？?\t"


def split(
    title: str, texts: Mapping[str, str], indicators: Sequence[Indicator], encoder: Encoder
) -> tuple[Part, ...]:
    """The parts of a demand in order; what is said twice counts once.

    ``texts`` are public texts by kind. A demand of which there is only a title is one part.
    """
    told = [part for kind in _SAID for part in _cut(kind, texts.get(kind, ""))]
    if not any(part.kind != "constraint" for part in told):
        told = [*_cut("description", texts.get("description", "")), *told]
    kept = _distinct(told, encoder) if told else []
    if not kept and not indicators:
        kept = [Part(kind="key_technology", text=title)]
    wanted = [Part(kind="indicator", text=one.text, indicator=one) for one in indicators]
    room = max(MOST_PARTS - len(wanted), MOST_PARTS // 2)
    return (*kept[:room], *wanted[: MOST_PARTS - len(kept[:room])])


def _cut(kind: str, text: str) -> list[Part]:
    cut = (one.text.strip(_EDGES) for one in sentences(text))
    return [Part(kind=kind, text=one) for one in cut if one]


def _distinct(parts: Sequence[Part], encoder: Encoder) -> list[Part]:
    """Parts without those that say nearly the same as one before them."""
    vectors: NDArray[np.float32] = encoder.encode([part.text for part in parts])
    near = vectors @ vectors.T
    kept: list[int] = []
    for row in range(len(parts)):
        if not any(near[row, other] >= _SAME for other in kept):
            kept.append(row)
    return [parts[row] for row in kept]
