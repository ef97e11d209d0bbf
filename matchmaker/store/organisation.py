"""Organisations, the people in them, their log-in sessions and one-time tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.vocabulary import (
    LADDER_LEVELS,
    ORGANISATION_KINDS,
    ORIGINS,
    ROLES,
    VERIFICATIONS,
)
from matchmaker.store.base import Base, Identified, new_secret, one_of


class Organisation(Identified, Base):
    """A company, institution, agency, association or the bureau."""

    __tablename__ = "organisation"
    __table_args__ = (
        one_of("kind", ORGANISATION_KINDS),
        one_of("state", VERIFICATIONS),
        one_of("ladder_level", LADDER_LEVELS),
        one_of("origin", ORIGINS),
        CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)", name="decided_unless_pending"
        ),
    )

    kind: Mapped[str] = mapped_column(String(20), comment="ORGANISATION_KINDS code")
    name: Mapped[str] = mapped_column(String(200), unique=True, comment="Registered name")
    name_en: Mapped[str] = mapped_column(String(200), default="", comment="English name")
    credit_code: Mapped[str] = mapped_column(
        String(18), default="", comment="Unified social credit code, 18 characters"
    )
    region_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), index=True, comment="District of the plan or outside"
    )
    ladder_level: Mapped[str | None] = mapped_column(String(20), comment="LADDER_LEVELS code")
    summary: Mapped[str] = mapped_column(Text, default="", comment="What it does, public")
    state: Mapped[str] = mapped_column(
        String(20), default="pending", index=True, comment="VERIFICATIONS code"
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="When verified or rejected")
    decision_note: Mapped[str] = mapped_column(Text, default="", comment="Reason of a rejection")
    origin: Mapped[str] = mapped_column(String(10), default="form", comment="ORIGINS code")
    created_at: Mapped[datetime] = mapped_column(comment="When it was registered")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def organisation_id(self) -> int:
        """Itself: members and managers of an organisation stand in relation to it."""
        return self.id

    @property
    def author_id(self) -> None:
        """No author: an organisation belongs to its managers."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class User(Identified, Base):
    """A person with one role, belonging to at most one organisation."""

    __tablename__ = "user"
    __table_args__ = (
        one_of("role", ROLES),
        one_of("origin", ORIGINS),
        CheckConstraint("email = lower(email)", name="email_folded"),
        CheckConstraint(
            "role = 'administrator' OR organisation_id IS NOT NULL",
            name="organisation_unless_admin",
        ),
    )

    email: Mapped[str] = mapped_column(
        String(254), unique=True, comment="Log-in name in lower case; contact data"
    )
    name: Mapped[str] = mapped_column(String(80), comment="Name as shown")
    password_hash: Mapped[str] = mapped_column(String(200), comment="argon2id hash")
    role: Mapped[str] = mapped_column(String(20), comment="ROLES code")
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="Where the person belongs"
    )
    is_manager: Mapped[bool] = mapped_column(
        default=False, comment="Manages the organisation: approves outcomes, edits its data"
    )
    approved: Mapped[bool] = mapped_column(
        default=True, comment="Membership confirmed by a manager or the bureau"
    )
    phone: Mapped[str] = mapped_column(String(40), default="", comment="Contact data, never public")
    locale: Mapped[str] = mapped_column(String(10), default="zh_Hans", comment="Language of mail")
    active: Mapped[bool] = mapped_column(default=True, comment="May log in")
    origin: Mapped[str] = mapped_column(String(10), default="form", comment="ORIGINS code")
    created_at: Mapped[datetime] = mapped_column(comment="When registered")
    seen_at: Mapped[datetime | None] = mapped_column(comment="Last log-in")
    mail_secret: Mapped[str | None] = mapped_column(
        String(43), default=new_secret, comment="Key that signs the links which end mail"
    )
    erased_at: Mapped[datetime | None] = mapped_column(
        comment="When everything personal was taken out of this row"
    )
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above


class LoginSession(Base):
    """One log-in on one device; deleting the row logs that device out."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    public_id: Mapped[str] = mapped_column(String(16), unique=True, comment="Id for revoking")
    token_hash: Mapped[str] = mapped_column(
        String(64), unique=True, comment="SHA-256 of the cookie's token; the token is not stored"
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, comment="Who logged in"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When logged in")
    seen_at: Mapped[datetime] = mapped_column(comment="Last request, to the minute")
    expires_at: Mapped[datetime] = mapped_column(index=True, comment="Not valid from then on")
    agent: Mapped[str] = mapped_column(String(200), default="", comment="Browser, for the list")

    user: Mapped[User] = relationship()


class AccountToken(Base):
    """A one-time token sent by mail, for resetting a password."""

    __tablename__ = "account_token"
    __table_args__ = (one_of("purpose", ("reset_password",)),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    purpose: Mapped[str] = mapped_column(String(20), comment="What it is good for")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the token")
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, comment="Whose it is"
    )
    expires_at: Mapped[datetime] = mapped_column(comment="Not valid from then on")
    used_at: Mapped[datetime | None] = mapped_column(comment="Set when used: it works once")

    user: Mapped[User] = relationship()
