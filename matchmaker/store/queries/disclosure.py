"""Grants of a record's confidential tier and receipts of its openings, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, Grant
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.disclosure import DisclosureGrant, DisclosureReceipt
from matchmaker.store.engagement import Engagement, NdaAcceptance
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.party import party
from matchmaker.store.queries.visibility import nda_between

RECEIPTS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A grant as the record's own people see it; permissions can look at it through its row."""

    public_id: str
    grantee_name: str
    state: str
    until: date | None
    nda: bool
    asked_by: str | None
    asked_at: datetime | None
    question: str
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    revoked_at: datetime | None
    revoke_reason: str
    openings: int
    last_opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """Who opened the confidential tier, when, and what exactly was shown."""

    public_id: str
    reader_name: str
    organisation_name: str
    opened_at: datetime
    fields: tuple[str, ...]
    record_version: int
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A confidentiality agreement that an organisation has accepted with the record's owner."""

    organisation_name: str
    text_version: str
    ours: str
    ours_at: datetime
    theirs: str
    theirs_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the actor's own organisation has been told about the confidential tier of a record."""

    grant_id: int
    public_id: str
    state: str
    until: date | None
    reason: str
    revoke_reason: str
    grant: Grant


def of_record(noun: str, record_id: int) -> ColumnElement[bool]:
    """The grants of one record."""
    column = DisclosureGrant.demand_id if noun == "demand" else DisclosureGrant.outcome_id
    return column == record_id


def standing(uow: UnitOfWork, actor: Actor, noun: str, record_id: int) -> tuple[Standing, ...]:
    """The grants of a record to the actor's organisation, the latest first, in one query."""
    if actor.organisation_id is None:
        return ()
    rows = uow.session.execute(
        select(
            DisclosureGrant.id,
            DisclosureGrant.public_id,
            DisclosureGrant.state,
            DisclosureGrant.until,
            DisclosureGrant.reason,
            DisclosureGrant.revoke_reason,
            nda_between().label("nda"),
        )
        .where(of_record(noun, record_id), DisclosureGrant.grantee_id == actor.organisation_id)
        .order_by(DisclosureGrant.id.desc())
    )
    return tuple(
        Standing(
            grant_id=row.id,
            public_id=row.public_id,
            state=row.state,
            until=row.until,
            reason=row.reason,
            revoke_reason=row.revoke_reason,
            grant=Grant(
                organisation_id=actor.organisation_id,
                state=row.state,
                until=row.until,
                nda=bool(row.nda),
            ),
        )
        for row in rows
    )


def grants(uow: UnitOfWork, noun: str, record_id: int) -> tuple[GrantRow, ...]:
    """Every grant of a record: what is asked first, then what is open, then the rest."""
    asker, decider = aliased(User), aliased(User)
    read: Any = (
        select(
            DisclosureReceipt.grant_id,
            func.count().label("openings"),
            func.max(DisclosureReceipt.opened_at).label("last"),
        )
        .group_by(DisclosureReceipt.grant_id)
        .subquery()
    )
    rows = uow.session.execute(
        select(
            DisclosureGrant.public_id,
            Organisation.name.label("grantee_name"),
            DisclosureGrant.state,
            DisclosureGrant.until,
            nda_between().label("nda"),
            asker.name.label("asked_by"),
            DisclosureGrant.asked_at,
            DisclosureGrant.question,
            DisclosureGrant.reason,
            decider.name.label("decided_by"),
            DisclosureGrant.decided_at,
            DisclosureGrant.revoked_at,
            DisclosureGrant.revoke_reason,
            func.coalesce(read.c.openings, 0).label("openings"),
            read.c.last.label("last_opened_at"),
        )
        .join(Organisation, DisclosureGrant.grantee_id == Organisation.id)
        .outerjoin(asker, DisclosureGrant.asked_by == asker.id)
        .outerjoin(decider, DisclosureGrant.decided_by == decider.id)
        .outerjoin(read, read.c.grant_id == DisclosureGrant.id)
        .where(of_record(noun, record_id))
        .order_by(DisclosureGrant.id.desc())
    )
    order = {"asked": 0, "granted": 1}
    found = [GrantRow(**{**row._mapping, "nda": bool(row.nda)}) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
    return tuple(sorted(found, key=lambda one: order.get(one.state, 2)))


def figures(uow: UnitOfWork, noun: str, record_id: int) -> tuple[int, int]:
    """How many organisations ask to read a record's confidential tier, and how often it was."""
    asked = (
        select(func.count())
        .select_from(DisclosureGrant)
        .where(of_record(noun, record_id), DisclosureGrant.state == "asked")
        .scalar_subquery()
    )
    opened = (
        select(func.count())
        .select_from(DisclosureReceipt)
        .join(DisclosureGrant, DisclosureReceipt.grant_id == DisclosureGrant.id)
        .where(of_record(noun, record_id))
        .scalar_subquery()
    )
    row = uow.session.execute(select(asked, opened)).one()
    return row[0] or 0, row[1] or 0


def receipts(uow: UnitOfWork, noun: str, record_id: int) -> tuple[tuple[ReceiptRow, ...], int]:
    """The latest openings of a record's confidential tier, and how many there are."""
    rows = uow.session.execute(
        select(
            DisclosureReceipt.public_id,
            User.name.label("reader_name"),
            Organisation.name.label("organisation_name"),
            DisclosureReceipt.opened_at,
            DisclosureReceipt.fields,
            DisclosureReceipt.record_version,
            DisclosureReceipt.text_hash,
            func.count().over().label("total"),
        )
        .join(DisclosureGrant, DisclosureReceipt.grant_id == DisclosureGrant.id)
        .join(User, DisclosureReceipt.reader_id == User.id)
        .join(Organisation, DisclosureReceipt.organisation_id == Organisation.id)
        .where(of_record(noun, record_id))
        .order_by(DisclosureReceipt.id.desc())
        .limit(RECEIPTS_SHOWN)
    ).all()
    found = tuple(
        ReceiptRow(
            public_id=row.public_id,
            reader_name=row.reader_name,
            organisation_name=row.organisation_name,
            opened_at=row.opened_at,
            fields=tuple(row.fields),
            record_version=row.record_version,
            text_hash=row.text_hash,
        )
        for row in rows
    )
    return found, rows[0].total if rows else 0


def agreements(uow: UnitOfWork, owner_id: int) -> tuple[Agreement, ...]:
    """With whom an organisation has a confidentiality agreement, by name, the latest of each."""
    ours, theirs = aliased(NdaAcceptance), aliased(NdaAcceptance)
    is_company = Engagement.company_id == owner_id
    other = _other_side(owner_id)
    rows = uow.session.execute(
        select(Organisation.name.label("organisation_name"), ours.text_version, ours.name,
               ours.accepted_at, theirs.name.label("theirs"), theirs.accepted_at.label("theirs_at"))
        .select_from(Engagement)
        .join(Organisation, Organisation.id == other)
        .join(ours, ours.engagement_id == Engagement.id)
        .join(theirs, theirs.engagement_id == Engagement.id)
        .where(
            or_(
                and_(is_company, ours.side == "company", theirs.side == "institution"),
                and_(
                    Engagement.institution_id == owner_id,
                    ours.side == "institution",
                    theirs.side == "company",
                ),
            ),
            ours.text_version == theirs.text_version,
        )
        .order_by(Organisation.name, Engagement.id)
    )  # fmt: skip
    latest = {
        row.organisation_name: Agreement(
            organisation_name=row.organisation_name,
            text_version=row.text_version,
            ours=row.name,
            ours_at=row.accepted_at,
            theirs=row.theirs,
            theirs_at=row.theirs_at,
        )
        for row in rows
    }
    return tuple(latest.values())


def counterparts(uow: UnitOfWork, owner_id: int) -> tuple[str, ...]:
    """The names of the organisations that an organisation is or was engaged with, sorted."""
    own = or_(Engagement.company_id == owner_id, Engagement.institution_id == owner_id)
    return tuple(
        uow.session.scalars(
            select(Organisation.name)
            .where(Organisation.id.in_(select(_other_side(owner_id)).where(own)))
            .order_by(Organisation.name)
        )
    )


def engagement_about(uow: UnitOfWork, actor: Actor, noun: str, record_id: int) -> Engagement | None:
    """The latest engagement about a record in which the actor has a part on the other side."""
    if actor.organisation_id is None:
        return None
    key, other = (
        (Engagement.demand_id, Engagement.institution_id)
        if noun == "demand"
        else (Engagement.outcome_id, Engagement.company_id)
    )
    return uow.session.scalars(
        select(Engagement)
        .where(key == record_id, other == actor.organisation_id, party(actor, Engagement))
        .order_by(Engagement.id.desc())
        .limit(1)
    ).one_or_none()


def has_agreement(uow: UnitOfWork, grant_id: int) -> bool:
    """Whether the agreement stands without which a grant opens nothing."""
    statement = select(nda_between()).where(DisclosureGrant.id == grant_id)
    return bool(uow.session.scalar(statement))


def engaged_people(uow: UnitOfWork, owner_id: int, grantee_id: int) -> frozenset[int]:
    """The authors of the records that two organisations talk or talked about."""
    between = or_(
        and_(Engagement.company_id == owner_id, Engagement.institution_id == grantee_id),
        and_(Engagement.company_id == grantee_id, Engagement.institution_id == owner_id),
    )
    rows = uow.session.execute(
        select(Demand.author_id, Engagement.researcher_id)
        .join(Demand, Engagement.demand_id == Demand.id)
        .where(between)
    )
    return frozenset(key for row in rows for key in row if key is not None)


def confidential_fields(noun: str) -> tuple[str, ...]:
    """The confidential columns of a noun, in the order of the table."""
    table = (Demand if noun == "demand" else Outcome).__table__
    return tuple(column.key for column in table.columns if column.key in CONFIDENTIAL_FIELDS)


def _other_side(owner_id: int) -> ColumnElement[int]:
    """The organisation on the other side of an engagement."""
    return case(
        (Engagement.company_id == owner_id, Engagement.institution_id), else_=Engagement.company_id
    )
