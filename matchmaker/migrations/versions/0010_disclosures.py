"""Grants of confidential tiers, and receipts of their openings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


_COMMENTS = {
    ("demand", "current_state"): "What was tried; CONFIDENTIAL",
    ("demand", "partner_wanted"): "Partner wanted; CONFIDENTIAL",
    ("outcome", "know_how"): "Know-how; CONFIDENTIAL",
}


def _comment(ending: str) -> None:
    """Say anew what the confidential columns are, where the database keeps such words."""
    if not op.get_bind().dialect.supports_comments:
        return
    for (table, column), begun in _COMMENTS.items():
        op.alter_column(table, column, comment=begun + ending, existing_type=sa.Text())


def upgrade() -> None:
    """Make the tables."""
    _comment(": opened by grants alone")
    op.create_table(
        "disclosure_grant",
        sa.Column("demand_id", sa.Integer(), nullable=True, comment="The demand, or NULL"),
        sa.Column("outcome_id", sa.Integer(), nullable=True, comment="The outcome, or NULL"),
        sa.Column(
            "owner_id",
            sa.Integer(),
            nullable=False,
            comment="The organisation that keeps the record",
        ),
        sa.Column(
            "author_id",
            sa.Integer(),
            nullable=True,
            comment="The record's author; NULL when imported",
        ),
        sa.Column(
            "grantee_id", sa.Integer(), nullable=False, comment="The organisation it opens to"
        ),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
            comment="DISCLOSURE_STATES code",
        ),
        sa.Column(
            "asked_by", sa.Integer(), nullable=True, comment="Who asked; NULL when given unasked"
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True, comment="When asked"),
        sa.Column("question", sa.Text(), nullable=False, comment="What it is wanted for"),
        sa.Column("until", sa.Date(), nullable=True, comment="The last day on which it opens"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it was opened or refused"),
        sa.Column("decided_by", sa.Integer(), nullable=True, comment="Who opened or refused"),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When opened or refused",
        ),
        sa.Column("revoked_by", sa.Integer(), nullable=True, comment="Who revoked"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True, comment="When revoked"),
        sa.Column("revoke_reason", sa.Text(), nullable=False, comment="Why it was revoked"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)",
            name=op.f("ck_disclosure_grant_decided_unless_asked"),
        ),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f("ck_disclosure_grant_revoked_with_time"),
        ),
        sa.CheckConstraint(
            "(state IN ('granted', 'revoked', 'lapsed')) = (until IS NOT NULL)",
            name=op.f("ck_disclosure_grant_until_iff_granted"),
        ),
        sa.CheckConstraint(
            "state <> 'revoked' OR revoke_reason <> ''",
            name=op.f("ck_disclosure_grant_revoked_with_reason"),
        ),
        sa.CheckConstraint(
            "state = 'asked' OR reason <> ''", name=op.f("ck_disclosure_grant_decided_with_reason")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'revoked', 'lapsed')",
            name=op.f("ck_disclosure_grant_state_known"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_disclosure_grant_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(demand_id IS NULL) <> (outcome_id IS NULL)",
            name=op.f("ck_disclosure_grant_one_record"),
        ),
        sa.CheckConstraint(
            "owner_id <> grantee_id", name=op.f("ck_disclosure_grant_to_somebody_else")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user.id"], name=op.f("fk_disclosure_grant_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_disclosure_grant_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_disclosure_grant_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["demand.id"],
            name=op.f("fk_disclosure_grant_demand_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["grantee_id"], ["organisation.id"], name=op.f("fk_disclosure_grant_grantee_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
            name=op.f("fk_disclosure_grant_outcome_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_disclosure_grant_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["user.id"], name=op.f("fk_disclosure_grant_revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disclosure_grant_public_id")),
    )
    op.create_index(
        op.f("ix_disclosure_grant_demand_id"), "disclosure_grant", ["demand_id"], unique=False
    )
    op.create_index(
        op.f("ix_disclosure_grant_grantee_id"), "disclosure_grant", ["grantee_id"], unique=False
    )
    op.create_index(
        "ix_disclosure_grant_live_demand",
        "disclosure_grant",
        ["demand_id", "grantee_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'granted')"),
        postgresql_where=sa.text("state IN ('asked', 'granted')"),
    )
    op.create_index(
        "ix_disclosure_grant_live_outcome",
        "disclosure_grant",
        ["outcome_id", "grantee_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'granted')"),
        postgresql_where=sa.text("state IN ('asked', 'granted')"),
    )
    op.create_index(
        op.f("ix_disclosure_grant_outcome_id"), "disclosure_grant", ["outcome_id"], unique=False
    )
    op.create_index(
        op.f("ix_disclosure_grant_owner_id"), "disclosure_grant", ["owner_id"], unique=False
    )
    op.create_index(op.f("ix_disclosure_grant_state"), "disclosure_grant", ["state"], unique=False)
    op.create_table(
        "disclosure_receipt",
        sa.Column(
            "grant_id", sa.Integer(), nullable=False, comment="The grant it was opened under"
        ),
        sa.Column("reader_id", sa.Integer(), nullable=False, comment="Who opened it"),
        sa.Column(
            "organisation_id", sa.Integer(), nullable=False, comment="For which organisation"
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="Which fields were shown"),
        sa.Column(
            "record_version",
            sa.Integer(),
            nullable=False,
            comment="Version of the record that was shown",
        ),
        sa.Column(
            "text_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 over the texts that were shown",
        ),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"],
            ["disclosure_grant.id"],
            name=op.f("fk_disclosure_receipt_grant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_disclosure_receipt_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["user.id"], name=op.f("fk_disclosure_receipt_reader_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_receipt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disclosure_receipt_public_id")),
    )
    op.create_index(
        op.f("ix_disclosure_receipt_grant_id"), "disclosure_receipt", ["grant_id"], unique=False
    )
    op.create_index(
        op.f("ix_disclosure_receipt_opened_at"), "disclosure_receipt", ["opened_at"], unique=False
    )
    op.create_index(
        op.f("ix_disclosure_receipt_reader_id"), "disclosure_receipt", ["reader_id"], unique=False
    )


def downgrade() -> None:
    """Remove the tables."""
    _comment(", never shown")
    op.drop_index(op.f("ix_disclosure_receipt_reader_id"), table_name="disclosure_receipt")
    op.drop_index(op.f("ix_disclosure_receipt_opened_at"), table_name="disclosure_receipt")
    op.drop_index(op.f("ix_disclosure_receipt_grant_id"), table_name="disclosure_receipt")
    op.drop_table("disclosure_receipt")
    op.drop_index(op.f("ix_disclosure_grant_state"), table_name="disclosure_grant")
    op.drop_index(op.f("ix_disclosure_grant_owner_id"), table_name="disclosure_grant")
    op.drop_index(op.f("ix_disclosure_grant_outcome_id"), table_name="disclosure_grant")
    op.drop_index(
        "ix_disclosure_grant_live_outcome",
        table_name="disclosure_grant",
        sqlite_where=sa.text("state IN ('asked', 'granted')"),
        postgresql_where=sa.text("state IN ('asked', 'granted')"),
    )
    op.drop_index(
        "ix_disclosure_grant_live_demand",
        table_name="disclosure_grant",
        sqlite_where=sa.text("state IN ('asked', 'granted')"),
        postgresql_where=sa.text("state IN ('asked', 'granted')"),
    )
    op.drop_index(op.f("ix_disclosure_grant_grantee_id"), table_name="disclosure_grant")
    op.drop_index(op.f("ix_disclosure_grant_demand_id"), table_name="disclosure_grant")
    op.drop_table("disclosure_grant")
