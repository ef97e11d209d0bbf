"""Outcomes: what researchers offer."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.custody import Custody
from matchmaker.domain.vocabulary import (
    COMPARATORS,
    CONVERSION_MODES,
    FIELDS,
    LICENCE_KINDS,
    ORIGINS,
    OUTCOME_STATES,
    PRICE_MODES,
    PROVENANCES,
    STAGES,
)
from matchmaker.store.base import Base, one_of
from matchmaker.store.record import IndicatorColumns, RecordColumns


class OutcomeChain(Base):
    """A chain that an outcome serves."""

    __tablename__ = "outcome_chain"

    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True, comment="The outcome"
    )
    chain_code: Mapped[str] = mapped_column(
        ForeignKey("chain.code"), primary_key=True, index=True, comment="The chain"
    )


class OutcomeMode(Base):
    """A way of conversion (转化方式) that an outcome is offered in."""

    __tablename__ = "outcome_mode"
    __table_args__ = (one_of("mode", CONVERSION_MODES),)

    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True, comment="The outcome"
    )
    mode: Mapped[str] = mapped_column(
        String(20), primary_key=True, index=True, comment="CONVERSION_MODES code"
    )


class OutcomeIndicator(IndicatorColumns, Base):
    """An indicator that an outcome reaches."""

    __tablename__ = "outcome_indicator"
    __table_args__ = (one_of("comparator", COMPARATORS),)

    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), index=True, comment="The outcome"
    )


class Outcome(RecordColumns, Base):
    """A research outcome of an institution."""

    __tablename__ = "outcome"
    __table_args__ = (
        one_of("state", OUTCOME_STATES),
        one_of("field", FIELDS),
        one_of("stage", STAGES),
        one_of("licence_kind", LICENCE_KINDS),
        one_of("price_mode", PRICE_MODES),
        one_of("provenance", PROVENANCES),
        one_of("origin", ORIGINS),
        CheckConstraint("price_min <= price_max", name="price_in_order"),
        CheckConstraint("trl BETWEEN 1 AND 9", name="trl_known"),
        CheckConstraint("length(trim(title)) > 0", name="title_not_blank"),
        CheckConstraint(
            "state NOT IN ('published', 'reserved', 'transferred')"
            " OR (published_at IS NOT NULL AND expires_on IS NOT NULL)",
            name="published_has_dates",
        ),
        CheckConstraint(
            "state <> 'changes_requested' OR state_note <> ''", name="changes_requested_has_reasons"
        ),
    )

    summary: Mapped[str] = mapped_column(Text, default="", comment="Public summary")
    problem_solved: Mapped[str] = mapped_column(Text, default="", comment="Problem solved, public")
    advantage: Mapped[str] = mapped_column(Text, default="", comment="与现有方案比较, public")
    advantage_en: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="Advantages in English, public"
    )
    economics: Mapped[str] = mapped_column(Text, default="", comment="Economic effect, public")
    principle: Mapped[str] = mapped_column(
        Text, default="", comment="Principle; REDACTED: verified organisations only"
    )
    know_how: Mapped[str] = mapped_column(
        Text, default="", comment="Know-how; CONFIDENTIAL: opened by grants alone"
    )
    stage: Mapped[str | None] = mapped_column(String(10), comment="STAGES code")
    trl: Mapped[int | None] = mapped_column(index=True, comment="TRL reached, GB/T 22900")
    trl_evidence: Mapped[list[str]] = mapped_column(JSON, default=list, comment="Evidence of TRL")
    scenes: Mapped[list[str]] = mapped_column(JSON, default=list, comment="Application scenes")
    deployments: Mapped[list[str]] = mapped_column(JSON, default=list, comment="Where it runs")
    ipc: Mapped[list[str]] = mapped_column(JSON, default=list, comment="IPC symbols")
    ip: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, default=list, comment="IP rights: kind, number, status, owners"
    )
    ownership: Mapped[str] = mapped_column(String(200), default="", comment="Who owns it")
    licence_kind: Mapped[str | None] = mapped_column(String(20), comment="LICENCE_KINDS code")
    price_mode: Mapped[str | None] = mapped_column(String(20), comment="PRICE_MODES code")
    price_min: Mapped[Decimal | None] = mapped_column(index=True, comment="Least price, yuan")
    price_max: Mapped[Decimal | None] = mapped_column(comment="Most price, yuan")
    use_before_pay: Mapped[bool] = mapped_column(default=False, comment="先使用后付费")
    team: Mapped[list[str]] = mapped_column(JSON, default=list, comment="Team in order")
    registration_number: Mapped[str] = mapped_column(
        String(40), default="", comment="Outcome registration number"
    )
    provenance: Mapped[str] = mapped_column(String(10), default="local", comment="PROVENANCES code")

    chains: Mapped[list[OutcomeChain]] = relationship(
        cascade="all, delete-orphan", order_by=OutcomeChain.chain_code, lazy="selectin"
    )
    modes: Mapped[list[OutcomeMode]] = relationship(
        cascade="all, delete-orphan", order_by=OutcomeMode.mode, lazy="selectin"
    )
    indicators: Mapped[list[OutcomeIndicator]] = relationship(
        cascade="all, delete-orphan", order_by=OutcomeIndicator.position, lazy="selectin"
    )

    @property
    def disclosure(self) -> str:
        """Outcomes are always public once published."""
        return "public"

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()

    @property
    def custody(self) -> Custody:
        """Who keeps its confidential tier."""
        return Custody(
            noun="outcome", organisation_id=self.organisation_id, author_id=self.author_id
        )
