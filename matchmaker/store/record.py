"""What demands and outcomes share: ownership, text, indicators, chains, life."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from matchmaker.store.base import DecimalText, Identified

if TYPE_CHECKING:
    from matchmaker.store.organisation import Organisation


class RecordColumns(Identified):
    """Mixin with the columns that a demand and an outcome have in common."""

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="The organisation it belongs to"
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), index=True, comment="Who wrote it; NULL when imported"
    )
    title: Mapped[str] = mapped_column(String(100), comment="Title, public")
    description: Mapped[str] = mapped_column(Text, default="", comment="Long text, public")
    title_en: Mapped[str] = mapped_column(
        String(150), default="", server_default="", comment="Title in English, public"
    )
    summary_en: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="Summary in English, public"
    )
    description_en: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="Description in English, public"
    )
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list, comment="At most five, public")
    field: Mapped[str | None] = mapped_column(String(20), index=True, comment="FIELDS code")
    state: Mapped[str] = mapped_column(String(20), index=True, comment="Life-cycle state")
    state_note: Mapped[str] = mapped_column(
        Text, default="", comment="Reasons given when it was last returned"
    )
    origin: Mapped[str] = mapped_column(String(10), default="form", comment="ORIGINS code")
    source_id: Mapped[str | None] = mapped_column(
        String(100), unique=True, comment="Id in the file it was imported from"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When first saved")
    updated_at: Mapped[datetime] = mapped_column(comment="When last changed")
    published_at: Mapped[datetime | None] = mapped_column(index=True, comment="When published")
    expires_on: Mapped[date | None] = mapped_column(
        Date, index=True, comment="Last day of its life"
    )
    version: Mapped[int] = mapped_column(comment="Optimistic lock counter")

    @declared_attr
    def organisation(cls) -> Mapped[Organisation]:  # noqa: N805 - a declared attribute receives the class
        """The organisation it belongs to."""
        return relationship("Organisation", lazy="raise")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805 - as above
        """Count versions."""
        return {"version_id_col": cls.version}


class IndicatorColumns:
    """Mixin with the columns of an indicator row; ``position`` keeps the author's order."""

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key")
    position: Mapped[int] = mapped_column(comment="Order on the form")
    name: Mapped[str] = mapped_column(String(100), comment="What is measured")
    comparator: Mapped[str] = mapped_column(String(10), comment="COMPARATORS code")
    value: Mapped[Decimal] = mapped_column(DecimalText, comment="Value or lower bound")
    value_high: Mapped[Decimal | None] = mapped_column(
        DecimalText, comment="Upper bound of between"
    )
    unit: Mapped[str] = mapped_column(String(40), default="", comment="Unit as written")
    condition: Mapped[str] = mapped_column(String(200), default="", comment="Test condition")
