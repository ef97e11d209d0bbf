"""Placements on chains that the machine proposes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of placements."""
    op.create_table(
        "placement",
        sa.Column("noun", sa.String(length=10), nullable=False, comment="demand or outcome"),
        sa.Column("record_id", sa.Integer(), nullable=False, comment="The record"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="Whose record it is"),
        sa.Column(
            "proposed",
            sa.JSON(),
            nullable=False,
            comment="Chain codes, or an empty one for none, with probabilities, likeliest first",
        ),
        sa.Column("probability", sa.Double(), nullable=False, comment="Of the first proposal"),
        sa.Column("model", sa.String(length=16), nullable=False, comment="What proposed it"),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False, comment="When proposed"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="PLACEMENT_STATES code"),
        sa.Column("decided_by", sa.Integer(), nullable=True, comment="Who decided"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="When decided"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)",
            name=op.f("ck_placement_decided_if_settled"),
        ),
        sa.CheckConstraint("noun IN ('demand', 'outcome')", name=op.f("ck_placement_noun_known")),
        sa.CheckConstraint(
            "probability BETWEEN 0 AND 1", name=op.f("ck_placement_probability_in_range")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'corrected')",
            name=op.f("ck_placement_state_known"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_placement_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_placement_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("noun", "record_id", name=op.f("uq_placement_noun_record_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_placement_public_id")),
    )
    op.create_index(
        op.f("ix_placement_organisation_id"), "placement", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_placement_state"), "placement", ["state"], unique=False)


def downgrade() -> None:
    """Drop the table of placements."""
    op.drop_table("placement")
