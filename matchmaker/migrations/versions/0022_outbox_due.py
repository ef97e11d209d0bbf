"""A mail knows when it is tried next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was still tried is due; what was given up waits for the operator, as before."""
    with op.batch_alter_table("outbox_mail") as batch:
        batch.add_column(
            sa.Column(
                "due_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="When it is tried next; NULL: it left, or was given up",
            )
        )
        batch.create_check_constraint(
            op.f("ck_outbox_mail_sent_is_not_due"), sa.text("sent_at IS NULL OR due_at IS NULL")
        )
        batch.create_index(op.f("ix_outbox_mail_due_at"), ["due_at"], unique=False)
    op.execute(
        sa.text("UPDATE outbox_mail SET due_at = created_at WHERE sent_at IS NULL AND attempts < 8")
    )


def downgrade() -> None:
    """Forget the times; what was tried often is tried no more."""
    with op.batch_alter_table("outbox_mail") as batch:
        batch.drop_index(op.f("ix_outbox_mail_due_at"))
        batch.drop_constraint(op.f("ck_outbox_mail_sent_is_not_due"), type_="check")
        batch.drop_column("due_at")
