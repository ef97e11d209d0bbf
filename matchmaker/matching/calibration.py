"""Whether a stated probability of being usable can be believed.

Over all labelled pairs: the expected calibration error (Naeini et al. 2015) with ten bins that hold
equally many pairs, the Brier score, and what share of the pairs may be shown if so many of them
are to be usable (risk and coverage: El-Yaniv & Wiener 2010). Intervals by drawing whole demands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.statistics import Figure, interval, wilson

BINS: Final = 10
BINNING: Final = "equal mass"
PRECISIONS: Final = (0.5, 0.3)
_CURVE_POINTS: Final = 60
_DRAWN_TOGETHER: Final = 250  # resamples worked on at once, for memory

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labelled pairs: P(usable) stated, whether usable, and the demand's row, each (pairs,)."""

    stated: Values
    usable: NDArray[np.bool_]
    demand: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of about the same stated probability; the observed share with Wilson's interval."""

    stated: float
    observed: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """Showing the pairs stated at least ``threshold``: what share that is, how many are usable."""

    coverage: float
    precision: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What labelled pairs say of stated probabilities.

    ``coverage`` holds (precision asked for, largest share of the pairs that attains it).
    """

    ece: Figure
    brier: Figure
    usable: float
    pairs: int
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]
    coverage: tuple[tuple[float, Figure], ...]


def calibrate(pairs: Pairs, drawn: Values, precisions: Sequence[float] = PRECISIONS) -> Calibration:
    """Measure stated probabilities; ``drawn`` (draws, demands) says how demands are resampled."""
    curve = risk_coverage(pairs)
    return Calibration(
        ece=_ece(pairs, drawn),
        brier=_brier(pairs, drawn),
        usable=float(pairs.usable.mean()),
        pairs=len(pairs.stated),
        bins=reliability(pairs),
        curve=_thinned(curve),
        coverage=tuple(zip(precisions, _coverages(pairs, drawn, precisions), strict=True)),
    )


def bin_of(stated: Values, bins: int = BINS) -> NDArray[np.int64]:
    """The bin of each pair, between quantiles, so that bins hold equally many; ties stay together.

    Where many pairs are stated the same, there are fewer bins than asked for.
    """
    edges = np.unique(np.quantile(stated, np.linspace(0, 1, bins + 1))[1:-1])
    return np.searchsorted(edges, stated).astype(np.int64)


def reliability(pairs: Pairs) -> tuple[Bin, ...]:
    """Stated against observed, bin by bin, from the least probable pairs on."""
    numbers = bin_of(pairs.stated)
    made = []
    for number in np.unique(numbers):
        inside = numbers == number
        count, usable = int(inside.sum()), int(pairs.usable[inside].sum())
        stated = float(pairs.stated[inside].mean())
        made.append(Bin(stated, usable / count, *wilson(usable, count), count))
    return tuple(made)


def risk_coverage(pairs: Pairs) -> tuple[Point, ...]:
    """A point for each distinct stated probability, from the surest pairs to all of them."""
    order = np.argsort(-pairs.stated, kind="stable")
    stated, hits = pairs.stated[order], np.cumsum(pairs.usable[order])
    ends = np.flatnonzero(np.append(np.diff(stated) != 0, True))
    return tuple(
        Point((end + 1) / len(stated), float(hits[end]) / (end + 1), float(stated[end]))
        for end in ends.tolist()
    )


def _thinned(curve: Sequence[Point]) -> tuple[Point, ...]:
    """Points about equally far apart in coverage, the first and the last kept."""
    if len(curve) <= _CURVE_POINTS:
        return tuple(curve)
    coverage = np.array([point.coverage for point in curve])
    wanted = np.linspace(coverage[0], 1, _CURVE_POINTS)
    kept = np.unique(np.minimum(np.searchsorted(coverage, wanted), len(curve) - 1))
    return tuple(curve[place] for place in kept.tolist())


def _sums(values: Values, pairs: Pairs, demands: int) -> Values:
    """The sum of pairs' values for each demand (demands,)."""
    return np.bincount(pairs.demand, weights=values, minlength=demands).astype(np.float64)


def _figure(value: float, found: Values, pairs: Pairs) -> Figure:
    return Figure(value, *interval(found), len(np.unique(pairs.demand)))


def _brier(pairs: Pairs, drawn: Values) -> Figure:
    squares = (pairs.stated - pairs.usable) ** 2
    demands = drawn.shape[1]
    with np.errstate(invalid="ignore"):
        found = (drawn @ _sums(squares, pairs, demands)) / (
            drawn @ _sums(np.ones_like(squares), pairs, demands)
        )
    return _figure(float(squares.mean()), found, pairs)


def _ece(pairs: Pairs, drawn: Values) -> Figure:
    """Σ over bins of |stated - observed| weighted by pairs; the bins stay those of all pairs."""
    numbers, demands = bin_of(pairs.stated), drawn.shape[1]
    gaps = pairs.stated - pairs.usable
    total, found = 0.0, np.zeros(len(drawn))
    for number in np.unique(numbers):
        inside = numbers == number
        total += abs(float(gaps[inside].sum()))
        found += np.abs(drawn @ _sums(np.where(inside, gaps, 0.0), pairs, demands))
    with np.errstate(invalid="ignore", divide="ignore"):
        found /= drawn @ _sums(np.ones_like(gaps), pairs, demands)
    return _figure(total / len(gaps), found, pairs)


def _coverages(pairs: Pairs, drawn: Values, precisions: Sequence[float]) -> list[Figure]:
    """The largest share of pairs, surest first, of which a given share is usable."""
    order = np.argsort(-pairs.stated, kind="stable")
    demand, usable = pairs.demand[order], pairs.usable[order].astype(np.float64)
    ends = np.flatnonzero(np.append(np.diff(pairs.stated[order]) != 0, True))
    wanted = np.array(precisions)
    value = _largest(np.ones((1, len(order))), usable, ends, wanted)[0]
    parts = [
        _largest(drawn[start : start + _DRAWN_TOGETHER][:, demand], usable, ends, wanted)
        for start in range(0, len(drawn), _DRAWN_TOGETHER)
    ]
    found = np.concatenate(parts)
    return [_figure(float(value[i]), found[:, i], pairs) for i in range(len(wanted))]


def _largest(
    weights: Values, usable: Values, ends: NDArray[np.int64], precisions: Values
) -> Values:
    """Coverage (draws, precisions) for weights (draws, pairs) in the order of the pairs."""
    shown = np.cumsum(weights, axis=1)
    hits = np.cumsum(weights * usable, axis=1)[:, ends]
    with np.errstate(invalid="ignore"):  # a resample without any pair says nothing
        shares = shown[:, ends] / shown[:, -1:]
    shown = shown[:, ends]
    return np.stack(
        [
            # A rounding error must not lose a precision that is attained exactly.
            np.where(hits >= precision * shown - 1e-9, shares, 0.0).max(axis=1)
            for precision in precisions.tolist()
        ],
        axis=1,
    )
