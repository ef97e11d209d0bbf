"""The plan's taxonomy as tables, so that foreign keys hold records to it."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.store.base import Base


class ChainRow(Base):
    """An innovation chain; names and descriptions are read from ``data/plan``."""

    __tablename__ = "chain"

    code: Mapped[str] = mapped_column(String(40), primary_key=True, comment="Slug of the chain")
    cluster_code: Mapped[str] = mapped_column(String(40), index=True, comment="Slug of its cluster")


class RegionRow(Base):
    """A region; its names are read from ``data/plan``."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(40), primary_key=True, comment="Slug of the region")
    kind: Mapped[str] = mapped_column(String(20), comment="district, zone or outside")
