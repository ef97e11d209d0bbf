"""Challenges, their demands, experts, bids, scores and objections; demands that stand in one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STATES = (
    *("draft", "submitted", "returned", "published", "engaged", "contracted", "resolved"),
    *("withdrawn", "expired"),
)
_OPEN = ("published", "engaged", "contracted")


def _listed(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


def _dated(states: tuple[str, ...]) -> str:
    return (
        f"state NOT IN ({_listed(states)}) OR (published_at IS NOT NULL AND expires_on IS NOT NULL)"
    )


def _set(noun: str, states: tuple[str, ...], dated: tuple[str, ...]) -> None:
    """Let a table's checks know these states and no others.

    SQLite changes a check by making the table anew. It tells its checks when it is asked for them
    but not when a table is read, so they are added to what is read; the caller has switched foreign
    keys off, as dropping the old table would take along what refers to it.
    """
    checks = {
        f"ck_{noun}_state_known": f"state IN ({_listed(states)})",
        f"ck_{noun}_published_has_dates": _dated(dated),
    }
    if op.get_bind().dialect.name != "sqlite":
        for name, text in checks.items():
            op.drop_constraint(op.f(name), noun, type_="check")
            op.create_check_constraint(op.f(name), noun, sa.text(text))
        return
    table = sa.Table(noun, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)
    for check in sa.inspect(op.get_bind()).get_check_constraints(noun):
        if check["name"] not in checks:
            kept = sa.CheckConstraint(check["sqltext"], name=op.f(str(check["name"])))
            table.append_constraint(kept)
    with op.batch_alter_table(noun, copy_from=table, recreate="always") as batch:
        for name, text in checks.items():
            batch.create_check_constraint(op.f(name), sa.text(text))


def upgrade() -> None:
    """Make the tables of challenges, and let demands know their state."""
    _set("demand", (*_STATES[:7], "challenge", *_STATES[7:]), (*_OPEN, "challenge"))
    _challenges()
    _bids()
    _judgements()


def _challenges() -> None:
    """Challenges, their demands and experts."""
    op.create_table(
        "challenge",
        sa.Column(
            "organisation_id", sa.Integer(), nullable=True, comment="The bureau whose call it is"
        ),
        sa.Column("author_id", sa.Integer(), nullable=False, comment="Who drafted it"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="CHALLENGE_STATES code"),
        sa.Column(
            "title", sa.String(length=100), nullable=False, comment="What is asked, in a line"
        ),
        sa.Column("problem", sa.Text(), nullable=False, comment="The problem"),
        sa.Column("target", sa.Text(), nullable=False, comment="What shall be reached"),
        sa.Column("indicators", sa.Text(), nullable=False, comment="Indicators, one a line"),
        sa.Column("conditions", sa.Text(), nullable=False, comment="Who may bid, and how"),
        sa.Column("chains", sa.JSON(), nullable=False, comment="Codes of chains it serves"),
        sa.Column("amount", sa.BigInteger(), nullable=True, comment="Most funds there are, yuan"),
        sa.Column(
            "months", sa.Integer(), nullable=False, comment="Time allowed for the work, months"
        ),
        sa.Column(
            "scores_needed", sa.Integer(), nullable=False, comment="Scores that every bid needs"
        ),
        sa.Column(
            "publicity_days", sa.Integer(), nullable=False, comment="Working days of publicity"
        ),
        sa.Column("weight_drive", sa.Integer(), nullable=False, comment="产业带动作用, percent"),
        sa.Column("weight_base", sa.Integer(), nullable=False, comment="研究基础, percent"),
        sa.Column("weight_technical", sa.Integer(), nullable=False, comment="技术指标, percent"),
        sa.Column("weight_financial", sa.Integer(), nullable=False, comment="财务指标, percent"),
        sa.Column("opinion", sa.Text(), nullable=False, comment="What experts argued"),
        sa.Column("argued_by", sa.String(length=500), nullable=False, comment="Who argued"),
        sa.Column("argued_at", sa.DateTime(timezone=True), nullable=True, comment="When argued"),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=True, comment="When published"
        ),
        sa.Column(
            "bids_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When bids are no longer taken",
        ),
        sa.Column(
            "reminded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When drafts were reminded",
        ),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="When bids were opened"
        ),
        sa.Column(
            "scores_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="By when scores are asked for",
        ),
        sa.Column(
            "announced_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When publicity began last",
        ),
        sa.Column(
            "publicity_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When publicity ends",
        ),
        sa.Column(
            "awarded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the contract was noted",
        ),
        sa.Column("contract_number", sa.String(length=60), nullable=False, comment="Its number"),
        sa.Column("contract_amount", sa.BigInteger(), nullable=True, comment="Its amount, yuan"),
        sa.Column("report", sa.Text(), nullable=False, comment="Midterm report of the winner"),
        sa.Column(
            "reported_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was written last",
        ),
        sa.Column(
            "midterm_verdict", sa.String(length=20), nullable=True, comment="MIDTERM_VERDICTS code"
        ),
        sa.Column("midterm_note", sa.Text(), nullable=False, comment="What was found midway"),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="When it came to its end"
        ),
        sa.Column("end_note", sa.Text(), nullable=False, comment="Why it ended so"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When first saved"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "midterm_verdict IN ('on_track', 'conditional')",
            name=op.f("ck_challenge_midterm_verdict_known"),
        ),
        sa.CheckConstraint(
            "state <> 'midterm' OR midterm_verdict IS NOT NULL",
            name=op.f("ck_challenge_midterm_has_verdict"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'withdrawn' OR argued_at IS NOT NULL",
            name=op.f("ck_challenge_argued_before_anything_else"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'argued', 'published', 'closed', 'scoring', 'publicity', 'awarded', 'midterm', 'accepted', 'not_accepted', 'withdrawn', 'failed')",
            name=op.f("ck_challenge_state_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'argued', 'withdrawn') OR (published_at IS NOT NULL AND bids_until IS NOT NULL)",
            name=op.f("ck_challenge_published_has_deadline"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'not_accepted', 'withdrawn', 'failed') OR (ended_at IS NOT NULL AND end_note <> '')",
            name=op.f("ck_challenge_ended_with_reason"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('awarded', 'midterm', 'accepted') OR (awarded_at IS NOT NULL AND contract_amount > 0)",
            name=op.f("ck_challenge_awarded_has_contract"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('publicity', 'awarded', 'midterm', 'accepted') OR (announced_at IS NOT NULL AND publicity_until IS NOT NULL)",
            name=op.f("ck_challenge_announced_before_award"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_challenge_amount_positive")),
        sa.CheckConstraint("months BETWEEN 1 AND 60", name=op.f("ck_challenge_months_in_range")),
        sa.CheckConstraint(
            "publicity_days BETWEEN 3 AND 30", name=op.f("ck_challenge_publicity_days_in_range")
        ),
        sa.CheckConstraint(
            "scores_needed BETWEEN 2 AND 9", name=op.f("ck_challenge_scores_needed_in_range")
        ),
        sa.CheckConstraint(
            "weight_drive + weight_base + weight_technical + weight_financial = 100",
            name=op.f("ck_challenge_weights_are_whole"),
        ),
        sa.CheckConstraint(
            "weight_drive > 0 AND weight_base > 0 AND weight_technical > 0 AND weight_financial > 0",
            name=op.f("ck_challenge_every_criterion_counts"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_challenge_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_challenge_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_challenge_public_id")),
    )
    op.create_index(op.f("ix_challenge_author_id"), "challenge", ["author_id"], unique=False)
    op.create_index(op.f("ix_challenge_bids_until"), "challenge", ["bids_until"], unique=False)
    op.create_index(
        op.f("ix_challenge_organisation_id"), "challenge", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_challenge_published_at"), "challenge", ["published_at"], unique=False)
    op.create_index(op.f("ix_challenge_state"), "challenge", ["state"], unique=False)
    op.create_table(
        "challenge_demand",
        sa.Column("challenge_id", sa.Integer(), nullable=False, comment="The challenge"),
        sa.Column("demand_id", sa.Integer(), nullable=False, comment="The demand"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="CHALLENGE_CONSENTS code"),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the firm was asked",
        ),
        sa.Column("answered_by", sa.Integer(), nullable=True, comment="Who answered"),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), nullable=True, comment="When answered last"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)",
            name=op.f("ck_challenge_demand_answered_iff_dated"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'given', 'refused')", name=op.f("ck_challenge_demand_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_challenge_demand_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_demand_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["demand.id"],
            name=op.f("fk_challenge_demand_demand_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_demand")),
        sa.UniqueConstraint(
            "challenge_id", "demand_id", name=op.f("uq_challenge_demand_challenge_id_demand_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_challenge_demand_public_id")),
    )
    op.create_index(
        op.f("ix_challenge_demand_challenge_id"), "challenge_demand", ["challenge_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenge_demand_demand_id"), "challenge_demand", ["demand_id"], unique=False
    )
    op.create_table(
        "challenge_expert",
        sa.Column("challenge_id", sa.Integer(), nullable=False, comment="The challenge"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="The expert"),
        sa.Column("appointed_by", sa.Integer(), nullable=True, comment="By whom"),
        sa.Column(
            "appointed_at", sa.DateTime(timezone=True), nullable=False, comment="When appointed"
        ),
        sa.ForeignKeyConstraint(
            ["appointed_by"], ["user.id"], name=op.f("fk_challenge_expert_appointed_by")
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_expert_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_challenge_expert_user_id")),
        sa.PrimaryKeyConstraint("challenge_id", "user_id", name=op.f("pk_challenge_expert")),
    )
    op.create_index(
        op.f("ix_challenge_expert_user_id"), "challenge_expert", ["user_id"], unique=False
    )


def _bids() -> None:
    """Bids."""
    op.create_table(
        "challenge_bid",
        sa.Column("challenge_id", sa.Integer(), nullable=False, comment="The challenge"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="Who bids"),
        sa.Column("author_id", sa.Integer(), nullable=False, comment="Who leads"),
        sa.Column(
            "state", sa.String(length=10), nullable=False, comment="CHALLENGE_BID_STATES code"
        ),
        sa.Column("plan", sa.Text(), nullable=False, comment="How it shall be done"),
        sa.Column("base", sa.Text(), nullable=False, comment="Research base"),
        sa.Column("indicators", sa.Text(), nullable=False, comment="Indicators promised"),
        sa.Column("effect", sa.Text(), nullable=False, comment="Effect on the industry"),
        sa.Column("funds", sa.BigInteger(), nullable=True, comment="Funds asked for, yuan"),
        sa.Column(
            "team", sa.JSON(), nullable=False, comment="Name, organisation and part of each member"
        ),
        sa.Column(
            "submitted_at", sa.DateTime(timezone=True), nullable=True, comment="When submitted last"
        ),
        sa.Column(
            "proposed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was announced as the one chosen",
        ),
        sa.Column("state_note", sa.Text(), nullable=False, comment="Why barred"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When begun"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "state <> 'barred' OR state_note <> ''", name=op.f("ck_challenge_bid_barred_has_reason")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'withdrawn' OR submitted_at IS NOT NULL",
            name=op.f("ck_challenge_bid_submitted_is_dated"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'withdrawn', 'barred', 'awarded', 'declined')",
            name=op.f("ck_challenge_bid_state_known"),
        ),
        sa.CheckConstraint("funds > 0", name=op.f("ck_challenge_bid_funds_positive")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_challenge_bid_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_bid_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_challenge_bid_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_bid")),
        sa.UniqueConstraint(
            "challenge_id", "author_id", name=op.f("uq_challenge_bid_challenge_id_author_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_challenge_bid_public_id")),
    )
    op.create_index(
        op.f("ix_challenge_bid_author_id"), "challenge_bid", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenge_bid_challenge_id"), "challenge_bid", ["challenge_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenge_bid_organisation_id"), "challenge_bid", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_challenge_bid_state"), "challenge_bid", ["state"], unique=False)


def _judgements() -> None:
    """Scores, conflicts of interest, objections."""
    op.create_table(
        "challenge_score",
        sa.Column("bid_id", sa.Integer(), nullable=False, comment="The bid"),
        sa.Column("expert_id", sa.Integer(), nullable=False, comment="Whose score it is"),
        sa.Column(
            "state", sa.String(length=10), nullable=False, comment="CHALLENGE_SCORE_STATES code"
        ),
        sa.Column("drive", sa.Integer(), nullable=True, comment="产业带动作用, 0 to 100"),
        sa.Column("base", sa.Integer(), nullable=True, comment="研究基础, 0 to 100"),
        sa.Column("technical", sa.Integer(), nullable=True, comment="技术指标, 0 to 100"),
        sa.Column("financial", sa.Integer(), nullable=True, comment="财务指标, 0 to 100"),
        sa.Column("comment", sa.Text(), nullable=False, comment="Why, in words"),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), nullable=False, comment="When saved last"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (drive IS NOT NULL AND base IS NOT NULL AND technical IS NOT NULL AND financial IS NOT NULL)",
            name=op.f("ck_challenge_score_submitted_is_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted')", name=op.f("ck_challenge_score_state_known")
        ),
        sa.CheckConstraint("base BETWEEN 0 AND 100", name=op.f("ck_challenge_score_base_in_range")),
        sa.CheckConstraint(
            "drive BETWEEN 0 AND 100", name=op.f("ck_challenge_score_drive_in_range")
        ),
        sa.CheckConstraint(
            "financial BETWEEN 0 AND 100", name=op.f("ck_challenge_score_financial_in_range")
        ),
        sa.CheckConstraint(
            "technical BETWEEN 0 AND 100", name=op.f("ck_challenge_score_technical_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["bid_id"],
            ["challenge_bid.id"],
            name=op.f("fk_challenge_score_bid_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["user.id"], name=op.f("fk_challenge_score_expert_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_score")),
        sa.UniqueConstraint(
            "bid_id", "expert_id", name=op.f("uq_challenge_score_bid_id_expert_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_challenge_score_public_id")),
    )
    op.create_index(op.f("ix_challenge_score_bid_id"), "challenge_score", ["bid_id"], unique=False)
    op.create_index(
        op.f("ix_challenge_score_expert_id"), "challenge_score", ["expert_id"], unique=False
    )
    op.create_table(
        "challenge_conflict",
        sa.Column("bid_id", sa.Integer(), nullable=False, comment="The bid"),
        sa.Column("expert_id", sa.Integer(), nullable=False, comment="The expert"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="CHALLENGE_CONFLICTS code"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in the expert's words"),
        sa.Column(
            "noted_at", sa.DateTime(timezone=True), nullable=False, comment="When found or declared"
        ),
        sa.CheckConstraint(
            "kind <> 'declared' OR reason <> ''",
            name=op.f("ck_challenge_conflict_declared_has_reason"),
        ),
        sa.CheckConstraint(
            "kind IN ('own_bid', 'same_organisation', 'demander', 'co_worker', 'declared')",
            name=op.f("ck_challenge_conflict_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["bid_id"],
            ["challenge_bid.id"],
            name=op.f("fk_challenge_conflict_bid_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["user.id"], name=op.f("fk_challenge_conflict_expert_id")
        ),
        sa.PrimaryKeyConstraint("bid_id", "expert_id", name=op.f("pk_challenge_conflict")),
    )
    op.create_index(
        op.f("ix_challenge_conflict_expert_id"), "challenge_conflict", ["expert_id"], unique=False
    )
    op.create_table(
        "challenge_objection",
        sa.Column("challenge_id", sa.Integer(), nullable=False, comment="The challenge"),
        sa.Column("bid_id", sa.Integer(), nullable=False, comment="The bid"),
        sa.Column("author_id", sa.Integer(), nullable=False, comment="Who objects"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why"),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False, comment="When raised"),
        sa.Column(
            "state", sa.String(length=10), nullable=False, comment="CHALLENGE_OBJECTION_STATES code"
        ),
        sa.Column("answer", sa.Text(), nullable=False, comment="The bureau's answer"),
        sa.Column("decided_by", sa.Integer(), nullable=True, comment="Who decided"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="When decided"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (state = 'open') = (answer = '')",
            name=op.f("ck_challenge_objection_answered_unless_open"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_challenge_objection_has_reason")),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed')",
            name=op.f("ck_challenge_objection_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_challenge_objection_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["bid_id"],
            ["challenge_bid.id"],
            name=op.f("fk_challenge_objection_bid_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_objection_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_challenge_objection_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_objection")),
        sa.UniqueConstraint("public_id", name=op.f("uq_challenge_objection_public_id")),
    )
    op.create_index(
        op.f("ix_challenge_objection_author_id"), "challenge_objection", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenge_objection_bid_id"), "challenge_objection", ["bid_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenge_objection_challenge_id"),
        "challenge_objection",
        ["challenge_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenge_objection_state"), "challenge_objection", ["state"], unique=False
    )


def downgrade() -> None:
    """Forget challenges; demands that stand in one are published again."""
    op.drop_table("challenge_objection")
    op.drop_table("challenge_conflict")
    op.drop_table("challenge_score")
    op.drop_table("challenge_bid")
    op.drop_table("challenge_expert")
    op.drop_table("challenge_demand")
    op.drop_table("challenge")
    op.execute(sa.text("UPDATE demand SET state = 'published' WHERE state = 'challenge'"))
    _set("demand", _STATES, _OPEN)
