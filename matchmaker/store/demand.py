"""Demands: what companies ask for."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.custody import Custody
from matchmaker.domain.vocabulary import (
    CLARITIES,
    COMPARATORS,
    DEMAND_KINDS,
    DEMAND_STATES,
    DISCLOSURES,
    FIELDS,
    ORIGINS,
    SOLUTION_MODES,
)
from matchmaker.store.base import Base, one_of
from matchmaker.store.record import IndicatorColumns, RecordColumns


class DemandChain(Base):
    """A chain that a demand stands on."""

    __tablename__ = "demand_chain"

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True, comment="The demand"
    )
    chain_code: Mapped[str] = mapped_column(
        ForeignKey("chain.code"), primary_key=True, index=True, comment="The chain"
    )


class DemandRecipient(Base):
    """An institution that a directed demand is shown to."""

    __tablename__ = "demand_recipient"

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True, comment="The demand"
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True, index=True, comment="The institution"
    )


class DemandIndicator(IndicatorColumns, Base):
    """An indicator that a demand asks for."""

    __tablename__ = "demand_indicator"
    __table_args__ = (one_of("comparator", COMPARATORS),)

    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="The demand"
    )


class Demand(RecordColumns, Base):
    """A technical demand of a company."""

    __tablename__ = "demand"
    __table_args__ = (
        one_of("state", DEMAND_STATES),
        one_of("kind", DEMAND_KINDS),
        one_of("field", FIELDS),
        one_of("solution_mode", SOLUTION_MODES),
        one_of("disclosure", DISCLOSURES),
        one_of("clarity", CLARITIES),
        one_of("origin", ORIGINS),
        CheckConstraint("budget_min <= budget_max", name="budget_in_order"),
        CheckConstraint("lowest_trl BETWEEN 1 AND 9", name="lowest_trl_known"),
        CheckConstraint("length(trim(title)) > 0", name="title_not_blank"),
        CheckConstraint(
            "state NOT IN ('published', 'engaged', 'contracted', 'challenge')"
            " OR (published_at IS NOT NULL AND expires_on IS NOT NULL)",
            name="published_has_dates",
        ),
        CheckConstraint("state <> 'returned' OR state_note <> ''", name="returned_has_reasons"),
    )

    kind: Mapped[str | None] = mapped_column(String(30), comment="DEMAND_KINDS code")
    problem: Mapped[str] = mapped_column(Text, default="", comment="主要问题, public")
    key_technology: Mapped[str] = mapped_column(Text, default="", comment="技术关键, public")
    target: Mapped[str] = mapped_column(Text, default="", comment="预期目标, public")
    target_en: Mapped[str] = mapped_column(
        Text,
        default="",
        server_default="",
        comment="What is to be reached, in English, public",
    )
    current_state: Mapped[str] = mapped_column(
        Text, default="", comment="What was tried; CONFIDENTIAL: opened by grants alone"
    )
    constraints: Mapped[str] = mapped_column(Text, default="", comment="Constraints, public")
    industry: Mapped[str] = mapped_column(String(5), default="", comment="GB/T 4754 code served")
    solution_mode: Mapped[str | None] = mapped_column(
        String(20), index=True, comment="SOLUTION_MODES code"
    )
    budget_min: Mapped[Decimal | None] = mapped_column(comment="Least budget, yuan")
    budget_max: Mapped[Decimal | None] = mapped_column(index=True, comment="Most budget, yuan")
    period_months: Mapped[int | None] = mapped_column(comment="Time allowed, months")
    lowest_trl: Mapped[int | None] = mapped_column(index=True, comment="Lowest acceptable TRL")
    region_preference: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), comment="Where a partner is preferred"
    )
    partner_wanted: Mapped[str] = mapped_column(
        Text, default="", comment="Partner wanted; CONFIDENTIAL: opened by grants alone"
    )
    ip_expectation: Mapped[str] = mapped_column(String(200), default="", comment="IP expectation")
    disclosure: Mapped[str] = mapped_column(
        String(10), default="public", comment="DISCLOSURES code"
    )
    clarity: Mapped[str | None] = mapped_column(String(20), comment="CLARITIES code")

    chains: Mapped[list[DemandChain]] = relationship(
        cascade="all, delete-orphan", order_by=DemandChain.chain_code, lazy="selectin"
    )
    recipients: Mapped[list[DemandRecipient]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )
    indicators: Mapped[list[DemandIndicator]] = relationship(
        cascade="all, delete-orphan", order_by=DemandIndicator.position, lazy="selectin"
    )

    @property
    def recipient_ids(self) -> frozenset[int]:
        """The institutions it is directed to; empty unless directed."""
        if self.disclosure != "directed":
            return frozenset()
        return frozenset(recipient.organisation_id for recipient in self.recipients)

    @property
    def custody(self) -> Custody:
        """Who keeps its confidential tier."""
        return Custody(
            noun="demand", organisation_id=self.organisation_id, author_id=self.author_id
        )
