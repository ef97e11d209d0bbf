"""The rows of any table in which a person has a part: out of these their name goes with them.

Elsewhere the same characters are another person, or a word. Ties are read off the foreign keys, so
that tables of the future have theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, exists, or_, select

from matchmaker.store.audit import AuditEvent
from matchmaker.store.base import Base
from matchmaker.store.database import UnitOfWork
from matchmaker.store.introduction import Introduction
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail

# What tells of a record by noun and key: no foreign key leads to it.
_TOLD: Final = frozenset({"noun", "record_id"})
_NOBODY: Final = 0  # no row has this key
# Whoever confirms people is told of a request to join by this notification, which names the person.
_JOINING: Final = "organisation_joined"

_Ties = dict[str, ColumnElement[bool]]


def ties(
    uow: UnitOfWork, user: User, *, joining: Collection[str]
) -> Mapping[str, ColumnElement[bool]]:
    """By table, the rows that the person or their organisation has a part in.

    A row belongs to the people and organisations that it names by key. One that names no
    organisation belongs besides to those of the rows it hangs on: a message to those of its
    engagement, an event of the audit to those of its record. A table that is missing has no ties.

    The organisation counts where it has confirmed the person once: to ask to join is no part.
    ``joining`` are the words by which mail tells of that request.
    """
    home = _home(uow, user)
    tables = Base.metadata.tables
    found: _Ties = {
        "user": tables["user"].c.id == user.id,
        "organisation": tables["organisation"].c.id == home,
    }
    rest = [one for one in Base.metadata.sorted_tables if one.name not in {"user", "organisation"}]
    # Records first, then what tells of them.
    for table in sorted(rest, key=_tells):
        if conditions := _of(table, user.id, home, found):
            found[table.name] = or_(*conditions)
    asked = tables["notification"].c
    told = and_(asked.kind == _JOINING, asked.record_id == (user.organisation_id or _NOBODY))
    found["notification"] = or_(found["notification"], told)
    found["outbox_mail"] = _mailed(home, found["introduction"], joining)
    return found


def _tells(table: Table) -> bool:
    return frozenset(table.columns.keys()) >= _TOLD


def _home(uow: UnitOfWork, user: User) -> int:
    """The person's organisation, unless it never confirmed them: anybody may ask to join."""
    confirmed = exists().where(
        AuditEvent.noun == "user",
        AuditEvent.record_id == user.id,
        AuditEvent.action == "approve_member",
    )
    belongs = user.approved or uow.session.scalar(select(confirmed))
    return (user.organisation_id or _NOBODY) if belongs else _NOBODY


def _of(table: Table, key: int, home: int, found: _Ties) -> list[ColumnElement[bool]]:
    """The ties of a table's rows, those that it hangs on being ``found`` already."""
    conditions: list[ColumnElement[bool]] = []
    hangs_on: list[ColumnElement[bool]] = []
    houses = False
    for column in table.columns:
        for parent in (one.column.table for one in column.foreign_keys):
            if parent.name == "user":
                conditions.append(column == key)
            elif parent.name == "organisation":
                houses = True
                conditions.append(column == home)
            elif parent.name in found:
                hangs_on.append(column.in_(select(parent.c.id).where(found[parent.name])))
    if _tells(table):
        for noun, tied in found.items():
            record = Base.metadata.tables[noun]
            if "id" in record.columns:
                keys = select(record.c.id).where(tied)
                hangs_on.append(and_(table.c.noun == noun, table.c.record_id.in_(keys)))
    return conditions if houses else conditions + hangs_on


def _mailed(
    home: int, introduced: ColumnElement[bool], joining: Collection[str]
) -> ColumnElement[bool]:
    """Mail to the person's house and to whom it was introduced to, and of a request to join."""
    sides = (Introduction.company_id, Introduction.institution_id)
    readers = select(User.email).where(
        or_(
            User.organisation_id == home,
            *(User.organisation_id.in_(select(side).where(introduced)) for side in sides),
            User.id.in_(select(Introduction.broker_id).where(introduced)),
        )
    )
    return or_(
        OutboxMail.recipient.in_(readers),
        *(
            text.contains(quoted, autoescape=True)
            for text in (OutboxMail.subject, OutboxMail.body)
            for quoted in joining
        ),
    )
