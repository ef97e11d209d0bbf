"""Charts as numbers for SVG: the template draws them, the style sheet gives them their look.

Lines and marks differ by shape and dash, not by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 340
HEIGHT: Final = 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 20, 12, 44
_TICKS: Final = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A measured point with the ends of its interval."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart's geometry in user units; y grows downwards."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    line: str  # points of the measured curve
    reference: tuple[float, float, float, float]  # x1, y1, x2, y2
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a share to a place."""

    largest: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        clipped = min(max(value / self.largest, 0.0), 1.0)
        return round(self.start + (self.end - self.start) * clipped, 1)

    def ticks(self) -> tuple[Tick, ...]:
        values = [self.largest * step / _TICKS for step in range(_TICKS + 1)]
        return tuple(Tick(self(value), f"{100 * value:.0f} %") for value in values)


def reliability(bins: Sequence[Mapping[str, Any]]) -> Chart:
    """Stated probability across, observed share up; the diagonal is what they should be."""
    largest = _round_up([one[name] for one in bins for name in ("stated", "high")])
    across, up = _scales(largest, largest)
    marks = tuple(
        Mark(across(one["stated"]), up(one["observed"]), up(one["low"]), up(one["high"]))
        for one in bins
    )
    return _chart(across, up, "", (across(0), up(0), across(largest), up(largest)), marks)


def risk(
    curve: Iterable[Mapping[str, float]], usable: float, attained: Iterable[tuple[float, float]]
) -> Chart:
    """Share of pairs shown across, share of these that is usable up.

    The reference is the share of usable pairs among all; ``attained`` marks (coverage, precision).
    """
    across, up = _scales(1.0, 1.0)
    line = " ".join(f"{across(one['coverage'])},{up(one['precision'])}" for one in curve)
    marks = tuple(
        Mark(across(coverage), up(precision), up(precision), up(precision))
        for coverage, precision in attained
        if coverage > 0
    )
    return _chart(across, up, line, (across(0), up(usable), across(1), up(usable)), marks)


def _scales(across: float, up: float) -> tuple[_Scale, _Scale]:
    return _Scale(across, _LEFT, WIDTH - _RIGHT), _Scale(up, HEIGHT - _BOTTOM, _TOP)


def _chart(
    across: _Scale,
    up: _Scale,
    line: str,
    reference: tuple[float, float, float, float],
    marks: tuple[Mark, ...],
) -> Chart:
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=WIDTH - _RIGHT,
        top=_TOP,
        bottom=HEIGHT - _BOTTOM,
        across=across.ticks(),
        up=up.ticks(),
        line=line,
        reference=reference,
        marks=marks,
    )


def _round_up(values: Iterable[float]) -> float:
    """The end of an axis: the next half of a tenth above everything, five even steps long."""
    return min(1.0, max(0.1, math.ceil(max(values, default=1.0) * 20 - 1e-9) / 20))
