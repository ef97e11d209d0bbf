"""Registered contracts as the bureau counts them, and one contract's surroundings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, extract, func, select
from sqlalchemy.orm import aliased

from matchmaker.domain.errors import NotFound
from matchmaker.domain.permissions import Actor, require
from matchmaker.store.contract import Contract, ContractRevision
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.statement import row_of

REGISTERED: Final = Contract.state == "registered"
# What statistics count; the plain form is domain.contract.is_counted.
COUNTED: Final = and_(REGISTERED, Contract.related.is_(False))
_COMPANY, _INSTITUTION = aliased(Organisation), aliased(Organisation)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFilters:
    """Which registered contracts are wanted; empty: all."""

    quarter: str = ""  # 2026-Q1, or a year alone
    type: str = ""
    region: str = ""
    counted: str = ""  # yes, no


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many contracts count, and what they come to in 万元."""

    contracts: int = 0
    amount: Decimal = Decimal(0)
    technical: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRow:
    """A registered contract as the bureau lists it."""

    public_id: str
    title: str
    type: str
    development_kind: str | None
    company: str
    institution: str
    region_code: str | None
    number: str
    office: str
    signed_on: date
    registered_on: date
    amount_total: Decimal
    amount_technical: Decimal
    related: bool
    revision: int

    @property
    def quarter(self) -> str:
        """The quarter of its registration."""
        return quarter_of(self.registered_on.year, self.registered_on.month)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCard:
    """A contract as the page of its engagement shows it."""

    public_id: str
    title: str
    state: str
    amount_total: Decimal | None
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """The amounts of one revision, who made it and why."""

    revision: int
    state: str
    type: str | None
    amount_total: Decimal | None
    amount_technical: Decimal | None
    related: bool
    number: str | None
    changed: tuple[str, ...]
    reason: str
    made_by: str | None
    made_at: datetime


def totals(uow: UnitOfWork, filters: ContractFilters | None = None) -> Totals:
    """What counts, in one query: registered, and not between related parties."""
    statement = _joined(
        select(
            func.count(),
            func.coalesce(func.sum(Contract.amount_total), Decimal(0)),
            func.coalesce(func.sum(Contract.amount_technical), Decimal(0)),
        ).select_from(Contract)
    )
    row = uow.session.execute(
        statement.where(COUNTED, *_conditions(filters or ContractFilters()))
    ).one()
    return Totals(contracts=row[0], amount=row[1], technical=row[2])


def by_quarter(uow: UnitOfWork, filters: ContractFilters) -> dict[str, Totals]:
    """What counts by quarter of registration, the latest first."""
    year = extract("year", Contract.registered_on)
    month = extract("month", Contract.registered_on)
    found: dict[str, Totals] = {}
    for y, m, *numbers in _grouped(uow, filters, year, month):
        key = quarter_of(int(y), int(m))
        found[key] = _sum([found.get(key, Totals()), _totals(numbers)])
    return dict(sorted(found.items(), reverse=True))


def by_type(uow: UnitOfWork, filters: ContractFilters) -> dict[str, Totals]:
    """What counts by type of contract."""
    return {kind: _totals(numbers) for kind, *numbers in _grouped(uow, filters, Contract.type)}


def by_region(uow: UnitOfWork, filters: ContractFilters) -> dict[str, Totals]:
    """What counts by the company's district; an empty code for none."""
    region = func.coalesce(_COMPANY.region_code, "")
    return {code: _totals(numbers) for code, *numbers in _grouped(uow, filters, region)}


def years(uow: UnitOfWork) -> tuple[int, ...]:
    """The years in which contracts were registered, the latest first."""
    year = extract("year", Contract.registered_on).label("year")
    found = uow.session.scalars(select(year).where(REGISTERED).distinct().order_by(year.desc()))
    return tuple(int(one) for one in found)


def listing(
    uow: UnitOfWork, filters: ContractFilters, *, limit: int | None, offset: int = 0
) -> tuple[tuple[ContractRow, ...], int]:
    """Registered contracts, the latest first, and how many there are; the related ones too."""
    conditions = (REGISTERED, *_conditions(filters))
    statement = _rows().where(*conditions).limit(limit).offset(offset)
    rows = uow.session.execute(
        statement.order_by(Contract.registered_on.desc(), Contract.id.desc())
    )
    count = _joined(select(func.count()).select_from(Contract)).where(*conditions)
    return tuple(_row(row) for row in rows), uow.session.scalar(count) or 0


def registered(uow: UnitOfWork, actor: Actor, public_id: str) -> tuple[int, ContractRow]:
    """A registered contract for whoever oversees them, with its key; ``NotFound`` else."""
    require(actor, "contract", "count")
    row = uow.session.execute(
        _rows().where(Contract.public_id == public_id, REGISTERED)
    ).one_or_none()
    if row is None:
        msg = "There is no registered contract of this id."
        raise NotFound(msg, noun="contract")
    return row.id, _row(row)


def revisions(
    uow: UnitOfWork, contract_id: int, *, registered_only: bool = False
) -> tuple[RevisionRow, ...]:
    """The revisions of a contract, the latest first; for the bureau, those since registration."""
    wanted = [ContractRevision.contract_id == contract_id]
    if registered_only:
        wanted.append(ContractRevision.state == "registered")
    rows = uow.session.execute(
        select(ContractRevision, User.name)
        .outerjoin(User, ContractRevision.made_by == User.id)
        .where(*wanted)
        .order_by(ContractRevision.revision.desc())
    )
    return tuple(
        RevisionRow(
            revision=one.revision,
            state=one.state,
            type=one.type,
            amount_total=one.amount_total,
            amount_technical=one.amount_technical,
            related=one.related,
            number=one.number,
            changed=tuple(one.changed),
            reason=one.reason,
            made_by=name,
            made_at=one.made_at,
        )
        for one, name in rows
    )


def card(uow: UnitOfWork, engagement_id: int) -> ContractCard | None:
    """The contract of an engagement in one line, for its parties."""
    row = uow.session.execute(
        select(
            Contract.public_id,
            Contract.title,
            Contract.state,
            Contract.amount_total,
            Contract.number,
        ).where(Contract.engagement_id == engagement_id)
    ).one_or_none()
    return row_of(ContractCard, row) if row else None


def names(uow: UnitOfWork, *user_ids: int | None) -> dict[int, str]:
    """The names of people by key."""
    wanted = [key for key in user_ids if key is not None]
    rows = uow.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def party_names(uow: UnitOfWork, engagement: Engagement) -> tuple[str, str]:
    """The names of the company and of the institution, for those who are parties."""
    ids = (engagement.company_id, engagement.institution_id)
    rows = uow.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    )
    found = {row.id: row.name for row in rows}
    return found[ids[0]], found[ids[1]]


def quarter_of(year: int, month: int) -> str:
    """A quarter as ``2026-Q1``."""
    return f"{year}-Q{(month + 2) // 3}"


def _rows() -> Any:
    return _joined(
        select(
            Contract.id,
            Contract.public_id,
            Contract.title,
            Contract.type,
            Contract.development_kind,
            _COMPANY.name.label("company"),
            _INSTITUTION.name.label("institution"),
            _COMPANY.region_code,
            Contract.number,
            Contract.office,
            Contract.signed_on,
            Contract.registered_on,
            Contract.amount_total,
            Contract.amount_technical,
            Contract.related,
            Contract.revision,
        )
    )


def _row(row: Row[Any]) -> ContractRow:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    del values["id"]
    return ContractRow(**values)


def _joined(statement: Any) -> Any:
    return (
        statement.join(Engagement, Contract.engagement_id == Engagement.id)
        .join(_COMPANY, Engagement.company_id == _COMPANY.id)
        .join(_INSTITUTION, Engagement.institution_id == _INSTITUTION.id)
    )


def _grouped(uow: UnitOfWork, filters: ContractFilters, *keys: Any) -> Iterable[Any]:
    statement = _joined(
        select(
            *keys,
            func.count(),
            func.coalesce(func.sum(Contract.amount_total), Decimal(0)),
            func.coalesce(func.sum(Contract.amount_technical), Decimal(0)),
        ).select_from(Contract)
    )
    return uow.session.execute(
        statement.where(COUNTED, *_conditions(filters)).group_by(*keys).order_by(*keys)
    )


def _conditions(filters: ContractFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.quarter:
        begin, end = _bounds(filters.quarter)
        found += [Contract.registered_on >= begin, Contract.registered_on < end]
    if filters.type:
        found.append(Contract.type == filters.type)
    if filters.region:
        code = "" if filters.region == "none" else filters.region
        found.append(func.coalesce(_COMPANY.region_code, "") == code)
    if filters.counted:
        found.append(Contract.related.is_(filters.counted != "yes"))
    return found


def _bounds(quarter: str) -> tuple[date, date]:
    """The first day of a quarter, or of a year, and the first day after it."""
    year, _, number = quarter.partition("-Q")
    first = date(int(year), 3 * int(number or 1) - 2, 1)
    months = 3 if number else 12
    after = first.month - 1 + months
    return first, date(first.year + after // 12, after % 12 + 1, 1)


def _totals(numbers: Iterable[Any]) -> Totals:
    contracts, amount, technical = numbers
    return Totals(contracts=contracts, amount=amount, technical=technical)


def _sum(parts: Iterable[Totals]) -> Totals:
    listed = list(parts)
    return Totals(
        contracts=sum(one.contracts for one in listed),
        amount=sum((one.amount for one in listed), Decimal(0)),
        technical=sum((one.technical for one in listed), Decimal(0)),
    )
