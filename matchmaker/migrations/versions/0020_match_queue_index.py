"""The brokers' queue is read off an index: a match's explanation makes its row long."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_COLUMNS = (
    "state",
    "current",
    "demand_id",
    "outcome_id",
    "assigned_to",
    "snoozed_until",
    "due_at",
    "decided_at",
    "score",
    "rank",
    "public_id",
)


def upgrade() -> None:
    """Put the index in the place of the one on the state alone."""
    op.create_index("ix_match_queue", "match", list(_COLUMNS))
    op.drop_index("ix_match_state", "match")


def downgrade() -> None:
    """Put the old index back."""
    op.create_index("ix_match_state", "match", ["state"])
    op.drop_index("ix_match_queue", "match")
