"""What people are told, and how they want to be mailed about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.vocabulary import MAIL_PACES, NOTIFICATION_GROUPS
from matchmaker.store.base import Base, Identified, one_of


class Notification(Identified, Base):
    """One thing that one person is told. It names its record by key: the title is read anew."""

    __tablename__ = "notification"
    __table_args__ = (
        one_of("digest", ("daily", "weekly")),
        CheckConstraint("(noun = '') = (record_id IS NULL)", name="record_iff_noun"),
        Index("ix_notification_unread", "user_id", "read_at"),
        Index("ix_notification_digest", "digest", "mailed_at"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), comment="Who is told"
    )
    kind: Mapped[str] = mapped_column(String(40), comment="Key of the table of texts")
    noun: Mapped[str] = mapped_column(String(20), default="", comment="Kind of its record")
    record_id: Mapped[int | None] = mapped_column(comment="Key of its record, which may be gone")
    values: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="What fills the text besides the record's title"
    )
    created_at: Mapped[datetime] = mapped_column(index=True, comment="When it was told")
    read_at: Mapped[datetime | None] = mapped_column(comment="When it was read")
    digest: Mapped[str | None] = mapped_column(
        String(10), comment="Digest that collects it; NULL: mailed at once or not at all"
    )
    mailed_at: Mapped[datetime | None] = mapped_column(comment="When its mail was queued")

    @property
    def state(self) -> None:
        """No life-cycle: it is read or not."""

    @property
    def organisation_id(self) -> None:
        """It belongs to a person alone."""

    @property
    def author_id(self) -> int:
        """Whoever is told may do with it what an author may."""
        return self.user_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed at organisations."""
        return frozenset()


class NotificationSetting(Base):
    """How a person wants to be mailed about a group of notifications; no row: at once."""

    __tablename__ = "notification_setting"
    __table_args__ = (one_of("topic", NOTIFICATION_GROUPS), one_of("pace", MAIL_PACES))

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, comment="Whose"
    )
    topic: Mapped[str] = mapped_column(
        String(20), primary_key=True, comment="NOTIFICATION_GROUPS code"
    )
    pace: Mapped[str] = mapped_column(String(10), comment="MAIL_PACES code")
