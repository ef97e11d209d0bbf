"""Introductions by the calendar: silence is reminded and lapses; what is taken down is closed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.introduction import remind_from
from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.working_days import WorkingDays
from matchmaker.services import audit, introduction_notice
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.introduction import Introduction


def lapse_due(uow: UnitOfWork, *, base_url: str = "") -> int:
    """Close what was not answered in time; returns how many."""
    over = _locked(uow, Introduction.due_at < uow.now)
    for one in over:
        _lapse(uow, one, {}, "lapsed", base_url)
    return len(over)


def remind_due(uow: UnitOfWork, *, calendar: WorkingDays, base_url: str = "") -> int:
    """Remind, once, the sides that have not answered for three working days."""
    silent = [
        one
        for one in _locked(uow, Introduction.reminded_at.is_(None), Introduction.due_at >= uow.now)
        if remind_from(calendar, one.asked_at) < uow.now
    ]
    for one in silent:
        one.reminded_at = uow.now
        audit.record(uow, SYSTEM, "introduction", one.id, "remind")
        introduction_notice.tell(uow, one, "reminded", base_url=base_url)
    uow.flush()
    return len(silent)


def close_for(uow: UnitOfWork, noun: str, record_id: int) -> None:
    """Close the open questions about a record that is no longer published."""
    column = Introduction.demand_id if noun == "demand" else Introduction.outcome_id
    for one in _locked(uow, column == record_id):
        _lapse(uow, one, {"because": f"{noun}_unpublished"}, "closed", "")


def _lapse(
    uow: UnitOfWork, one: Introduction, noted: dict[str, object], event: str, base_url: str
) -> None:
    one.closed_at = uow.now
    transition(uow, SYSTEM, "introduction", one, "lapse", noted=noted)
    uow.flush()
    introduction_notice.tell(uow, one, event, base_url=base_url)


def _locked(uow: UnitOfWork, *wanted: Any) -> list[Introduction]:
    """Open introductions, under lock."""
    statement = (
        select(Introduction)
        .where(Introduction.state == "asked", *wanted)
        .options(joinedload(Introduction.demand), joinedload(Introduction.outcome))
        .order_by(Introduction.id)
        .with_for_update(of=Introduction)
    )
    return list(uow.session.scalars(statement))
