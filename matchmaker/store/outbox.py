"""The outbox: mail is written with the change it reports and leaves after the commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base


class OutboxMail(Base):
    """One mail to be sent, or sent."""

    __tablename__ = "outbox_mail"
    __table_args__ = (CheckConstraint("sent_at IS NULL OR due_at IS NULL", name="sent_is_not_due"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Order of sending")
    recipient: Mapped[str] = mapped_column(String(254), comment="Address")
    subject: Mapped[str] = mapped_column(String(200), comment="Subject line")
    body: Mapped[str] = mapped_column(Text, comment="Plain text")
    unsubscribe: Mapped[str] = mapped_column(
        String(300), default="", comment="Address that ends such mail (RFC 8058); empty: none"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When queued")
    sent_at: Mapped[datetime | None] = mapped_column(index=True, comment="When it left")
    attempts: Mapped[int] = mapped_column(default=0, comment="How often sending was tried")
    due_at: Mapped[datetime | None] = mapped_column(
        index=True, comment="When it is tried next; NULL: it left, or was given up"
    )
