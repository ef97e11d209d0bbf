"""Common needs: unmet demands that belong together, and firms that agree to be named."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of common needs."""
    op.create_table(
        "common_need",
        sa.Column(
            "terms",
            sa.JSON(),
            nullable=False,
            comment="What its demands share, the most telling first; from public tiers",
        ),
        sa.Column(
            "stability",
            sa.Double(),
            nullable=False,
            comment="How well samples drawn anew find it again",
        ),
        sa.Column(
            "found_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was first found",
        ),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "stability BETWEEN 0 AND 1", name=op.f("ck_common_need_stability_in_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_need")),
        sa.UniqueConstraint("public_id", name=op.f("uq_common_need_public_id")),
    )
    op.create_table(
        "need_run",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it ran"),
        sa.Column(
            "demands", sa.Integer(), nullable=False, comment="How many unmet demands it looked at"
        ),
        sa.Column(
            "agreement",
            sa.Double(),
            nullable=False,
            comment="Mean adjusted Rand index under resampling",
        ),
        sa.Column(
            "engine_version", sa.String(length=80), nullable=False, comment="Engine and encoder"
        ),
        sa.CheckConstraint(
            "agreement BETWEEN -1 AND 1", name=op.f("ck_need_run_agreement_in_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_run")),
    )
    op.create_table(
        "common_need_demand",
        sa.Column("common_need_id", sa.Integer(), nullable=False, comment="The need"),
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Its place in the need"),
        sa.ForeignKeyConstraint(
            ["common_need_id"],
            ["common_need.id"],
            name=op.f("fk_common_need_demand_common_need_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["demand.id"],
            name=op.f("fk_common_need_demand_demand_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("common_need_id", "demand_id", name=op.f("pk_common_need_demand")),
        sa.UniqueConstraint("demand_id", name=op.f("uq_common_need_demand_demand_id")),
    )
    op.create_table(
        "need_consent",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="The firm"),
        sa.Column(
            "state", sa.String(length=10), nullable=False, comment="NEED_CONSENT_STATES code"
        ),
        sa.Column("asked_by", sa.Integer(), nullable=True, comment="Who asked"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, comment="When asked"),
        sa.Column("answered_by", sa.Integer(), nullable=True, comment="Who answered"),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), nullable=True, comment="When answered"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)",
            name=op.f("ck_need_consent_answered_unless_asked"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'given', 'declined')", name=op.f("ck_need_consent_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_need_consent_answered_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_need_consent_asked_by")),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_need_consent_demand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_need_consent_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_consent")),
        sa.UniqueConstraint("demand_id", name=op.f("uq_need_consent_demand_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_need_consent_public_id")),
    )
    op.create_index(
        op.f("ix_need_consent_organisation_id"), "need_consent", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_need_consent_state"), "need_consent", ["state"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_table("need_consent")
    op.drop_table("common_need_demand")
    op.drop_table("need_run")
    op.drop_table("common_need")
