"""The version of a record that a reviewer returned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "returned_version",
        sa.Column("noun", sa.String(length=10), nullable=False, comment="demand or outcome"),
        sa.Column(
            "record_id", sa.Integer(), autoincrement=False, nullable=False, comment="The record"
        ),
        sa.Column(
            "returned_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was returned",
        ),
        sa.Column("returned_by", sa.Integer(), nullable=True, comment="Who returned it"),
        sa.Column("note", sa.Text(), nullable=False, comment="The reasons given"),
        sa.Column(
            "content",
            sa.JSON(),
            nullable=False,
            comment="Public and redacted values by field; never confidential ones",
        ),
        sa.CheckConstraint("note <> ''", name=op.f("ck_returned_version_returned_with_reasons")),
        sa.CheckConstraint(
            "noun IN ('demand', 'outcome')", name=op.f("ck_returned_version_noun_known")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"], ["user.id"], name=op.f("fk_returned_version_returned_by_user")
        ),
        sa.PrimaryKeyConstraint("noun", "record_id", name=op.f("pk_returned_version")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("returned_version")
