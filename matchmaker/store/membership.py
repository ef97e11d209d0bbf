"""Firms in industry associations, and pairs that an association puts forward for its members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.desk_vocabulary import MEMBERSHIP_STATES, REFERRAL_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome


class OfAssociation:
    """Mixin: between an association and a firm; belongs to the firm, directed to nobody."""

    association_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The association"
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The firm"
    )

    @property
    def author_id(self) -> None:
        """Nobody's own: any of their people act for both sides."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class Membership(OfAssociation, Identified, Base):
    """A firm in an association, or on its way into it."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("association_id", "organisation_id"),
        one_of("state", MEMBERSHIP_STATES),
        CheckConstraint("state = 'active' OR NOT opens_anonymous", name="opens_while_active"),
    )

    state: Mapped[str] = mapped_column(String(10), index=True, comment="MEMBERSHIP_STATES code")
    opens_anonymous: Mapped[bool] = mapped_column(
        default=False, comment="The association reads whose the firm's anonymous demands are"
    )
    asked_at: Mapped[datetime] = mapped_column(comment="When last requested or invited")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When accepted or declined")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When the firm left")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    association: Mapped[Organisation] = relationship(
        lazy="raise", foreign_keys="Membership.association_id"
    )
    firm: Mapped[Organisation] = relationship(
        lazy="raise", foreign_keys="Membership.organisation_id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute


class Referral(OfAssociation, Identified, Base):
    """An outcome that an association recommends to a member, or a pair it puts to brokers."""

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("association_id", "demand_id", "outcome_id"),
        one_of("state", REFERRAL_STATES),
        CheckConstraint("(state = 'taken') <= (taken_by IS NOT NULL)", name="taken_by_somebody"),
    )

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="The member's demand"
    )
    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), index=True, comment="The outcome"
    )
    state: Mapped[str] = mapped_column(String(15), index=True, comment="REFERRAL_STATES code")
    note: Mapped[str] = mapped_column(Text, default="", comment="Why the two fit")
    answer: Mapped[str] = mapped_column(Text, default="", comment="Why it was declined")
    referred_by: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who of the association put it forward"
    )
    referred_at: Mapped[datetime] = mapped_column(comment="When put forward")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When last answered")
    taken_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), index=True, comment="The broker who took it up"
    )
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    demand: Mapped[Demand] = relationship(lazy="raise")
    outcome: Mapped[Outcome] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above
