"""Measurements of the engine that were kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base, Identified

NAME_LENGTH = 100


class Evaluation(Identified, Base):
    """The systems' figures on one set of labelled pairs, as measured once; never changed."""

    __tablename__ = "evaluation"

    engine_version: Mapped[str] = mapped_column(
        String(80), comment="Version of engine and model that was measured"
    )
    bench_name: Mapped[str] = mapped_column(
        String(NAME_LENGTH), comment="Name of the set of labelled pairs"
    )
    bench_checksum: Mapped[str] = mapped_column(
        String(16), index=True, comment="Tells sets of labelled pairs apart"
    )
    figures: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="Each system's figures with intervals, and what they were compared with"
    )
    per_demand: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="Values by system, metric and demand, for paired comparison later"
    )
    created_at: Mapped[datetime] = mapped_column(index=True, comment="When measured")
    created_by: Mapped[str] = mapped_column(
        String(NAME_LENGTH), comment="Who ran it, as the server's operating system calls them"
    )
