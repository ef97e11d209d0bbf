"""Grants that open the confidential tier of a record, and receipts of every opening."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.custody import Custody
from matchmaker.domain.vocabulary import DISCLOSURE_STATES
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome

_LIVE = "state IN ('asked', 'granted')"


class DisclosureGrant(Identified, Base):
    """The confidential tier of one record and one other organisation: asked for, opened, closed."""

    __tablename__ = "disclosure_grant"
    __table_args__ = (
        one_of("state", DISCLOSURE_STATES),
        CheckConstraint("(demand_id IS NULL) <> (outcome_id IS NULL)", name="one_record"),
        CheckConstraint("owner_id <> grantee_id", name="to_somebody_else"),
        CheckConstraint(
            "(state IN ('granted', 'revoked', 'lapsed')) = (until IS NOT NULL)",
            name="until_iff_granted",
        ),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_unless_asked"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_with_time"),
        CheckConstraint("state = 'asked' OR reason <> ''", name="decided_with_reason"),
        CheckConstraint("state <> 'revoked' OR revoke_reason <> ''", name="revoked_with_reason"),
        *(
            Index(
                f"ix_disclosure_grant_live_{noun}",
                f"{noun}_id",
                "grantee_id",
                unique=True,
                sqlite_where=text(_LIVE),
                postgresql_where=text(_LIVE),
            )
            for noun in ("demand", "outcome")
        ),
    )

    demand_id: Mapped[int | None] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="The demand, or NULL"
    )
    outcome_id: Mapped[int | None] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), index=True, comment="The outcome, or NULL"
    )
    owner_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The organisation that keeps the record"
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="The record's author; NULL when imported"
    )
    grantee_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The organisation it opens to"
    )
    state: Mapped[str] = mapped_column(
        String(20),
        index=True,
        comment="DISCLOSURE_STATES code",
    )
    asked_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who asked; NULL when given unasked"
    )
    asked_at: Mapped[datetime | None] = mapped_column(comment="When asked")
    question: Mapped[str] = mapped_column(Text, default="", comment="What it is wanted for")
    until: Mapped[date | None] = mapped_column(Date, comment="The last day on which it opens")
    reason: Mapped[str] = mapped_column(Text, default="", comment="Why it was opened or refused")
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who opened or refused"
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="When opened or refused")
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who revoked")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="When revoked")
    revoke_reason: Mapped[str] = mapped_column(Text, default="", comment="Why it was revoked")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    demand: Mapped[Demand | None] = relationship(lazy="raise")
    outcome: Mapped[Outcome | None] = relationship(lazy="raise")
    grantee: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[grantee_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def noun(self) -> str:
        """``demand`` or ``outcome``."""
        return "demand" if self.demand_id is not None else "outcome"

    @property
    def organisation_id(self) -> int:
        """The organisation that keeps the record."""
        return self.owner_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()

    @property
    def custody(self) -> Custody:
        """Who keeps the record, and to whom this opens it."""
        return Custody(
            noun=self.noun,
            organisation_id=self.owner_id,
            author_id=self.author_id,
            grantee_id=self.grantee_id,
        )


class DisclosureReceipt(Identified, Base):
    """One opening of a confidential tier by somebody who does not keep it. Never changed."""

    __tablename__ = "disclosure_receipt"

    grant_id: Mapped[int] = mapped_column(
        ForeignKey("disclosure_grant.id", ondelete="CASCADE"),
        index=True,
        comment="The grant it was opened under",
    )
    reader_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who opened it"
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), comment="For which organisation"
    )
    opened_at: Mapped[datetime] = mapped_column(index=True, comment="When")
    fields: Mapped[list[str]] = mapped_column(JSON, comment="Which fields were shown")
    record_version: Mapped[int] = mapped_column(comment="Version of the record that was shown")
    text_hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 over the texts that were shown"
    )
