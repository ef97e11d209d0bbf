"""Engagements: everything between two sides from mutual interest on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.permissions import Parties
from matchmaker.domain.vocabulary import (
    ENGAGEMENT_STATES,
    MEETING_STATES,
    REASONS,
    SIDES,
)
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand
from matchmaker.store.introduction import Introduction, PartyColumns
from matchmaker.store.outcome import Outcome


class Engagement(Identified, PartyColumns, Base):
    """Two sides that want to talk, the stage they have come to, and what is next."""

    __tablename__ = "engagement"
    __table_args__ = (
        one_of("state", ENGAGEMENT_STATES),
        one_of("dormant_from", ENGAGEMENT_STATES),
        one_of("next_side", SIDES),
        one_of("lost_reason", REASONS),
        CheckConstraint(
            "(state = 'dormant') = (dormant_from IS NOT NULL)", name="earlier_state_iff_dormant"
        ),
        CheckConstraint(
            "COALESCE(dormant_from, '') NOT IN ('dormant', 'lost', 'completed')",
            name="dormant_from_an_open_state",
        ),
        CheckConstraint("(state = 'lost') = (lost_reason IS NOT NULL)", name="reason_iff_lost"),
        CheckConstraint(
            "(state IN ('completed', 'lost')) = (closed_at IS NOT NULL)", name="closed_iff_over"
        ),
        Index(
            "ix_engagement_one_open",
            "demand_id",
            "outcome_id",
            unique=True,
            sqlite_where=text("state NOT IN ('completed', 'lost')"),
            postgresql_where=text("state NOT IN ('completed', 'lost')"),
        ),
    )

    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id"), unique=True, comment="The introduction it came from"
    )
    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id"), index=True, comment="The demand"
    )
    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id"), index=True, comment="The outcome"
    )
    state: Mapped[str] = mapped_column(
        String(20), default="mutual", index=True, comment="ENGAGEMENT_STATES code"
    )
    dormant_from: Mapped[str | None] = mapped_column(
        String(20), comment="The state it wakes to; ENGAGEMENT_STATES code"
    )
    next_action: Mapped[str] = mapped_column(
        String(200), default="", comment="What is next; empty for what the stage usually waits for"
    )
    next_side: Mapped[str | None] = mapped_column(
        String(20), comment="Who is to act next; SIDES code"
    )
    next_due: Mapped[date | None] = mapped_column(Date, index=True, comment="By which day")
    next_reminded_on: Mapped[date | None] = mapped_column(
        Date, comment="The due day that was reminded of"
    )
    opened_at: Mapped[datetime] = mapped_column(comment="When both sides had accepted")
    last_step_at: Mapped[datetime] = mapped_column(index=True, comment="When something last moved")
    closed_at: Mapped[datetime | None] = mapped_column(comment="When completed or lost")
    lost_reason: Mapped[str | None] = mapped_column(String(30), comment="REASONS code")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    introduction: Mapped[Introduction] = relationship(lazy="raise")
    demand: Mapped[Demand] = relationship(lazy="raise")
    outcome: Mapped[Outcome] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute


class EngagementStep(Base):
    """One step of an engagement with the note that its parties read."""

    __tablename__ = "engagement_step"
    __table_args__ = (
        one_of("state_from", ENGAGEMENT_STATES),
        one_of("state_to", ENGAGEMENT_STATES),
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Order of steps")
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id"), index=True, comment="The engagement"
    )
    action: Mapped[str] = mapped_column(String(40), comment="The step taken")
    state_from: Mapped[str | None] = mapped_column(String(20), comment="State before")
    state_to: Mapped[str] = mapped_column(String(20), comment="State after")
    note: Mapped[str] = mapped_column(Text, default="", comment="Why, for the parties")
    taken_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who; NULL for the platform"
    )
    taken_at: Mapped[datetime] = mapped_column(comment="When")


class NdaAcceptance(Base):
    """A side's acceptance of the confidentiality agreement, by name."""

    __tablename__ = "nda_acceptance"
    __table_args__ = (
        UniqueConstraint("engagement_id", "side"),
        one_of("side", ("company", "institution")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id"), comment="The engagement"
    )
    side: Mapped[str] = mapped_column(String(20), comment="For which side; SIDES code")
    text_version: Mapped[str] = mapped_column(String(20), comment="Which text was shown")
    accepted_by: Mapped[int] = mapped_column(ForeignKey("user.id"), comment="Who accepted")
    name: Mapped[str] = mapped_column(String(80), comment="The name that was typed in")
    accepted_at: Mapped[datetime] = mapped_column(comment="When")


class Meeting(Identified, Base):
    """A meeting of an engagement: planned, then held with minutes, or cancelled."""

    __tablename__ = "meeting"
    __table_args__ = (
        one_of("state", MEETING_STATES),
        CheckConstraint("(state = 'held') = (minutes <> '')", name="minutes_iff_held"),
        CheckConstraint("(state = 'planned') = (closed_at IS NULL)", name="closed_unless_planned"),
        CheckConstraint("minutes_long BETWEEN 1 AND 1440", name="at_most_a_day"),
    )

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id"), index=True, comment="The engagement"
    )
    state: Mapped[str] = mapped_column(String(20), default="planned", comment="MEETING_STATES code")
    starts_at: Mapped[datetime] = mapped_column(index=True, comment="When it begins")
    minutes_long: Mapped[int] = mapped_column(default=60, comment="How long it takes, in minutes")
    place: Mapped[str] = mapped_column(String(200), comment="Where, or the link")
    participants: Mapped[str] = mapped_column(Text, default="", comment="Who takes part")
    agenda: Mapped[str] = mapped_column(Text, default="", comment="What it is about")
    minutes: Mapped[str] = mapped_column(Text, default="", comment="What was said, for the parties")
    note: Mapped[str] = mapped_column(Text, default="", comment="Why it was cancelled")
    planned_by: Mapped[int] = mapped_column(ForeignKey("user.id"), comment="Who planned it")
    planned_at: Mapped[datetime] = mapped_column(comment="When it was planned")
    reminded_at: Mapped[datetime | None] = mapped_column(comment="When the parties were reminded")
    closed_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who wrote the minutes or cancelled"
    )
    closed_at: Mapped[datetime | None] = mapped_column(comment="When held or cancelled")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    engagement: Mapped[Engagement] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above

    @property
    def parties(self) -> Parties:
        """Those of the engagement."""
        return self.engagement.parties

    @property
    def organisation_id(self) -> None:
        """As its engagement, it belongs to neither side."""

    @property
    def author_id(self) -> None:
        """Every party may change it, whoever planned it."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class EngagementMessage(Identified, Base):
    """One message of an engagement's thread; its parties alone read it."""

    __tablename__ = "engagement_message"
    __table_args__ = (one_of("side", SIDES),)

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id"), index=True, comment="The engagement"
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), comment="Who wrote it")
    side: Mapped[str] = mapped_column(String(20), comment="For which side; SIDES code")
    body: Mapped[str] = mapped_column(Text, comment="Plain text")
    written_at: Mapped[datetime] = mapped_column(comment="When")

    attachments: Mapped[list[Attachment]] = relationship(
        lazy="raise", order_by="Attachment.position"
    )


class Attachment(Identified, Base):
    """A file of a message. The content lies in the attachments' folder under a random name."""

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("media_type", ("pdf", "docx", "xlsx", "png", "jpg", "txt")),
        CheckConstraint("size > 0", name="not_empty"),
    )

    message_id: Mapped[int] = mapped_column(
        ForeignKey("engagement_message.id"), index=True, comment="The message"
    )
    position: Mapped[int] = mapped_column(default=0, comment="Order in the message")
    file_name: Mapped[str] = mapped_column(String(120), comment="Name as shown, cleaned")
    media_type: Mapped[str] = mapped_column(String(10), comment="Kind found in the content")
    size: Mapped[int] = mapped_column(comment="Bytes")
    sha256: Mapped[str] = mapped_column(String(64), comment="Checksum of the content")
    stored_name: Mapped[str] = mapped_column(
        String(32), unique=True, comment="Random name in the folder"
    )


class CalendarToken(Base):
    """The personal token of somebody's calendar feed; only its hash is kept."""

    __tablename__ = "calendar_token"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, comment="Whose calendar"
    )
    token_hash: Mapped[str] = mapped_column(
        String(64), unique=True, comment="SHA-256 of the token; the token is not stored"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When it was made")
