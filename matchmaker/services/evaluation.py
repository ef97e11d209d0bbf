"""Keeping what was measured, so that engines can be compared over time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from matchmaker.domain.permissions import Actor, require
from matchmaker.matching.evaluation import Evaluation as Measurement
from matchmaker.matching.metrics import METRICS, Values
from matchmaker.matching.statistics import Comparison, compare
from matchmaker.services import audit
from matchmaker.store.database import UnitOfWork
from matchmaker.store.evaluation import NAME_LENGTH, Evaluation
from matchmaker.store.queries.evaluation import latest_on

_DIGITS: Final = 6


def keep(
    uow: UnitOfWork, actor: Actor, measured: Measurement, *, engine_version: str, by: str
) -> Evaluation:
    """Store an evaluation, compared with the latest one on the very same labelled pairs."""
    if actor.role != "system":
        require(actor, "evaluation", "keep")
    figures = figures_of(measured)
    before = latest_on(uow, measured.bench.checksum)
    if before is not None:
        figures["previous"] = _against(measured, before)
    kept = Evaluation(
        engine_version=engine_version,
        bench_name=measured.bench.name[:NAME_LENGTH],
        bench_checksum=measured.bench.checksum,
        figures=figures,
        per_demand=_per_demand(measured),
        created_at=uow.now,
        created_by=by[:NAME_LENGTH],
    )
    uow.session.add(kept)
    uow.flush()
    after = {"bench": kept.bench_name, "engine_version": engine_version}
    audit.record(uow, actor, "evaluation", kept.id, "keep", after=after)
    return kept


def figures_of(measured: Measurement) -> dict[str, Any]:
    """Every figure as JSON can hold it: rounded, and null for what is no number."""
    told: dict[str, Any] = {
        "demands": len(measured.bench.demands),
        "outcomes": len(measured.bench.outcomes),
        "labels": sum(map(len, measured.bench.labels.values())),
        "judged": measured.bench.judged,
        "systems": {
            name: {
                "metrics": {metric: asdict(figure) for metric, figure in one.figures.items()},
                "calibration": None if one.calibration is None else asdict(one.calibration),
                "out_of_fold": one.out_of_fold,
            }
            for name, one in measured.systems.items()
        },
    }
    rounded: dict[str, Any] = _plain(told)
    return rounded


def comparison_of(told: Comparison) -> dict[str, Any]:
    """A comparison as JSON can hold it."""
    made: dict[str, Any] = _plain(asdict(told) | {"significant": told.significant})
    return made


def _against(measured: Measurement, before: Evaluation) -> dict[str, Any]:
    """The paired comparison, system by system, with an evaluation kept before."""
    ids = measured.bench.demand_ids
    compared = {}
    for name, one in measured.systems.items():
        old = before.per_demand.get(name)
        if old is not None:
            compared[name] = {
                metric: comparison_of(
                    compare(
                        # Rounded like what is stored: what did not change must not differ.
                        np.round(one.values[metric], _DIGITS),
                        _values(old.get(metric, {}), ids),
                    )
                )
                for metric in METRICS
            }
    return {
        "public_id": before.public_id,
        "engine_version": before.engine_version,
        "systems": compared,
    }


def _per_demand(measured: Measurement) -> dict[str, Any]:
    """The values of demands that count: system, metric, demand."""
    ids = measured.bench.demand_ids
    return {
        name: {
            metric: {
                ids[row]: round(float(values[row]), _DIGITS)
                for row in np.flatnonzero(np.isfinite(values)).tolist()
            }
            for metric, values in one.values.items()
        }
        for name, one in measured.systems.items()
    }


def _values(stored: Mapping[str, float], ids: tuple[str, ...]) -> Values:
    return np.array([stored.get(key, math.nan) for key in ids], dtype=np.float64)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, _DIGITS) if math.isfinite(value) else None
    return value
