"""Bringing a database to the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from matchmaker.store.database import Database

_SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def config() -> Config:
    """Alembic's configuration, made in code: there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    return made


def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade the schema in one transaction."""
    with rebuilding(database) as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, revision)


@contextmanager
def rebuilding(database: Database) -> Iterator[Connection]:
    """A transaction in which tables may be made anew.

    SQLite alters a table by copying it and dropping the old one, which would delete what refers to
    it. Foreign keys are therefore off meanwhile and looked at as a whole before the commit.
    """
    engine = database.engine.execution_options(matchmaker_rebuilding=True)
    with engine.begin() as connection:
        yield connection
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                tables = ", ".join(sorted({row[0] for row in broken}))
                msg = f"The migration would leave rows that refer to nothing, in: {tables}."
                raise RuntimeError(msg)
    database.dispose()  # the next connection has its foreign keys on


def is_current(database: Database) -> bool:
    """Whether the schema is the newest one."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory.from_config(config()).get_heads())
