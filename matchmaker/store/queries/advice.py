"""Why pairs of a record were dismissed."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.advice import Dismissal
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match


def dismissals(uow: UnitOfWork, noun: str, record_id: int) -> tuple[Dismissal, ...]:
    """The dismissals of a record's pairs, for ``domain.advice`` to aggregate."""
    key = Match.demand_id if noun == "demand" else Match.outcome_id
    found = uow.session.execute(
        select(Match.reason, Match.decided_by, Match.decided_at).where(
            key == record_id, Match.state == "dismissed"
        )
    )
    return tuple(
        Dismissal(reason=reason, broker=broker, at=at)
        for reason, broker, at in found
        if reason is not None and at is not None
    )
