"""The chain of the audit: hashes of every event, its end, the roots of days, the last check."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BATCH = 5_000
_SEALED = ("position", "changes_salt", "changes_hash", "previous_hash", "hash")
_EVENT = sa.table(
    "audit_event",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.Integer()),
    sa.column("actor_role", sa.String()),
    sa.column("noun", sa.String()),
    sa.column("record_id", sa.Integer()),
    sa.column("action", sa.String()),
    sa.column("state_from", sa.String()),
    sa.column("state_to", sa.String()),
    sa.column("changes", sa.JSON()),
    *(sa.column(name) for name in _SEALED),
)
_encode = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


def upgrade() -> None:
    """Make columns and tables, and seal the events that are there."""
    for column in _columns():
        op.add_column("audit_event", column)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False, comment="Always 1"),
        sa.Column(
            "events",
            sa.Integer(),
            nullable=False,
            comment="Events of the chain: the last position",
        ),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="Hash of the last event"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_root",
        sa.Column("day", sa.Date(), nullable=False, comment="The day, in the platform's zone"),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="Position of the last event that it covers",
        ),
        sa.Column("events", sa.Integer(), nullable=False, comment="Events since the root before"),
        sa.Column(
            "hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of day, position, events and the last event's hash",
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_root")),
    )
    op.create_table(
        "audit_check",
        sa.Column("id", sa.Integer(), nullable=False, comment="Always 1"),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="Last position found good; the next check begins",
        ),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="Hash of the event there"),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When last verified; NULL for never",
        ),
        sa.Column(
            "whole_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When last verified from the first event on",
        ),
        sa.Column(
            "problems",
            sa.Integer(),
            nullable=False,
            comment="How much did not fit; stays until the whole chain is found good",
        ),
        sa.Column(
            "findings",
            sa.JSON(),
            nullable=False,
            comment="The first of it: kind, event, positions, day",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_check_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
    )
    position, last = _seal()
    op.create_index("ix_audit_event_position", "audit_event", ["position"], unique=True)
    values = {"events": position, "hash": last}
    connection = op.get_bind()
    connection.execute(
        sa.text("INSERT INTO audit_head (id, events, hash) VALUES (1, :events, :hash)"), values
    )
    connection.execute(
        sa.text(
            "INSERT INTO audit_check (id, position, hash, problems, findings) "
            "VALUES (1, :events, :hash, 0, '[]')"
        ),
        values,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("audit_check")
    op.drop_table("audit_root")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_event_position", table_name="audit_event")
    for name in reversed(_SEALED):
        op.drop_column("audit_event", name)


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column(
            "position", sa.Integer(), nullable=True, comment="Place in the chain, from 1, no gaps"
        ),
        sa.Column(
            "changes_salt",
            sa.String(length=32),
            nullable=True,
            comment="Random; without it changes_hash tells nothing of the changes",
        ),
        sa.Column(
            "changes_hash",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 of salt and changes as they were written",
        ),
        sa.Column(
            "previous_hash", sa.String(length=64), nullable=True, comment="Hash of the event before"
        ),
        sa.Column(
            "hash",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 of the event and of the hash before it",
        ),
    )


def _seal() -> tuple[int, str]:
    """Seal the events by id, as domain/audit_chain.py says; returns the end of the chain."""
    connection = op.get_bind()
    statement = (
        sa.update(_EVENT)
        .where(_EVENT.c.id == sa.bindparam("sealed_id"))
        .values({name: sa.bindparam(f"sealed_{name}") for name in _SEALED})
    )
    position, previous = 0, "0" * 64
    for rows in _batches():
        seals = []
        for row in rows:
            position += 1
            salt = secrets.token_hex(16)
            told = _digest(["matchmaker-audit-changes-1", salt, row.changes])
            form = ["matchmaker-audit-event-1", previous, position, row.id, _time(row.at)]
            form += [row.actor_id, row.actor_role, row.noun, row.record_id, row.action]
            digest = _digest([*form, row.state_from, row.state_to, told])
            seal = zip(_SEALED, (position, salt, told, previous, digest), strict=True)
            seals.append({"sealed_id": row.id} | {f"sealed_{name}": value for name, value in seal})
            previous = digest
        connection.execute(statement, seals)
    return position, previous


def _batches() -> Iterator[list[Any]]:
    last = None
    while True:
        wanted = sa.select(*list(_EVENT.c)[: -len(_SEALED)]).order_by(_EVENT.c.id).limit(_BATCH)
        if last is not None:
            wanted = wanted.where(_EVENT.c.id > last)
        rows = list(op.get_bind().execute(wanted))
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _time(at: datetime) -> str:
    utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")


def _digest(values: list[Any]) -> str:
    return sha256(_encode(values).encode("ascii")).hexdigest()
