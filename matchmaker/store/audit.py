"""The audit: one row with every write, in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base


class AuditEvent(Base):
    """Who did what to which record, when, and what changed."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_record", "noun", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Order of events")
    at: Mapped[datetime] = mapped_column(index=True, comment="When")
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who; NULL for the platform and visitors"
    )
    actor_role: Mapped[str] = mapped_column(String(20), comment="In which role")
    noun: Mapped[str] = mapped_column(String(20), comment="Kind of record")
    record_id: Mapped[int | None] = mapped_column(comment="Key of the record")
    action: Mapped[str] = mapped_column(String(40), comment="What was done")
    state_from: Mapped[str | None] = mapped_column(String(20), comment="State before")
    state_to: Mapped[str | None] = mapped_column(String(20), comment="State after")
    changes: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="Fields changed as [old, new]; hidden tiers as …"
    )
