"""The declarative base, column types and constraint helpers that every table shares."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

YUAN_PER_WAN = 10_000

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; naive values are refused on the way in and made aware on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware time to UTC (naive for SQLite, which stores no zone)."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"naive time {value!r} cannot be stored; pass an aware one"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Return an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Wan(TypeDecorator[Decimal]):
    """An amount in 万元, stored as whole yuan: exact on every database and summable in SQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - as above
        """Convert 万元 to yuan."""
        return None if value is None else int((value * YUAN_PER_WAN).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - as above
        """Convert yuan to 万元."""
        return None if value is None else (Decimal(value) / YUAN_PER_WAN).normalize() + Decimal(0)


class DecimalText(TypeDecorator[Decimal]):
    """An exact decimal kept as text: indicator values are compared in Python, never in SQL."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        """Write the decimal out."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - as above
        """Read the decimal back."""
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    """Declarative base of every table."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {datetime: UtcDateTime, Decimal: Wan}  # noqa: RUF012 - SQLAlchemy reads the class attribute


def new_public_id() -> str:
    """A random id for URLs: 12 characters, 72 bits, not guessable and telling nothing."""
    return secrets.token_urlsafe(9)


def new_secret() -> str:
    """A random key of 256 bits as text."""
    return secrets.token_urlsafe(32)


class Identified:
    """Mixin: an integer key for joins and a random one for the outside."""

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key, never shown")
    public_id: Mapped[str] = mapped_column(
        String(16), unique=True, default=new_public_id, comment="Random id used in URLs"
    )


def one_of(column: str, codes: Iterable[str]) -> CheckConstraint:
    """A check that a column holds one of the codes (or NULL), named after the column."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
