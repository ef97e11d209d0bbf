"""An audit of three days with an erasure in it, and everything that somebody may do to it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import text

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.domain.audit_chain import (
    GENESIS,
    Root,
    SealedEvent,
    changes_digest,
    event_digest,
    root_digest,
)
from matchmaker.domain.permissions import SYSTEM, VISITOR
from matchmaker.integrations.passwords import Argon2Passwords
from matchmaker.services import audit, erasure
from matchmaker.services import audit_chain as service
from matchmaker.services.audit_chain import Verification
from matchmaker.settings import Settings
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.organisation import User
from matchmaker.store.queries import audit_chain as query
from tests import builders
from tests.conftest import Clock

NAME = "欧阳明远"
COLUMNS = (
    *("id", "at", "actor_id", "actor_role", "noun", "record_id", "action"),
    *("state_from", "state_to", "changes"),
    *("position", "changes_salt", "changes_hash", "previous_hash", "hash"),
)
Row = dict[str, Any]


def empty(platform: Matchmaker) -> Matchmaker:
    """The platform without an audit: the plan was installed at the real time, not the test's."""
    with platform.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_event"))
        if connection.dialect.name == "postgresql":  # SQLite counts from 1 again by itself
            connection.execute(text("ALTER SEQUENCE audit_event_id_seq RESTART"))
        connection.execute(
            text("UPDATE audit_head SET events = 0, hash = :hash"), {"hash": GENESIS}
        )
    return platform


def make(folder: Path, migrated: Path) -> Path:
    """The audit: days with events, a day without, an erased person, and roots; kept in a file."""
    clock = Clock()
    shutil.copy(migrated, folder / "matchmaker.sqlite3")
    cheap = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    platform = empty(bootstrap(Settings(var_dir=folder), clock=clock, passwords=cheap))
    with platform.unit_of_work() as uow:
        person = builders.user(uow, cheap, "broker", name=NAME)
    for day in range(3):
        with platform.unit_of_work() as uow:
            for number in range(3):
                own = number == 1
                after = {"name": NAME if own else f"某人{number}", "n": number}
                key = person.id if own else 100 + day * 10 + number
                audit.record(uow, SYSTEM, "user", key, "edit", after=after)
            audit.record(uow, VISITOR, "demand", day, "submit", states=("draft", "submitted"))
        clock.advance(days=2 if day else 1)
    with platform.unit_of_work() as uow:
        erasure.erase(uow, SYSTEM, uow.session.get_one(User, person.id))
    with platform.unit_of_work() as uow:
        audit.record(uow, VISITOR, "organisation", 1, "register", states=(None, "pending"))
    platform.check_audit()
    platform.database.dispose()
    return Path(str(platform.database.url.database))


class Copy:
    """A copy of the audit that somebody may tamper with."""

    def __init__(self, original: Path, file: Path) -> None:
        for ending in ("-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
        shutil.copy(original, file)
        self.file = file

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous = OFF")  # a copy, of which there are hundreds
            yield connection
            connection.commit()

    def change(self, statement: str, *values: object) -> None:
        with self.open() as connection:
            assert connection.execute(statement, values).rowcount > 0

    def rows(self) -> list[Row]:
        """The events in the order of the chain."""
        with self.open() as connection:
            found = connection.execute("SELECT * FROM audit_event ORDER BY position").fetchall()
        return [dict(row) for row in found]

    def put(self, row: Row) -> None:
        """Write an event over the one with its id."""
        self.change("DELETE FROM audit_event WHERE id = ?", row["id"])
        self.insert(row)

    def insert(self, row: Row) -> None:
        marks = ", ".join("?" for _ in row)
        columns = ", ".join(row)
        self.change(
            f"INSERT INTO audit_event ({columns}) VALUES ({marks})",  # noqa: S608 - our own names
            *row.values(),
        )

    def swap(self, first: Row, other: Row, columns: list[str]) -> None:
        """Exchange columns of two events."""
        self.change("DELETE FROM audit_event WHERE id IN (?, ?)", first["id"], other["id"])
        for row, source in ((first, other), (other, first)):
            self.insert(row | {name: source[name] for name in columns})

    def verify(
        self, way: Callable[..., Verification] = service.verify, *given: Any
    ) -> Verification:
        with self.reading() as uow:
            return way(uow, *given)

    def roots(self) -> list[Root]:
        with self.reading() as uow:
            return query.roots(uow)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        database = Database(f"sqlite:///{self.file}", Clock())
        with database.reading() as uow:
            yield uow
        database.dispose()

    def forge(self, rows: list[Row]) -> None:
        """Compute the whole chain anew over other rows, its end and its roots too."""
        self.change("DELETE FROM audit_event")
        previous = GENESIS
        for position, row in enumerate(rows, 1):
            kept = sealed(row, previous, position)
            self.insert(kept)
            previous = kept["hash"]
        self.change("UPDATE audit_head SET events = ?, hash = ?", len(rows), previous)
        self.change("UPDATE audit_check SET position = ?, hash = ?", len(rows), previous)
        with self.reading() as uow:
            roots = query.roots(uow)
            hashes = [query.hash_at(uow, one.position) for one in roots]
        for one, value in zip(roots, hashes, strict=True):
            digest = root_digest(one.day, one.position, one.events, value)
            self.change("UPDATE audit_root SET hash = ? WHERE day = ?", digest, one.day.isoformat())


def sealed(row: Row, previous: str, position: int) -> Row:
    """A row as somebody who knows the form would seal it."""
    changes = json.loads(row["changes"])
    told = changes_digest(row["changes_salt"], changes)
    given = {name: row[name] for name in COLUMNS if name not in ("at", "changes")}
    event = SealedEvent(**given, changes=changes, at=datetime.fromisoformat(f"{row['at']}+00:00"))
    digest = event_digest(previous, position, told, event)
    return row | {
        "position": position,
        "changes_hash": told,
        "previous_hash": previous,
        "hash": digest,
    }
