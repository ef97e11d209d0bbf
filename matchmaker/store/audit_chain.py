"""Sealing audit events into the chain, at the end of the transaction that wrote them.

At the end, because the chain's one lock is then the last that a transaction takes, so that nobody
waits for it and holds it in turn, and because it is held for the shortest time. Every writing
session of the database is watched: an event reaches the chain however it was added. What was put
into the table past the sessions has no place in the chain and is found.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Table, bindparam, event, select, update
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from matchmaker.domain.audit_chain import changes_digest, event_digest
from matchmaker.store.audit import AuditEvent, AuditHead

_EVENT: Final[Table] = AuditEvent.metadata.tables["audit_event"]
_NOTED: Final = "audit_events"
_SEAL: Final = (
    update(_EVENT)
    .where(_EVENT.c.id == bindparam("sealed_id"))
    .values(
        {
            name: bindparam(f"sealed_{name}")
            for name in ("position", "changes_salt", "changes_hash", "previous_hash", "hash")
        }
    )
)


def watch(sessions: sessionmaker[Session]) -> None:
    """Seal whatever audit events sessions of this kind write."""
    event.listen(sessions, "after_flush", _note)
    event.listen(sessions, "before_commit", _seal)


def new_salt() -> str:
    """What keeps the hash of short words from being guessed: 128 random bits."""
    return secrets.token_hex(16)


def rewrite(session: Session, event_id: int, changes: Mapping[str, Any]) -> tuple[str, str] | None:
    """Put other words in the place of what an event says changed, with a new salt.

    Returns the hashes of the old words and of the new, for the event that tells of the erasure: by
    it, and by it alone, verification accepts the new words. None for an event of this transaction,
    which is not sealed yet.
    """
    mine = _EVENT.c.id == event_id
    old = session.execute(select(_EVENT.c.changes, _EVENT.c.changes_salt).where(mine)).one()
    if old.changes_salt is None:
        session.execute(update(_EVENT).where(mine).values(changes=changes))
        return None
    salt = new_salt()
    session.execute(update(_EVENT).where(mine).values(changes=changes, changes_salt=salt))
    return changes_digest(old.changes_salt, old.changes), changes_digest(salt, changes)


def _note(session: Session, _context: UOWTransaction) -> None:
    written = [one for one in session.new if isinstance(one, AuditEvent)]
    if written:
        session.info.setdefault(_NOTED, []).extend(written)


def _seal(session: Session) -> None:
    """Give the events of this transaction their places, in the order in which they were written."""
    session.flush()
    noted = session.info.pop(_NOTED, ())
    # What a rollback took back is no longer in the session.
    events = sorted((one for one in noted if one in session), key=lambda one: one.id)
    if not events:
        return
    head = select(AuditHead.events, AuditHead.hash).where(AuditHead.id == 1)
    found = session.execute(head.with_for_update()).one_or_none()
    if found is None:
        msg = "The audit's end (table audit_head) is gone; nothing is written. Restore a backup."
        raise LookupError(msg)
    position, previous = found
    seals = []
    for one in events:
        position += 1
        salt = new_salt()
        told = changes_digest(salt, one.changes)
        digest = event_digest(previous, position, told, one)
        seals.append(
            {
                "sealed_id": one.id,
                "sealed_position": position,
                "sealed_changes_salt": salt,
                "sealed_changes_hash": told,
                "sealed_previous_hash": previous,
                "sealed_hash": digest,
            }
        )
        previous = digest
    session.connection().execute(_SEAL, seals)
    session.execute(
        update(AuditHead).where(AuditHead.id == 1).values(events=position, hash=previous),
        execution_options={"synchronize_session": False},
    )
