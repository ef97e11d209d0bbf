"""Challenges, the demands they are made of, their experts, bids, scores and objections."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.challenge_vocabulary import (
    CHALLENGE_BID_STATES,
    CHALLENGE_CONFLICTS,
    CHALLENGE_CONSENTS,
    CHALLENGE_OBJECTION_STATES,
    CHALLENGE_SCORE_STATES,
    CHALLENGE_STATES,
    MIDTERM_VERDICTS,
)
from matchmaker.store.base import Base, Identified, one_of
from matchmaker.store.demand import Demand


class Challenge(Identified, Base):
    """One open call: what is asked, how it is scored, and what became of it."""

    __tablename__ = "challenge"
    __table_args__ = (
        one_of("state", CHALLENGE_STATES),
        one_of("midterm_verdict", MIDTERM_VERDICTS),
        CheckConstraint(
            "weight_drive + weight_base + weight_technical + weight_financial = 100",
            name="weights_are_whole",
        ),
        CheckConstraint(
            "weight_drive > 0 AND weight_base > 0 AND weight_technical > 0"
            " AND weight_financial > 0",
            name="every_criterion_counts",
        ),
        CheckConstraint("scores_needed BETWEEN 2 AND 9", name="scores_needed_in_range"),
        CheckConstraint("publicity_days BETWEEN 3 AND 30", name="publicity_days_in_range"),
        CheckConstraint("months BETWEEN 1 AND 60", name="months_in_range"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR argued_at IS NOT NULL",
                        name="argued_before_anything_else"),
        CheckConstraint(
            "state IN ('draft', 'argued', 'withdrawn')"
            " OR (published_at IS NOT NULL AND bids_until IS NOT NULL)",
            name="published_has_deadline",
        ),
        CheckConstraint(
            "state NOT IN ('publicity', 'awarded', 'midterm', 'accepted')"
            " OR (announced_at IS NOT NULL AND publicity_until IS NOT NULL)",
            name="announced_before_award",
        ),
        CheckConstraint(
            "state NOT IN ('awarded', 'midterm', 'accepted')"
            " OR (awarded_at IS NOT NULL AND contract_amount > 0)",
            name="awarded_has_contract",
        ),
        CheckConstraint("state <> 'midterm' OR midterm_verdict IS NOT NULL",
                        name="midterm_has_verdict"),
        CheckConstraint(
            "state NOT IN ('accepted', 'not_accepted', 'withdrawn', 'failed')"
            " OR (ended_at IS NOT NULL AND end_note <> '')",
            name="ended_with_reason",
        ),
    )  # fmt: skip

    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The bureau whose call it is"
    )
    author_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who drafted it"
    )
    state: Mapped[str] = mapped_column(
        String(20), default="draft", index=True, comment="CHALLENGE_STATES code"
    )
    title: Mapped[str] = mapped_column(String(100), comment="What is asked, in a line")
    problem: Mapped[str] = mapped_column(Text, comment="The problem")
    target: Mapped[str] = mapped_column(Text, comment="What shall be reached")
    indicators: Mapped[str] = mapped_column(Text, comment="Indicators, one a line")
    conditions: Mapped[str] = mapped_column(Text, default="", comment="Who may bid, and how")
    chains: Mapped[list[str]] = mapped_column(JSON, comment="Codes of chains it serves")
    amount: Mapped[Decimal | None] = mapped_column(comment="Most funds there are, yuan")
    months: Mapped[int] = mapped_column(comment="Time allowed for the work, months")
    scores_needed: Mapped[int] = mapped_column(comment="Scores that every bid needs")
    publicity_days: Mapped[int] = mapped_column(comment="Working days of publicity")
    weight_drive: Mapped[int] = mapped_column(comment="产业带动作用, percent")
    weight_base: Mapped[int] = mapped_column(comment="研究基础, percent")
    weight_technical: Mapped[int] = mapped_column(comment="技术指标, percent")
    weight_financial: Mapped[int] = mapped_column(comment="财务指标, percent")
    opinion: Mapped[str] = mapped_column(Text, default="", comment="What experts argued")
    argued_by: Mapped[str] = mapped_column(String(500), default="", comment="Who argued")
    argued_at: Mapped[datetime | None] = mapped_column(comment="When argued")
    published_at: Mapped[datetime | None] = mapped_column(index=True, comment="When published")
    bids_until: Mapped[datetime | None] = mapped_column(
        index=True, comment="When bids are no longer taken"
    )
    reminded_at: Mapped[datetime | None] = mapped_column(comment="When drafts were reminded")
    closed_at: Mapped[datetime | None] = mapped_column(comment="When bids were opened")
    scores_until: Mapped[datetime | None] = mapped_column(comment="By when scores are asked for")
    announced_at: Mapped[datetime | None] = mapped_column(comment="When publicity began last")
    publicity_until: Mapped[datetime | None] = mapped_column(comment="When publicity ends")
    awarded_at: Mapped[datetime | None] = mapped_column(comment="When the contract was noted")
    contract_number: Mapped[str] = mapped_column(String(60), default="", comment="Its number")
    contract_amount: Mapped[Decimal | None] = mapped_column(comment="Its amount, yuan")
    report: Mapped[str] = mapped_column(Text, default="", comment="Midterm report of the winner")
    reported_at: Mapped[datetime | None] = mapped_column(comment="When it was written last")
    midterm_verdict: Mapped[str | None] = mapped_column(String(20), comment="MIDTERM_VERDICTS code")
    assessed_at: Mapped[datetime | None] = mapped_column(comment="When that was said")
    midterm_note: Mapped[str] = mapped_column(Text, default="", comment="What was found midway")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When it came to its end")
    end_note: Mapped[str] = mapped_column(Text, default="", comment="Why it ended so")
    created_at: Mapped[datetime] = mapped_column(comment="When first saved")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def recipient_ids(self) -> frozenset[int]:
        """A call is open to all."""
        return frozenset()


class ChallengeDemand(Identified, Base):
    """A demand that a challenge is made of, and whether its firm consents."""

    __tablename__ = "challenge_demand"
    __table_args__ = (
        UniqueConstraint("challenge_id", "demand_id"),
        one_of("state", CHALLENGE_CONSENTS),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_iff_dated"),
    )

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), index=True, comment="The challenge"
    )
    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="The demand"
    )
    state: Mapped[str] = mapped_column(
        String(10), default="asked", comment="CHALLENGE_CONSENTS code"
    )
    asked_at: Mapped[datetime] = mapped_column(comment="When the firm was asked")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who answered")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When answered last")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    challenge: Mapped[Challenge] = relationship(lazy="raise")
    demand: Mapped[Demand] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above

    @property
    def organisation_id(self) -> int:
        """The firm whose demand it is; the demand must be loaded."""
        return self.demand.organisation_id

    @property
    def author_id(self) -> int | None:
        """Who wrote the demand."""
        return self.demand.author_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Directed demands do not become challenges."""
        return frozenset()


class ChallengeExpert(Base):
    """Somebody appointed to score the bids of a challenge."""

    __tablename__ = "challenge_expert"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True, comment="The challenge"
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), primary_key=True, index=True, comment="The expert"
    )
    appointed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="By whom")
    appointed_at: Mapped[datetime] = mapped_column(comment="When appointed")


class ChallengeBid(Identified, Base):
    """A bid: CONFIDENTIAL, for its own people, and once the call is closed for who judges it."""

    __tablename__ = "challenge_bid"
    __table_args__ = (
        UniqueConstraint("challenge_id", "author_id"),
        one_of("state", CHALLENGE_BID_STATES),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR submitted_at IS NOT NULL",
                        name="submitted_is_dated"),
        CheckConstraint("state <> 'barred' OR state_note <> ''", name="barred_has_reason"),
        CheckConstraint("funds > 0", name="funds_positive"),
    )  # fmt: skip

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), index=True, comment="The challenge"
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="Who bids"
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True, comment="Who leads")
    state: Mapped[str] = mapped_column(
        String(10), default="draft", index=True, comment="CHALLENGE_BID_STATES code"
    )
    plan: Mapped[str] = mapped_column(Text, default="", comment="How it shall be done")
    base: Mapped[str] = mapped_column(Text, default="", comment="Research base")
    indicators: Mapped[str] = mapped_column(Text, default="", comment="Indicators promised")
    effect: Mapped[str] = mapped_column(Text, default="", comment="Effect on the industry")
    funds: Mapped[Decimal | None] = mapped_column(comment="Funds asked for, yuan")
    team: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, default=list, comment="Name, organisation and part of each member"
    )
    submitted_at: Mapped[datetime | None] = mapped_column(comment="When submitted last")
    proposed_at: Mapped[datetime | None] = mapped_column(
        comment="When it was announced as the one chosen"
    )
    state_note: Mapped[str] = mapped_column(Text, default="", comment="Why barred")
    created_at: Mapped[datetime] = mapped_column(comment="When begun")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    challenge: Mapped[Challenge] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Nobody beside those whom the table names."""
        return frozenset()


class ChallengeScore(Identified, Base):
    """What one expert finds of one bid; SEALED until scoring ends."""

    __tablename__ = "challenge_score"
    __table_args__ = (
        UniqueConstraint("bid_id", "expert_id"),
        one_of("state", CHALLENGE_SCORE_STATES),
        *(
            CheckConstraint(f"{name} BETWEEN 0 AND 100", name=f"{name}_in_range")
            for name in ("drive", "base", "technical", "financial")
        ),
        CheckConstraint(
            "state = 'draft' OR (drive IS NOT NULL AND base IS NOT NULL"
            " AND technical IS NOT NULL AND financial IS NOT NULL)",
            name="submitted_is_whole",
        ),
    )

    bid_id: Mapped[int] = mapped_column(
        ForeignKey("challenge_bid.id", ondelete="CASCADE"), index=True, comment="The bid"
    )
    expert_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Whose score it is"
    )
    state: Mapped[str] = mapped_column(
        String(10), default="draft", comment="CHALLENGE_SCORE_STATES code"
    )
    drive: Mapped[int | None] = mapped_column(comment="产业带动作用, 0 to 100")
    base: Mapped[int | None] = mapped_column(comment="研究基础, 0 to 100")
    technical: Mapped[int | None] = mapped_column(comment="技术指标, 0 to 100")
    financial: Mapped[int | None] = mapped_column(comment="财务指标, 0 to 100")
    comment: Mapped[str] = mapped_column(Text, default="", comment="Why, in words")
    saved_at: Mapped[datetime] = mapped_column(comment="When saved last")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above

    @property
    def organisation_id(self) -> None:
        """Experts judge for themselves."""

    @property
    def author_id(self) -> int:
        """The expert."""
        return self.expert_id

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Nobody."""
        return frozenset()


class ChallengeConflict(Base):
    """Why an expert does not judge a bid: found when scoring began, or declared."""

    __tablename__ = "challenge_conflict"
    __table_args__ = (
        one_of("kind", CHALLENGE_CONFLICTS),
        CheckConstraint("kind <> 'declared' OR reason <> ''", name="declared_has_reason"),
    )

    bid_id: Mapped[int] = mapped_column(
        ForeignKey("challenge_bid.id", ondelete="CASCADE"), primary_key=True, comment="The bid"
    )
    expert_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), primary_key=True, index=True, comment="The expert"
    )
    kind: Mapped[str] = mapped_column(String(20), comment="CHALLENGE_CONFLICTS code")
    reason: Mapped[str] = mapped_column(Text, default="", comment="Why, in the expert's words")
    noted_at: Mapped[datetime] = mapped_column(comment="When found or declared")


class ChallengeObjection(Identified, Base):
    """An objection to the bid that is announced, and its written answer."""

    __tablename__ = "challenge_objection"
    __table_args__ = (
        one_of("state", CHALLENGE_OBJECTION_STATES),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (state = 'open') = (answer = '')",
            name="answered_unless_open",
        ),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), index=True, comment="The challenge"
    )
    bid_id: Mapped[int] = mapped_column(
        ForeignKey("challenge_bid.id", ondelete="CASCADE"), index=True, comment="The bid"
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True, comment="Who objects")
    reason: Mapped[str] = mapped_column(Text, comment="Why")
    raised_at: Mapped[datetime] = mapped_column(comment="When raised")
    state: Mapped[str] = mapped_column(
        String(10), default="open", index=True, comment="CHALLENGE_OBJECTION_STATES code"
    )
    answer: Mapped[str] = mapped_column(Text, default="", comment="The bureau's answer")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who decided")
    decided_at: Mapped[datetime | None] = mapped_column(comment="When decided")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as above

    @property
    def organisation_id(self) -> None:
        """Whoever objects does so in person."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Nobody."""
        return frozenset()
