"""Technology specialists placed with firms, their visits, and their diagnoses of demands."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.desk_vocabulary import SECONDMENT_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User


class OfSpecialist:
    """Mixin: a record of one specialist, directed to nobody."""

    @property
    def author_id(self) -> int:
        """The specialist, who may end what is his."""
        return self.specialist_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()

    specialist_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="The technology specialist"
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The firm he acts for"
    )


class Secondment(OfSpecialist, Identified, Base):
    """A specialist placed with a firm for a period, by the bureau and with the firm's consent."""

    __tablename__ = "secondment"
    __table_args__ = (
        one_of("state", SECONDMENT_STATES),
        CheckConstraint("begins_on <= ends_on", name="period_in_order"),
        CheckConstraint("(state = 'proposed') <= (answered_at IS NULL)", name="open_unanswered"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_iff_dated"),
    )

    begins_on: Mapped[date] = mapped_column(comment="First day")
    ends_on: Mapped[date] = mapped_column(index=True, comment="Last day; access ends after it")
    purpose: Mapped[str] = mapped_column(Text, default="", comment="What it is for")
    state: Mapped[str] = mapped_column(
        String(10), default="proposed", index=True, comment="SECONDMENT_STATES code"
    )
    proposed_by: Mapped[int] = mapped_column(ForeignKey("user.id"), comment="Officer who placed")
    proposed_at: Mapped[datetime] = mapped_column(comment="When proposed")
    answered_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who consented or declined for the firm"
    )
    answered_at: Mapped[datetime | None] = mapped_column(comment="When the firm answered")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When ended before its last day")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    specialist: Mapped[User] = relationship(lazy="raise", foreign_keys="Secondment.specialist_id")
    firm: Mapped[Organisation] = relationship(
        lazy="raise", foreign_keys="Secondment.organisation_id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute


class Visit(OfSpecialist, Identified, Base):
    """What a specialist noted of a visit: for the firm and himself alone."""

    __tablename__ = "visit"

    state = None

    secondment_id: Mapped[int] = mapped_column(
        ForeignKey("secondment.id", ondelete="CASCADE"), index=True, comment="During which one"
    )
    visited_on: Mapped[date] = mapped_column(comment="The day of the visit")
    note: Mapped[str] = mapped_column(Text, comment="What was seen and agreed; private to both")
    created_at: Mapped[datetime] = mapped_column(comment="When written down")


class Diagnosis(OfSpecialist, Identified, Base):
    """A specialist's word on a firm's demand: what is vague, what is missing, what to add."""

    __tablename__ = "diagnosis"
    __table_args__ = (CheckConstraint("percent BETWEEN 0 AND 100", name="percent_in_range"),)

    state = None

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="The demand"
    )
    percent: Mapped[int] = mapped_column(comment="How complete the demand was then")
    note: Mapped[str] = mapped_column(Text, comment="What to add and why")
    ready: Mapped[bool] = mapped_column(comment="Ready for the firm to look at and submit")
    created_at: Mapped[datetime] = mapped_column(comment="When given")

    demand: Mapped[Demand] = relationship(lazy="raise")
