"""What companies ask for when nothing fits, and alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of requests and alerts."""
    op.create_table(
        "alert",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Who is told"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="Whether mails are wanted"),
        sa.Column(
            "token",
            sa.String(length=32),
            nullable=False,
            comment="Random text of the link that switches it off",
        ),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), nullable=False, comment="When switched last"
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_alert_demand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_alert_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("demand_id", name=op.f("pk_alert")),
        sa.UniqueConstraint("token", name=op.f("uq_alert_token")),
    )
    op.create_table(
        "alert_sent",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome"),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the mail was queued",
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_alert_sent_demand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
            name=op.f("fk_alert_sent_outcome_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("demand_id", "outcome_id", name=op.f("pk_alert_sent")),
    )
    op.create_table(
        "next_step",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="NEXT_STEP_KINDS code"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="NEXT_STEP_STATES code"),
        sa.Column("note", sa.Text(), nullable=False, comment="What the company adds"),
        sa.Column("asked_by", sa.Integer(), nullable=True, comment="Who asked"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, comment="When asked"),
        sa.Column("answer", sa.Text(), nullable=False, comment="What was answered"),
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
            "(state = 'open') = (answered_at IS NULL)",
            name=op.f("ck_next_step_answered_unless_open"),
        ),
        sa.CheckConstraint("kind IN ('expert', 'challenge')", name=op.f("ck_next_step_kind_known")),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'accepted', 'declined')",
            name=op.f("ck_next_step_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_next_step_answered_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_next_step_asked_by")),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_next_step_demand_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
        sa.UniqueConstraint("public_id", name=op.f("uq_next_step_public_id")),
    )
    op.create_index(op.f("ix_next_step_demand_id"), "next_step", ["demand_id"], unique=False)
    op.create_index(op.f("ix_next_step_state"), "next_step", ["state"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_next_step_state"), table_name="next_step")
    op.drop_index(op.f("ix_next_step_demand_id"), table_name="next_step")
    op.drop_table("next_step")
    op.drop_table("alert_sent")
    op.drop_table("alert")
