"""The chain of the audit as it stands in the database, for whoever verifies or shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import String, select, type_coerce

from matchmaker.domain.audit_chain import Root, SealedEvent
from matchmaker.store.audit import AuditCheck, AuditEvent, AuditHead, AuditRoot
from matchmaker.store.database import UnitOfWork

_BATCH: Final = 2_000
_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """How the chain stands: its length, when it was verified, what was found, the latest root."""

    events: int
    verified_at: datetime | None
    whole_at: datetime | None
    problems: int
    findings: tuple[Mapping[str, Any], ...]
    root: Root | None


def state(uow: UnitOfWork) -> ChainState:
    """How the chain stands; nothing is verified for it."""
    check = uow.session.get(AuditCheck, 1)
    return ChainState(
        events=uow.session.scalar(select(AuditHead.events)) or 0,
        verified_at=check.at if check else None,
        whole_at=check.whole_at if check else None,
        problems=check.problems if check else 0,
        findings=tuple(check.findings) if check else (),
        root=root(uow),
    )


def problems(uow: UnitOfWork) -> int:
    """How much did not fit when the chain was last verified."""
    return uow.session.scalar(select(AuditCheck.problems)) or 0


def root(uow: UnitOfWork, day: date | None = None) -> Root | None:
    """The root of a day, or the latest."""
    wanted = select(AuditRoot).order_by(AuditRoot.day.desc()).limit(1)
    if day is not None:
        wanted = wanted.where(AuditRoot.day == day)
    found = uow.session.scalars(wanted).one_or_none()
    return None if found is None else _root(found)


def roots(uow: UnitOfWork) -> list[Root]:
    """Every root, by day."""
    return [_root(one) for one in uow.session.scalars(select(AuditRoot).order_by(AuditRoot.day))]


def _root(row: AuditRoot) -> Root:
    return Root(day=row.day, position=row.position, events=row.events, hash=row.hash)


def head(uow: UnitOfWork) -> tuple[int, str] | None:
    """What is noted as the chain's end: how many events and the last one's hash."""
    found = uow.session.execute(select(AuditHead.events, AuditHead.hash)).one_or_none()
    return None if found is None else (found.events, found.hash)


def position_of(uow: UnitOfWork, digest: str | None) -> int | None:
    """The position of the event that has a hash."""
    wanted = select(AuditEvent.position).where(AuditEvent.hash == digest).limit(1)
    return uow.session.scalar(wanted)


def hash_at(uow: UnitOfWork, position: int) -> str | None:
    """The hash of the event at a position."""
    return uow.session.scalar(select(AuditEvent.hash).where(AuditEvent.position == position))


def unsealed(uow: UnitOfWork) -> list[int]:
    """Events without a place in the chain; whatever the platform writes has one."""
    wanted = select(AuditEvent.id).where(AuditEvent.position.is_(None)).order_by(AuditEvent.id)
    return list(uow.session.scalars(wanted))


def cleaned(uow: UnitOfWork) -> dict[int, tuple[str | None, str]]:
    """Events whose words erasures have taken out: the hash before the first and after the last.

    Where one erasure did not find what the one before had left, the first hash is None.
    """
    told = (
        select(type_coerce(AuditEvent.changes, String))
        .where(AuditEvent.noun == "user", AuditEvent.action == "erase")
        .order_by(AuditEvent.position)
    )
    found: dict[int, tuple[str | None, str]] = {}
    for stored in uow.session.scalars(told):
        changes = _json(stored)
        for key, values in changes.items() if isinstance(changes, dict) else ():
            if not key.isdecimal() or not isinstance(values, list) or len(values) != _PAIR:
                continue  # somebody has written into it; its own hash tells that
            before, after = values
            first, last = found.get(int(key), (before, before))
            found[int(key)] = (first if last == before else None, after)
    return found


def times(uow: UnitOfWork, after: int) -> Iterator[tuple[int, datetime]]:
    """Position and time of the events behind a position, streamed in their order."""
    wanted = select(AuditEvent.position, type_coerce(AuditEvent.at, String))
    streamed = (
        wanted.where(AuditEvent.position > after)
        .order_by(AuditEvent.position)
        .execution_options(yield_per=_BATCH)
    )
    for position, stored in uow.session.execute(streamed):
        at = _time(stored)
        if at is not None and position is not None:
            yield position, at


def sealed_events(uow: UnitOfWork, after: int | None) -> Iterator[SealedEvent]:
    """The events of the chain behind a position, or all, streamed in the order of positions.

    Times and changes are read as they are stored: what somebody has put there may be neither.
    """
    wanted = select(
        AuditEvent.id,
        type_coerce(AuditEvent.at, String).label("at"),
        AuditEvent.actor_id,
        AuditEvent.actor_role,
        AuditEvent.noun,
        AuditEvent.record_id,
        AuditEvent.action,
        AuditEvent.state_from,
        AuditEvent.state_to,
        type_coerce(AuditEvent.changes, String).label("changes"),
        AuditEvent.changes_salt,
        AuditEvent.changes_hash,
        AuditEvent.position,
        AuditEvent.previous_hash,
        AuditEvent.hash,
    ).where(AuditEvent.position.is_not(None))
    if after is not None:
        wanted = wanted.where(AuditEvent.position > after)
    streamed = wanted.order_by(AuditEvent.position).execution_options(yield_per=_BATCH)
    return map(_sealed, uow.session.execute(streamed))


def _sealed(row: Any) -> SealedEvent:
    """The columns in the order in which they were asked for, which is that of the fields."""
    event_id, at, *said, changes, salt, told, position, previous, digest = row
    return SealedEvent._make(
        (event_id, _time(at), *said, _json(changes), salt, told, position, previous, digest)
    )


def _time(stored: Any) -> datetime | None:
    """A stored time: PostgreSQL gives one, SQLite its text, which is in UTC."""
    if isinstance(stored, datetime):
        return stored
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def _json(stored: Any) -> Any:
    """Stored changes: PostgreSQL gives them read, SQLite their text."""
    if not isinstance(stored, str):
        return stored
    try:
        return json.loads(stored)
    except ValueError:
        return None
