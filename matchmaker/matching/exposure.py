"""How evenly suggestions are spread over outcomes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def gini(counts: Sequence[int]) -> float:
    """Gini coefficient of how often each outcome is suggested; those never suggested count as 0.

    0 where all are suggested equally often, near 1 where one takes every place:
    ``2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n`` over ascending ``x_i`` (Sen 1973).
    """
    values = np.sort(np.asarray(counts, dtype=np.float64))
    total = float(values.sum())
    if not total:
        return 0.0
    places = np.arange(1, len(values) + 1)
    return float(2 * (places @ values) / (len(values) * total) - (len(values) + 1) / len(values))
