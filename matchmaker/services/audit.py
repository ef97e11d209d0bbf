"""Writing the audit row that goes with every write."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.domain.audit import difference
from matchmaker.domain.permissions import Actor
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork


def record(  # noqa: PLR0913 - an audit row has these columns
    uow: UnitOfWork,
    actor: Actor,
    noun: str,
    record_id: int | None,
    action: str,
    *,
    states: tuple[str | None, str | None] = (None, None),
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add an audit row to the transaction; ``before`` and ``after`` are the fields touched."""
    uow.session.add(
        AuditEvent(
            at=uow.now,
            actor_id=actor.user_id,
            actor_role=actor.role or "visitor",
            noun=noun,
            record_id=record_id,
            action=action,
            state_from=states[0],
            state_to=states[1],
            changes=difference(before or {}, after or {}),
        )
    )
