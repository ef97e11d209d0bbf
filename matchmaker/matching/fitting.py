"""Fitting a ranking to labelled pairs.

The features count alike, each by its own spread: an improper linear model (Dawes 1979, American
Psychologist 34). Weights found by search, by regression on the gain or the level, or by boosted
trees all ranked worse on demands that they were not fitted to: a few thousand noisy labels of a
hundred demands do not carry more (docs/decisions/0006).

What is learnt is the curve from likeness to evidence and the cuts, by maximum likelihood of
proportional odds: rising lines between quantiles of the likeness. With so few numbers there is
little to learn by heart, and the probabilities come out calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.features import NAMES, Features
from matchmaker.matching.lexical import Background
from matchmaker.matching.ranking import Ranking

_KNOTS: Final = (0.0, 0.5, 0.9, 1.0)  # quantiles of the likeness
_SMALLEST_STEP: Final = 0.01
_ACROSS_RANKS: Final = (0.5, 0.98)

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Curve:
    """Points of a rising curve from likeness to evidence, and the cuts."""

    likeness: Values
    evidence: Values
    cuts: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class LabelledDemand:
    """The features of one demand's labelled outcomes and their levels (n,)."""

    features: Features
    levels: NDArray[np.int64]


def fit_ranking(
    demands: Sequence[LabelledDemand], background: Background, fitted_on: str
) -> Ranking:
    """A ranking fitted to labelled demands; the same numbers for the same input."""
    values = np.concatenate([one.features.values for one in demands]).astype(np.float64)
    levels = np.concatenate([one.levels for one in demands])
    weights = 1 / np.maximum(values.std(axis=0), 1e-9) / len(NAMES)
    alike = values @ weights
    curve = _rising_odds(alike, levels)
    meaning = values[:, NAMES.index("meaning")]
    return Ranking(
        weights=tuple(weights.tolist()),
        across=_across(meaning, alike),
        likeness=tuple(curve.likeness.tolist()),
        evidence=tuple(curve.evidence.tolist()),
        cuts=curve.cuts,
        fitted_on=fitted_on,
        background=background,
    )


def _across(meaning: Values, alike: Values) -> tuple[float, float]:
    """Constant and weight by which meaning stands for likeness: equal quantiles, equal places.

    Across scripts words cannot add their part, so that a cosine of a rank among its like is taken
    for the likeness of that rank.
    """
    places = np.quantile(meaning, _ACROSS_RANKS), np.quantile(alike, _ACROSS_RANKS)
    weight = (places[1][1] - places[1][0]) / max(places[0][1] - places[0][0], 1e-9)
    return float(places[1][0] - weight * places[0][0]), float(weight)


def folds(count: int, demands: int, seed: int = 0) -> list[NDArray[np.int64]]:
    """The numbers of demands cut at random into groups: all pairs of one demand stay together."""
    order = np.random.default_rng(seed).permutation(demands)
    return [np.sort(order[start::count]) for start in range(count)]


def _rising_odds(alike: Values, levels: NDArray[np.int64]) -> _Curve:
    """Curve and cuts of P(level >= k) = sigmoid(curve(likeness) - cut_k), by L-BFGS-B.

    The curve starts at 0 and rises by ``steps`` between its knots: cuts say where it lies.
    """
    from scipy.optimize import minimize

    knots = np.unique(np.quantile(alike, _KNOTS))
    # How much of each step a pair has taken (n, knots - 1).
    taken = np.clip((alike[:, None] - knots[:-1]) / np.diff(knots), 0, 1)
    reached = np.stack([levels >= level for level in (1, 2, 3)], axis=1).astype(np.float64)

    def loss(numbers: Values) -> tuple[float, Values]:
        steps, cuts = numbers[:-3], numbers[-3:]
        odds = (taken @ steps)[:, None] - cuts
        missed = 1 / (1 + np.exp(-odds)) - reached
        # ln(1 + e^x) - y x, summed over the three questions.
        value = np.sum(np.logaddexp(0, odds) - reached * odds)
        gradient = np.concatenate([missed.sum(axis=1) @ taken, -missed.sum(axis=0)])
        return float(value) / len(levels), gradient / len(levels)

    start = np.concatenate([np.ones(len(knots) - 1), [1.0, 3.0, 5.0]])
    bounds = [(_SMALLEST_STEP, None)] * (len(knots) - 1) + [(None, None)] * 3
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    first, second, third = np.sort(found[-3:]).tolist()
    evidence = np.concatenate([[0.0], np.cumsum(found[:-3])])
    return _Curve(knots, evidence, (first, second, third))
