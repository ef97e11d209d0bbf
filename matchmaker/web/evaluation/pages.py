"""The evaluation's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.web.evaluation.charts import Chart
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its interval, written out."""

    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class SystemLine:
    """A system's row: name, what it is, its cells in the order of the headings."""

    name: str
    text: str
    cells: tuple[Cell, ...]
    out_of_fold: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a metric moved; ``tone`` is a badge's."""

    value: str
    interval: str
    verdict: str
    tone: str


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A system's row in the comparison with the evaluation before."""

    name: str
    cells: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The comparison with the evaluation before on the same pairs."""

    href: str
    engine_version: str
    sentence: str
    rows: tuple[DifferenceLine, ...]


@dataclass(frozen=True, slots=True)
class BinLine:
    """Pairs of about the same stated probability."""

    stated: str
    observed: str
    interval: str
    count: int


@dataclass(frozen=True, slots=True)
class PointLine:
    """What showing the surest pairs down to a threshold means."""

    coverage: str
    precision: str
    threshold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probabilities:
    """Whether a system's stated probabilities can be believed."""

    system: str
    facts: tuple[tuple[str, Cell], ...]
    pairs: int
    usable: str
    bins: tuple[BinLine, ...]
    points: tuple[PointLine, ...]
    reliability: Chart
    risk: Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One evaluation in full."""

    engine_version: str
    bench_name: str
    bench_checksum: str
    at: datetime
    by: str
    demands: int
    outcomes: int
    labels: int
    headings: tuple[str, ...]
    rows: tuple[SystemLine, ...]
    before: Before | None
    probabilities: Probabilities | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One kept evaluation in the list."""

    href: str
    at: datetime
    engine_version: str
    bench_name: str
    by: str
    gain: str
    error: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class EvaluationPage(Page):
    """An evaluation, the latest unless another is chosen, and those before it."""

    template: ClassVar = "evaluation/show.html"

    shown: Shown | None
    history: tuple[HistoryLine, ...]
    number: int
    count: int
    previous: str
    next: str
