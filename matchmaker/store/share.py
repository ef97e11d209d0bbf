"""Introductions that two brokers share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.desk_vocabulary import SHARE_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.introduction import Introduction


class Share(Identified, Base):
    """Which parts of an introduction, and of all that comes of it, two brokers have."""

    __tablename__ = "share"
    __table_args__ = (
        one_of("state", SHARE_STATES),
        CheckConstraint("lead_percent + partner_percent = 100", name="whole"),
        CheckConstraint("partner_percent BETWEEN 1 AND 99", name="both_have_one"),
        CheckConstraint("lead_id <> partner_id", name="two_brokers"),
    )

    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), unique=True, comment="What is shared"
    )
    lead_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="The broker who asked both sides"
    )
    partner_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="The other broker"
    )
    lead_percent: Mapped[int] = mapped_column(comment="The lead's part")
    partner_percent: Mapped[int] = mapped_column(comment="The other's part")
    state: Mapped[str] = mapped_column(String(10), index=True, comment="SHARE_STATES code")
    proposed_at: Mapped[datetime] = mapped_column(comment="When last proposed")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When agreed or declined")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    introduction: Mapped[Introduction] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def organisation_id(self) -> None:
        """It belongs to two people, not to an organisation."""

    @property
    def author_id(self) -> int:
        """The lead proposes it."""
        return self.lead_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()
