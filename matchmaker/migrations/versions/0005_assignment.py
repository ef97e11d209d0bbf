"""Assignment of matches to brokers, their profiles, and questions to the sides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATES_BEFORE = "state IN ('suggested', 'accepted', 'dismissed', 'snoozed')"
_STATES_AFTER = "state IN ('suggested', 'accepted', 'dismissed', 'snoozed', 'needs_information')"
_REASONS = (
    "unassigned_because IN ('weak', 'no_broker', 'capacity', 'company_flooded', 'outcome_flooded')"
)
_DATES = (
    "(assigned_to IS NULL) = (assigned_at IS NULL) AND (assigned_to IS NULL) = (due_at IS NULL)"
)
_NO_REASON = "assigned_to IS NULL OR unassigned_because IS NULL"
_INDEXES = ("decided_at", "demand_id", "outcome_id", "score", "state")
_NEW_INDEXES = ("assigned_at", "assigned_to", "due_at")
_NEW_CHECKS = {
    "ck_match_unassigned_because_known": _REASONS,
    "ck_match_assigned_with_dates": _DATES,
    "ck_match_no_reason_if_assigned": _NO_REASON,
}


def _match() -> sa.Table:
    """The table as it was: SQLite copies it, and does not tell its own checks."""
    return sa.Table(
        "match",
        sa.MetaData(),
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
            _STATES_BEFORE,
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
        *(sa.Index(f"ix_match_{name}", name) for name in _INDEXES),
    )


def _columns() -> tuple[sa.Column[object], ...]:
    """What is new in ``match``."""
    return (
        sa.Column(
            "assigned_to",
            sa.Integer(),
            nullable=True,
            comment="The broker whose queue it stands in",
        ),
        sa.Column(
            "assigned_by",
            sa.Integer(),
            nullable=True,
            comment="Who assigned it; NULL for the platform",
        ),
        sa.Column(
            "assigned_at", sa.DateTime(timezone=True), nullable=True, comment="When assigned"
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="To be decided until then, else it goes to the next broker",
        ),
        sa.Column(
            "unassigned_because",
            sa.String(length=20),
            nullable=True,
            comment="UNASSIGNED_REASONS code of the last assignment that left it",
        ),
    )


def _match_after() -> sa.Table:
    """The table as it is now, for the way back."""
    table = _match()
    for column in _columns():
        table.append_column(column)
    for constraint in list(table.constraints):
        if constraint.name == "ck_match_state_known":
            table.constraints.remove(constraint)
    table.append_constraint(sa.CheckConstraint(_STATES_AFTER, name=op.f("ck_match_state_known")))
    for name, text in _NEW_CHECKS.items():
        table.append_constraint(sa.CheckConstraint(text, name=op.f(name)))
    for name in ("assigned_to", "assigned_by"):
        table.append_constraint(
            sa.ForeignKeyConstraint([name], ["user.id"], name=op.f(f"fk_match_{name}"))
        )
    for name in _NEW_INDEXES:
        sa.Index(f"ix_match_{name}", table.c[name])
    return table


def upgrade() -> None:
    """Add the columns, then the tables that name a match."""
    with op.batch_alter_table("match", copy_from=_match()) as batch:
        for column in _columns():
            batch.add_column(column)
        batch.drop_constraint(op.f("ck_match_state_known"), type_="check")
        batch.create_check_constraint(op.f("ck_match_state_known"), sa.text(_STATES_AFTER))
        for name, text in _NEW_CHECKS.items():
            batch.create_check_constraint(op.f(name), sa.text(text))
        for name in ("assigned_to", "assigned_by"):
            batch.create_foreign_key(op.f(f"fk_match_{name}"), "user", [name], ["id"])
        for name in _NEW_INDEXES:
            batch.create_index(op.f(f"ix_match_{name}"), [name], unique=False)
    op.create_table(
        "broker_profile",
        sa.Column("user_id", sa.Integer(), nullable=False, comment="The broker"),
        sa.Column("level", sa.String(length=10), nullable=False, comment="BROKER_LEVELS code"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="FIELDS codes; none: every field"),
        sa.Column("clusters", sa.JSON(), nullable=False, comment="Clusters of the plan; none: all"),
        sa.Column("regions", sa.JSON(), nullable=False, comment="Districts preferred; none: all"),
        sa.Column(
            "weekly_capacity",
            sa.Integer(),
            nullable=False,
            comment="Most matches assigned in a week",
        ),
        sa.Column("away_until", sa.Date(), nullable=True, comment="Last day of an absence"),
        sa.Column(
            "digested_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When last told by mail",
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, comment="When last edited"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="Optimistic lock counter"),
        sa.CheckConstraint(
            "level IN ('junior', 'middle', 'senior')", name=op.f("ck_broker_profile_level_known")
        ),
        sa.CheckConstraint(
            "weekly_capacity BETWEEN 0 AND 200", name=op.f("ck_broker_profile_capacity_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_broker_profile_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_broker_profile")),
    )
    op.create_table(
        "past_assignment",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key"),
        sa.Column("match_id", sa.Integer(), nullable=False, comment="The match"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Who had it"),
        sa.Column("because", sa.String(length=10), nullable=False, comment="ASSIGNMENT_ENDS code"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False, comment="When it ended"),
        sa.CheckConstraint(
            "because IN ('overdue', 'released')", name=op.f("ck_past_assignment_because_known")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_past_assignment_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_past_assignment_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_assignment")),
    )
    for name in ("ended_at", "match_id", "user_id"):
        op.create_index(op.f(f"ix_past_assignment_{name}"), "past_assignment", [name], unique=False)
    op.create_table(
        "question",
        sa.Column("match_id", sa.Integer(), nullable=False, comment="The match"),
        sa.Column(
            "side", sa.String(length=10), nullable=False, comment="demand or outcome: who is asked"
        ),
        sa.Column(
            "organisation_id", sa.Integer(), nullable=False, comment="Whose people may answer"
        ),
        sa.Column("state", sa.String(length=10), nullable=False, comment="QUESTION_STATES code"),
        sa.Column("text", sa.Text(), nullable=False, comment="What is asked"),
        sa.Column("asked_by", sa.Integer(), nullable=False, comment="Which broker"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, comment="When asked"),
        sa.Column(
            "lapses_at", sa.DateTime(timezone=True), nullable=False, comment="Waited for until then"
        ),
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
            "(state = 'answered') = (answered_at IS NOT NULL)",
            name=op.f("ck_question_answered_iff_dated"),
        ),
        sa.CheckConstraint("side IN ('demand', 'outcome')", name=op.f("ck_question_side_known")),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'lapsed', 'withdrawn')",
            name=op.f("ck_question_state_known"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name=op.f("fk_question_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_question_asked_by")),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_question_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
    )
    for name in ("lapses_at", "match_id", "organisation_id", "state"):
        op.create_index(op.f(f"ix_question_{name}"), "question", [name], unique=False)


def downgrade() -> None:
    """Drop the tables and columns; what waits for an answer is suggested again."""
    op.drop_table("question")
    op.drop_table("past_assignment")
    op.drop_table("broker_profile")
    op.execute(
        "UPDATE \"match\" SET state = 'suggested', decided_by = NULL, decided_at = NULL"
        " WHERE state = 'needs_information'"
    )
    with op.batch_alter_table("match", copy_from=_match_after()) as batch:
        for name in _NEW_INDEXES:
            batch.drop_index(op.f(f"ix_match_{name}"))
        for name in ("assigned_to", "assigned_by"):
            batch.drop_constraint(op.f(f"fk_match_{name}"), type_="foreignkey")
        for name in _NEW_CHECKS:
            batch.drop_constraint(op.f(name), type_="check")
        batch.drop_constraint(op.f("ck_match_state_known"), type_="check")
        batch.create_check_constraint(op.f("ck_match_state_known"), sa.text(_STATES_BEFORE))
        for column in _columns():
            batch.drop_column(column.name)
