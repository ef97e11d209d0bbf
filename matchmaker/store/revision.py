"""The version of a record that a reviewer returned, to show later what has changed since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, delete
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base, one_of
from matchmaker.store.database import UnitOfWork


class ReturnedVersion(Base):
    """A demand or outcome as it was when last returned; gone once it is published.

    The noun says which table the id belongs to; deleting a record calls :func:`forget`.
    """

    __tablename__ = "returned_version"
    __table_args__ = (
        one_of("noun", ("demand", "outcome")),
        CheckConstraint("note <> ''", name="returned_with_reasons"),
    )

    noun: Mapped[str] = mapped_column(String(10), primary_key=True, comment="demand or outcome")
    record_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="The record"
    )
    returned_at: Mapped[datetime] = mapped_column(comment="When it was returned")
    returned_by: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="Who returned it"
    )
    note: Mapped[str] = mapped_column(Text, comment="The reasons given")
    content: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="Public and redacted values by field; never confidential ones"
    )


def forget(uow: UnitOfWork, noun: str, record_id: int) -> None:
    """Delete the version that was kept of a record."""
    uow.session.execute(
        delete(ReturnedVersion).where(
            ReturnedVersion.noun == noun, ReturnedVersion.record_id == record_id
        )
    )
