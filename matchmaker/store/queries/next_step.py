"""Lists of next steps, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import may_name_organisation
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.next_step import NextStep
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.visibility import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One request with its demand; the organisation is None where it must not be named."""

    public_id: str
    kind: str
    state: str
    note: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str | None
    demand_id: str
    demand_title: str
    organisation_name: str | None


def of_demand(uow: UnitOfWork, actor: Actor, demand_id: int) -> tuple[StepRow, ...]:
    """What was asked for one demand, the latest first."""
    return _rows(uow, actor, NextStep.demand_id == demand_id, limit=20, offset=0)


def listing(
    uow: UnitOfWork, actor: Actor, *, closed: bool, limit: int, offset: int
) -> tuple[StepRow, ...]:
    """Requests of demands that the actor may see: waiting ones, oldest first, or closed ones."""
    wanted = NextStep.state != "open" if closed else NextStep.state == "open"
    wanted = and_(wanted, seen(actor, "demand"))
    return _rows(uow, actor, wanted, limit=limit, offset=offset, oldest_first=not closed)


def counts(uow: UnitOfWork, actor: Actor) -> Mapping[bool, int]:
    """How many requests that the actor may see are open (False) and closed (True)."""
    is_closed = NextStep.state != "open"
    statement = (
        select(is_closed, func.count())
        .join(Demand, NextStep.demand_id == Demand.id)
        .where(seen(actor, "demand"))
        .group_by(is_closed)
    )
    return {bool(closed): number for closed, number in uow.session.execute(statement)}


def _rows(
    uow: UnitOfWork,
    actor: Actor,
    wanted: object,
    *,
    limit: int,
    offset: int,
    oldest_first: bool = False,
) -> tuple[StepRow, ...]:
    order = NextStep.asked_at if oldest_first else NextStep.asked_at.desc()
    statement = (
        select(NextStep, Demand, Organisation.name, User.name)
        .join(Demand, NextStep.demand_id == Demand.id)
        .join(Organisation, Demand.organisation_id == Organisation.id)
        .outerjoin(User, NextStep.answered_by == User.id)
        .where(wanted)  # type: ignore[arg-type]  # a column expression
        .order_by(order, NextStep.id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(
        StepRow(
            public_id=step.public_id,
            kind=step.kind,
            state=step.state,
            note=step.note,
            asked_at=step.asked_at,
            answer=step.answer,
            answered_at=step.answered_at,
            answered_by=answered_by,
            demand_id=demand.public_id,
            demand_title=demand.title,
            organisation_name=name if may_name_organisation(actor, "demand", demand) else None,
        )
        for step, demand, name, answered_by in uow.session.execute(statement)
    )
