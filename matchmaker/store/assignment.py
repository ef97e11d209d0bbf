"""Brokers as the assignment knows them, and assignments that ended without a decision."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.assignment import MOST_CAPACITY
from matchmaker.domain.vocabulary import ASSIGNMENT_ENDS, BROKER_LEVELS
from matchmaker.store.base import Base, one_of
from matchmaker.store.organisation import User


class BrokerProfile(Base):
    """What a broker knows and can take in a week. Brokers without one are assigned nothing."""

    __tablename__ = "broker_profile"
    __table_args__ = (
        one_of("level", BROKER_LEVELS),
        CheckConstraint(f"weekly_capacity BETWEEN 0 AND {MOST_CAPACITY}", name="capacity_in_range"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, comment="The broker"
    )
    level: Mapped[str] = mapped_column(String(10), comment="BROKER_LEVELS code")
    fields: Mapped[list[str]] = mapped_column(JSON, comment="FIELDS codes; none: every field")
    clusters: Mapped[list[str]] = mapped_column(JSON, comment="Clusters of the plan; none: all")
    regions: Mapped[list[str]] = mapped_column(JSON, comment="Districts preferred; none: all")
    weekly_capacity: Mapped[int] = mapped_column(comment="Most matches assigned in a week")
    away_until: Mapped[date | None] = mapped_column(comment="Last day of an absence")
    digested_at: Mapped[datetime | None] = mapped_column(comment="When last told by mail")
    updated_at: Mapped[datetime] = mapped_column(comment="When last edited")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    user: Mapped[User] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def state(self) -> None:
        """No life-cycle."""

    @property
    def organisation_id(self) -> None:
        """A profile is its broker's own, not the organisation's."""

    @property
    def author_id(self) -> int:
        """The broker."""
        return self.user_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class PastAssignment(Base):
    """An assignment that ended without a decision: that broker is not given the match again."""

    __tablename__ = "past_assignment"
    __table_args__ = (one_of("because", ASSIGNMENT_ENDS),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    match_id: Mapped[int] = mapped_column(
        ForeignKey("match.id", ondelete="CASCADE"), index=True, comment="The match"
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, comment="Who had it"
    )
    because: Mapped[str] = mapped_column(String(10), comment="ASSIGNMENT_ENDS code")
    ended_at: Mapped[datetime] = mapped_column(index=True, comment="When it ended")
