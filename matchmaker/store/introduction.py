"""Introductions: a broker asks both sides of an accepted match whether they want to talk."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.permissions import Parties
from matchmaker.domain.vocabulary import ANSWERS, INTRODUCTION_STATES, REASONS
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.outcome import Outcome


def _declined(side: str) -> str:
    return f"COALESCE({side}_answer, '') = 'declined'"


_BOTH_ACCEPTED: Final = (
    "COALESCE(company_answer, '') = 'accepted' AND COALESCE(institution_answer, '') = 'accepted'"
)
_ONE_DECLINED: Final = f"{_declined('company')} OR {_declined('institution')}"


class PartyColumns:
    """Mixin: the two organisations, the outcome's author and the broker, as they were then."""

    company_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The demand's company"
    )
    institution_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The outcome's institution"
    )
    researcher_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), index=True, comment="The outcome's author; NULL when imported"
    )
    broker_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who brings the two together"
    )

    @property
    def parties(self) -> Parties:
        """Who stands on which side."""
        return Parties(
            company_id=self.company_id,
            institution_id=self.institution_id,
            researcher_id=self.researcher_id,
            broker_id=self.broker_id,
        )

    @property
    def organisation_id(self) -> None:
        """Between two organisations, it belongs to neither."""

    @property
    def author_id(self) -> None:
        """What a broker may do he may do as its broker."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class Introduction(Identified, PartyColumns, Base):
    """The question to both sides of a match, and each side's answer."""

    __tablename__ = "introduction"
    __table_args__ = (
        one_of("state", INTRODUCTION_STATES),
        *(one_of(f"{side}_answer", ANSWERS) for side in ("company", "institution")),
        *(one_of(f"{side}_reason", REASONS) for side in ("company", "institution")),
        *(
            CheckConstraint(
                f"({side}_answer IS NULL) = ({side}_answered_at IS NULL)",
                name=f"{side}_answered_with_time",
            )
            for side in ("company", "institution")
        ),
        *(
            CheckConstraint(
                f"({side}_answer IS NULL) = ({side}_answered_by IS NULL)",
                name=f"{side}_answered_by_somebody",
            )
            for side in ("company", "institution")
        ),
        *(
            CheckConstraint(
                f"({_declined(side)}) = ({side}_reason IS NOT NULL)",
                name=f"{side}_reason_iff_declined",
            )
            for side in ("company", "institution")
        ),
        CheckConstraint(
            f"(state = 'mutual') = ({_BOTH_ACCEPTED})", name="mutual_iff_both_accepted"
        ),
        CheckConstraint(
            f"(state = 'declined') = ({_ONE_DECLINED})", name="declined_iff_a_side_declined"
        ),
        CheckConstraint("(state = 'asked') = (closed_at IS NULL)", name="closed_unless_asked"),
        Index(
            "ix_introduction_one_open",
            "match_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    match_id: Mapped[int] = mapped_column(
        ForeignKey("match.id"), index=True, comment="The accepted match"
    )
    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id"), index=True, comment="Its demand"
    )
    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id"), index=True, comment="Its outcome"
    )
    state: Mapped[str] = mapped_column(
        String(20), default="asked", index=True, comment="INTRODUCTION_STATES code"
    )
    company_message: Mapped[str] = mapped_column(
        Text, default="", comment="What the broker writes to the company"
    )
    institution_message: Mapped[str] = mapped_column(
        Text, default="", comment="What the broker writes to the researcher's side"
    )
    company_answer: Mapped[str | None] = mapped_column(String(10), comment="ANSWERS code")
    company_answered_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who answered for the company"
    )
    company_answered_at: Mapped[datetime | None] = mapped_column(comment="When")
    company_reason: Mapped[str | None] = mapped_column(
        String(30), comment="REASONS code of declining"
    )
    company_note: Mapped[str] = mapped_column(
        Text, default="", comment="Note, for the broker alone"
    )
    institution_answer: Mapped[str | None] = mapped_column(String(10), comment="ANSWERS code")
    institution_answered_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who answered for the institution's side"
    )
    institution_answered_at: Mapped[datetime | None] = mapped_column(comment="When")
    institution_reason: Mapped[str | None] = mapped_column(
        String(30), comment="REASONS code of declining"
    )
    institution_note: Mapped[str] = mapped_column(
        Text, default="", comment="Note, for the broker alone"
    )
    asked_at: Mapped[datetime] = mapped_column(comment="When the broker asked")
    due_at: Mapped[datetime] = mapped_column(index=True, comment="Lapses when nobody answers then")
    reminded_at: Mapped[datetime | None] = mapped_column(comment="When silent sides were reminded")
    closed_at: Mapped[datetime | None] = mapped_column(comment="When it left the state asked")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    match: Mapped[Match] = relationship(lazy="raise")
    demand: Mapped[Demand] = relationship(lazy="raise")
    outcome: Mapped[Outcome] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute
