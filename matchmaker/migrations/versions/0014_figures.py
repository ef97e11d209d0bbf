"""Figures: the events that each counts, their sums, and targets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of figures; `init` counts what is there."""
    op.create_table(
        "figure_sum",
        sa.Column("figure", sa.String(length=30), nullable=False, comment="FIGURES code"),
        sa.Column(
            "chain",
            sa.String(length=40),
            nullable=False,
            comment="Slug of the chain; empty for all together",
        ),
        sa.Column("quarter", sa.String(length=7), nullable=False, comment="The quarter"),
        sa.Column(
            "region",
            sa.String(length=40),
            nullable=False,
            comment="Slug of the district; empty for none",
        ),
        sa.Column("events", sa.Integer(), nullable=False, comment="How many"),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="What they come to, yuan"),
        sa.PrimaryKeyConstraint("figure", "chain", "quarter", "region", name=op.f("pk_figure_sum")),
    )
    op.create_table(
        "figure_target",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("figure", sa.String(length=30), nullable=False, comment="FIGURES code"),
        sa.Column(
            "year", sa.Integer(), nullable=False, comment="The year in which it is to be reached"
        ),
        sa.Column(
            "baseline",
            sa.BigInteger(),
            nullable=True,
            comment="Where it began; ten-thousandths of its unit, as money is kept",
        ),
        sa.Column(
            "target", sa.BigInteger(), nullable=True, comment="What is to be reached, likewise"
        ),
        sa.Column(
            "source", sa.String(length=200), nullable=False, comment="Which document says so"
        ),
        sa.Column("set_by", sa.Integer(), nullable=True, comment="Who entered it"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.CheckConstraint(
            "figure IN ('turnover', 'turnover_out', 'turnover_in', 'conversions', 'cooperation', 'firms', 'firms_none', 'firms_technology_sme', 'firms_high_tech', 'firms_specialised', 'firms_leading', 'institutions', 'brokers')",
            name=op.f("ck_figure_target_figure_known"),
        ),
        sa.CheckConstraint(
            "baseline >= 0 AND target >= 0", name=op.f("ck_figure_target_not_negative")
        ),
        sa.CheckConstraint(
            "baseline IS NOT NULL OR target IS NOT NULL",
            name=op.f("ck_figure_target_says_something"),
        ),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_figure_target_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_target")),
        sa.UniqueConstraint("figure", "year", name=op.f("uq_figure_target_figure_year")),
    )
    op.create_table(
        "figure_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("event_id", sa.Integer(), nullable=False, comment="The event of the audit"),
        sa.Column("figure", sa.String(length=30), nullable=False, comment="FIGURES code"),
        sa.Column(
            "chain",
            sa.String(length=40),
            nullable=False,
            comment="Slug of the chain; empty for all",
        ),
        sa.Column(
            "noun", sa.String(length=20), nullable=False, comment="Kind of the thread it belongs to"
        ),
        sa.Column(
            "record_id",
            sa.Integer(),
            nullable=False,
            comment="Key of the record that the thread begins with",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="When, in the platform's zone"),
        sa.Column(
            "quarter", sa.String(length=7), nullable=False, comment="The quarter that it counts in"
        ),
        sa.Column(
            "region",
            sa.String(length=40),
            nullable=False,
            comment="Slug of the district; empty for none",
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="Contract amount, yuan"),
        sa.Column("waited", sa.Integer(), nullable=True, comment="Seconds since what came before"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_figure_event_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_event")),
        sa.UniqueConstraint(
            "event_id", "figure", "chain", name=op.f("uq_figure_event_event_id_figure_chain")
        ),
    )
    op.create_index(
        "ix_figure_event_listed",
        "figure_event",
        ["figure", "chain", "quarter", "region"],
        unique=False,
    )
    op.create_index("ix_figure_event_thread", "figure_event", ["noun", "record_id"], unique=False)
    op.create_index(
        "ix_figure_event_waited",
        "figure_event",
        ["figure", "chain", "waited", "quarter", "region"],
        unique=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_figure_event_waited", table_name="figure_event")
    op.drop_index("ix_figure_event_thread", table_name="figure_event")
    op.drop_index("ix_figure_event_listed", table_name="figure_event")
    op.drop_table("figure_event")
    op.drop_table("figure_target")
    op.drop_table("figure_sum")
