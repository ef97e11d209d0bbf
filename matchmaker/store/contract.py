"""Technical contracts: what an engagement comes to, its payments, revisions and reward."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.contract_vocabulary import (
    CONTRACT_STATES,
    CONTRACT_TYPES,
    DEVELOPMENT_KINDS,
    IP_OWNERSHIPS,
    PAYMENT_MODES,
    RELATED_DECLARATIONS,
    REWARD_BASES,
)
from matchmaker.domain.permissions import Parties
from matchmaker.store.base import Base, DecimalText, Identified, one_of
from matchmaker.store.engagement import Engagement


class Contract(Identified, Base):
    """The technical contract of an engagement: one for each."""

    __tablename__ = "contract"
    __table_args__ = (
        one_of("state", CONTRACT_STATES),
        one_of("type", CONTRACT_TYPES),
        one_of("development_kind", DEVELOPMENT_KINDS),
        one_of("ip_ownership", IP_OWNERSHIPS),
        one_of("payment_mode", PAYMENT_MODES),
        one_of("related_declared", RELATED_DECLARATIONS),
        CheckConstraint(
            "development_kind IS NULL OR COALESCE(type, '') = 'development'",
            name="kind_of_development_only",
        ),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="period_in_order"),
        CheckConstraint(
            "amount_total >= 0 AND deducted_equipment >= 0 AND deducted_materials >= 0 "
            "AND deducted_other >= 0 AND amount_royalty >= 0",
            name="amounts_not_negative",
        ),
        CheckConstraint(
            "(amount_total IS NULL) = (amount_technical IS NULL)", name="both_amounts_or_none"
        ),
        CheckConstraint(
            "amount_technical = amount_total - deducted_equipment - deducted_materials "
            "- deducted_other",
            name="technical_is_total_less_deductions",
        ),
        CheckConstraint("amount_technical BETWEEN 0 AND amount_total", name="technical_within"),
        CheckConstraint(
            "COALESCE(related_declared, '') <> 'related' OR related", name="related_if_declared"
        ),
        CheckConstraint(
            "(company_confirmed IS NULL) = (company_confirmed_at IS NULL) "
            "AND (institution_confirmed IS NULL) = (institution_confirmed_at IS NULL)",
            name="confirmed_with_time",
        ),
        CheckConstraint(
            "state NOT IN ('confirmed', 'signed') OR (COALESCE(company_confirmed, 0) = revision "
            "AND COALESCE(institution_confirmed, 0) = revision)",
            name="both_confirmed_the_same_revision",
        ),
        CheckConstraint(
            "state NOT IN ('draft', 'confirmed') OR signed_on IS NULL", name="unsigned_before"
        ),
        CheckConstraint(
            "state NOT IN ('signed', 'registered') OR signed_on IS NOT NULL", name="signed_with_day"
        ),
        CheckConstraint("(number IS NULL) = (registered_on IS NULL)", name="number_with_its_day"),
        CheckConstraint(
            "state IN ('registered', 'void') OR number IS NULL", name="number_once_registered"
        ),
        CheckConstraint(
            "state <> 'registered' OR number IS NOT NULL", name="registered_with_number"
        ),
        CheckConstraint("length(number) = 16", name="number_has_sixteen_digits"),
        CheckConstraint("signed_on <= registered_on", name="registered_after_signed"),
        CheckConstraint("(state = 'void') = (void_reason <> '')", name="reason_iff_void"),
        Index(
            "ix_contract_number_once",
            "number",
            unique=True,
            sqlite_where=text("state = 'registered'"),
            postgresql_where=text("state = 'registered'"),
        ),
        Index("ix_contract_registered_on", "state", "registered_on"),
    )

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id"), unique=True, comment="The engagement it comes from"
    )
    state: Mapped[str] = mapped_column(String(20), default="draft", comment="CONTRACT_STATES code")
    revision: Mapped[int] = mapped_column(default=1, comment="Number of the present terms")
    title: Mapped[str] = mapped_column(String(100), comment="Name of the contract")
    type: Mapped[str | None] = mapped_column(String(20), comment="CONTRACT_TYPES code")
    development_kind: Mapped[str | None] = mapped_column(
        String(20), comment="DEVELOPMENT_KINDS code"
    )
    subject: Mapped[str] = mapped_column(Text, default="", comment="What it is about")
    acceptance: Mapped[str] = mapped_column(Text, default="", comment="How it is accepted")
    ip_ownership: Mapped[str | None] = mapped_column(String(20), comment="IP_OWNERSHIPS code")
    ip_clause: Mapped[str] = mapped_column(Text, default="", comment="The clause in words")
    starts_on: Mapped[date | None] = mapped_column(Date, comment="First day of performance")
    ends_on: Mapped[date | None] = mapped_column(Date, comment="Last day of performance")
    payment_mode: Mapped[str | None] = mapped_column(String(20), comment="PAYMENT_MODES code")
    amount_total: Mapped[Decimal | None] = mapped_column(comment="Contract amount, yuan")
    deducted_equipment: Mapped[Decimal] = mapped_column(comment="Of it equipment, yuan")
    deducted_materials: Mapped[Decimal] = mapped_column(comment="Of it parts, materials, yuan")
    deducted_other: Mapped[Decimal] = mapped_column(comment="Of it other non-technical, yuan")
    deduction_note: Mapped[str] = mapped_column(String(200), default="", comment="What is deducted")
    amount_technical: Mapped[Decimal | None] = mapped_column(comment="Technical amount, yuan")
    amount_royalty: Mapped[Decimal] = mapped_column(comment="Royalties expected, yuan")
    royalty_terms: Mapped[str] = mapped_column(Text, default="", comment="Rate and base")
    related_declared: Mapped[str | None] = mapped_column(
        String(20), comment="RELATED_DECLARATIONS code"
    )
    related_note: Mapped[str] = mapped_column(
        String(200), default="", comment="How the parties are related"
    )
    related: Mapped[bool] = mapped_column(default=False, comment="Related, so never counted")
    company_confirmed: Mapped[int | None] = mapped_column(
        comment="Revision that the company's side has confirmed"
    )
    company_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who")
    company_confirmed_at: Mapped[datetime | None] = mapped_column(comment="When")
    institution_confirmed: Mapped[int | None] = mapped_column(
        comment="Revision that the institution's side has confirmed"
    )
    institution_confirmed_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who"
    )
    institution_confirmed_at: Mapped[datetime | None] = mapped_column(comment="When")
    signed_on: Mapped[date | None] = mapped_column(Date, comment="Day of the signatures")
    scan_sha256: Mapped[str] = mapped_column(
        String(64), default="", comment="Checksum of the scanned copy; the copy is not stored"
    )
    number: Mapped[str | None] = mapped_column(String(16), comment="Registration number")
    registered_on: Mapped[date | None] = mapped_column(Date, comment="Day of registration")
    office: Mapped[str] = mapped_column(String(100), default="", comment="Registration office")
    void_reason: Mapped[str] = mapped_column(Text, default="", comment="Why it is void")
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who began it")
    drafted_at: Mapped[datetime] = mapped_column(comment="When begun")
    updated_at: Mapped[datetime] = mapped_column(comment="When last changed")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    engagement: Mapped[Engagement] = relationship(lazy="raise")
    payments: Mapped[list[ContractPayment]] = relationship(
        lazy="raise", order_by="ContractPayment.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def parties(self) -> Parties:
        """Those of the engagement."""
        return self.engagement.parties

    @property
    def organisation_id(self) -> None:
        """As its engagement, it belongs to neither side."""

    @property
    def author_id(self) -> None:
        """Every party may change it, whoever began it."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed."""
        return frozenset()


class ContractPayment(Base):
    """One payment of a contract's schedule."""

    __tablename__ = "contract_payment"
    __table_args__ = (CheckConstraint("amount > 0", name="something_is_paid"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id"), index=True, comment="The contract"
    )
    position: Mapped[int] = mapped_column(comment="Order in the schedule")
    label: Mapped[str] = mapped_column(String(200), default="", comment="What it is paid for")
    due_on: Mapped[date | None] = mapped_column(Date, comment="By which day")
    amount: Mapped[Decimal] = mapped_column(comment="How much, yuan")


class ContractRevision(Base):
    """The amounts of one revision, who made it and why: nothing that was agreed is lost."""

    __tablename__ = "contract_revision"
    __table_args__ = (UniqueConstraint("contract_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Order of revisions")
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), comment="The contract")
    revision: Mapped[int] = mapped_column(comment="Its number")
    state: Mapped[str] = mapped_column(String(20), comment="State of the contract then")
    type: Mapped[str | None] = mapped_column(String(20), comment="CONTRACT_TYPES code")
    amount_total: Mapped[Decimal | None] = mapped_column(comment="Contract amount, yuan")
    amount_technical: Mapped[Decimal | None] = mapped_column(comment="Technical amount, yuan")
    related: Mapped[bool] = mapped_column(comment="Whether the parties are related")
    number: Mapped[str | None] = mapped_column(String(16), comment="Registration number")
    changed: Mapped[list[str]] = mapped_column(JSON, comment="Names of the fields that changed")
    reason: Mapped[str] = mapped_column(Text, default="", comment="Why, for a correction")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who")
    made_at: Mapped[datetime] = mapped_column(comment="When")


class ContractReward(Base):
    """What an institution enters to compute the reward; its side alone reads it."""

    __tablename__ = "contract_reward"
    __table_args__ = (
        one_of("basis", REWARD_BASES),
        CheckConstraint("years BETWEEN 3 AND 5", name="three_to_five_years"),
        CheckConstraint("costs >= 0 AND profit >= 0", name="amounts_not_negative"),
    )

    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id"), primary_key=True, autoincrement=False, comment="The contract"
    )
    basis: Mapped[str] = mapped_column(String(20), comment="REWARD_BASES code")
    costs: Mapped[Decimal] = mapped_column(comment="Direct costs, yuan")
    share: Mapped[Decimal | None] = mapped_column(DecimalText, comment="Own part, per cent")
    stake: Mapped[Decimal | None] = mapped_column(DecimalText, comment="Of the shares, per cent")
    profit: Mapped[Decimal | None] = mapped_column(comment="Operating profit a year, yuan")
    years: Mapped[int] = mapped_column(default=3, comment="For how many years")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who")
    entered_at: Mapped[datetime] = mapped_column(comment="When")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above
