"""Kept evaluations as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from matchmaker.store.database import UnitOfWork
from matchmaker.store.evaluation import Evaluation
from matchmaker.store.queries.statement import row_of, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow:
    """One kept evaluation."""

    id: int
    public_id: str
    engine_version: str
    bench_name: str
    bench_checksum: str
    figures: Mapping[str, Any]
    created_at: datetime
    created_by: str


_COLUMNS = tuple(getattr(Evaluation, name) for name in EvaluationRow.__dataclass_fields__)


def evaluations(
    uow: UnitOfWork, *, limit: int, offset: int = 0
) -> tuple[tuple[EvaluationRow, ...], int]:
    """Evaluations, the latest first, and how many there are."""
    rows = uow.session.execute(
        select(*_COLUMNS).order_by(Evaluation.id.desc()).limit(limit).offset(offset)
    )
    total = uow.session.scalar(select(func.count()).select_from(Evaluation))
    return rows_of(EvaluationRow, rows), total or 0


def evaluation(uow: UnitOfWork, public_id: str) -> EvaluationRow | None:
    """The evaluation of a public id."""
    row = uow.session.execute(
        select(*_COLUMNS).where(Evaluation.public_id == public_id)
    ).one_or_none()
    return None if row is None else row_of(EvaluationRow, row)


def latest_on(uow: UnitOfWork, bench_checksum: str) -> Evaluation | None:
    """The latest evaluation on the very same labelled pairs, with its values per demand."""
    return uow.session.scalars(
        select(Evaluation)
        .where(Evaluation.bench_checksum == bench_checksum)
        .order_by(Evaluation.id.desc())
        .limit(1)
    ).one_or_none()
