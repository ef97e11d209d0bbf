"""From similarities to one score and a level.

The weights and thresholds were measured on pairs labelled by professionals; how is told in
``docs/decisions/0004-engine.md``. The score grows with every similarity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

TITLE_WEIGHT: Final = 0.58
CONTENT_WEIGHT: Final = 0.22
DENSE_WEIGHT: Final = 0.20
# A dense cosine of 0.55 stands for the usable level as a score of 0.30 does.
ACROSS_SCRIPTS: Final = 0.55
# Lowest score of levels 1, 2 and 3; below the first nothing is suggested at all.
THRESHOLDS: Final = (0.20, 0.30, 0.42)


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

    Across scripts the dense cosine alone counts, scaled to the level that it stands for.
    """
    dense = np.clip(similarities.dense, 0, 1)
    mean = (
        TITLE_WEIGHT * np.clip(similarities.title, 0, 1)
        + CONTENT_WEIGHT * np.clip(similarities.content, 0, 1)
        + DENSE_WEIGHT * dense
    )
    return np.where(similarities.comparable, mean, ACROSS_SCRIPTS * dense).astype(np.float32)


def level_of(score: float) -> int:
    """The level 0–3 that a score is taken for."""
    return sum(score >= threshold for threshold in THRESHOLDS)
