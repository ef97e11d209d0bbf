"""How sure a measured figure is, when the pairs of one demand belong together.

Demands are what was sampled, not pairs: intervals come from a bootstrap that draws whole demands
(Efron & Tibshirani 1993, ch. 6), and two rankings are told apart on the differences within each
demand by a sign-flip permutation test (Fisher 1935; Smucker et al. 2007 for retrieval). Seeds are
fixed: the same input gives the same figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 2_000
FLIPS: Final = 10_000
CONFIDENCE: Final = 0.95
SIGNIFICANT: Final = 0.05
_SEED: Final = 20_260_302
_TAILS: Final = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
_NORMAL_QUANTILE: Final = 1.959_963_984_540_054  # of the normal distribution at 0.975

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval, and how many demands it rests on."""

    value: float
    low: float
    high: float
    demands: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the differences of two rankings, demand by demand, say.

    ``difference`` is the mean of first minus second with its interval; ``p`` the probability of a
    mean difference at least as large, either way, if it were chance which ranking is which.
    """

    difference: Figure
    first: float
    second: float
    p: float

    @property
    def significant(self) -> bool:
        """Whether chance is an unlikely explanation (p < 0.05)."""
        return self.p < SIGNIFICANT

    @property
    def lost(self) -> bool:
        """Whether the first is significantly worse than the second."""
        return self.significant and self.difference.value < 0


def resamples(demands: int, draws: int = DRAWS) -> Values:
    """How often each demand is drawn in each resample: (draws, demands), rows sum to demands."""
    numbers = np.random.default_rng(_SEED)
    return numbers.multinomial(demands, np.full(demands, 1 / demands), size=draws).astype(
        np.float64
    )


def interval(found: Values) -> tuple[float, float]:
    """The percentile interval of what resamples gave; those that gave nothing (NaN) left out."""
    told = found[np.isfinite(found)]
    if not len(told):
        return math.nan, math.nan
    low, high = np.quantile(told, _TAILS)
    return float(low), float(high)


def mean_figure(values: Values, drawn: Values) -> Figure:
    """Mean of per-demand values (demands,), NaN where a demand does not count, with interval."""
    counts = np.isfinite(values)
    if not counts.any():
        return Figure(math.nan, math.nan, math.nan, 0)
    weights = drawn[:, counts]
    present = weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = weights @ values[counts] / present
    low, high = interval(means)
    return Figure(float(values[counts].mean()), low, high, int(counts.sum()))


def compare(first: Values, second: Values, drawn: Values | None = None) -> Comparison:
    """Compare two rankings by their values (demands,) for the same demands.

    Demands that count for only one of them (NaN in the other) are left out.
    """
    both = np.isfinite(first) & np.isfinite(second)
    differences = np.where(both, first - second, np.nan)
    weights = resamples(len(first)) if drawn is None else drawn
    return Comparison(
        mean_figure(differences, weights),
        float(first[both].mean()) if both.any() else math.nan,
        float(second[both].mean()) if both.any() else math.nan,
        sign_flip(differences[both]),
    )


def sign_flip(differences: Values, flips: int = FLIPS) -> float:
    """Two-sided p of a mean difference, if each demand's sign were the toss of a coin.

    The observed signs count as one of the tosses, so that p is never 0 (Phipson & Smyth 2010).
    """
    moved = differences[differences != 0]
    if not len(moved):
        return 1.0
    numbers = np.random.default_rng(_SEED)
    signs = numbers.integers(0, 2, size=(flips, len(moved)), dtype=np.int8) * 2 - 1
    sums = np.abs(signs @ moved)
    # Sums that are equal but for rounding count as equal.
    as_large = int(np.count_nonzero(sums >= abs(moved.sum()) - 1e-9))
    return (1 + as_large) / (1 + flips)


def wilson(successes: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); pairs are taken as independent."""
    if count == 0:
        return 0.0, 1.0
    share, square = successes / count, _NORMAL_QUANTILE**2
    centre = (share + square / (2 * count)) / (1 + square / count)
    spread = math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    half = _NORMAL_QUANTILE * spread / (1 + square / count)
    return max(0.0, centre - half), min(1.0, centre + half)
