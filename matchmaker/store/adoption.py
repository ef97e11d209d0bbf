"""Models that were adopted in place of the shipped one, and put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base, Identified, one_of

ACTIONS = ("adopt", "restore")
NAME_LENGTH = 100
SOURCE_LENGTH = 500


class ModelAdoption(Identified, Base):
    """One change of the model in use; it counts once the index holds the model's vectors."""

    __tablename__ = "model_adoption"
    __table_args__ = (
        one_of("action", ACTIONS),
        CheckConstraint("action = 'adopt' OR NOT forced", name="only_adoptions_are_forced"),
    )

    action: Mapped[str] = mapped_column(String(10), comment="adopt or restore")
    source: Mapped[str] = mapped_column(
        String(SOURCE_LENGTH), comment="Where the model was taken from"
    )
    folder: Mapped[str] = mapped_column(
        String(40), comment="Its folder among the adopted models; empty for the shipped model"
    )
    encoder_checksum: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of what decides its vectors"
    )
    figures: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="How it compared with the model before it"
    )
    forced: Mapped[bool] = mapped_column(comment="Adopted although significantly worse")
    created_at: Mapped[datetime] = mapped_column(comment="When decided")
    created_by: Mapped[str] = mapped_column(
        String(NAME_LENGTH), comment="Who did it, as the server's operating system calls them"
    )
    completed_at: Mapped[datetime | None] = mapped_column(
        comment="When the index was rebuilt; empty while that is under way or was cut short"
    )
