"""Queueing mail with a change, and delivering what is queued."""

from __future__ import annotations

import logging
import smtplib

from sqlalchemy import select

from matchmaker.integrations.mail import MailCarrier, compose
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.outbox import OutboxMail

_LOG = logging.getLogger(__name__)
_BATCH = 50
_ATTEMPTS = 8


def queue(
    uow: UnitOfWork, recipient: str, subject: str, body: str, *, unsubscribe: str = ""
) -> None:
    """Put a mail into the outbox; it leaves only if the transaction commits.

    ``unsubscribe`` is the address that ends such mail with one click, for those that have one.
    """
    uow.session.add(
        OutboxMail(
            recipient=recipient,
            subject=subject,
            body=body,
            unsubscribe=unsubscribe,
            created_at=uow.now,
        )
    )
    uow.queued.add("mail")


def deliver_queued(database: Database, carrier: MailCarrier, sender: str) -> int:
    """Send what is queued, oldest first, and return how many left.

    Each mail is marked in a transaction of its own, so that a crash repeats at most one. A mail
    that failed eight times stays in the outbox for the operator.
    """
    with database.reading() as uow:
        waiting = uow.session.scalars(
            select(OutboxMail.id)
            .where(OutboxMail.sent_at.is_(None), OutboxMail.attempts < _ATTEMPTS)
            .order_by(OutboxMail.id)
            .limit(_BATCH)
        ).all()
    return sum(_deliver_one(database, carrier, sender, mail_id) for mail_id in waiting)


def _deliver_one(database: Database, carrier: MailCarrier, sender: str, mail_id: int) -> bool:
    """Send one mail under its row lock; returns whether it left."""
    with database.unit_of_work() as uow:
        mail = uow.session.get(OutboxMail, mail_id, with_for_update=True)
        if mail is None or mail.sent_at is not None:
            return False
        mail.attempts += 1
        message = compose(
            sender, mail.recipient, mail.subject, mail.body, unsubscribe=mail.unsubscribe
        )
        try:
            carrier.deliver(message, f"{mail.id:08d}")
        except (OSError, smtplib.SMTPException):
            _LOG.exception("mail %d could not be sent; it stays in the outbox", mail.id)
            return False
        mail.sent_at = uow.now
        return True
