"""Records as everybody may see them, streamed in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.permissions import VISITOR
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.visibility import MODELS, seen

_BATCH: Final = 500


def records(uow: UnitOfWork, noun: str) -> Iterator[Demand | Outcome]:
    """Every record that a visitor sees, with its organisation; memory holds one batch."""
    model: Any = MODELS[noun]
    statement = (
        select(model).where(seen(VISITOR, noun)).options(joinedload(model.organisation))
    ).order_by(model.id)
    last = 0
    while True:
        rows = uow.session.scalars(statement.where(model.id > last).limit(_BATCH)).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id
        uow.session.expunge_all()
