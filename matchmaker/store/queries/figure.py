"""Figures as frozen rows: sums from the table of sums, medians and lists from indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.figure import FIGURES, days_of, quarters_of
from matchmaker.domain.permissions import Actor
from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.figure import FigureEvent, FigureSum, FigureTarget
from matchmaker.store.figure_log import ZONE
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.contract import REGISTERED
from matchmaker.store.queries.visibility import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFilters:
    """Which events are wanted; empty: all. ``region`` none: those without a district."""

    period: str = ""  # 2026-Q1, or a year alone
    region: str = ""
    chain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many events a figure counts, and what they come to in 万元."""

    events: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """What the bureau has set for a figure in a year."""

    figure: str
    baseline: Decimal | None
    target: Decimal | None
    source: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEvent:
    """One event behind a figure, as the reader may see it: empty texts are withheld."""

    id: int
    at: datetime
    day: date
    quarter: str
    noun: str  # of the event
    action: str
    about: str  # noun of the record that is named
    public_id: str
    title: str
    region_code: str
    amount: Decimal
    waited: timedelta | None


def sums(uow: UnitOfWork, filters: FigureFilters) -> dict[str, Sum]:
    """Every figure under the filters; those that count nothing too."""
    rows = uow.session.execute(
        select(FigureSum.figure, func.sum(FigureSum.events), func.sum(FigureSum.amount))
        .where(*_conditions(FigureSum, filters))
        .group_by(FigureSum.figure)
    )
    found = {code: Sum(events=count, amount=amount) for code, count, amount in rows}
    return {code: found.get(code, Sum()) for code in FIGURES}


def by(
    uow: UnitOfWork, part: str, filters: FigureFilters, codes: Iterable[str]
) -> dict[str, dict[str, Sum]]:
    """Some figures by each value of ``quarter``, ``region`` or ``chain``, by value."""
    key = getattr(FigureSum, part)
    each_chain = part == "chain" and not filters.chain
    chain = FigureSum.chain != "" if each_chain else FigureSum.chain == filters.chain
    rows = uow.session.execute(
        select(key, FigureSum.figure, func.sum(FigureSum.events), func.sum(FigureSum.amount))
        .where(FigureSum.figure.in_(sorted(codes)), chain, *_within(FigureSum, filters))
        .group_by(key, FigureSum.figure)
    )
    found: dict[str, dict[str, Sum]] = {}
    for value, code, count, amount in rows:
        found.setdefault(value, {})[code] = Sum(events=count, amount=amount)
    return found


def over(uow: UnitOfWork, quarter: str, codes: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many events some figures count by quarter, of what happened before a quarter began.

    What counts in an earlier quarter may happen in a later one: a step of the funnel counts in that
    in which the demand was submitted, a registration in that of its day.
    """
    found = {
        one: {code: counted.events for code, counted in figures.items()}
        for one, figures in by(uow, "quarter", FigureFilters(), codes).items()
        if one < quarter
    }
    begun = datetime.combine(days_of(quarter)[0], time(), uow.session.info[ZONE])
    since = select(AuditEvent.id).where(AuditEvent.at >= begun)
    # No condition on figure or quarter: a planner without statistics would else begin with them.
    late = uow.session.execute(
        select(FigureEvent.quarter, FigureEvent.figure, func.count())
        .where(FigureEvent.event_id.in_(since), FigureEvent.chain == "")
        .group_by(FigureEvent.quarter, FigureEvent.figure)
    )
    for one, code, count in late:
        if code in found.get(one, ()):
            found[one][code] -= count
    return found


def medians(
    uow: UnitOfWork, filters: FigureFilters, counted: Mapping[str, Sum]
) -> dict[str, timedelta]:
    """How long what the timed figures count usually took, where they count something."""
    found = {}
    for one in FIGURES.values():
        count = counted[one.code].events
        if not one.timed or not count:
            continue
        middle = uow.session.scalars(
            select(FigureEvent.waited)
            .where(FigureEvent.figure == one.code, *_conditions(FigureEvent, filters))
            .order_by(FigureEvent.waited)
            .offset((count - 1) // 2)
            .limit(2 - count % 2)
        ).all()
        seconds = [value for value in middle if value is not None]
        found[one.code] = timedelta(seconds=sum(seconds) / len(seconds))
    return found


def years(uow: UnitOfWork) -> tuple[int, ...]:
    """The years in which something counts, the latest first."""
    year = func.substr(FigureSum.quarter, 1, 4)
    found = uow.session.scalars(select(year).distinct())
    return tuple(sorted({int(one) for one in found}, reverse=True))


def targets(uow: UnitOfWork, year: int) -> dict[str, TargetRow]:
    """What was set for a year, by figure."""
    rows = uow.session.scalars(select(FigureTarget).where(FigureTarget.year == year))
    return {
        row.figure: TargetRow(
            figure=row.figure,
            baseline=row.baseline,
            target=row.target,
            source=row.source,
            version=row.version,
        )
        for row in rows
    }


def listing(
    uow: UnitOfWork, actor: Actor, code: str, filters: FigureFilters, *, limit: int, offset: int
) -> tuple[CountedEvent, ...]:
    """The events that a figure counts, the latest first."""
    page = (
        select(FigureEvent)
        .where(FigureEvent.figure == code, *_conditions(FigureEvent, filters))
        .order_by(FigureEvent.quarter.desc(), FigureEvent.event_id.desc())
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    counted, first = aliased(FigureEvent, page), aliased(Demand)
    of_contract = and_(
        AuditEvent.noun == "contract", Contract.id == AuditEvent.record_id, REGISTERED
    )
    # A firm is not told where what it published first was anonymous.
    published = and_(AuditEvent.noun == "demand", first.id == AuditEvent.record_id)
    named = or_(first.id.is_(None), first.disclosure != "anonymous")
    statement = (
        select(
            counted,
            AuditEvent.at,
            AuditEvent.noun.label("event_noun"),
            AuditEvent.action,
            Contract.public_id.label("contract_id"),
            Contract.title.label("contract_title"),
            case((Demand.id.is_not(None), Demand.title), else_=Outcome.title).label("title"),
            func.coalesce(Demand.public_id, Outcome.public_id).label("public_id"),
            case((named, Organisation.name), else_=None).label("organisation"),
            case((named, Organisation.public_id), else_=None).label("organisation_id"),
            User.name.label("person"),
        )
        .join(AuditEvent, AuditEvent.id == counted.event_id)
        .outerjoin(Contract, of_contract)
        .outerjoin(first, published)
        .outerjoin(Demand, _of(counted, "demand", Demand, seen(actor, "demand")))
        .outerjoin(Outcome, _of(counted, "outcome", Outcome, seen(actor, "outcome")))
        .outerjoin(Organisation, _of(counted, "organisation", Organisation))
        .outerjoin(User, _of(counted, "user", User))
        .order_by(counted.quarter.desc(), counted.event_id.desc())
    )
    return tuple(_event(row) for row in uow.session.execute(statement))


def _of(counted: Any, noun: str, model: Any, *wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(counted.noun == noun, model.id == counted.record_id, *wanted)


def _event(row: Row[Any]) -> CountedEvent:
    counted = row[0]
    if row.contract_id:
        about, public_id, title = "contract", row.contract_id, row.contract_title
    elif counted.noun == "organisation":
        about, public_id, title = "organisation", row.organisation_id, row.organisation
    elif counted.noun == "user":
        about, public_id, title = "user", "", row.person
    else:
        about, public_id, title = counted.noun, row.public_id, row.title
    return CountedEvent(
        id=counted.event_id,
        at=row.at,
        day=counted.day,
        quarter=counted.quarter,
        noun=row.event_noun,
        action=row.action,
        about=about,
        public_id=public_id or "",
        title=title or "",
        region_code=counted.region,
        amount=counted.amount,
        waited=None if counted.waited is None else timedelta(seconds=counted.waited),
    )


def _conditions(model: Any, filters: FigureFilters) -> list[ColumnElement[bool]]:
    return [model.chain == filters.chain, *_within(model, filters)]


def _within(model: Any, filters: FigureFilters) -> list[ColumnElement[bool]]:
    """Period and district."""
    found: list[ColumnElement[bool]] = []
    if filters.period:
        first, last = quarters_of(filters.period)
        found.append(model.quarter.between(first, last))
    if filters.region:
        found.append(model.region == ("" if filters.region == "none" else filters.region))
    return found
