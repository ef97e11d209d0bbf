"""Moving a record through its life-cycle: the one place that writes a state."""

from __future__ import annotations

from typing import Protocol

from matchmaker.domain.permissions import Actor, Subject, next_state, require
from matchmaker.services import audit
from matchmaker.store.database import UnitOfWork


class Stateful(Subject, Protocol):
    """A stored record with a life-cycle."""

    id: int
    state: str


def transition(
    uow: UnitOfWork,
    actor: Actor,
    noun: str,
    subject: Stateful,
    action: str,
    *,
    noted: dict[str, object] | None = None,
    earlier: str | None = None,
) -> str:
    """Permit, move and audit; returns the new state.

    Raises ``NotAllowed`` or ``WrongState``. ``noted`` are further fields worth an audit entry,
    ``earlier`` is the state that an action which leads back leads to.
    """
    require(actor, noun, action, subject)
    before = subject.state
    after = next_state(noun, action, before, earlier)
    subject.state = after
    audit.record(uow, actor, noun, subject.id, action, states=(before, after), after=noted or {})
    return after
