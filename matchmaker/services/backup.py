"""Backing up and restoring: every table as JSON Lines in one compressed file with a checksum.

The files of messages follow the tables. The same file restores into SQLite and PostgreSQL. It holds
every tier and every password hash: it is as confidential as the database, and is created readable
by its owner alone.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import JSON, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from matchmaker import __version__
from matchmaker.domain.errors import DomainError
from matchmaker.integrations.attachment_store import AttachmentStore
from matchmaker.services import figure
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.engagement import Attachment
from matchmaker.store.migrate import is_current, migrate
from matchmaker.store.models import Base

_LOG = logging.getLogger(__name__)
_FORMAT: Final = "matchmaker-backup-1"
_BATCH: Final = 1_000
# Rows that every migrated database has by itself.
_SEEDED: Final = frozenset({"progress", "chain", "region", "audit_head", "audit_check"})


class BackupError(DomainError):
    """A backup cannot be written or restored; nothing was changed."""

    code = "backup"


def write_backup(
    database: Database, store: AttachmentStore, path: Path, *, replace: bool = False
) -> int:
    """Write every row and file to ``path`` from one snapshot and return how many rows there were.

    The file appears whole or not at all.
    """
    if path.exists() and not replace:
        msg = f"{path} exists. Name another file, or replace it with --force."
        raise BackupError(msg)
    if not is_current(database):
        msg = "The database is not at the newest schema. Run `python -m matchmaker init` first."
        raise BackupError(msg)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
                count = _write_rows(database, store, file)
            raw.flush()
            os.fsync(raw.fileno())
        beside.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}. Nothing was left behind."
        raise BackupError(msg) from error
    finally:
        beside.unlink(missing_ok=True)
    return count


def _write_rows(database: Database, store: AttachmentStore, file: gzip.GzipFile) -> int:
    checksum = hashlib.sha256()
    count = 0

    def put(value: object) -> None:
        line = (json.dumps(value, ensure_ascii=False) + "\n").encode()
        checksum.update(line)
        file.write(line)

    with database.reading() as uow:
        put({"format": _FORMAT, "version": __version__, "at": uow.now.isoformat()})
        for table in Base.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            put({"table": table.name, "columns": names})
            for row in uow.session.execute(
                select(table).order_by(*table.primary_key.columns)
            ).yield_per(_BATCH):
                put([_plain(value) for value in row])
                count += 1
        put({"files": True})
        attached = select(Attachment.stored_name, Attachment.sha256).order_by(Attachment.id)
        for name, sha256 in uow.session.execute(attached):
            content = store.read(name, sha256)
            if content is None:
                _LOG.error("file %s is missing or damaged and is not in the backup", name)
                continue
            put([name, _plain(content)])
    file.write((json.dumps({"rows": count, "sha256": checksum.hexdigest()}) + "\n").encode())
    return count


def read_backup(
    database: Database, store: AttachmentStore, path: Path, *, replace: bool = False
) -> int:
    """Put back a backup in one transaction and return how many rows it held.

    The file is read to its end and checked before the first row is written; a database that holds
    records is replaced only with ``replace``.
    """
    count = _verify(path)
    migrate(database)
    with database.unit_of_work() as uow:
        if not replace and any(
            uow.session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name not in _SEEDED
        ):
            msg = "The database is not empty. Back it up, then restore with --force."
            raise BackupError(msg)
        for table in reversed(Base.metadata.sorted_tables):
            uow.session.execute(table.delete())
        try:
            for table, rows in _tables(path):
                _insert(uow, table, rows)
            for name, content in _files(path):
                store.put(name, content)
        except (SQLAlchemyError, ValueError, KeyError, TypeError) as error:
            msg = f"{path} does not fit the tables of this version. Nothing was changed."
            raise BackupError(msg) from error
        _advance_keys(uow)
        figure.count_if_never(uow)
    return count


def _verify(path: Path) -> int:
    """Check format, completeness and checksum; returns the number of rows."""
    checksum = hashlib.sha256()
    last = b""
    try:
        with gzip.open(path, "rb") as file:
            first = file.readline()
            if json.loads(first).get("format") != _FORMAT:
                msg = f"{path} is not a backup of this platform."
                raise BackupError(msg)
            checksum.update(first)
            for line in file:
                checksum.update(last)
                last = line
        end = json.loads(last)
        rows, expected = int(end["rows"]), end["sha256"]
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path} is damaged, incomplete or no backup. Nothing was changed."
        raise BackupError(msg) from error
    if checksum.hexdigest() != expected:
        msg = (
            f"{path} was changed after it was written (its checksum differs). Nothing was changed."
        )
        raise BackupError(msg)
    return rows


def _tables(path: Path) -> Iterator[tuple[Table, Iterator[list[Any]]]]:
    """Each table of a verified backup with an iterator over its rows, in the file's order."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = (json.loads(line) for line in file)
        next(lines)
        pending: list[dict[str, Any]] = [next(lines)]

        def rows() -> Iterator[list[Any]]:
            for value in lines:
                if isinstance(value, dict):
                    pending[0] = value
                    return
                yield value

        while "table" in pending[0]:
            head = pending[0]
            table = Base.metadata.tables[head["table"]]
            if head["columns"] != [column.name for column in table.columns]:
                raise KeyError(table.name)
            yield table, rows()


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a verified backup."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        reached = False
        for value in map(json.loads, file):
            if isinstance(value, dict):
                reached = "files" in value
            elif reached:
                yield value[0], cast("bytes", _python(value[1]))


def _insert(uow: UnitOfWork, table: Table, rows: Iterable[list[Any]]) -> None:
    columns = list(table.columns)
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        uow.session.execute(
            insert(table),
            [
                {
                    column.name: value if isinstance(column.type, JSON) else _python(value)
                    for column, value in zip(columns, row, strict=True)
                }
                for row in batch
            ],
        )


def _advance_keys(uow: UnitOfWork) -> None:
    """Let PostgreSQL's key sequences go on after the highest restored key."""
    if uow.session.get_bind().dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        sequence = f"pg_get_serial_sequence('\"{table.name}\"', '{key.name}')"
        highest = select(func.max(cast("Any", key)))
        if (last := uow.session.scalar(highest)) is not None:
            uow.session.execute(text(f"SELECT setval({sequence}, :last)"), {"last": last})


def _plain(value: object) -> object:
    """A value as JSON holds it, tagged where JSON has no such type."""
    if isinstance(value, bytes):
        return {"b": base64.b85encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


def _python(value: Any) -> object:
    """The value that :func:`_plain` wrote."""
    if not isinstance(value, dict):
        return value
    tag, written = next(iter(value.items()))
    if tag == "b":
        return base64.b85decode(written)
    if tag == "t":
        return datetime.fromisoformat(written)
    if tag == "d":
        return date.fromisoformat(written)
    return Decimal(written)
