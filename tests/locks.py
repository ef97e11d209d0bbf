"""A reading transaction that locks fails in tests on SQLite too, which would not mind.

PostgreSQL refuses to lock rows in a read-only transaction; SQLite has no such locks, so that a
page that asks for them works there and nowhere else.
"""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session


def install() -> None:
    """Begin to look at what transactions send."""
    event.listen(Session, "do_orm_execute", _refuse)


def _refuse(state: ORMExecuteState) -> None:
    engine = state.session.bind
    reading = engine is not None and engine.get_execution_options().get("matchmaker_read_only")
    if reading and getattr(state.statement, "_for_update_arg", None) is not None:
        msg = f"a reading transaction must not lock: {state.statement}"
        raise AssertionError(msg)
