"""Desks: specialists' secondments, associations' members and referrals, brokers' shares."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE = ("company", "researcher", "broker", "bureau", "administrator")
_AFTER = ("company", "researcher", "broker", "association", "specialist", "bureau", "administrator")


def _set_roles(roles: tuple[str, ...]) -> None:
    """Let people have these roles and no others; SQLite makes the table anew, as in 0011."""
    listed = ", ".join(f"'{role}'" for role in roles)
    name, text = "ck_user_role_known", f"role IN ({listed})"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), "user", type_="check")
        op.create_check_constraint(op.f(name), "user", sa.text(text))
        return
    table = sa.Table("user", sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)
    for check in sa.inspect(op.get_bind()).get_check_constraints("user"):
        if check["name"] != name:
            kept = sa.CheckConstraint(check["sqltext"], name=op.f(str(check["name"])))
            table.append_constraint(kept)
    with op.batch_alter_table("user", copy_from=table, recreate="always") as batch:
        batch.create_check_constraint(op.f(name), sa.text(text))


def upgrade() -> None:
    """Know the new roles, and make the tables of the desks."""
    _set_roles(_AFTER)
    op.create_table(
        "membership",
        sa.Column("state", sa.String(length=10), nullable=False, comment="MEMBERSHIP_STATES code"),
        sa.Column(
            "opens_anonymous",
            sa.Boolean(),
            nullable=False,
            comment="The association reads whose the firm's anonymous demands are",
        ),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When last requested or invited",
        ),
        sa.Column(
            "answered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When accepted or declined",
        ),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="When the firm left"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("association_id", sa.Integer(), nullable=False, comment="The association"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="The firm"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "state = 'active' OR NOT opens_anonymous", name=op.f("ck_membership_opens_while_active")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'invited', 'active', 'declined', 'left')",
            name=op.f("ck_membership_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["organisation.id"], name=op.f("fk_membership_association_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "association_id",
            "organisation_id",
            name=op.f("uq_membership_association_id_organisation_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_public_id")),
    )
    op.create_index(
        op.f("ix_membership_association_id"), "membership", ["association_id"], unique=False
    )
    op.create_index(
        op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_membership_state"), "membership", ["state"], unique=False)
    op.create_table(
        "secondment",
        sa.Column("begins_on", sa.Date(), nullable=False, comment="First day"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="Last day; access ends after it"),
        sa.Column("purpose", sa.Text(), nullable=False, comment="What it is for"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="SECONDMENT_STATES code"),
        sa.Column("proposed_by", sa.Integer(), nullable=False, comment="Officer who placed"),
        sa.Column(
            "proposed_at", sa.DateTime(timezone=True), nullable=False, comment="When proposed"
        ),
        sa.Column(
            "answered_by",
            sa.Integer(),
            nullable=True,
            comment="Who consented or declined for the firm",
        ),
        sa.Column(
            "answered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the firm answered",
        ),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When ended before its last day",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column(
            "specialist_id", sa.Integer(), nullable=False, comment="The technology specialist"
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="The firm he acts for"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_secondment_ended_iff_dated")
        ),
        sa.CheckConstraint(
            "(state = 'proposed') <= (answered_at IS NULL)",
            name=op.f("ck_secondment_open_unanswered"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'active', 'declined', 'ended')",
            name=op.f("ck_secondment_state_known"),
        ),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_secondment_period_in_order")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_secondment_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_secondment_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user.id"], name=op.f("fk_secondment_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["specialist_id"], ["user.id"], name=op.f("fk_secondment_specialist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secondment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_secondment_public_id")),
    )
    op.create_index(op.f("ix_secondment_ends_on"), "secondment", ["ends_on"], unique=False)
    op.create_index(
        op.f("ix_secondment_organisation_id"), "secondment", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_secondment_specialist_id"), "secondment", ["specialist_id"], unique=False
    )
    op.create_index(op.f("ix_secondment_state"), "secondment", ["state"], unique=False)
    op.create_table(
        "diagnosis",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column(
            "percent", sa.Integer(), nullable=False, comment="How complete the demand was then"
        ),
        sa.Column("note", sa.Text(), nullable=False, comment="What to add and why"),
        sa.Column(
            "ready",
            sa.Boolean(),
            nullable=False,
            comment="Ready for the firm to look at and submit",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When given"),
        sa.Column(
            "specialist_id", sa.Integer(), nullable=False, comment="The technology specialist"
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="The firm he acts for"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_diagnosis_percent_in_range")),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_diagnosis_demand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_diagnosis_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["specialist_id"], ["user.id"], name=op.f("fk_diagnosis_specialist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
        sa.UniqueConstraint("public_id", name=op.f("uq_diagnosis_public_id")),
    )
    op.create_index(op.f("ix_diagnosis_demand_id"), "diagnosis", ["demand_id"], unique=False)
    op.create_index(
        op.f("ix_diagnosis_organisation_id"), "diagnosis", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_diagnosis_specialist_id"), "diagnosis", ["specialist_id"], unique=False
    )
    op.create_table(
        "referral",
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The member's demand"),
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome"),
        sa.Column("state", sa.String(length=15), nullable=False, comment="REFERRAL_STATES code"),
        sa.Column("note", sa.Text(), nullable=False, comment="Why the two fit"),
        sa.Column("answer", sa.Text(), nullable=False, comment="Why it was declined"),
        sa.Column(
            "referred_by",
            sa.Integer(),
            nullable=False,
            comment="Who of the association put it forward",
        ),
        sa.Column(
            "referred_at", sa.DateTime(timezone=True), nullable=False, comment="When put forward"
        ),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), nullable=True, comment="When last answered"
        ),
        sa.Column("taken_by", sa.Integer(), nullable=True, comment="The broker who took it up"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("association_id", sa.Integer(), nullable=False, comment="The association"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="The firm"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'taken') <= (taken_by IS NOT NULL)",
            name=op.f("ck_referral_taken_by_somebody"),
        ),
        sa.CheckConstraint(
            "state IN ('recommended', 'wanted', 'taken', 'declined')",
            name=op.f("ck_referral_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["organisation.id"], name=op.f("fk_referral_association_id")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_referral_demand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_referral_outcome_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["referred_by"], ["user.id"], name=op.f("fk_referral_referred_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["user.id"], name=op.f("fk_referral_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint(
            "association_id",
            "demand_id",
            "outcome_id",
            name=op.f("uq_referral_association_id_demand_id_outcome_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_referral_public_id")),
    )
    op.create_index(
        op.f("ix_referral_association_id"), "referral", ["association_id"], unique=False
    )
    op.create_index(op.f("ix_referral_demand_id"), "referral", ["demand_id"], unique=False)
    op.create_index(
        op.f("ix_referral_organisation_id"), "referral", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_referral_outcome_id"), "referral", ["outcome_id"], unique=False)
    op.create_index(op.f("ix_referral_referred_by"), "referral", ["referred_by"], unique=False)
    op.create_index(op.f("ix_referral_state"), "referral", ["state"], unique=False)
    op.create_index(op.f("ix_referral_taken_by"), "referral", ["taken_by"], unique=False)
    op.create_table(
        "visit",
        sa.Column("secondment_id", sa.Integer(), nullable=False, comment="During which one"),
        sa.Column("visited_on", sa.Date(), nullable=False, comment="The day of the visit"),
        sa.Column(
            "note", sa.Text(), nullable=False, comment="What was seen and agreed; private to both"
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When written down"
        ),
        sa.Column(
            "specialist_id", sa.Integer(), nullable=False, comment="The technology specialist"
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="The firm he acts for"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_visit_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["secondment_id"],
            ["secondment.id"],
            name=op.f("fk_visit_secondment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["specialist_id"], ["user.id"], name=op.f("fk_visit_specialist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_public_id")),
    )
    op.create_index(op.f("ix_visit_organisation_id"), "visit", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_visit_secondment_id"), "visit", ["secondment_id"], unique=False)
    op.create_index(op.f("ix_visit_specialist_id"), "visit", ["specialist_id"], unique=False)
    op.create_table(
        "share",
        sa.Column("introduction_id", sa.Integer(), nullable=False, comment="What is shared"),
        sa.Column(
            "lead_id", sa.Integer(), nullable=False, comment="The broker who asked both sides"
        ),
        sa.Column("partner_id", sa.Integer(), nullable=False, comment="The other broker"),
        sa.Column("lead_percent", sa.Integer(), nullable=False, comment="The lead's part"),
        sa.Column("partner_percent", sa.Integer(), nullable=False, comment="The other's part"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="SHARE_STATES code"),
        sa.Column(
            "proposed_at", sa.DateTime(timezone=True), nullable=False, comment="When last proposed"
        ),
        sa.Column(
            "answered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When agreed or declined",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'agreed', 'declined', 'withdrawn')",
            name=op.f("ck_share_state_known"),
        ),
        sa.CheckConstraint("lead_id <> partner_id", name=op.f("ck_share_two_brokers")),
        sa.CheckConstraint("lead_percent + partner_percent = 100", name=op.f("ck_share_whole")),
        sa.CheckConstraint("partner_percent BETWEEN 1 AND 99", name=op.f("ck_share_both_have_one")),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_share_introduction_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["user.id"], name=op.f("fk_share_lead_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["user.id"], name=op.f("fk_share_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("introduction_id", name=op.f("uq_share_introduction_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_share_public_id")),
    )
    op.create_index(op.f("ix_share_lead_id"), "share", ["lead_id"], unique=False)
    op.create_index(op.f("ix_share_partner_id"), "share", ["partner_id"], unique=False)
    op.create_index(op.f("ix_share_state"), "share", ["state"], unique=False)


def downgrade() -> None:
    """Drop them; who had one of the new roles can no longer log in."""
    op.drop_index(op.f("ix_share_state"), table_name="share")
    op.drop_index(op.f("ix_share_partner_id"), table_name="share")
    op.drop_index(op.f("ix_share_lead_id"), table_name="share")
    op.drop_table("share")
    op.drop_index(op.f("ix_visit_specialist_id"), table_name="visit")
    op.drop_index(op.f("ix_visit_secondment_id"), table_name="visit")
    op.drop_index(op.f("ix_visit_organisation_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_referral_taken_by"), table_name="referral")
    op.drop_index(op.f("ix_referral_state"), table_name="referral")
    op.drop_index(op.f("ix_referral_referred_by"), table_name="referral")
    op.drop_index(op.f("ix_referral_outcome_id"), table_name="referral")
    op.drop_index(op.f("ix_referral_organisation_id"), table_name="referral")
    op.drop_index(op.f("ix_referral_demand_id"), table_name="referral")
    op.drop_index(op.f("ix_referral_association_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(op.f("ix_diagnosis_specialist_id"), table_name="diagnosis")
    op.drop_index(op.f("ix_diagnosis_organisation_id"), table_name="diagnosis")
    op.drop_index(op.f("ix_diagnosis_demand_id"), table_name="diagnosis")
    op.drop_table("diagnosis")
    op.drop_index(op.f("ix_secondment_state"), table_name="secondment")
    op.drop_index(op.f("ix_secondment_specialist_id"), table_name="secondment")
    op.drop_index(op.f("ix_secondment_organisation_id"), table_name="secondment")
    op.drop_index(op.f("ix_secondment_ends_on"), table_name="secondment")
    op.drop_table("secondment")
    op.drop_index(op.f("ix_membership_state"), table_name="membership")
    op.drop_index(op.f("ix_membership_organisation_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_association_id"), table_name="membership")
    op.drop_table("membership")
    op.execute(
        sa.text(
            """UPDATE "user" SET role = 'broker', active = false, approved = false"""
            " WHERE role IN ('association', 'specialist')"
        )
    )
    _set_roles(_BEFORE)
