"""Questions that a broker asks one side of a match."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.vocabulary import QUESTION_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.match import Match


class Question(Identified, Base):
    """One question to the company or the institution behind a match, with its answer."""

    __tablename__ = "question"
    __table_args__ = (
        one_of("side", ("demand", "outcome")),
        one_of("state", QUESTION_STATES),
        CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL)", name="answered_iff_dated"
        ),
    )

    match_id: Mapped[int] = mapped_column(
        ForeignKey("match.id", ondelete="CASCADE"), index=True, comment="The match"
    )
    side: Mapped[str] = mapped_column(String(10), comment="demand or outcome: who is asked")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="Whose people may answer"
    )
    state: Mapped[str] = mapped_column(String(10), index=True, comment="QUESTION_STATES code")
    text: Mapped[str] = mapped_column(Text, comment="What is asked")
    asked_by: Mapped[int] = mapped_column(ForeignKey("user.id"), comment="Which broker")
    asked_at: Mapped[datetime] = mapped_column(comment="When asked")
    lapses_at: Mapped[datetime] = mapped_column(index=True, comment="Waited for until then")
    answer: Mapped[str] = mapped_column(Text, default="", comment="What was answered")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who answered")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When answered")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    match: Mapped[Match] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def author_id(self) -> int:
        """The broker who asked."""
        return self.asked_by

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed: it is the asked organisation's."""
        return frozenset()
