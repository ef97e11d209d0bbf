"""A notification says how a challenge has ended, and the call knows when its midterm verdict was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_CHALLENGE_OF = {
    "challenge": "notification.record_id",
    "challenge_bid": "(SELECT challenge_id FROM challenge_bid"
    " WHERE challenge_bid.id = notification.record_id)",
}
_ENDS = ("accepted", "not_accepted", "withdrawn", "failed")


def upgrade() -> None:
    """Name ends by their state; a verdict's time is that of its audit event.

    What was told of a record that is gone by now is called withdrawn: it is shown to nobody.
    """
    op.add_column(
        "challenge",
        sa.Column(
            "assessed_at", sa.DateTime(timezone=True), nullable=True, comment="When that was said"
        ),
    )
    op.execute(
        sa.text(
            "UPDATE challenge SET assessed_at = (SELECT MAX(at) FROM audit_event"
            " WHERE noun = 'challenge' AND action = 'assess' AND record_id = challenge.id)"
            " WHERE midterm_verdict IS NOT NULL"
        )
    )
    for noun, challenge_id in _CHALLENGE_OF.items():
        op.execute(
            sa.text(
                "UPDATE notification SET kind = 'challenge_' || COALESCE("  # noqa: S608 - our own names
                f"(SELECT state FROM challenge WHERE challenge.id = {challenge_id}), 'withdrawn')"
                f" WHERE kind = 'challenge_ended' AND noun = '{noun}'"
            )
        )


def downgrade() -> None:
    """Call every end the same again."""
    kinds = ", ".join(f"'challenge_{one}'" for one in _ENDS)
    op.execute(
        sa.text(f"UPDATE notification SET kind = 'challenge_ended' WHERE kind IN ({kinds})")  # noqa: S608 - our own names
    )
    op.execute(sa.text("DELETE FROM notification WHERE kind = 'challenge_corrected'"))
    op.drop_column("challenge", "assessed_at")
