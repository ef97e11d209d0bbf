"""What a company asks for when nothing fits its demand, and whom to tell when something does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.vocabulary import NEXT_STEP_KINDS, NEXT_STEP_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand


class NextStep(Identified, Base):
    """A question to an expert, or the proposal to make a demand a challenge."""

    __tablename__ = "next_step"
    __table_args__ = (
        one_of("kind", NEXT_STEP_KINDS),
        one_of("state", NEXT_STEP_STATES),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_unless_open"),
    )

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="The demand"
    )
    kind: Mapped[str] = mapped_column(String(20), comment="NEXT_STEP_KINDS code")
    state: Mapped[str] = mapped_column(
        String(20), default="open", index=True, comment="NEXT_STEP_STATES code"
    )
    note: Mapped[str] = mapped_column(Text, default="", comment="What the company adds")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who asked")
    asked_at: Mapped[datetime] = mapped_column(comment="When asked")
    answer: Mapped[str] = mapped_column(Text, default="", comment="What was answered")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who answered")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When answered")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    demand: Mapped[Demand] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def organisation_id(self) -> None:
        """Those who answer do so for their role, not for an organisation."""

    @property
    def author_id(self) -> int | None:
        """Who asked."""
        return self.asked_by

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class Alert(Base):
    """Whom to mail when a usable outcome turns up for a demand."""

    __tablename__ = "alert"

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True, comment="The demand"
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), comment="Who is told"
    )
    active: Mapped[bool] = mapped_column(comment="Whether mails are wanted")
    token: Mapped[str] = mapped_column(
        String(32), unique=True, comment="Random text of the link that switches it off"
    )
    changed_at: Mapped[datetime] = mapped_column(comment="When switched last")


class AlertSent(Base):
    """A pair that somebody has been told of, so that nobody is told twice."""

    __tablename__ = "alert_sent"

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True, comment="The demand"
    )
    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True, comment="The outcome"
    )
    sent_at: Mapped[datetime] = mapped_column(comment="When the mail was queued")
