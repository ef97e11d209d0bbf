"""Notifications, saved searches, links that end mail, erased people."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_USER = sa.table("user", sa.column("id", sa.Integer), sa.column("mail_secret", sa.String))


def upgrade() -> None:
    """Make the tables, and give everybody a key of their own."""
    op.add_column(
        "outbox_mail",
        sa.Column(
            "unsubscribe",
            sa.String(length=300),
            server_default="",
            nullable=False,
            comment="Address that ends such mail (RFC 8058); empty: none",
        ),
    )
    op.add_column(
        "user",
        sa.Column(
            "mail_secret",
            sa.String(length=43),
            nullable=True,
            comment="Key that signs the links which end mail",
        ),
    )
    op.add_column(
        "user",
        sa.Column(
            "erased_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When everything personal was taken out of this row",
        ),
    )
    connection = op.get_bind()
    for (key,) in connection.execute(sa.select(_USER.c.id)).all():
        connection.execute(
            sa.update(_USER).where(_USER.c.id == key).values(mail_secret=secrets.token_urlsafe(32))
        )
    _make_notification()
    _make_saved_search()


def _make_notification() -> None:
    op.create_table(
        "notification",
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Who is told"),
        sa.Column(
            "kind", sa.String(length=40), nullable=False, comment="Key of the table of texts"
        ),
        sa.Column("noun", sa.String(length=20), nullable=False, comment="Kind of its record"),
        sa.Column(
            "record_id", sa.Integer(), nullable=True, comment="Key of its record, which may be gone"
        ),
        sa.Column(
            "values",
            sa.JSON(),
            nullable=False,
            comment="What fills the text besides the record's title",
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was told"
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True, comment="When it was read"),
        sa.Column(
            "digest",
            sa.String(length=10),
            nullable=True,
            comment="Digest that collects it; NULL: mailed at once or not at all",
        ),
        sa.Column(
            "mailed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When its mail was queued",
        ),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "(noun = '') = (record_id IS NULL)", name=op.f("ck_notification_record_iff_noun")
        ),
        sa.CheckConstraint(
            "digest IN ('daily', 'weekly')", name=op.f("ck_notification_digest_known")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notification_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notification_public_id")),
    )
    op.create_index(op.f("ix_notification_created_at"), "notification", ["created_at"])
    op.create_index("ix_notification_unread", "notification", ["user_id", "read_at"])
    op.create_index("ix_notification_digest", "notification", ["digest", "mailed_at"])
    op.create_table(
        "notification_setting",
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Whose"),
        sa.Column(
            "topic", sa.String(length=20), nullable=False, comment="NOTIFICATION_GROUPS code"
        ),
        sa.Column("pace", sa.String(length=10), nullable=False, comment="MAIL_PACES code"),
        sa.CheckConstraint(
            "topic IN ('record', 'review', 'match', 'introduction', 'organisation')",
            name=op.f("ck_notification_setting_topic_known"),
        ),
        sa.CheckConstraint(
            "pace IN ('at_once', 'daily', 'weekly', 'off')",
            name=op.f("ck_notification_setting_pace_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_notification_setting_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_notification_setting")),
    )


def _make_saved_search() -> None:
    op.create_table(
        "saved_search",
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Who keeps it"),
        sa.Column("name", sa.String(length=80), nullable=False, comment="Name given to it"),
        sa.Column("noun", sa.String(length=10), nullable=False, comment="demand or outcome"),
        sa.Column("text", sa.String(length=200), nullable=False, comment="What is searched for"),
        sa.Column("chosen", sa.JSON(), nullable=False, comment="Facet to the codes chosen in it"),
        sa.Column("sort", sa.String(length=20), nullable=False, comment="Order asked for"),
        sa.Column("alert", sa.Boolean(), nullable=False, comment="Whether news are told"),
        sa.Column(
            "alert_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="What was published before is no news",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When saved"),
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "public_id", sa.String(length=16), nullable=False, comment="Random id used in URLs"
        ),
        sa.CheckConstraint(
            "noun IN ('demand', 'outcome')", name=op.f("ck_saved_search_noun_known")
        ),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_saved_search_name_not_blank")),
        sa.CheckConstraint(
            "NOT alert OR alert_since IS NOT NULL",
            name=op.f("ck_saved_search_since_when_alerting"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_saved_search_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_search_public_id")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_search_user_id_name")),
    )
    op.create_index(op.f("ix_saved_search_alert"), "saved_search", ["alert"])
    op.create_table(
        "saved_search_told",
        sa.Column("search_id", sa.Integer(), nullable=False, comment="The search"),
        sa.Column("record_id", sa.Integer(), nullable=False, comment="Key of the record"),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["saved_search.id"],
            name=op.f("fk_saved_search_told_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("search_id", "record_id", name=op.f("pk_saved_search_told")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("saved_search_told")
    op.drop_index(op.f("ix_saved_search_alert"), table_name="saved_search")
    op.drop_table("saved_search")
    op.drop_table("notification_setting")
    op.drop_index("ix_notification_digest", table_name="notification")
    op.drop_index("ix_notification_unread", table_name="notification")
    op.drop_index(op.f("ix_notification_created_at"), table_name="notification")
    op.drop_table("notification")
    op.drop_column("user", "erased_at")
    op.drop_column("user", "mail_secret")
    op.drop_column("outbox_mail", "unsubscribe")
