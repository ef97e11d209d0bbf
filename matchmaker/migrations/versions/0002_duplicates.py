"""Near-duplicates of demands and of outcomes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of pairs."""
    op.create_table(
        "duplicate",
        sa.Column("noun", sa.String(length=10), nullable=False, comment="demand or outcome"),
        sa.Column(
            "first_id", sa.Integer(), nullable=False, comment="The record with the lower key"
        ),
        sa.Column(
            "second_id", sa.Integer(), nullable=False, comment="The record with the higher key"
        ),
        sa.Column(
            "likeness",
            sa.Double(),
            nullable=False,
            comment="How nearly the same, 0 to 1, when last found",
        ),
        sa.Column(
            "found_at", sa.DateTime(timezone=True), nullable=False, comment="When first found"
        ),
        sa.Column("state", sa.String(length=20), nullable=False, comment="DUPLICATE_STATES code"),
        sa.Column("decided_by", sa.Integer(), nullable=True, comment="Who decided"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="When decided"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_duplicate_decided_unless_open"),
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_ids_in_order")),
        sa.CheckConstraint("likeness BETWEEN 0 AND 1", name=op.f("ck_duplicate_likeness_in_range")),
        sa.CheckConstraint("noun IN ('demand', 'outcome')", name=op.f("ck_duplicate_noun_known")),
        sa.CheckConstraint(
            "state IN ('open', 'different', 'same')", name=op.f("ck_duplicate_state_known")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_duplicate_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate")),
        sa.UniqueConstraint(
            "noun", "first_id", "second_id", name=op.f("uq_duplicate_noun_first_id_second_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_duplicate_public_id")),
    )
    op.create_index("ix_duplicate_second", "duplicate", ["noun", "second_id"], unique=False)
    op.create_index(op.f("ix_duplicate_state"), "duplicate", ["state"], unique=False)


def downgrade() -> None:
    """Drop the table of pairs."""
    op.drop_table("duplicate")
