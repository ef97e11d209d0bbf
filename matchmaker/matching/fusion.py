"""From similarities to one score and a level.

The weights and thresholds were measured on pairs labelled by professionals; how is told in
``docs/decisions/0004-engine.md``. The score grows with every similarity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

TITLE_WEIGHT: Final = 0.60
CONTENT_WEIGHT: Final = 0.30
DENSE_WEIGHT: Final = 0.10
# Across scripts letters cannot be compared: a dense cosine of 0.58 stands for the usable level.
ACROSS_SCRIPTS: Final = 0.55
# Weighted means from which on a pair is taken for weak, usable and strong …
MEASURED: Final = (0.22, 0.32, 0.42)
# … and the scores that people see there. Below the first nothing is suggested at all.
THRESHOLDS: Final = (0.25, 0.50, 0.75)


@dataclass(frozen=True, slots=True)
class Similarities:
    """Similarities of one query with n records, each an array (n,) of cosines.

    ``comparable`` says where both are written in one script, so that letters can be compared.
    """

    title: NDArray[np.float32]
    content: NDArray[np.float32]
    dense: NDArray[np.float32]
    comparable: NDArray[np.bool_]


def fuse(similarities: Similarities) -> NDArray[np.float32]:
    """The weighted mean (n,) of the three cosines, negative ones counting as none.

    Across scripts the dense cosine alone may count, scaled to the level that it stands for; names
    and numbers that both sides share still help where they say more.
    """
    dense = np.clip(similarities.dense, 0, 1)
    mean = (
        TITLE_WEIGHT * np.clip(similarities.title, 0, 1)
        + CONTENT_WEIGHT * np.clip(similarities.content, 0, 1)
        + DENSE_WEIGHT * dense
    )
    across = np.maximum(mean, ACROSS_SCRIPTS * dense)
    fused: NDArray[np.float32] = np.where(similarities.comparable, mean, across).astype(np.float32)
    return fused


def scored(mean: float) -> float:
    """The score in [0, 1] that stands for a weighted mean: rising, 0.5 where usable begins."""
    score = np.interp(mean, (0.0, *MEASURED, 1.0), (0.0, *THRESHOLDS, 1.0))
    return round(float(score), 6)


def level_of(score: float) -> int:
    """The level 0–3 that a score is taken for."""
    return sum(score >= threshold for threshold in THRESHOLDS)
