"""Matches: one demand with one outcome, suggested by the engine and decided by a broker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.vocabulary import MATCH_STATES, REASONS, UNASSIGNED_REASONS
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand
from matchmaker.store.outcome import Outcome


class Match(Identified, Base):
    """One suggested pair. The explanation is drawn from public tiers alone."""

    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("demand_id", "outcome_id"),
        one_of("state", MATCH_STATES),
        one_of("reason", REASONS),
        CheckConstraint(
            "(state = 'dismissed') = (reason IS NOT NULL)", name="reason_iff_dismissed"
        ),
        CheckConstraint(
            "(state = 'snoozed') = (snoozed_until IS NOT NULL)", name="date_iff_snoozed"
        ),
        CheckConstraint(
            "(state = 'suggested') = (decided_at IS NULL)", name="decided_iff_not_open"
        ),
        one_of("unassigned_because", UNASSIGNED_REASONS),
        CheckConstraint(
            "(assigned_to IS NULL) = (assigned_at IS NULL)"
            " AND (assigned_to IS NULL) = (due_at IS NULL)",
            name="assigned_with_dates",
        ),
        CheckConstraint(
            "assigned_to IS NULL OR unassigned_because IS NULL", name="no_reason_if_assigned"
        ),
        CheckConstraint("level BETWEEN 0 AND 3", name="level_known"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_in_range"),
        # All that the brokers' queue is found and ordered by: the explanation makes rows long.
        Index(
            "ix_match_queue",
            *("state", "current", "demand_id", "outcome_id", "assigned_to", "snoozed_until"),
            *("due_at", "decided_at", "score", "rank", "public_id"),
        ),
    )

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="The demand"
    )
    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), index=True, comment="The outcome"
    )
    score: Mapped[float] = mapped_column(index=True, comment="Engine's score, 0 to 1")
    level: Mapped[int] = mapped_column(comment="Engine's level, 0 to 3")
    rank: Mapped[int] = mapped_column(comment="Place in the demand's shortlist, from 1")
    current: Mapped[bool] = mapped_column(
        default=True, comment="Still in the shortlist; false keeps a decision whose pair fell out"
    )
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON, comment="Why, from public tiers")
    engine_version: Mapped[str] = mapped_column(
        String(80), comment="Engine and encoder that scored"
    )
    state: Mapped[str] = mapped_column(String(20), default="suggested", comment="MATCH_STATES code")
    reason: Mapped[str | None] = mapped_column(String(30), comment="REASONS code of a dismissal")
    note: Mapped[str] = mapped_column(Text, default="", comment="Broker's note")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who decided")
    decided_at: Mapped[datetime | None] = mapped_column(index=True, comment="When decided")
    snoozed_until: Mapped[datetime | None] = mapped_column(comment="Comes back then")
    assigned_to: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), index=True, comment="The broker whose queue it stands in"
    )
    assigned_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who assigned it; NULL for the platform"
    )
    assigned_at: Mapped[datetime | None] = mapped_column(index=True, comment="When assigned")
    due_at: Mapped[datetime | None] = mapped_column(
        index=True, comment="To be decided until then, else it goes to the next broker"
    )
    unassigned_because: Mapped[str | None] = mapped_column(
        String(20), comment="UNASSIGNED_REASONS code of the last assignment that left it"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When first suggested")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    demand: Mapped[Demand] = relationship(lazy="raise")
    outcome: Mapped[Outcome] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def organisation_id(self) -> None:
        """A match belongs to no organisation: brokers decide it."""

    @property
    def author_id(self) -> None:
        """The engine wrote it."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed by itself."""
        return frozenset()
