"""Introductions, engagements, and what belongs to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "calendar_token",
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Whose calendar"),
        sa.Column(
            "token_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the token; the token is not stored",
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was made"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_calendar_token_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_token_token_hash")),
    )
    op.create_table(
        "introduction",
        sa.Column("match_id", sa.Integer(), nullable=False, comment="The accepted match"),
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="Its demand"),
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="Its outcome"),
        sa.Column(
            "state", sa.String(length=20), nullable=False, comment="INTRODUCTION_STATES code"
        ),
        sa.Column(
            "company_message",
            sa.Text(),
            nullable=False,
            comment="What the broker writes to the company",
        ),
        sa.Column(
            "institution_message",
            sa.Text(),
            nullable=False,
            comment="What the broker writes to the researcher's side",
        ),
        sa.Column("company_answer", sa.String(length=10), nullable=True, comment="ANSWERS code"),
        sa.Column(
            "company_answered_by",
            sa.Integer(),
            nullable=True,
            comment="Who answered for the company",
        ),
        sa.Column("company_answered_at", sa.DateTime(timezone=True), nullable=True, comment="When"),
        sa.Column(
            "company_reason",
            sa.String(length=30),
            nullable=True,
            comment="REASONS code of declining",
        ),
        sa.Column("company_note", sa.Text(), nullable=False, comment="Note, for the broker alone"),
        sa.Column(
            "institution_answer", sa.String(length=10), nullable=True, comment="ANSWERS code"
        ),
        sa.Column(
            "institution_answered_by",
            sa.Integer(),
            nullable=True,
            comment="Who answered for the institution's side",
        ),
        sa.Column(
            "institution_answered_at", sa.DateTime(timezone=True), nullable=True, comment="When"
        ),
        sa.Column(
            "institution_reason",
            sa.String(length=30),
            nullable=True,
            comment="REASONS code of declining",
        ),
        sa.Column(
            "institution_note", sa.Text(), nullable=False, comment="Note, for the broker alone"
        ),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), nullable=False, comment="When the broker asked"
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Lapses when nobody answers then",
        ),
        sa.Column(
            "reminded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When silent sides were reminded",
        ),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it left the state asked",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.Column("company_id", sa.Integer(), nullable=False, comment="The demand's company"),
        sa.Column(
            "institution_id", sa.Integer(), nullable=False, comment="The outcome's institution"
        ),
        sa.Column(
            "researcher_id",
            sa.Integer(),
            nullable=True,
            comment="The outcome's author; NULL when imported",
        ),
        sa.Column("broker_id", sa.Integer(), nullable=False, comment="Who brings the two together"),
        sa.CheckConstraint(
            "(COALESCE(company_answer, '') = 'declined') = (company_reason IS NOT NULL)",
            name=op.f("ck_introduction_company_reason_iff_declined"),
        ),
        sa.CheckConstraint(
            "(COALESCE(institution_answer, '') = 'declined') = (institution_reason IS NOT NULL)",
            name=op.f("ck_introduction_institution_reason_iff_declined"),
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (closed_at IS NULL)",
            name=op.f("ck_introduction_closed_unless_asked"),
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (COALESCE(company_answer, '') = 'declined' OR COALESCE(institution_answer, '') = 'declined')",
            name=op.f("ck_introduction_declined_iff_a_side_declined"),
        ),
        sa.CheckConstraint(
            "(state = 'mutual') = (COALESCE(company_answer, '') = 'accepted' AND COALESCE(institution_answer, '') = 'accepted')",
            name=op.f("ck_introduction_mutual_iff_both_accepted"),
        ),
        sa.CheckConstraint(
            "company_answer IN ('accepted', 'declined')",
            name=op.f("ck_introduction_company_answer_known"),
        ),
        sa.CheckConstraint(
            "company_reason IN ('immature', 'advantage_unclear', 'business_unclear', 'description_unclear', 'field_mismatch', 'indicators_missed', 'price', 'ip_risk', 'region', 'timing', 'solved', 'has_partner', 'no_pilot_conditions', 'confidentiality', 'unreachable', 'duplicate_or_void', 'other')",
            name=op.f("ck_introduction_company_reason_known"),
        ),
        sa.CheckConstraint(
            "institution_answer IN ('accepted', 'declined')",
            name=op.f("ck_introduction_institution_answer_known"),
        ),
        sa.CheckConstraint(
            "institution_reason IN ('immature', 'advantage_unclear', 'business_unclear', 'description_unclear', 'field_mismatch', 'indicators_missed', 'price', 'ip_risk', 'region', 'timing', 'solved', 'has_partner', 'no_pilot_conditions', 'confidentiality', 'unreachable', 'duplicate_or_void', 'other')",
            name=op.f("ck_introduction_institution_reason_known"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'mutual', 'declined', 'lapsed', 'withdrawn')",
            name=op.f("ck_introduction_state_known"),
        ),
        sa.CheckConstraint(
            "(company_answer IS NULL) = (company_answered_at IS NULL)",
            name=op.f("ck_introduction_company_answered_with_time"),
        ),
        sa.CheckConstraint(
            "(company_answer IS NULL) = (company_answered_by IS NULL)",
            name=op.f("ck_introduction_company_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "(institution_answer IS NULL) = (institution_answered_at IS NULL)",
            name=op.f("ck_introduction_institution_answered_with_time"),
        ),
        sa.CheckConstraint(
            "(institution_answer IS NULL) = (institution_answered_by IS NULL)",
            name=op.f("ck_introduction_institution_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["broker_id"], ["user.id"], name=op.f("fk_introduction_broker_id")),
        sa.ForeignKeyConstraint(
            ["company_answered_by"], ["user.id"], name=op.f("fk_introduction_company_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_introduction_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_introduction_demand_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_answered_by"],
            ["user.id"],
            name=op.f("fk_introduction_institution_answered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organisation.id"], name=op.f("fk_introduction_institution_id")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_introduction_match_id")),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_introduction_outcome_id")
        ),
        sa.ForeignKeyConstraint(
            ["researcher_id"], ["user.id"], name=op.f("fk_introduction_researcher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_introduction_public_id")),
    )
    op.create_index(op.f("ix_introduction_broker_id"), "introduction", ["broker_id"], unique=False)
    op.create_index(
        op.f("ix_introduction_company_id"), "introduction", ["company_id"], unique=False
    )
    op.create_index(op.f("ix_introduction_demand_id"), "introduction", ["demand_id"], unique=False)
    op.create_index(op.f("ix_introduction_due_at"), "introduction", ["due_at"], unique=False)
    op.create_index(
        op.f("ix_introduction_institution_id"), "introduction", ["institution_id"], unique=False
    )
    op.create_index(op.f("ix_introduction_match_id"), "introduction", ["match_id"], unique=False)
    op.create_index(
        "ix_introduction_one_open",
        "introduction",
        ["match_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        op.f("ix_introduction_outcome_id"), "introduction", ["outcome_id"], unique=False
    )
    op.create_index(
        op.f("ix_introduction_researcher_id"), "introduction", ["researcher_id"], unique=False
    )
    op.create_index(op.f("ix_introduction_state"), "introduction", ["state"], unique=False)
    op.create_table(
        "engagement",
        sa.Column(
            "introduction_id", sa.Integer(), nullable=False, comment="The introduction it came from"
        ),
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="ENGAGEMENT_STATES code"),
        sa.Column(
            "dormant_from",
            sa.String(length=20),
            nullable=True,
            comment="The state it wakes to; ENGAGEMENT_STATES code",
        ),
        sa.Column(
            "next_action",
            sa.String(length=200),
            nullable=False,
            comment="What is next; empty for what the stage usually waits for",
        ),
        sa.Column(
            "next_side",
            sa.String(length=20),
            nullable=True,
            comment="Who is to act next; SIDES code",
        ),
        sa.Column("next_due", sa.Date(), nullable=True, comment="By which day"),
        sa.Column(
            "next_reminded_on", sa.Date(), nullable=True, comment="The due day that was reminded of"
        ),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When both sides had accepted",
        ),
        sa.Column(
            "last_step_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When something last moved",
        ),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="When completed or lost"
        ),
        sa.Column("lost_reason", sa.String(length=30), nullable=True, comment="REASONS code"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.Column("company_id", sa.Integer(), nullable=False, comment="The demand's company"),
        sa.Column(
            "institution_id", sa.Integer(), nullable=False, comment="The outcome's institution"
        ),
        sa.Column(
            "researcher_id",
            sa.Integer(),
            nullable=True,
            comment="The outcome's author; NULL when imported",
        ),
        sa.Column("broker_id", sa.Integer(), nullable=False, comment="Who brings the two together"),
        sa.CheckConstraint(
            "(state = 'dormant') = (dormant_from IS NOT NULL)",
            name=op.f("ck_engagement_earlier_state_iff_dormant"),
        ),
        sa.CheckConstraint(
            "(state = 'lost') = (lost_reason IS NOT NULL)",
            name=op.f("ck_engagement_reason_iff_lost"),
        ),
        sa.CheckConstraint(
            "(state IN ('completed', 'lost')) = (closed_at IS NOT NULL)",
            name=op.f("ck_engagement_closed_iff_over"),
        ),
        sa.CheckConstraint(
            "COALESCE(dormant_from, '') NOT IN ('dormant', 'lost', 'completed')",
            name=op.f("ck_engagement_dormant_from_an_open_state"),
        ),
        sa.CheckConstraint(
            "dormant_from IN ('mutual', 'nda', 'disclosed', 'meeting', 'validation', 'term_sheet', 'drafting', 'publicity', 'signed', 'registered', 'performing', 'completed', 'dormant', 'lost')",
            name=op.f("ck_engagement_dormant_from_known"),
        ),
        sa.CheckConstraint(
            "lost_reason IN ('immature', 'advantage_unclear', 'business_unclear', 'description_unclear', 'field_mismatch', 'indicators_missed', 'price', 'ip_risk', 'region', 'timing', 'solved', 'has_partner', 'no_pilot_conditions', 'confidentiality', 'unreachable', 'duplicate_or_void', 'other')",
            name=op.f("ck_engagement_lost_reason_known"),
        ),
        sa.CheckConstraint(
            "next_side IN ('company', 'institution', 'broker')",
            name=op.f("ck_engagement_next_side_known"),
        ),
        sa.CheckConstraint(
            "state IN ('mutual', 'nda', 'disclosed', 'meeting', 'validation', 'term_sheet', 'drafting', 'publicity', 'signed', 'registered', 'performing', 'completed', 'dormant', 'lost')",
            name=op.f("ck_engagement_state_known"),
        ),
        sa.ForeignKeyConstraint(["broker_id"], ["user.id"], name=op.f("fk_engagement_broker_id")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_engagement_company_id")
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_engagement_demand_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organisation.id"], name=op.f("fk_engagement_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"], ["introduction.id"], name=op.f("fk_engagement_introduction_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_engagement_outcome_id")
        ),
        sa.ForeignKeyConstraint(
            ["researcher_id"], ["user.id"], name=op.f("fk_engagement_researcher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("introduction_id", name=op.f("uq_engagement_introduction_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_engagement_public_id")),
    )
    op.create_index(op.f("ix_engagement_broker_id"), "engagement", ["broker_id"], unique=False)
    op.create_index(op.f("ix_engagement_company_id"), "engagement", ["company_id"], unique=False)
    op.create_index(op.f("ix_engagement_demand_id"), "engagement", ["demand_id"], unique=False)
    op.create_index(
        op.f("ix_engagement_institution_id"), "engagement", ["institution_id"], unique=False
    )
    op.create_index(
        op.f("ix_engagement_last_step_at"), "engagement", ["last_step_at"], unique=False
    )
    op.create_index(op.f("ix_engagement_next_due"), "engagement", ["next_due"], unique=False)
    op.create_index(
        "ix_engagement_one_open",
        "engagement",
        ["demand_id", "outcome_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('completed', 'lost')"),
        postgresql_where=sa.text("state NOT IN ('completed', 'lost')"),
    )
    op.create_index(op.f("ix_engagement_outcome_id"), "engagement", ["outcome_id"], unique=False)
    op.create_index(
        op.f("ix_engagement_researcher_id"), "engagement", ["researcher_id"], unique=False
    )
    op.create_index(op.f("ix_engagement_state"), "engagement", ["state"], unique=False)
    op.create_table(
        "engagement_message",
        sa.Column("engagement_id", sa.Integer(), nullable=False, comment="The engagement"),
        sa.Column("author_id", sa.Integer(), nullable=False, comment="Who wrote it"),
        sa.Column(
            "side", sa.String(length=20), nullable=False, comment="For which side; SIDES code"
        ),
        sa.Column("body", sa.Text(), nullable=False, comment="Plain text"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "side IN ('company', 'institution', 'broker')",
            name=op.f("ck_engagement_message_side_known"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_engagement_message_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_message_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_engagement_message_public_id")),
    )
    op.create_index(
        op.f("ix_engagement_message_engagement_id"),
        "engagement_message",
        ["engagement_id"],
        unique=False,
    )
    op.create_table(
        "engagement_step",
        sa.Column("id", sa.Integer(), nullable=False, comment="Order of steps"),
        sa.Column("engagement_id", sa.Integer(), nullable=False, comment="The engagement"),
        sa.Column("action", sa.String(length=40), nullable=False, comment="The step taken"),
        sa.Column("state_from", sa.String(length=20), nullable=True, comment="State before"),
        sa.Column("state_to", sa.String(length=20), nullable=False, comment="State after"),
        sa.Column("note", sa.Text(), nullable=False, comment="Why, for the parties"),
        sa.Column("taken_by", sa.Integer(), nullable=True, comment="Who; NULL for the platform"),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.CheckConstraint(
            "state_from IN ('mutual', 'nda', 'disclosed', 'meeting', 'validation', 'term_sheet', 'drafting', 'publicity', 'signed', 'registered', 'performing', 'completed', 'dormant', 'lost')",
            name=op.f("ck_engagement_step_state_from_known"),
        ),
        sa.CheckConstraint(
            "state_to IN ('mutual', 'nda', 'disclosed', 'meeting', 'validation', 'term_sheet', 'drafting', 'publicity', 'signed', 'registered', 'performing', 'completed', 'dormant', 'lost')",
            name=op.f("ck_engagement_step_state_to_known"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_step_engagement_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["user.id"], name=op.f("fk_engagement_step_taken_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_step")),
    )
    op.create_index(
        op.f("ix_engagement_step_engagement_id"), "engagement_step", ["engagement_id"], unique=False
    )
    op.create_table(
        "meeting",
        sa.Column("engagement_id", sa.Integer(), nullable=False, comment="The engagement"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="MEETING_STATES code"),
        sa.Column(
            "starts_at", sa.DateTime(timezone=True), nullable=False, comment="When it begins"
        ),
        sa.Column(
            "minutes_long", sa.Integer(), nullable=False, comment="How long it takes, in minutes"
        ),
        sa.Column("place", sa.String(length=200), nullable=False, comment="Where, or the link"),
        sa.Column("participants", sa.Text(), nullable=False, comment="Who takes part"),
        sa.Column("agenda", sa.Text(), nullable=False, comment="What it is about"),
        sa.Column("minutes", sa.Text(), nullable=False, comment="What was said, for the parties"),
        sa.Column("note", sa.Text(), nullable=False, comment="Why it was cancelled"),
        sa.Column("planned_by", sa.Integer(), nullable=False, comment="Who planned it"),
        sa.Column(
            "planned_at", sa.DateTime(timezone=True), nullable=False, comment="When it was planned"
        ),
        sa.Column(
            "reminded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the parties were reminded",
        ),
        sa.Column(
            "closed_by", sa.Integer(), nullable=True, comment="Who wrote the minutes or cancelled"
        ),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="When held or cancelled"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'held') = (minutes <> '')", name=op.f("ck_meeting_minutes_iff_held")
        ),
        sa.CheckConstraint(
            "(state = 'planned') = (closed_at IS NULL)",
            name=op.f("ck_meeting_closed_unless_planned"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_meeting_state_known")
        ),
        sa.CheckConstraint(
            "minutes_long BETWEEN 1 AND 1440", name=op.f("ck_meeting_at_most_a_day")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_meeting_closed_by")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_meeting_engagement_id")
        ),
        sa.ForeignKeyConstraint(["planned_by"], ["user.id"], name=op.f("fk_meeting_planned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
    )
    op.create_index(op.f("ix_meeting_engagement_id"), "meeting", ["engagement_id"], unique=False)
    op.create_index(op.f("ix_meeting_starts_at"), "meeting", ["starts_at"], unique=False)
    op.create_table(
        "nda_acceptance",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("engagement_id", sa.Integer(), nullable=False, comment="The engagement"),
        sa.Column(
            "side", sa.String(length=20), nullable=False, comment="For which side; SIDES code"
        ),
        sa.Column(
            "text_version", sa.String(length=20), nullable=False, comment="Which text was shown"
        ),
        sa.Column("accepted_by", sa.Integer(), nullable=False, comment="Who accepted"),
        sa.Column(
            "name", sa.String(length=80), nullable=False, comment="The name that was typed in"
        ),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.CheckConstraint(
            "side IN ('company', 'institution')", name=op.f("ck_nda_acceptance_side_known")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["user.id"], name=op.f("fk_nda_acceptance_accepted_by")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_nda_acceptance_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nda_acceptance")),
        sa.UniqueConstraint(
            "engagement_id", "side", name=op.f("uq_nda_acceptance_engagement_id_side")
        ),
    )
    op.create_table(
        "attachment",
        sa.Column("message_id", sa.Integer(), nullable=False, comment="The message"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the message"),
        sa.Column(
            "file_name", sa.String(length=120), nullable=False, comment="Name as shown, cleaned"
        ),
        sa.Column(
            "media_type", sa.String(length=10), nullable=False, comment="Kind found in the content"
        ),
        sa.Column("size", sa.Integer(), nullable=False, comment="Bytes"),
        sa.Column(
            "sha256", sa.String(length=64), nullable=False, comment="Checksum of the content"
        ),
        sa.Column(
            "stored_name", sa.String(length=32), nullable=False, comment="Random name in the folder"
        ),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "media_type IN ('pdf', 'docx', 'xlsx', 'png', 'jpg', 'txt')",
            name=op.f("ck_attachment_media_type_known"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_not_empty")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["engagement_message.id"], name=op.f("fk_attachment_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachment_public_id")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_attachment_stored_name")),
    )
    op.create_index(op.f("ix_attachment_message_id"), "attachment", ["message_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_attachment_message_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("nda_acceptance")
    op.drop_index(op.f("ix_meeting_starts_at"), table_name="meeting")
    op.drop_index(op.f("ix_meeting_engagement_id"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_index(op.f("ix_engagement_step_engagement_id"), table_name="engagement_step")
    op.drop_table("engagement_step")
    op.drop_index(op.f("ix_engagement_message_engagement_id"), table_name="engagement_message")
    op.drop_table("engagement_message")
    op.drop_index(op.f("ix_engagement_state"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_researcher_id"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_outcome_id"), table_name="engagement")
    op.drop_index(
        "ix_engagement_one_open",
        table_name="engagement",
        sqlite_where=sa.text("state NOT IN ('completed', 'lost')"),
        postgresql_where=sa.text("state NOT IN ('completed', 'lost')"),
    )
    op.drop_index(op.f("ix_engagement_next_due"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_last_step_at"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_institution_id"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_demand_id"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_company_id"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_broker_id"), table_name="engagement")
    op.drop_table("engagement")
    op.drop_index(op.f("ix_introduction_state"), table_name="introduction")
    op.drop_index(op.f("ix_introduction_researcher_id"), table_name="introduction")
    op.drop_index(op.f("ix_introduction_outcome_id"), table_name="introduction")
    op.drop_index(
        "ix_introduction_one_open",
        table_name="introduction",
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.drop_index(op.f("ix_introduction_match_id"), table_name="introduction")
    op.drop_index(op.f("ix_introduction_institution_id"), table_name="introduction")
    op.drop_index(op.f("ix_introduction_due_at"), table_name="introduction")
    op.drop_index(op.f("ix_introduction_demand_id"), table_name="introduction")
    op.drop_index(op.f("ix_introduction_company_id"), table_name="introduction")
    op.drop_index(op.f("ix_introduction_broker_id"), table_name="introduction")
    op.drop_table("introduction")
    op.drop_table("calendar_token")
