"""Common needs as they were grouped last, and which firms agree to be named beside them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.gap_vocabulary import NEED_CONSENT_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand


class NeedRun(Base):
    """One grouping of all unmet demands, and how well samples drawn anew agree with it."""

    __tablename__ = "need_run"
    __table_args__ = (CheckConstraint("agreement BETWEEN -1 AND 1", name="agreement_in_range"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    at: Mapped[datetime] = mapped_column(comment="When it ran")
    demands: Mapped[int] = mapped_column(comment="How many unmet demands it looked at")
    agreement: Mapped[float] = mapped_column(comment="Mean adjusted Rand index under resampling")
    engine_version: Mapped[str] = mapped_column(String(80), comment="Engine and encoder")


class CommonNeed(Identified, Base):
    """Unmet demands that ask for nearly the same."""

    __tablename__ = "common_need"
    __table_args__ = (CheckConstraint("stability BETWEEN 0 AND 1", name="stability_in_range"),)

    terms: Mapped[list[str]] = mapped_column(
        JSON, comment="What its demands share, the most telling first; from public tiers"
    )
    stability: Mapped[float] = mapped_column(comment="How well samples drawn anew find it again")
    found_at: Mapped[datetime] = mapped_column(comment="When it was first found")

    members: Mapped[list[CommonNeedDemand]] = relationship(
        cascade="all, delete-orphan", order_by="CommonNeedDemand.position"
    )


class CommonNeedDemand(Base):
    """A demand of a common need, the one nearest to all others first."""

    __tablename__ = "common_need_demand"

    common_need_id: Mapped[int] = mapped_column(
        ForeignKey("common_need.id", ondelete="CASCADE"), primary_key=True, comment="The need"
    )
    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"),
        primary_key=True,
        unique=True,
        comment="The demand",
    )
    position: Mapped[int] = mapped_column(comment="Its place in the need")


class NeedConsent(Identified, Base):
    """Whether a firm agrees to be named beside the common need that its demand belongs to.

    It is the demand's, not the need's: however demands are grouped anew, the firm's word stands.
    """

    __tablename__ = "need_consent"
    __table_args__ = (
        one_of("state", NEED_CONSENT_STATES),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_unless_asked"),
    )

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), unique=True, comment="The demand"
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The firm"
    )
    state: Mapped[str] = mapped_column(String(10), index=True, comment="NEED_CONSENT_STATES code")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who asked")
    asked_at: Mapped[datetime] = mapped_column(comment="When asked")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who answered")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When answered")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    demand: Mapped[Demand] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def author_id(self) -> int | None:
        """Who asked."""
        return self.asked_by

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()
