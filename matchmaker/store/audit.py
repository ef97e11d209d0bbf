"""The audit: one row with every write, in the same transaction, each sealed to the one before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base


class AuditEvent(Base):
    """Who did what to which record, when, and what changed."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_record", "noun", "record_id"),
        Index("ix_audit_event_position", "position", unique=True),
    )

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
    # Set at the end of the transaction (store/audit_chain.py); NULL is never committed.
    position: Mapped[int | None] = mapped_column(comment="Place in the chain, from 1, no gaps")
    changes_salt: Mapped[str | None] = mapped_column(
        String(32), comment="Random; without it changes_hash tells nothing of the changes"
    )
    changes_hash: Mapped[str | None] = mapped_column(
        String(64), comment="SHA-256 of salt and changes as they were written"
    )
    previous_hash: Mapped[str | None] = mapped_column(
        String(64), comment="Hash of the event before"
    )
    hash: Mapped[str | None] = mapped_column(
        String(64), comment="SHA-256 of the event and of the hash before it"
    )


class AuditHead(Base):
    """One row: where the chain ends. Its lock puts the writers of the chain in a row."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Always 1")
    events: Mapped[int] = mapped_column(comment="Events of the chain: the last position")
    hash: Mapped[str] = mapped_column(String(64), comment="Hash of the last event")


class AuditRoot(Base):
    """The end of the chain on a day that is over; printed, so that it can be kept outside."""

    __tablename__ = "audit_root"

    day: Mapped[date] = mapped_column(primary_key=True, comment="The day, in the platform's zone")
    position: Mapped[int] = mapped_column(comment="Position of the last event that it covers")
    events: Mapped[int] = mapped_column(comment="Events since the root before")
    hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of day, position, events and the last event's hash"
    )


class AuditCheck(Base):
    """One row: how far the chain was verified, and what was found."""

    __tablename__ = "audit_check"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Always 1")
    position: Mapped[int] = mapped_column(comment="Last position found good; the next check begins")
    hash: Mapped[str] = mapped_column(String(64), comment="Hash of the event there")
    at: Mapped[datetime | None] = mapped_column(comment="When last verified; NULL for never")
    whole_at: Mapped[datetime | None] = mapped_column(
        comment="When last verified from the first event on"
    )
    problems: Mapped[int] = mapped_column(
        comment="How much did not fit; stays until the whole chain is found good"
    )
    findings: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, comment="The first of it: kind, event, positions, day"
    )
