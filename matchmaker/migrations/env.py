"""Alembic's environment: migrations run on the connection that the caller hands over."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from matchmaker.store.models import Base


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types as what they are in the database: migrations outlive our classes."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
