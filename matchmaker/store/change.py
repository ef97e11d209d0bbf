"""The change sequence that indexes follow, the vectors, and how far matching has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base
from matchmaker.store.database import UnitOfWork


class Change(Base):
    """Says that a record was published, edited or taken down; the record itself says which."""

    __tablename__ = "change"

    sequence: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="Commit-ordered number"
    )
    noun: Mapped[str] = mapped_column(String(10), comment="demand or outcome")
    record_id: Mapped[int] = mapped_column(comment="Key of the record, which may be gone")
    at: Mapped[datetime] = mapped_column(comment="When")


class Progress(Base):
    """One row: the last number given to a change, and the last one matched."""

    __tablename__ = "progress"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, comment="Always 1")
    last_change: Mapped[int] = mapped_column(default=0, comment="Highest sequence given")
    matched_through: Mapped[int] = mapped_column(default=0, comment="Changes matched so far")
    encoder_checksum: Mapped[str] = mapped_column(
        String(64), default="", comment="Encoder that the stored vectors come from"
    )


class Embedding(Base):
    """The vector of a text: truth, from which every index is derived."""

    __tablename__ = "embedding"

    content_hash: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="SHA-256 of the text encoded"
    )
    encoder_checksum: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="Checksum of the encoder"
    )
    vector: Mapped[bytes] = mapped_column(
        LargeBinary, comment="float32, little-endian, unit length"
    )


def record_changes(uow: UnitOfWork, noun: str, record_ids: Sequence[int]) -> None:
    """Append changes of published records, in the order given.

    Numbers come from one row updated in the same transaction: the row lock, held until commit,
    makes them commit-ordered, which a database sequence is not. A reader that has seen number n has
    therefore seen every lower one.
    """
    if not record_ids:
        return
    last = uow.session.execute(
        update(Progress)
        .where(Progress.id == 1)
        .values(last_change=Progress.last_change + len(record_ids))
        .returning(Progress.last_change)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    first = last - len(record_ids) + 1
    uow.session.execute(
        insert(Change),
        [
            {"sequence": first + offset, "noun": noun, "record_id": record_id, "at": uow.now}
            for offset, record_id in enumerate(record_ids)
        ],
    )
    uow.queued.add("matching")
