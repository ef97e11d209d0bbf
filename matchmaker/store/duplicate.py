"""Pairs of records that are nearly the same, and what a person has decided about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, delete, or_
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.vocabulary import DUPLICATE_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.database import UnitOfWork


class Duplicate(Identified, Base):
    """Two demands or two outcomes that are nearly the same.

    The noun says which table the ids belong to; deleting a record calls :func:`forget`.
    """

    __tablename__ = "duplicate"
    __table_args__ = (
        UniqueConstraint("noun", "first_id", "second_id"),
        Index("ix_duplicate_second", "noun", "second_id"),
        one_of("noun", ("demand", "outcome")),
        one_of("state", DUPLICATE_STATES),
        CheckConstraint("first_id < second_id", name="ids_in_order"),
        CheckConstraint("likeness BETWEEN 0 AND 1", name="likeness_in_range"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_unless_open"),
    )

    noun: Mapped[str] = mapped_column(String(10), comment="demand or outcome")
    first_id: Mapped[int] = mapped_column(comment="The record with the lower key")
    second_id: Mapped[int] = mapped_column(comment="The record with the higher key")
    likeness: Mapped[float] = mapped_column(comment="How nearly the same, 0 to 1, when last found")
    found_at: Mapped[datetime] = mapped_column(comment="When first found")
    state: Mapped[str] = mapped_column(
        String(20), default="open", index=True, comment="DUPLICATE_STATES code"
    )
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who decided")
    decided_at: Mapped[datetime | None] = mapped_column(comment="When decided")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def organisation_id(self) -> None:
        """A pair belongs to no organisation: brokers, bureau and administrator decide it."""

    @property
    def author_id(self) -> None:
        """The platform found it."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed by itself."""
        return frozenset()


def forget(uow: UnitOfWork, noun: str, record_id: int) -> None:
    """Remove every pair of a record that is being deleted, decided ones too."""
    uow.session.execute(
        delete(Duplicate).where(
            Duplicate.noun == noun,
            or_(Duplicate.first_id == record_id, Duplicate.second_id == record_id),
        )
    )
