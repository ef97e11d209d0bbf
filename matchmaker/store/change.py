"""The change sequence that indexes follow, the vectors, and how far matching has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, delete, insert, select, update
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
    matched_through: Mapped[int] = mapped_column(
        default=0, comment="Changes whose own records have been matched"
    )
    ranked_through: Mapped[int] = mapped_column(
        default=0, comment="Changes that every demand has been ranked with"
    )
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


def keep_vectors(
    uow: UnitOfWork, encoder_checksum: str, vectors: Mapping[str, bytes], *, replace: bool = False
) -> None:
    """Store vectors by content hash; those already there are left alone or replaced.

    Waits for the row of progress first, so that two writers never insert the same vector.
    """
    uow.session.execute(select(Progress.id).with_for_update())
    ours = (
        Embedding.encoder_checksum == encoder_checksum,
        Embedding.content_hash.in_(list(vectors)),
    )
    if replace:
        uow.session.execute(delete(Embedding).where(*ours))
    known = set(uow.session.scalars(select(Embedding.content_hash).where(*ours)))
    rows = [
        {"content_hash": key, "encoder_checksum": encoder_checksum, "vector": vector}
        for key, vector in vectors.items()
        if key not in known
    ]
    if rows:
        uow.session.execute(insert(Embedding), rows)
