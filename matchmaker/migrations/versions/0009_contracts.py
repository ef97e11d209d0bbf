"""Technical contracts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "contract",
        sa.Column(
            "engagement_id", sa.Integer(), nullable=False, comment="The engagement it comes from"
        ),
        sa.Column("state", sa.String(length=20), nullable=False, comment="CONTRACT_STATES code"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="Number of the present terms"),
        sa.Column("title", sa.String(length=100), nullable=False, comment="Name of the contract"),
        sa.Column("type", sa.String(length=20), nullable=True, comment="CONTRACT_TYPES code"),
        sa.Column(
            "development_kind",
            sa.String(length=20),
            nullable=True,
            comment="DEVELOPMENT_KINDS code",
        ),
        sa.Column("subject", sa.Text(), nullable=False, comment="What it is about"),
        sa.Column("acceptance", sa.Text(), nullable=False, comment="How it is accepted"),
        sa.Column(
            "ip_ownership", sa.String(length=20), nullable=True, comment="IP_OWNERSHIPS code"
        ),
        sa.Column("ip_clause", sa.Text(), nullable=False, comment="The clause in words"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="First day of performance"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="Last day of performance"),
        sa.Column(
            "payment_mode", sa.String(length=20), nullable=True, comment="PAYMENT_MODES code"
        ),
        sa.Column("amount_total", sa.BigInteger(), nullable=True, comment="Contract amount, yuan"),
        sa.Column(
            "deducted_equipment", sa.BigInteger(), nullable=False, comment="Of it equipment, yuan"
        ),
        sa.Column(
            "deducted_materials",
            sa.BigInteger(),
            nullable=False,
            comment="Of it parts, materials, yuan",
        ),
        sa.Column(
            "deducted_other",
            sa.BigInteger(),
            nullable=False,
            comment="Of it other non-technical, yuan",
        ),
        sa.Column(
            "deduction_note", sa.String(length=200), nullable=False, comment="What is deducted"
        ),
        sa.Column(
            "amount_technical", sa.BigInteger(), nullable=True, comment="Technical amount, yuan"
        ),
        sa.Column(
            "amount_royalty", sa.BigInteger(), nullable=False, comment="Royalties expected, yuan"
        ),
        sa.Column("royalty_terms", sa.Text(), nullable=False, comment="Rate and base"),
        sa.Column(
            "related_declared",
            sa.String(length=20),
            nullable=True,
            comment="RELATED_DECLARATIONS code",
        ),
        sa.Column(
            "related_note",
            sa.String(length=200),
            nullable=False,
            comment="How the parties are related",
        ),
        sa.Column("related", sa.Boolean(), nullable=False, comment="Related, so never counted"),
        sa.Column(
            "company_confirmed",
            sa.Integer(),
            nullable=True,
            comment="Revision that the company's side has confirmed",
        ),
        sa.Column("company_confirmed_by", sa.Integer(), nullable=True, comment="Who"),
        sa.Column(
            "company_confirmed_at", sa.DateTime(timezone=True), nullable=True, comment="When"
        ),
        sa.Column(
            "institution_confirmed",
            sa.Integer(),
            nullable=True,
            comment="Revision that the institution's side has confirmed",
        ),
        sa.Column("institution_confirmed_by", sa.Integer(), nullable=True, comment="Who"),
        sa.Column(
            "institution_confirmed_at", sa.DateTime(timezone=True), nullable=True, comment="When"
        ),
        sa.Column("signed_on", sa.Date(), nullable=True, comment="Day of the signatures"),
        sa.Column(
            "scan_sha256",
            sa.String(length=64),
            nullable=False,
            comment="Checksum of the scanned copy; the copy is not stored",
        ),
        sa.Column("number", sa.String(length=16), nullable=True, comment="Registration number"),
        sa.Column("registered_on", sa.Date(), nullable=True, comment="Day of registration"),
        sa.Column("office", sa.String(length=100), nullable=False, comment="Registration office"),
        sa.Column("void_reason", sa.Text(), nullable=False, comment="Why it is void"),
        sa.Column("drafted_by", sa.Integer(), nullable=True, comment="Who began it"),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False, comment="When begun"),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, comment="When last changed"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'void') = (void_reason <> '')", name=op.f("ck_contract_reason_iff_void")
        ),
        sa.CheckConstraint(
            "COALESCE(related_declared, '') <> 'related' OR related",
            name=op.f("ck_contract_related_if_declared"),
        ),
        sa.CheckConstraint(
            "development_kind IN ('commissioned', 'joint')",
            name=op.f("ck_contract_development_kind_known"),
        ),
        sa.CheckConstraint(
            "development_kind IS NULL OR COALESCE(type, '') = 'development'",
            name=op.f("ck_contract_kind_of_development_only"),
        ),
        sa.CheckConstraint(
            "ip_ownership IN ('company', 'institution', 'joint', 'separate', 'unchanged')",
            name=op.f("ck_contract_ip_ownership_known"),
        ),
        sa.CheckConstraint(
            "payment_mode IN ('lump_sum', 'instalments', 'royalty', 'mixed')",
            name=op.f("ck_contract_payment_mode_known"),
        ),
        sa.CheckConstraint(
            "related_declared IN ('none', 'related')",
            name=op.f("ck_contract_related_declared_known"),
        ),
        sa.CheckConstraint(
            "state <> 'registered' OR number IS NOT NULL",
            name=op.f("ck_contract_registered_with_number"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'confirmed', 'signed', 'registered', 'void')",
            name=op.f("ck_contract_state_known"),
        ),
        sa.CheckConstraint(
            "state IN ('registered', 'void') OR number IS NULL",
            name=op.f("ck_contract_number_once_registered"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'signed') OR (COALESCE(company_confirmed, 0) = revision AND COALESCE(institution_confirmed, 0) = revision)",
            name=op.f("ck_contract_both_confirmed_the_same_revision"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('draft', 'confirmed') OR signed_on IS NULL",
            name=op.f("ck_contract_unsigned_before"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('signed', 'registered') OR signed_on IS NOT NULL",
            name=op.f("ck_contract_signed_with_day"),
        ),
        sa.CheckConstraint(
            "type IN ('development', 'transfer', 'licence', 'consulting', 'service')",
            name=op.f("ck_contract_type_known"),
        ),
        sa.CheckConstraint(
            "(amount_total IS NULL) = (amount_technical IS NULL)",
            name=op.f("ck_contract_both_amounts_or_none"),
        ),
        sa.CheckConstraint(
            "(company_confirmed IS NULL) = (company_confirmed_at IS NULL) AND (institution_confirmed IS NULL) = (institution_confirmed_at IS NULL)",
            name=op.f("ck_contract_confirmed_with_time"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (registered_on IS NULL)",
            name=op.f("ck_contract_number_with_its_day"),
        ),
        sa.CheckConstraint(
            "amount_technical = amount_total - deducted_equipment - deducted_materials - deducted_other",
            name=op.f("ck_contract_technical_is_total_less_deductions"),
        ),
        sa.CheckConstraint(
            "amount_technical BETWEEN 0 AND amount_total", name=op.f("ck_contract_technical_within")
        ),
        sa.CheckConstraint(
            "amount_total >= 0 AND deducted_equipment >= 0 AND deducted_materials >= 0 AND deducted_other >= 0 AND amount_royalty >= 0",
            name=op.f("ck_contract_amounts_not_negative"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_contract_period_in_order")
        ),
        sa.CheckConstraint(
            "length(number) = 16", name=op.f("ck_contract_number_has_sixteen_digits")
        ),
        sa.CheckConstraint(
            "signed_on <= registered_on", name=op.f("ck_contract_registered_after_signed")
        ),
        sa.ForeignKeyConstraint(
            ["company_confirmed_by"], ["user.id"], name=op.f("fk_contract_company_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["user.id"], name=op.f("fk_contract_drafted_by")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_contract_engagement_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_confirmed_by"],
            ["user.id"],
            name=op.f("fk_contract_institution_confirmed_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_contract_engagement_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contract_public_id")),
    )
    op.create_index(
        "ix_contract_number_once",
        "contract",
        ["number"],
        unique=True,
        sqlite_where=sa.text("state = 'registered'"),
        postgresql_where=sa.text("state = 'registered'"),
    )
    op.create_index(
        "ix_contract_registered_on", "contract", ["state", "registered_on"], unique=False
    )
    op.create_table(
        "contract_payment",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("contract_id", sa.Integer(), nullable=False, comment="The contract"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the schedule"),
        sa.Column("label", sa.String(length=200), nullable=False, comment="What it is paid for"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="By which day"),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="How much, yuan"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_contract_payment_something_is_paid")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_payment_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_payment")),
    )
    op.create_index(
        op.f("ix_contract_payment_contract_id"), "contract_payment", ["contract_id"], unique=False
    )
    op.create_table(
        "contract_revision",
        sa.Column("id", sa.Integer(), nullable=False, comment="Order of revisions"),
        sa.Column("contract_id", sa.Integer(), nullable=False, comment="The contract"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="Its number"),
        sa.Column(
            "state", sa.String(length=20), nullable=False, comment="State of the contract then"
        ),
        sa.Column("type", sa.String(length=20), nullable=True, comment="CONTRACT_TYPES code"),
        sa.Column("amount_total", sa.BigInteger(), nullable=True, comment="Contract amount, yuan"),
        sa.Column(
            "amount_technical", sa.BigInteger(), nullable=True, comment="Technical amount, yuan"
        ),
        sa.Column(
            "related", sa.Boolean(), nullable=False, comment="Whether the parties are related"
        ),
        sa.Column("number", sa.String(length=16), nullable=True, comment="Registration number"),
        sa.Column("changed", sa.JSON(), nullable=False, comment="Names of the fields that changed"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, for a correction"),
        sa.Column("made_by", sa.Integer(), nullable=True, comment="Who"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_revision_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user.id"], name=op.f("fk_contract_revision_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_revision")),
        sa.UniqueConstraint(
            "contract_id", "revision", name=op.f("uq_contract_revision_contract_id_revision")
        ),
    )
    op.create_table(
        "contract_reward",
        sa.Column(
            "contract_id", sa.Integer(), autoincrement=False, nullable=False, comment="The contract"
        ),
        sa.Column("basis", sa.String(length=20), nullable=False, comment="REWARD_BASES code"),
        sa.Column("costs", sa.BigInteger(), nullable=False, comment="Direct costs, yuan"),
        sa.Column("share", sa.String(length=40), nullable=True, comment="Own part, per cent"),
        sa.Column("stake", sa.String(length=40), nullable=True, comment="Of the shares, per cent"),
        sa.Column(
            "profit", sa.BigInteger(), nullable=True, comment="Operating profit a year, yuan"
        ),
        sa.Column("years", sa.Integer(), nullable=False, comment="For how many years"),
        sa.Column("entered_by", sa.Integer(), nullable=True, comment="Who"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.CheckConstraint(
            "basis IN ('net_income', 'equity', 'profit', 'agreed')",
            name=op.f("ck_contract_reward_basis_known"),
        ),
        sa.CheckConstraint(
            "costs >= 0 AND profit >= 0", name=op.f("ck_contract_reward_amounts_not_negative")
        ),
        sa.CheckConstraint(
            "years BETWEEN 3 AND 5", name=op.f("ck_contract_reward_three_to_five_years")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_reward_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user.id"], name=op.f("fk_contract_reward_entered_by")
        ),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_contract_reward")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("contract_reward")
    op.drop_table("contract_revision")
    op.drop_index(op.f("ix_contract_payment_contract_id"), table_name="contract_payment")
    op.drop_table("contract_payment")
    op.drop_index("ix_contract_registered_on", table_name="contract")
    op.drop_index(
        "ix_contract_number_once",
        table_name="contract",
        sqlite_where=sa.text("state = 'registered'"),
        postgresql_where=sa.text("state = 'registered'"),
    )
    op.drop_table("contract")
