"""Foundation: organisations, demands, outcomes, matches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "chain",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Slug of the chain"),
        sa.Column(
            "cluster_code", sa.String(length=40), nullable=False, comment="Slug of its cluster"
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_chain")),
    )
    op.create_index(op.f("ix_chain_cluster_code"), "chain", ["cluster_code"], unique=False)
    op.create_table(
        "change",
        sa.Column(
            "sequence",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Commit-ordered number",
        ),
        sa.Column("noun", sa.String(length=10), nullable=False, comment="demand or outcome"),
        sa.Column(
            "record_id",
            sa.Integer(),
            nullable=False,
            comment="Key of the record, which may be gone",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_change")),
    )
    op.create_table(
        "embedding",
        sa.Column(
            "content_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the text encoded",
        ),
        sa.Column(
            "encoder_checksum",
            sa.String(length=64),
            nullable=False,
            comment="Checksum of the encoder",
        ),
        sa.Column(
            "vector",
            sa.LargeBinary(),
            nullable=False,
            comment="float32, little-endian, unit length",
        ),
        sa.PrimaryKeyConstraint("content_hash", "encoder_checksum", name=op.f("pk_embedding")),
    )
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False, comment="Order of sending"),
        sa.Column("recipient", sa.String(length=254), nullable=False, comment="Address"),
        sa.Column("subject", sa.String(length=200), nullable=False, comment="Subject line"),
        sa.Column("body", sa.Text(), nullable=False, comment="Plain text"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When queued"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="When it left"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="How often sending was tried"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
    )
    op.create_index(op.f("ix_outbox_mail_sent_at"), "outbox_mail", ["sent_at"], unique=False)
    op.create_table(
        "progress",
        sa.Column("id", sa.Integer(), nullable=False, comment="Always 1"),
        sa.Column("last_change", sa.Integer(), nullable=False, comment="Highest sequence given"),
        sa.Column(
            "matched_through",
            sa.Integer(),
            nullable=False,
            comment="Changes whose own records have been matched",
        ),
        sa.Column(
            "ranked_through",
            sa.Integer(),
            nullable=False,
            comment="Changes that every demand has been ranked with",
        ),
        sa.Column(
            "encoder_checksum",
            sa.String(length=64),
            nullable=False,
            comment="Encoder that the stored vectors come from",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_progress_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Slug of the region"),
        sa.Column(
            "kind", sa.String(length=20), nullable=False, comment="district, zone or outside"
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_table(
        "organisation",
        sa.Column("kind", sa.String(length=20), nullable=False, comment="ORGANISATION_KINDS code"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="Registered name"),
        sa.Column("name_en", sa.String(length=200), nullable=False, comment="English name"),
        sa.Column(
            "credit_code",
            sa.String(length=18),
            nullable=False,
            comment="Unified social credit code, 18 characters",
        ),
        sa.Column(
            "region_code",
            sa.String(length=40),
            nullable=True,
            comment="District of the plan or outside",
        ),
        sa.Column(
            "ladder_level", sa.String(length=20), nullable=True, comment="LADDER_LEVELS code"
        ),
        sa.Column("summary", sa.Text(), nullable=False, comment="What it does, public"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="VERIFICATIONS code"),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When verified or rejected",
        ),
        sa.Column("decision_note", sa.Text(), nullable=False, comment="Reason of a rejection"),
        sa.Column("origin", sa.String(length=10), nullable=False, comment="ORIGINS code"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was registered",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)",
            name=op.f("ck_organisation_decided_unless_pending"),
        ),
        sa.CheckConstraint(
            "kind IN ('company', 'institution', 'agency', 'association', 'bureau')",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.CheckConstraint(
            "ladder_level IN ('none', 'technology_sme', 'high_tech', 'specialised', 'leading')",
            name=op.f("ck_organisation_ladder_level_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('form', 'import', 'demo')", name=op.f("ck_organisation_origin_known")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'verified', 'rejected')", name=op.f("ck_organisation_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_organisation_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
    )
    op.create_index(
        op.f("ix_organisation_region_code"), "organisation", ["region_code"], unique=False
    )
    op.create_index(op.f("ix_organisation_state"), "organisation", ["state"], unique=False)
    op.create_table(
        "user",
        sa.Column(
            "email",
            sa.String(length=254),
            nullable=False,
            comment="Log-in name in lower case; contact data",
        ),
        sa.Column("name", sa.String(length=80), nullable=False, comment="Name as shown"),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="argon2id hash"),
        sa.Column("role", sa.String(length=20), nullable=False, comment="ROLES code"),
        sa.Column(
            "organisation_id", sa.Integer(), nullable=True, comment="Where the person belongs"
        ),
        sa.Column(
            "is_manager",
            sa.Boolean(),
            nullable=False,
            comment="Manages the organisation: approves outcomes, edits its data",
        ),
        sa.Column(
            "approved",
            sa.Boolean(),
            nullable=False,
            comment="Membership confirmed by a manager or the bureau",
        ),
        sa.Column(
            "phone", sa.String(length=40), nullable=False, comment="Contact data, never public"
        ),
        sa.Column("locale", sa.String(length=10), nullable=False, comment="Language of mail"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="May log in"),
        sa.Column("origin", sa.String(length=10), nullable=False, comment="ORIGINS code"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When registered"
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True, comment="Last log-in"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "origin IN ('form', 'import', 'demo')", name=op.f("ck_user_origin_known")
        ),
        sa.CheckConstraint(
            "role = 'administrator' OR organisation_id IS NOT NULL",
            name=op.f("ck_user_organisation_unless_admin"),
        ),
        sa.CheckConstraint(
            "role IN ('company', 'researcher', 'broker', 'bureau', 'administrator')",
            name=op.f("ck_user_role_known"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_email_folded")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_user_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_public_id")),
    )
    op.create_index(op.f("ix_user_organisation_id"), "user", ["organisation_id"], unique=False)
    op.create_table(
        "account_token",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("purpose", sa.String(length=20), nullable=False, comment="What it is good for"),
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token"
        ),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Whose it is"),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Not valid from then on",
        ),
        sa.Column(
            "used_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Set when used: it works once",
        ),
        sa.CheckConstraint(
            "purpose IN ('reset_password')", name=op.f("ck_account_token_purpose_known")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_account_token_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_token_token_hash")),
    )
    op.create_index(op.f("ix_account_token_user_id"), "account_token", ["user_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="Order of events"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column(
            "actor_id",
            sa.Integer(),
            nullable=True,
            comment="Who; NULL for the platform and visitors",
        ),
        sa.Column("actor_role", sa.String(length=20), nullable=False, comment="In which role"),
        sa.Column("noun", sa.String(length=20), nullable=False, comment="Kind of record"),
        sa.Column("record_id", sa.Integer(), nullable=True, comment="Key of the record"),
        sa.Column("action", sa.String(length=40), nullable=False, comment="What was done"),
        sa.Column("state_from", sa.String(length=20), nullable=True, comment="State before"),
        sa.Column("state_to", sa.String(length=20), nullable=True, comment="State after"),
        sa.Column(
            "changes",
            sa.JSON(),
            nullable=False,
            comment="Fields changed as [old, new]; hidden tiers as …",
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_event_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_index("ix_audit_event_record", "audit_event", ["noun", "record_id"], unique=False)
    op.create_table(
        "demand",
        sa.Column("kind", sa.String(length=30), nullable=True, comment="DEMAND_KINDS code"),
        sa.Column("problem", sa.Text(), nullable=False, comment="主要问题, public"),
        sa.Column("key_technology", sa.Text(), nullable=False, comment="技术关键, public"),
        sa.Column("target", sa.Text(), nullable=False, comment="预期目标, public"),
        sa.Column(
            "current_state",
            sa.Text(),
            nullable=False,
            comment="What was tried; CONFIDENTIAL, never shown",
        ),
        sa.Column("constraints", sa.Text(), nullable=False, comment="Constraints, public"),
        sa.Column("industry", sa.String(length=5), nullable=False, comment="GB/T 4754 code served"),
        sa.Column(
            "solution_mode", sa.String(length=20), nullable=True, comment="SOLUTION_MODES code"
        ),
        sa.Column("budget_min", sa.BigInteger(), nullable=True, comment="Least budget, yuan"),
        sa.Column("budget_max", sa.BigInteger(), nullable=True, comment="Most budget, yuan"),
        sa.Column("period_months", sa.Integer(), nullable=True, comment="Time allowed, months"),
        sa.Column("lowest_trl", sa.Integer(), nullable=True, comment="Lowest acceptable TRL"),
        sa.Column(
            "region_preference",
            sa.String(length=40),
            nullable=True,
            comment="Where a partner is preferred",
        ),
        sa.Column(
            "partner_wanted",
            sa.Text(),
            nullable=False,
            comment="Partner wanted; CONFIDENTIAL, never shown",
        ),
        sa.Column(
            "ip_expectation", sa.String(length=200), nullable=False, comment="IP expectation"
        ),
        sa.Column("disclosure", sa.String(length=10), nullable=False, comment="DISCLOSURES code"),
        sa.Column("clarity", sa.String(length=20), nullable=True, comment="CLARITIES code"),
        sa.Column(
            "organisation_id",
            sa.Integer(),
            nullable=False,
            comment="The organisation it belongs to",
        ),
        sa.Column(
            "author_id", sa.Integer(), nullable=True, comment="Who wrote it; NULL when imported"
        ),
        sa.Column("title", sa.String(length=100), nullable=False, comment="Title, public"),
        sa.Column("description", sa.Text(), nullable=False, comment="Long text, public"),
        sa.Column("keywords", sa.JSON(), nullable=False, comment="At most five, public"),
        sa.Column("field", sa.String(length=20), nullable=True, comment="FIELDS code"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="Life-cycle state"),
        sa.Column(
            "state_note",
            sa.Text(),
            nullable=False,
            comment="Reasons given when it was last returned",
        ),
        sa.Column("origin", sa.String(length=10), nullable=False, comment="ORIGINS code"),
        sa.Column(
            "source_id",
            sa.String(length=100),
            nullable=True,
            comment="Id in the file it was imported from",
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When first saved"
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, comment="When last changed"
        ),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=True, comment="When published"
        ),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="Last day of its life"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "clarity IN ('clear', 'vague', 'concept', 'undirected')",
            name=op.f("ck_demand_clarity_known"),
        ),
        sa.CheckConstraint(
            "disclosure IN ('public', 'anonymous', 'directed')",
            name=op.f("ck_demand_disclosure_known"),
        ),
        sa.CheckConstraint(
            "field IN ('electronics', 'aerospace', 'manufacturing', 'biomedicine', 'materials', 'energy', 'environment', 'nuclear', 'agriculture', 'transport', 'urban')",
            name=op.f("ck_demand_field_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('key_technology', 'outcome_acquisition', 'product_upgrade', 'process_improvement', 'testing_pilot', 'talent_team', 'joint_application')",
            name=op.f("ck_demand_kind_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('form', 'import', 'demo')", name=op.f("ck_demand_origin_known")
        ),
        sa.CheckConstraint(
            "solution_mode IN ('commissioned', 'joint', 'transfer', 'licence', 'acquisition', 'other')",
            name=op.f("ck_demand_solution_mode_known"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND expires_on IS NOT NULL)",
            name=op.f("ck_demand_published_has_dates"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR state_note <> ''", name=op.f("ck_demand_returned_has_reasons")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'published', 'withdrawn', 'expired')",
            name=op.f("ck_demand_state_known"),
        ),
        sa.CheckConstraint("budget_min <= budget_max", name=op.f("ck_demand_budget_in_order")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_demand_title_not_blank")),
        sa.CheckConstraint("lowest_trl BETWEEN 1 AND 9", name=op.f("ck_demand_lowest_trl_known")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_demand_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_demand_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_preference"], ["region.code"], name=op.f("fk_demand_region_preference")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("public_id", name=op.f("uq_demand_public_id")),
        sa.UniqueConstraint("source_id", name=op.f("uq_demand_source_id")),
    )
    op.create_index(op.f("ix_demand_author_id"), "demand", ["author_id"], unique=False)
    op.create_index(op.f("ix_demand_budget_max"), "demand", ["budget_max"], unique=False)
    op.create_index(op.f("ix_demand_expires_on"), "demand", ["expires_on"], unique=False)
    op.create_index(op.f("ix_demand_field"), "demand", ["field"], unique=False)
    op.create_index(op.f("ix_demand_lowest_trl"), "demand", ["lowest_trl"], unique=False)
    op.create_index(op.f("ix_demand_organisation_id"), "demand", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_demand_published_at"), "demand", ["published_at"], unique=False)
    op.create_index(op.f("ix_demand_solution_mode"), "demand", ["solution_mode"], unique=False)
    op.create_index(op.f("ix_demand_state"), "demand", ["state"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("public_id", sa.String(length=16), nullable=False, comment="Id for revoking"),
        sa.Column(
            "token_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the cookie's token; the token is not stored",
        ),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Who logged in"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When logged in"
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Last request, to the minute",
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Not valid from then on",
        ),
        sa.Column("agent", sa.String(length=200), nullable=False, comment="Browser, for the list"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_login_session_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_login_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    op.create_index(
        op.f("ix_login_session_expires_at"), "login_session", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_login_session_user_id"), "login_session", ["user_id"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("summary", sa.Text(), nullable=False, comment="Public summary"),
        sa.Column("problem_solved", sa.Text(), nullable=False, comment="Problem solved, public"),
        sa.Column("advantage", sa.Text(), nullable=False, comment="与现有方案比较, public"),
        sa.Column("economics", sa.Text(), nullable=False, comment="Economic effect, public"),
        sa.Column(
            "principle",
            sa.Text(),
            nullable=False,
            comment="Principle; REDACTED: verified organisations only",
        ),
        sa.Column(
            "know_how", sa.Text(), nullable=False, comment="Know-how; CONFIDENTIAL, never shown"
        ),
        sa.Column("stage", sa.String(length=10), nullable=True, comment="STAGES code"),
        sa.Column("trl", sa.Integer(), nullable=True, comment="TRL reached, GB/T 22900"),
        sa.Column("trl_evidence", sa.JSON(), nullable=False, comment="Evidence of TRL"),
        sa.Column("scenes", sa.JSON(), nullable=False, comment="Application scenes"),
        sa.Column("deployments", sa.JSON(), nullable=False, comment="Where it runs"),
        sa.Column("ipc", sa.JSON(), nullable=False, comment="IPC symbols"),
        sa.Column(
            "ip", sa.JSON(), nullable=False, comment="IP rights: kind, number, status, owners"
        ),
        sa.Column("ownership", sa.String(length=200), nullable=False, comment="Who owns it"),
        sa.Column(
            "licence_kind", sa.String(length=20), nullable=True, comment="LICENCE_KINDS code"
        ),
        sa.Column("price_mode", sa.String(length=20), nullable=True, comment="PRICE_MODES code"),
        sa.Column("price_min", sa.BigInteger(), nullable=True, comment="Least price, yuan"),
        sa.Column("price_max", sa.BigInteger(), nullable=True, comment="Most price, yuan"),
        sa.Column("use_before_pay", sa.Boolean(), nullable=False, comment="先使用后付费"),
        sa.Column("team", sa.JSON(), nullable=False, comment="Team in order"),
        sa.Column(
            "registration_number",
            sa.String(length=40),
            nullable=False,
            comment="Outcome registration number",
        ),
        sa.Column("provenance", sa.String(length=10), nullable=False, comment="PROVENANCES code"),
        sa.Column(
            "organisation_id",
            sa.Integer(),
            nullable=False,
            comment="The organisation it belongs to",
        ),
        sa.Column(
            "author_id", sa.Integer(), nullable=True, comment="Who wrote it; NULL when imported"
        ),
        sa.Column("title", sa.String(length=100), nullable=False, comment="Title, public"),
        sa.Column("description", sa.Text(), nullable=False, comment="Long text, public"),
        sa.Column("keywords", sa.JSON(), nullable=False, comment="At most five, public"),
        sa.Column("field", sa.String(length=20), nullable=True, comment="FIELDS code"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="Life-cycle state"),
        sa.Column(
            "state_note",
            sa.Text(),
            nullable=False,
            comment="Reasons given when it was last returned",
        ),
        sa.Column("origin", sa.String(length=10), nullable=False, comment="ORIGINS code"),
        sa.Column(
            "source_id",
            sa.String(length=100),
            nullable=True,
            comment="Id in the file it was imported from",
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When first saved"
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, comment="When last changed"
        ),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=True, comment="When published"
        ),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="Last day of its life"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "field IN ('electronics', 'aerospace', 'manufacturing', 'biomedicine', 'materials', 'energy', 'environment', 'nuclear', 'agriculture', 'transport', 'urban')",
            name=op.f("ck_outcome_field_known"),
        ),
        sa.CheckConstraint(
            "licence_kind IN ('exclusive', 'sole', 'ordinary')",
            name=op.f("ck_outcome_licence_kind_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('form', 'import', 'demo')", name=op.f("ck_outcome_origin_known")
        ),
        sa.CheckConstraint(
            "price_mode IN ('negotiable', 'range', 'listed')",
            name=op.f("ck_outcome_price_mode_known"),
        ),
        sa.CheckConstraint(
            "provenance IN ('local', 'outside', 'collected')",
            name=op.f("ck_outcome_provenance_known"),
        ),
        sa.CheckConstraint(
            "stage IN ('early', 'middle', 'mature')", name=op.f("ck_outcome_stage_known")
        ),
        sa.CheckConstraint(
            "state <> 'changes_requested' OR state_note <> ''",
            name=op.f("ck_outcome_changes_requested_has_reasons"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND expires_on IS NOT NULL)",
            name=op.f("ck_outcome_published_has_dates"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'institution_review', 'changes_requested', 'published', 'withdrawn', 'expired')",
            name=op.f("ck_outcome_state_known"),
        ),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_outcome_title_not_blank")),
        sa.CheckConstraint("price_min <= price_max", name=op.f("ck_outcome_price_in_order")),
        sa.CheckConstraint("trl BETWEEN 1 AND 9", name=op.f("ck_outcome_trl_known")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_outcome_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_outcome_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outcome_public_id")),
        sa.UniqueConstraint("source_id", name=op.f("uq_outcome_source_id")),
    )
    op.create_index(op.f("ix_outcome_author_id"), "outcome", ["author_id"], unique=False)
    op.create_index(op.f("ix_outcome_expires_on"), "outcome", ["expires_on"], unique=False)
    op.create_index(op.f("ix_outcome_field"), "outcome", ["field"], unique=False)
    op.create_index(
        op.f("ix_outcome_organisation_id"), "outcome", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_outcome_price_min"), "outcome", ["price_min"], unique=False)
    op.create_index(op.f("ix_outcome_published_at"), "outcome", ["published_at"], unique=False)
    op.create_index(op.f("ix_outcome_state"), "outcome", ["state"], unique=False)
    op.create_index(op.f("ix_outcome_trl"), "outcome", ["trl"], unique=False)
    op.create_table(
        "demand_chain",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("chain_code", sa.String(length=40), nullable=False, comment="The chain"),
        sa.ForeignKeyConstraint(
            ["chain_code"], ["chain.code"], name=op.f("fk_demand_chain_chain_code")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_demand_chain_demand_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("demand_id", "chain_code", name=op.f("pk_demand_chain")),
    )
    op.create_index(
        op.f("ix_demand_chain_chain_code"), "demand_chain", ["chain_code"], unique=False
    )
    op.create_table(
        "demand_indicator",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order on the form"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="What is measured"),
        sa.Column("comparator", sa.String(length=10), nullable=False, comment="COMPARATORS code"),
        sa.Column("value", sa.String(length=40), nullable=False, comment="Value or lower bound"),
        sa.Column(
            "value_high", sa.String(length=40), nullable=True, comment="Upper bound of between"
        ),
        sa.Column("unit", sa.String(length=40), nullable=False, comment="Unit as written"),
        sa.Column("condition", sa.String(length=200), nullable=False, comment="Test condition"),
        sa.CheckConstraint(
            "comparator IN ('ge', 'le', 'gt', 'lt', 'eq', 'between')",
            name=op.f("ck_demand_indicator_comparator_known"),
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["demand.id"],
            name=op.f("fk_demand_indicator_demand_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_indicator")),
    )
    op.create_index(
        op.f("ix_demand_indicator_demand_id"), "demand_indicator", ["demand_id"], unique=False
    )
    op.create_table(
        "demand_recipient",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="The institution"),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["demand.id"],
            name=op.f("fk_demand_recipient_demand_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_demand_recipient_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("demand_id", "organisation_id", name=op.f("pk_demand_recipient")),
    )
    op.create_index(
        op.f("ix_demand_recipient_organisation_id"),
        "demand_recipient",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "match",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome"),
        sa.Column("score", sa.Double(), nullable=False, comment="Engine's score, 0 to 1"),
        sa.Column("level", sa.Integer(), nullable=False, comment="Engine's level, 0 to 3"),
        sa.Column(
            "rank", sa.Integer(), nullable=False, comment="Place in the demand's shortlist, from 1"
        ),
        sa.Column(
            "current",
            sa.Boolean(),
            nullable=False,
            comment="Still in the shortlist; false keeps a decision whose pair fell out",
        ),
        sa.Column("explanation", sa.JSON(), nullable=False, comment="Why, from public tiers"),
        sa.Column(
            "engine_version",
            sa.String(length=80),
            nullable=False,
            comment="Engine and encoder that scored",
        ),
        sa.Column("state", sa.String(length=20), nullable=False, comment="MATCH_STATES code"),
        sa.Column(
            "reason", sa.String(length=30), nullable=True, comment="REASONS code of a dismissal"
        ),
        sa.Column("note", sa.Text(), nullable=False, comment="Broker's note"),
        sa.Column("decided_by", sa.Integer(), nullable=True, comment="Who decided"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="When decided"),
        sa.Column(
            "snoozed_until", sa.DateTime(timezone=True), nullable=True, comment="Comes back then"
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When first suggested"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'dismissed') = (reason IS NOT NULL)",
            name=op.f("ck_match_reason_iff_dismissed"),
        ),
        sa.CheckConstraint(
            "(state = 'snoozed') = (snoozed_until IS NOT NULL)",
            name=op.f("ck_match_date_iff_snoozed"),
        ),
        sa.CheckConstraint(
            "(state = 'suggested') = (decided_at IS NULL)",
            name=op.f("ck_match_decided_iff_not_open"),
        ),
        sa.CheckConstraint(
            "reason IN ('immature', 'advantage_unclear', 'business_unclear', 'description_unclear', 'field_mismatch', 'indicators_missed', 'price', 'ip_risk', 'region', 'timing', 'solved', 'has_partner', 'no_pilot_conditions', 'confidentiality', 'unreachable', 'duplicate_or_void', 'other')",
            name=op.f("ck_match_reason_known"),
        ),
        sa.CheckConstraint(
            "state IN ('suggested', 'accepted', 'dismissed', 'snoozed')",
            name=op.f("ck_match_state_known"),
        ),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_match_level_known")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_match_score_in_range")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_match_decided_by")),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_match_demand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_match_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("demand_id", "outcome_id", name=op.f("uq_match_demand_id_outcome_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_public_id")),
    )
    op.create_index(op.f("ix_match_decided_at"), "match", ["decided_at"], unique=False)
    op.create_index(op.f("ix_match_demand_id"), "match", ["demand_id"], unique=False)
    op.create_index(op.f("ix_match_outcome_id"), "match", ["outcome_id"], unique=False)
    op.create_index(op.f("ix_match_score"), "match", ["score"], unique=False)
    op.create_index(op.f("ix_match_state"), "match", ["state"], unique=False)
    op.create_table(
        "outcome_chain",
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome"),
        sa.Column("chain_code", sa.String(length=40), nullable=False, comment="The chain"),
        sa.ForeignKeyConstraint(
            ["chain_code"], ["chain.code"], name=op.f("fk_outcome_chain_chain_code")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
            name=op.f("fk_outcome_chain_outcome_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outcome_id", "chain_code", name=op.f("pk_outcome_chain")),
    )
    op.create_index(
        op.f("ix_outcome_chain_chain_code"), "outcome_chain", ["chain_code"], unique=False
    )
    op.create_table(
        "outcome_indicator",
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order on the form"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="What is measured"),
        sa.Column("comparator", sa.String(length=10), nullable=False, comment="COMPARATORS code"),
        sa.Column("value", sa.String(length=40), nullable=False, comment="Value or lower bound"),
        sa.Column(
            "value_high", sa.String(length=40), nullable=True, comment="Upper bound of between"
        ),
        sa.Column("unit", sa.String(length=40), nullable=False, comment="Unit as written"),
        sa.Column("condition", sa.String(length=200), nullable=False, comment="Test condition"),
        sa.CheckConstraint(
            "comparator IN ('ge', 'le', 'gt', 'lt', 'eq', 'between')",
            name=op.f("ck_outcome_indicator_comparator_known"),
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
            name=op.f("fk_outcome_indicator_outcome_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_indicator")),
    )
    op.create_index(
        op.f("ix_outcome_indicator_outcome_id"), "outcome_indicator", ["outcome_id"], unique=False
    )
    op.create_table(
        "outcome_mode",
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome"),
        sa.Column("mode", sa.String(length=20), nullable=False, comment="CONVERSION_MODES code"),
        sa.CheckConstraint(
            "mode IN ('own', 'transfer', 'licence', 'joint', 'equity', 'other')",
            name=op.f("ck_outcome_mode_mode_known"),
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcome.id"],
            name=op.f("fk_outcome_mode_outcome_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outcome_id", "mode", name=op.f("pk_outcome_mode")),
    )
    op.create_index(op.f("ix_outcome_mode_mode"), "outcome_mode", ["mode"], unique=False)
    op.execute(
        "INSERT INTO progress (id, last_change, matched_through, ranked_through, encoder_checksum) VALUES (1, 0, 0, 0, '')"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_outcome_mode_mode"), table_name="outcome_mode")
    op.drop_table("outcome_mode")
    op.drop_index(op.f("ix_outcome_indicator_outcome_id"), table_name="outcome_indicator")
    op.drop_table("outcome_indicator")
    op.drop_index(op.f("ix_outcome_chain_chain_code"), table_name="outcome_chain")
    op.drop_table("outcome_chain")
    op.drop_index(op.f("ix_match_state"), table_name="match")
    op.drop_index(op.f("ix_match_score"), table_name="match")
    op.drop_index(op.f("ix_match_outcome_id"), table_name="match")
    op.drop_index(op.f("ix_match_demand_id"), table_name="match")
    op.drop_index(op.f("ix_match_decided_at"), table_name="match")
    op.drop_table("match")
    op.drop_index(op.f("ix_demand_recipient_organisation_id"), table_name="demand_recipient")
    op.drop_table("demand_recipient")
    op.drop_index(op.f("ix_demand_indicator_demand_id"), table_name="demand_indicator")
    op.drop_table("demand_indicator")
    op.drop_index(op.f("ix_demand_chain_chain_code"), table_name="demand_chain")
    op.drop_table("demand_chain")
    op.drop_index(op.f("ix_outcome_trl"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_state"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_published_at"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_price_min"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_organisation_id"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_field"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_expires_on"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_author_id"), table_name="outcome")
    op.drop_table("outcome")
    op.drop_index(op.f("ix_login_session_user_id"), table_name="login_session")
    op.drop_index(op.f("ix_login_session_expires_at"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(op.f("ix_demand_state"), table_name="demand")
    op.drop_index(op.f("ix_demand_solution_mode"), table_name="demand")
    op.drop_index(op.f("ix_demand_published_at"), table_name="demand")
    op.drop_index(op.f("ix_demand_organisation_id"), table_name="demand")
    op.drop_index(op.f("ix_demand_lowest_trl"), table_name="demand")
    op.drop_index(op.f("ix_demand_field"), table_name="demand")
    op.drop_index(op.f("ix_demand_expires_on"), table_name="demand")
    op.drop_index(op.f("ix_demand_budget_max"), table_name="demand")
    op.drop_index(op.f("ix_demand_author_id"), table_name="demand")
    op.drop_table("demand")
    op.drop_index("ix_audit_event_record", table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_at"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_actor_id"), table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index(op.f("ix_account_token_user_id"), table_name="account_token")
    op.drop_table("account_token")
    op.drop_index(op.f("ix_user_organisation_id"), table_name="user")
    op.drop_table("user")
    op.drop_index(op.f("ix_organisation_state"), table_name="organisation")
    op.drop_index(op.f("ix_organisation_region_code"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("region")
    op.drop_table("progress")
    op.drop_index(op.f("ix_outbox_mail_sent_at"), table_name="outbox_mail")
    op.drop_table("outbox_mail")
    op.drop_table("embedding")
    op.drop_table("change")
    op.drop_index(op.f("ix_chain_cluster_code"), table_name="chain")
    op.drop_table("chain")
