"""The database and its unit of work: the only place where transactions begin and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.domain.errors import Conflict
from matchmaker.store import audit_chain, figure_log

# Pages alone make some 550 statements of different shape; of 500, SQLAlchemy's own number, it would
# write some anew at every turn.
_STATEMENTS: Final = 1_500
_LOST_RACE = "Somebody else changed this record since you opened it. Look at it again, then repeat."
# What a server answers when transactions meet that SQLite lets in one after the other: a key that
# another one has inserted meanwhile, a snapshot that is out of date, two that wait for each other.
_LOST_RACES: Final = frozenset({"23505", "40001", "40P01"})


class UnitOfWork:
    """One transaction: its session, its time, and which queues it has put something into.

    ``site`` is the address of the site, for links in what it writes.
    """

    def __init__(self, session: Session, now: datetime, site: str = "") -> None:
        """Wrap an open session; ``now`` is the transaction's one aware UTC time."""
        self.session = session
        self.now = now
        self.site = site
        self.queued: set[str] = set()  # "mail", "matching": worked off after the commit

    def flush(self) -> None:
        """Send pending changes to the database; a lost race becomes :class:`Conflict`."""
        try:
            self.session.flush()
        except StaleDataError as error:
            raise Conflict(_LOST_RACE) from error


class Database:
    """An engine with the platform's transaction rules.

    SQLite runs in WAL mode; writing units begin IMMEDIATE, because a deferred transaction that
    turns into a writer loses to another one without waiting. Reading units are read-only for real.
    """

    def __init__(
        self, url: str, clock: Callable[[], datetime], site: str = "", zone: str = "Asia/Shanghai"
    ) -> None:
        """Connect lazily to ``url``; ``clock`` gives aware UTC times, ``site`` starts links.

        ``zone`` is where days and quarters begin and end.
        """
        self.url = make_url(url)
        self.clock = clock
        self.site = site
        options: dict[str, Any] = {
            "pool_pre_ping": self.url.get_backend_name() != "sqlite",
            "query_cache_size": _STATEMENTS,
        }
        if self.url.get_backend_name() == "sqlite":
            options["connect_args"] = {"timeout": 30, "check_same_thread": False}
        self.engine: Engine = create_engine(self.url, **options)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "connect", _configure_server)
            event.listen(self.engine, "begin", _begin_server)
        info = {figure_log.ZONE: ZoneInfo(zone)}
        self._reading = sessionmaker(
            self.engine.execution_options(matchmaker_read_only=True),
            expire_on_commit=False,
            info=info,
        )
        self._writing = sessionmaker(self.engine, expire_on_commit=False, info=info)
        audit_chain.watch(self._writing)
        figure_log.watch(self._writing)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A writing transaction: commits at the end, rolls back on any error."""
        with self._writing() as session:
            uow = UnitOfWork(session, self.clock(), self.site)
            try:
                yield uow
                session.commit()
            except StaleDataError as error:
                session.rollback()
                raise Conflict(_LOST_RACE) from error
            except DBAPIError as error:
                session.rollback()
                if getattr(error.orig, "sqlstate", None) in _LOST_RACES:
                    raise Conflict(_LOST_RACE) from error
                raise
            except BaseException:
                session.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A read-only transaction: one consistent snapshot, and the database refuses writes."""
        with self._reading() as session:  # closing it ends the transaction
            yield UnitOfWork(session, self.clock(), self.site)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _configure_sqlite(connection: Any, _record: object) -> None:
    """Set the pragmas of a fresh SQLite connection and leave BEGIN to us."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin deferred and query-only for readers, immediate for writers."""
    options = connection.get_execution_options()
    reading = options.get("matchmaker_read_only", False)
    if options.get("matchmaker_rebuilding", False):
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _configure_server(connection: Any, _record: object) -> None:
    """Let the days that statements make of times be those of UTC, as on SQLite."""
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()  # else the setting would end with the first transaction rolled back


def _begin_server(connection: Connection) -> None:
    """Make reading transactions read-only snapshots."""
    if connection.get_execution_options().get("matchmaker_read_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
