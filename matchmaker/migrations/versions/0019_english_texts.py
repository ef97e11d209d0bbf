"""What authors write in English about demands and outcomes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OF_BOTH = (
    ("title_en", sa.String(length=150), "Title in English, public"),
    ("summary_en", sa.Text(), "Summary in English, public"),
    ("description_en", sa.Text(), "Description in English, public"),
)
_TEXTS = {
    "demand": (*_OF_BOTH, ("target_en", sa.Text(), "What is to be reached, in English, public")),
    "outcome": (*_OF_BOTH, ("advantage_en", sa.Text(), "Advantages in English, public")),
}


def upgrade() -> None:
    """Add the columns, empty."""
    for table, columns in _TEXTS.items():
        for name, kind, comment in columns:
            column = sa.Column(name, kind, server_default="", nullable=False, comment=comment)
            op.add_column(table, column)


def downgrade() -> None:
    """Take them away."""
    for table, columns in _TEXTS.items():
        for name, _kind, _comment in reversed(columns):
            op.drop_column(table, name)
