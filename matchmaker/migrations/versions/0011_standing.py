"""States of demands and outcomes that follow from the talks about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BEFORE = {
    "demand": ("draft", "submitted", "returned", "published", "withdrawn", "expired"),
    "outcome": (
        *("draft", "institution_review", "changes_requested", "published", "withdrawn", "expired"),
    ),
}
_NEW = {"demand": ("engaged", "contracted", "resolved"), "outcome": ("reserved", "transferred")}
# What holds for a published record holds for one that is published and talked about.
_OPEN = {"demand": ("engaged", "contracted"), "outcome": ("reserved", "transferred")}


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
    """Know the new states."""
    for noun, before in _BEFORE.items():
        _set(noun, (*before[:4], *_NEW[noun], *before[4:]), ("published", *_OPEN[noun]))


def downgrade() -> None:
    """Forget the new states; what has one of them is published again."""
    for noun, before in _BEFORE.items():
        op.execute(
            sa.text(f"UPDATE {noun} SET state = 'published' WHERE state IN ({_listed(_NEW[noun])})")  # noqa: S608 - our own names
        )
        _set(noun, before, ("published",))
