"""Events, who is invited, and their table plans."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.event_vocabulary import EVENT_PARTY_STATES, EVENT_SIDES, EVENT_STATES
from matchmaker.store.base import Base, Identified, one_of


class Event(Identified, Base):
    """One event: when and where, its slots and tables, and how good its plan is."""

    __tablename__ = "event"
    __table_args__ = (
        one_of("state", EVENT_STATES),
        CheckConstraint("slots BETWEEN 1 AND 24", name="slots_in_range"),
        CheckConstraint("tables BETWEEN 1 AND 200", name="tables_in_range"),
        CheckConstraint("most BETWEEN 1 AND slots", name="most_in_range"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 120", name="minutes_in_range"),
        CheckConstraint("plan_value <= plan_bound", name="value_within_bound"),
        CheckConstraint(
            "(planned_at IS NULL) = (plan_value IS NULL)"
            " AND (planned_at IS NULL) = (plan_bound IS NULL)",
            name="plan_with_figures",
        ),
    )

    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="Whose event it is"
    )
    author_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who organises it"
    )
    title: Mapped[str] = mapped_column(String(100), comment="What it is called")
    place: Mapped[str] = mapped_column(String(200), comment="Where it is held")
    about: Mapped[str] = mapped_column(Text, default="", comment="What it is about")
    starts_at: Mapped[datetime] = mapped_column(index=True, comment="When the first slot begins")
    slot_minutes: Mapped[int] = mapped_column(comment="How long a slot is")
    slots: Mapped[int] = mapped_column(comment="How many slots there are")
    tables: Mapped[int] = mapped_column(comment="How many tables there are")
    most: Mapped[int] = mapped_column(comment="At most so many meetings of one party")
    state: Mapped[str] = mapped_column(
        String(10), default="draft", index=True, comment="EVENT_STATES code"
    )
    planned_at: Mapped[datetime | None] = mapped_column(comment="When the plan was made")
    plan_value: Mapped[int | None] = mapped_column(comment="Total value of the plan")
    plan_bound: Mapped[int | None] = mapped_column(comment="What no plan exceeds")
    created_at: Mapped[datetime] = mapped_column(comment="When first saved")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Invitations are rows of their own."""
        return frozenset()


class EventParty(Identified, Base):
    """A firm or a team that is invited, its answer and its calendar."""

    __tablename__ = "event_party"
    __table_args__ = (
        UniqueConstraint("event_id", "home_id", "contact_id"),
        one_of("side", EVENT_SIDES),
        one_of("state", EVENT_PARTY_STATES),
        CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered_iff_dated"),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True, comment="The event"
    )
    side: Mapped[str] = mapped_column(String(10), comment="EVENT_SIDES code")
    home_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The company, or a team's institution"
    )
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who is written to; of a team, who leads it"
    )
    state: Mapped[str] = mapped_column(
        String(10), default="invited", index=True, comment="EVENT_PARTY_STATES code"
    )
    free: Mapped[list[int]] = mapped_column(JSON, comment="Slots in which the party has time")
    invited_at: Mapped[datetime] = mapped_column(comment="When invited")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who answered")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When last answered")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    event: Mapped[Event] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute

    @property
    def organisation_id(self) -> int | None:
        """A firm answers by any of its people, a team by the one who leads it."""
        return self.home_id if self.side == "firm" else None

    @property
    def author_id(self) -> int | None:
        """Who leads the team; a firm has nobody in particular."""
        return self.contact_id if self.side == "team" else None

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Never directed: it is the party's own."""
        return frozenset()


class EventMeeting(Identified, Base):
    """A short meeting of a firm and a team at a table, and what came of it."""

    __tablename__ = "event_meeting"
    __table_args__ = (
        UniqueConstraint("event_id", "slot", "table_number"),
        UniqueConstraint("event_id", "slot", "firm_id"),
        UniqueConstraint("event_id", "slot", "team_id"),
        UniqueConstraint("event_id", "firm_id", "team_id"),
        CheckConstraint("slot >= 0", name="slot_in_range"),
        CheckConstraint("table_number >= 1", name="table_in_range"),
        CheckConstraint("value BETWEEN 1 AND 1000", name="value_in_range"),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True, comment="The event"
    )
    firm_id: Mapped[int] = mapped_column(
        ForeignKey("event_party.id", ondelete="CASCADE"), index=True, comment="The firm"
    )
    team_id: Mapped[int] = mapped_column(
        ForeignKey("event_party.id", ondelete="CASCADE"), index=True, comment="The team"
    )
    slot: Mapped[int] = mapped_column(comment="In which slot, from 0")
    table_number: Mapped[int] = mapped_column(comment="At which table, from 1")
    value: Mapped[int] = mapped_column(comment="Thousandths of P(usable) of its best pair")
    demand_id: Mapped[int] = mapped_column(
        ForeignKey("demand.id", ondelete="CASCADE"), index=True, comment="What the firm asks for"
    )
    outcome_id: Mapped[int] = mapped_column(
        ForeignKey("outcome.id", ondelete="CASCADE"), index=True, comment="What the team offers"
    )
    firm_interested: Mapped[bool | None] = mapped_column(comment="Whether the firm wants more")
    team_interested: Mapped[bool | None] = mapped_column(comment="Whether the team wants more")
    noted_at: Mapped[datetime | None] = mapped_column(comment="When a result was last noted")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute
