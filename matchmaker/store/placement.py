"""On which chains the machine proposes a record, until a person has said where it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, delete
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.vocabulary import PLACEMENT_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.database import UnitOfWork


class Placement(Identified, Base):
    """What the machine proposed for one record without chains, and who decided.

    A proposal is no fact: the chains of a record stand in ``demand_chain`` and ``outcome_chain``
    alone, where a decision writes them. Deleting a record, or taking its
    chains away again, calls :func:`forget`.
    """

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("noun", "record_id"),
        one_of("noun", ("demand", "outcome")),
        one_of("state", PLACEMENT_STATES),
        CheckConstraint("probability BETWEEN 0 AND 1", name="probability_in_range"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_if_settled"),
    )

    noun: Mapped[str] = mapped_column(String(10), comment="demand or outcome")
    record_id: Mapped[int] = mapped_column(comment="The record")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="Whose record it is"
    )
    proposed: Mapped[list[tuple[str, float]]] = mapped_column(
        JSON, comment="Chain codes, or an empty one for none, with probabilities, likeliest first"
    )
    probability: Mapped[float] = mapped_column(comment="Of the first proposal")
    model: Mapped[str] = mapped_column(String(16), comment="What proposed it")
    placed_at: Mapped[datetime] = mapped_column(comment="When proposed")
    state: Mapped[str] = mapped_column(
        String(20), default="proposed", index=True, comment="PLACEMENT_STATES code"
    )
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who decided")
    decided_at: Mapped[datetime | None] = mapped_column(comment="When decided")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def author_id(self) -> None:
        """The platform proposed it."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed by itself."""
        return frozenset()


def forget(uow: UnitOfWork, noun: str, record_id: int) -> None:
    """Remove the placement of a record."""
    uow.session.execute(
        delete(Placement).where(Placement.noun == noun, Placement.record_id == record_id)
    )
