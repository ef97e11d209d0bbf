"""Statements that are kept, and their rows as frozen dataclasses.

To put a statement together takes SQLAlchemy longer than the database takes to answer it. What a
function decorated with :data:`kept` returns for the last few readers is used again; what changes
from one question to the next, a key or the time, stands in it as a ``bindparam``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeVar

from sqlalchemy import Result, Row, Select

from matchmaker.store.database import UnitOfWork

Kind = TypeVar("Kind")

kept: Final = lru_cache(maxsize=256)


def rows_of(kind: type[Kind], found: Result[*tuple[Any, ...]]) -> tuple[Kind, ...]:
    """Every row of a result as a dataclass whose fields are named like its columns."""
    names = tuple(found.keys())
    return tuple(kind(**dict(zip(names, row, strict=True))) for row in found)


def keys_of(uow: UnitOfWork, statement: Select[int]) -> set[int]:
    """All keys that a statement finds, past the session: there are thousands, and no objects."""
    return set(uow.session.connection().execute(statement).scalars().all())


def row_of(kind: type[Kind], row: Row[*tuple[Any, ...]]) -> Kind:
    """One row in the same way."""
    return kind(**dict(zip(row._fields, row, strict=True)))
