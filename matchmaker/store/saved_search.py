"""Searches of the catalogue that people keep, and what they have been told of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base, Identified, one_of


class SavedSearch(Identified, Base):
    """A search or a choice of filters, kept by one person under a name."""

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("user_id", "name"),
        one_of("noun", ("demand", "outcome")),
        CheckConstraint("length(trim(name)) > 0", name="name_not_blank"),
        CheckConstraint("NOT alert OR alert_since IS NOT NULL", name="since_when_alerting"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), comment="Who keeps it"
    )
    name: Mapped[str] = mapped_column(String(80), comment="Name given to it")
    noun: Mapped[str] = mapped_column(String(10), comment="demand or outcome")
    text: Mapped[str] = mapped_column(String(200), default="", comment="What is searched for")
    chosen: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="Facet to the codes chosen in it"
    )
    sort: Mapped[str] = mapped_column(String(20), default="", comment="Order asked for")
    alert: Mapped[bool] = mapped_column(index=True, comment="Whether news are told")
    alert_since: Mapped[datetime | None] = mapped_column(
        comment="What was published before is no news"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When saved")

    @property
    def state(self) -> None:
        """No life-cycle."""

    @property
    def organisation_id(self) -> None:
        """It belongs to a person alone."""

    @property
    def author_id(self) -> int:
        """Who keeps it."""
        return self.user_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class SavedSearchTold(Base):
    """A record that a saved search has told of, so that it does so once."""

    __tablename__ = "saved_search_told"

    search_id: Mapped[int] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True, comment="The search"
    )
    record_id: Mapped[int] = mapped_column(primary_key=True, comment="Key of the record")
    told_at: Mapped[datetime] = mapped_column(comment="When")
