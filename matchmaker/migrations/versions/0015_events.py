"""Events: who is invited, their calendars and table plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of events."""
    op.create_table(
        "event",
        sa.Column("organisation_id", sa.Integer(), nullable=True, comment="Whose event it is"),
        sa.Column("author_id", sa.Integer(), nullable=False, comment="Who organises it"),
        sa.Column("title", sa.String(length=100), nullable=False, comment="What it is called"),
        sa.Column("place", sa.String(length=200), nullable=False, comment="Where it is held"),
        sa.Column("about", sa.Text(), nullable=False, comment="What it is about"),
        sa.Column(
            "starts_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the first slot begins",
        ),
        sa.Column("slot_minutes", sa.Integer(), nullable=False, comment="How long a slot is"),
        sa.Column("slots", sa.Integer(), nullable=False, comment="How many slots there are"),
        sa.Column("tables", sa.Integer(), nullable=False, comment="How many tables there are"),
        sa.Column(
            "most", sa.Integer(), nullable=False, comment="At most so many meetings of one party"
        ),
        sa.Column("state", sa.String(length=10), nullable=False, comment="EVENT_STATES code"),
        sa.Column(
            "planned_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the plan was made",
        ),
        sa.Column("plan_value", sa.Integer(), nullable=True, comment="Total value of the plan"),
        sa.Column("plan_bound", sa.Integer(), nullable=True, comment="What no plan exceeds"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When first saved"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'inviting', 'planned', 'announced', 'held', 'cancelled')",
            name=op.f("ck_event_state_known"),
        ),
        sa.CheckConstraint(
            "(planned_at IS NULL) = (plan_value IS NULL) AND (planned_at IS NULL) = (plan_bound IS NULL)",
            name=op.f("ck_event_plan_with_figures"),
        ),
        sa.CheckConstraint("most BETWEEN 1 AND slots", name=op.f("ck_event_most_in_range")),
        sa.CheckConstraint("plan_value <= plan_bound", name=op.f("ck_event_value_within_bound")),
        sa.CheckConstraint(
            "slot_minutes BETWEEN 5 AND 120", name=op.f("ck_event_minutes_in_range")
        ),
        sa.CheckConstraint("slots BETWEEN 1 AND 24", name=op.f("ck_event_slots_in_range")),
        sa.CheckConstraint("tables BETWEEN 1 AND 200", name=op.f("ck_event_tables_in_range")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_event_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_event_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_public_id")),
    )
    op.create_index(op.f("ix_event_author_id"), "event", ["author_id"], unique=False)
    op.create_index(op.f("ix_event_organisation_id"), "event", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_event_starts_at"), "event", ["starts_at"], unique=False)
    op.create_index(op.f("ix_event_state"), "event", ["state"], unique=False)
    op.create_table(
        "event_party",
        sa.Column("event_id", sa.Integer(), nullable=False, comment="The event"),
        sa.Column("side", sa.String(length=10), nullable=False, comment="EVENT_SIDES code"),
        sa.Column(
            "home_id", sa.Integer(), nullable=False, comment="The company, or a team's institution"
        ),
        sa.Column(
            "contact_id",
            sa.Integer(),
            nullable=False,
            comment="Who is written to; of a team, who leads it",
        ),
        sa.Column("state", sa.String(length=10), nullable=False, comment="EVENT_PARTY_STATES code"),
        sa.Column("free", sa.JSON(), nullable=False, comment="Slots in which the party has time"),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False, comment="When invited"),
        sa.Column("answered_by", sa.Integer(), nullable=True, comment="Who answered"),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), nullable=True, comment="When last answered"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'invited') = (answered_at IS NULL)",
            name=op.f("ck_event_party_answered_iff_dated"),
        ),
        sa.CheckConstraint("side IN ('firm', 'team')", name=op.f("ck_event_party_side_known")),
        sa.CheckConstraint(
            "state IN ('invited', 'coming', 'declined')", name=op.f("ck_event_party_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_event_party_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["user.id"], name=op.f("fk_event_party_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_party_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["organisation.id"], name=op.f("fk_event_party_home_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_party")),
        sa.UniqueConstraint(
            "event_id",
            "home_id",
            "contact_id",
            name=op.f("uq_event_party_event_id_home_id_contact_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_party_public_id")),
    )
    op.create_index(op.f("ix_event_party_contact_id"), "event_party", ["contact_id"], unique=False)
    op.create_index(op.f("ix_event_party_event_id"), "event_party", ["event_id"], unique=False)
    op.create_index(op.f("ix_event_party_home_id"), "event_party", ["home_id"], unique=False)
    op.create_index(op.f("ix_event_party_state"), "event_party", ["state"], unique=False)
    op.create_table(
        "event_meeting",
        sa.Column("event_id", sa.Integer(), nullable=False, comment="The event"),
        sa.Column("firm_id", sa.Integer(), nullable=False, comment="The firm"),
        sa.Column("team_id", sa.Integer(), nullable=False, comment="The team"),
        sa.Column("slot", sa.Integer(), nullable=False, comment="In which slot, from 0"),
        sa.Column("table_number", sa.Integer(), nullable=False, comment="At which table, from 1"),
        sa.Column(
            "value",
            sa.Integer(),
            nullable=False,
            comment="Thousandths of P(usable) of its best pair",
        ),
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="What the firm asks for"),
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="What the team offers"),
        sa.Column(
            "firm_interested", sa.Boolean(), nullable=True, comment="Whether the firm wants more"
        ),
        sa.Column(
            "team_interested", sa.Boolean(), nullable=True, comment="Whether the team wants more"
        ),
        sa.Column(
            "noted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a result was last noted",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint("slot >= 0", name=op.f("ck_event_meeting_slot_in_range")),
        sa.CheckConstraint("table_number >= 1", name=op.f("ck_event_meeting_table_in_range")),
        sa.CheckConstraint(
            "value BETWEEN 1 AND 1000", name=op.f("ck_event_meeting_value_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["demand.id"],
            name=op.f("fk_event_meeting_demand_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_meeting_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"],
            ["event_party.id"],
            name=op.f("fk_event_meeting_firm_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
            name=op.f("fk_event_meeting_outcome_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["event_party.id"],
            name=op.f("fk_event_meeting_team_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_meeting")),
        sa.UniqueConstraint(
            "event_id", "firm_id", "team_id", name=op.f("uq_event_meeting_event_id_firm_id_team_id")
        ),
        sa.UniqueConstraint(
            "event_id", "slot", "firm_id", name=op.f("uq_event_meeting_event_id_slot_firm_id")
        ),
        sa.UniqueConstraint(
            "event_id",
            "slot",
            "table_number",
            name=op.f("uq_event_meeting_event_id_slot_table_number"),
        ),
        sa.UniqueConstraint(
            "event_id", "slot", "team_id", name=op.f("uq_event_meeting_event_id_slot_team_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_meeting_public_id")),
    )
    op.create_index(
        op.f("ix_event_meeting_demand_id"), "event_meeting", ["demand_id"], unique=False
    )
    op.create_index(op.f("ix_event_meeting_event_id"), "event_meeting", ["event_id"], unique=False)
    op.create_index(op.f("ix_event_meeting_firm_id"), "event_meeting", ["firm_id"], unique=False)
    op.create_index(
        op.f("ix_event_meeting_outcome_id"), "event_meeting", ["outcome_id"], unique=False
    )
    op.create_index(op.f("ix_event_meeting_team_id"), "event_meeting", ["team_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_event_meeting_team_id"), table_name="event_meeting")
    op.drop_index(op.f("ix_event_meeting_outcome_id"), table_name="event_meeting")
    op.drop_index(op.f("ix_event_meeting_firm_id"), table_name="event_meeting")
    op.drop_index(op.f("ix_event_meeting_event_id"), table_name="event_meeting")
    op.drop_index(op.f("ix_event_meeting_demand_id"), table_name="event_meeting")
    op.drop_table("event_meeting")
    op.drop_index(op.f("ix_event_party_state"), table_name="event_party")
    op.drop_index(op.f("ix_event_party_home_id"), table_name="event_party")
    op.drop_index(op.f("ix_event_party_event_id"), table_name="event_party")
    op.drop_index(op.f("ix_event_party_contact_id"), table_name="event_party")
    op.drop_table("event_party")
    op.drop_index(op.f("ix_event_state"), table_name="event")
    op.drop_index(op.f("ix_event_starts_at"), table_name="event")
    op.drop_index(op.f("ix_event_organisation_id"), table_name="event")
    op.drop_index(op.f("ix_event_author_id"), table_name="event")
    op.drop_table("event")
