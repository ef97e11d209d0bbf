"""Figures: which events each one counts, their sums, and the bureau's targets.

Events and sums are derived from the audit (``figure_log.py``); `figures rebuild` makes them anew.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.figure import FIGURES
from matchmaker.store.base import Base, one_of


class FigureEvent(Base):
    """One event that a figure counts: once under no chain, and once under each of its chains."""

    __tablename__ = "figure_event"
    __table_args__ = (
        UniqueConstraint("event_id", "figure", "chain"),
        Index("ix_figure_event_thread", "noun", "record_id"),
        Index("ix_figure_event_listed", "figure", "chain", "quarter", "region"),
        Index("ix_figure_event_waited", "figure", "chain", "waited", "quarter", "region"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    event_id: Mapped[int] = mapped_column(
        ForeignKey("audit_event.id"), comment="The event of the audit"
    )
    figure: Mapped[str] = mapped_column(String(30), comment="FIGURES code")
    chain: Mapped[str] = mapped_column(String(40), comment="Slug of the chain; empty for all")
    noun: Mapped[str] = mapped_column(String(20), comment="Kind of the thread it belongs to")
    record_id: Mapped[int] = mapped_column(comment="Key of the record that the thread begins with")
    day: Mapped[date] = mapped_column(Date, comment="When, in the platform's zone")
    quarter: Mapped[str] = mapped_column(String(7), comment="The quarter that it counts in")
    region: Mapped[str] = mapped_column(String(40), comment="Slug of the district; empty for none")
    amount: Mapped[Decimal] = mapped_column(comment="Contract amount, yuan")
    waited: Mapped[int | None] = mapped_column(comment="Seconds since what came before")


class FigureSum(Base):
    """How many events a figure counts in a quarter, a district and a chain, and their amounts."""

    __tablename__ = "figure_sum"

    figure: Mapped[str] = mapped_column(String(30), primary_key=True, comment="FIGURES code")
    chain: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="Slug of the chain; empty for all together"
    )
    quarter: Mapped[str] = mapped_column(String(7), primary_key=True, comment="The quarter")
    region: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="Slug of the district; empty for none"
    )
    events: Mapped[int] = mapped_column(comment="How many")
    amount: Mapped[Decimal] = mapped_column(comment="What they come to, yuan")


class FigureTarget(Base):
    """What the bureau sets out from and wants to reach with a figure in a year, city-wide."""

    __tablename__ = "figure_target"
    __table_args__ = (
        UniqueConstraint("figure", "year"),
        one_of("figure", (one.code for one in FIGURES.values() if one.targeted)),
        CheckConstraint("baseline >= 0 AND target >= 0", name="not_negative"),
        CheckConstraint("baseline IS NOT NULL OR target IS NOT NULL", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    figure: Mapped[str] = mapped_column(String(30), comment="FIGURES code")
    year: Mapped[int] = mapped_column(comment="The year in which it is to be reached")
    baseline: Mapped[Decimal | None] = mapped_column(
        comment="Where it began; ten-thousandths of its unit, as money is kept"
    )
    target: Mapped[Decimal | None] = mapped_column(comment="What is to be reached, likewise")
    source: Mapped[str] = mapped_column(String(200), default="", comment="Which document says so")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="Who entered it")
    set_at: Mapped[datetime] = mapped_column(comment="When")
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads the class attribute
