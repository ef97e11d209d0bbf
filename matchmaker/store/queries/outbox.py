"""What lies in the outbox."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, select

from matchmaker.store.database import UnitOfWork
from matchmaker.store.outbox import OutboxMail


def given_up() -> ColumnElement[bool]:
    """The mails that did not leave and are tried no more."""
    return and_(OutboxMail.sent_at.is_(None), OutboxMail.due_at.is_(None))


def counts(uow: UnitOfWork) -> tuple[int, int]:
    """How many mails wait to be tried, and how many are given up."""
    row = uow.session.execute(
        select(
            func.count().filter(OutboxMail.due_at.is_not(None)), func.count().filter(given_up())
        ).select_from(OutboxMail)
    ).one()
    return row[0], row[1]
