"""Queueing mail with a change, and delivering what is queued."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from matchmaker.integrations.mail import MailCarrier, compose
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries.outbox import given_up

_LOG = logging.getLogger(__name__)
# How long a mail waits after each failure; after one more it is given up, four days on.
_WAITS: Final = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=8)),
    *[timedelta(days=1)] * 4,
)
# So long nobody else tries a mail that is being handed over; longer than a slow server takes.
_HELD: Final = timedelta(minutes=10)
# The server would not take this mail; any other failure is likely to meet the next one as well.
_REFUSED: Final = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    ValueError,
)


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
            due_at=uow.now,
        )
    )
    uow.queued.add("mail")


def deliver_queued(database: Database, carrier: MailCarrier, sender: str) -> int:
    """Send all that is due, the longest due first, and return how many left.

    A failed mail is tried again later and later and given up after days. Where the server itself
    fails, the run ends and the rest stays due. What is queued meanwhile is left to its own run.
    """
    began = database.clock()
    sent = 0
    while (mail := _take(database, began)) is not None:
        try:
            message = compose(
                sender, mail.recipient, mail.subject, mail.body, unsubscribe=mail.unsubscribe
            )
            carrier.deliver(message, f"{mail.id:08d}")
        except (OSError, ValueError) as error:  # what smtplib raises is an OSError
            _LOG.exception("mail %d could not be sent; it stays in the outbox", mail.id)
            _settle(database, mail.id, sent=False)
            if not isinstance(error, _REFUSED):
                break
        else:
            _settle(database, mail.id, sent=True)
            sent += 1
    return sent


def retry_given_up(uow: UnitOfWork) -> None:
    """Make the mails that were given up due, as if they were new."""
    uow.session.execute(update(OutboxMail).where(given_up()).values(attempts=0, due_at=uow.now))


def _take(database: Database, began: datetime) -> OutboxMail | None:
    """The next mail that was due when the run began, held for this process; none when all is done.

    No transaction is open while the server is spoken to. After a crash the mail is due again once
    it is no longer held, so none is lost, and only one that had just left is sent twice.
    """
    with database.unit_of_work() as uow:
        mail = uow.session.scalars(
            select(OutboxMail)
            .where(OutboxMail.due_at <= began)
            .order_by(OutboxMail.due_at, OutboxMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if mail is not None:
            mail.attempts += 1
            mail.due_at = uow.now + _HELD
        return mail


def _settle(database: Database, mail_id: int, *, sent: bool) -> None:
    """Note that a mail left, or when it is tried again; it may have been erased meanwhile."""
    with database.unit_of_work() as uow:
        mail = uow.session.get(OutboxMail, mail_id, with_for_update=True)
        if mail is None:
            return
        mail.due_at = None
        if sent:
            mail.sent_at = uow.now
        elif mail.attempts <= len(_WAITS):
            mail.due_at = uow.now + _WAITS[mail.attempts - 1]
