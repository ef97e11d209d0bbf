"""Kept evaluations, and adopted models."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "evaluation",
        sa.Column(
            "engine_version",
            sa.String(length=80),
            nullable=False,
            comment="Version of engine and model that was measured",
        ),
        sa.Column(
            "bench_name",
            sa.String(length=100),
            nullable=False,
            comment="Name of the set of labelled pairs",
        ),
        sa.Column(
            "bench_checksum",
            sa.String(length=16),
            nullable=False,
            comment="Tells sets of labelled pairs apart",
        ),
        sa.Column(
            "figures",
            sa.JSON(),
            nullable=False,
            comment="Each system's figures with intervals, and what they were compared with",
        ),
        sa.Column(
            "per_demand",
            sa.JSON(),
            nullable=False,
            comment="Values by system, metric and demand, for paired comparison later",
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When measured"
        ),
        sa.Column(
            "created_by",
            sa.String(length=100),
            nullable=False,
            comment="Who ran it, as the server's operating system calls them",
        ),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evaluation_public_id")),
    )
    op.create_index(
        op.f("ix_evaluation_bench_checksum"), "evaluation", ["bench_checksum"], unique=False
    )
    op.create_index(op.f("ix_evaluation_created_at"), "evaluation", ["created_at"], unique=False)
    op.create_table(
        "model_adoption",
        sa.Column("action", sa.String(length=10), nullable=False, comment="adopt or restore"),
        sa.Column(
            "source",
            sa.String(length=500),
            nullable=False,
            comment="Where the model was taken from",
        ),
        sa.Column(
            "folder",
            sa.String(length=40),
            nullable=False,
            comment="Its folder among the adopted models; empty for the shipped model",
        ),
        sa.Column(
            "encoder_checksum",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of what decides its vectors",
        ),
        sa.Column(
            "figures",
            sa.JSON(),
            nullable=False,
            comment="How it compared with the model before it",
        ),
        sa.Column(
            "forced",
            sa.Boolean(),
            nullable=False,
            comment="Adopted although significantly worse",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When decided"),
        sa.Column(
            "created_by",
            sa.String(length=100),
            nullable=False,
            comment="Who did it, as the server's operating system calls them",
        ),
        sa.Column(
            "completed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the index was rebuilt; empty while that is under way or was cut short",
        ),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "action = 'adopt' OR NOT forced",
            name=op.f("ck_model_adoption_only_adoptions_are_forced"),
        ),
        sa.CheckConstraint(
            "action IN ('adopt', 'restore')", name=op.f("ck_model_adoption_action_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_adoption")),
        sa.UniqueConstraint("public_id", name=op.f("uq_model_adoption_public_id")),
    )


def downgrade() -> None:
    """Drop the two tables."""
    op.drop_table("model_adoption")
    op.drop_table("evaluation")
