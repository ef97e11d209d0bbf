"""What a ranking is worth for each demand.

For demands with at least ten labelled outcomes: the labelled outcomes ranked, nDCG@10 with gain
``2^level - 1`` (demands whose labels are all 0 left out), P@5 and MRR with usable = level 2 or 3
(demands without a usable one left out); and over the whole corpus, recall@50 of the usable ones.
Computed by ir-measures (pytrec_eval).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

METRICS: Final = ("ndcg@10", "p@5", "mrr", "recall@50")
FEWEST_LABELS: Final = 10
USABLE: Final = 2
_GAINS: Final = {0: 0, 1: 1, 2: 3, 3: 7}
_DEPTH: Final = 50

Labels = Mapping[str, Mapping[str, int]]
Scores = NDArray[np.float32]
Values = NDArray[np.float64]


def measurable(labels: Labels) -> bool:
    """Whether any demand has labels enough, a usable one among them."""
    return any(
        len(row) >= FEWEST_LABELS and any(level >= USABLE for level in row.values())
        for row in labels.values()
    )


def per_demand(
    scores: Scores, labels: Labels, demand_ids: Sequence[str], outcome_ids: Sequence[str]
) -> dict[str, Values]:
    """Each metric's values (demands,) of scores (demands, outcomes); NaN: does not count.

    Equal scores are ordered as pytrec_eval does among the labelled, by corpus order over all.
    """
    import ir_measures

    graded, labelled_run, whole_run = _runs(scores, labels, demand_ids, outcome_ids)
    usable = {
        demand: row
        for demand, row in graded.items()
        if any(level >= USABLE for level in row.values())
    }
    row_of = {demand: row for row, demand in enumerate(demand_ids)}
    values = {name: np.full(len(demand_ids), np.nan) for name in METRICS}
    gain = ir_measures.nDCG(gains=_GAINS) @ 10
    precision, first = ir_measures.P(rel=USABLE) @ 5, ir_measures.RR(rel=USABLE)
    recall = ir_measures.R(rel=USABLE) @ _DEPTH
    names = dict(zip((gain, precision, first, recall), METRICS, strict=True))
    asked: list[tuple[list[Any], Any, Any]] = [
        ([gain], graded, labelled_run),
        ([precision, first], usable, labelled_run),
        ([recall], usable, whole_run),
    ]
    for measures, relevant, run in asked:
        for one in ir_measures.iter_calc(measures, relevant, run):
            if one.query_id in relevant:
                values[names[one.measure]][row_of[one.query_id]] = one.value
    return values


_Levels = dict[str, dict[str, int]]
_Run = dict[str, dict[str, float]]


def _runs(
    scores: Scores, labels: Labels, demand_ids: Sequence[str], outcome_ids: Sequence[str]
) -> tuple[_Levels, _Run, _Run]:
    """Labels of the demands that count, their labelled outcomes' scores, and the best of all."""
    column = {key: place for place, key in enumerate(outcome_ids)}
    graded: _Levels = {}
    labelled_run: _Run = {}
    whole_run: _Run = {}
    for row, demand in enumerate(demand_ids):
        told = labels.get(demand, {})
        if len(told) < FEWEST_LABELS or not any(told.values()):
            continue
        graded[demand] = dict(told)
        labelled_run[demand] = {key: float(scores[row, column[key]]) for key in told}
        best = np.argsort(-scores[row], kind="stable")[:_DEPTH]
        whole_run[demand] = {
            outcome_ids[place]: float(_DEPTH - rank) for rank, place in enumerate(best)
        }
    return graded, labelled_run, whole_run
