"""The one vector of a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.glossary import glossed

# Titles tell more than texts: the measured best mix on labelled pairs (docs/decisions/0004).
TITLE_SHARE: Final = 0.8


def encode_records(
    encoder: Encoder,
    records: Sequence[Matchable],
    *,
    progress: Callable[[int], None] | None = None,
) -> NDArray[np.float32]:
    """Unit vectors (len(records), dimension): a mix of the title's and the whole content's.

    Korean ones are read with their Chinese words, see :mod:`matchmaker.matching.glossary`.
    """
    titles = encoder.encode([glossed(record.title) for record in records])
    contents = encoder.encode([glossed(record.content) for record in records], progress=progress)
    mixed: NDArray[np.float32] = TITLE_SHARE * titles + (1 - TITLE_SHARE) * contents
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    np.divide(mixed, lengths, out=mixed, where=lengths > 0)
    return mixed
