"""Secondments, visits and diagnoses as frozen rows, and where a specialist is placed today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, select, true

from matchmaker.domain.permissions import Actor
from matchmaker.domain.secondment import holds
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import seen
from matchmaker.store.secondment import Diagnosis, Secondment, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondmentRow:
    """A secondment in a list; ``opens``: it holds today, or is the reader's own firm's."""

    public_id: str
    firm_id: int
    firm: str
    firm_public_id: str
    specialist: str
    home: str
    begins_on: date
    ends_on: date
    purpose: str
    state: str
    ended_at: datetime | None
    holds: bool
    visits: int
    last_visit: date | None

    organisation_id: int
    author_id: int
    specialist_id: int
    recipient_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit note."""

    visited_on: date
    note: str
    specialist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisRow:
    """What a specialist said of a demand."""

    note: str
    percent: int
    ready: bool
    created_at: datetime
    specialist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmDemand:
    """A firm's demand on the desk of its specialist."""

    public_id: str
    firm_id: int
    title: str
    state: str
    state_note: str
    expires_on: date | None
    updated_at: datetime
    drafted: bool  # by a specialist, and not taken over by the firm yet
    ready: bool  # the latest diagnosis found it ready to be submitted
    diagnosed_at: datetime | None


def holds_on(today: date) -> ColumnElement[bool]:
    """``domain.secondment.holds`` over the rows of ``secondment``."""
    return and_(
        Secondment.state == "active", Secondment.begins_on <= today, Secondment.ends_on >= today
    )


def placed_with(uow: UnitOfWork, user_id: int, today: date) -> frozenset[int]:
    """The firms that a specialist acts for on a day."""
    return frozenset(
        uow.session.scalars(
            select(Secondment.organisation_id).where(
                Secondment.specialist_id == user_id, holds_on(today)
            )
        )
    )


def shown(actor: Actor) -> ColumnElement[bool]:
    """The secondments that the actor may know of: the firm's, one's own, for the bureau all."""
    if actor.role == "bureau":
        return true()
    if actor.role == "specialist":
        return Secondment.specialist_id == actor.user_id
    if actor.role == "company" and actor.organisation_id is not None:
        return Secondment.organisation_id == actor.organisation_id
    return false()


def listing(uow: UnitOfWork, actor: Actor, today: date) -> tuple[SecondmentRow, ...]:
    """The secondments that the actor may know of; those that wait first, then those in force."""
    rows = uow.session.execute(
        _rows()
        .where(shown(actor))
        .order_by(
            (Secondment.state == "proposed").desc(),
            (Secondment.state == "active").desc(),
            Secondment.ends_on.desc(),
            Secondment.id.desc(),
        )
        .limit(500)
    )
    return tuple(_row(row._mapping, today) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


def row_of(uow: UnitOfWork, secondment_id: int, today: date) -> SecondmentRow:
    """One secondment with its names."""
    row = uow.session.execute(_rows().where(Secondment.id == secondment_id)).one()
    return _row(row._mapping, today)  # noqa: SLF001 - as above


def visits(uow: UnitOfWork, secondment_id: int) -> tuple[VisitRow, ...]:
    """The visit notes of a secondment, the latest first."""
    rows = uow.session.execute(
        select(Visit.visited_on, Visit.note, User.name.label("specialist"))
        .join(User, Visit.specialist_id == User.id)
        .where(Visit.secondment_id == secondment_id)
        .order_by(Visit.visited_on.desc(), Visit.id.desc())
    )
    return rows_of(VisitRow, rows)


def diagnoses(uow: UnitOfWork, demand_id: int) -> tuple[DiagnosisRow, ...]:
    """What specialists said of a demand, the latest first."""
    rows = uow.session.execute(
        select(
            Diagnosis.note,
            Diagnosis.percent,
            Diagnosis.ready,
            Diagnosis.created_at,
            User.name.label("specialist"),
        )
        .join(User, Diagnosis.specialist_id == User.id)
        .where(Diagnosis.demand_id == demand_id)
        .order_by(Diagnosis.id.desc())
    )
    return rows_of(DiagnosisRow, rows)


def firm_demands(
    uow: UnitOfWork, actor: Actor, firm_ids: Collection[int]
) -> Mapping[int, tuple[FirmDemand, ...]]:
    """By firm, its demands that are not over, as far as the actor may see them."""
    latest = (
        select(Diagnosis.demand_id, func.max(Diagnosis.id).label("id"))
        .group_by(Diagnosis.demand_id)
        .subquery()
    )
    rows = uow.session.execute(
        select(
            Demand.public_id,
            Demand.organisation_id.label("firm_id"),
            Demand.title,
            Demand.state,
            Demand.state_note,
            Demand.expires_on,
            Demand.updated_at,
            func.coalesce(User.role == "specialist", False).label("drafted"),
            func.coalesce(Diagnosis.ready, False).label("ready"),
            Diagnosis.created_at.label("diagnosed_at"),
        )
        .outerjoin(latest, latest.c.demand_id == Demand.id)
        .outerjoin(Diagnosis, Diagnosis.id == latest.c.id)
        .outerjoin(User, Demand.author_id == User.id)
        .where(
            Demand.organisation_id.in_(sorted(firm_ids)),
            Demand.state.not_in(("withdrawn", "resolved")),
            seen(actor, "demand"),
        )
        .order_by(Demand.updated_at.desc(), Demand.id.desc())
    )
    found: dict[int, list[FirmDemand]] = defaultdict(list)
    for row in rows:
        found[row.firm_id].append(FirmDemand(**row._mapping))  # noqa: SLF001 - as above
    return {firm: tuple(demands) for firm, demands in found.items()}


def latest_diagnosis() -> Any:
    """The key of the latest diagnosis of the demand of the row around it."""
    return (
        select(func.max(Diagnosis.id))
        .where(Diagnosis.demand_id == Demand.id)
        .correlate(Demand)
        .scalar_subquery()
    )


def specialists(uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """The specialists who can be placed, by name: public id, and name with home."""
    rows = uow.session.execute(
        select(User.public_id, User.name, Organisation.name.label("home"))
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(placeable())
        .order_by(Organisation.name, User.name, User.id)
    )
    return tuple((row.public_id, f"{row.name}（{row.home}）") for row in rows)


def placeable() -> ColumnElement[bool]:
    """Whether a person, with his organisation, can be placed with firms."""
    return and_(
        User.role == "specialist", User.active, User.approved, Organisation.state == "verified"
    )


def _rows() -> Select[*tuple[Any, ...]]:
    counted = (
        select(
            Visit.secondment_id,
            func.count().label("visits"),
            func.max(Visit.visited_on).label("last_visit"),
        )
        .group_by(Visit.secondment_id)
        .subquery()
    )
    home = select(Organisation.id, Organisation.name).subquery()
    return (
        select(
            Secondment.public_id,
            Secondment.organisation_id.label("firm_id"),
            Organisation.name.label("firm"),
            Organisation.public_id.label("firm_public_id"),
            User.name.label("specialist"),
            func.coalesce(home.c.name, "").label("home"),
            Secondment.begins_on,
            Secondment.ends_on,
            Secondment.purpose,
            Secondment.state,
            Secondment.ended_at,
            Secondment.organisation_id,
            Secondment.specialist_id,
            func.coalesce(counted.c.visits, 0).label("visits"),
            counted.c.last_visit,
        )
        .join(Organisation, Secondment.organisation_id == Organisation.id)
        .join(User, Secondment.specialist_id == User.id)
        .outerjoin(home, User.organisation_id == home.c.id)
        .outerjoin(counted, counted.c.secondment_id == Secondment.id)
    )


def _row(values: Any, today: date) -> SecondmentRow:
    row = dict(values)
    in_force = holds(row["state"], row["begins_on"], row["ends_on"], today)
    return SecondmentRow(**row, holds=in_force, author_id=row["specialist_id"])
